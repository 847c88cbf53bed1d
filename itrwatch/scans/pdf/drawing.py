"""Draws pages, single images and single letters with pdfium.

    draw_page(document, 3, (2480, 3508), frame, annotations) -> (uint8 (3508, 2480[, 3]), the annotations that are not drawn)

pdfium draws unreadable parts white, without an error. Therefore callers read everything completely
before they draw it.
"""

from __future__ import annotations

import ctypes
import io
import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pikepdf
import pypdfium2 as pdfium
from pikepdf import Dictionary, Name
from pypdfium2 import raw as pdfium_c

from itrwatch.scans.image.pixels import grey_if_equal
from itrwatch.scans.pdf.annotation_drawing import drawn_here, overlay
from itrwatch.scans.pdf.annotations import empty_boxes
from itrwatch.scans.pdf.frame import box
from itrwatch.scans.pdf.streams import StreamError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from itrwatch.imaging.raster import Pixels
    from itrwatch.scans.pdf.annotations import Annotation
    from itrwatch.scans.pdf.document import Document
    from itrwatch.scans.pdf.frame import Frame

_HIDDEN = 2
"""The annotation flag Hidden."""
_CELL, _CELLS = 48, 24
"""Layout of a page of single letters: the side of a cell, three times the font size (pt and px), and cells per row. Chosen."""
_INK = 250
"""Grey below which a pixel is ink. Measured: the darkest pixel of a full stop at 16 px is 0 to 120."""


def draw_page(
    document: Document, number: int, size: tuple[int, int], frame: Frame, annotations: Sequence[Annotation] = ()
) -> tuple[Pixels, list[Annotation]]:
    """Page ``number`` (from 1) on white, ``size`` px (width, height), with its ``annotations`` and fields; and the annotations that could not be drawn.

    Raises `StreamError` if pdfium cannot load it.
    """
    ours = [annotation for annotation in annotations if drawn_here(annotation) or annotation.passed_over]
    try:
        page = document.drawing[number - 1]
    except pdfium.PdfiumError as wrong:
        raise StreamError(str(wrong)) from wrong
    try:
        _hide(page, [*(annotation.index for annotation in ours), *empty_boxes(document.page(number).obj)])
        # Not `page.render`: it rounds sizes up, which would stretch an image that has exactly the size of the page.
        bitmap = _white(size)
        _draw(bitmap, page, size, pdfium_c.FPDF_ANNOT)
        theirs = [annotation for annotation in annotations if annotation not in ours]
        # Without a form environment pdfium draws no fields; those with an appearance stream are overlaid below.
        if page.formenv is None:
            ours += [
                annotation
                for annotation in theirs
                if annotation.kind == "/Widget" and annotation.appearance is not None
            ]
        elsewhere = [annotation for annotation in theirs if annotation.certain]
        missing = (
            [annotation for annotation in elsewhere if not _changed(page, size, frame, annotation, bitmap)]
            if elsewhere
            else []
        )
    finally:
        page.close()
    _lay_over(bitmap, size, frame, ours)
    return grey_if_equal(bitmap.to_numpy()), missing


def draw_small(document: Document, number: int, side: int) -> Pixels | None:
    """Page ``number`` as pdfium alone draws it, ``side`` px wide and high; None if it does not load."""
    try:
        page = document.drawing[number - 1]
    except pdfium.PdfiumError:
        return None
    bitmap = _white((side, side))
    _draw(bitmap, page, (side, side), pdfium_c.FPDF_ANNOT)
    page.close()
    return np.array(bitmap.to_numpy())


def _white(size: tuple[int, int]) -> Any:
    bitmap = pdfium.PdfBitmap.new_native(*size, pdfium_c.FPDFBitmap_BGR, rev_byteorder=True)
    bitmap.fill_rect((255, 255, 255, 255), 0, 0, *size)
    return bitmap


def _draw(bitmap: Any, page: Any, size: tuple[int, int], flags: int) -> None:
    how = (bitmap, page, 0, 0, *size, 0, flags | pdfium_c.FPDF_REVERSE_BYTE_ORDER)
    pdfium_c.FPDF_RenderPageBitmap(*how)
    if flags and page.formenv:
        pdfium_c.FPDF_FFLDraw(page.formenv, *how)


def _hide(page: Any, annotations: Iterable[int]) -> None:
    """Prevent pdfium from drawing ``annotations`` (indices in /Annots), which are overlaid or have nothing to show."""
    for index in annotations:
        handle = pdfium_c.FPDFPage_GetAnnot(page, index)
        if handle:
            pdfium_c.FPDFAnnot_SetFlags(handle, _HIDDEN)
            pdfium_c.FPDFPage_CloseAnnot(handle)


def _changed(page: Any, size: tuple[int, int], frame: Frame, annotation: Annotation, drawn: Any) -> bool:
    """Whether the page with annotations, ``drawn``, differs in the area of ``annotation`` from the page without annotations."""
    without = _white(size)
    _draw(without, page, size, 0)
    scale_x, scale_y = size[0] / frame.size[0], size[1] / frame.size[1]
    x0, y0, x1, y1 = box(frame.to_display, *annotation.box)
    # Two pixels more on every side: line width and antialiasing extend beyond the annotation's box.
    columns = slice(max(0, math.floor(x0 * scale_x) - 2), math.ceil(x1 * scale_x) + 3)
    rows = slice(max(0, math.floor(y0 * scale_y) - 2), math.ceil(y1 * scale_y) + 3)
    return not np.array_equal(without.to_numpy()[rows, columns], drawn.to_numpy()[rows, columns])


