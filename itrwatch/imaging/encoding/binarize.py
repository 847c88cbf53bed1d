"""The stencil: black print at the scan's own resolution.

    binarize(maps, black, near) -> bool (h, w) at the scan's own resolution, True where there is ink

Limits are chosen unless they say otherwise; `python -m bench pages` measures them together.
"""

from __future__ import annotations

import cv2
import numpy as np

from itrwatch.imaging import thresholds as at
from itrwatch.imaging.analysis.contrast_maps import GREY_OF_DARKNESS, Maps, Mask, spread
from itrwatch.imaging.g4 import Ink
from itrwatch.imaging.raster import Pixels

CALM_PX = (5, 5)
"""The threshold does not step from one pixel of the map to the next."""


def binarize(maps: Maps, black: Mask, near: Pixels) -> Ink:
    """Ink of the marks in ``black``: what is more than half as dark as the darkest place of its stroke.

    The threshold is made on the map, in grey levels of the scan over its ground, and laid over the scan: the scan
    itself is only compared with it.
    """
    if not black.any():
        return np.zeros(maps.grey.shape, np.bool_)
    # The darkness at which a stroke's edge lies, from the darkest place nearby.
    half = cv2.convertScaleAbs(cv2.blur(near, CALM_PX), alpha=at.HALF)
    ground = maps.ground if maps.ground.ndim == 2 else cv2.cvtColor(maps.ground, cv2.COLOR_RGB2GRAY)
    threshold = cv2.multiply(
        cv2.LUT(half, GREY_OF_DARKNESS), spread(np.asarray(ground, np.uint8), maps.shape), scale=1 / 255
    )
    # One cell around, for the edge of a stroke may lie in the next cell; elsewhere the threshold is 0.
    cells = cv2.dilate(black.view(np.uint8), np.ones((3, 3), np.uint8))
    threshold = np.asarray(cv2.bitwise_and(threshold, threshold, mask=cells), np.uint8)
    height, width = maps.grey.shape
    laid = cv2.resize(threshold, (width, height), interpolation=cv2.INTER_NEAREST)
    return np.asarray(cv2.compare(maps.grey, laid, cv2.CMP_LT) > 0)
