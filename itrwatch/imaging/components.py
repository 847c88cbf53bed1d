"""Connected areas of a mask, in a third of the time or less.

OpenCV's statistics visit every cell of the background with 32-bit labels: 6 ms for an A4 at 100 dpi,
empty or not. With 16-bit labels it is 2 ms; there is room for them when the mask has few enough
runs, for no component has less than one. Without statistics it is 0.4 ms, and for a mask with little in it they are
soon told from the cells that are set.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

MOST_LABELS = 65_000
SPARSE = 0.04
"""Share of cells up to which looking at each of them in numpy is faster than OpenCV's statistics."""


@dataclass(frozen=True, slots=True)
class Components:
    """``number`` of labels with 0 for the background, ``labels`` of each cell, ``stats`` a row per label as OpenCV's.

    The first row, the background's, says nothing.
    """

    number: int
    labels: NDArray[Any]
    stats: NDArray[np.int32]


def components(mask: NDArray[Any]) -> Components:
    """The 8-connected areas of what is set in ``mask``: bool, or uint8 of 0 and 1."""
    cells = mask.view(np.uint8)
    filled = cv2.countNonZero(cells)
    depth = cv2.CV_16U if filled < MOST_LABELS or _runs(cells) < MOST_LABELS else cv2.CV_32S
    if filled <= SPARSE * cells.size:
        number, labels = cv2.connectedComponents(cells, connectivity=8, ltype=depth)
        return Components(number, np.asarray(labels), _statistics(cells, np.asarray(labels), number))
    number, labels, stats, _ = cv2.connectedComponentsWithStats(cells, connectivity=8, ltype=depth)
    return Components(number, np.asarray(labels), np.asarray(stats, np.int32))


def _runs(cells: NDArray[np.uint8]) -> int:
    """At least as many as there are areas: cells that are set while the one to the left is not."""
    started = cv2.countNonZero(cv2.compare(cells[:, 1:], cells[:, :-1], cv2.CMP_GT))
    return started + cv2.countNonZero(np.ascontiguousarray(cells[:, :1]))


def _statistics(cells: NDArray[np.uint8], labels: NDArray[Any], number: int) -> NDArray[np.int32]:
    """Left, top, width, height and area of each label."""
    places = np.flatnonzero(cells.view(np.bool_))
    rows, columns = np.divmod(places, cells.shape[1])
    owner = labels.ravel()[places]
    left, top = np.full(number, labels.shape[1]), np.zeros(number, np.int64)
    right, bottom = np.zeros(number, np.int64), np.zeros(number, np.int64)
    np.minimum.at(left, owner, columns)
    np.maximum.at(right, owner, columns)
    top[owner[::-1]] = rows[::-1]  # they are told row by row: the first one stays
    bottom[owner] = rows
    area = np.bincount(owner, minlength=number)
    return np.stack([left, top, right - left + 1, bottom - top + 1, area], axis=1).astype(np.int32)
