"""Finds writing in the scanner's edge: ink in the shadow that the lid casts on the sheet.

    standing_out(contrast[:47], 0.254) -> contrast above that of the edge; 0 where there is nothing but edge

The edge and its shadow change slowly along the side, whatever their depth; writing does not. A shadow that joins the writing to
the border would otherwise hide it: a page with only a number there was removed as blank.

`python -m bench verdicts` measures the limits together.
"""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from itrwatch.imaging.analysis.background import Contrast

ALONG_MM, STEP_MM = 50.0, 1.0
"""Length of the side whose median is the edge at its middle, and distance of the samples, mm. Chosen: writing covers less than half of it."""
DARKEST_EDGE = 0.5
"""Contrast of the edge above which it is the lid itself and not its shadow on the sheet: nothing is written there. Chosen."""


def standing_out(strip: Contrast, mm_per_px: float) -> Contrast:
    """Contrast of a strip along a side, its first row at the border → by how much it exceeds that of the edge."""
    step = max(1, round(STEP_MM / mm_per_px))
    half = max(1, round(ALONG_MM / mm_per_px / step / 2))
    few = np.pad(strip[:, ::step], ((0, 0), (half, half)), mode="edge")
    # A median keeps the slope of a sheet that lies askew; all windows at once, (rows, samples, samples of a window).
    edge = np.median(sliding_window_view(few, 2 * half + 1, axis=1), axis=2)
    edge = np.repeat(edge, step, axis=1)[:, : strip.shape[1]]
    return np.where(edge < DARKEST_EDGE, np.maximum(strip - edge, 0), 0).astype(np.float32)
