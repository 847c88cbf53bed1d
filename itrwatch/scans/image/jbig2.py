"""JBIG2 segments (ITU-T T.88, 7.2), followed to their end.

pdfium paints the part that it has when a JBIG2 stream is cut; the lengths in the segment headers show the cut.
The sizes that regions claim are their own: in an image of 100 px there may be one of 35 000 px.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from itrwatch.scans.values import MAX_PIXELS, judge_size

_UNKNOWN_LENGTH = 0xFFFFFFFF
_PAGE = 48
_GENERIC = frozenset({36, 38, 39})
_ADMINISTRATION = frozenset({48, 49, 50, 51, 62})
"""Page, end of page, end of stripe, end of file, extension (7.3)."""
_REGIONS = frozenset({4, 6, 7, 20, 22, 23, 36, 38, 39, 40, 42, 43})


def judge_sizes(data: bytes) -> None:
    """Raise `ScanError` when the page or the regions of ``data`` are larger than a page may be, singly or together."""
    room = 2 * MAX_PIXELS  # what is drawn is drawn over once, perhaps, by a refinement
    for kind, start in _segments(data):
        if (kind not in _REGIONS and kind != _PAGE) or start + 8 > len(data):
            continue
        width, height = struct.unpack_from(">II", data, start)
        if kind == _PAGE and height == _UNKNOWN_LENGTH:
            continue  # striped: the image dictionary says how high
        judge_size(width, height, 1 / 8)
        room -= width * height
        if room < 0:
            judge_size(width, 2 * MAX_PIXELS, 1 / 8)


def _segments(data: bytes) -> Iterator[tuple[int, int]]:
    """Kind and place of the data of each segment, as far as they can be followed."""
    place = 0
    while place < len(data) and (header := _header(data, place)):
        kind, length, body = header
        yield kind, body
        if length == _UNKNOWN_LENGTH:
            return
        place = body + length


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


def generic(data: bytes) -> bool:
    """Whether ``data`` codes pixels alone (generic regions): no symbols that stand for one another, no halftones."""
    kinds = {kind for kind, _ in _segments(data)}
    return bool(kinds & _GENERIC) and kinds <= _GENERIC | _ADMINISTRATION


def _header(data: bytes, place: int) -> tuple[int, int, int] | None:
    """Kind, data length and data offset of the segment at ``place``; None when the header is cut."""
    if place + 11 > len(data):
        return None
    number = int.from_bytes(data[place : place + 4], "big")
    flags = data[place + 4]
    # Three bits count the segments referred to; 7 announces the long form, a count of 29 bits and a bit for each
    # (7.2.4).
    referred = data[place + 5] >> 5
    after = place + 6
    if referred == 7:
        referred = int.from_bytes(data[place + 5 : place + 9], "big") & 0x1FFFFFFF
        after = place + 9 + (referred + 8) // 8
    # References are as wide as the segment's own number needs (7.2.5).
    after += referred * (1 if number <= 256 else 2 if number <= 65536 else 4)
    # The page association has four bytes or one (7.2.6).
    after += 4 if flags & 0x40 else 1
    if after + 4 > len(data):
        return None
    return flags & 0x3F, int.from_bytes(data[after : after + 4], "big"), after + 4
