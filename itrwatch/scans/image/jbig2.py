"""Parses JBIG2 segments (ITU-T T.88, 7.2) to check that they are complete.

    complete(data) -> False for a truncated stream

pdfium draws the available part of a truncated JBIG2 stream without an error; the lengths in the segment headers
reveal the truncation. Regions declare their own sizes: an image of 100 px may contain a region of 35 000 px.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations

from itrwatch.scans.values import MAX_PIXELS, judge_size

_UNKNOWN_LENGTH = 0xFFFFFFFF
_PAGE = 48
"""The segment type of page information; the sets below are types too (7.3)."""
_GENERIC = frozenset({36, 38, 39})
_ENDS = frozenset({49, 51})
_SYMBOLS, _TEXT = 0, frozenset({6, 7})
_PIXELS = _GENERIC | _TEXT
_REGION_BYTES = 17
"""Bytes of a region segment before its flags: size, position and operator (7.4.1)."""
_ODD_SYMBOLS, _ODD_TEXT = 0b11_0000_0011, 0b11
"""Flags of rare codings. Of a symbol dictionary: Huffman, refinement, contexts used and retained (7.4.2.1.1); of a text region: Huffman,
refinement (7.4.3.1.1)."""
_FLAGS_AT_ONCE = frozenset({_SYMBOLS, 16})
"""Symbol and pattern dictionaries, whose data begins with the flags; in a region the flags follow `_REGION_BYTES`."""
_SHOWN = frozenset({6, 7, 22, 23, 38, 39, 42, 43})
"""Immediate regions, painted as soon as they are decoded; intermediate regions are painted by a refinement."""
_MOST_PLACES = 500
"""Most regions that are compared pairwise. Chosen."""
_REFINEMENTS = frozenset({40, 42, 43})
_CODE_END = b"\xff\xac"
"""The marker at the end of an arithmetic code (E.2.9); it does not occur within the code."""
_FAX_END = b"\0\0"
_ROW_COUNT = 4
"""Bytes of the row count after a region of unknown length (7.2.7)."""
_MOST_PADDING = 8
"""Most bytes after the end marker of a code. Chosen."""
_ADMINISTRATION = frozenset({48, 49, 50, 51, 62})
"""Page, end of page, end of stripe, end of file, extension (7.3)."""
_REGIONS = frozenset({4, 6, 7, 20, 22, 23, 36, 38, 39, 40, 42, 43})


@dataclass(frozen=True, slots=True)
class Segment:
    """A segment: its type ``kind``, its header ``head`` up to but excluding the length, and its ``data``."""

    kind: int
    head: bytes
    data: bytes

    @property
    def arithmetic(self) -> bool:
        """Whether its data, after its header fields, is one arithmetic code."""
        if self.kind not in _REGIONS and self.kind not in _FLAGS_AT_ONCE:
            return False
        return self.kind in _REFINEMENTS or not self._first_flag

    @property
    def fax(self) -> tuple[int, int, bytes] | None:
        """Width, height and code of a generic region coded with G4 (MMR, 6.2.6); None for other segments."""
        if self.kind not in _GENERIC or not self._first_flag:
            return None
        width, height = struct.unpack_from(">II", self.data)
        return width, height, self.data[_REGION_BYTES + 1 :]

    @property
    def code_end(self) -> int:
        """The offset in the data at which an arithmetic code ends: that of its end marker, or the end of the data."""
        marker = self.data.rfind(_CODE_END)
        return marker if marker >= len(self.data) - len(_CODE_END) - _MOST_PADDING else len(self.data)

    @property
    def _first_flag(self) -> bool:
        """Whether Huffman or fax codes are used instead of arithmetic ones: the lowest flag bit in all segment types."""
        wide = 2 if self.kind in _TEXT or self.kind in (_SYMBOLS, 4) else 1
        at = (0 if self.kind in _FLAGS_AT_ONCE else _REGION_BYTES) + wide - 1
        return len(self.data) <= at or bool(self.data[at] & 1)

    def bytes_with(self, data: bytes) -> bytes:
        """The bytes of the segment with ``data`` in place of its own."""
        return self.head + len(data).to_bytes(4, "big") + data


def segments(data: bytes) -> Iterator[Segment]:
    """Yields the segments of ``data`` up to the first truncated one; unknown lengths are replaced by the real ones."""
    place = 0
    while place < len(data) and (header := _header(data, place)):
        kind, length, body = header
        if length == _UNKNOWN_LENGTH:
            end = _unstated_end(data, body)
            own = _stated(data[body:end])
        else:
            end = body + length
            own = data[body:end]
        if not body <= end <= len(data):
            return
        yield Segment(kind, data[place : body - 4], own)
        place = end


def _unstated_end(data: bytes, body: int) -> int:
    """The end of a generic region of unknown length (7.2.7); -1 if it has no end marker."""
    flags = body + _REGION_BYTES
    is_fax = flags < len(data) and data[flags] & 1
    mark = data.find(_FAX_END if is_fax else _CODE_END, flags + 1)
    return mark + 2 + _ROW_COUNT if mark >= 0 else -1


def _stated(data: bytes) -> bytes:
    """The data of a region of unknown length, with the row count from its end as its height."""
    return data[:4] + data[-_ROW_COUNT:] + data[8:-_ROW_COUNT]


def overlapping(segments: Iterable[Segment]) -> bool:
    """Whether two regions of the page overlap, so that one may hide the other."""
    places = [
        struct.unpack_from(">IIII", one.data)
        for one in segments
        if one.kind in _SHOWN and len(one.data) >= _REGION_BYTES
    ]
    return any(
        x < other_x + other_width and other_x < x + width and y < other_y + other_height and other_y < y + height
        for (width, height, x, y), (other_width, other_height, other_x, other_y) in combinations(
            places[:_MOST_PLACES], 2
        )
    )


def judge_sizes(data: bytes) -> None:
    """Raise `ScanError` if the page or a region of ``data`` exceeds the limit of a page, or all together twice that limit."""
    room = 2 * MAX_PIXELS  # a refinement may draw the page a second time
    for kind, start in _segments(data):
        if (kind not in _REGIONS and kind != _PAGE) or start + 8 > len(data):
            continue
        width, height = struct.unpack_from(">II", data, start)
        if kind == _PAGE and height == _UNKNOWN_LENGTH:
            continue  # striped: the image dictionary has the height
        judge_size(width, height, 1 / 8)
        room -= width * height
        if room < 0:
            judge_size(width, 2 * MAX_PIXELS, 1 / 8)


def _segments(data: bytes) -> Iterator[tuple[int, int]]:
    """Yields type and data offset of each segment, up to the first of unknown length."""
    place = 0
    while place < len(data) and (header := _header(data, place)):
        kind, length, body = header
        yield kind, body
        if length == _UNKNOWN_LENGTH:
            return
        place = body + length


def complete(data: bytes) -> bool:
    """Whether all segments of an embedded JBIG2 stream are complete and at least one is a region."""
    place, regions = 0, 0
    while place < len(data):
        header = _header(data, place)
        if header is None:
            # Padding by encoders is allowed, an incomplete header is not.
            return regions > 0 and not data[place:].strip(b"\0\r\n ")
        kind, length, body = header
        regions += kind in _REGIONS
        if length == _UNKNOWN_LENGTH:
            return True  # only generic regions may have an unknown length; their end is not checked here
        place = body + length
        if place > len(data):
            return False
    return regions > 0


def embedded(data: bytes) -> bytes:
    """``data`` as allowed in a PDF: without end-of-page and end-of-file segments (ISO 32000-1, 7.4.7) and without bytes after the last segment.

    Returned unchanged if a segment has an unknown length or is truncated.
    """
    place, kept = 0, b""
    while place < len(data) and (header := _header(data, place)):
        kind, length, body = header
        if length == _UNKNOWN_LENGTH or body + length > len(data):
            return data
        kept += b"" if kind in _ENDS else data[place : body + length]
        place = body + length
    return kept


def plain(data: bytes) -> bool:
    """Whether all readers decode ``data`` alike: only generic regions and symbols as encoders of scans write them.

    False for refinement, Huffman tables, halftones, and contexts retained from another dictionary, for which readers
    were observed to differ.
    """
    segments = list(_segments(data))
    return any(kind in _PIXELS for kind, _ in segments) and all(_is_plain(kind, data, at) for kind, at in segments)


def _is_plain(kind: int, data: bytes, at: int) -> bool:
    if kind in _GENERIC or kind in _ADMINISTRATION:
        return True
    if kind == _SYMBOLS:
        return at + 2 <= len(data) and not int.from_bytes(data[at : at + 2], "big") & _ODD_SYMBOLS
    flags = at + _REGION_BYTES
    return kind in _TEXT and flags + 2 <= len(data) and not int.from_bytes(data[flags : flags + 2], "big") & _ODD_TEXT


def _header(data: bytes, place: int) -> tuple[int, int, int] | None:
    """Type, data length and data offset of the segment at ``place``; None if the header is truncated."""
    if place + 11 > len(data):
        return None
    number = int.from_bytes(data[place : place + 4], "big")
    flags = data[place + 4]
    # Three bits are the count of referred-to segments; 7 means the long form: a count of 29 bits, and one retention bit per segment (7.2.4).
    referred = data[place + 5] >> 5
    after = place + 6
    if referred == 7:
        referred = int.from_bytes(data[place + 5 : place + 9], "big") & 0x1FFFFFFF
        after = place + 9 + (referred + 8) // 8
    # References have 1, 2 or 4 bytes, depending on the segment's own number (7.2.5).
    after += referred * (1 if number <= 256 else 2 if number <= 65536 else 4)
    # The page association has four bytes or one (7.2.6).
    after += 4 if flags & 0x40 else 1
    if after + 4 > len(data):
        return None
    return flags & 0x3F, int.from_bytes(data[after : after + 4], "big"), after + 4
