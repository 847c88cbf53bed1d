"""Readers of scans in PDF: pages, their images and their drawn content, complete or refused."""
