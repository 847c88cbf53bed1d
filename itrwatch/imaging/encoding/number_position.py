"""Finds the clear spot for the folha number: at the upper right of the upright page, never over ink.

    find_spot(taken, px_per_mm=5.9, width_mm=13.4, height_mm=2.9) -> Spot(right=8.0, top=8.0), or None

Manual, Numeração das Páginas: preferably the upper right corner. If no spot near it is clear, the page gets
a white strip above, which contains the number.

`python -m bench pages` measures the limits together.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

MARGIN_MM = 8.0
"""Preferred distance of the number from the upper and the right edge. Chosen."""
REACH_RIGHT_MM = 66.0
REACH_DOWN_MM = 28.0
"""Largest distances of the number from the right and from the upper edge before a strip is added. Chosen."""
CLEAR_MM = 2.0
"""Clear margin on every side of the number. Chosen."""
CELL_MM = 0.4
"""Chosen: size of the cells of the search."""


@dataclass(frozen=True, slots=True)
class Spot:
    """The position of the number: ``right`` and ``top`` of its box, in mm from the upper RIGHT corner."""

    right: float
    top: float


def find_spot(taken: NDArray[np.bool_], px_per_mm: float, width_mm: float, height_mm: float) -> Spot | None:
    """The clear spot nearest to the corner for a number of that size, or None if there is none.

    ``taken``: ``(height, width)``, True for pixels that are not empty.
    """
    cells, step = _cells(taken, px_per_mm)
    rows, columns = cells.shape
    wide, high = int(np.ceil((width_mm + 2 * CLEAR_MM) * step)), int(np.ceil((height_mm + 2 * CLEAR_MM) * step))
    reach_x, reach_y = min(columns, int(REACH_RIGHT_MM * step)), min(rows, int(REACH_DOWN_MM * step))
    if wide > reach_x or high > reach_y:
        return None
    # Taken cells under every position of the number's box; 0 is a clear spot.
    ink = _box_sums(cells[:reach_y, columns - reach_x :], high, wide)
    tops, lefts = np.nonzero(ink == 0)
    if tops.size == 0:
        return None
    # From here on, cells are counted from the upper right corner.
    rights = reach_x - (lefts + wide)
    likes = (MARGIN_MM - CLEAR_MM) * step
    # Moving sideways costs less than down: numbers at the same height on all pages are easier to find.
    cost = (
        np.abs(rights - likes) + 1.5 * np.abs(tops - likes) + 4 * (np.maximum(0, 2 - rights) + np.maximum(0, 2 - tops))
    )
    best = int(np.argmin(cost))
    return Spot(float(rights[best] / step + CLEAR_MM), float(tops[best] / step + CLEAR_MM))


def _cells(taken: NDArray[np.bool_], px_per_mm: float) -> tuple[NDArray[np.int32], float]:
    """The taken cells in the upper part of the page, counted from its right edge, and the number of cells in a mm."""
    side = max(1, round(CELL_MM * px_per_mm))
    upper = taken[: int(2 * REACH_DOWN_MM * px_per_mm) + side]
    rows, columns = upper.shape[0] // side, upper.shape[1] // side
    upper = upper[: rows * side, upper.shape[1] - columns * side :]
    # Blocks of side × side pixels as two axes of their own.
    cells = upper.reshape(rows, side, columns, side).any(axis=(1, 3))
    return np.asarray(cells, np.int32), px_per_mm / side


def _box_sums(taken: NDArray[np.int32], high: int, wide: int) -> NDArray[np.int32]:
    # A summed-area table: the sum of every box in four look-ups.
    sums = np.zeros((taken.shape[0] + 1, taken.shape[1] + 1), np.int32)
    sums[1:, 1:] = taken.cumsum(axis=0).cumsum(axis=1)
    return np.asarray(sums[high:, wide:] - sums[:-high, wide:] - sums[high:, :-wide] + sums[:-high, :-wide], np.int32)
