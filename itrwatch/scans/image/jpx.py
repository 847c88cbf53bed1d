"""The header of a JPEG 2000 picture (ITU-T T.800, annexes A and I): whether its samples are what they seem.

    plain_colours(data) -> True: one or three channels of 8 bits, unsigned, grey or sRGB

OpenJPEG gives samples of any depth, signed or not, in any colours; Pillow makes 8 bits of them and gets 16 wrong.
"""

from __future__ import annotations

import struct

_CODESTREAM = b"\xff\x4f\xff\x51"
_GREY, _SRGB = 17, 16
_SUPERBOXES = frozenset({b"jp2h"})
_MOST_BOXES = 200  # chosen


def plain_colours(data: bytes) -> bool:
    """Whether a picture has one or three channels of 8 bits, unsigned, all of full size, grey or sRGB, and nothing besides."""
    start = data.find(_CODESTREAM)
    if start < 0 or start + 42 > len(data):
        return False
    # The SIZ marker: number of components, then for each its depth less one and its two subsamplings (A.5.1).
    (count,) = struct.unpack_from(">H", data, start + 40)
    channels = data[start + 42 : start + 42 + 3 * count]
    if count not in (1, 3) or channels != b"\x07\x01\x01" * count:
        return False
    return start == 0 or _plain_boxes(data, 0, start)


def archival(data: bytes) -> bool:
    """Whether PDF/A takes a picture as it is (ISO 19005-3, 6.2.8.3), and has no other content: no XML, no foreign boxes."""
    head = data[: max(0, data.find(_CODESTREAM))]
    return data[4:8] == b"jP  " and plain_colours(data) and not any(mark in head for mark in (b"xml ", b"uuid"))


def _plain_boxes(data: bytes, place: int, end: int) -> bool:
    """Whether the boxes of a JP2 file name grey or sRGB, without a palette or channels of another meaning."""
    for _ in range(_MOST_BOXES):
        if place + 8 > end:
            return True
        size, kind = struct.unpack_from(">I4s", data, place)
        # A size of 1 announces one of eight bytes; 0 means up to the end of the file (I.4).
        body = place + (16 if size == 1 else 8)
        if size == 1 and place + 16 <= end:
            (size,) = struct.unpack_from(">Q", data, place + 8)
        after = place + size if size else end
        if kind in (b"pclr", b"cmap") or (kind == b"cdef" and not _own_places(data[body:after])):
            return False
        # Method 1 names an enumerated colour space; a profile (method 2) leaves grey and RGB what they are (I.5.3.3).
        if kind == b"colr" and data[body] == 1 and struct.unpack_from(">I", data, body + 3)[0] not in (_GREY, _SRGB):
            return False
        if kind in _SUPERBOXES and not _plain_boxes(data, body, min(after, end)):
            return False
        if after <= place:
            return True
        place = after
    return False


def _own_places(body: bytes) -> bool:
    """Whether a channel definition says of each channel that it is a colour, in their order (I.5.3.6)."""
    (count,) = struct.unpack_from(">H", body)
    entries = [struct.unpack_from(">HHH", body, 2 + 6 * number) for number in range(count)]
    return all(kind == 0 and (count == 1 or place == channel + 1) for channel, kind, place in entries)
