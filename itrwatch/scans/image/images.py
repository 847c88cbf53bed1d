"""Pages of JPEG, PNG and TIFF files.

read_jpeg(Path("a.jpg")) -> ScannedPage(Raster(uint8 (h, w) or (h, w, 3), dpi), …), or `ScanError`
"""

from __future__ import annotations

import io
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PIL import Image

from itrwatch.core.encoded_page import Box, Coding, SourcePicture
from itrwatch.core.pages import Turn
from itrwatch.imaging.raster import Pixels, Raster
from itrwatch.scans.image import jpeg
from itrwatch.scans.image.jpeg_segments import JpegFrame, Picture, without_exif
from itrwatch.scans.image.paper_size import A4_LONG_MM, MM_PER_INCH, settle
from itrwatch.scans.image.pixels import black_and_white, orient, same_dpi, square, squared_size, strict, to_pixels
from itrwatch.scans.plain_file import contents
from itrwatch.scans.values import ScanError, ScannedPage, cut_short, damaged, judge_coded, judge_size

if TYPE_CHECKING:
    from pathlib import Path

_JPEG = "O arquivo JPEG"
_PNG = "O arquivo PNG"
_NO_LENGTH = (
    "O scanner salvou a imagem antes de saber o comprimento da folha, e o arquivo JPEG não o diz. "
    "Digitalize em PDF, ou pelo vidro do scanner."
)
_RARE_JPEG = (
    "O arquivo JPEG usa uma forma rara (sem perda ou de mais de 8 bits), que o itrwatch não lê. "
    "Abra-o num visualizador de imagens, imprima em PDF e ponha o PDF no lugar dele."
)
_UNKNOWN_LINES, _MOST_LINES = 65535, 65500
"""What page feeders write for a length that they do not know: all ones, or the most that libjpeg takes."""
_READ_KINDS = (0xC0, 0xC1, 0xC2, 0xC9, 0xCA)
"""Baseline, extended, progressive; with Huffman or arithmetic codes."""
_ORIENTATION = 0x0112
_PHOTOGRAPH = (
    "A página é uma foto, não uma digitalização: fica como imagem, com o lado maior de um A4. Confira se dá para ler tudo e se nada da folha ficou de fora; "
    "se puder, digitalize a folha."
)
_TURNS: dict[int, Turn] = {1: 0, 3: 180, 6: 90, 8: 270}
"""What an EXIF orientation that does not mirror turns, clockwise."""
_CODINGS: dict[int, Coding] = {1: "jpeg-grey", 3: "jpeg-rgb"}
PT_PER_MM = 72 / 25.4
_EXIF_OF_CAMERA = 0x8769
_EXPOSURE = (0x829A, 0x829D, 0x920A)
"""Exposure time, aperture, focal length."""
_NOT_SHOWN = frozenset({b"tEXt", b"zTXt", b"iTXt", b"iCCP"})
"""Chunks of a PNG that say nothing of its pixels: Pillow refuses the whole file for one that is too long."""
_EXIF_X, _EXIF_Y = 0x011A, 0x011B
_EXIF_UNKNOWN_DPI = 72
"""EXIF 2.3, 4.6.4: “when the image resolution is unknown, 72 [dpi] is designated”."""


def only_page(page: int) -> None:
    """Raise `ScanError` for any page but the first."""
    if page != 1:
        raise ScanError(f"O arquivo tem uma página só; a página {page} não existe.", page=page)


def inspect_jpeg(path: Path) -> None:
    """Judge a JPEG's size, and whether it has an end, without decoding it."""
    _open_jpeg(contents(path))


def read_jpeg(path: Path) -> ScannedPage:
    """The page of a JPEG file, turned as its EXIF says."""
    picture, image = _open_jpeg(contents(path))
    with strict(_JPEG, page=1):
        pixels = jpeg.decode(picture)
        if picture.frame.channels == 4:
            pixels = jpeg.cmyk_to_rgb(pixels, inverted=picture.adobe is not None)
        orientation = picture_orientation(image)
        by_camera = _by_camera(image)
        dpi = photograph_dpi(pixels) if by_camera else _jpeg_dpi(image)
        scanned = finish(pixels, dpi, orientation, bilevel=False)
        scanned = replace(scanned, source=_source(picture, orientation, scanned.raster))
        return as_photograph(scanned) if by_camera else scanned


def inspect_png(path: Path) -> None:
    """Judge a PNG's size and chunks without decoding it."""
    _open_png(contents(path))


def read_png(path: Path) -> ScannedPage:
    """The page of a PNG file."""
    image = _open_png(contents(path))
    with strict(_PNG, page=1):
        layout: Any = image.tile[0]  # type: ignore[attr-defined]
        one_bit = layout[3] in ("1", "P;1")
        image.load()
        pixels = to_pixels(image)
        dpi = image.info.get("dpi")
        return finish(pixels, dpi, picture_orientation(image), bilevel=one_bit and black_and_white(pixels))


