"""Decodes images of a PDF to pixels, exactly as stored.

    decode(image) -> (uint8 (h, w) or (h, w, 3), whether the source has one bit), or `StreamError`

The usual codes of scanners are decoded here: JPEG by `jpeg`, fax codes by `fax`, JPEG 2000 by Pillow,
plain samples by numpy. Images that require colour management (CMYK, Lab, Separation) or a decoder that
only pdfium has (JBIG2) are drawn by pdfium, alone, one sample to one pixel; their completeness is proven
here as well.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pikepdf
from pikepdf import Dictionary, Name
from PIL import Image

from itrwatch.scans.image import fax, jbig2, jpeg, jpx
from itrwatch.scans.image.jpeg_segments import START, Picture, with_height, without_exif
from itrwatch.scans.image.pixels import black_and_white, to_pixels
from itrwatch.scans.pdf.colour import ColourSpace, decode_range, space_of
from itrwatch.scans.pdf.drawing import draw_image
from itrwatch.scans.pdf.frame import WHITE
from itrwatch.scans.pdf.jbig2_proof import judge_decoded
from itrwatch.scans.pdf.streams import Coded, StreamError, codec_of, read
from itrwatch.scans.remarks import remark
from itrwatch.scans.values import ELSEWHERE, MAX_OTHER_BYTES, REDO, ScanError, judge_coded, judge_size

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from itrwatch.core.encoded_page import Coding
    from itrwatch.imaging.raster import Pixels

_ONE_BIT_CODECS = ("/CCITTFaxDecode", "/JBIG2Decode")
_OWN_COLOURS = ("/DCTDecode", "/JPXDecode")
"""Codecs whose data says which colours it has."""
_MOST_BEFORE = 64
"""Bytes before a JPEG in its stream that are skipped, usually a line end. Chosen."""
_BLACK_INK = 48
"""The lightest grey that counts as black ink. Chosen: pdfium draws CMYK black as 35, 31, 32."""
_TALLER = 1.02
"""Largest ratio, either way, of a JPEG's lines to the declared height at which its header is believed: encoders round up to blocks of 8 or 16. Chosen."""
_FEWER = (
    "O PDF declara {} linhas para a imagem da página, e ela tem {}, inteiras. "
    "Compare o pé da página com o papel; se falta algo, digitalize a folha de novo."
)
_NO_COLOURS = (
    "Uma imagem da página não diz que cores tem, e foi lida em preto, cinza e branco. "
    "Compare a página com o papel; se não confere, digitalize a folha de novo."
)
_DEVICES = {1: Name.DeviceGray, 3: Name.DeviceRGB, 4: Name.DeviceCMYK}


@dataclass(frozen=True, slots=True)
class _Declared:
    """The image dictionary: size in px, bits per sample, colour space, and whether /Decode reverses the samples."""

    width: int
    height: int
    bits: int
    space: ColourSpace
    inverted: bool | None  # None: /Decode is neither the identity nor the reversal

    @property
    def stride(self) -> int:
        """Bytes in a line of samples; each line begins at a byte boundary."""
        return (self.width * self.bits * self.space.channels + 7) // 8


