"""Pages of TIFF files, proven complete strip by strip."""

from __future__ import annotations

import zlib
from typing import IO, TYPE_CHECKING, Any

from PIL import Image

from itrwatch.core.text_matching import counted
from itrwatch.scans.image import fax, jpeg
from itrwatch.scans.image.images import finish
from itrwatch.scans.image.pixels import black_and_white, orient, strict, to_pixels
from itrwatch.scans.image.tiff_structure import WHAT, Directory, walk
from itrwatch.scans.plain_file import open_plain
from itrwatch.scans.values import MAX_DECODED_BYTES, ScanError, ScannedPage, damaged

if TYPE_CHECKING:
    from pathlib import Path

    from itrwatch.imaging.raster import Pixels

_FAX: dict[int, fax.Scheme] = {2: "rle", 3: "g3", 4: "g4", 32771: "rle"}
_RAW, _JPEG, _DEFLATE = 1, 7, (8, 32946)
_AT_A_TIME = 1 << 20
_MAX_ZEROS = 64
"""No code ends in more zeros than this; space that was reserved and not written does."""
_ORIENTATION, _X, _Y, _UNIT = 274, 282, 283, 296
_CM = 3
_BACK = {6: 8, 8: 6}
"""The orientations that are not their own opposite."""


def inspect_tiff(path: Path) -> int:
    """How many pages a TIFF has, each judged by its declared size and the place of its strips."""
    with open_plain(path) as file:
        return len(walk(file))


def read_tiff(path: Path, page: int) -> ScannedPage:
    """Page ``page`` (from 1) of a TIFF, turned and squared."""
    with open_plain(path) as file:
        directories = walk(file)
        if not 1 <= page <= len(directories):
            raise ScanError(
                f"O TIFF tem {counted(len(directories), 'página', 'páginas')}; a página {page} não existe.", page=page
            )
        directory = directories[page - 1]
        with strict(WHAT, page=page):
            image = Image.open(file, formats=("TIFF",))
            image.seek(page - 1)
            tags: Any = image.tag_v2  # type: ignore[attr-defined]
            dpi = _dpi(tags)
            orientation = tags.get(_ORIENTATION, 1)
            image.load()
            # Pillow turns the page while loading, but strips are checked as they are stored.
            pixels = orient(to_pixels(image), _BACK.get(orientation, orientation))
            if pixels.shape[1::-1] != directory.size or not _proven(file, directory, pixels):
                raise damaged(WHAT, page=page)
            one_bit = directory.first(258, 1) == 1 and directory.first(277, 1) == 1
            return finish(pixels, dpi, orientation, bilevel=one_bit and black_and_white(pixels))


def _dpi(tags: Any) -> tuple[float, float] | None:
    unit = tags.get(_UNIT, 2)
    if unit not in (2, _CM) or not tags.get(_X) or not tags.get(_Y):
        return None
    scale = 2.54 if unit == _CM else 1
    return float(tags[_X]) * scale, float(tags[_Y]) * scale


def _proven(file: IO[bytes], directory: Directory, pixels: Pixels) -> bool:
    """Whether the strips hold what was decoded, for the codes whose decoders make up what is missing.

    Uncompressed strips prove nothing, zeros are pixels there.
    """
    compression = directory.first(259, 1)
    if compression != _RAW and any(_zero_tail(_read(file, *piece)) for piece in directory.pieces):
        return False
    if compression == _JPEG:
        _verify_jpegs(file, directory)
    if compression in _DEFLATE and not all(_inflates(_read(file, *piece)) for piece in directory.pieces):
        return False
    if compression not in _FAX or directory.tiled:
        return compression not in _FAX
    scheme = _FAX[compression]
    black_is_zero = directory.first(262, 0) == 1
    white = pixels == (0 if black_is_zero else 255)
    for number, piece in enumerate(directory.pieces[: -(-pixels.shape[0] // directory.rows_per_strip)]):
        data = _read(file, *piece)
        if directory.first(266, 1) == 2:
            data = fax.reverse_bits(data)
        first = number * directory.rows_per_strip
        if not fax.complete(data, scheme, white[first : first + directory.rows_per_strip]):
            return False
    return True


def _verify_jpegs(file: IO[bytes], directory: Directory) -> None:
    tables = _read(file, *directory.tags[347]) if 347 in directory.tags else b""
    for piece in directory.pieces:
        data = _read(file, *piece)
        jpeg.verify(tables[:-2] + data[2:] if tables else data)


def _zero_tail(data: bytes) -> bool:
    return len(data) - len(data.rstrip(b"\0")) > _MAX_ZEROS


def _inflates(data: bytes) -> bool:
    """Whether a Deflate strip comes to its end and its checksum; libtiff stops when it has lines enough."""
    engine = zlib.decompressobj()
    size = 0
    while data and not engine.eof and size <= MAX_DECODED_BYTES:
        size += len(engine.decompress(data, _AT_A_TIME))
        data = engine.unconsumed_tail
    return engine.eof


def _read(file: IO[bytes], offset: int, size: int) -> bytes:
    file.seek(offset)
    return file.read(size)
