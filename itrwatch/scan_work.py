"""What a scan is, found out inside a worker process."""

from __future__ import annotations

from pathlib import Path

from itrwatch.arriving import ends_in_zeros
from itrwatch.confinement import allow_cpu
from itrwatch.scans.opening import inspect
from itrwatch.scans.values import Inspected, ScanError

INSPECT_CPU_SECONDS = 15.0
"""For counting pages and judging what they declare: 10 000 pages were measured at 5."""


def inspect_scan(path: Path) -> Inspected:
    """The pages of a scan, or what is wrong with it."""
    try:
        allow_cpu(INSPECT_CPU_SECONDS)
        info = inspect(path)
        return Inspected(info.pages, info.notes, cut=_cut(path))
    except ScanError as fault:
        return Inspected(fault=str(fault), cut=fault.incomplete or _cut(path))


def _cut(path: Path) -> bool:
    try:
        return ends_in_zeros(path)
    except OSError:  # held by its writer just now
        return True
