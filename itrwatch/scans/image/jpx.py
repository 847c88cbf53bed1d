"""Checks the header of a JPEG 2000 picture (ITU-T T.800, annexes A and I): whether its samples are plain grey or RGB.

    plain_colours(data) -> True: one or three channels of 8 bits, unsigned, grey or sRGB

OpenJPEG returns samples of any depth and sign in any colour space; Pillow converts them to 8 bits, those of 16 bits wrongly.
"""

from __future__ import annotations

import struct

_CODESTREAM = b"\xff\x4f\xff\x51"
_GREY, _SRGB = 17, 16
_SUPERBOXES = frozenset({b"jp2h"})
_MOST_BOXES = 200
"""Most boxes of a file or superbox. Chosen."""


def plain_colours(data: bytes) -> bool:
    """Whether a picture has exactly one or three channels of 8 bits, unsigned, not subsampled, in grey or sRGB."""
    start = data.find(_CODESTREAM)
    if start < 0 or start + 42 > len(data):
        return False
    # The SIZ marker: number of components, then for each its depth minus one and its two subsampling factors (A.5.1).
    (count,) = struct.unpack_from(">H", data, start + 40)
    channels = data[start + 42 : start + 42 + 3 * count]
    if count not in (1, 3) or channels != b"\x07\x01\x01" * count:
        return False
    return start == 0 or _plain_boxes(data, 0, start)


def archival(data: bytes) -> bool:
    """Whether PDF/A allows a picture as it is (ISO 19005-3, 6.2.8.3), and it has no XML or UUID boxes."""
    head = data[: max(0, data.find(_CODESTREAM))]
    return data[4:8] == b"jP  " and plain_colours(data) and not any(mark in head for mark in (b"xml ", b"uuid"))


def _plain_boxes(data: bytes, place: int, end: int) -> bool:
    """Whether the boxes of a JP2 file declare grey or sRGB, without a palette or other channel definitions."""
    for _ in range(_MOST_BOXES):
        if place + 8 > end:
            return True
        size, kind = struct.unpack_from(">I4s", data, place)
        # A size of 1 means that an 8-byte size follows; 0 means up to the end of the file (I.4).
        body = place + (16 if size == 1 else 8)
        if size == 1 and place + 16 <= end:
            (size,) = struct.unpack_from(">Q", data, place + 8)
        after = place + size if size else end
        if kind in (b"pclr", b"cmap") or (kind == b"cdef" and not _own_places(data[body:after])):
            return False
        # Method 1 is an enumerated colour space; with a profile (method 2) the samples are still grey or RGB (I.5.3.3).
        if kind == b"colr" and data[body] == 1 and struct.unpack_from(">I", data, body + 3)[0] not in (_GREY, _SRGB):
            return False
        if kind in _SUPERBOXES and not _plain_boxes(data, body, min(after, end)):
            return False
        if after <= place:
            return True
        place = after
    return False


def _own_places(body: bytes) -> bool:
    """Whether a channel definition box declares all channels as colours in their usual order (I.5.3.6)."""
    (count,) = struct.unpack_from(">H", body)
    entries = [struct.unpack_from(">HHH", body, 2 + 6 * number) for number in range(count)]
    return all(kind == 0 and (count == 1 or place == channel + 1) for channel, kind, place in entries)
