"""Embeds born-digital pages in a part as forms with shared font programs, and verifies them.

Forms(pdf).take(layer) -> the form in this file, its typefaces shared with the other pages
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable, Iterable
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2 as pdfium
from pikepdf import Array, Dictionary, Name, Object, Page, Pdf, Stream, String
from PIL import JpegImagePlugin

from itrwatch.core.encoded_page import Box, Layer
from itrwatch.pdf.content import operand
from itrwatch.pdf.standard_subsets import shrink
from itrwatch.pdf.text_layer import NAME as LAYER_FONT

_USES = {"Do": "/XObject", "Tf": "/Font", "gs": "/ExtGState", "sh": "/Shading"}
"""Operators that name a resource, and its category."""


def form_of(pdf: Pdf) -> Any:
    """The form of a `VectorPage`."""
    return pdf.pages[0].Resources.XObject.P


def place(name: str, box: Box, page_height: float) -> str:
    """The operators that paint form ``name`` (in pt) with its lower left corner at that of ``box`` (pt, y downwards)."""
    return f"q 1 0 0 1 {operand(box.left)} {operand(page_height - box.bottom)} cm /{name} Do Q"


class Forms:
    """The forms in ``pdf``; objects that occur in several forms, such as typefaces, are written once."""

    def __init__(self, pdf: Pdf) -> None:
        self._pdf = pdf
        self._known: dict[bytes, Object] = {}
        self._taken: list[Object] = []

    def take(self, layer: Layer) -> Object:
        """The form object of ``layer`` in this file."""
        with Pdf.open(BytesIO(layer.data)) as source:
            form: Object = self._copied(form_of(source))[0]
        self._taken.append(form)
        return form

    def finish(self) -> None:
        """Leave of the standard fonts what the forms show; to be called after the last one."""
        shrink(self._pdf, self._taken)

    def __bool__(self) -> bool:
        """Whether there are any."""
        return bool(self._known)

    def _copied(self, value: Any) -> tuple[Any, bytes]:
        """A copy of ``value`` in this file, and a digest of all its parts."""
        if isinstance(value, Array):
            items = [self._copied(item) for item in value]
            return Array([copy for copy, _ in items]), _digest(b"array", *(mark for _, mark in items))
        if not isinstance(value, Dictionary | Stream):
            plain = bytes(value) if isinstance(value, String) else str(value).encode()
            return _scalar(value), _digest(type(value).__name__.encode(), plain)
        # Sorted, so that equal dictionaries have equal digests; /Length follows from the data.
        entries = {key: self._copied(item) for key, item in sorted(value.items()) if key != "/Length"}
        copies = {key: copy for key, (copy, _) in entries.items()}
        marks = [part for key, (_, mark) in entries.items() for part in (key.encode(), mark)]
        if isinstance(value, Stream):
            data = value.read_raw_bytes()
            return self._once(_digest(b"stream", data, *marks), lambda: self._pdf.make_stream(data, Dictionary(copies)))
        mark = _digest(b"dictionary", *marks)
        if not value.is_indirect:
            return Dictionary(copies), mark
        return self._once(mark, lambda: self._pdf.make_indirect(Dictionary(copies)))

    def _once(self, mark: bytes, make: Callable[[], Object]) -> tuple[Object, bytes]:
        if mark not in self._known:
            self._known[mark] = make()
        return self._known[mark], mark


def _scalar(value: Any) -> Any:
    if isinstance(value, Name):
        return Name(str(value))
    return String(bytes(value)) if isinstance(value, String) else value


def _digest(*parts: bytes) -> bytes:
    whole = hashlib.sha256()
    for part in parts:
        # Include the lengths, so that (“ab”, “c”) and (“a”, “bc”) differ.
        whole.update(len(part).to_bytes(8, "big") + part)
    return whole.digest()


# Verification


def is_form(page: Page) -> bool:
    """Whether ``page`` is a page of text and lines."""
    return any(item.get(Name.Subtype) == Name.Form for item in page.resources.get("/XObject", {}).values())


def check_form(form: Object) -> None:
    """Raise an exception of any kind unless all resources of ``form`` exist and can be read."""
    resources = form.Resources
    for instruction in pikepdf.parse_content_stream(form, " ".join(_USES)):
        used = resources[_USES[str(instruction.operator)]][str(instruction.operands[0])]
        mask = used.get(Name.SMask) if str(instruction.operator) == "gs" else None
        if isinstance(mask, Dictionary):
            check_form(mask.G)
        if str(instruction.operator) != "Do":
            continue
        if used.Subtype == Name.Form:
            check_form(used)
        elif (code := _jpeg_of(used)) is not None:
            with JpegImagePlugin.JpegImageFile(BytesIO(code)) as picture:
                # As in `verifying`: all coded bytes are read, few pixels are produced.
                picture.draft(None, (max(1, picture.width // 8), max(1, picture.height // 8)))
                picture.load()


def _jpeg_of(image: Object) -> bytes | None:
    """The JPEG of ``image``, which may be packed once more; None for an image of another kind."""
    filters = image.get(Name.Filter)
    if filters == Name.DCTDecode:
        return image.read_raw_bytes()
    packed = filters == Array([Name.FlateDecode, Name.DCTDecode])
    return zlib.decompress(image.read_raw_bytes()) if packed else None


def number_box(page: Page) -> Box | None:
    """The box of the number that ``page`` itself, not its form, shows; y downwards from the top; None without a number."""
    shown = {str(step.operator): step.operands for step in pikepdf.parse_content_stream(page, "Tf Td Tj")}
    # The number comes after the text layer: if the last font is that of the layer, there is no number.
    if "Td" not in shown or str(shown["Tf"][0]) == f"/{LAYER_FONT}":
        return None
    font, size = page.resources.Font[str(shown["Tf"][0])], float(shown["Tf"][1])
    left, height = float(shown["Td"][0]), float(page.mediabox[3])
    base = height - float(shown["Td"][1])
    wide = sum(float(font.Widths[code - int(font.FirstChar)]) for code in bytes(shown["Tj"][0])) * size / 1000
    # A quarter of the size contains the descenders.
    return Box(left, max(0.0, base - size), left + wide, min(height, base + size / 4))


def text_within(page: pdfium.PdfPage, box: Box, height: float) -> str:
    """The text of ``page`` (``height`` pt) that touches ``box``, with each gap as one space."""
    text = page.get_textpage()
    try:
        found = text.get_text_bounded(box.left, height - box.bottom, box.right, height - box.top)
        return " ".join(found.split())
    finally:
        text.close()


def empty_pages(path: Path, indices: Iterable[int]) -> list[int]:
    """Those of ``indices`` (from 0) whose pages, rendered small, have only one colour."""
    with pdfium.PdfDocument(path) as document:
        pictures = ((index, document[index].render(scale=0.5).to_numpy()) for index in indices)
        return [index for index, picture in pictures if int(picture.max()) == int(picture.min())]
