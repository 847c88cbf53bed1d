"""The skeleton of a TIFF: its pages, their declared sizes, and whether all their strips are there.

Pillow finds damage only while it decodes, follows loops as far as it can, and believes any
size. This walk reads directories only (TIFF 6.0, and BigTIFF), counts, and judges, before any
pixel is asked for.
"""

from __future__ import annotations

import math
import struct
from dataclasses import dataclass
from typing import IO

from itrwatch.scans.values import MAX_PAGES, ScanError, cut_short, damaged, judge_coded, judge_size

WHAT = "O arquivo TIFF"
_FORMATS = {1: "B", 2: "B", 3: "H", 4: "I", 6: "b", 7: "B", 8: "h", 9: "i", 13: "I", 16: "Q", 17: "q", 18: "Q"}
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8}
_MAX_ENTRIES = 1000
_MAX_ZEROS = 64
_JPEG_TABLES = 347
_MAX_VALUES = 1 << 20
_WANTED = frozenset({256, 257, 258, 259, 262, 266, 273, 277, 278, 279, 284, 322, 323, 324, 325, 347})


@dataclass(frozen=True, slots=True)
class Directory:
    """One page: tags as tuples of integers."""

    tags: dict[int, tuple[int, ...]]

    def first(self, tag: int, default: int) -> int:
        """The first value of ``tag``."""
        return self.tags.get(tag, (default,))[0]

    @property
    def size(self) -> tuple[int, int]:
        """Width and height, px."""
        return self.first(256, 0), self.first(257, 0)

    @property
    def tiled(self) -> bool:
        """Whether the pixels come in tiles."""
        return 324 in self.tags

    @property
    def rows_per_strip(self) -> int:
        """Lines in each strip but the last."""
        return max(1, min(self.first(278, 1 << 32), self.size[1]))

    @property
    def pieces(self) -> list[tuple[int, int]]:
        """Offset and length of every strip or tile, bytes."""
        offsets, counts = (324, 325) if self.tiled else (273, 279)
        return list(zip(self.tags.get(offsets, ()), self.tags.get(counts, ()), strict=False))


def walk(file: IO[bytes]) -> list[Directory]:
    """All pages of ``file``, in order.

    Raises `ScanError` for damage: incomplete when an offset or a strip lies beyond the end.
    """
    end = file.seek(0, 2)
    file.seek(0)
    head = file.read(16)
    order = "<" if head[:2] == b"II" else ">"
    big = head[2:4] in (b"+\0", b"\0+")
    if len(head) < 16:
        raise cut_short(WHAT)
    (offset,) = struct.unpack_from(order + ("Q" if big else "I"), head, 8 if big else 4)
    reader = _Reader(file, end, order, big=big)
    pages: list[Directory] = []
    seen: set[int] = set()
    while offset:
        if offset in seen or len(pages) >= MAX_PAGES:
            raise ScanError(
                "A lista de páginas do TIFF anda em círculo ou não tem fim. "
                "Digitalize de novo, de preferência em PDF, e copie o arquivo inteiro."
            )
        seen.add(offset)
        directory, offset = reader.directory(offset)
        _judge(directory, len(pages) + 1, end)
        pages.append(directory)
    used = max([reader.used, *(offset + size for page in pages for offset, size in page.pieces)])
    # A TIFF writer fills in the place of the first directory when it closes the file; and a whole
    # TIFF of one page may be the beginning of a longer one, whose space is reserved already.
    if not pages or (used <= end - _MAX_ZEROS and not reader.read(end - _MAX_ZEROS, _MAX_ZEROS).strip(b"\0")):
        raise cut_short(WHAT)
    return pages


@dataclass(slots=True)
class _Reader:
    file: IO[bytes]
    end: int
    order: str
    big: bool
    used: int = 0
    """The end of the furthest thing that a directory names, strips apart, bytes."""

    def directory(self, offset: int) -> tuple[Directory, int]:
        count_form, entry_form, link = ("Q", "HHQ8s", "Q") if self.big else ("H", "HHI4s", "I")
        count = self.unpack(count_form, offset)[0]
        if not 0 < count <= _MAX_ENTRIES:
            raise damaged(WHAT)
        first = offset + struct.calcsize("=" + count_form)
        entry_size = struct.calcsize("=" + entry_form)
        tags: dict[int, tuple[int, ...]] = {}
        entries = struct.iter_unpack(self.order + entry_form, self.read(first, count * entry_size))
        for number, (tag, form, length, inline) in enumerate(entries):
            place = self.place(form, length, inline, first + (number + 1) * entry_size - len(inline))
            if tag in _WANTED:
                tags[tag] = self.values(tag, form, place, length)
        return Directory(tags), self.unpack(link, first + count * entry_size)[0]

    def place(self, form: int, count: int, inline: bytes, at: int) -> int:
        """Where the values of an entry are: in the entry itself, at ``at``, if they fit."""
        size = count * _SIZES.get(form, 1)
        if size <= len(inline):
            return at
        offset = int.from_bytes(inline, "little" if self.order == "<" else "big")
        self.used = max(self.used, min(offset + size, self.end))
        return offset

    def values(self, tag: int, form: int, place: int, count: int) -> tuple[int, ...]:
        if form not in _FORMATS or not 0 < count <= _MAX_VALUES:
            raise damaged(WHAT)
        if tag == _JPEG_TABLES:  # where they are, not what they say
            self.read(place, count)
            return place, count
        return self.unpack(f"{count}{_FORMATS[form]}", place)

    def unpack(self, form: str, offset: int) -> tuple[int, ...]:
        return struct.unpack(self.order + form, self.read(offset, struct.calcsize(self.order + form)))

    def read(self, offset: int, size: int) -> bytes:
        if offset + size > self.end:
            raise cut_short(WHAT)
        self.file.seek(offset)
        self.used = max(self.used, offset + size)
        return self.file.read(size)


def _judge(directory: Directory, page: int, end: int) -> None:
    width, height = directory.size
    samples = directory.first(277, 1)
    if not 1 <= samples <= 5 or directory.first(258, 1) > 64:
        raise damaged(WHAT, page=page)
    judge_size(width, height, samples * directory.first(258, 1) / 8, page=page)
    coded = sum(size for _, size in directory.pieces)
    judge_coded(width, height, width * height * samples * directory.first(258, 1) // 8, coded, page=page)
    if directory.tiled:  # a tile is unpacked whole, whatever the page needs of it
        judge_size(directory.first(322, 0), directory.first(323, 0), samples * directory.first(258, 1) / 8, page=page)
    if directory.first(259, 1) == 6:
        raise ScanError(
            "A página usa a compressão JPEG antiga do TIFF, que não se lê com segurança. "
            "Abra o arquivo no programa do scanner, salve como PDF e troque o arquivo.",
            page=page,
        )
    if len(directory.pieces) < _expected_pieces(directory) or any(not size for _, size in directory.pieces):
        raise damaged(WHAT, page=page)
    if any(offset + size > end for offset, size in directory.pieces):
        raise cut_short(WHAT)


def _expected_pieces(directory: Directory) -> int:
    width, height = directory.size
    planes = directory.first(277, 1) if directory.first(284, 1) == 2 else 1
    if directory.tiled:
        across, down = directory.first(322, 0), directory.first(323, 0)
        return math.ceil(width / max(across, 1)) * math.ceil(height / max(down, 1)) * planes
    return math.ceil(height / directory.rows_per_strip) * planes
