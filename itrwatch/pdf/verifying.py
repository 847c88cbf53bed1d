"""Verifies a written PDF before it is published: opens it again and checks every page.

    verify_part(Path("NOTI.pdf"), [(595.3, 841.9)], ["Fls. 1"]) -> None, or `VerifyError`

Every image is decoded, because a page that opens but shows nothing is a lost page. Measured on dense A4 pages: G4 at
300 dpi about 6 ms, a full-page JPEG at 200 dpi about 15 ms. In a case, images are decoded when they are coded, in
one process per page (`decode_layers`); in the file they are then identified by their digests, which detect any wrong bit.

The G4 decoders of libtiff and pdfium ignore damage (60 of 60 bit errors; a file cut in half); the checksum of the
Flate stream around the code detects it. JPEG has no checksum: a truncated stream is detected, a wrong bit that
libjpeg conceals is not.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from io import BytesIO
from itertools import zip_longest
from pathlib import Path

import pikepdf
import pypdfium2 as pdfium
from pikepdf import Array, Dictionary, Name, Object, Page, Pdf, Stream
from PIL import JpegImagePlugin
from pypdfium2 import raw as pdfium_c

from itrwatch.core.encoded_page import Box, EncodedPage, Layer
from itrwatch.imaging.g4 import decode_g4
from itrwatch.pdf.forms import check_form, empty_pages, is_form, number_box, text_within
from itrwatch.pdf.text_layer import has_layer, layer_texts
from itrwatch.pdf.writing import image_of

_TOLERANCE = 0.001
"""Largest difference of a page size, pt: the effect of rounding to three decimals. Chosen."""

_CHANNELS = {"/DeviceGray": 1, "/DeviceRGB": 3}
_LAST_FILTER = 4
"""The filters of PNG are numbered from 0."""


class VerifyError(Exception):
    """The file is not as intended, a fault of itrwatch; the message is English, for the log."""


def decode_layers(sheet: EncodedPage) -> frozenset[bytes]:
    """Decode every image of ``sheet``; returns their digests for `verify_part`. Raises `VerifyError`."""
    with Pdf.new() as pdf:
        images = [image_of(pdf, layer) for layer in sheet.layers if layer.coding != "form"]
        try:
            for image in images:
                _decode(image)
        except Exception as error:  # pikepdf, Pillow and zlib raise many kinds of exceptions for damage
            raise VerifyError(f"{type(error).__name__}: {error}") from error
        return frozenset(map(_digest, images))


def passes(layer: Layer) -> bool:
    """Whether a coded image that was copied from a scan passes `verify_part`, whose reader refuses damage that others read over.

    Bytes left before the end of a JPEG, as a turned bit leaves them, are such damage: passes(Layer("jpeg-grey", …)) -> False.
    """
    buffer = BytesIO()
    with Pdf.new() as alone:
        sheet = alone.add_blank_page().obj
        sheet.Resources = Dictionary(XObject=Dictionary(I=image_of(alone, layer)))
        alone.save(buffer)
    with _own_file(), Pdf.open(buffer, suppress_warnings=True) as alone:
        return not alone.check_pdf_syntax()


@contextmanager
def _own_file() -> Iterator[None]:
    """Without qpdf's limits of memory, which are for files of others: a page of 600 dpi without loss has 100 MB of pixels."""
    before = pikepdf.settings.set_qpdf_limits(flate_max_memory=0, png_max_memory=0)
    try:
        yield
    finally:
        flate, png = (int(before[key]) for key in ("flate_max_memory", "png_max_memory"))
        pikepdf.settings.set_qpdf_limits(flate_max_memory=flate, png_max_memory=png)


def verify_part(
    path: Path,
    expected: Sequence[tuple[float, float]],
    stamps: Sequence[str] = (),
    decoded: Sequence[frozenset[bytes]] | None = None,
    words: Sequence[tuple[str, ...]] | None = None,
) -> None:
    """Check that ``path`` has pages of the ``expected`` sizes (width, height in pt) and that every image decodes.

    ``stamps``: the text that each page must have, "" for none; if empty, text is not checked. ``decoded``: for each
    page the result of `decode_layers`; the page must have exactly these images, bit by bit. If None, the images are
    decoded here. ``words``: the words of the text layer of each page. Raises `VerifyError` with the fault and the page
    (from 1), `OSError` if the file cannot be read.
    """
    try:
        with _own_file(), Pdf.open(path, attempt_recovery=False, suppress_warnings=True) as pdf:
            _check_pages(pdf, expected, decoded)
            _check_streams(pdf)
            forms = [index for index, page in enumerate(pdf.pages) if is_form(page)]
            numbers = _numbers_beside_text(pdf)
            if words is not None:
                _check_layers(pdf, words)
            if problems := [*pdf.check_pdf_syntax(), *pdf.get_warnings()]:
                raise VerifyError(f"{path.name}: {problems[0]}")
    except (pikepdf.PdfError, RuntimeError) as error:  # assertions of qpdf become RuntimeError
        raise VerifyError(f"{path.name} does not open: {error}") from error
    if forms:
        _check_text_pages(path, forms)
    if stamps:
        _check_stamps(path, stamps, numbers)


