"""Which pages of a case are one sheet, scanned twice: in a worker, for only those decode pictures."""

from __future__ import annotations

from itrwatch.imaging.analysis.same_sheet import same_sheets
from itrwatch.workers.limits import CPU_SECONDS, allow_cpu


def find_same_sheets(pictures: tuple[bytes, ...]) -> list[tuple[int, int]]:
    """The pairs of thumbnails (JPEG) that show the same sheet, as positions."""
    allow_cpu(CPU_SECONDS)
    return same_sheets(pictures)
