"""Renders the layers of a page like a PDF reader, from the bytes in the file.

render(layers, stencils, (1754, 1240), 150 / 72, colour=False) -> uint8 (1754, 1240)
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from io import BytesIO

import cv2
import numpy as np
from PIL import Image

from itrwatch.core.encoded_page import Box, Layer
from itrwatch.imaging.g4 import Ink, decode_g4
from itrwatch.imaging.raster import Pixels
from itrwatch.imaging.resample import coverage


def render(
    layers: Sequence[Layer], stencils: Sequence[Ink], shape: tuple[int, int], px_per_pt: float, *, colour: bool
) -> Pixels:
    """``layers`` in painting order on white: ``shape`` rows and columns, ``px_per_pt`` pixels in a point, RGB or grey.

    ``stencils``: the ink of the ``g4`` layers among them, in that order (`decode_stencil`).
    """
    inks = iter(stencils)
    canvas = np.full((*shape, 3) if colour else shape, 255, np.uint8)
    for layer in layers:
        left, top, right, bottom = _place(layer.box, shape, px_per_pt)
        if right <= left or bottom <= top:
            continue
        size = (right - left, bottom - top)
        here = canvas[top:bottom, left:right]
        if layer.coding == "g4":
            clear = cv2.bitwise_not(_shrunk(next(inks), size))
            # Ink is opaque black: the layers below are multiplied by the share without ink.
            here[:] = cv2.multiply(here, cv2.merge([clear] * 3) if colour else clear, scale=1 / 255)
        else:
            here[:] = cv2.resize(decode_picture(layer, colour=colour), size, interpolation=cv2.INTER_AREA)
    return canvas


def decode_stencil(layer: Layer) -> Ink:
    """The ink of a ``g4`` layer; `ValueError` or `OSError` for invalid bytes."""
    return decode_g4(zlib.decompress(layer.data), layer.width, layer.height)


def decode_picture(layer: Layer, *, colour: bool) -> Pixels:
    """The pixels of a JPEG layer, RGB or grey."""
    with Image.open(BytesIO(layer.data)) as picture:
        return np.asarray(picture.convert("RGB" if colour else "L"), np.uint8)


def _place(box: Box, shape: tuple[int, int], px_per_pt: float) -> tuple[int, int, int, int]:
    left, top, right, bottom = (round(edge * px_per_pt) for edge in (box.left, box.top, box.right, box.bottom))
    return max(0, left), max(0, top), min(shape[1], right), min(shape[0], bottom)


def _shrunk(ink: Ink, size: tuple[int, int]) -> Pixels:
    """The share of ink of each pixel, 0 to 255."""
    factor = round(ink.shape[1] / size[0])
    # Use the fast way for whole factors, if the sizes differ only by rounding.
    if factor >= 1 and all(
        abs(side - factor * small) <= factor for side, small in zip(ink.shape, size[::-1], strict=True)
    ):
        cells = coverage(ink, factor) if factor > 1 else ink.view(np.uint8) * np.uint8(255)
        if cells.shape == size[::-1]:
            return cells
    return np.asarray(cv2.resize(ink.view(np.uint8) * np.uint8(255), size, interpolation=cv2.INTER_AREA), np.uint8)
