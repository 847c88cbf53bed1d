"""Finds the marks of a page: groups of dark pixels, classified by size, position, shape and contrast.

    find_marks(reduced) -> Marks(box, diagonal, area, ink, peak, kind, mm_per_px): one entry a mark

Pixels half a millimetre apart are one mark, so the letters of the smallest print count as
words and not as dust. A mark is

- ``EDGE``: the scanner's edge beside the sheet: it touches the border of the scan along a great length, or is a
  thin straight line beside the border; what is written in its shadow, or light in a dark band, is a mark of its own (`edge_writing`);
- ``HOLE``: a punch hole (`punch_holes`); a single disc may be a drawn dot and is ``CONTENT``;
- ``DUST``: under 0.9 mm; - ``PALE``: never darker than a tenth of the paper; - else ``CONTENT``.

`python -m bench verdicts` measures the limits together.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import cv2
import numpy as np
from numpy.typing import NDArray

from itrwatch.imaging.analysis.background import Contrast, ReducedPage
from itrwatch.imaging.analysis.edge_writing import DEEP_MM, above_edge, light_writing
from itrwatch.imaging.analysis.punch_holes import find_holes
from itrwatch.imaging.resample import components, median

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

VISIBLE = 0.07
"""Contrast from which a pixel belongs to a mark: three times the grain of an office scanner. Chosen."""
CLEAR = 0.11
"""Peak contrast below which a mark is ``PALE``: the faintest pencil, or show-through. Chosen."""
INK = 0.30
"""Contrast of print, pen and stamp; show-through of office paper never reaches it. Chosen."""
FULL_MM2 = 1500.0
"""Area of ink, mm², from which a page is text or a picture, so that marks are not classified. Chosen."""
JOIN_PX = 1
"""Pixels up to twice this apart (half a millimetre at 100 dpi) belong to one mark. Chosen."""
FAINTEST = 0.016
"""Contrast over its surroundings of the faintest stroke looked for: four grey levels of 255. Chosen."""
FAINT_OVER_GRAIN = 4.5
"""The same in standard deviations of the grain; the larger of both counts. Chosen."""
FAINT_JOINED = 0.008
"""Contrast from which pixels continue a stroke that reaches `FAINTEST`. Measured (drawn lines, words and stamps of 3 to 15 %): with
it lines of 8 % and more are found whole; without it grain breaks them into pieces shorter than `blank.FAINT_MM`."""
UNSURE_SHARE = 0.15
"""Relative uncertainty of the contrast subtracted for a crease or show-through. Chosen."""
FAINT_AWAY_MM = 2.0
"""Distance from holes and edges, mm, within which faint strokes are ignored, because of shadows. Chosen."""
DUST_MM = 0.9
"""Diagonal of a mark below which it is dust, mm. Chosen."""
EDGE_DEEP_MM = 8.0
"""Depth of the scanner's edge, mm: a sheet skewed by 1.5 degrees shows a wedge this deep. Physical."""
WHOLE_SIDE = 0.9
"""An edge along at least this share of a side may be `edge_writing.DEEP_MM` deep. Chosen."""
EDGE_THIN_MM = 1.5
"""Largest depth of an edge along a part of a side, and thickness of a line beside the border, mm. Chosen."""

END_MM = 3.0
"""A line beside the border is the sheet's edge only if it ends no further from the borders before it, mm. Physical: a printer does not reach the last
4 mm of a sheet, and who draws a line does not begin at its very edge."""
EVEN_MM, MOST_GAPS = 0.25, 0.02
"""A line beside the border is as thick all along: largest standard deviation of its thickness, mm, and share of its length without a
pixel. Measured (6 and 8 pt, 150 and 300 dpi; words of small print run together into one mark as long and thin): edges 0.18 mm and no
gap, print 0.35 mm and more, 2 to 16 %."""


class MarkKind(IntEnum):
    """The class of a mark."""

    CONTENT = 0
    PALE = 1
    DUST = 2
    HOLE = 3
    EDGE = 4


