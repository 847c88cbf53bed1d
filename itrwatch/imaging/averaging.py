"""Pictures made smaller, each pixel the mean of the square that it stands for.

OpenCV does that fast by two only. By three, which makes 100 dpi of 300, it takes 9 ms for an A4 in RGB; a running
mean in strips that stay in the processor's cache, of which every third pixel is taken, 4 ms, for the same pixels. By
one and a half, which makes 200 dpi, it takes 26 ms; two weighted sums of whole rows, there and across, 9 ms.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from itrwatch.imaging.raster import Pixels

STRIP_ROWS = 32
"""Rows of the small picture that are made at once; 16 and 64 are slower."""


def averaged(pixels: Pixels, factor: int) -> Pixels:
    """Grey or RGB ``pixels``, ``factor`` times smaller; up to ``factor - 1`` of the right and lower border are given up."""
    height, width = (side // factor for side in pixels.shape[:2])
    pixels = pixels[: height * factor, : width * factor]
    if factor > 2 and factor % 2 == 0:
        return averaged(averaged(pixels, 2), factor // 2)
    if factor != 3:
        return np.asarray(cv2.resize(pixels, (width, height), interpolation=cv2.INTER_AREA), np.uint8)
    small: Pixels = np.empty((height, width, *pixels.shape[2:]), np.uint8)
    for top in range(0, height, STRIP_ROWS):
        strip = small[top : top + STRIP_ROWS]
        means = cv2.blur(pixels[3 * top : 3 * (top + len(strip))], (3, 3), anchor=(0, 0))
        cv2.resize(means, (width, len(strip)), dst=strip, interpolation=cv2.INTER_NEAREST)
    return small


def coverage(mask: NDArray[Any], factor: int) -> Pixels:
    """How much of each ``factor`` squared cells of ``mask`` (bool, or uint8 of 0 and 1) is set, 0 to 255."""
    cells = mask.view(np.uint8)
    if factor != 3:
        return averaged(cells * np.uint8(255), factor)
    height, width = (side // 3 for side in cells.shape)
    cells = cells[: height * 3, : width * 3]
    rows = cv2.add(cv2.add(cells[::3], cells[1::3]), cells[2::3])
    means = cv2.blur(rows * np.uint8(85), (3, 1), anchor=(0, 0))
    return np.asarray(cv2.resize(means, (width, height), interpolation=cv2.INTER_NEAREST), np.uint8)


def two_thirds(pixels: Pixels) -> Pixels:
    """Grey or RGB ``pixels`` at two thirds of their resolution; a last half pixel is rounded."""
    return np.asarray(cv2.transpose(_two_rows_of_three(cv2.transpose(_two_rows_of_three(pixels)))), np.uint8)


def _two_rows_of_three(pixels: Any) -> Any:
    threes, rest = divmod(pixels.shape[0], 3)
    first, middle, last = (pixels[row : 3 * threes : 3] for row in range(3))
    small = np.empty((2 * threes + bool(rest), *pixels.shape[1:]), np.uint8)
    if threes:
        cv2.addWeighted(first, 2 / 3, middle, 1 / 3, 0, dst=small[: 2 * threes : 2])
        cv2.addWeighted(last, 2 / 3, middle, 1 / 3, 0, dst=small[1 : 2 * threes : 2])
    if rest:
        small[-1] = pixels[-rest]
    return small
