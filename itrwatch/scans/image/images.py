"""Reads the pages of JPEG and PNG files; steps shared with the other image formats.

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
_UNKNOWN_LINES, _MOST_LINES = 65535, 65500
"""Heights that page feeders write if the length is unknown: all ones, or the maximum of libjpeg."""
_ORIENTATION = 0x0112
_PHOTOGRAPH = (
    "A página é uma foto, não uma digitalização: fica como imagem, com tamanho próximo ao de uma folha A4. Confira se dá para ler tudo e se nada da folha ficou de fora; "
    "se puder, digitalize a folha."
)
_TURNS: dict[int, Turn] = {1: 0, 3: 180, 6: 90, 8: 270}
"""EXIF orientations without mirroring → clockwise rotation, degrees."""
_CODINGS: dict[int, Coding] = {1: "jpeg-grey", 3: "jpeg-rgb"}
PT_PER_MM = 72 / 25.4
_EXIF_OF_CAMERA = 0x8769
_EXPOSURE = (0x829A, 0x829D, 0x920A)
"""EXIF tags that only cameras write: exposure time, aperture, focal length."""
_NOT_SHOWN = frozenset({b"tEXt", b"zTXt", b"iTXt", b"iCCP"})
"""PNG chunks without influence on the pixels, removed because Pillow refuses a file with one that is too long."""
_EXIF_X, _EXIF_Y = 0x011A, 0x011B
_EXIF_UNKNOWN_DPI = 72
"""EXIF 2.3, 4.6.4: “when the image resolution is unknown, 72 [dpi] is designated”."""


def only_page(page: int) -> None:
    """Raise `ScanError` for any page but the first."""
    if page != 1:
        raise ScanError(f"O arquivo tem uma página só; a página {page} não existe.", page=page)


def inspect_jpeg(path: Path) -> None:
    """Check size and end marker of a JPEG without decoding it; raises `ScanError`."""
    _open_jpeg(contents(path))


def read_jpeg(path: Path) -> ScannedPage:
    """The page of a JPEG file, rotated as its EXIF orientation requires; raises `ScanError`."""
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
    """Check size and chunks of a PNG without decoding it; raises `ScanError`."""
    _open_png(contents(path))


def read_png(path: Path) -> ScannedPage:
    """The page of a PNG file, rotated as its EXIF orientation requires; raises `ScanError`."""
    data = contents(path)
    image = _open_png(data)
    with strict(_PNG, page=1):
        layout: Any = image.tile[0]  # type: ignore[attr-defined]
        one_bit = layout[3] in ("1", "P;1")
        image.load()
        pixels = to_pixels(image)
        dpi = image.info.get("dpi")
        bilevel = one_bit and black_and_white(pixels)
        return replace(finish(pixels, dpi, picture_orientation(image), bilevel=bilevel), coded_bytes=len(data))


def finish(pixels: Pixels, dpi: tuple[float, float] | None, orientation: int, *, bilevel: bool) -> ScannedPage:
    """Pixels as stored → the page as displayed: rotated, with a plausible resolution and square pixels.

    ``dpi``: the stated resolution (x, y) of the stored image, before rotation.
    """
    pixels = orient(pixels, orientation)
    # Orientations 5 to 8 swap rows and columns, and therefore the two resolutions.
    if dpi is not None and 5 <= orientation <= 8:
        dpi = (dpi[1], dpi[0])
    height, width = pixels.shape[:2]
    dpi_x, dpi_y, remarks = settle(width, height, dpi)
    if not same_dpi(dpi_x, dpi_y):
        judge_size(*squared_size(width, height, dpi_x, dpi_y), page=1)
        remarks = (
            *remarks,
            f"Resolução diferente na largura ({dpi_x:.0f} dpi) e na altura ({dpi_y:.0f} dpi); a página foi ajustada.",
        )
    pixels, square_dpi = square(pixels, dpi_x, dpi_y, bilevel=bilevel)
    return ScannedPage(Raster(pixels, float(square_dpi), bilevel), remarks)


def _source(picture: Picture, orientation: int, raster: Raster) -> SourcePicture | None:
    """The coded picture of a JPEG file, filling the page; None if it is mirrored or CMYK."""
    coding = _CODINGS.get(picture.frame.channels)
    if coding is None or orientation not in _TURNS:
        return None
    box = Box(0, 0, raster.width_mm * PT_PER_MM, raster.height_mm * PT_PER_MM)
    return SourcePicture(
        coding, without_exif(picture), picture.frame.width, picture.frame.height, box, _TURNS[orientation]
    )


def photograph_dpi(pixels: Pixels) -> tuple[float, float]:
    """The resolution (x, y) at which the longer side of a photograph is that of A4; a camera's own value, usually 72, is meaningless."""
    dpi = max(pixels.shape[:2]) / A4_LONG_MM * MM_PER_INCH
    return dpi, dpi


