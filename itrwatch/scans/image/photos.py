"""Reads pictures of telephones: HEIC photographs (ISO 23008-12) and WebP pictures.

    read_heic(Path("a.heic"), 1) -> ScannedPage(…, photograph=True), or `ScanError`

The end of a file is known from its boxes or chunks; a shorter file is incomplete. The coded data is checked only by the
decoders (libheif, libwebp), which refuse truncated data.
"""

from __future__ import annotations

import io
import struct
from typing import TYPE_CHECKING, Any

from PIL import Image

from itrwatch.core.text_matching import counted
from itrwatch.scans.image.images import as_photograph, finish, photograph_dpi, picture_orientation
from itrwatch.scans.image.pixels import strict, to_pixels
from itrwatch.scans.plain_file import contents
from itrwatch.scans.values import ScanError, ScannedPage, cut_short, damaged, judge_size

if TYPE_CHECKING:
    from pathlib import Path

_HEIC, _WEBP = "O arquivo HEIC", "O arquivo WebP"
_RIFF_HEAD = 12
"""Bytes before the first chunk."""
_MOVING = 0x02
"""The animation flag of the VP8X chunk."""
_MOST_BOXES = 10_000
"""Most top-level boxes of a file. Chosen."""
_MOVES = "A imagem WebP é animada: tem vários quadros. Abra-a, salve como PDF o quadro que é o papel e ponha o PDF no lugar dela."


def inspect_webp(path: Path) -> None:
    """Check size and completeness of a WebP without decoding it; raises `ScanError`."""
    _open_webp(contents(path))


def read_webp(path: Path) -> ScannedPage:
    """The page of a WebP file, rotated as its EXIF orientation requires; raises `ScanError`."""
    image = _open_webp(contents(path))
    with strict(_WEBP, page=1):
        image.load()
        return finish(to_pixels(image), None, picture_orientation(image), bilevel=False)


def _open_webp(data: bytes) -> Image.Image:
    (size,) = struct.unpack_from("<I", data, 4)
    if len(data) < size + 8:
        raise cut_short(_WEBP)
    # The flags of VP8X follow the type and size of the chunk.
    if data[_RIFF_HEAD : _RIFF_HEAD + 4] == b"VP8X" and data[_RIFF_HEAD + 8] & _MOVING:
        raise ScanError(_MOVES)
    with strict(_WEBP):
        image = Image.open(io.BytesIO(data), formats=("WEBP",))
        judge_size(*image.size, 4)
        return image


def inspect_heic(path: Path) -> int:
    """The number of pictures in a HEIC file; raises `ScanError` if one exceeds the size limits."""
    return len(_open_heic(contents(path)))


def read_heic(path: Path, page: int) -> ScannedPage:
    """Picture ``page`` (from 1) of a HEIC file; libheif applies its rotation. Raises `ScanError`."""
    pictures = _open_heic(contents(path))
    if not 1 <= page <= len(pictures):
        raise ScanError(
            f"O arquivo tem {counted(len(pictures), 'foto', 'fotos')}; a página {page} não existe.", page=page
        )
    with strict(_HEIC, page=page):
        pixels = to_pixels(pictures[page - 1].to_pillow())
        return as_photograph(finish(pixels, photograph_dpi(pixels), 1, bilevel=False))


def _open_heic(data: bytes) -> Any:
    import pillow_heif  # noqa: PLC0415  loads 23 MB of libraries, rarely needed

    _walk_boxes(data)
    with strict(_HEIC):
        pictures = pillow_heif.open_heif(data, convert_hdr_to_8bit=True)
        for picture in pictures:
            width, height = picture.size
            judge_size(width, height, 4)
        if not len(pictures):
            raise damaged(_HEIC)
        return pictures


def _walk_boxes(data: bytes) -> None:
    """Follow the boxes to the end of the file (ISO 14496-12, 4.2); raises `ScanError` if it is truncated or damaged."""
    place = 0
    for _ in range(_MOST_BOXES):
        if place == len(data):
            return
        if place + 8 > len(data):
            raise cut_short(_HEIC)
        size = int.from_bytes(data[place : place + 4], "big")
        if size == 1:
            # A size of 1 means that an 8-byte size follows.
            size = int.from_bytes(data[place + 8 : place + 16], "big")
        if size == 0:
            return  # the box extends to the end of the file
        if size < 8:
            raise damaged(_HEIC, incomplete=not data[-1024:].strip(b"\0"))
        place += size
        if place > len(data):
            raise cut_short(_HEIC)
    raise damaged(_HEIC)
