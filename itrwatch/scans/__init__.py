"""Scans opened: a file's pages counted, each page decoded completely or refused in Portuguese."""

from itrwatch.scans.opening import inspect, inspect_other, read_page
from itrwatch.scans.pdf_text import text_lines
from itrwatch.scans.values import ScanError, ScanInfo, ScanKind, ScannedPage

__all__ = ["ScanError", "ScanInfo", "ScanKind", "ScannedPage", "inspect", "inspect_other", "read_page", "text_lines"]
