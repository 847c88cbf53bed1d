"""The clear spot for the folha number: upper right as the page is read, never over ink.

Manual, 2 «Numeração»: upper right corner, preferably. When nothing is clear near there, the
page is given a white strip above, and the number stands in the strip.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from itrwatch.imaging.encoding.binarize import CleanPage

TAKEN = 0.09
"""Contrast from which a cell of the map is taken."""
MARGIN_MM = 8.0
"""Where the number likes to stand: this far from the upper and the right edge."""
REACH_RIGHT_MM = 62.0
REACH_DOWN_MM = 24.0
"""How far from the edges the number may be moved before a strip is added."""
CLEAR_MM = 1.0
"""White space kept on every side of the number."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where the number stands: ``right`` and ``top`` of its box, in mm from the upper RIGHT corner."""

    right: float
    top: float


def find_spot(page: CleanPage, width_mm: float, height_mm: float) -> Spot | None:
    """The clear spot nearest to the corner for a number of that size, or None when there is none."""
    taken, step = _taken(page)
    rows, columns = taken.shape
    wide, high = int(np.ceil((width_mm + 2 * CLEAR_MM) * step)), int(np.ceil((height_mm + 2 * CLEAR_MM) * step))
    reach_x, reach_y = min(columns, int(REACH_RIGHT_MM * step)), min(rows, int(REACH_DOWN_MM * step))
    if wide > reach_x or high > reach_y:
        return None
    ink = _box_sums(taken[:reach_y, columns - reach_x :], high, wide)
    tops, lefts = np.nonzero(ink == 0)
    if tops.size == 0:
        return None
    rights = reach_x - (lefts + wide)
    likes = (MARGIN_MM - CLEAR_MM) * step
    # sideways is cheaper than down: a number at the height of its neighbours is found at a glance
    cost = (
        np.abs(rights - likes) + 1.5 * np.abs(tops - likes) + 4 * (np.maximum(0, 2 - rights) + np.maximum(0, 2 - tops))
    )
    best = int(np.argmin(cost))
    return Spot(float(rights[best] / step + CLEAR_MM), float(tops[best] / step + CLEAR_MM))


def _taken(page: CleanPage) -> tuple[NDArray[np.int32], float]:
    """The cells with ink in the upper part of the page, 1 for taken, and how many of them are in a mm."""
    to_mm = page.dpi * page.small.shape[0] / page.scanned.shape[0] / 25.4
    dark = page.darkest[: int(2 * REACH_DOWN_MM * to_mm) + 2] < 255 * (1 - TAKEN)
    rows, columns = dark.shape[0] // 2 * 2, dark.shape[1] // 2 * 2
    dark = dark[:rows, dark.shape[1] - columns :]
    cells = dark[::2, ::2] | dark[1::2, ::2] | dark[::2, 1::2] | dark[1::2, 1::2]
    return cells.astype(np.int32), to_mm / 2


def _box_sums(taken: NDArray[np.int32], high: int, wide: int) -> NDArray[np.int32]:
    sums = np.zeros((taken.shape[0] + 1, taken.shape[1] + 1), np.int32)
    sums[1:, 1:] = taken.cumsum(axis=0).cumsum(axis=1)
    return np.asarray(sums[high:, wide:] - sums[:-high, wide:] - sums[high:, :-wide] + sums[:-high, :-wide], np.int32)
