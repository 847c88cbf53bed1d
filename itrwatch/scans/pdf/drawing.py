"""Pages and single images drawn by pdfium.

pdfium draws white where it cannot read, and says nothing. So nothing is drawn here that the
callers have not read through to the end first.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np
import pikepdf
import pypdfium2 as pdfium
from pikepdf import Dictionary, Name
from pypdfium2 import raw as pdfium_c

from itrwatch.scans.image.pixels import grey_if_equal
from itrwatch.scans.pdf.streams import StreamError

if TYPE_CHECKING:
    from collections.abc import Callable

    from itrwatch.imaging.raster import Pixels
    from itrwatch.scans.pdf.document import Document


def draw_page(document: Document, number: int, size: tuple[int, int]) -> Pixels:
    """Page ``number`` (from 1) on white, ``size`` px, with annotations and form fields.

    Raises `StreamError` when pdfium cannot load it.
    """
    try:
        page = document.drawing[number - 1]
    except pdfium.PdfiumError as wrong:
        raise StreamError(str(wrong)) from wrong
    try:
        # Not `page.render`: it rounds sizes up, and an image that lay pixel on pixel would be stretched.
        bitmap = pdfium.PdfBitmap.new_native(*size, pdfium_c.FPDFBitmap_BGR, rev_byteorder=True)
        bitmap.fill_rect((255, 255, 255, 255), 0, 0, *size)
        how = (bitmap, page, 0, 0, *size, 0, pdfium_c.FPDF_ANNOT | pdfium_c.FPDF_REVERSE_BYTE_ORDER)
        pdfium_c.FPDF_RenderPageBitmap(*how)
        if page.formenv:
            pdfium_c.FPDF_FFLDraw(page.formenv, *how)
        return grey_if_equal(bitmap.to_numpy())
    finally:
        page.close()


def draw_image(image: pikepdf.Object, amend: Callable[[pikepdf.Object], None] | None = None) -> Pixels:
    """The samples of one image XObject as colours, without its masks, not scaled; ``amend`` may put a copy in order first.

    Raises `StreamError` when pdfium cannot decode it.
    """
    document = pdfium.PdfDocument(_alone(image, amend))
    try:
        page = document[0]
        found = list(page.get_objects(filter=(pdfium_c.FPDF_PAGEOBJ_IMAGE,)))
        if len(found) != 1:
            raise StreamError("pdfium sees no image")
        bitmap = found[0].get_bitmap()
        pixels = np.array(bitmap.to_numpy())
        if bitmap.mode.startswith("BGR"):
            pixels = pixels[..., 2::-1]
        return grey_if_equal(np.ascontiguousarray(pixels.squeeze()))
    except pdfium.PdfiumError as wrong:
        raise StreamError(str(wrong)) from wrong
    finally:
        document.close()


def _alone(image: pikepdf.Object, amend: Callable[[pikepdf.Object], None] | None) -> bytes:
    """A PDF with nothing in it but ``image``, a stencil mask turned into black on white."""
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
        page.obj[Name.Contents] = pdf.make_stream(b"100 0 0 100 0 0 cm /Scan Do")
        buffer = io.BytesIO()
        pdf.save(buffer, stream_decode_level=pikepdf.StreamDecodeLevel.none, compress_streams=False)
        return buffer.getvalue()
