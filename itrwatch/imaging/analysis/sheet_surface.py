"""The colour of the bare sheet as a smooth surface, and the ground under each mark.

    sheet_surface(uint8 (438, 310, 3)) -> float32 of the same shape, 0 to 255

`sheet_surface` fits one quadratic surface a channel to the bare paper. It follows uneven illumination and the curve of a
spine, but not filled areas, stains or photographs, which therefore remain when a page is divided by it. `local_ground` is
the surroundings of strokes narrower than `thresholds.GROUND_MM`: paper, or the fill under them.

`python -m bench verdicts` measures the limits together.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from itrwatch.imaging import thresholds as at
from itrwatch.imaging.raster import Pixels

Floats = NDArray[np.float32]


NEAR_MODE = 0.07
"""Difference from the most frequent level, share of white, up to which a pixel is paper in the first fit. Chosen."""
TOLERANCES = (0.06, 0.045, 0.035, 0.03)
"""Chosen: share of white by which bare paper may differ from the surface, tighter with each fit."""
LEAST_SHARE = 0.08
"""Chosen: with a smaller share of bare paper no surface is fitted; the level is then one value."""
CURVED_SHARE = 0.30
"""Chosen: below this share a plane is fitted, which extrapolates without oscillation."""
GRID = (56, 40)
"""Rows and columns on which the surface is fitted: 5 mm on A4. Chosen."""
BORDER = 0.94
"""Chosen: the outer 3 % of each side may be scanner edge, table or shadow and are not fitted."""
DARKEST_GROUND = 40
"""Of 255. Chosen: division by a darker ground would amplify only grain."""


def sheet_surface(low: Pixels) -> Floats:
    """The bare sheet of a small picture (about 37 dpi): same shape, float32, 0 to 255.

    The mode of the brightness, weighted towards the bright side, is the first estimate of paper; a surface is fitted to
    the values near it, then again to the values near the fit.
    """
    rows, columns = GRID
    tiny = cv2.resize(np.atleast_3d(low), (columns, rows), interpolation=cv2.INTER_AREA)
    values = np.atleast_3d(tiny).reshape(rows * columns, -1).astype(np.float32) / 255
    y, x = (axis.ravel() for axis in np.mgrid[-1 : 1 : rows * 1j, -1 : 1 : columns * 1j])
    # The first three columns are a plane, all six a quadratic surface.
    terms = np.stack([np.ones_like(x), x, y, x * x, y * y, x * y], axis=1).astype(np.float32)
    inner = (np.abs(x) < BORDER) & (np.abs(y) < BORDER)
    level = values.mean(axis=1)
    paper = inner & (np.abs(level - _mode(level[inner])) < NEAR_MODE)
    fitted = np.broadcast_to(np.median(values[paper], axis=0), values.shape)
    for tolerance in TOLERANCES:
        share = paper.sum() / inner.sum()
        if share < LEAST_SHARE:
            break
        count = 6 if share > CURVED_SHARE else 3
        solution = np.linalg.lstsq(terms[paper, :count], values[paper], rcond=None)[0]
        fitted = terms[:, :count] @ solution
        paper = inner & (np.abs(values - fitted).max(axis=1) < tolerance)
    surface = np.clip(fitted, 0.1, 1).reshape(rows, columns, -1).astype(np.float32) * 255
    wide = cv2.resize(surface, (low.shape[1], low.shape[0]), interpolation=cv2.INTER_LINEAR)
    return np.asarray(wide.reshape(low.shape), np.float32)


def _mode(level: Floats) -> float:
    counts, edges = np.histogram(level, 64, (0, 1))
    # Weighted by the square of the brightness: the paper is the bright mode, also where ink covers more.
    smooth = np.convolve(counts, (1, 2, 3, 2, 1), "same") * (edges[:-1] + 0.1) ** 2
    return float(edges[int(smooth.argmax())] + 0.5 / 64)


def local_ground(low: Pixels, dpi: float) -> Pixels:
    """The smoothed surroundings of strokes narrower than `thresholds.GROUND_MM`: same shape as ``low``."""
    window = max(3, round(at.GROUND_MM / 25.4 * dpi) // 2 * 2 + 1)
    kernel = np.ones((window, window), np.uint8)
    calm = cv2.medianBlur(low, 3)
    # A closing fills dark structures narrower than the window: the strokes.
    closed = cv2.morphologyEx(calm, cv2.MORPH_CLOSE, kernel, borderType=cv2.BORDER_REPLICATE)
    return np.maximum(np.asarray(cv2.blur(closed, (3, 3)), np.uint8), DARKEST_GROUND)
