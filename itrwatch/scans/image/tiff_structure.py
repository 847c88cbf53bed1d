"""Reads the structure of a TIFF: its pages, their declared sizes, and whether all their strips exist.

    walk(file) -> Skeleton(pages=(Directory(…), …), reduced=1), or `ScanError`

Pillow finds damage only while decoding, follows cyclic directory lists, and accepts any size. This module reads
only the directories (TIFF 6.0 and BigTIFF) and checks them before any pixel is decoded.
"""

from __future__ import annotations

import math
import struct
from dataclasses import dataclass, field, replace
from typing import IO

from itrwatch.scans.plain_file import at_rest
from itrwatch.scans.values import (
    ELSEWHERE,
    MAX_PAGES,
    ScanError,
    cut_short,
    damaged,
    judge_coded,
    judge_size,
    space_behind,
)

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
"""Field types (TIFF 6.0, section 2; BigTIFF) as formats of `struct`."""
_FRACTIONS = (5, 10)
_MAX_ENTRIES = 1000
"""Most entries of a directory. Chosen."""
_MAX_ZEROS = 64
"""Zero bytes at the end of the file that count as reserved space. Chosen."""
_JPEG_TABLES, _COMPRESSION, _OLD_JPEG = 347, 259, 6
_MAX_VALUES = 1 << 20
"""Most values of an entry. Chosen."""
_WANTED = frozenset(
    {
        *(254, 255, 256, 257, 258, 259, 262, 266, 273, 274, 277, 278, 279, 282, 283, 284, 292, 293, 296, 317, 320, 322),
        *(323, 324, 325, 330, 338, 339, 347, 513, 514, 530),
    }
)
_SUB_DIRECTORIES = 330
_REDUCED, _MASK = 1, 4
_OLD_REDUCED = 2
"""Bits of NewSubfileType, and the value of SubfileType (TIFF 6.0, section 8)."""
_SAME_SHAPE = 0.05
"""Largest relative difference of the aspect ratios of a reduced picture and its page. Chosen: thumbnails are rounded to whole pixels; the smallest observed has 64."""


@dataclass(frozen=True, slots=True)
class Directory:
    """One picture: ``tags`` as tuples of numbers (fractions as their quotient); ``big_endian``: the byte order of its samples."""

    tags: dict[int, tuple[float, ...]]
    big_endian: bool = False
    pieces: tuple[tuple[int, int], ...] = ()
    """Offset and length of each strip or tile, bytes."""
    jpeg_tables: bytes = field(default=b"", repr=False)
    within: bool = False
    """Whether it is a SubIFD of another picture: usually a reduced copy, or the full picture of a thumbnail."""

    def first(self, tag: int, default: int) -> int:
        """The first value of ``tag``, or ``default``."""
        return int(self.tags.get(tag, (default,))[0])

    @property
    def size(self) -> tuple[int, int]:
        """Width and height, px."""
        return self.first(256, 0), self.first(257, 0)

    @property
    def tiled(self) -> bool:
        """Whether the pixels are stored in tiles; old writers of tiles used the tags of strips for their offsets."""
        return 324 in self.tags or (self.first(322, 0) > 0 and self.first(323, 0) > 0)

    @property
    def rows_per_strip(self) -> int:
        """Lines in each strip but the last."""
        return max(1, min(self.first(278, 1 << 32), self.size[1]))

    @property
    def planes(self) -> int:
        """The number of sample planes stored separately (PlanarConfiguration 2); else 1."""
        return self.first(277, 1) if self.first(284, 1) == 2 else 1


@dataclass(frozen=True, slots=True)
class Skeleton:
    """The pages of a TIFF in order, and the number of pictures that are not pages: ``reduced`` copies, transparency ``masks``."""

    pages: tuple[Directory, ...]
    reduced: int = 0
    masks: int = 0


def walk(file: IO[bytes]) -> Skeleton:
    """The `Skeleton` of ``file``.

    Raises `ScanError` if the file is damaged, or incomplete because an offset or a strip is beyond its end.
    """
    end = file.seek(0, 2)
    file.seek(0)
    head = file.read(16)
    order = "<" if head[:2] == b"II" else ">"
    big = head[2:4] in (b"+\0", b"\0+")
    if len(head) < 16:
        raise cut_short(WHAT)
    # The offset of the first directory is at byte 4 with 4 bytes, in BigTIFF at byte 8 with 8 bytes.
    (offset,) = struct.unpack_from(order + ("Q" if big else "I"), head, 8 if big else 4)
    reader = _Reader(file, end, order, big=big)
    found = _directories(reader, offset)
    # A writer sets the offset of the first directory when it closes the file: without directories, a file is unfinished.
    if not found:
        raise cut_short(WHAT)
    used = max([reader.used, *(offset + size for one in found for offset, size in one.pieces)])
    # Zeros after all referenced data may be space reserved for further pages.
    if used <= end - _MAX_ZEROS and not reader.read(end - _MAX_ZEROS, _MAX_ZEROS).strip(b"\0") and not at_rest(file):
        raise space_behind(WHAT)
    skeleton = _parted(found)
    for number, page in enumerate(skeleton.pages, 1):
        _judge(page, number, end)
    return skeleton


