"""The skeleton of a TIFF: its pages, their declared sizes, and whether all their strips are there.

    walk(file) -> Skeleton(pages=(Directory(…), …), reduced=1), or `ScanError`

Pillow finds damage only while it decodes, follows loops as far as it can, and believes any
size. This walk reads directories only (TIFF 6.0, and BigTIFF), counts, and judges, before any
pixel is asked for.
"""

from __future__ import annotations

import math
import struct
from dataclasses import dataclass, field, replace
from typing import IO

from itrwatch.scans.values import ELSEWHERE, MAX_PAGES, ScanError, cut_short, damaged, judge_coded, judge_size

WHAT = "O arquivo TIFF"
_FORMATS = {
    1: "B",
    2: "B",
    3: "H",
    4: "I",
    5: "II",
    6: "b",
    7: "B",
    8: "h",
    9: "i",
    10: "ii",
    11: "f",
    12: "d",
    13: "I",
    16: "Q",
    17: "q",
    18: "Q",
}
_FRACTIONS = (5, 10)
_MAX_ENTRIES = 1000  # chosen
_MAX_ZEROS = 64  # chosen
_JPEG_TABLES, _COMPRESSION, _OLD_JPEG = 347, 259, 6
_MAX_VALUES = 1 << 20  # chosen
_WANTED = frozenset(
    {
        *(254, 255, 256, 257, 258, 259, 262, 266, 273, 274, 277, 278, 279, 282, 283, 284, 292, 293, 296, 317, 320, 322),
        *(323, 324, 325, 330, 338, 339, 347, 513, 514, 530),
    }
)
_SUB_DIRECTORIES = 330
_REDUCED, _MASK = 1, 4
_OLD_REDUCED = 2
"""NewSubfileType's bits and SubfileType's value (TIFF 6.0, section 8)."""
_SAME_SHAPE = 0.05
"""How far width by height of a reduced picture may be from its page's; chosen: thumbnails are rounded to whole pixels, the smallest seen has 64."""


@dataclass(frozen=True, slots=True)
class Directory:
    """One picture: tags as tuples of numbers (fractions as they divide); ``big_endian``: how its samples are stored."""

    tags: dict[int, tuple[float, ...]]
    big_endian: bool = False
    pieces: tuple[tuple[int, int], ...] = ()
    """Offset and length of every strip or tile, bytes."""
    jpeg_tables: bytes = field(default=b"", repr=False)
    within: bool = False
    """Whether it belongs to another picture: a reduced one, mostly, or the full one of which that is a thumbnail."""

    def first(self, tag: int, default: int) -> int:
        """The first value of ``tag``."""
        return int(self.tags.get(tag, (default,))[0])

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
    def planes(self) -> int:
        """How many planes the samples are parted into."""
        return self.first(277, 1) if self.first(284, 1) == 2 else 1


@dataclass(frozen=True, slots=True)
class Skeleton:
    """The pages of a TIFF in order, and how many of its pictures are none: ``reduced`` ones, transparency ``masks``."""

    pages: tuple[Directory, ...]
    reduced: int = 0
    masks: int = 0


def walk(file: IO[bytes]) -> Skeleton:
    """All pages of ``file``, in order.

    Raises `ScanError`: damaged, or incomplete when an offset or a strip lies beyond the end.
    """
    end = file.seek(0, 2)
    file.seek(0)
    head = file.read(16)
    order = "<" if head[:2] == b"II" else ">"
    big = head[2:4] in (b"+\0", b"\0+")
    if len(head) < 16:
        raise cut_short(WHAT)
    # The first directory's offset stands at byte 4, in BigTIFF at byte 8, with twice the size.
    (offset,) = struct.unpack_from(order + ("Q" if big else "I"), head, 8 if big else 4)
    reader = _Reader(file, end, order, big=big)
    found = _directories(reader, offset)
    # Zeros behind everything that is named are reserved space: more pages were to come.
    used = max([reader.used, *(offset + size for one in found for offset, size in one.pieces)])
    # A TIFF writer fills in the place of the first directory when it closes the file; and a whole
    # TIFF of one page may be the beginning of a longer one, whose space is reserved already.
    if not found or (used <= end - _MAX_ZEROS and not reader.read(end - _MAX_ZEROS, _MAX_ZEROS).strip(b"\0")):
        raise cut_short(WHAT)
    skeleton = _parted(found)
    for number, page in enumerate(skeleton.pages, 1):
        _judge(page, number, end)
    return skeleton


def _directories(reader: _Reader, offset: int) -> list[Directory]:
    """All directories, from the one at ``offset`` on; those that one has of its own (SubIFDs, TIFF technical note 1) follow it."""
    found: list[Directory] = []
    seen: set[int] = set()
    waiting = [(offset, False)]
    while waiting:
        offset, within = waiting.pop()
        if not offset:
            continue
        if offset in seen or len(found) >= MAX_PAGES:
            raise ScanError(
                "A lista de páginas do TIFF anda em círculo ou não tem fim. "
                f"Digitalize de novo, de preferência em PDF, e copie o arquivo inteiro. {ELSEWHERE}"
            )
        seen.add(offset)
        directory, following = reader.directory(offset)
        found.append(replace(directory, within=within))
        own = [int(place) for place in directory.tags.get(_SUB_DIRECTORIES, ())]
        waiting += [(following, within), *((place, True) for place in reversed(own))]
    return found


