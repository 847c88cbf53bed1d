"""Finds scanner artefacts that must not be coded as ink: the scanner's edge beside the sheet, and punch holes.

    find_artefacts(contrast, 0.254) -> bool (h, w), True in the scanner's edge and in punch holes

The tests are narrow, because content removed here is lost: the edge is dark from the border inwards over most of a
side, unlike writing, and it is removed only down to what is written in its shadow; a band with light letters and a frame that is
equally thick all around are printed or drawn, and stay; holes occur in pairs, as found by `marks`.

`python -m bench verdicts` measures the limits together.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from itrwatch.imaging.analysis.background import Contrast
from itrwatch.imaging.analysis.edge_writing import above_edge, light_writing
from itrwatch.imaging.analysis.marks import MarkKind, group
from itrwatch.imaging.resample import components

DARK = 0.25
"""Least contrast of the scanner's edge and of holes. Chosen."""
MOST_OF_SIDE = 0.6
"""Share of the length of a side above which a row is dark enough for the edge. Chosen."""
DEEPEST_MM = 10.0
"""Largest depth of the scanner's edge, mm. Chosen."""
LEAST_HOLE_MM = 3.0
"""Diameter of a dark disc that every punch hole contains, mm. Chosen."""
NEAR_SIDE_MM = 25.0
"""Width of the strips along the sides that are searched for holes, mm. Chosen."""
SHADE = 0.02
"""Median contrast above which a row is in the shadow of the edge on the sheet. Chosen."""
WRITTEN, WRITING_MM = 0.10, 1.5
"""Contrast above that of the edge, and size in mm, of a mark that is written in its shadow. Chosen: as `marks.CLEAR`; a digit has 2 mm."""
ABOVE_MM = 1.0
"""Depth of the edge that is kept above writing, mm; a band whose light letters begin this much below it is no edge. Chosen."""
FRAME_MM, FRAME_SHARE = 3.0, 0.9
"""Largest thickness of a drawn frame, mm, and the share of each side along which it is that thick. Chosen."""
AROUND_PX = 2
"""Width of the soft shadow around a hole and along the edge, cells. Chosen."""

Mask = NDArray[np.bool_]


def find_artefacts(contrast: Contrast, mm_per_px: float) -> Mask:
    """Contrast map → bool ``(height, width)``, True for cells of the scanner's edge or a punch hole."""
    found = np.zeros(contrast.shape, np.bool_)
    deepest = round(DEEPEST_MM / mm_per_px)
    depths = [_edge_depth(np.rot90(contrast, turns), deepest) for turns in range(4)]  # each side in turn is the top
    if all(depths) and _frame(contrast, mm_per_px):
        depths = [0, 0, 0, 0]
    if any(depths):
        light = light_writing(contrast, mm_per_px) > 0
        above = round(ABOVE_MM / mm_per_px)
        lettered = [bool(np.rot90(light, turns)[: depth + above].any()) for turns, depth in enumerate(depths)]
        depths = [0 if printed else depth for depth, printed in zip(depths, lettered, strict=True)]
    if any(depths):
        edge = np.zeros(contrast.shape, np.bool_)
        for turns, depth in enumerate(depths):
            np.rot90(edge, turns)[:depth] = True
        written = _written(above_edge(contrast, edge, mm_per_px), mm_per_px)
        for turns, depth in enumerate(depths):
            occupied = np.rot90(written, turns)[:depth].any(axis=1)
            # Not down to the writing itself: its uppermost strokes may be as dark as the edge there.
            above = int(np.argmax(occupied)) - round(ABOVE_MM / mm_per_px) if occupied.any() else depth
            np.rot90(found, turns)[: max(0, above)] = True
    if _may_have_holes(contrast, mm_per_px):
        for left, top, width, height in group(contrast, mm_per_px).of(MarkKind.HOLE).box:
            rows = slice(max(0, top - AROUND_PX), top + height + AROUND_PX)
            found[rows, max(0, left - AROUND_PX) : left + width + AROUND_PX] = True
    return found


def _frame(contrast: Contrast, mm_per_px: float) -> bool:
    """Whether the dark edges of all four sides are a drawn frame: thin, sharp, and of one thickness all around.

    The scanner's edge is not: the sheet lies a little askew and out of the middle, and casts a shadow.
    """
    most = round(FRAME_MM / mm_per_px)
    thick = []
    for turns in range(4):
        strip = np.rot90(contrast, turns)[: most + 3]
        inner = np.argmin(strip > DARK, axis=0)  # the first row that is not dark, of each column; 0 if all are
        along = inner[inner > 0]
        # Writing may touch the frame, and the other sides' frames stand in the corners.
        if len(along) < FRAME_SHARE * len(inner) or not 0 < (middle := int(np.median(along))) <= most:
            return False
        sharp = (strip[middle + 1] < SHADE) & (np.abs(inner - middle) <= 1)
        if sharp.mean() < FRAME_SHARE:
            return False
        thick.append(middle)
    return max(thick) - min(thick) <= 1


def _written(above: Contrast, mm_per_px: float) -> Mask:
    """The marks of writing in the contrast ``above`` the scanner's edge."""
    marks = components(above > WRITTEN)
    large = np.hypot(marks.stats[:, 2], marks.stats[:, 3]) * mm_per_px >= WRITING_MM
    large[0] = False
    return np.asarray(large[marks.labels])


def _may_have_holes(contrast: Contrast, mm_per_px: float) -> bool:
    """Whether there is a dark disc near a side; a fast test, because most pages have no holes and `group` is slow."""
    wide = round(LEAST_HOLE_MM / mm_per_px)
    if wide < 2:
        return False  # at such low resolutions holes and letters are indistinguishable
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (wide, wide))
    within = np.ones((wide // 2, wide // 2), np.uint8)  # a square inside the disc: ten times faster to erode
    near = round(NEAR_SIDE_MM / mm_per_px)
    dark = (contrast > DARK).view(np.uint8)
    strips = (dark[:near], dark[-near:], dark[:, :near], dark[:, -near:])
    return any(bool(cv2.erode(strip, within).any() and cv2.erode(strip, disc).any()) for strip in strips)


def _edge_depth(contrast: Contrast, deepest: int) -> int:
    """Number of rows from the top that are the scanner's edge with its soft shadow; 0 if there is no edge or it exceeds ``deepest``."""
    rows = contrast[: deepest + 1]
    filled = (rows > DARK).mean(axis=1) > MOST_OF_SIDE
    if not filled[0] or filled.all():
        return 0
    edge = int(np.argmin(filled))
    # Rows of soft shadow follow the dark ones; the median of a row ignores writing.
    shaded = np.median(rows[edge:], axis=1) > SHADE
    return edge + AROUND_PX + (int(np.argmin(shaded)) if not shaded.all() else 0)
