"""Finds writing in the scanner's edge: ink in the shadow that the lid casts on the sheet, and light letters on a dark band.

    above_edge(contrast, edge, 0.254) -> contrast above that of the edge; 0 where there is nothing but edge
    light_writing(contrast, 0.254)    -> by how much letters are lighter than a dark band along a side; 0 elsewhere

The edge and its shadow change slowly along the side, whatever their depth; writing does not. A shadow that joins the writing to
the border would otherwise hide it: a page with only a number there was removed as blank. Nothing light is written on the scanner's
lid: a dark band with letters is printed (the bar of a window or web page, a form's coloured head), and was erased with them.

`python -m bench verdicts` measures the limits together.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from itrwatch.imaging.analysis.background import Contrast
from itrwatch.imaging.resample import components

DEEP_MM = 12.0
"""Greatest depth of an edge along a whole side, mm, including its soft shadow. Chosen."""
ALONG_MM, STEP_MM = 50.0, 1.0
"""Length of the side whose median is the edge at its middle, and distance of the samples, mm. Chosen: writing covers less than half of it."""
ASKEW_MM = 0.5
"""The edge of a sheet that lies askew is this much deeper or less deep at the ends of the side, where the median cannot follow, mm. Physical:
an eighth of `ALONG_MM` at two degrees. So far around the lid nothing is written."""
DARKEST_EDGE = 0.5
"""Contrast of the edge above which it is the lid itself and not its shadow on the sheet: nothing is written there. Chosen."""
BAND, LIGHT = 0.25, 0.5
"""Least contrast of a band that may have light letters, and the share of it that they have at most. Chosen."""
LETTER_MM = 1.5
"""Size of a light letter, mm. Chosen: as dark writing (`scanner_artefacts.WRITING_MM`)."""


def above_edge(contrast: Contrast, edge: NDArray[np.bool_], mm_per_px: float) -> Contrast:
    """The contrast by which pixels of the mask ``edge`` exceed the edge along the sides of the page; 0 elsewhere."""
    shade, deep = np.zeros_like(contrast), round(DEEP_MM / mm_per_px) + 1
    askew = 2 * max(1, round(ASKEW_MM / mm_per_px)) + 1
    for corner in (shade[:deep, :deep], shade[:deep, -deep:], shade[-deep:, :deep], shade[-deep:, -deep:]):
        corner[:] = np.nan  # unknown where neither side has an edge: the lid behind a folded corner
    for quarters in range(4):  # each side in turn is the top; the views share the arrays' memory
        if not np.rot90(edge, quarters)[0, deep:-deep].any():
            continue  # another side's edge ends here
        strip = np.rot90(shade, quarters)[:deep]
        # In a corner the darker edge counts: it covers what the other leaves.
        np.fmax(strip, _along(np.rot90(contrast, quarters)[:deep], mm_per_px), out=strip)
    lid = cv2.dilate((shade >= DARKEST_EDGE).view(np.uint8), np.ones((askew, askew), np.uint8)).view(np.bool_)
    # Ink takes its share of the light that the shadow leaves. A comparison with NaN is false.
    share = 1 - (1 - contrast) / (1 - np.minimum(shade, DARKEST_EDGE))
    return np.where(edge & ~lid & (share > 0), share, 0).astype(np.float32)


def light_writing(contrast: Contrast, mm_per_px: float) -> Contrast:
    """By how much letters are lighter than the dark band along a side in which they stand; 0 elsewhere."""
    lighter = np.zeros_like(contrast)
    deep = round(DEEP_MM / mm_per_px) + 1
    for quarters in range(4):
        there = np.rot90(lighter, quarters)[:deep]
        np.maximum(there, _letters(np.rot90(contrast, quarters)[:deep], mm_per_px), out=there)
    return lighter


def _letters(strip: Contrast, mm_per_px: float) -> Contrast:
    """The same for a strip along a side, its first row at the border."""
    if not ((strip > BAND).mean(axis=1) > 0.5).any():
        return np.zeros_like(strip)  # no row is a band
    band = _along(strip, mm_per_px)
    # What is light and joined to the sheet, or goes all along the side, is no letter: a sheet that lies askew, a strip beside the lid.
    light = (band < BAND) | (strip < LIGHT * band)
    found = components(light)
    wide, high = found.stats[:, 2], found.stats[:, 3]
    letter = (np.hypot(wide, high) * mm_per_px >= LETTER_MM) & (wide * mm_per_px < ALONG_MM)
    letter[np.concatenate(([0], found.labels[-1], found.labels[:, 0], found.labels[:, -1]))] = False
    return np.where(letter[found.labels], band - strip, 0).astype(np.float32)


def _along(strip: Contrast, mm_per_px: float) -> Contrast:
    """The median of `ALONG_MM` of each row around each pixel of a strip along a side."""
    step = max(1, round(STEP_MM / mm_per_px))
    half = max(1, round(ALONG_MM / mm_per_px / step / 2))
    # Mirrored at its ends: in a corner the other side's edge must not count twice.
    few = np.pad(strip[:, ::step], ((0, 0), (half, half)), mode="symmetric")
    # All windows at once: (rows, samples, samples of a window).
    median = np.median(sliding_window_view(few, 2 * half + 1, axis=1), axis=2).astype(np.float32)
    return np.repeat(median, step, axis=1)[:, : strip.shape[1]]