def _directories(reader: _Reader, offset: int) -> list[Directory]:
    """All directories from the one at ``offset``; the SubIFDs of a directory (TIFF technical note 1) follow it."""
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
    """Separate pages from masks and reduced copies; a picture marked as reduced that is not a smaller copy of a page is a page."""
    masks = [one for one in found if one.first(254, 0) & _MASK or one.first(262, 0) == 4]
    said = [one for one in found if one not in masks and (one.within or _called_reduced(one))]
    full = [one for one in found if one not in masks and one not in said]
    reduced = [one for one in said if any(_reduces(one, other) for other in full)]
    if not full:  # a pyramid whose largest level is also marked as reduced
        largest = max(said, key=lambda one: math.prod(one.size), default=None)
        reduced = [one for one in said if largest is not None and one is not largest and _reduces(one, largest)]
    # In a file with only masks, the masks are wrongly marked pages.
    none = [*masks, *reduced] if len(masks) < len(found) else reduced
    pages = tuple(one for one in found if not any(one is other for other in none))
    return Skeleton(pages, len(reduced), len(found) - len(pages) - len(reduced))


def _called_reduced(one: Directory) -> bool:
    return bool(one.first(254, 0) & _REDUCED) or (254 not in one.tags and one.first(255, 0) == _OLD_REDUCED)


def _reduces(one: Directory, other: Directory) -> bool:
    (width, height), (wide, high) = one.size, other.size
    if not (0 < width < wide and 0 < height < high):
        return False
    # Rounding to whole pixels changes the aspect ratio of small pictures most: tolerate 1.5 pixels of the shorter side.
    return abs(width * high / (height * wide) - 1) <= max(_SAME_SHAPE, 1.5 / min(width, height))


@dataclass(slots=True)
class _Reader:
    file: IO[bytes]
    end: int
    order: str
    big: bool
    used: int = 0
    """The end of the last referenced data except strips, bytes."""

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
            # Values that fit are stored in the last 4 (BigTIFF: 8) bytes of the entry.
            place = self.place(form, length, inline, first + (number + 1) * entry_size - len(inline))
            if tag == _JPEG_TABLES:
                tables = self.read(place, length)
            elif tag in _WANTED:
                tags[tag] = self.values(form, place, length)
        following = self.unpack(link, first + count * entry_size)[0]
        made = Directory(tags, self.order == ">", jpeg_tables=tables)
        return Directory(tags, self.order == ">", self.pieces(made), tables), following

    def pieces(self, directory: Directory) -> tuple[tuple[int, int], ...]:
        """Offset and length of each strip or tile; a single strip with length 0 or none extends to the end of the file."""
        of_strips, of_tiles = (273, 279), (324, 325)
        where, how_long = of_tiles if of_tiles[0] in directory.tags else of_strips
        offsets = [int(one) for one in directory.tags.get(where, ())]
        sizes = [int(one) for one in directory.tags.get(how_long, ())]
        if len(offsets) == 1 and sizes in ([], [0]):
            sizes = [max(0, self.end - offsets[0])]
        return tuple(zip(offsets, sizes, strict=False))

    def place(self, form: int, count: int, inline: bytes, at: int) -> int:
        """The offset of the values of an entry: ``at``, in the entry itself, if they fit."""
        size = count * struct.calcsize("=" + _FORMATS.get(form, "B"))
        if size <= len(inline):
            return at
        offset = int.from_bytes(inline, "little" if self.order == "<" else "big")
        # Limited to the end of the file: an offset beyond it is reported when the value is read.
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
    if directory.tiled:  # a tile is decoded completely, even if it extends beyond the page
        judge_size(directory.first(322, 0), directory.first(323, 0), samples * bits / 8, page=page)
    if directory.first(_COMPRESSION, 1) == _OLD_JPEG:
        return  # old-style JPEG has its data elsewhere, or no strips (see `tiff`)
    if len(directory.pieces) < expected_pieces(directory) or any(not size for _, size in directory.pieces):
        raise damaged(WHAT, page=page)
    if any(offset + size > end for offset, size in directory.pieces):
        raise cut_short(WHAT)


def expected_pieces(directory: Directory) -> int:
    """The number of strips or tiles that a picture of this size must have."""
    width, height = directory.size
    if directory.tiled:
        across, down = directory.first(322, 0), directory.first(323, 0)
        # Tiles at the right and lower edge are stored with full size.
        return math.ceil(width / max(across, 1)) * math.ceil(height / max(down, 1)) * directory.planes
    return math.ceil(height / directory.rows_per_strip) * directory.planes
