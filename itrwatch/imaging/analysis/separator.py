"""Recognises separator sheets by their QR code, and makes such codes; the only module that uses zxing-cpp.

    see_separator(reduced) -> (Separator(…), False); (None, True) for a sheet that may be one

The code must have the size of that on a sheet: a picture of one in a manual is smaller. Most pages have no area as dark as a
code and are not searched: 0.2 ms instead of 3. Codes are read on the reduced picture of the page: a module of ours is 2 mm,
eight pixels there; smaller codes are not ours. Measured on A4 pages at 100 dpi, one core: 0.3 to 0.6 ms.

`python -m bench verdicts` measures the limits together.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import zxingcpp
from numpy.typing import NDArray

from itrwatch.core.separators import Separator, is_ours, parse_code
from itrwatch.imaging.analysis.background import ReducedPage
from itrwatch.imaging.analysis.marks import INK
from itrwatch.imaging.raster import Pixels
from itrwatch.imaging.resample import coverage

CORRECTION = "H"
"""Error correction level: three tenths of the code may be covered by a stain, a punch hole or a crease. Chosen."""


@dataclass(frozen=True, slots=True)
class QrCode:
    """A QR code of a page: its ``text``, empty if unreadable, and the length of its ``side`` in mm."""

    text: str
    side: float


def read_codes(reduced: ReducedPage) -> tuple[QrCode, ...]:
    """The QR codes of a page at any angle, including unreadable ones."""
    picture = _grey(reduced.pixels)
    for view in (picture, cv2.GaussianBlur(picture, (0, 0), SOFT_PX)):
        found = zxingcpp.read_barcodes(
            view,
            zxingcpp.BarcodeFormats(zxingcpp.QRCode),
            try_rotate=False,
            try_downscale=False,
            try_invert=False,
            return_errors=True,
        )
        if any(code.valid for code in found):
            break
    return tuple(QrCode(code.text if code.valid else "", _side(code) * reduced.mm_per_px) for code in found)


SOFT_PX = 1.5
"""Blur of a second attempt: it removes the specks of repeated copying and keeps a module of eight pixels. Chosen."""


def texts_of_codes(grey: Pixels) -> frozenset[str]:
    """The contents of all bar codes and QR codes of a page; A4 at 300 dpi takes 20 to 60 ms."""
    found = zxingcpp.read_barcodes(np.ascontiguousarray(grey), try_invert=False)
    return frozenset(code.text for code in found if code.valid and code.text)


def texts_of_square_codes(grey: Pixels) -> frozenset[str]:
    """The contents of QR codes and Data Matrix codes at the picture's own scale; A4 at 300 dpi takes 10 to 20 ms."""
    found = zxingcpp.read_barcodes(
        np.ascontiguousarray(grey),
        zxingcpp.BarcodeFormats([zxingcpp.QRCode, zxingcpp.DataMatrix]),
        # Such codes are found at any angle without.
        try_rotate=False,
        try_downscale=False,
        try_invert=False,
    )
    return frozenset(code.text for code in found if code.valid and code.text)


def make_code(text: str) -> NDArray[np.bool_]:
    """The modules of a QR code, True for dark, without the quiet zone round it."""
    code = zxingcpp.create_barcode(text, zxingcpp.QRCode, ec_level=CORRECTION)
    return np.asarray(np.array(zxingcpp.write_barcode_to_image(code, scale=1, add_quiet_zones=False)) < 128)


def _grey(pixels: Pixels) -> Pixels:
    grey = pixels if pixels.ndim == 2 else cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    return np.ascontiguousarray(grey, np.uint8)


def _side(code: zxingcpp.Barcode) -> float:
    corners = code.position
    # The side from the diagonal: it is the same at any angle.
    one, other = corners.top_left, corners.bottom_right
    return float(np.hypot(one.x - other.x, one.y - other.y) / np.sqrt(2))


LEAST_MM = 30.0
"""Least side of a code, mm: half the printed size, for two pages on a sheet and a copier that reduces. Chosen."""
WITHIN_MM = 20.0
"""Side of a square that fits inside the smallest code at any angle, mm. Physical."""
LEAST_DARK = 0.40 * 255
"""Least share of ink, of 255, in such a square. Measured: 0.56 and more on 72 sheets, copied, stained and turned; print
has up to 0.35."""
COARSER = 4
"""Reduction of the ink mask for the search of dark areas. Chosen."""


def see_separator(reduced: ReducedPage) -> tuple[Separator | None, bool]:
    """The separator, and whether the page may be a sheet although it was not recognised.

    It may be one if it has an unreadable code as large as ours, a code of a later itrwatch, or two that disagree.
    """
    if not _may_have_code(reduced):
        return None, False
    texts = {code.text for code in read_codes(reduced) if code.side >= LEAST_MM}
    ours = {parse_code(text) for text in texts} - {None}
    # Several readings of one sheet agree; two sheets in one picture do not, and neither is accepted.
    if len(ours) == 1:
        return ours.pop(), False
    return None, bool(ours) or any(not text or is_ours(text) for text in texts)


def _may_have_code(reduced: ReducedPage) -> bool:
    """Whether some place is as dark as a code."""
    ink = coverage(reduced.contrast > INK, COARSER)
    side = max(1, round(WITHIN_MM / reduced.mm_per_px / COARSER))
    return bool(cv2.blur(ink, (side, side)).max() >= LEAST_DARK)
