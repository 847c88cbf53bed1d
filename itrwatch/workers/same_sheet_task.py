"""Worker code that finds pages showing the same sheet; only workers decode pictures.

find_same_sheets((jpeg_of_page_1, jpeg_of_page_2, jpeg_of_page_3)) -> [(0, 2)]
"""

from __future__ import annotations

from itrwatch.imaging.analysis.same_sheet import same_in_detail, same_sheets
from itrwatch.imaging.encoding.encode import turned
from itrwatch.scans.opening import read_page
from itrwatch.scans.values import ScanError
from itrwatch.workers.limits import CPU_SECONDS, READ_CPU_SECONDS, allow_cpu
from itrwatch.workers.tasks import SheetPair


def find_same_sheets(pictures: tuple[bytes, ...]) -> list[tuple[int, int]]:
    """Thumbnails (JPEG) → pairs of positions that may show the same sheet."""
    allow_cpu(CPU_SECONDS)
    return same_sheets(pictures)


def compare_sheets(pair: SheetPair) -> bool:
    """Whether the two pages show the same sheet; False if one cannot be read now."""
    allow_cpu(2 * READ_CPU_SECONDS)
    try:
        one, other = (turned(read_page(pair.folder / ref.file, ref.page).raster, turn) for ref, turn in pair.sides)
    except (ScanError, OSError):
        return False
    return same_in_detail(one.pixels, other.pixels, (one.dpi, other.dpi))
