"""Finds the lines of print of a page: connected components of ink, linked to their neighbours on the right.

    find_lines(ink) -> (TextLine((left, top, right, bottom), picture, …), …), in no order

A component is classified as a letter (or touching letters) by its height; rules, frames and photographs are excluded. The
picture of a line has only the components of that line, without rules and parts of the line below.
"""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from itrwatch.imaging.resample import components
from itrwatch.reading.cutting import HIGHEST_MM, Boxes, TextLine, cut_line, height_of, middle
from itrwatch.reading.ink import PageInk

LETTER_MM = (0.9, HIGHEST_MM)
"""Range of the height of letters, mm. Physical: from 5 pt print without ascenders to the titles of a cover."""
RULE_MM, RULE_LONG = 0.7, 8.0
"""A component lower than the first (mm) and longer than the second times its height is a rule or a dash. Chosen."""
LONGEST_GAP = 1.6
"""Largest gap between letters of a line, in heights of the taller one. Chosen: justified print has spaces of up to 1.4."""
OVERLAP = 0.45
"""Least vertical overlap of two neighbours in a line, as a share of the smaller height. Chosen."""
ALIKE = 3.2
"""Largest ratio of the heights of two neighbours in a line. Chosen."""
SPECK = 0.08
"""Least size of accents and points, as a share of the letters' height; smaller components are dust. Chosen: a point has 0.15."""
MOST_LETTERS = 12_000
"""Most components of letter size on a page; a page with more is a halftone or grain and is not read. Chosen: a dense page of 7 pt has 9 000.
Specks do not count: the dither of a black-and-white scan has 30 000 of them around legible print."""

PAIRS = 200_000
"""Pairs of letters that are compared at a time: 20 MB. Chosen: a dense page has ten times as many."""
MIXED = 2.2
"""Height of a line, in heights of its letters, above which another line may be in it: a stamp that lies askew over its end. Chosen: capitals
and descenders make 1.8."""
SAME_BAND, BEYOND_BAND = 0.6, 0.6
"""Least vertical overlap of two letters of one level line, as a share of the smaller height, and how far the second may reach beyond the
first, as a share of its height. Measured: a capital or descender reaches 0.4 beyond a small letter, in an old book's typeface 0.55."""
LEAST_OF_A_BAND = 8
"""Least number of letters of a level line that is taken out of a mixed one. Chosen: fewer letters of a line askew are level."""
STEEPEST = 0.03
"""Steepest line that counts as level, as a slope. Chosen: what is left of the skew of a straightened page is 0.01, a stamp lies at 0.1."""

MOST_LINES = 2_500
"""Most lines on a page; more, most of them single dots, are a coarse halftone. Chosen: sorting 7 000 dots takes 19 s."""


def find_lines(ink: PageInk) -> tuple[TextLine, ...]:
    """The lines of a page, in no order; () if it has no letters, or too many components to be print."""
    found = components(ink.dark)
    labels, stats = found.labels, found.stats
    if found.number < 2:
        return ()
    boxes = np.column_stack([stats[:, :2], stats[:, :2] + stats[:, 2:4]]).astype(np.int32)
    letter = _letters(boxes, stats[:, cv2.CC_STAT_AREA], ink.px_per_mm)
    if not 0 < np.count_nonzero(letter) <= MOST_LETTERS:
        return ()
    line_of = _linked(boxes, letter)
    if len(np.unique(line_of)) > MOST_LINES:
        return ()
    rows = [part for row in _grouped(boxes, line_of) for part in _levelled(boxes, row)]
    free = _small(boxes, letter, ink.px_per_mm)
    for row in rows:
        free[row] = len(row) <= 2  # an accent of large print may have the height of a letter
    lines: list[TextLine | None] = []
    rows.sort(key=lambda row: (len(row) <= 2, -height_of(boxes, row)))
    for row, accents in zip(rows, _accents(boxes, [row for row in rows if len(row) > 2], free), strict=False):
        free[accents] = False
        lines.append(cut_line(ink, labels, boxes, row, np.union1d(row, accents)))
    for row in rows[len(lines) :]:
        if free[row].all():  # not used as an accent of another line: a letter that stands alone
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
    is_letter &= ~((wide > 6 * high) & (fill < 0.2))  # a stroke, the side of a frame askew
    is_letter &= ~((high > 6 * wide) & (high > 7 * px))  # an upright rule
    is_letter[0] = False  # the paper
    return np.asarray(is_letter)


def _small(boxes: Boxes, letter: NDArray[np.bool_], px: float) -> NDArray[np.bool_]:
    """The mask of components too low to be letters: points, commas, accents, dashes."""
    wide, high = boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]
    small = ~letter & (high < LETTER_MM[0] * px) & (wide < 4 * px)
    small[0] = False
    return np.asarray(small)


def _linked(boxes: Boxes, letter: NDArray[np.bool_]) -> NDArray[np.int32]:
    """For each component the number of its line, or -1. Lines are the sets of a union-find structure over the letters."""
    order = np.flatnonzero(letter)
    order = order[np.argsort(boxes[order, 0], kind="stable")]
    parent = list(range(len(order)))

    def root(at: int) -> int:
        while parent[at] != at:
            parent[at] = parent[parent[at]]
            at = parent[at]
        return at

    for at, best in _next_letters(boxes[order]):
        parent[root(best)] = root(at)
    line_of = np.full(len(boxes), -1, np.int32)
    line_of[order] = [root(at) for at in range(len(order))]
    return line_of