def measure(path: Path) -> tuple[int, str]:
    """The size in bytes and the SHA-256 (hexadecimal) of a file; raises `OSError`."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256")
        return file.tell(), digest.hexdigest()


def _check_pages(pdf: Pdf, expected: Sequence[tuple[float, float]], decoded: Sequence[frozenset[bytes]] | None) -> None:
    if len(pdf.pages) != len(expected):
        raise VerifyError(f"{len(pdf.pages)} pages, {len(expected)} expected")
    for number, (page, size) in enumerate(zip(pdf.pages, expected, strict=True), start=1):
        box = [float(side) for side in page.mediabox]
        if any(abs(is_ - meant) > _TOLERANCE for is_, meant in zip(box, (0, 0, *size), strict=True)):
            raise VerifyError(f"page {number} measures {box}, {size} expected")
        try:
            _check_images(page, decoded[number - 1] if decoded is not None else None)
        except Exception as error:  # pikepdf, Pillow and zlib raise many kinds of exceptions for damage
            raise VerifyError(f"page {number}: {type(error).__name__}: {error}") from error


def _check_images(page: Page, decoded: frozenset[bytes] | None) -> None:
    """Raise unless every image of ``page`` decodes and its images and fonts are exactly those it uses."""
    images = dict(page.resources.get("/XObject", {}).items())
    has = sorted([*images, *page.resources.get("/Font", {})])
    # Compare both ways: an image that is not painted is lost too.
    used = sorted(str(step.operands[0]) for step in pikepdf.parse_content_stream(page, "Do Tf"))
    if used != has:
        raise ValueError(f"uses {used}, but has {has}")
    found = set()
    for image in images.values():
        if image.Subtype == Name.Form:
            check_form(image)
        elif image.Subtype != Name.Image:
            raise ValueError(f"{image.Subtype} is no image")
        elif decoded is None:
            _decode(image)
        else:
            found.add(_digest(image))
    if decoded is not None and found != decoded:
        raise ValueError("its images are not those that were decoded")


def _digest(image: Object) -> bytes:
    """SHA-256 of an image in a file: its coded data and its dictionary except /Length."""
    entries = sorted((key, repr(value)) for key, value in image.stream_dict.items() if key != "/Length")
    return hashlib.sha256(repr(entries).encode() + image.read_raw_bytes()).digest()


def _check_streams(pdf: Pdf) -> None:
    """Raise `VerifyError` for a Flate stream (content, font, image) with a wrong checksum, which qpdf does not check."""
    for item in pdf.objects:
        if isinstance(item, Stream) and item.get("/Filter") == Name.FlateDecode:
            try:
                zlib.decompress(item.read_raw_bytes())
            except zlib.error as error:
                raise VerifyError(f"object {item.objgen[0]}: {error}") from error


def _decode(image: Object) -> None:
    data, size, bits = image.read_raw_bytes(), (int(image.Width), int(image.Height)), int(image.BitsPerComponent)
    match [str(name) for name in image.Filter] if isinstance(image.Filter, Array) else [str(image.Filter)]:
        case ["/FlateDecode", "/CCITTFaxDecode"]:
            parameters = image.DecodeParms[1]
            if (int(parameters.K), int(parameters.Columns), int(parameters.Rows)) != (-1, *size):
                raise ValueError(f"G4 of other parameters: {dict(parameters.items())}")
            _decode_g4(data, size)
        case ["/DCTDecode"]:
            _decode_jpeg(data, size, _CHANNELS[str(image.ColorSpace)])
        case ["/JBIG2Decode"] | ["/JPXDecode"]:
            _decode_by_pdfium(image, size)
        case ["/FlateDecode"]:
            # Lines begin at byte boundaries; -(-a // 8) is the ceiling of a / 8.
            indexed = isinstance(image.ColorSpace, Array)
            channels = 1 if indexed else _CHANNELS[str(image.ColorSpace)]
            stride = -(-size[0] * channels * bits // 8)
            rows = zlib.decompress(data)
            samples = _unfiltered(image, rows, size[0], channels) if Name.DecodeParms in image else len(rows)
            if samples != stride * size[1]:
                raise ValueError("flate data of another size")
        case other:
            raise ValueError(f"filter {other}")


def _unfiltered(image: Object, rows: bytes, width: int, channels: int) -> int:
    """The number of samples of ``rows`` that are filtered as in PNG: every row of a known filter can be undone."""
    parameters, stride = image.DecodeParms, width * channels
    stated = tuple(int(parameters[key]) for key in ("/Predictor", "/Colors", "/BitsPerComponent", "/Columns"))
    if stated != (15, channels, 8, width):
        raise ValueError(f"predictor of other parameters: {stated}")
    if len(rows) % (stride + 1) or max(rows[:: stride + 1]) > _LAST_FILTER:
        raise ValueError("rows without a filter")
    return len(rows) // (stride + 1) * stride


def _decode_g4(data: bytes, size: tuple[int, int]) -> None:
    try:
        code = zlib.decompress(data)
    except zlib.error as error:
        raise ValueError("damaged G4 data") from error
    decode_g4(code, *size)


def _decode_jpeg(data: bytes, size: tuple[int, int], channels: int) -> None:
    with JpegImagePlugin.JpegImageFile(BytesIO(data)) as picture:
        if picture.size != size or len(picture.getbands()) != channels:
            raise ValueError(f"JPEG of {picture.size} px with {len(picture.getbands())} channels")
        # At a scale of 1/8 libjpeg still reads all coded bytes but produces few pixels.
        picture.draft(None, (max(1, size[0] // 8), max(1, size[1] // 8)))
        picture.load()


def _decode_by_pdfium(image: Object, size: tuple[int, int]) -> None:
    """Decode an image code copied from a scan with pdfium and check its size; its reader has compared the pixels with the scan."""
    buffer = BytesIO()
    with Pdf.new() as alone:
        sheet = alone.add_blank_page(page_size=(100, 100)).obj
        sheet.Resources = Dictionary(XObject=Dictionary(I=alone.copy_foreign(image)))
        sheet.Contents = alone.make_stream(b"100 0 0 100 0 0 cm /I Do")
        alone.save(buffer)
    with pdfium.PdfDocument(buffer.getvalue()) as document:
        (found,) = document[0].get_objects(filter=(pdfium_c.FPDF_PAGEOBJ_IMAGE,))
        bitmap = found.get_bitmap()
        if (bitmap.width, bitmap.height) != size:
            raise ValueError(f"an image of {bitmap.width} × {bitmap.height} px")


def _numbers_beside_text(pdf: Pdf) -> dict[int, Box | None]:
    """The box of the folha number, or None, of each page with other text, by page index."""
    try:
        return {index: number_box(page) for index, page in enumerate(pdf.pages) if is_form(page) or has_layer(page)}
    except Exception as error:  # as in `_check_pages`
        raise VerifyError(f"the number beside text: {type(error).__name__}: {error}") from error


def _check_layers(pdf: Pdf, words: Sequence[tuple[str, ...]]) -> None:
    for number, (page, expected) in enumerate(zip_longest(pdf.pages, words), start=1):
        if page is None or layer_texts(page) != expected:
            # The words themselves are not logged.
            raise VerifyError(f"the text layer of page {number} is not what was read")


def _check_text_pages(path: Path, indices: Iterable[int]) -> None:
    try:
        empty = empty_pages(path, indices)
    except pdfium.PdfiumError as error:
        raise VerifyError(f"{path.name}: {error}") from error
    if empty:
        raise VerifyError(f"page {empty[0] + 1} shows nothing")


def _check_stamps(path: Path, stamps: Sequence[str], numbers: Mapping[int, Box | None]) -> None:
    try:
        texts = _texts(path, numbers)
    except pdfium.PdfiumError as error:
        raise VerifyError(f"{path.name}: {error}") from error
    for number, (stamp, text) in enumerate(zip_longest(stamps, texts), start=1):
        # pdfium returns any gap as one space.
        if stamp is None or " ".join(stamp.split()) != text:
            raise VerifyError(f"page {number} says {text!r}, {stamp!r} expected")


def _texts(path: Path, numbers: Mapping[int, Box | None]) -> list[str]:
    """The text of each page; of pages with other text, that in the box of the folha number."""
    with pdfium.PdfDocument(path) as document:
        texts = []
        for index, page in enumerate(document):
            box = numbers.get(index)
            beside = text_within(page, box, page.get_height()) if box else ""
            texts.append(beside if index in numbers else _text(page))
        return texts


def _text(page: pdfium.PdfPage) -> str:
    textpage = page.get_textpage()
    try:
        return " ".join(textpage.get_text_range().split())
    finally:
        textpage.close()
        page.close()
