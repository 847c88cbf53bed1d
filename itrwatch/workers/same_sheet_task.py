"""Worker code that finds pages showing the same sheet; only workers decode pictures.

find_same_sheets((jpeg_of_page_1, jpeg_of_page_2, jpeg_of_page_3)) -> [(0, 2)]
"""

from __future__ import annotations

from itrwatch.core.encoded_page import Word
from itrwatch.imaging.analysis.background import reduce_page
from itrwatch.imaging.analysis.deskew import print_skew, straightened
from itrwatch.imaging.analysis.models import RecogniserMissing
from itrwatch.imaging.analysis.same_sheet import same_in_detail, same_sheets
from itrwatch.imaging.encoding.encode import turned
from itrwatch.imaging.raster import Raster
from itrwatch.reading.other_figures import other_figures
from itrwatch.reading.page import TooMuchToReadError, read_text
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
    if not same_in_detail(one.pixels, other.pixels, (one.dpi, other.dpi)):
        return False
    allow_cpu(2 * CPU_SECONDS)
    # The picture of a digit is too small to decide: a receipt of 2018 and one of 2019 are alike in every place.
    return not other_figures(_words(one), _words(other))


def _words(upright: Raster) -> tuple[Word, ...]:
    """The certain words of a page; () if it cannot be read, so that the pictures alone decide."""
    try:
        return read_text(straightened(upright, print_skew(reduce_page(upright)))).words
    except (RecogniserMissing, TooMuchToReadError):
        return ()