def as_photograph(scanned: ScannedPage) -> ScannedPage:
    """``scanned`` marked as a photograph, with the remark about it."""
    return replace(scanned, remarks=(*scanned.remarks, _PHOTOGRAPH), photograph=True)


def picture_orientation(image: Image.Image) -> int:
    """The EXIF orientation of a picture (1 to 8; other values count as 1 in `orient`); 1 if there is none."""
    turn = image.getexif().get(_ORIENTATION, 1)
    return turn if isinstance(turn, int) else 1


def _by_camera(image: Image.Image) -> bool:
    """Whether a camera took the picture: scanners write EXIF too, but no exposure data."""
    return any(tag in image.getexif().get_ifd(_EXIF_OF_CAMERA) for tag in _EXPOSURE)


def _open_jpeg(data: bytes) -> tuple[Picture, Image.Image]:
    """The checked picture of a JPEG file, and its header opened by Pillow, for EXIF."""
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
    if jpeg.rare(frame):
        raise ScanError(jpeg.RARE.format(_JPEG))


def _jpeg_dpi(image: Image.Image) -> tuple[float, float] | None:
    info: dict[Any, Any] = image.info
    if info.get("jfif_unit") in (1, 2):
        return info.get("dpi")
    exif = image.getexif()
    if _EXIF_X not in exif or exif[_EXIF_X] == _EXIF_UNKNOWN_DPI or exif[_EXIF_X] != exif.get(_EXIF_Y):
        return None
    stated = info.get("dpi")
    # EXIF values are Pillow fractions, which do not divide like numbers.
    return stated and (float(stated[0]), float(stated[1]))


def _open_png(data: bytes) -> Image.Image:
    picture = _without_texts(data)
    with strict(_PNG):
        image = Image.open(io.BytesIO(picture), formats=("PNG",))
        # Pillow's modes of 16 bits contain "16" in their names (I;16, I;16B).
        samples = len(image.getbands()) * (2 if "16" in image.mode else 1)
        judge_size(*image.size, samples)
        judge_coded(*image.size, image.width * image.height * samples, len(data))
        return image


def _without_texts(data: bytes) -> bytes:
    """A PNG up to and including IEND, whose absence Pillow does not notice, without the chunks `_NOT_SHOWN`; raises `ScanError`."""
    place, kept = 8, [data[:8]]  # after the signature
    while place + 12 <= len(data):
        size = int.from_bytes(data[place : place + 4], "big")
        kind = data[place + 4 : place + 8]
        if not kind.isalpha():
            raise damaged(_PNG, incomplete=not data[-1024:].strip(b"\0"))
        if kind not in _NOT_SHOWN:
            kept.append(data[place : place + size + 12])
        if kind == b"IEND":
            return b"".join(kept)
        place += size + 12  # length, type and checksum of a chunk have twelve bytes
    raise cut_short(_PNG)
