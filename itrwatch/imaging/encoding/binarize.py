"""Makes the stencil: black print at the scan's resolution.

    binarize(maps, black, near) -> bool (h, w) at the scan's own resolution, True where there is ink

`python -m bench pages` measures the limits together.
"""

from __future__ import annotations

import cv2
import numpy as np

from itrwatch.imaging import thresholds as at
from itrwatch.imaging.analysis.contrast_maps import GREY_OF_DARKNESS, Maps, Mask, spread
from itrwatch.imaging.g4 import Ink
from itrwatch.imaging.raster import Pixels

CALM_PX = (5, 5)
"""Blur of the threshold, which avoids steps between pixels of the map. Chosen."""


def binarize(maps: Maps, black: Mask, near: Pixels) -> Ink:
    """Ink of the marks in ``black``: pixels more than half as dark as the darkest place of their stroke.

    The threshold is computed on the map, in grey levels of the scan relative to its ground, and enlarged to the scan, so that
    each pixel of the scan needs only one comparison.
    """
    if not black.any():
        return np.zeros(maps.grey.shape, np.bool_)
    # The darkness of a stroke's edge, from its darkest place nearby.
    half = cv2.convertScaleAbs(cv2.blur(near, CALM_PX), alpha=at.HALF)
    ground = maps.ground if maps.ground.ndim == 2 else cv2.cvtColor(maps.ground, cv2.COLOR_RGB2GRAY)
    threshold = cv2.multiply(
        cv2.LUT(half, GREY_OF_DARKNESS), spread(np.asarray(ground, np.uint8), maps.shape), scale=1 / 255
    )
    # Include the neighbouring cells, because the edge of a stroke may be there; elsewhere the threshold is 0.
    cells = cv2.dilate(black.view(np.uint8), np.ones((3, 3), np.uint8))
    threshold = np.asarray(cv2.bitwise_and(threshold, threshold, mask=cells), np.uint8)
    height, width = maps.grey.shape
    laid = cv2.resize(threshold, (width, height), interpolation=cv2.INTER_NEAREST)
    return np.asarray(cv2.compare(maps.grey, laid, cv2.CMP_LT) > 0)
