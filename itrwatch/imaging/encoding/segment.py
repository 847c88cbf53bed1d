"""A page as layers: black ink at scan resolution over patches of what black cannot show.

Bitonal where black and white reads as well as the paper did; 200 dpi colour or grey only in
the areas where it would not (the rule of the Receita, applied by area): coloured marks,
continuous tone, strokes too pale to be ink. Patches are painted first, ink on top of them as
a stencil, so that print under a stamp stays at scan resolution and nothing needs transparency.

Areas are found on a 100 dpi picture of the page by comparing it with what the ink alone would
show there; a mark counts when it is darker or more coloured than that by more than the grain
of the paper.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from itrwatch.imaging.encoding.binarize import MAP_DPI, CleanPage, enlarged, on_map
from itrwatch.imaging.encoding.codecs import Ink
from itrwatch.imaging.encoding.scanner_artefacts import find_furniture
from itrwatch.imaging.raster import Pixels
from itrwatch.imaging.resample import components, median

PALE = 0.06
"""Contrast (share of white) from which a cell of the map may belong to a mark …"""
SEEN = 0.105
"""… if some cell of that mark reaches this; what stays below is paper grain or shadow."""
FAINTEST = 0.02
FAINT_OVER_GRAIN = 3.5
FAINT_MM = 3.0
"""The palest pencil stroke that is kept: contrast after smoothing, in absolute terms and over the grain, and length."""
FAINT_LONG, FAINT_LONG_MM = 0.015, 6.0
"""The same for a longer one, whose length tells it from grain. Measured on 4 189 marks of all sorts on nine papers, of 0.15 to
0.85 of black: 7 are not kept, strokes of 0.17 mm at a tenth of black on a grainy scan; and no page of print grew by them."""
COLOURED = 0.15
"""Difference between the channels from which a cell is coloured."""
SMALLEST_MM = 1.0
"""Marks with a smaller diagonal are dust, unless they are dark: then they are ink anyway."""
BLACK_IN_COLOUR = (110, 45)
"""Inside a coloured mark only what is dark in all channels, and alike in all (both of 255), is black ink."""
FRINGE = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))
"""A pixel and its neighbours: how far the edge of a stroke reaches."""
NOT_BLACK = 48
"""A solid dark area whose grey (of 255) is above this has tone."""
JOIN_MM = 2.0
"""Marks nearer than this belong together."""
SOLID_MM = 3.0
"""Ink wider than this is a solid area, not strokes."""
MOST_OF_BOX = 0.7
FRAYED_MM = 0.8
"""The dark edge of a photograph, cut by the cells of the map, would be a ragged black line; the patch shows it."""
PICTURE_MM = 12.0
"""Continuous tone over less than this in either direction is not a picture."""

Mask = NDArray[np.bool_]
Pixel = tuple[int, int, int, int]
"""A box in pixels of the map: left, top, right, bottom; the last two exclusive."""


@dataclass(frozen=True, slots=True, eq=False)
class Areas:
    """Where ink alone would not do, on the 100 dpi map: ``marks`` all of it, ``tone`` what has no ink on top.

    ``furniture``: the scanner's and the punch's, shown nowhere.

    ``boxes``: disjoint, each holding whole marks. ``shown``: how much of each cell is ink, 0 to 255, before any of it
    was left to the patches.
    """

    marks: Mask
    coloured: Mask
    tone: Mask
    furniture: Mask
    boxes: tuple[Pixel, ...]
    shown: Pixels

    @property
    def all_ink(self) -> bool:
        """Whether ink alone shows the whole page."""
        return not self.boxes and not self.furniture.any()

    def window(self, box: Pixel, shape: tuple[int, ...]) -> tuple[slice, slice]:
        """Rows and columns that ``box`` covers on a picture of the page with that ``shape``."""
        down, across = shape[0] / self.marks.shape[0], shape[1] / self.marks.shape[1]
        left, top, right, bottom = box
        return (
            slice(int(top * down), min(shape[0], math.ceil(bottom * down))),
            slice(int(left * across), min(shape[1], math.ceil(right * across))),
        )


def find_areas(page: CleanPage, ink: Ink, *, drawn: bool = False) -> Areas:
    """Compare the page with its ink on the map and gather what is missing."""
    shown = on_map(ink, page)
    contrast = np.asarray((255 - page.darkest) * np.float32(1 / 255), np.float32)
    furniture = np.zeros(contrast.shape, np.bool_) if drawn else find_furniture(contrast, 25.4 / MAP_DPI)
    any_furniture = bool(furniture.any())
    if any_furniture:
        contrast[furniture] = 0
    coloured = np.zeros(contrast.shape, np.bool_)
    if page.colour:
        chroma = page.chroma(math.ceil(COLOURED * 255)) * np.float32(1 / 255)
        if any_furniture:
            chroma[furniture] = 0
        coloured = _marks(chroma, COLOURED * 0.6, COLOURED, pixels=8)
    near_ink = cv2.dilate((shown > 16).view(np.uint8), np.ones((3, 3), np.uint8)).view(np.bool_)
    away = contrast * ~near_ink
    pale = _marks(away, _grain(contrast, near_ink), SEEN, pixels=4) | _faint_strokes(away)
    tone = _tone(contrast, shown, pale & ~coloured)
    marks = _grow(coloured | pale | tone, JOIN_MM / 2)
    return Areas(marks, _grow(coloured, 0.8), tone, furniture, _boxes(marks), shown)


def without_furniture(ink: Ink, areas: Areas) -> Ink:
    """Take the scanner's and the punch's out of ``ink``, in place."""
    if areas.furniture.any():
        ink &= ~enlarged(areas.furniture, ink.shape)
    return ink


def keep_ink(ink: Ink, colours: tuple[Pixels, Pixels] | None, areas: Areas, box: Pixel) -> None:
    """Take out of the ink in ``box``, in place, what its patch shows better: tone, and coloured strokes.

    ``colours``: lightest channel and chroma of each pixel there; None on a grey page.
    """
    tone = areas.tone[_rows_columns(box)]
    if tone.any():
        ink &= ~enlarged(_grow(tone, FRAYED_MM), ink.shape)
    coloured = areas.coloured[_rows_columns(box)]
    if colours and coloured.any():
        lightest, chroma = colours
        grey = chroma < BLACK_IN_COLOUR[1]
        black = grey & (lightest < BLACK_IN_COLOUR[0])
        # its edge, half paper, is black too: without it, print under a stamp would be thinner than beside it
        edge = grey & (cv2.dilate(black.view(np.uint8), FRINGE) > 0)
        ink &= black | edge | ~enlarged(coloured, ink.shape)


def _grain(contrast: NDArray[np.float32], near_ink: Mask) -> float:
    """The lowest contrast that is more than the grain of this paper."""
    paper = contrast[::4, ::4][~near_ink[::4, ::4]]
    if paper.size == 0:
        return PALE
    middle = median(paper)
    spread = median(np.abs(paper - np.float32(middle))) * 1.5
    return min(max(PALE, middle + 4 * spread), SEEN)


def _marks(strength: NDArray[np.float32], low: float, high: float, pixels: int) -> Mask:
    """Connected cells above ``low`` that reach ``high``, have ``pixels`` cells and are not dust."""
    weak = strength > low
    if np.count_nonzero(strength >= high) < 2:
        return np.zeros(weak.shape, np.bool_)
    joined = cv2.dilate(weak.view(np.uint8), np.ones((3, 3), np.uint8))
    found = components(joined)
    owner = found.labels[weak]
    reaches = np.bincount(owner[strength[weak] >= high], minlength=found.number) >= 2
    large = np.bincount(owner, minlength=found.number) >= pixels
    sides = found.stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]] - 2
    diagonal = np.hypot(sides[:, 0], sides[:, 1]) / MAP_DPI * 25.4
    good: Mask = np.asarray(reaches & large & (diagonal >= SMALLEST_MM), np.bool_)
    good[0] = False
    marks = np.zeros(weak.shape, np.bool_)
    marks[weak] = good[owner]
    return marks


def _faint_strokes(away: NDArray[np.float32]) -> Mask:
    """Pencil and rules too pale to reach `SEEN`: thin lines that stand out of the grain of this very page."""
    lines = cv2.GaussianBlur(away, (7, 7), 1.0) - _widely_blurred(away)
    grain = FAINT_OVER_GRAIN * median(np.abs(lines[::4, ::4])) / 0.6745
    strokes = _longer(lines > max(FAINTEST, grain), FAINT_MM)
    return strokes if grain >= FAINTEST else strokes | _longer(lines > max(FAINT_LONG, grain), FAINT_LONG_MM)


def _longer(lines: Mask, mm: float) -> Mask:
    """Those that are at least so long."""
    found = components(lines)
    sides = found.stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]]
    long: Mask = np.asarray(np.hypot(sides[:, 0], sides[:, 1]) / MAP_DPI * 25.4 >= mm, np.bool_)
    long[0] = False
    return np.asarray(long[found.labels], np.bool_) if long.any() else np.zeros(lines.shape, np.bool_)


def _widely_blurred(away: NDArray[np.float32]) -> NDArray[np.float32]:
    """Gaussian blur over 4 cells, made at half the size: what is so wide is the same there, in a quarter of the time."""
    half = cv2.resize(away, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    blurred = cv2.GaussianBlur(half, (0, 0), 2.0)
    return np.asarray(cv2.resize(blurred, away.shape[::-1], interpolation=cv2.INTER_LINEAR), np.float32)


def _tone(contrast: NDArray[np.float32], shown: NDArray[np.uint8], pale: Mask) -> Mask:
    """Continuous tone: dense middle greys, and solid dark that is not black, over the size of a picture."""
    grey_solid = _grey_solid(contrast, shown)
    if np.count_nonzero(pale) + np.count_nonzero(grey_solid) < _cells(PICTURE_MM / 2) ** 2 / 2:
        return np.zeros(pale.shape, np.bool_)
    dense = cv2.blur((pale | grey_solid).astype(np.float32), (_cells(3.0),) * 2) > 0.5
    opened = cv2.morphologyEx(dense.view(np.uint8), cv2.MORPH_OPEN, np.ones((_cells(PICTURE_MM / 2),) * 2, np.uint8))
    if not opened.any():
        return np.zeros(pale.shape, np.bool_)
    closed = cv2.morphologyEx(opened, cv2.MORPH_CLOSE, np.ones((_cells(PICTURE_MM),) * 2, np.uint8))
    found = components(closed)
    sides = found.stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]]
    large: Mask = np.asarray(sides.min(axis=1) >= _cells(PICTURE_MM), np.bool_)
    large[0] = False
    pictures = np.asarray(large[found.labels], np.uint8)
    for left, top, width, height, area in found.stats[large]:
        if area > MOST_OF_BOX * width * height:  # a photograph: what is white in it belongs to it
            pictures[top : top + height, left : left + width] = 1
    return _filled(pictures)


def _grey_solid(contrast: NDArray[np.float32], shown: NDArray[np.uint8]) -> Mask:
    """Ink over more than strokes that is not as dark as black."""
    solid = cv2.erode(shown, np.ones((_cells(SOLID_MM),) * 2, np.uint8)) > 230
    if not solid.any():
        return solid
    grey = (solid & (contrast < 1 - NOT_BLACK / 255)).view(np.uint8)
    return np.asarray(cv2.dilate(grey, np.ones((_cells(SOLID_MM),) * 2, np.uint8)) > 0, np.bool_)


def _filled(mask: NDArray[np.uint8]) -> Mask:
    """The areas without their holes."""
    outlines, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    return np.asarray(cv2.drawContours(np.zeros_like(mask), outlines, -1, 1, cv2.FILLED) > 0, np.bool_)


def _grow(mask: Mask, mm: float) -> Mask:
    size = 2 * max(1, round(mm / 25.4 * MAP_DPI)) + 1
    return np.asarray(cv2.dilate(mask.astype(np.uint8), np.ones((size, size), np.uint8)) > 0, np.bool_)


def _boxes(marks: Mask) -> tuple[Pixel, ...]:
    outlines, _ = cv2.findContours(marks.view(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    sides = (cv2.boundingRect(outline) for outline in outlines)
    return merge_overlapping([(x, y, x + width, y + height) for x, y, width, height in sides])


def merge_overlapping(boxes: list[Pixel]) -> tuple[Pixel, ...]:
    """Join boxes until none overlaps another, so that no patch hides a part of its neighbour."""
    merged = sorted(boxes)
    while True:
        joined: list[Pixel] = []
        for box in merged:
            at = next((i for i, other in enumerate(joined) if _overlap(box, other)), None)
            if at is None:
                joined.append(box)
            else:
                joined[at] = _union(box, joined[at])
        if len(joined) == len(merged):
            return tuple(joined)
        merged = sorted(joined)


def _overlap(a: Pixel, b: Pixel) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _union(a: Pixel, b: Pixel) -> Pixel:
    return (min(a[0], b[0]), min(a[1], b[1]), max(a[2], b[2]), max(a[3], b[3]))


def _rows_columns(box: Pixel) -> tuple[slice, slice]:
    left, top, right, bottom = box
    return slice(top, bottom), slice(left, right)


def _cells(mm: float) -> int:
    return max(1, round(mm / 25.4 * MAP_DPI))
