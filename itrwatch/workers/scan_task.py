"""Worker code for one file: the pages of a scan, its digest, or the type of another file (`inspect_other`).

inspect_scan(Path("scan.pdf")) -> Inspected(pages=7); Inspected(fault="…") if it cannot be read
"""

from __future__ import annotations

import os
from pathlib import Path

from itrwatch.scans.opening import inspect, inspect_other
from itrwatch.scans.plain_file import file_digest, open_plain
from itrwatch.scans.values import Inspected, ScanError
from itrwatch.workers.limits import CPU_SECONDS, allow_cpu

__all__ = ["inspect_other", "inspect_scan"]

INSPECT_CPU_SECONDS = 15.0
"""Processor time (s) for counting pages and checking their declared sizes. Chosen: 10 000 pages take 5."""


TAIL_BYTES = 4096
"""Block size of a file system, bytes. Physical: reserved space that is not yet written reads as blocks of zeros."""


def inspect_scan(path: Path) -> Inspected:
    """The pages of a scan, or its fault."""
    try:
        allow_cpu(INSPECT_CPU_SECONDS)
        info = inspect(path)
        return Inspected(info.pages, info.remarks, cut=_cut(path))
    except ScanError as fault:
        return Inspected(fault=str(fault), cut=fault.incomplete or _cut(path))


def digest_scan(path: Path) -> bytes:
    """`file_digest`; `OSError`."""
    allow_cpu(CPU_SECONDS)
    return file_digest(path)


def _cut(path: Path) -> bool:
    """Whether the last block is all zeros: no complete file ends like this, but a copy may reserve its size first (F4)."""
    try:
        with open_plain(path) as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - TAIL_BYTES))
            tail = file.read()
    except OSError:  # held by its writer just now
        return True
    return len(tail) == TAIL_BYTES and not tail.strip(b"\0")
