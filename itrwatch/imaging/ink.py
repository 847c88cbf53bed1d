"""Paper divided out, and the black ink found: what the bitonal layer is made of.

The threshold is not one number for the page: ink is what is darker than halfway between the
paper (white after normalising) and the darkest thing near by, within limits, so that pale
typewriting stays whole and bold print does not run together.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from itrwatch.imaging.coding import Ink
from itrwatch.imaging.raster import Pixels, Raster

PAPER_DPI = 37.5
"""Paper is estimated on a picture this small: letters are a pixel or two."""
STROKE_MM = 4.0
"""Dark things narrower than this are marks on paper, not paper."""
DARKEST_PAPER = 0.72
"""A spot darker than this share of the sheet's paper is a picture or a shadow, not paper."""


@dataclass(frozen=True, slots=True, eq=False)
class CleanPage:
    """A page with its paper made white: RGB or grey ``pixels`` and ``dpi`` as in the raster."""

    pixels: Pixels
    grey: Pixels
    dpi: float


def clean(raster: Raster) -> CleanPage:
    """Divide the paper out, channel by channel; tint, shadow and uneven light become white."""
    pixels = raster.pixels
    paper = cv2.resize(_paper(raster), (pixels.shape[1], pixels.shape[0]), interpolation=cv2.INTER_LINEAR)
    white = np.asarray(cv2.divide(pixels, paper, scale=255), np.uint8)
    grey = np.asarray(cv2.cvtColor(white, cv2.COLOR_RGB2GRAY), np.uint8) if raster.colour else white
    return CleanPage(white, grey, raster.dpi)


def find_ink(page: CleanPage) -> Ink:
    """Ink at the page's own resolution: darker than halfway to the darkest ink near by."""
    small = shrink(page.grey, page.dpi, PAPER_DPI * 2)
    window = _odd(3.0, PAPER_DPI * 2)
    darkest = cv2.erode(small, np.ones((window, window), np.uint8))
    darkest = cv2.blur(darkest, (window, window))
    halfway = np.clip(128.0 + darkest * 0.5, 140, 190).astype(np.uint8)
    threshold = cv2.resize(halfway, (page.grey.shape[1], page.grey.shape[0]), interpolation=cv2.INTER_LINEAR)
    return np.asarray(page.grey < threshold, np.bool_)


def shrink(pixels: Pixels, dpi: float, to_dpi: float) -> Pixels:
    """``pixels`` reduced from ``dpi`` to at most ``to_dpi`` by averaging; never enlarged."""
    scale = min(1.0, to_dpi / dpi)
    size = (max(1, round(pixels.shape[1] * scale)), max(1, round(pixels.shape[0] * scale)))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)


def _paper(raster: Raster) -> Pixels:
    small = shrink(raster.pixels, raster.dpi, PAPER_DPI)
    sheet = np.percentile(small.reshape(-1, small.shape[2] if raster.colour else 1), 90, axis=0)
    window = _odd(STROKE_MM, PAPER_DPI)
    paper = cv2.dilate(cv2.medianBlur(small, 3), np.ones((window, window), np.uint8))
    dark = (paper < DARKEST_PAPER * sheet).reshape(*paper.shape[:2], -1).any(axis=2)
    paper[dark] = sheet if raster.colour else sheet[0]
    paper = cv2.blur(paper, (window, window))
    return np.maximum(paper, 1)


def _odd(mm: float, dpi: float) -> int:
    return int(mm / 25.4 * dpi) // 2 * 2 + 1
