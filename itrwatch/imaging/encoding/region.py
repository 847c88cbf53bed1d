"""Codes tone: a region of a page, or the whole page, as JPEG.

    region_layer(maps, parts, printed, (left, top, right, bottom), 200, 66) -> Layer("jpeg-rgb", …, box in pt)

A region is placed on the white page: division by the smooth surface of the bare sheet makes paper white while fills and pale
marks keep their contrast, and away from marks the paper fades to white, so that no edge is visible. Black print inside a
region belongs to the stencil and is replaced by its ground. A page coded as one picture keeps its paper.

`python -m bench pages` measures the limits together.
"""

from __future__ import annotations

import cv2
import numpy as np

from itrwatch.core.encoded_page import Box, Layer
from itrwatch.imaging import thresholds as at
from itrwatch.imaging.analysis.contrast_maps import LOW, Maps, Mask, spread
from itrwatch.imaging.encoding.codecs import encode_jpeg
from itrwatch.imaging.encoding.segment import Pixel, Segmentation
from itrwatch.imaging.raster import Pixels, Raster
from itrwatch.imaging.resample import shrink

NEAR_DPI = 1.05
"""Ratio to the wanted resolution up to which a raster is not reduced: scanners round. Chosen."""
K3 = np.ones((3, 3), np.uint8)


def region_layer(maps: Maps, parts: Segmentation, printed: Mask, box: Pixel, dpi: float, quality: int) -> Layer:
    """The region in ``box`` at ``dpi`` at most, on white. ``printed``: the map's pixels on which the stencil has ink."""
    left, top, right, bottom = box
    factor, raster = maps.factor, maps.raster
    scanned = raster.pixels[top * factor : bottom * factor, left * factor : right * factor]
    pixels = at_most(scanned, raster.dpi, dpi)
    window = slice(top, bottom), slice(left, right)
    # Division by the bare sheet makes it white; fills and pale marks keep their contrast.
    pixels = np.asarray(cv2.divide(pixels, _beneath(maps.sheet, box, pixels.shape), scale=255), np.uint8)
    size = (pixels.shape[1], pixels.shape[0])
    black = printed[window].view(np.uint8)
    if cv2.countNonZero(black):
        ground = np.asarray(cv2.divide(maps.ground, maps.sheet, scale=255), np.uint8)
        # Fill the rim of one pixel around black print as well, but not where a pale rule continues beside it.
        fringes = cv2.dilate(black, K3) > parts.marks[window].view(np.uint8)
        print_here = cv2.resize(fringes.view(np.uint8), size, interpolation=cv2.INTER_NEAREST)
        pixels = np.asarray(cv2.copyTo(_beneath(ground, box, pixels.shape), print_here, pixels), np.uint8)
    # Fade the darkness, in which white is 0, so that no offset is needed.
    faded = np.asarray(cv2.subtract(np.full_like(pixels, 255), pixels), np.uint8)
    share = _kept(maps, parts, box, size)
    faded = np.asarray(
        cv2.multiply(faded, share if pixels.ndim == 2 else cv2.merge([share] * 3), scale=1 / 255), np.uint8
    )
    to_pt = 72 / raster.dpi
    place = Box(
        left * factor * to_pt,
        top * factor * to_pt,
        (left * factor + scanned.shape[1]) * to_pt,
        (top * factor + scanned.shape[0]) * to_pt,
    )
    return jpeg_layer(np.asarray(cv2.bitwise_not(faded), np.uint8), place, quality, fine_colour=True)


def picture_layer(raster: Raster, dpi: float, quality: int, *, fine_colour: bool = False) -> Layer:
    """The whole page at ``dpi`` at most, its paper as it is."""
    pixels = at_most(raster.pixels, raster.dpi, dpi)
    to_pt = 72 / raster.dpi
    place = Box(0, 0, raster.pixels.shape[1] * to_pt, raster.pixels.shape[0] * to_pt)
    return jpeg_layer(pixels, place, quality, fine_colour=fine_colour)


def jpeg_layer(pixels: Pixels, place: Box, quality: int, *, fine_colour: bool) -> Layer:
    """``pixels`` as JPEG over ``place``; grey where there is no colour."""
    if pixels.ndim == 3 and is_grey(pixels):
        pixels = np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), np.uint8)
    data = encode_jpeg(pixels, quality, fine_colour=fine_colour)
    return Layer("jpeg-rgb" if pixels.ndim == 3 else "jpeg-grey", data, pixels.shape[1], pixels.shape[0], place)


def is_grey(pixels: Pixels) -> bool:
    """Whether no place of 0.6 mm is coloured."""
    # The average over 0.6 mm cancels colour fringes at black edges.
    calm = cv2.blur(pixels, (5, 5))[::2, ::2]
    red, green, blue = cv2.split(calm)
    chroma = np.asarray(cv2.subtract(cv2.max(cv2.max(red, green), blue), cv2.min(cv2.min(red, green), blue)), np.uint8)
    # Allow one place in five thousand as noise. Chosen.
    return bool(np.count_nonzero(chroma > at.GREY_CHROMA) <= chroma.size // 5000)


def at_most(pixels: Pixels, dpi: float, most: float) -> Pixels:
    """``pixels`` reduced to ``most`` dpi; never enlarged."""
    return shrink(pixels, dpi, most) if dpi > most * NEAR_DPI else pixels


def _beneath(low: Pixels, box: Pixel, shape: tuple[int, ...]) -> Pixels:
    """The part of a picture (`LOW` times smaller than the map) under ``box``, enlarged to the rows and columns of ``shape``."""
    left, top, right, bottom = (edge // LOW for edge in box)
    part = low[min(top, low.shape[0] - 1) : max(top + 1, bottom), min(left, low.shape[1] - 1) : max(left + 1, right)]
    return spread(part, shape)


def _kept(maps: Maps, parts: Segmentation, box: Pixel, size: tuple[int, int]) -> Pixels:
    """The weight of each pixel, 0 to 255: full near a mark, zero at the edge of the region."""
    left, top, right, bottom = box
    tone = parts.tone[top:bottom, left:right].view(np.uint8) * np.uint8(255)
    small = cv2.resize(tone, (max(1, (right - left) // 2), max(1, (bottom - top) // 2)), interpolation=cv2.INTER_AREA)
    reach = max(1, round(maps.px(at.FADE_MM) / 2))
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
    near = cv2.dilate((small > 0).view(np.uint8) * np.uint8(255), kernel)
    return np.asarray(cv2.resize(cv2.blur(near, (5, 5)), size, interpolation=cv2.INTER_LINEAR), np.uint8)
