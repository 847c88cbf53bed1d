"""Stains and shadows: whether a page that keeps its marks has none with an edge.

    only_stains(contrast, 0.254, marks) -> True where nothing has the edge of a stroke

Damp, age and a lamp's fall-off darken paper as much as faint pencil does, but softly. Writing has strokes with edges
of less than a millimetre. So a page whose pale marks are all soft is blank. This works on fine paper only: on green card (spread of its fibres 0.010) a stamp with 12 % of ink drowned in what had to be allowed for grain,
though a person reads it, so coarse paper stays a doubt.

Measured on 48 real blank sides, on each of which stamps, signatures, words, digits and ticks with 12 to 30 % of ink were laid:
two sides more are found blank than without, no mark is lost.

Limits are chosen unless they say otherwise; `python -m bench verdicts` measures them together.
"""

from __future__ import annotations

from itertools import pairwise

import cv2
import numpy as np

from itrwatch.imaging.analysis.background import Contrast
from itrwatch.imaging.analysis.marks import FAINT_AWAY_MM, FAINTEST, MarkKind, Marks
from itrwatch.imaging.resample import median

STROKE_PX, AROUND_PX = 1.0, 5.0
"""A stroke is what is darker over the first than over the second: 0.25 and 1.3 mm (physical: widths of pens and of stains)."""
OUT_OF_GRAIN = 5.0
"""Times the spread of the paper's grain from which something is a stroke (chosen; 4 leaves specks of grain on every sheet)."""
WINDOW_MM = 12.0
"""Grain is measured in windows of this size (chosen)."""
UNEVEN, COARSEST = 1.6, 0.006
"""No window is taken for coarser than so many times the usual one; a sheet usually coarser than the second is not judged
(measured: office paper 0.001 to 0.005, green card 0.010, kraft 0.023)."""
STROKE_MM, GRAIN_MM, MOST_STROKES = 2.0, 0.7, 12
"""A stroke of the first length keeps the page; so do more than so many of the second (as in `blank`: content, specks)."""
BORDER_MM, EDGE_MM = 3.0, 8.0
"""What lies nearer to the border is the scanner's edge: strokes, and stains (as in `marks`)."""
SOFT = 0.30
"""A stain or a shadow is no darker than this, smoothed (chosen: contrast of ink); a photograph and a bar are."""
INKY_MM, INKY = 2.0, 0.05
"""A mark of this size with such a share of ink is no stain (chosen)."""


def only_stains(contrast: Contrast, mm_per_px: float, marks: Marks) -> bool:
    """Whether nothing on fine paper has the edges of a stroke; ``marks``: those that keep the page."""
    content = marks.of(MarkKind.CONTENT)
    if ((content.diagonal >= INKY_MM) & (content.ink > INKY * content.area)).any():
        return False
    fine, soft = (np.asarray(cv2.GaussianBlur(contrast, (0, 0), px), np.float32) for px in (STROKE_PX, AROUND_PX))
    edge = round(EDGE_MM / mm_per_px)
    inner = soft[edge:-edge, edge:-edge]
    if not inner.size or inner.max() > SOFT:
        return False
    lines = fine - soft
    # Grain differs from pixel to pixel as much as over a stroke's width; pale rows and rules do not: the lesser is grain.
    spread = np.minimum(_spread(np.abs(lines), mm_per_px), _spread(np.abs(contrast - fine), mm_per_px))
    usual = float(np.median(spread))
    if usual > COARSEST:
        return False
    grain = cv2.resize(np.minimum(spread, UNEVEN * usual), lines.shape[::-1], interpolation=cv2.INTER_LINEAR)
    seen = (lines > np.maximum(FAINTEST, OUT_OF_GRAIN * grain)).astype(np.uint8)
    lengths = _lengths(seen, marks, mm_per_px)
    return bool(lengths.max(initial=0.0) < STROKE_MM and np.count_nonzero(lengths >= GRAIN_MM) <= MOST_STROKES)


def _lengths(seen: np.ndarray, marks: Marks, mm_per_px: float) -> np.ndarray:
    """Of the strokes in mm, but for those at the border and round punch holes."""
    border, around = round(BORDER_MM / mm_per_px), round(FAINT_AWAY_MM / mm_per_px)
    seen[:border] = seen[-border:] = 0
    seen[:, :border] = seen[:, -border:] = 0
    for left, top, width, height in marks.of(MarkKind.HOLE).box:
        seen[max(0, top - around) : top + height + around, max(0, left - around) : left + width + around] = 0
    stats = cv2.connectedComponentsWithStats(seen, connectivity=8)[2][1:]
    return np.asarray(np.hypot(stats[:, 2], stats[:, 3]) * mm_per_px)


def _spread(size: Contrast, mm_per_px: float) -> Contrast:
    """Standard deviation in each window, by the median: strokes that fill less than half of one do not count."""
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
