"""The coded page drawn again and held against the scan: what was on paper must still be there.

Both are compared at 100 dpi, blurred to the width of a stroke; edges of pixels fall differently when
a page is drawn again, so a mark may be found up to half a millimetre aside.
"""

from __future__ import annotations

from io import BytesIO

import cv2
import numpy as np
from PIL import Image

from itrwatch.core.encoded_page import Layer
from itrwatch.imaging.encoding.binarize import MAP_DPI, CleanPage, extremes, on_map
from itrwatch.imaging.encoding.codecs import Ink
from itrwatch.imaging.encoding.segment import Areas
from itrwatch.imaging.raster import Pixels
from itrwatch.imaging.resample import components

LOST_LEVELS = 24
"""Grey levels (of 255) by which a place must have become lighter to count as lost: more than a crease shows."""
STROKE_PX = (5, 5)
ASIDE_PX = 2


def lost_mm2(page: CleanPage, ink: Ink, patches: tuple[Layer, ...], areas: Areas) -> float:
    """Area (mm²) that was clearly darker on paper than anything near it is in the layers; largest connected one."""
    before = page.darkest
    now = _drawn(before.shape, patches, page, areas.shown if areas.all_ink else on_map(ink, page))
    reach = np.ones((2 * ASIDE_PX + 1, 2 * ASIDE_PX + 1), np.uint8)
    near = cv2.erode(cv2.GaussianBlur(now, STROKE_PX, 0), reach)
    was = cv2.GaussianBlur(before, STROKE_PX, 0)
    lost = np.asarray(cv2.subtract(near, was) > LOST_LEVELS) & ~areas.furniture
    if not lost.any():
        return 0.0
    stats = components(lost).stats
    return float(stats[1:, cv2.CC_STAT_AREA].max() * (25.4 / MAP_DPI) ** 2)


def _drawn(shape: tuple[int, ...], patches: tuple[Layer, ...], page: CleanPage, shown: Pixels) -> Pixels:
    """The darkest channel of the page as a reader would draw it, on the map."""
    canvas = np.full(shape, 255, np.uint8)
    to_px = page.dpi * shape[0] / page.scanned.shape[0] / 72
    for layer in patches:
        left, top = round(layer.box.left * to_px), round(layer.box.top * to_px)
        right = min(shape[1], max(left + 1, round(layer.box.right * to_px)))
        bottom = min(shape[0], max(top + 1, round(layer.box.bottom * to_px)))
        size = (right - left, bottom - top)
        with Image.open(BytesIO(layer.data)) as picture:
            about = (size[0] * 7 // 8, size[1] * 7 // 8)  # a JPEG of 200 dpi is decoded at 100 in a third of the time,
            picture.draft(picture.mode, about)  # though it may be half a pixel less than twice as large
            small = np.asarray(picture.resize(size, Image.Resampling.BOX))
        canvas[top:bottom, left:right] = extremes(small)[0]
    return np.minimum(canvas, 255 - shown)
