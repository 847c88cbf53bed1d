"""Colours that PDF/A allows only with further conditions (CMYK, Separation, DeviceN, unfit profiles), as the grey or RGB that pdfium shows.

    Inks().shown(space, [1]) -> ("g", [0]) for black ink; ("rg", [0.9294, 0.1098, 0.1412]) for a red

A page with such colours that is published as a picture has pdfium's colours as well: readers differ in them. Black alone
is black, though pdfium shows it as a dark grey.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import numpy as np
import pikepdf
import pypdfium2 as pdfium
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream, String

from itrwatch.born_digital.colours import family
from itrwatch.born_digital.entries import UnfitError, number
from itrwatch.imaging.raster import Pixels
from itrwatch.scans.pdf import images

FAMILIES = frozenset(("/DeviceCMYK", "/Separation", "/DeviceN", "/ICCBased"))
_MOST = 300
"""Most different colours of a page; each is drawn once, in about a millisecond. Chosen."""
STEPS = 256
"""Steps of a gradient; pdfium draws no more."""
_SIDE = 4
"""Sides of the area that is drawn, px."""
_PARTS = {"/Separation": 4, "/DeviceN": 4, "/ICCBased": 2}
"""Least entries of a colour space: its family, and what the family has."""
_BLACK = [0, 0, 0, 1]


class Inks:
    """The colours that were drawn for one page."""

    def __init__(self) -> None:
        self._known: dict[tuple[Any, ...], tuple[str, list[Any]]] = {}

    def shown(self, space: Any, amounts: Sequence[Any]) -> tuple[str, list[Any]]:
        """The operator (g or rg) and operands for ``amounts`` of the colours of ``space``; none for its initial colour. Raises `UnfitError`."""
        if isinstance(space, Array) and len(space) < _PARTS.get(family(space), 0):
            raise UnfitError(f"colours of {space!r}")
        values = [number(amount) for amount in amounts or _initial(space)]
        # With references as they are: two spaces that differ only in a function have different keys.
        key = (space.unparse(), *values)
        if key not in self._known:
            if len(self._known) >= _MOST:
                raise UnfitError("too many colours")
            self._known[key] = ("g", [0]) if _black(space, values) else ("rg", _drawn(space, values))
        return self._known[key]


def palette(source: Any) -> bytes:
    """The colours, as RGB, of all samples that an image of one channel can have, in the order of the samples; raises `UnfitError`."""
    bits = int(source.get(Name.BitsPerComponent, 1))
    if bits > 8:
        raise UnfitError("samples of 16 bits of an ink")
    samples = np.arange(1 << bits, dtype=np.uint8)
    # The last bits of each byte are the sample, the first of the pixels in a byte has its highest bits.
    packed = np.packbits(np.unpackbits(samples[:, None], axis=1)[:, 8 - bits :].ravel())
    with pikepdf.new() as pdf:
        # Two rows, because a single one is not told from a single column.
        entries = Dictionary(Type=Name.XObject, Subtype=Name.Image, Width=len(samples), Height=2, BitsPerComponent=bits)
        entries.ColorSpace = _copied(pdf, source.ColorSpace)
        if Name.Decode in source:
            entries.Decode = _copied(pdf, source.Decode)
        pixels, _ = images.decode(pdf.make_stream(packed.tobytes() * 2, entries))
    colours = np.repeat(pixels[..., None], 3, axis=2) if pixels.ndim == 2 else pixels
    return bytes(colours[0].astype(np.uint8).tobytes())


def gradient(source: Any) -> bytes:
    """The colours, as RGB, of an axial or radial shading in inks from its beginning to its end, in `STEPS` steps; raises `UnfitError`."""
    with pikepdf.new() as pdf:
        axial = Dictionary(ShadingType=2, Coords=Array([0, 0, STEPS, 0]), Extend=Array([True, True]))
        for key in ("/ColorSpace", "/Function", "/Domain"):
            if key in source:
                axial[key] = _copied(pdf, source[key])
        row = _rendered(pdf, (STEPS, _SIDE), "/C sh", Shading=Dictionary(C=axial))[_SIDE // 2]
    return bytes(row.tobytes())


def _black(space: Any, values: Sequence[Any]) -> bool:
    """Whether the colour is black ink alone, undiluted."""
    if family(space) == "/DeviceCMYK":
        return list(values) == _BLACK
    named = family(space) == "/Separation" and space[1] == Name.Black and space[2] == Name.DeviceCMYK
    return named and list(values) == [1]


def _initial(space: Any) -> list[Any]:
    """The amounts that a colour space begins with (ISO 32000-1, table 74)."""
    if family(space) == "/DeviceCMYK":
        return _BLACK
    if family(space) == "/ICCBased":
        return [0] * int(space[1].get(Name.N, 0))
    return [1] * (len(space[1]) if family(space) == "/DeviceN" else 1)


def _drawn(space: Any, values: Sequence[Any]) -> list[Decimal]:
    with pikepdf.new() as pdf:
        content = f"/C cs {' '.join(map(str, values))} scn 0 0 {_SIDE} {_SIDE} re f"
        colours = Dictionary(C=_copied(pdf, space))
        pixel = _rendered(pdf, (_SIDE, _SIDE), content, ColorSpace=colours)[_SIDE // 2, _SIDE // 2]
    return [Decimal(int(value)) / 255 if value in (0, 255) else round(Decimal(int(value)) / 255, 4) for value in pixel]


def _rendered(pdf: Pdf, size: tuple[int, int], content: str, **resources: Dictionary) -> Pixels:
    """What pdfium shows of ``content`` on a page of ``size`` px, RGB."""
    page = pdf.add_blank_page(page_size=size)
    page.obj.Resources = Dictionary({f"/{key}": value for key, value in resources.items()})
    page.obj.Contents = pdf.make_stream(content.encode())
    buffer = io.BytesIO()
    pdf.save(buffer, compress_streams=False)
    with pdfium.PdfDocument(buffer.getvalue()) as document:
        bitmap = document[0].render(rev_byteorder=True)
        try:
            return np.array(bitmap.to_numpy()[..., :3], np.uint8)
        finally:
            bitmap.close()


def _copied(pdf: Pdf, value: Any) -> Any:
    """A copy of ``value``, direct or indirect, of another document."""
    if isinstance(value, Object) and value.is_indirect and isinstance(value, Dictionary | Stream | Array):
        return pdf.copy_foreign(value)
    if isinstance(value, Array):
        return Array([_copied(pdf, item) for item in value])
    if isinstance(value, Dictionary):
        return Dictionary({key: _copied(pdf, item) for key, item in value.items()})
    if isinstance(value, Name):
        return Name(str(value))
    return String(bytes(value)) if isinstance(value, String) else value
