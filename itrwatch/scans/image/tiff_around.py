"""A TIFF around one strip, so that libtiff (through Pillow) undoes its code."""

from __future__ import annotations

import struct


def tiff_around(data: bytes, width: int, height: int, compression: int, *, bits: int = 8) -> bytes:
    """The bytes of a little-endian TIFF of one strip, WhiteIsZero for one bit, else BlackIsZero."""
    tags = {
        256: width,
        257: height,
        258: bits,
        259: compression,
        262: int(bits > 1),
        273: 0,
        277: 1,
        278: height,
        279: len(data),
    }
    tags[273] = 8 + 2 + 12 * len(tags) + 4
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags.items())
    return b"II*\0" + struct.pack("<IH", 8, len(tags)) + entries + bytes(4) + data
