"""Readers of TIFF, JPEG and PNG: pages complete, or refused."""
