"""Standard fonts in a part: one program for all pages, with only the letters that they show.

    mark(descriptor)                   # a page brings the whole program
    shrink(pdf, forms)                 # the part keeps the letters of all its pages

A page of text has a quarter of a program's letters, and the pages of a document much the same ones (measured: 17 pages in four
typefaces have 4 KB for each of them together; whole programs have 13 to 19).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from hashlib import sha256
from io import BytesIO
from typing import Any

from fontTools.cffLib import CFFFontSet
from fontTools.encodings.StandardEncoding import StandardEncoding
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.basePen import NullPen
from fontTools.pens.t2CharStringPen import T2CharStringPen
from pikepdf import Array, Dictionary, Name, Object, Pdf

from itrwatch.pdf.content import packed
from itrwatch.pdf.letters import letter_names, texts

_WHOLE = "/ItrwatchWhole"
"""The key of a descriptor whose program is still whole; it is in no file that is published."""


def mark(descriptor: Object) -> None:
    """Note that the program of ``descriptor`` is a whole standard font, for `shrink`."""
    descriptor[_WHOLE] = True


def shrink(pdf: Pdf, forms: Iterable[Object]) -> None:
    """Replace the programs of marked descriptors of ``pdf`` by what ``forms`` show of them, and the widths of their fonts."""
    fonts: dict[tuple[int, int], tuple[Object, set[int]]] = {}
    for form in forms:
        for font, text in texts(form):
            if _WHOLE in font.get(Name.FontDescriptor, {}):
                fonts.setdefault(font.objgen, (font, set()))[1].update(text)
    by_program: dict[tuple[int, int], list[tuple[Object, dict[int, str]]]] = {}
    for font, codes in fonts.values():
        names = letter_names(font, StandardEncoding)
        shown = {code: names[code] for code in sorted(codes)}
        by_program.setdefault(font.FontDescriptor.objgen, []).append((font, shown))
    for uses in by_program.values():
        _shrink_program(pdf, uses)
    for item in pdf.objects:
        if isinstance(item, Dictionary) and _WHOLE in item:  # of a font that shows nothing
            del item[_WHOLE]


def _shrink_program(pdf: Pdf, uses: list[tuple[Object, dict[int, str]]]) -> None:
    descriptor = uses[0][0].FontDescriptor
    whole = descriptor.FontFile3.read_bytes()
    letters = top_of(whole).CharStrings
    widths = {name: width_of(letters, name) for _, shown in uses for name in shown.values()}
    called = f"{tag(widths)}+{str(descriptor.FontName)[1:]}"
    descriptor.FontFile3 = packed(pdf, subset(whole, called, widths), Subtype=Name.Type1C)
    descriptor.FontName = Name(f"/{called}")
    del descriptor[_WHOLE]
    for font, shown in uses:
        font.BaseFont = Name(f"/{called}")
        if shown:
            kept = [_width(font, code) if code in shown else 0 for code in range(min(shown), max(shown) + 1)]
            font.Widths, font.FirstChar, font.LastChar = Array(kept), min(shown), max(shown)


def _width(font: Object, code: int) -> Any:
    index = code - int(font.FirstChar)
    return font.Widths[index] if 0 <= index < len(font.Widths) else 0


def subset(program: bytes, called: str, widths: Mapping[str, float]) -> bytes:
    """A program with only the letters of ``widths``, drawn anew without hints; equal bytes for equal letters and widths."""
    top = top_of(program)
    drawn = top.CharStrings
    outlines = {}
    for letter in (".notdef", *sorted(widths)):
        pen = T2CharStringPen(widths.get(letter, 0), drawn)
        drawn[letter].draw(pen)
        outlines[letter] = pen.getCharString()
    builder = FontBuilder(1000, isTTF=False)
    builder.setupGlyphOrder([*outlines])
    builder.setupCFF(called, {"FontBBox": top.FontBBox}, outlines, {})
    out = BytesIO()
    builder.font["CFF "].cff.compile(out, builder.font)
    return out.getvalue()


def tag(widths: Mapping[str, float]) -> str:
    """The tag of a subset, six capitals (ISO 32000-1, 9.6.4)."""
    letters = " ".join(f"{letter} {width:g}" for letter, width in sorted(widths.items()))
    return "".join(chr(ord("A") + byte % 26) for byte in sha256(letters.encode()).digest()[:6])


def width_of(letters: Any, name: str) -> float:
    """The width of the letter ``name`` of the charstrings ``letters``."""
    letter = letters[name]
    # fontTools determines the width of a charstring only when it is executed.
    letter.draw(NullPen())
    return float(letter.width)


@cache
def top_of(program: bytes) -> Any:
    """The parsed program in the compact format."""
    fonts = CFFFontSet()
    fonts.decompile(BytesIO(program), None)
    return fonts[0]
