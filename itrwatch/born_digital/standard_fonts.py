"""Embeds a program for the standard fonts, which most producers leave to the reader: Helvetica, Times, Courier, Arial and others like them, and signs.

    program_of("/Arial,Bold").name -> "ChromSansOTF-Bold"; None for a font that no standard font stands for
    embed(pdf, form) -> each font of the form without a program has one; the part keeps the letters that its pages show

PDF/A requires a program for every font. pdfium, which draws the pages, has its own for the standard fonts, and its licence allows
their use: with them a page keeps its text and looks the same in every reader. Where the PDF declares another width for a letter
than the program has, the letter stays as it is and the next one begins there, as pdfium draws it.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from typing import Any

import pypdfium2 as pdfium
from fontTools.cffLib import CFFFontSet
from fontTools.encodings.StandardEncoding import StandardEncoding
from fontTools.pens.boundsPen import BoundsPen
from pikepdf import Array, Dictionary, Name, Object, Pdf
from pypdfium2 import raw as pdfium_c

from itrwatch.born_digital.font_check import TOLERANCE, charstring_width, declared_width
from itrwatch.pdf.content import packed
from itrwatch.pdf.letters import letter_names, texts
from itrwatch.pdf.standard_subsets import mark, subset, tag, top_of
from itrwatch.pdf.symbol_encodings import DINGBATS, SYMBOL

_FAMILIES = ("Helvetica", "Times", "Courier")
_SIGNS = {"Symbol": SYMBOL, "ZapfDingbats": DINGBATS}
"""The fonts whose letters have not the names of the standard encoding: the ticks of check boxes, mathematics."""
_FIXED, _SERIF, _SYMBOLIC, _NONSYMBOLIC, _ITALIC = 1 << 0, 1 << 1, 1 << 2, 1 << 5, 1 << 6
"""Flags of a font descriptor (ISO 32000-1, table 123)."""


@dataclass(frozen=True, slots=True)
class Program:
    """A font program in the compact format: its PostScript ``name``, that of the ``standard`` font, ``data``, and ``widths`` by letter, 1/1000 of the font size."""

    name: str
    standard: str
    data: bytes
    widths: dict[str, float]

    @property
    def encoding(self) -> list[str]:
        """The names of its letters by code."""
        return _SIGNS.get(self.standard) or list(StandardEncoding)

    @property
    def of_signs(self) -> bool:
        """Whether it is Symbol or ZapfDingbats, whose letters no encoding of a PDF names."""
        return self.standard in _SIGNS

    @property
    def top(self) -> Any:
        """The parsed program."""
        return top_of(self.data)


def program_of(base_font: Any) -> Program | None:
    """The program that pdfium has for the font name ``base_font`` (with slash), or None; spaces mean nothing, as to readers."""
    return _loaded(str(base_font)[1:].replace(" ", ""))


def embed(pdf: Pdf, form: Object) -> None:
    """Give the fonts of ``form`` that have no program one; some producers write a font for each line, all of one name."""
    described: dict[str, Object] = {}
    for font, text in texts(form):
        program = program_of(font.BaseFont) if font.Subtype == Name.Type1 and Name.FontDescriptor not in font else None
        if program:
            _embed(pdf, font, program, {*text}, described)


def _embed(pdf: Pdf, font: Object, program: Program, codes: set[int], described: dict[str, Object]) -> None:
    """With a program of its own, of only the letters of ``codes``, if their widths are not those of the program.

    ``described``: the descriptors so far, by their font names, which are equal for equal programs.
    """
    names = letter_names(font, program.encoding)
    if program.of_signs:  # its program names only the letters of the standard encoding
        named = [(code, Name(f"/{names[code]}")) for code in sorted(codes) if names[code] in program.widths]
        font.Encoding = Dictionary(Type=Name.Encoding, Differences=Array([item for pair in named for item in pair]))
    present = {code: names[code] for code in range(256) if names[code] in program.widths}
    alone = False
    if all(key in font for key in ("/FirstChar", "/LastChar", "/Widths")):
        widen(font, lambda code: program.widths.get(names[code], 0))  # as pdfium does, if no width is said
        widths = {names[code]: declared_width(font, code) for code in sorted(codes & {*present})}
        alone = any(abs(width - program.widths[name]) > TOLERANCE for name, width in widths.items())
    else:
        widths = {name: program.widths[name] for name in present.values()}
        within = range(min(present), max(present) + 1)
        # An entry for every code from the first to the last, 0 for those without a letter.
        font.Widths = Array([int(widths[present[code]]) if code in present else 0 for code in within])
        font.FirstChar, font.LastChar = within[0], within[-1]
    called = f"{tag(widths)}+{program.name}" if alone else program.name
    font.BaseFont = Name(f"/{called}")
    if called not in described:
        data = subset(program.data, called, widths) if alone else program.data
        described[called] = _descriptor(pdf, program, called, data)
    font.FontDescriptor = described[called]
    if not alone:
        mark(font.FontDescriptor)


def widen(font: Object, width: Callable[[int], float]) -> None:
    """Give a font of one byte a letter a width for each code, by ``width`` where it says none: often for the blank, before /FirstChar."""
    first, said = int(font.FirstChar), [*font.Widths]
    after = range(first + len(said), 256)
    font.Widths = Array([*map(width, range(first)), *said, *map(width, after)])
    font.FirstChar, font.LastChar = 0, len(font.Widths) - 1


def _descriptor(pdf: Pdf, program: Program, called: str, data: bytes) -> Object:
    italic = "Oblique" in program.standard or "Italic" in program.standard
    kinds = ((_FIXED, "Courier"), (_SERIF, "Times"), (_SERIF, "Courier"))
    flags = _SYMBOLIC if program.of_signs else _NONSYMBOLIC | _ITALIC * italic
    for flag, family in kinds:
        flags |= flag * program.standard.startswith(family)
    top = program.top
    low, high = (int(top.FontBBox[at]) for at in (1, 3))
    # The heights of letters, which signs have not.
    ascent, descent, capital = (
        (high, low, high) if program.of_signs else (_reach(top, "d")[1], _reach(top, "p")[0], _reach(top, "H")[1])
    )
    return pdf.make_indirect(
        Dictionary(
            Type=Name.FontDescriptor,
            FontName=Name(f"/{called}"),
            Flags=flags,
            FontBBox=Array([*top.FontBBox]),
            ItalicAngle=int(getattr(top, "ItalicAngle", 0)),
            Ascent=ascent,
            Descent=descent,
            CapHeight=capital,
            StemV=int(top.Private.StdVW),
            FontFile3=packed(pdf, data, Subtype=Name.Type1C),
        )
    )


def _reach(top: Any, letter: str) -> tuple[int, int]:
    """Lowest and highest point of a letter, 1/1000 of the font size."""
    pen = BoundsPen(None)
    top.CharStrings[letter].draw(pen)
    return int(pen.bounds[1]), int(pen.bounds[3])


@cache
def _loaded(name: str) -> Program | None:
    with pdfium.PdfDocument.new() as document:
        font = pdfium_c.FPDFText_LoadStandardFont(document, name.encode("latin-1", "replace"))
        if not font:
            return None
        standard = ctypes.create_string_buffer(100)
        pdfium_c.FPDFFont_GetBaseFontName(font, standard, len(standard))
        size = ctypes.c_size_t()
        pdfium_c.FPDFFont_GetFontData(font, None, 0, size)
        data = (ctypes.c_uint8 * size.value)()
        pdfium_c.FPDFFont_GetFontData(font, data, size.value, size)
        pdfium_c.FPDFFont_Close(font)
    found = standard.value.decode()
    if not found.startswith(_FAMILIES) and found not in _SIGNS:
        return None
    fonts = CFFFontSet()
    fonts.decompile(BytesIO(bytes(data)), None)
    letters = fonts[0].CharStrings
    widths = {name: width for name in fonts[0].charset if (width := charstring_width(letters, name)) is not None}
    return Program(fonts.fontNames[0], found, bytes(data), widths)
