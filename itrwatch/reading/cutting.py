"""Cuts a line of print out of its page: its own ink on white, and the columns with other ink so near that a word may be cut.

cut_line(ink, labels, boxes, group, ids) -> TextLine(box, uint8 (h, w), pad, columns, foreign), or None
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from itrwatch.imaging.raster import Pixels
from itrwatch.reading.ink import PageInk

HIGHEST_MM = 13.0
"""Height of the largest letters, mm. Physical: the titles of a cover."""
BEYOND_MM = 1.3
"""Distance within which letters that are not part of the line may be the rest of a cut word, mm. Measured (`python -m bench reading`): with 0.3 every tenth cut
number was believed."""
EDGE_PX = 9
"""Side of the square around each ink pixel that is kept, px: the ink with its blurred edge; everything else becomes white. Chosen."""
PALE_SHARE = 0.08
"""Least share of a line's height that pale ink covers in a column; less is grain. Chosen: a point covers 0.12."""
CORE = 0.2
"""Share of a line's height that is ignored at its top and bottom, where letters of adjacent lines are. Chosen."""

Boxes = NDArray[np.int32]
"""``(n, 4)``: left, top, right, bottom in px, the latter two exclusive."""


@dataclass(frozen=True, slots=True, eq=False)
class TextLine:
    """A line of print. ``box``: left, top, right, bottom in px of the page; ``picture``: uint8 grey, dark on white, with ``pad`` px of margin.

    ``columns``: for each column of the picture, whether it has ink of the line; ``foreign``: whether other ink is near.
    """

    box: tuple[int, int, int, int]
    picture: Pixels
    pad: int
    columns: NDArray[np.bool_]
    foreign: NDArray[np.bool_]


def cut_line(
    ink: PageInk, labels: NDArray[Any], boxes: Boxes, group: NDArray[np.int64], ids: NDArray[np.int64]
) -> TextLine | None:
    """The line of the letters ``group``; ``ids``: all its components, including accents. None if it is a single upright stroke."""
    high = height_of(boxes, group)
    near = boxes[ids]
    left, top, right, bottom = (
        int(near[:, 0].min()),
        int(near[:, 1].min()),
        int(near[:, 2].max()),
        int(near[:, 3].max()),
    )
    if right - left < 0.3 * high:
        return None
    pad = max(2, round(0.12 * (bottom - top)))
    height, width = ink.grey.shape
    y0, y1, x0, x1 = max(0, top - pad), min(height, bottom + pad), max(0, left - pad), min(width, right + pad)
    mine = np.zeros(len(boxes), np.bool_)
    mine[ids] = True
    part = labels[y0:y1, x0:x1]
    foreign = ~mine[part] & (part > 0)
    picture = ink.grey[y0:y1, x0:x1].copy()
    own = mine[part] & (part > 0)
    picture[cv2.dilate(foreign.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0] = 255
    # Remove grey dust below the ink threshold, which would be read as an accent.
    picture[cv2.dilate(own.astype(np.uint8), np.ones((EDGE_PX, EDGE_PX), np.uint8)) == 0] = 255
    columns = own.any(axis=0)
    whole = np.full((bottom - top + 2 * pad, right - left + 2 * pad), 255, np.uint8)
    whole[y0 - top + pad : y1 - top + pad, x0 - left + pad : x1 - left + pad] = picture
    inked = np.zeros(right - left + 2 * pad, np.bool_)
    inked[x0 - left + pad : x1 - left + pad] = columns
    return TextLine(
        (left, top, right, bottom),
        whole,
        pad,
        inked,
        _foreign(ink, labels, boxes, mine, (left, top, right, bottom), pad),
    )


def _foreign(
    ink: PageInk,
    labels: NDArray[Any],
    boxes: Boxes,
    mine: NDArray[np.bool_],
    box: tuple[int, int, int, int],
    pad: int,
) -> NDArray[np.bool_]:
    """For each column of a line's picture, whether other ink is near enough to be a part of the same word."""
    left, top, right, bottom = box
    beyond = round(BEYOND_MM * ink.px_per_mm)
    inner = round((bottom - top) * CORE)
    reach = beyond + pad
    x0, x1 = max(0, left - reach), min(labels.shape[1], right + reach)
    core, full = labels[top + inner : bottom - inner, x0:x1], labels[top:bottom, x0:x1]
    high = boxes[:, 3] - boxes[:, 1]
    other = ~mine
    other[0] = False
    letters = other & (high >= 0.4 * (bottom - top)) & (high <= HIGHEST_MM * ink.px_per_mm)
    large = other & (high > HIGHEST_MM * ink.px_per_mm)  # excludes underlines
    share = large[full].mean(axis=0)
    # A column of a large component with ink from top to bottom is the side of a frame; with ink in a part, a stroke across the line.
    columns = letters[core].any(axis=0) | ((share > 0) & (share < 1))
    # Pale ink may be the rest of a word, or its points, excluded from `dark` by darker ink nearby; so may the specks of it that are dark.
    specks = other & (high < 0.4 * (bottom - top)) & (boxes[:, 2] - boxes[:, 0] < bottom - top)
    faint = ink.pale[top:bottom, x0:x1] > 0
    faint[inner : bottom - top - inner] |= specks[core]
    pieces = (faint.mean(axis=0) >= PALE_SHARE).astype(np.uint8)[None]
    columns |= cv2.dilate(pieces, np.ones((1, EDGE_PX), np.uint8))[0] > 0  # their edges are paler still
    near = np.zeros((1, right - left + 2 * reach), np.uint8)
    near[0, x0 - left + reach : x1 - left + reach] = columns
    spread = np.asarray(cv2.dilate(near, np.ones((1, 2 * beyond + 1), np.uint8)))
    return np.asarray(spread[0, beyond : beyond + right - left + 2 * pad] > 0)


def height_of(boxes: Boxes, group: NDArray[np.int64]) -> float:
    """The median height of a line's letters, px."""
    return middle(boxes[group, 3] - boxes[group, 1])


def middle(values: NDArray[np.int32]) -> float:
    """The median; of few values, as a line has, in a fifth of numpy's time."""
    ordered = np.sort(values)
    return float(ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2
