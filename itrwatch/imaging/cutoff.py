"""Whether print or writing runs off the scan: letters, cut in two, stand at its very border.

Only what has the size of letters counts, and only several of them along one side: a lid or the shadow of a spine hugs the
border, the rules of a form and the side of a photograph are longer, a hair or a speck comes alone. Between the
letters there must be paper, which there is not in a dark border. A signature that runs off is one stroke that
touches the border for a moment and comes from far inside; alone it cannot be told from a crease or a thread, and
is not told.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from itrwatch.imaging.marks import INK
from itrwatch.imaging.paper import Contrast, Paper

DEEP_MM = 16.0
"""Strip along the border that is looked at."""
LETTER_MM = (0.8, 7.0)
"""Length along the border of a letter that is cut by it, and height of one."""
LEAST_DEEP_MM = 0.6
"""A letter of which less is left is dirt."""
LEAST_LETTERS = 4
ALIKE = 0.5
"""Letters of one text are of a size: half of those that are cut lie within this share of the usual height."""
PAPER_SHARE = 0.6
"""So much of the border's length must be paper."""
BEYOND = 1
"""Ink further in, for each letter cut: the text that the letters belong to."""


def runs_off(paper: Paper) -> bool:
    """Whether letters are cut by a side of the scan."""
    contrast = paper.contrast
    return any(_cut_letters(np.rot90(contrast, quarters), paper.mm_per_px) >= LEAST_LETTERS for quarters in range(4))


def _cut_letters(contrast: Contrast, mm_per_px: float) -> int:
    """How many letters are cut by the upper side."""
    if np.count_nonzero((contrast[:2] > INK).any(axis=0)) < LEAST_LETTERS:
        return 0  # as with most pages: nothing stands there
    strip = np.ascontiguousarray(contrast[: round(DEEP_MM / mm_per_px)] > INK).astype(np.uint8)
    if strip.shape[0] < 4 or strip[:2].any(axis=0).mean() > 1 - PAPER_SHARE:
        return 0
    stats = cv2.connectedComponentsWithStats(strip, connectivity=8)[2][1:]
    top, width, height = (stats[:, at] * mm_per_px for at in (1, 2, 3))
    fill = stats[:, 4] / np.maximum(stats[:, 2] * stats[:, 3], 1)
    letter = (width >= LETTER_MM[0]) & (width <= LETTER_MM[1]) & (height <= LETTER_MM[1]) & (fill < 0.95)
    cut = letter & (top <= mm_per_px) & (height >= LEAST_DEEP_MM)
    whole = letter & (top > mm_per_px)
    if np.count_nonzero(cut) < LEAST_LETTERS or np.count_nonzero(whole) < BEYOND * np.count_nonzero(cut):
        return 0
    return _alike(width[cut])


def _alike(widths: NDArray[np.float64]) -> int:
    usual = float(np.median(widths))
    return int(np.count_nonzero(np.abs(widths - usual) <= ALIKE * usual))
