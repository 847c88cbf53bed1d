"""Scanner artefacts: the scanner's edge beside the sheet, and punch holes. They must not be coded as ink.

    find_artefacts(contrast, 0.254) -> bool (h, w), True in the scanner's edge and in punch holes

The tests are narrow, because what is removed here is lost: the edge is
dark from the border inwards over most of a side, which writing never is; holes come in pairs, as
`marks` finds them.

Limits are chosen unless they say otherwise; `python -m bench verdicts` measures them together.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from itrwatch.imaging.analysis.background import Contrast
from itrwatch.imaging.analysis.marks import MarkKind, group

DARK = 0.25
"""Contrast of the scanner's edge or its shadow."""
MOST_OF_SIDE = 0.6
"""Share of a side's length that the edge is dark over, row by row from the border."""
DEEPEST_MM = 10.0
LEAST_HOLE_MM = 3.0
NEAR_SIDE_MM = 25.0
SHADE = 0.02
"""Median contrast of a row in the shadow that the edge throws on the sheet."""
AROUND_PX = 2
"""Cells of soft shadow around a hole and along the edge."""

Mask = NDArray[np.bool_]


def find_artefacts(contrast: Contrast, mm_per_px: float) -> Mask:
    """Cells of the contrast map that are scanner's edge or punch hole: bool ``(height, width)``."""
    found = np.zeros(contrast.shape, np.bool_)
    for turns in range(4):  # each side in turn is the top
        depth = _edge_depth(np.rot90(contrast, turns), round(DEEPEST_MM / mm_per_px))
        np.rot90(found, turns)[:depth] = True
    if _may_have_holes(contrast, mm_per_px):
        for left, top, width, height in group(contrast, mm_per_px).of(MarkKind.HOLE).box:
            rows = slice(max(0, top - AROUND_PX), top + height + AROUND_PX)
            found[rows, max(0, left - AROUND_PX) : left + width + AROUND_PX] = True
    return found


def _may_have_holes(contrast: Contrast, mm_per_px: float) -> bool:
    """Whether there is a dark disc near a side at all; most pages have none, and looking closer takes long."""
    wide = round(LEAST_HOLE_MM / mm_per_px)
    if wide < 2:
        return False  # at so few dots an inch no hole could be told from a letter
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (wide, wide))
    within = np.ones((wide // 2, wide // 2), np.uint8)  # a square is looked for in a tenth of the time
    near = round(NEAR_SIDE_MM / mm_per_px)
    dark = (contrast > DARK).view(np.uint8)
    strips = (dark[:near], dark[-near:], dark[:, :near], dark[:, -near:])
    return any(bool(cv2.erode(strip, within).any() and cv2.erode(strip, disc).any()) for strip in strips)


def _edge_depth(contrast: Contrast, deepest: int) -> int:
    """Rows from the top that are the scanner's edge with its soft shadow; 0 when it goes on further than an edge does."""
    rows = contrast[: deepest + 1]
    filled = (rows > DARK).mean(axis=1) > MOST_OF_SIDE
    if not filled[0] or filled.all():
        return 0
    edge = int(np.argmin(filled))
    # Rows of soft shadow follow the dark ones; the median over the row leaves out writing.
    shaded = np.median(rows[edge:], axis=1) > SHADE
    return edge + AROUND_PX + (int(np.argmin(shaded)) if not shaded.all() else 0)
