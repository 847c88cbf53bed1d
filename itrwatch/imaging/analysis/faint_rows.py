"""Detects rows of writing without visible single strokes, by their periodicity down the page.

    row_rhythm(contrast, 0.254) -> 0.12 for bare paper, 0.4 and more for rows of writing

Faded thermal print, the last sheet of a carbon copy, or show-through has hundreds of strokes that are each below the
paper's grain. Together they darken the page line by line, 3 to 9 mm apart; grain, stains, creases and shadows do not.

Measured on 48 real blank sides (laid paper, kraft, foxed, creased, photographed) 0.00 to 0.23; seven real sides with pale
rows 0.54 to 0.79, the palest with four grey levels of contrast and no stroke over 1.6 mm; drawn sheets with 2 to 8 % of a
letter showing through 0.11 to 0.28.

`python -m bench verdicts` measures the limits together.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from itrwatch.imaging.analysis.background import Contrast

ROWS = 0.40
"""Rhythm from which the page has rows of writing, however pale (measured, see above)."""
PERHAPS_ROWS = 0.25
"""Rhythm above that of any blank paper: enough to mention show-through, not to keep a page (measured)."""
PITCH_MM = (3.0, 9.0)
"""Distance of lines: from tightly set 8 pt to handwriting on ruled paper (physical)."""
BORDER_MM = 10.0
"""Border that is ignored: the scanner's edge has its own rhythm (chosen)."""
DARKEST = 0.06
"""Contrast is capped at this value, so that a single stain or speck does not outweigh the rows (chosen)."""
BANDS = 3
"""Vertical bands of the page, because skewed rows blur over its whole width; two must agree (chosen)."""
LEAST_ROWS = 80
"""Least height in px, without borders and half a pitch, for a rhythm: 2 cm at 100 dpi (chosen)."""


def row_rhythm(contrast: Contrast, mm_per_px: float) -> float:
    """Periodicity of lines, upright or sideways: 0 none, 1 a grating."""
    # A band-pass filter: grain is finer than 1 px, shadows are wider than 5 px.
    lines = np.abs(cv2.GaussianBlur(contrast, (0, 0), 1.0) - cv2.GaussianBlur(contrast, (0, 0), 5.0))
    border = round(BORDER_MM / mm_per_px)
    inner = np.minimum(lines[border:-border, border:-border], np.float32(DARKEST))
    return max(_rhythm(inner, mm_per_px), _rhythm(inner.T, mm_per_px))


def _rhythm(lines: NDArray[np.float32], mm_per_px: float) -> float:
    """The second best of the bands' autocorrelations at the pitch of writing."""
    least, most = (round(pitch / mm_per_px) for pitch in PITCH_MM)
    smooth = np.ones(2 * round(PITCH_MM[1] / 1.5 / mm_per_px) + 1)
    found = []
    for band in np.array_split(lines, BANDS, axis=1):
        if band.shape[0] < LEAST_ROWS + len(smooth) or not band.size:
            continue
        profile = band.mean(axis=1)
        # Subtract a running mean wider than the pitch: what is left varies from line to line.
        profile = profile - np.convolve(profile, smooth / len(smooth), "same")
        half = len(smooth) // 2
        profile = np.convolve(profile, np.ones(3) / 3, "same")[half : len(profile) - half]
        profile = profile - profile.mean()
        # The second half of the autocorrelation: lags from 0 on, normalised by the variance (lag 0).
        alike = np.correlate(profile, profile, "full")[len(profile) - 1 :]
        found.append(float(alike[least:most].max() / max(alike[0], 1e-12)))
    return sorted(found)[-2] if len(found) > 1 else 0.0
