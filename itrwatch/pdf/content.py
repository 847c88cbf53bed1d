"""Writes content streams with the operators of our pages (ISO 32000-1, Annex A).

    paint("I0", Box(0, 0, 595, 842), 842) -> “q 595 0 0 842 0 0 cm /I0 Do Q”

Boxes have y downwards from the top, as in `core.encoded_page`; the functions of this module convert to the y of PDF.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from decimal import Decimal

from pikepdf import Name, Object, Pdf

from itrwatch.core.encoded_page import Box
from itrwatch.core.pages import Turn


def operand(number: float) -> Decimal:
    """``number`` rounded to 1/1000 (0.35 µm for pt), without trailing zeros."""
    rounded = Decimal(repr(float(number))).quantize(Decimal("0.001"))
    return rounded.quantize(Decimal(1)) if rounded == rounded.to_integral_value() else rounded.normalize()


def paint(name: str, box: Box, page_height: float, turn: Turn = 0) -> str:
    """The operators that paint image ``name``, rotated clockwise by ``turn`` degrees, over ``box`` (pt) of a page ``page_height`` pt high."""
    wide, high, left, low = box.right - box.left, box.bottom - box.top, box.left, page_height - box.bottom
    # Each matrix maps the unit square, in which PDF draws images, onto the box.
    matrix = {
        0: (wide, 0, 0, high, left, low),
        90: (0, -high, wide, 0, left, low + high),
        180: (-wide, 0, 0, -high, left + wide, low + high),
        270: (0, high, -wide, 0, left + wide, low),
    }[turn]
    return f"q {_operands(matrix)} cm /{name} Do Q"


def show(name: str, size: float, at: tuple[float, float], page_height: float, codes: bytes) -> str:
    """The operators that show ``codes`` in font ``name`` at ``size`` pt; the baseline begins ``at`` (x, y in pt, y downwards)."""
    x, y = at
    return f"BT /{name} {operand(size)} Tf {_operands((x, page_height - y))} Td <{codes.hex()}> Tj ET"


def content(pdf: Pdf, operators: Sequence[str]) -> Object:
    """``operators`` as a content stream of ``pdf``."""
    return packed(pdf, "\n".join(operators).encode("ascii"))


def packed(pdf: Pdf, plain: bytes, **entries: object) -> Object:
    """``plain`` as a stream of ``pdf`` with ``entries`` in its dictionary, compressed if that is shorter."""
    flate = zlib.compress(plain, 9)
    if len(flate) + len(" /Filter /FlateDecode") < len(plain):
        return pdf.make_stream(flate, Filter=Name.FlateDecode, **entries)
    return pdf.make_stream(plain, **entries)


def _operands(numbers: Sequence[float]) -> str:
    return " ".join(str(operand(number)) for number in numbers)
