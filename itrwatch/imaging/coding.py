"""Pixels to the bytes that stand in the PDF."""

from __future__ import annotations

from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, TiffImagePlugin

from itrwatch.imaging.raster import Pixels

Ink = NDArray[np.bool_]
"""``(height, width)``, True where there is ink."""

THUMBNAIL_PX = (240, 340)


def encode_g4(ink: Ink) -> bytes:
    """CCITT Group 4 (K = -1, EndOfBlock) with ink as the black runs of the code; lossless.

    libtiff is the encoder: one strip of a bilevel TIFF is the bare code. Pillow writes bit 1 as
    white, so handing it ink as 1 gives the fax convention, white paper as the short white runs.
    """
    height, width = ink.shape
    picture = Image.frombytes("1", (width, height), np.packbits(ink, axis=1).tobytes())
    tiff = BytesIO()
    picture.save(tiff, "TIFF", compression="group4", tiffinfo={TiffImagePlugin.ROWSPERSTRIP: height})
    tags = TiffImagePlugin.TiffImageFile(BytesIO(tiff.getvalue())).tag_v2
    (offset,), (length,) = tags[TiffImagePlugin.STRIPOFFSETS], tags[TiffImagePlugin.STRIPBYTECOUNTS]
    return tiff.getvalue()[offset : offset + length]


def encode_jpeg(pixels: Pixels, quality: int, *, fine_colour: bool = False) -> bytes:
    """Grey or RGB as JPEG; ``quality`` 1–95.

    Colour is kept at half resolution, as scanners do; ``fine_colour`` keeps all of it, for pen
    strokes and stamps, which are thinner than that.
    """
    subsampling = "4:4:4" if fine_colour else "4:2:0"
    out = BytesIO()
    Image.fromarray(pixels).save(out, "JPEG", quality=quality, optimize=True, progressive=True, subsampling=subsampling)
    return out.getvalue()


def thumbnail(pixels: Pixels) -> bytes:
    """A JPEG of the page, large enough to see whether there is something on it, small enough for 300 of them."""
    picture = Image.fromarray(pixels)
    picture.thumbnail(THUMBNAIL_PX, Image.Resampling.BOX, reducing_gap=1.0)
    out = BytesIO()
    picture.save(out, "JPEG", quality=55, optimize=True)
    return out.getvalue()
