"""CCITT Group 4, the lossless code of black and white: pixels to code and back, through libtiff.

    code = encode_g4(ink)                     # ink: (h, w) bool, True where the sheet is inked
    decode_g4(code, width, height) == ink

libtiff reads and writes files, not raw codes, so the code is wrapped as the only strip of a small TIFF (TIFF 6.0, sections 2 and 11).
"""

from __future__ import annotations

import struct
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, TiffImagePlugin

Ink = NDArray[np.bool_]
"""``(height, width)``, True where there is ink."""

_GROUP_4 = 4
_ENTRY = "<HHII"
"""An entry of a directory: tag, type (4: LONG), count, value."""


def encode_g4(ink: Ink) -> bytes:
    """The code of ``ink`` (K = -1, EndOfBlock), with ink as its black runs.

    Pillow stores True, its white, as bit 1, and the fax code writes 1 as black runs; so ``ink`` is passed uninverted.
    """
    tiff = BytesIO()
    one_strip = {TiffImagePlugin.ROWSPERSTRIP: ink.shape[0]}
    Image.fromarray(ink).save(tiff, "TIFF", compression="group4", tiffinfo=one_strip)
    tags = TiffImagePlugin.TiffImageFile(BytesIO(tiff.getvalue())).tag_v2
    (offset,), (length,) = tags[TiffImagePlugin.STRIPOFFSETS], tags[TiffImagePlugin.STRIPBYTECOUNTS]
    return tiff.getvalue()[offset : offset + length]


def decode_g4(code: bytes, width: int, height: int) -> Ink:
    """The ink of a code; `OSError` or `ValueError` if libtiff refuses it.

    libtiff reports success for most damaged codes and fills the missing part with white: success proves nothing.
    """
    with Image.open(BytesIO(tiff_around(code, width, height, _GROUP_4, bits=1)), formats=("TIFF",)) as tiff:
        return ~np.asarray(tiff)


def tiff_around(data: bytes, width: int, height: int, compression: int, *, bits: int = 8) -> bytes:
    """A little-endian TIFF whose one strip is ``data``: WhiteIsZero for one bit a sample, else BlackIsZero."""
    tags = {
        256: width,
        257: height,
        258: bits,
        259: compression,
        262: int(bits > 1),
        273: 0,  # where the strip begins, set below
        277: 1,  # samples a pixel
        278: height,  # rows a strip
        279: len(data),
    }
    # The strip follows the header, the number of entries, the entries and the end of the list.
    tags[273] = 8 + 2 + 12 * len(tags) + 4
    entries = b"".join(struct.pack(_ENTRY, tag, 4, 1, value) for tag, value in tags.items())
    return b"II*\0" + struct.pack("<IH", 8, len(tags)) + entries + bytes(4) + data
