"""Pixels → a layer without loss: indices into a palette where the colours are few, else samples.

lossless_layer(uint8 (1170, 827), Box(0, 0, 595, 842)) -> Layer("flate-indexed", …, palette=b"…")
"""

from __future__ import annotations

import io
import zlib
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from itrwatch.core.encoded_page import Box, Coding, Layer
from itrwatch.imaging.raster import Pixels

_MOST_COLOURS = 256
"""The largest palette of an indexed image (ISO 32000-1, 8.6.6.3)."""


def lossless_layer(pixels: Pixels, box: Box) -> Layer:
    """Grey ``(h, w)`` or RGB ``(h, w, 3)`` pixels, uint8, deflated, painted into ``box``; an A4 page of 300 dpi takes about two seconds."""
    layers = (_indexed(pixels, box) or _plain(pixels, box), _predicted(pixels, box))
    return min(layers, key=lambda layer: len(layer.data) + len(layer.palette))


def _plain(pixels: Pixels, box: Box) -> Layer:
    coding: Coding = "flate-rgb" if pixels.ndim == 3 else "flate-grey"
    return Layer(coding, zlib.compress(pixels.tobytes(), 9), pixels.shape[1], pixels.shape[0], box)


def _predicted(pixels: Pixels, box: Box) -> Layer:
    """The samples as PNG stores them, for each row the filter that Pillow chooses."""
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG", compress_level=9)
    coding: Coding = "png-rgb" if pixels.ndim == 3 else "png-grey"
    return Layer(coding, _image_data(buffer.getvalue()), pixels.shape[1], pixels.shape[0], box)


def _image_data(png: bytes) -> bytes:
    """The contents of the IDAT chunks of a PNG, which together are one zlib stream (PNG, 10.1)."""
    data, at = b"", 8
    while at < len(png):
        length = int.from_bytes(png[at : at + 4], "big")
        if png[at + 4 : at + 8] == b"IDAT":
            data += png[at + 8 : at + 8 + length]
        at += length + 12
    return data


def _indexed(pixels: Pixels, box: Box) -> Layer | None:
    """The pixels as indices into a palette; None for more than `_MOST_COLOURS` colours."""
    colours = (pixels if pixels.ndim == 3 else np.repeat(pixels[..., None], 3, axis=2)).astype(np.uint32)
    numbers = colours[..., 0] << 16 | colours[..., 1] << 8 | colours[..., 2]
    palette = np.unique(numbers)
    if len(palette) > _MOST_COLOURS:
        return None
    layer = Layer("flate-indexed", b"", pixels.shape[1], pixels.shape[0], box, palette=_bytes_of(palette))
    indices = np.searchsorted(palette, numbers).astype(np.uint8)
    each = 8 // layer.index_bits
    padded = np.pad(indices, ((0, 0), (0, -indices.shape[1] % each))).reshape(len(indices), -1, each)
    # The first of the pixels in a byte has its highest bits (ISO 32000-1, 8.9.3).
    packed = (padded << np.arange(8 - layer.index_bits, -1, -layer.index_bits, dtype=np.uint8)).sum(
        axis=2, dtype=np.uint8
    )
    return replace(layer, data=zlib.compress(packed.tobytes(), 9))


def _bytes_of(palette: NDArray[np.uint32]) -> bytes:
    return np.stack([palette >> 16, palette >> 8 & 255, palette & 255], axis=1).astype(np.uint8).tobytes()
