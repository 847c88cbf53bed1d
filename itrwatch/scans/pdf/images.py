"""Images of a PDF as pixels, exactly as they are stored.

What the scanner made is taken apart here: JPEG by qpdf, fax codes by libtiff, plain samples by
numpy. Everything that needs a colour engine (CMYK, Lab, inks) or a decoder that only pdfium has
(JBIG2) is drawn by pdfium, the image alone, one sample to one pixel; completeness is proven
here all the same.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pikepdf
from pikepdf import Name
from PIL import Image

from itrwatch.scans.image import fax, jbig2, jpeg
from itrwatch.scans.image.pixels import black_and_white, to_pixels
from itrwatch.scans.pdf.colour import Space, decode_range, space_of
from itrwatch.scans.pdf.drawing import draw_image
from itrwatch.scans.pdf.streams import Coded, StreamError, read
from itrwatch.scans.values import MAX_OTHER_BYTES, judge_coded, judge_size

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from itrwatch.imaging.raster import Pixels

_ONE_BIT_CODECS = ("/CCITTFaxDecode", "/JBIG2Decode")


@dataclass(frozen=True, slots=True)
class _Declared:
    """What the image dictionary says: size in px, bits per sample, meaning of the samples."""

    width: int
    height: int
    bits: int
    space: Space
    inverted: bool | None  # None: a /Decode that is neither straight nor reversed

    @property
    def stride(self) -> int:
        """Bytes in a line of samples."""
        return (self.width * self.bits * self.space.channels + 7) // 8


def declared_size(image: pikepdf.Object, page: int | None) -> tuple[int, int]:
    """Width and height in px, judged against the limits (`ScanError`)."""
    width, height = int(image.get(Name.Width, 0)), int(image.get(Name.Height, 0))
    bits = int(image.get(Name.BitsPerComponent, 8))
    judge_size(width, height, max(1, bits // 8) * 3, page=page)
    return width, height


def decode(image: pikepdf.Object) -> tuple[Pixels, bool]:
    """The pixels of an image XObject, upright as stored, and whether the source has one bit.

    A stencil mask is read as if painted in black on white. Soft masks are not applied. Raises
    `StreamError`, `jpeg.JpegError` or what Pillow raises for anything incomplete.
    """
    plain = _declared(image, "")
    # Beyond the samples there are predictors, one byte a line, and padding; a codec's bytes are fewer than what they code.
    coded = read(image, (plain.stride + 1) * plain.height + MAX_OTHER_BYTES)
    declared = _declared(image, coded.codec)
    unpacked = 4 * plain.stride if coded.codec == "/JPXDecode" else plain.stride  # a sample of JPEG 2000 is an integer
    judge_coded(plain.width, plain.height, unpacked * plain.height, len(image.read_raw_bytes()))
    reader = {"/DCTDecode": _dct, "/CCITTFaxDecode": _ccitt, "/JPXDecode": _jpx, "/JBIG2Decode": _jbig2, "": _plain}
    pixels = reader[coded.codec](image, coded, declared)
    if pixels.shape[:2] != (declared.height, declared.width):
        raise StreamError(f"{pixels.shape} for {declared}")
    return pixels, declared.bits == 1 and black_and_white(pixels)


def _declared(image: pikepdf.Object, codec: str) -> _Declared:
    width, height = declared_size(image, None)
    mask = bool(image.get(Name.ImageMask, False))
    bits = 1 if mask or codec in _ONE_BIT_CODECS else int(image.get(Name.BitsPerComponent, 8))
    space = Space(1) if mask else space_of(image.get(Name.ColorSpace))
    return _Declared(width, height, bits, space, decode_range(image.get(Name.Decode), space, bits))


def _dct(image: pikepdf.Object, coded: Coded, declared: _Declared) -> Pixels:
    with Image.open(io.BytesIO(coded.data), formats=("JPEG",)) as header:
        size, channels = header.size, len(header.getbands())
        judge_size(*size, channels)
    if size != (declared.width, declared.height):  # some pdfium cut it to what is declared, others draw all of it
        raise StreamError(f"{size} for {declared}")
    if (
        channels == declared.space.channels
        and declared.space.plain
        and declared.inverted is not None
        and "/ColorTransform" not in coded.parms
    ):
        pixels = jpeg.decode(coded.data, size, channels)
        return 255 - pixels if declared.inverted else pixels
    jpeg.verify(coded.data)
    return draw_image(image)


def _jpx(image: pikepdf.Object, coded: Coded, declared: _Declared) -> Pixels:
    with Image.open(io.BytesIO(coded.data), formats=("JPEG2000",)) as picture:
        judge_size(*picture.size)
        judge_coded(*picture.size, 4 * len(picture.getbands()) * picture.width * picture.height, len(coded.data))
        picture.load()
        own_colours = Name.ColorSpace not in image or declared.space.plain
        if own_colours and declared.inverted is False and picture.mode in ("L", "RGB"):
            return to_pixels(picture)
    return draw_image(image)


def _jbig2(image: pikepdf.Object, coded: Coded, _: _Declared) -> Pixels:
    globals_ = coded.parms.get("/JBIG2Globals")
    for data in (coded.data, read(globals_).data) if isinstance(globals_, pikepdf.Stream) else (coded.data,):
        jbig2.judge_sizes(data)
    if not jbig2.complete(coded.data):
        raise StreamError("JBIG2 segments end too early")
    return draw_image(image)


def _ccitt(image: pikepdf.Object, coded: Coded, declared: _Declared) -> Pixels:
    parms = coded.parms
    k = int(parms.get("/K", 0))
    judge_size(int(parms.get("/Columns", 1728)), max(1, int(parms.get("/Rows", 0))), 1 / 8)
    black_is_one = bool(parms.get("/BlackIs1", False))
    aligned = bool(parms.get("/EncodedByteAlign", False)) or int(parms.get("/Columns", 1728)) != declared.width
    if aligned:
        pixels = draw_image(image)
        white = (pixels == 255) ^ black_is_one ^ bool(declared.inverted)
        if not black_and_white(pixels) or not declared.space.plain:
            raise StreamError("byte-aligned fax code with colours")
    else:
        wrapped = fax.as_tiff(coded.data, declared.width, declared.height, k)
        with Image.open(io.BytesIO(wrapped), formats=("TIFF",)) as picture:
            white = np.asarray(picture)
        pixels = _bits_to_pixels(white ^ black_is_one, declared) if declared.inverted is not None else draw_image(image)
    if not fax.complete(coded.data, "g4" if k < 0 else "g3", white):
        raise StreamError("fax lines are missing")
    return pixels


def _plain(image: pikepdf.Object, coded: Coded, declared: _Declared) -> Pixels:
    needed = declared.stride * declared.height
    if len(coded.data) < needed:
        raise StreamError(f"{len(coded.data)} of {needed} bytes")
    samples = np.frombuffer(coded.data, np.uint8, needed).reshape(declared.height, declared.stride)
    space = declared.space
    if declared.inverted is None or not (space.plain or space.palette is not None):
        return draw_image(image)
    if declared.bits == 1 and space.channels == 1:
        return _bits_to_pixels(np.unpackbits(samples, axis=1, count=declared.width).view(np.bool_), declared)
    if declared.bits != 8:
        return draw_image(image)
    if space.palette is not None:
        return space.palette.take(samples, axis=0)
    pixels = samples if space.channels == 1 else samples.reshape(declared.height, declared.width, space.channels)
    return 255 - pixels if declared.inverted else pixels


def _bits_to_pixels(bits: NDArray[np.bool_], declared: _Declared) -> Pixels:
    bits = bits ^ bool(declared.inverted)
    if declared.space.palette is not None:
        return declared.space.palette.take(bits.view(np.uint8), axis=0)
    return bits.view(np.uint8) * np.uint8(255)
