"""Readers of TIFF, JPEG, PNG, HEIC and WebP: pages complete, or refused."""