def _next_letters(own: Boxes) -> Iterator[tuple[int, int]]:
    """For each letter that has one, the next of its line: ``own`` from left to right → their positions in it."""
    left, top, right, bottom = own.T
    high = bottom - top
    ends = np.searchsorted(left, right + LONGEST_GAP * 2 * high, side="right")
    counts = np.maximum(ends - np.arange(len(own)) - 1, 0)
    for some in np.split(np.arange(len(own)), np.flatnonzero(np.diff(np.cumsum(counts) // PAIRS)) + 1):
        # All pairs of a letter and one that begins near to the right, on any line: one = 0 0 1 …, near = 1 2 2 …
        one = np.repeat(some, counts[some])
        near = one + 1 + np.arange(len(one)) - np.repeat(np.cumsum(counts[some]) - counts[some], counts[some])
        least, most = np.minimum(high[near], high[one]), np.maximum(high[near], high[one])
        common = np.minimum(bottom[near], bottom[one]) - np.maximum(top[near], top[one])
        gap = left[near] - right[one]
        good = (common >= OVERLAP * least) & (most <= ALIKE * least) & (gap <= LONGEST_GAP * most)
        one, near, gap = one[good], near[good], gap[good]
        # The nearest first; the leftmost of equally near ones.
        order = np.lexsort((near, np.maximum(gap, 0) + 0.5 * np.abs(bottom[near] - bottom[one]), one))
        linked, first = np.unique(one[order], return_index=True)
        yield from zip(linked.tolist(), near[order[first]].tolist(), strict=True)


def _grouped(boxes: Boxes, line_of: NDArray[np.int32]) -> list[NDArray[np.int64]]:
    """The components of each line; parts of a line that were not linked (an i between two tall letters) are merged."""
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


def _levelled(boxes: Boxes, row: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """The line ``row``; or, where a line askew was linked to a level one, the level line and the rest."""
    row = row[np.argsort(boxes[row, 0], kind="stable")]
    left, top, _, bottom = boxes[row].T.astype(np.float64)
    if len(row) <= LEAST_OF_A_BAND or bottom.max() - top.min() <= MIXED * height_of(boxes, row):
        return [row]
    apart = len(row) // 4
    slope = float(np.median((bottom[apart:] - bottom[:-apart]) / np.maximum(left[apart:] - left[:-apart], 1)))
    if abs(slope) > STEEPEST:
        return [row]
    top, bottom = top - slope * left, bottom - slope * left
    high = bottom - top
    # Each letter as the measure (rows) of every other (columns), by broadcasting.
    common = np.minimum(bottom[:, None], bottom) - np.maximum(top[:, None], top)
    level = common >= SAME_BAND * np.minimum(high[:, None], high)
    level &= np.maximum(top[:, None] - top, bottom - bottom[:, None]) <= BEYOND_BAND * high[:, None]
    small = high <= np.median(high)  # the reach of a tall letter, or of letters that touch, is too wide
    band = level[(level.sum(axis=1) * small).argmax()]
    return [row] if band.sum() < LEAST_OF_A_BAND or band.all() else [row[band], row[~band]]


def _extent(boxes: Boxes, group: NDArray[np.int64]) -> tuple[float, float, float, float]:
    own = boxes[group]
    high = own[:, 3] - own[:, 1]
    tall = own[high >= 0.6 * middle(high)]
    return float(own[:, 0].min()), middle(tall[:, 1]), float(own[:, 2].max()), middle(tall[:, 3])


def _within(inner: tuple[float, float, float, float], outer: tuple[float, float, float, float]) -> bool:
    """Whether the part ``inner`` lies in the vertical band of the line ``outer``, inside it or at one of its ends."""
    high = outer[3] - outer[1]
    common = min(inner[3], outer[3]) - max(inner[1], outer[1])
    gap = max(inner[0] - outer[2], outer[0] - inner[2])
    return common >= 0.6 * min(high, inner[3] - inner[1]) and inner[3] - inner[1] <= 1.8 * high and gap <= 0.9 * high


def _accents(boxes: Boxes, rows: list[NDArray[np.int64]], free: NDArray[np.bool_]) -> list[NDArray[np.int64]]:
    """For each line its accents, points and commas: those within its reach for which no other line has a nearer letter."""
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
    # The reach is as wide as the º after a line that ends with “nº” requires.
    inside &= (boxes[:, 2] >= own[:, 0].min() - reach) & (boxes[:, 0] <= own[:, 2].max() + reach)
    inside &= (boxes[:, 0] >= own[:, 0].min() - high) & (boxes[:, 2] <= own[:, 2].max() + high)
    inside[row] = False
    return np.flatnonzero(inside)


def _distances(some: Boxes, others: Boxes) -> NDArray[np.float64]:
    """The distance of each box of ``some`` to the nearest of ``others``, px; 0 if they touch."""
    across = np.maximum(some[:, None, 0] - others[None, :, 2], others[None, :, 0] - some[:, None, 2])
    down = np.maximum(some[:, None, 1] - others[None, :, 3], others[None, :, 1] - some[:, None, 3])
    return np.asarray(np.hypot(np.maximum(across, 0), np.maximum(down, 0)).min(axis=1), np.float64)
