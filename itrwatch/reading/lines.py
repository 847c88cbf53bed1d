"""The lines of print of a page, from its ink: connected components, linked to their neighbours on the right.

    find_lines(ink) -> (TextLine((left, top, right, bottom), picture, …), …), in no order

A component is taken for a letter, or for letters that touch, by its height; rules, frames and photographs are none. Each line's
picture shows only the components of the line itself and what lies between them: neither a rule nor the line below.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from itrwatch.reading.cutting import HIGHEST_MM, Boxes, TextLine, cut_line, height_of
from itrwatch.reading.ink import PageInk

LETTER_MM = (0.9, HIGHEST_MM)
"""Height of a letter: 5 pt print without ascenders to the titles of a cover. Physical."""
RULE_MM, RULE_LONG = 0.7, 8.0
"""Chosen: a component less high than this and so many times longer is a rule or a dash."""
LONGEST_GAP = 1.6
"""Letters further apart than so many heights of the taller one are of two lines. Chosen: justified print has spaces of up to 1.4."""
OVERLAP = 0.45
"""Chosen: share of the lower letter's height that two neighbours have in common."""
ALIKE = 3.2
"""Chosen: neighbours in a line differ in height by less than so many times."""
SPECK = 0.08
"""Chosen: dust this small, as a share of the letters' height, is no accent and no point: a point has 0.15."""
MOST_LETTERS = 12_000
"""Chosen: more components of the size of letters than these are a halftone or grain, not print: nothing on such a page is read. A dense
page of 7 pt has 9 000. Specks do not count: the dither of a black-and-white scan has 30 000 of them around print that is read well."""

MOST_LINES = 2_500
"""Chosen: more lines than these, most of them single dots, are a coarse halftone; to sort 7 000 dots takes 19 s."""


def find_lines(ink: PageInk) -> tuple[TextLine, ...]:
    """The lines of a page; none where there are no letters."""
    count, found, counted, _ = cv2.connectedComponentsWithStats(ink.dark, connectivity=8, ltype=cv2.CV_32S)
    labels, stats = np.asarray(found, np.int32), np.asarray(counted, np.int32)
    if count < 2:
        return ()
    boxes = np.column_stack([stats[:, :2], stats[:, :2] + stats[:, 2:4]]).astype(np.int32)
    letter = _letters(boxes, stats[:, cv2.CC_STAT_AREA], ink.px_per_mm)
    if not 0 < np.count_nonzero(letter) <= MOST_LETTERS:
        return ()
    line_of = _linked(boxes, letter)
    if len(np.unique(line_of)) > MOST_LINES:
        return ()
    rows = _grouped(boxes, line_of)
    free = _small(boxes, letter, ink.px_per_mm)
    for row in rows:
        free[row] = len(row) <= 2  # an accent over large print is as high as a letter
    lines: list[TextLine | None] = []
    rows.sort(key=lambda row: (len(row) <= 2, -height_of(boxes, row)))
    for row, accents in zip(rows, _accents(boxes, [row for row in rows if len(row) > 2], free), strict=False):
        free[accents] = False
        lines.append(cut_line(ink, labels, boxes, row, np.union1d(row, accents)))
    for row in rows[len(lines) :]:
        if free[row].all():  # no accent of a line, but a letter that stands alone
            (accents,) = _accents(boxes, [row], free)
            free[accents] = free[row] = False
            lines.append(cut_line(ink, labels, boxes, row, np.union1d(row, accents)))
    return tuple(line for line in lines if line is not None)


def _letters(boxes: Boxes, area: NDArray[np.int32], px: float) -> NDArray[np.bool_]:
    wide, high = boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]
    fill = area / (wide * high)
    is_letter = (high >= LETTER_MM[0] * px) & (high <= LETTER_MM[1] * px)
    is_letter &= ~((high <= RULE_MM * px) & (wide > RULE_LONG * high))
    is_letter &= ~((wide > 12 * high) & (fill > 0.8))  # a bar
    is_letter &= ~((wide > 15 * px) & (high > 4 * px) & (fill < 0.12))  # a frame
    is_letter &= ~((high > 6 * wide) & (high > 7 * px))  # an upright rule
    is_letter[0] = False  # the paper
    return np.asarray(is_letter)


def _small(boxes: Boxes, letter: NDArray[np.bool_], px: float) -> NDArray[np.bool_]:
    """Points, commas, accents, dashes: too low to be letters."""
    wide, high = boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]
    small = ~letter & (high < LETTER_MM[0] * px) & (wide < 4 * px)
    small[0] = False
    return np.asarray(small)


