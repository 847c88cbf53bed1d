"""An upright page to a `EncodedPage`: layers coded, the clear spot for the number found."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from itrwatch.core.encoded_page import Box, EncodedPage, Layer
from itrwatch.core.pages import Encoding, Turn
from itrwatch.imaging.encoding.binarize import CleanPage, clean, enlarged, extremes, find_ink, shrink, unchanged
from itrwatch.imaging.encoding.codecs import Ink, encode_ink, encode_jpeg
from itrwatch.imaging.encoding.number_position import MARGIN_MM, find_spot
from itrwatch.imaging.encoding.reconstruction_check import lost_mm2
from itrwatch.imaging.encoding.segment import (
    BLACK_IN_COLOUR,
    FRINGE,
    Areas,
    Pixel,
    find_areas,
    keep_ink,
    without_furniture,
)
from itrwatch.imaging.raster import Pixels, Raster
from itrwatch.imaging.resample import quantile

PT_PER_MM = 72 / 25.4
LOW_DPI = 180.0
"""Below this, black and white would harm reading: the page stays a picture."""
LOST_MM2 = 1.0
"""A connected loss larger than this sends the page down the ladder: it is kept as a picture."""
CAREFUL_QUALITY = 80
PICTURE_SHARE = 0.7
"""A page whose patches cover more than this is one picture."""
STRIP_GAP_MM = 2.0
"""White above and below the number in a strip."""
FILL_PX = (7, 7)
"""Wider than a stroke of print at 200 dpi, so that its middle sees what is beside it."""
MOSTLY_INK = 64
"""A pixel of a patch with less than this (of 255) free of ink takes its colour from its neighbours."""
COARSER_TONE = 10
"""How much lower the quality of continuous tone is: measured on a photograph with the scanner's grain, a fifth
smaller for 0.4 dB, all of it grain."""
GREY_CHROMA = 26
"""A patch whose colours differ by less (of 255) is coded grey."""


def turned(raster: Raster, turn: Turn) -> Raster:
    """The raster turned clockwise by ``turn`` degrees."""
    if turn == 0:
        return raster
    return Raster(np.ascontiguousarray(np.rot90(raster.pixels, -turn // 90)), raster.dpi, raster.bilevel)


def encode_page(
    raster: Raster,
    number_mm: tuple[float, float],
    ink_dpi: int,
    patch_dpi: int,
    quality: int,
    *,
    small: Pixels | None = None,
    careful: bool = False,
    drawn: bool = False,
) -> EncodedPage:
    """Code an upright page; ``number_mm`` is the width and height that the folha number needs.

    ``small``: the page at about 100 dpi, if somebody has made it already.

    A bilevel scan keeps its pixels, whatever its resolution; ink of other scans is at most at
    ``ink_dpi``, patches at most at ``patch_dpi`` and JPEG ``quality``.
    """
    if raster.bilevel:
        page = unchanged(raster)
        layers: tuple[Layer, ...] = (_ink_layer(raster.pixels < 128, raster),)
        encoding = Encoding.BITONAL
    else:
        page = clean(_at_most(raster, ink_dpi), small)
        if careful:
            layers, encoding = (_picture(raster, _at_most(raster, patch_dpi), CAREFUL_QUALITY),), Encoding.PICTURE
        else:
            layers, encoding = _mixed_layers(raster, page, patch_dpi, quality, drawn=drawn)
    return _with_number(raster, page, layers, encoding, number_mm)


def _mixed_layers(
    raster: Raster, page: CleanPage, dpi: int, quality: int, *, drawn: bool
) -> tuple[tuple[Layer, ...], Encoding]:
    if raster.dpi < LOW_DPI:
        return (_picture(raster, raster, quality),), Encoding.PICTURE
    ink = find_ink(page)
    areas = find_areas(page, ink, drawn=drawn)
    if _is_picture(areas):
        return (_picture(raster, _at_most(raster, dpi), quality),), Encoding.PICTURE
    ink = without_furniture(ink, areas)
    patches = tuple(_patch(page, ink, areas, box, dpi, quality) for box in areas.boxes)
    if lost_mm2(page, ink, patches, areas) > LOST_MM2:
        return (_picture(raster, _at_most(raster, dpi), CAREFUL_QUALITY),), Encoding.PICTURE
    ink_layers = (_ink_layer(ink, raster),) if ink.any() else ()
    return patches + ink_layers, Encoding.MIXED if patches else Encoding.BITONAL


def _is_picture(areas: Areas) -> bool:
    covered = sum((right - left) * (bottom - top) for left, top, right, bottom in areas.boxes)
    return covered > PICTURE_SHARE * areas.marks.size and bool(areas.tone.mean() > PICTURE_SHARE / 2)


def _picture(raster: Raster, reduced: Raster, quality: int) -> Layer:
    page = Box(0, 0, raster.width_mm * PT_PER_MM, raster.height_mm * PT_PER_MM)
    return _jpeg_layer(reduced.pixels, page, quality)


def _patch(page: CleanPage, ink: Ink, areas: Areas, box: Pixel, dpi: int, quality: int) -> Layer:
    """The patch for ``box``; what it shows better is taken out of ``ink``."""
    rows, columns = areas.window(box, ink.shape)
    pixels = page.window(rows, columns)
    colours = page.colours(rows, columns, pixels, BLACK_IN_COLOUR[1]) if pixels.ndim == 3 else None
    keep_ink(ink[rows, columns], colours, areas, box)
    pixels = _reduced_without_ink(pixels, colours, ink[rows, columns], page.dpi, dpi)
    left, top, right, bottom = box
    marks = enlarged(areas.marks[top:bottom, left:right], pixels.shape)
    pixels = np.asarray(cv2.copyTo(pixels, marks.view(np.uint8), np.full_like(pixels, 255)), np.uint8)
    to_pt = 72 / page.dpi
    place = Box(columns.start * to_pt, rows.start * to_pt, columns.stop * to_pt, rows.stop * to_pt)
    picture = areas.tone[top:bottom, left:right].any()
    return _jpeg_layer(pixels, place, quality - COARSER_TONE if picture else quality, fine_colour=not picture)


def _reduced_without_ink(
    pixels: Pixels, colours: tuple[Pixels, Pixels] | None, ink: Ink, dpi: float, to_dpi: float
) -> Pixels:
    """At ``to_dpi``, black print taking the mean colour of what is around it: a patch must not code it twice."""
    if not ink.any():
        return shrink(pixels, dpi, to_dpi)
    free = (np.uint8(1) - _with_fringe(ink, colours)) * np.uint8(255)
    light = shrink(np.asarray(cv2.bitwise_and(pixels, pixels, mask=free), np.uint8), dpi, to_dpi)
    share = shrink(free, dpi, to_dpi)
    near = _mean_colour(np.asarray(cv2.blur(light, FILL_PX), np.uint8), np.asarray(cv2.blur(share, FILL_PX), np.uint8))
    covered = np.asarray(share < MOSTLY_INK)
    return np.asarray(cv2.copyTo(near, covered.view(np.uint8), _mean_colour(light, share)), np.uint8)


def _with_fringe(ink: Ink, colours: tuple[Pixels, Pixels] | None) -> NDArray[np.uint8]:
    """The ink and the grey edge around it, 1: in the patch below it would cost as much as a signature.

    A coloured edge is that of a coloured stroke beside it.
    """
    cells = ink.view(np.uint8)
    wider = np.asarray(cv2.dilate(cells, FRINGE), np.uint8)
    if colours is None:
        return wider
    grey = np.asarray(colours[1] < BLACK_IN_COLOUR[1])
    return cells | (wider & grey.view(np.uint8))


def _mean_colour(light: Pixels, share: Pixels) -> Pixels:
    """What was averaged over ``share`` (of 255) of each pixel, as if over all of it; white where there was nothing."""
    shares = cv2.merge([share] * 3) if light.ndim == 3 else share
    colour = np.asarray(cv2.divide(light, shares, scale=255), np.uint8)
    if not share.all():
        colour[share == 0] = 255
    return colour


def _jpeg_layer(pixels: Pixels, box: Box, quality: int, *, fine_colour: bool = False) -> Layer:
    if pixels.ndim == 3 and _is_grey(pixels):
        pixels = np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), np.uint8)
    coding = "jpeg-rgb" if pixels.ndim == 3 else "jpeg-grey"
    return Layer(coding, encode_jpeg(pixels, quality, fine_colour=fine_colour), pixels.shape[1], pixels.shape[0], box)  # type: ignore[arg-type]


def _is_grey(pixels: Pixels) -> bool:
    darkest, lightest = extremes(shrink(pixels, 2.0, 1.0))
    return quantile(lightest - darkest, 0.998) < GREY_CHROMA


def _ink_layer(ink: Ink, raster: Raster) -> Layer:
    page = Box(0, 0, raster.width_mm * PT_PER_MM, raster.height_mm * PT_PER_MM)
    return Layer("g4", encode_ink(ink), ink.shape[1], ink.shape[0], page)


def _at_most(raster: Raster, dpi: float) -> Raster:
    if raster.dpi <= dpi:
        return raster
    pixels = shrink(raster.pixels, raster.dpi, dpi)
    return Raster(pixels, pixels.shape[1] / raster.width_mm * 25.4)


def _with_number(
    raster: Raster, page: CleanPage, layers: tuple[Layer, ...], encoding: Encoding, number_mm: tuple[float, float]
) -> EncodedPage:
    width, height = raster.width_mm * PT_PER_MM, raster.height_mm * PT_PER_MM
    wide, high = number_mm
    spot = find_spot(page, wide, high)
    strip = 0.0 if spot else (high + 2 * STRIP_GAP_MM) * PT_PER_MM
    right = spot.right if spot else min(MARGIN_MM, max(0.0, raster.width_mm - wide))
    top = spot.top if spot else STRIP_GAP_MM
    edge = width - right * PT_PER_MM
    number = Box(edge - wide * PT_PER_MM, top * PT_PER_MM, edge, (top + high) * PT_PER_MM)
    return EncodedPage(
        width, height + strip, tuple(_lowered(layer, strip) for layer in layers), encoding, number, strip
    )


def _lowered(layer: Layer, by: float) -> Layer:
    box = Box(layer.box.left, layer.box.top + by, layer.box.right, layer.box.bottom + by)
    return Layer(layer.coding, layer.data, layer.width, layer.height, box)