def declared_size(image: pikepdf.Object, page: int | None) -> tuple[int, int]:
    """Declared width and height, px; raises `ScanError` beyond the limits."""
    width, height = int(image.get(Name.Width, 0)), int(image.get(Name.Height, 0))
    bits = int(image.get(Name.BitsPerComponent, 8))
    judge_size(width, height, max(1, bits // 8) * 3, page=page)
    return width, height


def decode(image: pikepdf.Object) -> tuple[Pixels, bool]:
    """The pixels of an image XObject in stored orientation, and whether it is black and white with one bit per sample.

    A stencil mask is read as if painted in black on white. Soft masks are not applied. Raises `StreamError`,
    `jpeg.JpegError` or an exception of Pillow for incomplete data, `ScanError` beyond the limits.
    """
    plain = _declared(image, "")
    # Decoded data may have one predictor byte per line and padding besides the samples; data of a codec is shorter than its samples.
    samples, predicted = plain.stride * plain.height, (plain.stride + 1) * plain.height
    coded = read(image, predicted + MAX_OTHER_BYTES, frozenset({samples, predicted}))
    declared = _declared(image, coded.codec)
    # Decoders of JPEG 2000 need an integer of four bytes per sample.
    unpacked = 4 * plain.stride if coded.codec == "/JPXDecode" else plain.stride
    judge_coded(plain.width, plain.height, unpacked * plain.height, len(image.read_raw_bytes()))
    reader = {"/DCTDecode": _dct, "/CCITTFaxDecode": _ccitt, "/JPXDecode": _jpx, "/JBIG2Decode": _jbig2, "": _plain}
    pixels = reader[coded.codec](image, coded, declared)
    if pixels.shape[:2] != (declared.height, declared.width):
        raise StreamError(f"{pixels.shape} for {declared}")
    if coded.codec not in _OWN_COLOURS and not (Name.ColorSpace in image or image.get(Name.ImageMask, False)):
        remark(_NO_COLOURS)  # some readers draw nothing, some take it for a stencil mask
    if declared.bits == 1 and not declared.space.plain:
        pixels = _black_ink(pixels)
    return pixels, declared.bits == 1 and black_and_white(pixels)


def _black_ink(pixels: Pixels) -> Pixels:
    """An image of only white and black ink → 0 and 255; any other image is returned unchanged.

    pdfium draws black ink (Separation, DeviceN, CMYK) as dark grey, with which the page would not count as black and white.
    """
    dark, light = int(pixels.min()), int(pixels.max())
    flat = pixels if pixels.ndim == 2 else pixels.max(axis=2)
    if dark > _BLACK_INK or light < WHITE:
        return pixels
    ink = flat <= _BLACK_INK
    if not bool(np.all(ink | ((pixels if pixels.ndim == 2 else pixels.min(axis=2)) == WHITE))):
        return pixels
    return np.where(ink, 0, WHITE).astype(np.uint8)


def as_it_is(image: pikepdf.Object) -> tuple[Coding, bytes] | None:
    """The coded bytes of an image already decoded by `decode`, if PDF/A allows them and all readers decode them alike; else None."""
    declared = _declared(image, "")
    space = declared.space
    if declared.inverted is not False or not space.plain or image.get(Name.ImageMask, False):
        return None
    if not codec_of(image):  # plain samples: decoding them here would cost as much as the page, without use
        return None
    coded = read(image, declared.stride * declared.height + MAX_OTHER_BYTES)
    colours: dict[str, dict[int, Coding]] = {
        "/DCTDecode": {1: "jpeg-grey", 3: "jpeg-rgb"},
        "/JPXDecode": {1: "jpx-grey", 3: "jpx-rgb"},
    }
    if coded.codec == "/JBIG2Decode":
        return _jbig2_as_it_is(coded)
    coding = colours.get(coded.codec, {}).get(space.channels)
    if coding is None or "/ColorTransform" in coded.parms or declared.bits != 8:
        return None
    if coded.codec == "/JPXDecode":
        return (coding, coded.data) if jpx.archival(coded.data) else None
    picture = _picture(coded, declared)  # its samples were proven by `decode`
    fits = picture.frame.height == declared.height and picture.frame.channels == space.channels
    return (coding, without_exif(picture)) if fits else None


def _jbig2_as_it_is(coded: Coded) -> tuple[Coding, bytes] | None:
    shared = coded.parms.get("/JBIG2Globals")
    data = (jbig2.embedded(read(shared).data) if isinstance(shared, pikepdf.Stream) else b"") + jbig2.embedded(
        coded.data
    )
    return ("jbig2", data) if jbig2.plain(data) else None


def _declared(image: pikepdf.Object, codec: str) -> _Declared:
    width, height = declared_size(image, None)
    mask = bool(image.get(Name.ImageMask, False))
    bits = 1 if mask or codec in _ONE_BIT_CODECS else int(image.get(Name.BitsPerComponent, 8))
    space = ColourSpace(1) if mask else space_of(image.get(Name.ColorSpace))
    return _Declared(width, height, bits, space, decode_range(image.get(Name.Decode), space, bits))


def _dct(image: pikepdf.Object, coded: Coded, declared: _Declared) -> Pixels:
    picture, pixels = _jpeg(coded, declared)
    channels = picture.frame.channels
    space = declared.space if declared.space.known else ColourSpace(channels, plain=channels in (1, 3))
    straight = channels == space.channels and space.plain and declared.inverted is not None
    if straight and "/ColorTransform" not in coded.parms:
        pixels = 255 - pixels if declared.inverted else pixels
    else:
        own_colours = not declared.space.known
        pixels = draw_image(image, lambda copy: replace_jpeg(copy, picture, own_colours=own_colours))
    return _of_height(pixels, declared.height)


def _jpeg(coded: Coded, declared: _Declared) -> tuple[Picture, Pixels]:
    """The JPEG picture of an image, and its samples; raises `JpegError`."""
    picture = _picture(coded, declared)
    return picture, jpeg.decode(picture)


def _picture(coded: Coded, declared: _Declared) -> Picture:
    """The JPEG picture of an image, without other bytes of the stream; raises `JpegError`, `StreamError` for another width."""
    # Readers skip bytes before the start marker; -1 (not found) becomes 0, and `picture_of` raises.
    start = max(0, coded.data.find(START, 0, _MOST_BEFORE))
    picture = jpeg.picture_of(coded.data[start:])
    judge_size(picture.frame.width, picture.frame.height, picture.frame.channels)
    # Some versions of pdfium crop to the declared width, others draw the whole picture.
    if picture.frame.width != declared.width:
        raise StreamError(f"{picture.frame} for {declared}")
    if picture.frame.height != declared.height and picture.frame.height > declared.height * _TALLER:
        picture = with_height(picture, declared.height)  # header of a page feeder, written before the length was known
    return picture


def replace_jpeg(image: pikepdf.Object, picture: Picture, *, own_colours: bool) -> None:
    """Write ``picture`` into ``image`` with matching entries, so that all readers show it alike."""
    parms = image.get(Name.DecodeParms)
    image.write(picture.data, filter=Name.DCTDecode)
    if isinstance(parms, Dictionary) and "/ColorTransform" in parms:
        image[Name.DecodeParms] = Dictionary(ColorTransform=parms["/ColorTransform"])
    image[Name.Height] = picture.frame.height
    if own_colours:
        image[Name.ColorSpace] = _DEVICES[picture.frame.channels]


def mend(image: pikepdf.Object) -> bool:
    """Correct a JPEG image within its PDF; True if anything was changed.

    pdfium draws a part of the image black if the height in the JPEG header is wrong, and all of it without a valid colour space.
    """
    plain = _declared(image, "")
    coded = read(image, plain.stride * plain.height + MAX_OTHER_BYTES)
    if coded.codec != "/DCTDecode":
        return False
    picture, _ = _jpeg(coded, plain)
    own_colours = not plain.space.known
    if picture.data == coded.data and picture.frame.height == plain.height and not own_colours:
        return False
    replace_jpeg(image, picture, own_colours=own_colours)
    return True


def _of_height(pixels: Pixels, height: int) -> Pixels:
    """``height`` lines of a complete picture with a few more, as viewers show it, or a few less; raises `StreamError` for other differences."""
    lines = pixels.shape[0]
    if not height <= lines * _TALLER <= height * _TALLER**2:
        raise StreamError(f"{lines} lines for {height}")
    if lines < height:
        remark(_FEWER.format(height, lines))
    # The lines that are not there are the last one again: viewers differ (white, black, or the picture stretched).
    return np.pad(pixels, ((0, max(0, height - lines)), *((0, 0),) * (pixels.ndim - 1)), mode="edge")[:height]


def _jpx(image: pikepdf.Object, coded: Coded, declared: _Declared) -> Pixels:
    with Image.open(io.BytesIO(coded.data), formats=("JPEG2000",)) as picture:
        judge_size(*picture.size)
        judge_coded(*picture.size, 4 * len(picture.getbands()) * picture.width * picture.height, len(coded.data))
        picture.load()
        own_colours = Name.ColorSpace not in image or declared.space.plain
        straight = own_colours and declared.inverted is False and jpx.plain_colours(coded.data)
        if straight and picture.mode in ("L", "RGB"):
            return to_pixels(picture)
    return draw_image(image)


def _jbig2(image: pikepdf.Object, coded: Coded, _: _Declared) -> Pixels:
    globals_ = coded.parms.get("/JBIG2Globals")
    shared = read(globals_).data if isinstance(globals_, pikepdf.Stream) else b""
    for data in (coded.data, shared):
        jbig2.judge_sizes(data)
    if not jbig2.complete(coded.data):
        raise StreamError("JBIG2 segments end too early")
    pixels = draw_image(image)
    judge_decoded(image, shared, coded.data, pixels)
    return pixels


def _ccitt(image: pikepdf.Object, coded: Coded, declared: _Declared) -> Pixels:
    parms = coded.parms
    columns, height = int(parms.get("/Columns", 1728)), declared.height
    judge_size(columns, max(1, int(parms.get("/Rows", 0))), 1 / 8)
    code = fax.FaxCode(int(parms.get("/K", 0)), columns, bool(parms.get("/EncodedByteAlign", False)), height)
    try:
        # The declared height is used as Rows: /Rows may be 0, and readers draw the height of the image dictionary.
        white, missing = fax.read(coded.data, code)
    except fax.FaxError as wrong:
        raise fax.damaged_line(wrong.line + 1, height) from wrong
    for sentence in fax.missing_lines(missing, height):
        remark(sentence)
    # By default 0 is black in the decoded bits (ISO 32000-1, table 11), therefore white is True.
    bits = white ^ bool(parms.get("/BlackIs1", False))
    if columns < declared.width:
        raise StreamError(f"fax lines of {columns} for {declared}")
    if declared.inverted is None:
        return draw_image(image)
    pixels = _bits_to_pixels(bits[:, : declared.width], declared)
    # If coded and declared width differ in bytes per line, some readers split lines by one and some by the other.
    if (columns + 7) // 8 != (declared.width + 7) // 8 and not np.array_equal(pixels, draw_image(image)):
        raise StreamError("readers part the fax lines in different places")
    return pixels


def _plain(image: pikepdf.Object, coded: Coded, declared: _Declared) -> Pixels:
    needed = declared.stride * declared.height
    if len(coded.data) < needed:
        raise _too_few(len(coded.data) // max(1, declared.stride), declared.height)
    samples = np.frombuffer(coded.data, np.uint8, needed).reshape(declared.height, declared.stride)
    space = declared.space
    if Name.ColorSpace in image and not space.known and not image.get(Name.ImageMask, False):
        raise StreamError("colours that there are not")
    if declared.inverted is None or not (space.plain or space.palette is not None):
        return draw_image(image)
    if declared.bits == 1 and space.channels == 1:
        return _bits_to_pixels(np.unpackbits(samples, axis=1, count=declared.width).view(np.bool_), declared)
    if declared.bits != 8:
        return draw_image(image)
    if space.palette is not None:
        # Look up all samples in the palette at once: (height, width) → (height, width) or (height, width, 3).
        return space.palette.take(samples, axis=0)
    pixels = samples if space.channels == 1 else samples.reshape(declared.height, declared.width, space.channels)
    return 255 - pixels if declared.inverted else pixels


def _too_few(lines: int, height: int) -> ScanError:
    return ScanError(
        f"A imagem da página não está inteira: das {height} linhas que declara, traz só as primeiras {lines}. {REDO} {ELSEWHERE}",
        damage=True,
    )


def _bits_to_pixels(bits: NDArray[np.bool_], declared: _Declared) -> Pixels:
    # A /Decode of [1 0] swaps black and white.
    bits = bits ^ bool(declared.inverted)
    if declared.space.palette is not None:
        return declared.space.palette.take(bits.view(np.uint8), axis=0)
    return bits.view(np.uint8) * np.uint8(255)
