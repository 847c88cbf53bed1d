"""Writes files as scanners do: pages → PDF, TIFF or JPEG. Equal pages give equal bytes.

write_pdf(Path("scan.pdf"), [page], 300, bilevel=True)
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pikepdf
from PIL import Image, ImageChops

_STORED = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}
"""EXIF orientation → transposition of the stored pixels with which viewers show the page upright."""

_HELVETICA = pikepdf.Dictionary(
    Type=pikepdf.Name.Font,
    Subtype=pikepdf.Name.Type1,
    BaseFont=pikepdf.Name.Helvetica,
    Encoding=pikepdf.Name.WinAnsiEncoding,
)

_ORIENTATION = 0x0112
_ROWS_PER_STRIP = 278
_STRIP_OFFSETS = 273
_STRIP_LENGTHS = 279


def bilevel_of(page: Image.Image, threshold: int = 150) -> Image.Image:
    """Black and white with a fixed threshold: levels from ``threshold`` (of 255) up are white."""
    if page.mode == "1":
        return page
    return page.convert("L").point([255 if level >= threshold else 0 for level in range(256)], "1")


def jpeg_bytes(
    page: Image.Image,
    dpi: int | None,
    quality: int = 82,
    *,
    grey: bool = False,
    cmyk: bool = False,
    exif: Image.Exif | None = None,
) -> bytes:
    """The bytes of a JPEG file; if ``dpi`` is None, it has no resolution."""
    buffer = io.BytesIO()
    extra: dict[str, Any] = {} if exif is None else {"exif": exif}
    if dpi is not None:
        extra["dpi"] = (dpi, dpi)
    mode = "L" if grey else "CMYK" if cmyk else "RGB"
    page.convert(mode).save(buffer, "JPEG", quality=quality, **extra)
    return buffer.getvalue()


def write_jpeg(
    path: Path,
    page: Image.Image,
    dpi: int | None,
    exif_orientation: int = 1,
    *,
    grey: bool = False,
    cmyk: bool = False,
) -> None:
    """Write a JPEG whose pixels are stored so that viewers show ``page`` upright by the EXIF orientation (1 to 8)."""
    exif = Image.Exif()
    exif[_ORIENTATION] = exif_orientation
    stored = page.transpose(_STORED[exif_orientation]) if exif_orientation in _STORED else page
    path.write_bytes(jpeg_bytes(stored, dpi, grey=grey, cmyk=cmyk, exif=exif))


def write_tiff(path: Path, pages: Iterable[Image.Image], dpi: int, compression: str = "group4") -> None:
    """Write a TIFF of several pages; ``compression``: Pillow's name (group4, tiff_lzw, jpeg, raw, …)."""
    first, *rest = [tiff_page(page, compression) for page in pages]
    first.save(path, "TIFF", save_all=True, append_images=rest, compression=compression, dpi=(dpi, dpi))


def write_pdf(
    path: Path,
    pages: Iterable[Image.Image],
    dpi: int = 300,
    quality: int = 82,
    *,
    grey: bool = False,
    bilevel: bool = False,
    rotate: int = 0,
    crop_mm: float = 0.0,
    scale: float = 1.0,
    ocr_text: str | None = None,
) -> None:
    """Write a PDF with one image per page, as scanners do: JPEG, or CCITT G4 if ``bilevel``.

    ``rotate``: the /Rotate of the pages, degrees clockwise. ``crop_mm``: width that the /CropBox hides along every edge.
    ``scale``: share of the page's width and height that the image fills, centred. ``ocr_text``: the invisible text that
    a scanner with OCR adds to each page.
    """
    with pikepdf.new() as pdf:
        for page in pages:
            width, height = page.width * 72 / dpi, page.height * 72 / dpi
            picture = _g4_stream(pdf, page, dpi) if bilevel else _jpeg_stream(pdf, page, dpi, quality, grey=grey)
            new = pdf.add_blank_page(page_size=(width, height))
            new.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=picture))
            new.Contents = pdf.make_stream(_placed(width, height, scale) + _unseen(ocr_text, height))
            if ocr_text is not None:
                new.Resources.Font = pikepdf.Dictionary(F0=_HELVETICA)
            if rotate:
                new.Rotate = rotate
            if crop_mm:
                inset = crop_mm / 25.4 * 72
                new.CropBox = pikepdf.Array([inset, inset, width - inset, height - inset])
        pdf.save(path, deterministic_id=True)


def _placed(width: float, height: float, scale: float) -> bytes:
    """The content that draws the image centred, at ``scale`` times the size of the page (pt)."""
    x, y = width * (1 - scale) / 2, height * (1 - scale) / 2
    at = f"{x:.4f} {y:.4f}" if scale != 1 else "0 0"
    return f"q {width * scale:.4f} 0 0 {height * scale:.4f} {at} cm /Im0 Do Q".encode()


def _unseen(text: str | None, height: float) -> bytes:
    """The content that writes the lines of ``text`` invisibly; ``height`` of the page in pt."""
    if text is None:
        return b""
    # 3 Tr: text is neither filled nor stroked, as in the text layers of scanners.
    lines = " ".join(f"<{line.encode('cp1252', 'replace').hex()}> Tj T*" for line in text.splitlines())
    return f" BT 3 Tr /F0 11 Tf 14 TL 72 {height - 72:.4f} Td {lines} ET".encode()


def tiff_page(page: Image.Image, compression: str) -> Image.Image:
    """The page in the mode required by ``compression``: bilevel for fax codes."""
    return bilevel_of(page) if compression in {"group3", "group4"} else page


def _jpeg_stream(pdf: pikepdf.Pdf, page: Image.Image, dpi: int, quality: int, *, grey: bool) -> pikepdf.Stream:
    return _image(
        pdf,
        jpeg_bytes(page, dpi, quality, grey=grey),
        page,
        BitsPerComponent=8,
        ColorSpace=pikepdf.Name.DeviceGray if grey else pikepdf.Name.DeviceRGB,
        Filter=pikepdf.Name.DCTDecode,
    )


def _g4_stream(pdf: pikepdf.Pdf, page: Image.Image, dpi: int) -> pikepdf.Stream:
    """An image XObject with the G4 code of the page, extracted from a TIFF of one strip.

    The page is inverted here so that paper is the white of the fax code; Pillow would invert it pixel by pixel, in 0.1 s.
    """
    buffer = io.BytesIO()
    negative = ImageChops.invert(bilevel_of(page))
    negative.save(buffer, "TIFF", compression="group4", dpi=(dpi, dpi), tiffinfo={_ROWS_PER_STRIP: page.height})
    with Image.open(buffer) as stored:
        written = stored.tag_v2  # type: ignore[attr-defined]
        (start,), (length,) = written[_STRIP_OFFSETS], written[_STRIP_LENGTHS]
    return _image(
        pdf,
        buffer.getvalue()[start : start + length],
        page,
        BitsPerComponent=1,
        ColorSpace=pikepdf.Name.DeviceGray,
        Filter=pikepdf.Name.CCITTFaxDecode,
        DecodeParms=pikepdf.Dictionary(K=-1, Columns=page.width, Rows=page.height, BlackIs1=False),
    )


def _image(pdf: pikepdf.Pdf, data: bytes, page: Image.Image, **facts: object) -> pikepdf.Stream:
    return pikepdf.Stream(
        pdf, data, Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=page.width, Height=page.height, **facts
    )
