"""The written file, opened again and looked at page by page before anybody may have it.

Every image is really decoded: a page that opens but shows nothing is a lost page. Measured on dense A4
pages at 300 dpi: G4 some 25 ms, a full-page JPEG at 200 dpi some 15 ms.

libtiff's G4 decoder, like pdfium's, passes over damage in silence (60 of 60 bit errors; a file cut in half). What
itrwatch writes comes from libtiff's encoder, which has one way to code a picture: so the picture is coded again and
must give the same bytes. That finds every error but those that are themselves good code for another picture.
"""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections.abc import Sequence
from io import BytesIO
from itertools import zip_longest
from pathlib import Path

import numpy as np
import pikepdf
import pypdfium2 as pdfium
from pikepdf import Name, Object, Pdf
from PIL import JpegImagePlugin, TiffImagePlugin

from itrwatch.imaging.coding import encode_g4

_TOLERANCE = 0.001
"""pt; what rounding to three decimals may take from the size of a page."""


class VerifyError(Exception):
    """The file is not what was meant to be written; ours to explain, so the message is English, for the log."""


def verify_part(path: Path, expected: Sequence[tuple[float, float]], stamps: Sequence[str] = ()) -> None:
    """Nothing when ``path`` is whole: pages of ``expected`` sizes (width, height in pt), every image decodes.

    ``stamps``: the text that must be found on each page, "" where none is; without it, text is not looked at.
    `VerifyError` says what is wrong and on which page, from 1. `OSError`: the file cannot be read.
    """
    try:
        with Pdf.open(path, attempt_recovery=False, suppress_warnings=True) as pdf:
            _look_at_pages(pdf, expected)
            if problems := [*pdf.get_warnings(), *pdf.check_pdf_syntax()]:
                raise VerifyError(f"{path.name}: {problems[0]}")
    except pikepdf.PdfError as error:
        raise VerifyError(f"{path.name} does not open: {error}") from error
    if stamps:
        _look_for_stamps(path, stamps)


def measure(path: Path) -> tuple[int, str]:
    """The size in bytes and the SHA-256 (hexadecimal) of a file."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256")
        return file.tell(), digest.hexdigest()


def _look_at_pages(pdf: Pdf, expected: Sequence[tuple[float, float]]) -> None:
    if len(pdf.pages) != len(expected):
        raise VerifyError(f"{len(pdf.pages)} pages, {len(expected)} expected")
    for number, (page, size) in enumerate(zip(pdf.pages, expected, strict=True), start=1):
        box = [float(side) for side in page.mediabox]
        if any(abs(is_ - meant) > _TOLERANCE for is_, meant in zip(box, (0, 0, *size), strict=True)):
            raise VerifyError(f"page {number} measures {box}, {size} expected")
        for name, image in page.resources.get("/XObject", {}).items():
            try:
                _decode(image)
            except (OSError, SyntaxError, ValueError, zlib.error, struct.error) as error:
                raise VerifyError(f"page {number}, image {name}: {error}") from error


def _decode(image: Object) -> None:
    """Decode all of ``image``; one of several errors of Pillow and zlib, or `ValueError`, where that fails."""
    data, size = image.read_raw_bytes(), (int(image.Width), int(image.Height))
    if image.Filter == Name.CCITTFaxDecode:
        _decode_g4(data, size)
    elif image.Filter == Name.DCTDecode:
        _decode_jpeg(data, size, channels=3 if image.ColorSpace == Name.DeviceRGB else 1)
    else:
        samples = 3 if image.ColorSpace == Name.DeviceRGB else 1
        stride = -(-size[0] * samples * int(image.BitsPerComponent) // 8)
        if len(zlib.decompress(data)) != stride * size[1]:
            raise ValueError("flate data of another size")


def _decode_g4(data: bytes, size: tuple[int, int]) -> None:
    with TiffImagePlugin.TiffImageFile(BytesIO(_tiff(data, size))) as picture:
        if encode_g4(np.asarray(picture)) != data:
            raise ValueError("damaged G4 data")


def _tiff(data: bytes, size: tuple[int, int]) -> bytes:
    """``data`` as the one strip of a bilevel TIFF 6.0 file."""
    entries = {256: size[0], 257: size[1], 258: 1, 259: 4, 262: 1, 273: 0, 277: 1, 278: size[1], 279: len(data)}
    entries[273] = 8 + 2 + 12 * len(entries) + 4
    directory = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in entries.items())
    return b"II*\0" + struct.pack("<IH", 8, len(entries)) + directory + bytes(4) + data


def _decode_jpeg(data: bytes, size: tuple[int, int], channels: int) -> None:
    with JpegImagePlugin.JpegImageFile(BytesIO(data)) as picture:
        if picture.size != size or len(picture.getbands()) != channels:
            raise ValueError(f"JPEG of {picture.size} px with {len(picture.getbands())} channels")
        picture.draft(None, (size[0] // 8, size[1] // 8))
        picture.load()


def _look_for_stamps(path: Path, stamps: Sequence[str]) -> None:
    try:
        texts = _texts(path)
    except pdfium.PdfiumError as error:
        raise VerifyError(f"{path.name}: {error}") from error
    for number, (stamp, text) in enumerate(zip_longest(stamps, texts), start=1):
        if stamp != text:
            raise VerifyError(f"page {number} says {text!r}, {stamp!r} expected")


def _texts(path: Path) -> list[str]:
    with pdfium.PdfDocument(path) as document:
        return [_text(page) for page in document]


def _text(page: pdfium.PdfPage) -> str:
    textpage = page.get_textpage()
    try:
        return str(textpage.get_text_range()).strip()
    finally:
        textpage.close()
        page.close()
