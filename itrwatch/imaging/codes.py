"""Codes on paper: the QR codes of a page read, and one made; the one owner of zxing-cpp.

Read on the small picture that every page gets anyway: a module of ours is 2 mm, eight pixels there, and
what is too small to be read so is somebody else's. Measured on A4 pages at 100 dpi, one core: 0.3 to 0.6 ms.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import zxingcpp
from numpy.typing import NDArray

from itrwatch.imaging.paper import Paper
from itrwatch.imaging.raster import Pixels

CORRECTION = "H"
"""Three tenths of the code may be covered: a stain, a punch hole, a crease."""


@dataclass(frozen=True, slots=True)
class Code:
    """A QR code of a page: its ``text``, empty where it could not be read, and the length of its ``side`` in mm."""

    text: str
    side: float


def read_codes(paper: Paper) -> tuple[Code, ...]:
    """The QR codes of a page at any angle; also those that are there but cannot be read."""
    picture = _grey(paper.pixels)
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
    return tuple(Code(code.text if code.valid else "", _side(code) * paper.mm_per_px) for code in found)


SOFT_PX = 1.5
"""A second look, softened: the specks of a copy of a copy go, a module of eight pixels stays."""


def make_code(text: str) -> NDArray[np.bool_]:
    """The modules of a QR code, True for dark, without the quiet zone round it."""
    code = zxingcpp.create_barcode(text, zxingcpp.QRCode, ec_level=CORRECTION)
    return np.asarray(np.array(zxingcpp.write_barcode_to_image(code, scale=1, add_quiet_zones=False)) < 128)


def _grey(pixels: Pixels) -> Pixels:
    grey = pixels if pixels.ndim == 2 else cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    return np.ascontiguousarray(grey, np.uint8)


def _side(code: zxingcpp.Barcode) -> float:
    corners = code.position
    one, other = corners.top_left, corners.bottom_right
    return float(np.hypot(one.x - other.x, one.y - other.y) / np.sqrt(2))