@dataclass(frozen=True, slots=True, eq=False)
class Marks:
    """All marks of a page, one entry each, and whether the page was too full to list them.

    ``box``: left, top, width, height in px of the reduced page. ``diagonal``: of the box, mm.
    ``area``: mm² of its pixels, ``ink``: of those as dark as `INK`. ``peak``: darkest contrast.
    ``kind``: see `MarkKind`. ``mm_per_px``: of the boxes.
    """

    box: Ints
    diagonal: Floats
    area: Floats
    ink: Floats
    peak: Floats
    kind: Ints
    mm_per_px: float
    full: bool = False

    def of(self, *kinds: MarkKind) -> Marks:
        """Only the marks of these kinds."""
        return self.where(np.isin(self.kind, kinds))

    def where(self, chosen: NDArray[np.bool_]) -> Marks:
        """Only the marks selected by ``chosen``."""
        return Marks(
            self.box[chosen],
            self.diagonal[chosen],
            self.area[chosen],
            self.ink[chosen],
            self.peak[chosen],
            self.kind[chosen],
            self.mm_per_px,
            self.full,
        )

    def joined(self, other: Marks) -> Marks:
        """These marks and those of ``other``."""
        return Marks(
            np.concatenate([self.box, other.box]),
            np.concatenate([self.diagonal, other.diagonal]),
            np.concatenate([self.area, other.area]),
            np.concatenate([self.ink, other.ink]),
            np.concatenate([self.peak, other.peak]),
            np.concatenate([self.kind, other.kind]),
            self.mm_per_px,
            self.full,
        )

    def crowded(self, many: int, within_mm: float) -> bool:
        """Whether any mark has ``many`` marks, itself included, within this distance."""
        # All distances between centres at once; callers pass some dozens of marks.
        centre = self.box[:, :2] + self.box[:, 2:] / 2
        apart = np.hypot(*np.moveaxis(centre[:, None] - centre[None], -1, 0))
        near = apart * self.mm_per_px <= within_mm
        return len(self) >= many and bool((near.sum(axis=1) >= many).any())

    def __len__(self) -> int:
        return len(self.diagonal)


def find_marks(reduced: ReducedPage) -> Marks:
    """Reduced page → marks; empty, with ``full`` set, if the page is clearly full of text."""
    if _ink_mm2(reduced) > FULL_MM2:
        return _none(reduced.mm_per_px, full=True)
    return group(reduced.contrast, reduced.mm_per_px, written=True)


def group(contrast: Contrast, mm_per_px: float, *, written: bool = False) -> Marks:
    """The marks of a contrast map; with those ``written`` in the shadow of the scanner's edge, if asked for."""
    # The dilated mask determines the groups; sizes are measured on the original pixels below.
    seen = contrast > VISIBLE
    if not seen.any():
        return _none(mm_per_px, full=False)
    reach = np.ones((2 * JOIN_PX + 1, 2 * JOIN_PX + 1), np.uint8)
    found = components(np.asarray(cv2.dilate(seen.astype(np.uint8), reach)))
    count, labels, stats = found.number, found.labels, found.stats
    rows, columns = np.nonzero(seen)
    owner: Ints = labels[rows, columns].astype(np.int64) - 1
    value = contrast[rows, columns]
    # Distance of each pixel from the nearest border, in px.
    depth = np.minimum(np.minimum(rows, seen.shape[0] - 1 - rows), np.minimum(columns, seen.shape[1] - 1 - columns))
    box = _own_boxes(stats[1:, :4].astype(np.int64), seen.shape)
    area = (np.bincount(owner, minlength=count - 1) * mm_per_px**2).astype(np.float64)
    ink = (np.bincount(owner[value > INK], minlength=count - 1) * mm_per_px**2).astype(np.float64)
    peak, deepest = np.zeros(count - 1), np.zeros(count - 1)
    # `ufunc.at`, because a label occurs once for each of its pixels.
    np.maximum.at(peak, owner, value)
    np.maximum.at(deepest, owner, depth)
    # Two rows of pixels count as the border, so divide by 2.
    contact = (np.bincount(owner[depth <= 1], minlength=count - 1) / 2 * mm_per_px).astype(np.float64)
    diagonal: Floats = np.hypot(box[:, 2], box[:, 3]) * mm_per_px
    # Later kinds override earlier ones: a hole at the border is a hole.
    kind = np.where(peak < CLEAR, MarkKind.PALE, MarkKind.CONTENT).astype(np.int64)
    kind[diagonal < DUST_MM] = MarkKind.DUST
    size = (seen.shape[1] * mm_per_px, seen.shape[0] * mm_per_px)
    band, line = _edges(box.astype(np.float64) * mm_per_px, area, deepest * mm_per_px, contact, size)
    edge = band.copy()
    for number in np.flatnonzero(line & ~band):
        own = owner == number
        edge[number] = _even(rows[own], columns[own], mm_per_px)
    kind[edge] = MarkKind.EDGE
    kind[find_holes(seen, box, area, peak, mm_per_px)] = MarkKind.HOLE
    marks = Marks(box, diagonal, area, ink, peak, kind, mm_per_px)
    deep = np.append(False, band & (kind == MarkKind.EDGE) & (deepest * mm_per_px > EDGE_THIN_MM))
    if not written or not deep.any():
        return marks
    marks = marks.joined(group(above_edge(contrast, deep[labels] & seen, mm_per_px), mm_per_px))
    return marks.joined(group(light_writing(contrast, mm_per_px), mm_per_px))


def _ink_mm2(reduced: ReducedPage) -> float:
    margin = round(EDGE_DEEP_MM / reduced.mm_per_px)
    inner = reduced.contrast[margin:-margin, margin:-margin]
    return float(np.count_nonzero(inner > INK) * reduced.mm_per_px**2)


def _none(mm_per_px: float, *, full: bool) -> Marks:
    nothing = np.zeros(0)
    return Marks(np.zeros((0, 4), np.int64), nothing, nothing, nothing, nothing, np.zeros(0, np.int64), mm_per_px, full)


