"""Reads the segments of a JPEG (ITU-T T.81, annex B) up to the end mark.

    taken_out(data) -> Picture(data, JpegFrame(0xC0, width=2480, height=3508, channels=3, precision=8, …), ended=True)

A telephone's motion photo, stray bytes of a scanner between two segments, or a colour profile of four megabytes are not
picture data, and decoders that count warnings refuse them. This module extracts the picture; its coded data are
unchanged, byte for byte.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

START, END = b"\xff\xd8", b"\xff\xd9"
_RESTARTS = range(0xD0, 0xD8)
_NO_FRAMES = frozenset({0xC4, 0xC8, 0xCC})  # DHT, JPG, DAC
_SCAN, _LINES, _COMMENT = 0xDA, 0xDC, 0xFE
_JFIF, _EXIF, _ADOBE = 0xE0, 0xE1, 0xEE
_KEPT = {_JFIF: (b"JFIF\0", 14), _EXIF: (b"Exif\0\0", 14), _ADOBE: (b"Adobe", 12)}
"""The application segments that affect the display of a picture: their beginning and least length in bytes."""
_APPLICATION = range(0xE0, 0xF0)
_YCCK = 2
_MOST_STRAY = 4096
"""Most stray bytes between two segments that are skipped. Chosen: at most ten were seen."""
MOST_SCANS = 50
"""Most scans of a progressive JPEG. Chosen: encoders write about ten; a hostile file could repeat one a thousand times."""


class SegmentError(ValueError):
    """The bytes are not a JPEG with a readable structure."""


@dataclass(frozen=True, slots=True)
class JpegFrame:
    """The frame header: ``kind`` (0xC0 baseline …), size in px, channels, bits per sample; ``at``: its offset in the data."""

    kind: int
    width: int
    height: int
    channels: int
    precision: int
    at: int


@dataclass(frozen=True, slots=True)
class Picture:
    """A JPEG reduced to its picture: ``data`` from start to end mark.

    ``ended``: whether the end mark was present; ``stray``: number of bytes outside segments; ``adobe``: the colour transform
    of an Adobe segment (0 none, 1 YCbCr, 2 YCCK), None without one.
    """

    data: bytes
    frame: JpegFrame
    ended: bool
    stray: int = 0
    adobe: int | None = None


def taken_out(data: bytes) -> Picture:
    """The picture of ``data``, from its first start mark to its end mark; `SegmentError` if there is none.

    A frame without a height gets that of the DNL segment (B.2.5).
    """
    walk = _Walk(data)
    walk.run()
    if walk.frame is None:
        raise SegmentError("no frame")
    picture = Picture(bytes(walk.out), walk.frame, walk.ended, walk.stray, walk.adobe)
    if walk.frame.channels == 3 and walk.adobe == _YCCK:  # readers treat it as YCbCr
        picture = with_transform(picture, 1)
    return with_height(picture, walk.lines) if walk.frame.height == 0 and walk.lines else picture


def with_height(picture: Picture, height: int) -> Picture:
    """The same picture with another height in its header."""
    at, frame = picture.frame.at + 5, picture.frame
    data = picture.data[:at] + height.to_bytes(2, "big") + picture.data[at + 2 :]
    frame = JpegFrame(frame.kind, frame.width, height, frame.channels, frame.precision, frame.at)
    return Picture(data, frame, picture.ended, picture.stray, picture.adobe)


class _Walk:
    def __init__(self, data: bytes) -> None:
        self.data, self.place = data, 2
        self.out = bytearray(START)
        self.frame: JpegFrame | None = None
        self.adobe: int | None = None
        self.lines = self.stray = self.scans = 0
        self.ended = False

    def run(self) -> None:
        if not self.data.startswith(START):
            raise SegmentError("no start mark")
        while not self.ended and (marker := self.marker()) is not None:
            if marker == END[1]:
                self.ended = True
            elif marker not in _RESTARTS and marker != 1:
                self.segment(marker)
        self.out += END

    def marker(self) -> int | None:
        """Advance past the next marker and return it; None at the end of the data."""
        data = self.data
        begin = found = data.find(b"\xff", self.place)
        while 0 <= found < len(data) - 1 and data[found + 1] in (0x00, 0xFF):
            step = 2 if data[found + 1] == 0 else 1
            begin = found + step if step == 2 else begin
            found = data.find(b"\xff", found + step)
            begin = found if step == 2 else begin
        if found < 0 or found + 1 >= len(data):
            return None
        self.stray += begin - self.place
        if self.stray > _MOST_STRAY:
            raise SegmentError("no segments")
        self.place = found + 2
        return data[found + 1]

    def segment(self, marker: int) -> None:
        start = self.place
        length = int.from_bytes(self.data[start : start + 2], "big")
        body = self.data[start + 2 : start + length]
        if length < 2 or len(body) != length - 2:
            raise SegmentError(f"segment {marker:02x} is cut")
        self.place = start + length
        if marker == _LINES:
            self.lines = int.from_bytes(body[:2], "big")
        elif marker == _COMMENT or (marker in _APPLICATION and not self.keeps(marker, body)):
            pass
        else:
            if 0xC0 <= marker <= 0xCF and marker not in _NO_FRAMES:
                self.take_frame(marker, body)
            self.out += b"\xff" + bytes([marker]) + self.data[start : start + length]
        if marker == _SCAN:
            self.take_code()

    def keeps(self, marker: int, body: bytes) -> bool:
        begin, least = _KEPT.get(marker, (b"\0", 1 << 16))
        if not body.startswith(begin) or len(body) < least:
            return False
        if marker == _ADOBE:
            self.adobe = body[11]
        return True

    def take_frame(self, marker: int, body: bytes) -> None:
        if self.frame is not None or len(body) < 6:
            raise SegmentError("two frames")
        height, width = int.from_bytes(body[1:3], "big"), int.from_bytes(body[3:5], "big")
        self.frame = JpegFrame(marker, width, height, body[5], body[0], len(self.out))

    def take_code(self) -> None:
        self.scans += 1
        if self.scans > MOST_SCANS:
            raise SegmentError("scans without end")
        following = int(np.searchsorted(self.code_ends, self.place))
        stop = int(self.code_ends[following]) if following < len(self.code_ends) else len(self.data)
        self.out += self.data[self.place : stop]
        self.place = stop

    @cached_property
    def code_ends(self) -> NDArray[np.intp]:
        """Offsets of each 0xFF that ends coded data; within coded data it is stuffed (followed by 0) or begins a restart mark.

        Computed by numpy for the whole file at once: a search from scan to scan takes ten times as long.
        """
        data = np.frombuffer(self.data, np.uint8)
        places = np.flatnonzero(data[:-1] == 0xFF)
        after = data[places + 1]
        ends = (after != 0) & (after != 0xFF) & ((after < _RESTARTS.start) | (after >= _RESTARTS.stop))
        return np.asarray(places[ends], np.intp)


def without_exif(picture: Picture) -> bytes:
    """The picture's data without the EXIF of a camera (place, time)."""
    data, place, kept = picture.data, 2, START
    while (marker := data[place + 1]) in (_JFIF, _EXIF, _ADOBE):
        after = place + 2 + int.from_bytes(data[place + 2 : place + 4], "big")
        kept += b"" if marker == _EXIF else data[place:after]
        place = after
    return kept + data[place:]


def with_transform(picture: Picture, transform: int) -> Picture:
    """The same picture with the Adobe colour transform ``transform`` (0: none, 1: YCbCr, 2: YCCK) in place of its own markers."""
    data, place, kept = picture.data, 2, START
    while (marker := data[place + 1]) in (_JFIF, _EXIF, _ADOBE):
        after = place + 2 + int.from_bytes(data[place + 2 : place + 4], "big")
        kept += data[place:after] if marker == _EXIF else b""
        place = after
    kept += b"\xff\xee\x00\x0eAdobe\x00\x64\x00\x00\x00\x00" + bytes([transform])
    frame = picture.frame
    at = frame.at + len(kept) - place
    moved = JpegFrame(frame.kind, frame.width, frame.height, frame.channels, frame.precision, at)
    return Picture(kept + data[place:], moved, picture.ended, picture.stray, transform)
