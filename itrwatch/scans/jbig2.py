"""JBIG2 segments (ITU-T T.88, 7.2), followed to their end.

pdfium paints what it has when a JBIG2 stream is cut; the lengths in the segment headers tell.
"""

from __future__ import annotations

_UNKNOWN_LENGTH = 0xFFFFFFFF
_REGIONS = frozenset({4, 6, 7, 20, 22, 23, 36, 38, 39, 40, 42, 43})


def complete(data: bytes) -> bool:
    """Whether all segments of an embedded JBIG2 stream are there, and at least one has pixels."""
    place, regions = 0, 0
    while place < len(data):
        header = _header(data, place)
        if header is None:
            # Encoders pad; a header that begins and does not end is something else.
            return regions > 0 and not data[place:].strip(b"\0\r\n ")
        kind, length, body = header
        regions += kind in _REGIONS
        if length == _UNKNOWN_LENGTH:
            return True  # allowed for a generic region only; its end cannot be known from here
        place = body + length
        if place > len(data):
            return False
    return regions > 0


def _header(data: bytes, place: int) -> tuple[int, int, int] | None:
    """Kind, data length and data offset of the segment at ``place``; None when the header is cut."""
    if place + 11 > len(data):
        return None
    number = int.from_bytes(data[place : place + 4], "big")
    flags = data[place + 4]
    referred = data[place + 5] >> 5
    after = place + 6
    if referred == 7:
        referred = int.from_bytes(data[place + 5 : place + 9], "big") & 0x1FFFFFFF
        after = place + 9 + (referred + 8) // 8
    after += referred * (1 if number <= 256 else 2 if number <= 65536 else 4)
    after += 4 if flags & 0x40 else 1
    if after + 4 > len(data):
        return None
    return flags & 0x3F, int.from_bytes(data[after : after + 4], "big"), after + 4
