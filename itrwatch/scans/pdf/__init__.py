"""Scans in PDF: pages, their images and what is drawn on them, whole or refused."""