def _linked(boxes: Boxes, letter: NDArray[np.bool_]) -> NDArray[np.int32]:
    """For each component the number of its line, or -1."""
    order = np.flatnonzero(letter)
    order = order[np.argsort(boxes[order, 0], kind="stable")]
    own = boxes[order]
    left, top, right, bottom = own.T
    high = bottom - top
    parent = np.arange(len(order))

    def root(at: int) -> int:
        while parent[at] != at:
            parent[at] = parent[parent[at]]
            at = parent[at]
        return at

    taken = np.zeros(len(order), np.bool_)
    for at in range(len(order)):
        end = np.searchsorted(left, right[at] + LONGEST_GAP * 2 * high[at], side="right")
        near = np.arange(at + 1, end)
        if not len(near):
            continue
        least, most = np.minimum(high[near], high[at]), np.maximum(high[near], high[at])
        common = np.minimum(bottom[near], bottom[at]) - np.maximum(top[near], top[at])
        gap = left[near] - right[at]
        good = (common >= OVERLAP * least) & (most <= ALIKE * least) & (gap <= LONGEST_GAP * most)
        near, gap = near[good], gap[good]
        if not len(near):
            continue
        best = near[np.argmin(np.maximum(gap, 0) + 0.5 * np.abs(bottom[near] - bottom[at]))]
        taken[best] = True
        parent[root(int(best))] = root(at)
    line_of = np.full(len(boxes), -1, np.int32)
    line_of[order] = [root(at) for at in range(len(order))]
    return line_of


def _grouped(boxes: Boxes, line_of: NDArray[np.int32]) -> list[NDArray[np.int64]]:
    """The components of each line; pieces of one line that were linked apart (an i between two tall letters) are put together."""
    members = np.flatnonzero(line_of >= 0)
    if not len(members):
        return []
    _, number = np.unique(line_of[members], return_inverse=True)
    groups = [members[number == at] for at in range(int(number.max()) + 1)]
    extents = [_extent(boxes, group) for group in groups]
    groups.sort(key=lambda group: -len(group))
    merged: list[NDArray[np.int64]] = []
    extents = []
    for group in groups:
        extent = _extent(boxes, group)
        home = next((at for at, other in enumerate(extents) if _within(extent, other)), None)
        if home is None:
            merged.append(group)
            extents.append(extent)
        else:
            merged[home] = np.concatenate([merged[home], group])
            extents[home] = _extent(boxes, merged[home])
    return merged


def _extent(boxes: Boxes, group: NDArray[np.int64]) -> tuple[float, float, float, float]:
    own = boxes[group]
    high = own[:, 3] - own[:, 1]
    tall = own[high >= 0.6 * np.median(high)]
    return float(own[:, 0].min()), float(np.median(tall[:, 1])), float(own[:, 2].max()), float(np.median(tall[:, 3]))


def _within(inner: tuple[float, float, float, float], outer: tuple[float, float, float, float]) -> bool:
    """Whether a short piece lies in the band of a line, inside it or at its end."""
    high = outer[3] - outer[1]
    common = min(inner[3], outer[3]) - max(inner[1], outer[1])
    gap = max(inner[0] - outer[2], outer[0] - inner[2])
    return common >= 0.6 * min(high, inner[3] - inner[1]) and inner[3] - inner[1] <= 1.8 * high and gap <= 0.9 * high


def _accents(boxes: Boxes, rows: list[NDArray[np.int64]], free: NDArray[np.bool_]) -> list[NDArray[np.int64]]:
    """For each line the accents, points and commas that belong to it: those in its reach that no other line has a letter nearer to."""
    owner, nearest = np.full(len(boxes), -1), np.full(len(boxes), np.inf)
    for number, row in enumerate(rows):
        near = _in_reach(boxes, row, free)
        apart = _distances(boxes[near], boxes[row])
        nearer = apart < nearest[near]
        owner[near[nearer]], nearest[near[nearer]] = number, apart[nearer]
    return [np.flatnonzero(owner == number) for number in range(len(rows))]


def _in_reach(boxes: Boxes, row: NDArray[np.int64], free: NDArray[np.bool_]) -> NDArray[np.int64]:
    own, high = boxes[row], height_of(boxes, row)
    reach = round(0.45 * high)
    wide, tall = boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]
    inside = free & (tall <= 0.8 * high) & (wide * tall >= (SPECK * high) ** 2)
    inside &= (boxes[:, 1] >= own[:, 1].min() - reach) & (boxes[:, 3] <= own[:, 3].max() + reach)
    # as far out as the º of a line that ends with “nº”
    inside &= (boxes[:, 2] >= own[:, 0].min() - reach) & (boxes[:, 0] <= own[:, 2].max() + reach)
    inside &= (boxes[:, 0] >= own[:, 0].min() - high) & (boxes[:, 2] <= own[:, 2].max() + high)
    inside[row] = False
    return np.flatnonzero(inside)


def _distances(some: Boxes, others: Boxes) -> NDArray[np.float64]:
    """How far each box is from the nearest of the others, px; 0 where they touch."""
    across = np.maximum(some[:, None, 0] - others[None, :, 2], others[None, :, 0] - some[:, None, 2])
    down = np.maximum(some[:, None, 1] - others[None, :, 3], others[None, :, 1] - some[:, None, 3])
    return np.asarray(np.hypot(np.maximum(across, 0), np.maximum(down, 0)).min(axis=1), np.float64)
