"""Decides whether a born-digital page is published as text or as a picture.

    with_vector(sheet, page, drawn, 0) -> the sheet with its text as text, or ``sheet`` itself

A page of text is better than its picture (searchable, sharp at any size), but it must look the same, be small and have
valid fonts.
"""

from __future__ import annotations

import warnings
from dataclasses import replace
from io import BytesIO
from typing import Any

import numpy as np
import pypdfium2 as pdfium
from pikepdf import Name, Pdf, Stream
from pypdfium2 import raw as pdfium_c

from itrwatch.born_digital.font_check import judge_fonts
from itrwatch.core.encoded_page import Box, EncodedPage, Layer, VectorPage
from itrwatch.core.pages import Encoding, Rung, Turn
from itrwatch.imaging.raster import Pixels, Raster
from itrwatch.imaging.resample import shrink
from itrwatch.pdf.forms import form_of, text_within

SMALL_BYTES = 100_000
"""Size up to which a page of text is used whatever the size of its picture. Chosen."""
TIMES = 2.0
"""Above that, largest ratio of the size of a page of text to that of its picture. Chosen."""
SHARING_PAGES = 8
"""Most pages among which the size of a document's typefaces is divided. Chosen."""
SAME_SIZE_PT = 0.5
"""Largest difference between the sizes of sheet and page: a picture has a whole number of pixels. Chosen."""
COMPARED_DPI = 75.0  # resolution of the comparison; chosen
DIFFERENT = 40
"""Difference (of 255) at `COMPARED_DPI` from which two renderings are of different pages. Chosen."""
_WHITE = 250  # of 255: darker is drawn; chosen


def with_vector(sheet: EncodedPage, page: VectorPage, drawn: Raster, turn: Turn) -> EncodedPage:
    """``sheet`` with ``page`` in place of its picture, if it looks the same, has valid fonts and is not too large.

    ``drawn``: the page before its rotation by ``turn``. A page of ``pictures`` only has to be smaller than its picture. The folha
    number keeps the position that was found to be clear.
    """
    high = sheet.height - sheet.strip
    if abs(sheet.width - page.width) > SAME_SIZE_PT or abs(high - page.height) > SAME_SIZE_PT:
        return sheet
    box = Box(0, sheet.strip, page.width, sheet.strip + page.height)
    # The number keeps its distance from the right edge.
    aside = page.width - sheet.width
    number = replace(sheet.number, left=sheet.number.left + aside, right=sheet.number.right + aside)
    try:
        fit = _light(page, sheet) and _silent(page, number, box.bottom) and _same(page, drawn, turn) and _sound(page)
    except pdfium.PdfiumError:
        fit = False
    if not fit:
        return sheet
    encoding = Encoding.PICTURE if page.pictures else Encoding.VECTOR
    layer = Layer("form", page.data, 0, 0, box, page.shared)
    return replace(
        sheet,
        width=page.width,
        height=box.bottom,
        layers=(layer,),
        encoding=encoding,
        number=number,
        rung=Rung.LAYERS,
        why=_why(page, sheet),
    )


def _why(page: VectorPage, sheet: EncodedPage) -> str:
    return f"the page's own images have {page.weight} bytes, ours {sheet.bytes}" if page.pictures else ""


def _light(page: VectorPage, sheet: EncodedPage) -> bool:
    if page.pictures:
        return page.weight < sheet.bytes
    own = len(page.data) - page.shared
    # Shared data are written once in the file, so each page counts only a part of them.
    return own + page.shared / min(max(page.pages, 1), SHARING_PAGES) <= max(SMALL_BYTES, TIMES * sheet.bytes)


def _sound(page: VectorPage) -> bool:
    try:
        with Pdf.open(BytesIO(page.data)) as pdf:
            judge_fonts(form_of(pdf))
            # As the part is verified: a JPEG with damage that readers pass over would end the whole case.
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # that pikepdf does not decode JBIG2, which was proven before
                return not pdf.check_pdf_syntax()
    except Exception:  # noqa: BLE001 fontTools raises many kinds of exceptions for invalid programs
        return False


def _silent(page: VectorPage, number: Box, height: float) -> bool:
    """Whether there is no text, not even invisible, at the place of the number, so that only the number is found there."""
    with pdfium.PdfDocument(page.data) as document:
        return not text_within(document[0], number, height)


def _same(page: VectorPage, drawn: Raster, turn: Turn) -> bool:
    """Whether the rewritten page, rendered, looks like the original, and is not blank.

    It is compared unrotated: pdfium places letters at whole pixels, which differ after a rotation (differences of up to
    72 between equal pages; unrotated mostly none).
    """
    other = _small(drawn.pixels, drawn.dpi)
    if int(other.min()) >= _WHITE:
        return False
    return any(_alike(data, drawn, turn, other) for data in (page.data, _smoothed(page.data)) if data)


def _alike(data: bytes, drawn: Raster, turn: Turn, other: np.ndarray[Any, np.dtype[np.int16]]) -> bool:
    mine = _small(_render(data, drawn.pixels.shape[1::-1], -turn), drawn.dpi)
    return int(np.abs(mine - other).max()) < DIFFERENT


def _smoothed(data: bytes) -> bytes | None:
    """The page with interpolation of its pictures, which the original may request and PDF/A forbids; None if it has no pictures.

    Word processors request it for every picture; compared without interpolation, edges would differ.
    """
    with Pdf.open(BytesIO(data)) as pdf:
        pictures = [one for one in pdf.objects if isinstance(one, Stream) and one.get(Name.Subtype) == Name.Image]
        for picture in pictures:
            picture[Name.Interpolate] = True
        buffer = BytesIO()
        pdf.save(buffer)
    return buffer.getvalue() if pictures else None


def _small(pixels: Pixels, dpi: float) -> np.ndarray[Any, np.dtype[np.int16]]:
    small = shrink(pixels, dpi, COMPARED_DPI)
    return np.asarray(small if small.ndim == 3 else np.repeat(small[:, :, None], 3, axis=2), np.int16)


def _render(data: bytes, size: tuple[int, int], turn: int) -> Pixels:
    """The one page of the PDF ``data`` turned clockwise by ``turn`` on white, ``size`` (width, height) px, RGB."""
    with pdfium.PdfDocument(data) as document:
        page = document[0]
        bitmap = pdfium.PdfBitmap.new_native(*size, pdfium_c.FPDFBitmap_BGR, rev_byteorder=True)
        try:
            bitmap.fill_rect((255, 255, 255, 255), 0, 0, *size)
            pdfium_c.FPDF_RenderPageBitmap(bitmap, page, 0, 0, *size, turn // 90 % 4, pdfium_c.FPDF_REVERSE_BYTE_ORDER)
            return np.array(bitmap.to_numpy(), np.uint8)
        finally:
            bitmap.close()
