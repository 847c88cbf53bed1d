"""Scan files → pixels: every page complete, or refused with the reason."""
