"""Prepares the ink of a page for recognition: grey on uniform white, and a mask of ink pixels.

    see_ink(raster) -> PageInk(grey, dark, px_per_mm)

The recogniser reads the grey picture; connected components are found in the mask. The page is divided by the paper, estimated on
a coarse grid, which removes shading and tint; ink of any colour counts with its darkest channel.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce

import cv2
import numpy as np
from numpy.typing import NDArray

from itrwatch.imaging.raster import Pixels, Raster

DPI = 300.0
"""Resolution at which pages are read; higher resolutions are reduced to it, lower ones are enlarged up to twice. Chosen."""
LEAST_DPI = 150.0
"""Resolution below which scans are enlarged only twice: more does not improve the recognition. Chosen."""
GRID_MM = 4.0
"""Side of the cells in which the paper is estimated, mm: wider than the strokes of the largest print that is read. Chosen."""
PAPER_QUANTILE = 80
"""Percentile of a cell's pixels that is taken as its paper; print covers less than a third of a cell. Chosen."""
LEAST_CONTRAST = 0.16
"""Least contrast of ink (share of the paper's brightness); less is grain and show-through. Chosen (`python -m bench reading`)."""
PALE_CONTRAST = 0.32
"""Least contrast of pale ink: ink that is paler than half of the darkest print nearby, such as half a stamp beside a signature. Chosen: on a
grey scan of old print (`c02-22`) 195 words are believed; 140 with 0.25, which includes its grain; 203 without pale ink. A stamp's ink has 0.35."""

BAND = 64
"""Rows of a page whose channels are compared at a time. Measured: 32 to 64 are fastest."""
CELL = 8
"""Side of the cells in which the darkest print is determined, px. Chosen."""


@dataclass(frozen=True, slots=True, eq=False)
class PageInk:
    """The ink of a page. ``grey``: ``(height, width)`` uint8, paper is 255. ``dark``: the same shape, 1 for ink, else 0.

    ``pale``: 1 for ink that is too pale, relative to its surroundings, to be in ``dark``, and not at the edge of dark ink.
    """

    grey: Pixels
    dark: NDArray[np.uint8]
    pale: NDArray[np.uint8]
    px_per_mm: float


def see_ink(raster: Raster) -> PageInk:
    """Upright page → `PageInk` at the reading resolution."""
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
    darkest = np.empty(pixels.shape[:2], np.uint8)
    # In bands that stay in the processor's cache: a quarter of the time of the whole page at once.
    for top in range(0, len(pixels), BAND):
        red, green, blue = cv2.split(pixels[top : top + BAND])
        cv2.min(cv2.min(red, green), blue, dst=darkest[top : top + BAND])
    return darkest


def _divided(grey: Pixels, px_per_mm: float) -> Pixels:
    """The page divided by its paper, which becomes 255 everywhere."""
    side = max(1, round(GRID_MM * px_per_mm))
    height, width = grey.shape
    rows, columns = -(-height // side), -(-width // side)
    padded = cv2.copyMakeBorder(grey, 0, rows * side - height, 0, columns * side - width, cv2.BORDER_REPLICATE)
    # (rows, columns, samples): every sixth pixel in each direction of a cell suffices for a quantile.
    cells = padded.reshape(rows, side, columns, side)[:, ::6, :, ::6].swapaxes(1, 2).reshape(rows, columns, -1)
    at = cells.shape[2] * PAPER_QUANTILE // 100
    paper = np.partition(cells, at, axis=2)[:, :, at].astype(np.float32)
    # Cells inside a photograph or a filled area have no paper; closing gives them that of their surroundings.
    closed = cv2.morphologyEx(cv2.medianBlur(paper, 3), cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
    coarse = np.clip(cv2.GaussianBlur(closed, (0, 0), 1.0), 32, 255).astype(np.uint8)
    smooth = cv2.resize(coarse, (columns * side, rows * side), interpolation=cv2.INTER_LINEAR)[:height, :width]
    return np.asarray(cv2.divide(grey, smooth, scale=255.0), np.uint8)


def _pale(soft: Pixels, dark: NDArray[np.uint8]) -> NDArray[np.uint8]:
    paler = cv2.threshold(soft, round(255 * (1 - PALE_CONTRAST)), 1, cv2.THRESH_BINARY_INV)[1]
    # Exclude two pixels around dark ink: the blurred edge of a stroke is not pale ink.
    return np.asarray(cv2.bitwise_and(paler, cv2.bitwise_not(cv2.dilate(dark, np.ones((5, 5), np.uint8)))), np.uint8)


def _dark(soft: Pixels) -> NDArray[np.uint8]:
    """The mask of ink: pixels darker than the middle between the darkest print nearby and paper, with at least `LEAST_CONTRAST`."""
    height, width = soft.shape
    rows, columns = -(-height // CELL), -(-width // CELL)
    padded = cv2.copyMakeBorder(soft, 0, rows * CELL - height, 0, columns * CELL - width, cv2.BORDER_REPLICATE)
    lines = padded.reshape(rows, CELL, columns * CELL).min(axis=1)
    # Along the rows by slices: a minimum over short runs takes numpy five times as long.
    darkest = reduce(np.minimum, (lines[:, at::CELL] for at in range(CELL)))
    darkest = cv2.erode(darkest, np.ones((9, 9), np.uint8))
    limit = cv2.GaussianBlur(128 + darkest // 2, (0, 0), 2.0)
    limit = np.minimum(limit, round(255 * (1 - LEAST_CONTRAST))).astype(np.uint8)
    limit = cv2.resize(limit, (columns * CELL, rows * CELL), interpolation=cv2.INTER_LINEAR)[:height, :width]
    return (soft < limit).view(np.uint8)
