"""Corrects small skew if print becomes clearer and no ink is cut at the edges.

    find_skew(reduced) -> 1.3; straightened(raster, 1.3) -> the raster turned back; print_skew(reduced) -> 1.3 also with ink at the edges

The angle is the one that separates lines of print best: it has the largest sum of squares of the row profile. Less
than half a degree is not visible; more than three degrees is intended.
Bilevel scans are not straightened: a small rotation would fray every stroke.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from itrwatch.imaging.analysis.background import Contrast, ReducedPage
from itrwatch.imaging.raster import Raster

MOST = 3.0
"""Largest skew that is corrected, degrees. Chosen."""
LEAST = 0.5
"""Least skew that is corrected, degrees; smaller skew does not justify resampling. Chosen."""
STEP = 0.1
"""Step of the fine search, degrees. Chosen."""
BETTER = 1.10
"""Factor by which the profile must become sharper; otherwise there are no lines of print. Chosen."""
CLEARLY = 2.0
"""Ratio of the sharpness of a profile to that at half a degree either way. Chosen: straight print has at least this, skewed print less than 1.6."""
LEAST_INK = 0.004
"""Least share of ink of a page whose skew is determined. Chosen."""
PROFILE_PX = 400
"""Width of the picture in which the angle is searched, px. Chosen."""


def find_skew(reduced: ReducedPage) -> float:
    """Skew to correct in degrees clockwise, to a tenth; 0 if there is nothing to correct or ink would be cut off."""
    skew = print_skew(reduced)
    return 0.0 if skew and _near_edge(reduced, skew) else skew


def print_skew(reduced: ReducedPage) -> float:
    """Skew of the print in degrees clockwise, to a tenth; 0 if it is straight, there is none, or more than `MOST`."""
    ink = _coarse_ink(reduced.contrast)
    if ink.mean() < LEAST_INK:
        return 0.0
    if _sharpness(ink, 0.0) > CLEARLY * max(_sharpness(ink, -LEAST), _sharpness(ink, LEAST)):
        return 0.0  # straight, as most pages are; this test takes 2 ms instead of 10
    height, width = reduced.contrast.shape
    ink = _small_ink(reduced.contrast, (PROFILE_PX, max(1, round(height * PROFILE_PX / width))))
    # Every half degree, then every tenth around the best: 24 angles instead of 61.
    angles = np.arange(-MOST, MOST + STEP / 2, 0.5)
    coarse = max(angles, key=lambda angle: _sharpness(ink, angle))
    angles = np.arange(coarse - 0.5, coarse + 0.5 + STEP / 2, STEP)
    best = float(max(angles, key=lambda angle: _sharpness(ink, angle)))
    if not LEAST <= abs(best) <= MOST or _sharpness(ink, best) < BETTER * _sharpness(ink, 0.0):
        return 0.0
    return round(best, 1)


def straightened(raster: Raster, degrees: float) -> Raster:
    """The raster rotated back by ``degrees``; the corners are filled with the colour of the border."""
    height, width = raster.pixels.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    pixels = cv2.warpAffine(
        raster.pixels, turn, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    return Raster(np.asarray(pixels, np.uint8), raster.dpi)


def _small_ink(contrast: Contrast, size: tuple[int, int]) -> NDArray[np.float32]:
    # Capped, so that a black bar does not outweigh lines of print; contrast below 0.08 is grain.
    small = cv2.resize(np.minimum(contrast, np.float32(0.5)), size, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.threshold(small, 0.08, 0, cv2.THRESH_TOZERO)[1], np.float32)


def _coarse_ink(contrast: Contrast) -> NDArray[np.float32]:
    """The contrast reduced by a whole factor to about the size of the search, in a quarter of the time."""
    whole = max(1, round(contrast.shape[1] / PROFILE_PX))
    height, width = (side // whole for side in contrast.shape)
    return _small_ink(contrast[: height * whole, : width * whole], (width, height))


def _sharpness(ink: NDArray[np.float32], degrees: float) -> float:
    height, width = ink.shape
    # A shear shifts columns vertically like a small rotation, and keeps the length of every row.
    shear = np.array([[1, 0, 0], [-np.tan(np.radians(degrees)), 1, np.tan(np.radians(degrees)) * width / 2]])
    rows = cv2.warpAffine(ink, shear, (width, height), flags=cv2.INTER_LINEAR).sum(axis=1)
    return float(np.square(np.diff(rows)).sum())


def _near_edge(reduced: ReducedPage, degrees: float) -> bool:
    """Whether ink is so near a border that the rotation might cut it off."""
    height, width = reduced.contrast.shape
    # A corner moves by half the longer side times the tangent of the angle.
    reach = int(np.ceil(np.tan(np.radians(abs(degrees))) * max(height, width) / 2)) + 1
    ink = reduced.contrast > 0.2
    inner = np.count_nonzero(ink[reach:-reach, reach:-reach])
    return bool(np.count_nonzero(ink) - inner > 20)