def _parted(found: list[Directory]) -> Skeleton:
    """Pages apart from what only helps to show them; what is called reduced and is no smaller copy of a page is one."""
    masks = [one for one in found if one.first(254, 0) & _MASK or one.first(262, 0) == 4]
    said = [one for one in found if one not in masks and (one.within or _called_reduced(one))]
    full = [one for one in found if one not in masks and one not in said]
    reduced = [one for one in said if any(_reduces(one, other) for other in full)]
    if not full:  # a pyramid of which even the largest step is called reduced
        largest = max(said, key=lambda one: math.prod(one.size), default=None)
        reduced = [one for one in said if largest is not None and one is not largest and _reduces(one, largest)]
    # A file that consists of masks alone is one of pages, wrongly marked.
    none = [*masks, *reduced] if len(masks) < len(found) else reduced
    pages = tuple(one for one in found if not any(one is other for other in none))
    return Skeleton(pages, len(reduced), len(found) - len(pages) - len(reduced))


def _called_reduced(one: Directory) -> bool:
    return bool(one.first(254, 0) & _REDUCED) or (254 not in one.tags and one.first(255, 0) == _OLD_REDUCED)


def _reduces(one: Directory, other: Directory) -> bool:
    (width, height), (wide, high) = one.size, other.size
    if not (0 < width < wide and 0 < height < high):
        return False
    # Rounding to whole pixels changes the shape of a small picture most, by up to 1.5 pixels in its shorter side.
    return abs(width * high / (height * wide) - 1) <= max(_SAME_SHAPE, 1.5 / min(width, height))


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
        tags: dict[int, tuple[float, ...]] = {}
        tables = b""
        entries = struct.iter_unpack(self.order + entry_form, self.read(first, count * entry_size))
        for number, (tag, form, length, inline) in enumerate(entries):
            # Values that fit stand in the entry's last 4 (8) bytes.
            place = self.place(form, length, inline, first + (number + 1) * entry_size - len(inline))
            if tag == _JPEG_TABLES:
                tables = self.read(place, length)
            elif tag in _WANTED:
                tags[tag] = self.values(form, place, length)
        following = self.unpack(link, first + count * entry_size)[0]
        made = Directory(tags, self.order == ">", jpeg_tables=tables)
        return Directory(tags, self.order == ">", self.pieces(made), tables), following

    def pieces(self, directory: Directory) -> tuple[tuple[int, int], ...]:
        """Where the strips are; a length of 0 or none, of a writer that did not come back to it, is up to the end."""
        offsets = [int(one) for one in directory.tags.get(324 if directory.tiled else 273, ())]
        sizes = [int(one) for one in directory.tags.get(325 if directory.tiled else 279, ())]
        if len(offsets) == 1 and sizes in ([], [0]):
            sizes = [max(0, self.end - offsets[0])]
        return tuple(zip(offsets, sizes, strict=False))

    def place(self, form: int, count: int, inline: bytes, at: int) -> int:
        """Where the values of an entry are: in the entry itself, at ``at``, if they fit."""
        size = count * struct.calcsize("=" + _FORMATS.get(form, "B"))
        if size <= len(inline):
            return at
        offset = int.from_bytes(inline, "little" if self.order == "<" else "big")
        # Capped: an offset beyond the end is judged where the value is wanted.
        self.used = max(self.used, min(offset + size, self.end))
        return offset

    def values(self, form: int, place: int, count: int) -> tuple[float, ...]:
        if form not in _FORMATS or not 0 < count <= _MAX_VALUES:
            raise damaged(WHAT)
        numbers = self.unpack(_FORMATS[form] * count if form in _FRACTIONS else f"{count}{_FORMATS[form]}", place)
        if form in _FRACTIONS:
            return tuple(
                top / bottom if bottom else 0.0 for top, bottom in zip(numbers[::2], numbers[1::2], strict=True)
            )
        return numbers

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
    samples, bits = directory.first(277, 1), directory.first(258, 1)
    if not 1 <= samples <= 5 or not 1 <= bits <= 64:
        raise damaged(WHAT, page=page)
    judge_size(width, height, samples * bits / 8, page=page)
    coded = sum(size for _, size in directory.pieces)
    judge_coded(width, height, width * height * samples * bits // 8, coded, page=page)
    if directory.tiled:  # a tile is unpacked whole, whatever the page needs of it
        judge_size(directory.first(322, 0), directory.first(323, 0), samples * bits / 8, page=page)
    if directory.first(_COMPRESSION, 1) == _OLD_JPEG:
        return  # its strips are in another place, or there are none (`tiff`)
    if len(directory.pieces) < expected_pieces(directory) or any(not size for _, size in directory.pieces):
        raise damaged(WHAT, page=page)
    if any(offset + size > end for offset, size in directory.pieces):
        raise cut_short(WHAT)


def expected_pieces(directory: Directory) -> int:
    """How many strips or tiles a page of this size has."""
    width, height = directory.size
    if directory.tiled:
        across, down = directory.first(322, 0), directory.first(323, 0)
        # Tiles at the right and lower edge are stored whole.
        return math.ceil(width / max(across, 1)) * math.ceil(height / max(down, 1)) * directory.planes
    return math.ceil(height / directory.rows_per_strip) * directory.planes
