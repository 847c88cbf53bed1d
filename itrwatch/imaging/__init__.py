"""Pixels: what is on a page (`analysis`) and how it is coded (`encoding`)."""
