"""Whether all ink in a place is of one colour and strength: a stamp is, a stamp with somebody's pen across it mostly not.

Measured on 48 drawn EM BRANCO stamps with a rubric of 4 to 9 mm over their letters (see `stamp`).
"""

from __future__ import annotations

import cv2
import numpy as np

from itrwatch.imaging.marks import INK, largest
from itrwatch.imaging.paper import Paper

OTHER_COLOUR = 0.98
"""Cosine between what two inks take of red, green and blue: 11 degrees. One ink on grain stays within eight."""
FULL_INK, DARKER, GRAIN = 0.75, 1.25, 0.04
"""A pen is darker than a stamp: than a quarter more than the stamp where it is well inked."""
STROKE_MM = 2.5
"""A stroke of another ink that is this long is no speck of dust on the stamp."""


def of_one_ink(paper: Paper, box_mm: tuple[float, float, float, float]) -> bool:
    """Whether the ink in ``box_mm`` (left, top, right, bottom) takes the same share of every colour of light."""
    if paper.pixels.ndim == 2:
        return True
    left, top, right, bottom = (max(0, round(side / paper.mm_per_px)) for side in box_mm)
    inked = paper.contrast[top:bottom, left:right] > INK
    taken = 1 - paper.pixels[top:bottom, left:right].astype(np.float32) / np.array(paper.tone, np.float32)
    taken = np.maximum(taken, 0)
    if not inked.any():
        return True
    taken /= np.maximum(np.linalg.norm(taken, axis=2, keepdims=True), 1e-6)
    usual = np.median(taken[inked], axis=0)
    contrast = paper.contrast[top:bottom, left:right]
    darker = contrast > DARKER * float(np.quantile(contrast[inked], FULL_INK)) + GRAIN
    other = inked & (darker | (taken @ (usual / max(float(np.linalg.norm(usual)), 1e-6)) < OTHER_COLOUR))
    joined = np.asarray(cv2.dilate(other.astype(np.uint8), np.ones((2, 2), np.uint8)), np.uint8)
    return largest(joined) * paper.mm_per_px < STROKE_MM