def _lay_over(bitmap: Any, size: tuple[int, int], frame: Frame, annotations: Sequence[Annotation]) -> None:
    data = overlay(annotations, frame)
    if data is None:
        return
    with pdfium.PdfDocument(data) as document:
        page = document[0]
        _draw(bitmap, page, size, 0)
        page.close()


def draw_image(image: pikepdf.Object, amend: Callable[[pikepdf.Object], None] | None = None) -> Pixels:
    """The samples of one image XObject as uint8 grey or RGB, without its masks, not scaled; ``amend`` may correct a copy first.

    Raises `StreamError` if pdfium cannot decode it.
    """
    document = pdfium.PdfDocument(_alone(image, amend))
    try:
        page = document[0]
        found = list(page.get_objects(filter=(pdfium_c.FPDF_PAGEOBJ_IMAGE,)))
        if len(found) != 1:
            raise StreamError("pdfium sees no image")
        bitmap = found[0].get_bitmap()
        pixels = np.array(bitmap.to_numpy())
        # 2::-1 takes the first three channels in reverse order: BGR and BGRX become RGB.
        if bitmap.mode.startswith("BGR"):
            pixels = pixels[..., 2::-1]
        return grey_if_equal(np.ascontiguousarray(pixels.squeeze()))
    except pdfium.PdfiumError as wrong:
        raise StreamError(str(wrong)) from wrong
    finally:
        document.close()


def draw_codes(font: pikepdf.Object, codes: Sequence[bytes]) -> list[tuple[bool, str]]:
    """Draws each code of ``font`` alone → whether it leaves ink, and the letters it means ("" if unknown)."""
    rows = -(-len(codes) // _CELLS)  # rounded up
    side, width, height = _CELL, _CELLS * _CELL, rows * _CELL
    places = [(number % _CELLS * side, number // _CELLS * side) for number in range(len(codes))]
    shown = "".join(
        f"1 0 0 1 {x + side / 4} {y + side / 3} Tm <{code.hex()}> Tj "
        for (x, y), code in zip(places, codes, strict=True)
    )
    with pikepdf.new() as pdf:
        copy = pdf.copy_foreign(font) if not font.is_owned_by(pdf) and font.is_indirect else font
        page = pdf.add_blank_page(page_size=(width, height))
        page.obj[Name.Resources] = Dictionary(Font=Dictionary(F=copy))
        page.obj[Name.Contents] = pdf.make_stream(f"BT /F {side / 3} Tf {shown} ET".encode())
        buffer = io.BytesIO()
        pdf.save(buffer, stream_decode_level=pikepdf.StreamDecodeLevel.none, compress_streams=False)
    with pdfium.PdfDocument(buffer.getvalue()) as document:
        drawn = document[0]
        pixels = drawn.render(grayscale=True).to_numpy().squeeze()
        meant = _letters_by_cell(drawn.get_textpage())
    inked = [bool((pixels[height - y - side : height - y, x : x + side] < _INK).any()) for x, y in places]
    return [(ink, meant.get((x // side, y // side), "")) for ink, (x, y) in zip(inked, places, strict=True)]


def _letters_by_cell(words: Any) -> dict[tuple[int, int], str]:
    """The letters of a page of `draw_codes`, by column and row of their cell. Located by origin: boxes are empty without ink."""
    found: dict[tuple[int, int], str] = {}
    x, y = ctypes.c_double(), ctypes.c_double()
    for index in range(words.count_chars()):
        letter = chr(pdfium_c.FPDFText_GetUnicode(words, index))
        if pdfium_c.FPDFText_IsGenerated(words, index) != 0 or letter in "\0\ufffe\ufffd\uffff":
            continue
        pdfium_c.FPDFText_GetCharOrigin(words, index, x, y)
        cell = int(x.value // _CELL), int(y.value // _CELL)
        found[cell] = found.get(cell, "") + letter
    return {cell: _paired(letters) for cell, letters in found.items()}


def _paired(letters: str) -> str:
    """``letters`` with the halves that pdfium gives of those beyond U+FFFF (emoji) put together; a half alone means nothing."""
    return letters.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")


def _alone(image: pikepdf.Object, amend: Callable[[pikepdf.Object], None] | None) -> bytes:
    """A PDF with only ``image``; a stencil mask is converted to black on white."""
    with pikepdf.new() as pdf:
        copy = pdf.copy_foreign(image) if not image.is_owned_by(pdf) else image
        for key in (Name.SMask, Name.Mask, Name.OC):
            if key in copy:
                del copy[key]
        if bool(copy.get(Name.ImageMask, False)):
            del copy[Name.ImageMask]
            copy[Name.ColorSpace] = Name.DeviceGray
            copy[Name.BitsPerComponent] = 1
        if amend:
            amend(copy)
        page = pdf.add_blank_page(page_size=(100, 100))
        page.obj[Name.Resources] = Dictionary(XObject=Dictionary(Scan=copy))
        # The image's own samples are read from pdfium, so the size of the page is irrelevant.
        page.obj[Name.Contents] = pdf.make_stream(b"100 0 0 100 0 0 cm /Scan Do")
        buffer = io.BytesIO()
        pdf.save(buffer, stream_decode_level=pikepdf.StreamDecodeLevel.none, compress_streams=False)
        return buffer.getvalue()