def _own_boxes(grown: Ints, shape: tuple[int, ...]) -> Ints:
    """Boxes of the original pixels, from those of the dilated ones; at the border there is no dilation to subtract."""
    left, top, width, height = grown.T
    right, bottom = left + width, top + height
    left, top = np.where(left > 0, left + JOIN_PX, 0), np.where(top > 0, top + JOIN_PX, 0)
    right = np.where(right < shape[1], right - JOIN_PX, shape[1])
    bottom = np.where(bottom < shape[0], bottom - JOIN_PX, shape[0])
    return np.stack([left, top, np.maximum(right - left, 1), np.maximum(bottom - top, 1)], axis=1)


def _edges(
    box: Floats, area: Floats, deepest: Floats, contact: Floats, size: tuple[float, float]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which marks are scanner edge, and which are if they are lines (`_even`); all in mm, ``size``: width and height of the page.

    Cut handwriting is deeper, or touches the border less.
    """
    long, short = box[:, 2:].max(axis=1), box[:, 2:].min(axis=1)
    deep = np.where(contact >= WHOLE_SIDE * min(size), DEEP_MM, EDGE_DEEP_MM)
    hugging = (contact > 0) & (deepest <= deep) & (contact >= 3 * deepest) & (contact >= 0.6 * long)
    shallow = (contact > 0) & (deepest <= EDGE_THIN_MM)
    straight = (long >= 25.0) & (short <= 0.04 * long + EDGE_THIN_MM) & (area <= EDGE_THIN_MM * long)
    begin, extent = np.where(box[:, 2] >= box[:, 3], box[:, (0, 2)].T, box[:, (1, 3)].T)
    side = np.where(box[:, 2] >= box[:, 3], *size)
    whole = (begin <= END_MM) & (begin + extent >= side - END_MM)
    return np.asarray(hugging | shallow), np.asarray(straight & whole & (deepest <= EDGE_DEEP_MM))


def _even(rows: Ints, columns: Ints, mm_per_px: float) -> bool:
    """Whether the pixels of a mark, in ``rows`` and ``columns``, are a line of one thickness, and not a row of letters."""
    along, across = (rows, columns) if np.ptp(rows) > np.ptp(columns) else (columns, rows)
    along = along - along.min()
    first, last = np.full(along.max() + 1, across.max()), np.full(along.max() + 1, -1)
    # `ufunc.at`, because a position along the mark occurs once for each of its pixels.
    np.minimum.at(first, along, across)
    np.maximum.at(last, along, across)
    there = last >= 0
    thickness = (last - first + 1)[there] * mm_per_px
    return bool(thickness.std() <= EVEN_MM and 1 - there.mean() <= MOST_GAPS)


def longest_faint(contrast: Contrast, mm_per_px: float, marks: Marks, unsure: Contrast | None = None) -> float:
    """Length in mm of the longest stroke slightly lighter than `VISIBLE`: the faintest pencil.

    The difference of the page smoothed over a stroke's width and over three millimetres keeps thin lines and removes stains
    and shadows. Values above the grain of this page count, except around the punch holes in ``marks``.
    """
    # Difference of Gaussians at 100 dpi: sigma 0.25 mm keeps strokes, 1 mm removes soft shades.
    lines = cv2.GaussianBlur(contrast, (0, 0), 1.0) - cv2.GaussianBlur(contrast, (0, 0), 4.0)
    around = round(FAINT_AWAY_MM / mm_per_px)
    for left, top, width, height in marks.of(MarkKind.HOLE).box:
        lines[max(0, top - around) : top + height + around, max(0, left - around) : left + width + around] = 0
    margin = round((EDGE_DEEP_MM + FAINT_AWAY_MM) / mm_per_px)
    lines = lines[margin:-margin, margin:-margin]
    if not lines.size:
        return 0.0
    # For a normal distribution the median of |x| is 0.6745 sigma; writing hardly changes the median.
    grain = FAINT_OVER_GRAIN * median(np.abs(lines[::4, ::4])) / 0.6745
    if unsure is not None:
        # Remains of a crease or of show-through are strokes, too: nothing weaker than `FAINTEST` is joined.
        least = max(FAINTEST, grain) + UNSURE_SHARE * unsure[margin:-margin, margin:-margin]
        return largest((lines > least).astype(np.uint8)) * mm_per_px
    found = components((lines > max(FAINT_JOINED, grain)).astype(np.uint8))
    reaching = np.zeros(found.number, np.bool_)
    reaching[found.labels[lines > max(FAINTEST, grain)]] = True
    reaching[0] = False
    return float(np.hypot(found.stats[reaching, 2], found.stats[reaching, 3]).max(initial=0.0)) * mm_per_px


def largest(mask: NDArray[np.uint8]) -> float:
    """Diagonal in px of the largest group of pixels; computed from outlines, in a tenth of the time of labelling."""
    outlines, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    boxes = (cv2.boundingRect(outline) for outline in outlines)
    return max((float(np.hypot(width, height)) for _, _, width, height in boxes), default=0.0)
