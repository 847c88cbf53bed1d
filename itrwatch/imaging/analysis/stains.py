"""Decides whether the marks of a page are only stains and shadows, without sharp edges.

    only_stains(contrast, 0.254, marks) -> True where nothing has the edge of a stroke

Damp, age and uneven illumination darken paper as much as faint pencil, but softly. Writing has strokes with edges of less
than a millimetre. Therefore a page whose pale marks are all soft is blank. This applies to fine paper only: on green card
(fibre noise 0.010) a legible stamp of 12 % contrast was below the tolerance for grain, so pages of coarse paper stay doubtful.

Measured on 48 real blank sides, each also with stamps, signatures, words, digits and ticks of 12 to 30 % contrast added:
two more sides are recognised as blank, no mark is lost.

`python -m bench verdicts` measures the limits together.
"""

from __future__ import annotations

from itertools import pairwise

import cv2
import numpy as np

from itrwatch.imaging.analysis.background import Contrast
from itrwatch.imaging.analysis.marks import FAINT_AWAY_MM, FAINTEST, MarkKind, Marks
from itrwatch.imaging.resample import median

STROKE_PX, AROUND_PX = 1.0, 5.0
"""Sigmas of the difference of Gaussians that detects strokes: 0.25 and 1.3 mm (physical: widths of pens and of stains)."""
OUT_OF_GRAIN = 5.0
"""Multiple of the standard deviation of the grain from which a pixel belongs to a stroke (chosen; 4 leaves specks on every sheet)."""
WINDOW_MM = 12.0
"""Grain is measured in windows of this size (chosen)."""
UNEVEN, COARSEST = 1.6, 0.006
"""The grain of a window is limited to the first value times the median; a sheet with a median above the second is not judged
(measured: office paper 0.001 to 0.005, green card 0.010, kraft 0.023)."""
STROKE_MM, GRAIN_MM, MOST_STROKES = 2.0, 0.7, 12
"""A stroke of the first length keeps the page, and so do more than the third number of strokes of the second length, mm (as in `blank`). Chosen."""
BORDER_MM, EDGE_MM = 3.0, 8.0
"""Distance from the border, mm, within which strokes, and stains, are the scanner's edge (as in `marks`). Chosen."""
SOFT = 0.30
"""Largest smoothed contrast of a stain or a shadow (chosen: contrast of ink); a photograph and a bar are darker."""
INKY_MM, INKY = 2.0, 0.05
"""A mark of this size with this share of ink is not a stain (chosen)."""


def only_stains(contrast: Contrast, mm_per_px: float, marks: Marks) -> bool:
    """Whether the paper is fine and nothing on it has the edges of a stroke; ``marks``: those that keep the page."""
    content = marks.of(MarkKind.CONTENT)
    if ((content.diagonal >= INKY_MM) & (content.ink > INKY * content.area)).any() or _beside_border(content, contrast):
        return False
    fine, soft = (np.asarray(cv2.GaussianBlur(contrast, (0, 0), px), np.float32) for px in (STROKE_PX, AROUND_PX))
    edge = round(EDGE_MM / mm_per_px)
    inner = soft[edge:-edge, edge:-edge]
    if not inner.size or inner.max() > SOFT:
        return False
    lines = fine - soft
    # Grain varies as much between pixels as over a stroke's width; pale rows and rules do not. The minimum of both is grain.
    spread = np.minimum(_spread(np.abs(lines), mm_per_px), _spread(np.abs(contrast - fine), mm_per_px))
    usual = float(np.median(spread))
    if usual > COARSEST:
        return False
    grain = cv2.resize(np.minimum(spread, UNEVEN * usual), lines.shape[::-1], interpolation=cv2.INTER_LINEAR)
    seen = (lines > np.maximum(FAINTEST, OUT_OF_GRAIN * grain)).astype(np.uint8)
    lengths = _lengths(seen, marks, mm_per_px)
    return bool(lengths.max(initial=0.0) < STROKE_MM and np.count_nonzero(lengths >= GRAIN_MM) <= MOST_STROKES)


def _beside_border(content: Marks, contrast: Contrast) -> bool:
    """Whether a mark of a stroke's length lies in the strip along the border in which `_lengths` does not look, and is no shadow that begins there."""
    left, top, width, height = content.box.T * content.mm_per_px
    high, wide = (side * content.mm_per_px for side in contrast.shape)
    apart = np.minimum(np.minimum(left, top), np.minimum(wide - left - width, high - top - height))
    reach = np.minimum(np.minimum(left + width, top + height), np.minimum(wide - left, high - top))
    return bool(
        ((apart > content.mm_per_px) & (reach <= BORDER_MM + STROKE_MM) & (content.diagonal >= STROKE_MM)).any()
    )


def _lengths(seen: np.ndarray, marks: Marks, mm_per_px: float) -> np.ndarray:
    """Lengths of the strokes in mm, without those at the border and around punch holes."""
    border, around = round(BORDER_MM / mm_per_px), round(FAINT_AWAY_MM / mm_per_px)
    seen[:border] = seen[-border:] = 0
    seen[:, :border] = seen[:, -border:] = 0
    for left, top, width, height in marks.of(MarkKind.HOLE).box:
        seen[max(0, top - around) : top + height + around, max(0, left - around) : left + width + around] = 0
    stats = cv2.connectedComponentsWithStats(seen, connectivity=8)[2][1:]
    return np.asarray(np.hypot(stats[:, 2], stats[:, 3]) * mm_per_px)


def _spread(size: Contrast, mm_per_px: float) -> Contrast:
    """Standard deviation in each window, computed from the median, so that strokes over less than half of it have no effect."""
    rows, columns = (
        # A window has at least two pixels a side, of which every other one is taken.
        np.linspace(0, side, max(1, min(side // 2, round(side * mm_per_px / WINDOW_MM))) + 1).astype(int)
        for side in size.shape
    )
    windows = [
        # The median of |x| is 0.6745 sigma for a normal distribution.
        [median(size[top:bottom:2, left:right:2]) / 0.6745 for left, right in pairwise(columns)]
        for top, bottom in pairwise(rows)
    ]
    return np.array(windows, np.float32)