def finish(pixels: Pixels, dpi: tuple[float, float] | None, orientation: int, *, bilevel: bool) -> ScannedPage:
    """Pixels as stored → the page as displayed: turned, with a believable resolution, squared.

    ``dpi``: as stated for the stored x and y, before turning.
    """
    pixels = orient(pixels, orientation)
    # Orientations 5 to 8 exchange rows and columns, so the resolutions change places as well.
    if dpi is not None and 5 <= orientation <= 8:
        dpi = (dpi[1], dpi[0])
    height, width = pixels.shape[:2]
    dpi_x, dpi_y, notes = settle(width, height, dpi)
    if not same_dpi(dpi_x, dpi_y):
        judge_size(*squared_size(width, height, dpi_x, dpi_y), page=1)
        notes = (
            *notes,
            f"Resolução diferente na largura ({dpi_x:.0f} dpi) e na altura ({dpi_y:.0f} dpi); a página foi ajustada.",
        )
    pixels, square_dpi = square(pixels, dpi_x, dpi_y, bilevel=bilevel)
    return ScannedPage(Raster(pixels, float(square_dpi), bilevel), notes)


def _source(picture: Picture, orientation: int, raster: Raster) -> SourcePicture | None:
    """The picture of a JPEG file as it is, on the whole page; None for one that is mirrored or in inks."""
    coding = _CODINGS.get(picture.frame.channels)
    if coding is None or orientation not in _TURNS:
        return None
    box = Box(0, 0, raster.width_mm * PT_PER_MM, raster.height_mm * PT_PER_MM)
    return SourcePicture(
        coding, without_exif(picture), picture.frame.width, picture.frame.height, box, _TURNS[orientation]
    )


def photograph_dpi(pixels: Pixels) -> tuple[float, float]:
    """The resolution (x, y) at which a photograph is as long as A4: what a camera writes, 72 mostly, says nothing of the paper."""
    dpi = max(pixels.shape[:2]) / A4_LONG_MM * MM_PER_INCH
    return dpi, dpi


def as_photograph(scanned: ScannedPage) -> ScannedPage:
    """The page, with the note that it is a camera's."""
    return replace(scanned, notes=(*scanned.notes, _PHOTOGRAPH), photograph=True)


def picture_orientation(image: Image.Image) -> int:
    """How a picture is to be turned, as its EXIF says; 1 where it says nothing sensible."""
    turn = image.getexif().get(_ORIENTATION, 1)
    return turn if isinstance(turn, int) else 1


def _by_camera(image: Image.Image) -> bool:
    """Whether a camera took the picture: scanners name themselves in EXIF too, but have no aperture."""
    return any(tag in image.getexif().get_ifd(_EXIF_OF_CAMERA) for tag in _EXPOSURE)


def _open_jpeg(data: bytes) -> tuple[Picture, Image.Image]:
    """The picture in a file, and its header with EXIF."""
    with strict(_JPEG):
        picture = jpeg.picture_of(data)
        frame = picture.frame
        if not picture.ended:
            raise cut_short(_JPEG)
        _judge_frame(frame)
        judge_size(frame.width, frame.height, frame.channels)
        return picture, Image.open(io.BytesIO(picture.data), formats=("JPEG",))


def _judge_frame(frame: JpegFrame) -> None:
    if frame.height in (0, _UNKNOWN_LINES, _MOST_LINES):
        raise ScanError(_NO_LENGTH)
    if frame.kind not in _READ_KINDS or frame.precision != 8:
        raise ScanError(_RARE_JPEG)


def _jpeg_dpi(image: Image.Image) -> tuple[float, float] | None:
    info: dict[Any, Any] = image.info
    if info.get("jfif_unit") in (1, 2):
        return info.get("dpi")
    exif = image.getexif()
    if _EXIF_X not in exif or exif[_EXIF_X] == _EXIF_UNKNOWN_DPI or exif[_EXIF_X] != exif.get(_EXIF_Y):
        return None
    stated = info.get("dpi")
    return stated and (float(stated[0]), float(stated[1]))  # of EXIF they are fractions, which Pillow cannot divide


def _open_png(data: bytes) -> Image.Image:
    picture = _without_texts(data)
    with strict(_PNG):
        image = Image.open(io.BytesIO(picture), formats=("PNG",))
        # Pillow's modes of 16 bits have it in their names (I;16, I;16B).
        samples = len(image.getbands()) * (2 if "16" in image.mode else 1)
        judge_size(*image.size, samples)
        judge_coded(*image.size, image.width * image.height * samples, len(data))
        return image


def _without_texts(data: bytes) -> bytes:
    """A PNG from its start to IEND (Pillow stops at the last pixel and would not miss that), without `_NOT_SHOWN`."""
    place, kept = 8, [data[:8]]  # behind the signature
    while place + 12 <= len(data):
        size = int.from_bytes(data[place : place + 4], "big")
        kind = data[place + 4 : place + 8]
        if not kind.isalpha():
            raise damaged(_PNG, incomplete=not data[-1024:].strip(b"\0"))
        if kind not in _NOT_SHOWN:
            kept.append(data[place : place + size + 12])
        if kind == b"IEND":
            return b"".join(kept)
        place += size + 12  # length, kind and checksum are twelve bytes
    raise cut_short(_PNG)
