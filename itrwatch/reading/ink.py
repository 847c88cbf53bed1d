"""The ink of a page as the reader wants it: grey on even white, and which pixels are ink.

    see_ink(raster) -> PageInk(grey, dark, px_per_mm)

The recogniser is asked about the grey picture; components are found on the black one. Paper is divided out on a coarse grid, so
shade and tint are gone, and any colour of ink counts by its darkest channel.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from itrwatch.imaging.raster import Pixels, Raster

DPI = 300.0
"""Chosen: resolution at which pages are read; a finer scan is reduced to it, a coarser one is enlarged up to twice."""
LEAST_DPI = 150.0
"""Coarser scans are enlarged by two at most: more shows the recogniser nothing new. Chosen."""
GRID_MM = 4.0
"""Chosen: paper is estimated once in a cell of this size: wider than the strokes of the largest print that is read."""
PAPER_QUANTILE = 80
"""Chosen: per cent of a cell's pixels that are darker than its paper; print covers less than a third of a cell."""
LEAST_CONTRAST = 0.16
"""Paler than this is grain and show-through (share of the paper's light). Chosen; `python -m bench reading`."""
PALE_CONTRAST = 0.32
"""Ink paler than half of the darkest print nearby, but not paler than this, is told apart: half a stamp beside a signature. Chosen: of a grey
scan of old print (`c02-22`) 195 words are sure, with 0.25, where its grain counts, 140, without any such guard 203; a stamp's ink has 0.35."""

CELL = 8
"""Pixels; the darkest print nearby is looked for in cells of this size. Chosen."""


@dataclass(frozen=True, slots=True, eq=False)
class PageInk:
    """``grey``: ``(height, width)`` uint8, paper is 255. ``dark``: the same shape, 1 where there is ink, else 0.

    ``pale``: 1 where there is ink that is too pale for its surroundings to be in ``dark``, and no edge of what is.
    """

    grey: Pixels
    dark: NDArray[np.uint8]
    pale: NDArray[np.uint8]
    px_per_mm: float


def see_ink(raster: Raster) -> PageInk:
    """The ink of an upright page."""
    pixels, dpi = _at_reading_size(raster)
    grey = pixels if pixels.ndim == 2 else _darkest_channel(pixels)
    if raster.bilevel:
        return PageInk(grey, (grey < 128).astype(np.uint8), np.zeros_like(grey), dpi / 25.4)
    even = _divided(grey, dpi / 25.4)
    soft = np.asarray(cv2.GaussianBlur(even, (3, 3), 0.8), np.uint8)
    dark = _dark(soft)
    return PageInk(even, dark, _pale(soft, dark), dpi / 25.4)


def _at_reading_size(raster: Raster) -> tuple[Pixels, float]:
    share = DPI / max(raster.dpi, LEAST_DPI)
    if 0.9 <= share <= 1.1:
        return raster.pixels, raster.dpi
    how = cv2.INTER_AREA if share < 1 else cv2.INTER_CUBIC
    pixels = cv2.resize(raster.pixels, None, fx=share, fy=share, interpolation=how)
    return np.asarray(pixels, np.uint8), raster.dpi * share


def _darkest_channel(pixels: Pixels) -> Pixels:
    red, green, blue = cv2.split(pixels)
    return np.asarray(cv2.min(cv2.min(red, green), blue), np.uint8)


def _divided(grey: Pixels, px_per_mm: float) -> Pixels:
    """The page over its paper: the latter is 255 everywhere."""
    side = max(1, round(GRID_MM * px_per_mm))
    height, width = grey.shape
    rows, columns = -(-height // side), -(-width // side)
    padded = cv2.copyMakeBorder(grey, 0, rows * side - height, 0, columns * side - width, cv2.BORDER_REPLICATE)
    # every sixth pixel in each direction: enough for a quantile
    cells = padded.reshape(rows, side, columns, side)[:, ::6, :, ::6].swapaxes(1, 2).reshape(rows, columns, -1)
    at = cells.shape[2] * PAPER_QUANTILE // 100
    paper = np.partition(cells, at, axis=2)[:, :, at].astype(np.float32)
    # a cell inside a photograph or a filled area has no paper: it takes that of its surroundings
    closed = cv2.morphologyEx(cv2.medianBlur(paper, 3), cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
    coarse = np.clip(cv2.GaussianBlur(closed, (0, 0), 1.0), 32, 255).astype(np.uint8)
    smooth = cv2.resize(coarse, (columns * side, rows * side), interpolation=cv2.INTER_LINEAR)[:height, :width]
    return np.asarray(cv2.divide(grey, smooth, scale=255.0), np.uint8)


def _pale(soft: Pixels, dark: NDArray[np.uint8]) -> NDArray[np.uint8]:
    paler = cv2.threshold(soft, round(255 * (1 - PALE_CONTRAST)), 1, cv2.THRESH_BINARY_INV)[1]
    # five pixels across: the blurred edge of a stroke is no ink of its own
    return np.asarray(cv2.bitwise_and(paler, cv2.bitwise_not(cv2.dilate(dark, np.ones((5, 5), np.uint8)))), np.uint8)


def _dark(soft: Pixels) -> NDArray[np.uint8]:
    """Which pixels are ink: darker than half of what separates the darkest print nearby from paper."""
    height, width = soft.shape
    rows, columns = -(-height // CELL), -(-width // CELL)
    padded = cv2.copyMakeBorder(soft, 0, rows * CELL - height, 0, columns * CELL - width, cv2.BORDER_REPLICATE)
    darkest = padded.reshape(rows, CELL, columns, CELL).min(axis=1).min(axis=2)
    darkest = cv2.erode(darkest, np.ones((9, 9), np.uint8))
    limit = cv2.GaussianBlur(128 + darkest // 2, (0, 0), 2.0)
    limit = np.minimum(limit, round(255 * (1 - LEAST_CONTRAST))).astype(np.uint8)
    limit = cv2.resize(limit, (columns * CELL, rows * CELL), interpolation=cv2.INTER_LINEAR)[:height, :width]
    return (soft < limit).astype(np.uint8)
