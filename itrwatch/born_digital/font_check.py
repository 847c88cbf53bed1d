"""Checks that the fonts of a page contain all its letters, as required by ISO 19005-3, 6.2.11.

    judge_fonts(form) -> None, or `FontError`

Every letter must be in the font program, none may be .notdef, and its width in the program must equal that in the
PDF; TrueType letters must be found unambiguously.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from io import BytesIO
from typing import Any

from fontTools.agl import AGL2UV
from fontTools.cffLib import CFFFontSet
from fontTools.encodings.MacRoman import MacRoman
from fontTools.encodings.StandardEncoding import StandardEncoding
from fontTools.misc.eexec import decrypt
from fontTools.misc.psCharStrings import T1CharString
from fontTools.misc.psLib import suckfont
from fontTools.ttLib import TTFont
from pikepdf import Array, Dictionary, Name, Object, Stream

from itrwatch.pdf.letters import NOTDEF, FontError, letter_names, texts
from itrwatch.pdf.standard_subsets import width_of
from itrwatch.scans.pdf.instructions import parsed, steps

logging.getLogger("fontTools").addHandler(logging.NullHandler())
"""Suppresses the messages of fontTools about fonts, which otherwise go to stderr."""

TOLERANCE = 1.01
"""Largest difference of widths, in 1/1000 of the letter size: both are rounded. Chosen."""
_SYMBOLIC = 1 << 2
_CHARSTRING_KEY = 4330
"""The key that all Type 1 charstrings are encrypted with (Adobe Type 1 Font Format, 7.3)."""

Width = Callable[[int], float | None]
"""Code → width of the letter in a program, in 1/1000 of the letter size; None if there is none."""


def judge_fonts(form: Object) -> None:
    """Raise `FontError`, or any error of a broken program, unless all letters of ``form`` are in its fonts."""
    for font, text in texts(form):
        judge_font(font, text)


def judge_font(font: Object, text: bytes) -> None:
    """Raise `FontError`, or any error of a broken program, unless all letters of ``text`` are in ``font``."""
    if font.Subtype == Name.Type0:
        if len(text) % 2:
            raise FontError("half a code")
        # Identity-H and -V, the only accepted encodings, have two bytes per letter.
        codes: Iterable[int] = {text[at] << 8 | text[at + 1] for at in range(0, len(text), 2)}
        descendant = font.DescendantFonts[0]
        said, found = said_of_cids(descendant), _found_cids(descendant)
    else:
        codes = set(text)
        said, found = partial(declared_width, font), _found_letters(font)
    for code in sorted(codes):
        width, meant = found(code), said(code)
        if width is None or meant is None or abs(width - meant) > TOLERANCE:
            raise FontError(f"{font.get(Name.BaseFont, font.Subtype)}: code {code} is {width} wide, {meant} was said")


# The widths declared in the PDF


def declared_width(font: Object, code: int) -> float:
    """The width of ``code`` in a font of one byte a letter, as the PDF says it, in 1/1000 of the letter size."""
    index = code - int(font.FirstChar)
    if 0 <= index < len(font.Widths):
        return float(font.Widths[index])
    return float(font.get(Name.FontDescriptor, Dictionary()).get(Name.MissingWidth, 0))


def said_of_cids(font: Object) -> Width:
    """The widths of a font of two bytes a letter, as the PDF says them."""
    widths, default = listed_widths(font), float(font.get(Name.DW, 1000))
    return lambda cid: widths.get(cid, default)


def listed_widths(font: Object) -> dict[int, float]:
    """The widths that /W lists, by letter."""
    widths: dict[int, float] = {}
    entries = list(font.get(Name.W, Array()))
    # W has “first [w w …]” or “first last w” (ISO 32000-1, 9.7.4.3).
    while entries:
        first = int(entries.pop(0))
        if isinstance(entries[0], Array):
            widths.update(enumerate(map(float, entries.pop(0)), first))
        else:
            last, width = int(entries.pop(0)), float(entries.pop(0))
            widths.update(dict.fromkeys(range(first, min(last, 0xFFFF) + 1), width))
    return widths


# The widths in the font program


def _found_cids(font: Object) -> Width:
    descriptor = font.FontDescriptor
    if Name.FontFile2 in descriptor:
        widths, place = _truetype_widths(truetype(descriptor)), place_of_cid(font)
        return lambda cid: widths(place(cid))
    top = _cff(descriptor)
    letters, scale = top.CharStrings, _scale(top.FontMatrix)
    if hasattr(top, "ROS"):
        if scale != 1:  # a matrix of each part may take the place of it
            raise FontError("letters of another size")
        return lambda cid: charstring_width(letters, f"cid{cid:05d}") if cid else None
    return lambda cid: charstring_width(letters, top.charset[cid], scale) if 0 < cid < len(top.charset) else None


def place_of_cid(font: Object) -> Callable[[int], int]:
    """Code → index of the letter in the program of a TrueType font of two bytes a letter."""
    places = font.CIDToGIDMap
    table = places.read_bytes() if isinstance(places, Stream) else None
    return lambda cid: int.from_bytes(table[2 * cid : 2 * cid + 2], "big") if table is not None else cid


def _found_drawings(font: Object) -> Width:
    """The widths that the drawings of a Type 3 font state, in the units of /Widths."""
    names = letter_names(font, [NOTDEF] * 256)

    def width(code: int) -> float | None:
        letter = font.CharProcs.get(f"/{names[code]}")
        stated = [] if letter is None else list(steps(parsed(letter, "d0 d1")))
        return float(stated[0][1][0]) if stated else None

    return width


def _found_letters(font: Object) -> Width:
    if font.Subtype == Name.Type3:
        return _found_drawings(font)
    descriptor = font.FontDescriptor
    if Name.FontFile2 in descriptor:
        program = truetype(descriptor)
        widths, places = _truetype_widths(program), places_of(font, program)
        return lambda code: widths(places[code]) if code in places else None
    if Name.FontFile3 in descriptor:
        top = _cff(descriptor)
        letters, built_in, scale = top.CharStrings, top.Encoding, _scale(top.FontMatrix)
    else:
        # Zero bytes behind the last word would be taken for a part of it.
        program = suckfont(descriptor.FontFile.read_bytes().rstrip(b"\0"), "ascii")
        letters, built_in, scale = _type_1_letters(program), program["Encoding"], _scale(program["FontMatrix"])
    names = letter_names(font, StandardEncoding if isinstance(built_in, str) else built_in)
    return lambda code: charstring_width(letters, names[code], scale)


def _type_1_letters(program: dict[str, Any]) -> dict[str, Any]:
    """The charstrings of a Type 1 program by name; one without /Subrs, as TeX writes for few letters, is as valid."""
    hidden = program["Private"]
    # Charstrings are encrypted; a number of random bytes comes first (Adobe Type 1 Font Format, 7.3).
    skipped: int = hidden.get("lenIV", 4)
    subroutines: list[Any] = []
    for code in hidden.get("Subrs", []):
        subroutines.append(T1CharString(decrypt(code, _CHARSTRING_KEY)[0][skipped:], subrs=subroutines))
    return {
        name: T1CharString(decrypt(code, _CHARSTRING_KEY)[0][skipped:], subrs=subroutines)
        for name, code in program["CharStrings"].items()
    }


def _scale(matrix: Sequence[float]) -> float:
    """The units of a program's widths in 1/1000 of the letter size; slanted and condensed letters have a matrix of their own, too."""
    wide, climb, _slant, _high, *moved = matrix
    if climb or any(moved):
        raise FontError("letters that climb")
    return wide * 1000


def charstring_width(letters: Any, name: str, scale: float = 1) -> float | None:
    """The width of the letter ``name`` of the charstrings ``letters``; None if it is .notdef or not there."""
    return None if name == NOTDEF or name not in letters else width_of(letters, name) * scale


def _cff(descriptor: Object) -> Any:
    fonts = CFFFontSet()
    fonts.decompile(BytesIO(descriptor.FontFile3.read_bytes()), None)
    return fonts[0]


def truetype(descriptor: Object) -> TTFont:
    """The program of a TrueType font, its letters named by their index."""
    program = TTFont(BytesIO(descriptor.FontFile2.read_bytes()), lazy=True)
    program.setGlyphOrder([f"glyph{place}" for place in range(program["maxp"].numGlyphs)])  # not the names in "post"
    return program


def _truetype_widths(program: TTFont) -> Width:
    """The widths by glyph index."""
    advances = [program["hmtx"][name][0] * 1000 / program["head"].unitsPerEm for name in program.getGlyphOrder()]
    return lambda place: advances[place] if 0 < place < len(advances) else None


def places_of(font: Object, program: TTFont) -> dict[int, int]:
    """Code → index of the letter in ``program``, for a TrueType font of one byte a letter; raises `FontError` where it is ambiguous."""
    tables = {(table.platformID, table.platEncID): table.cmap for table in program["cmap"].tables}
    if int(font.FontDescriptor.Flags) & _SYMBOLIC:
        places = _symbol_places(font, tables)
    else:
        places = _letter_places(font, tables)
    return {code: program.getGlyphID(letter) for code, letter in places.items()}


def _symbol_places(font: Object, tables: dict[tuple[int, int], dict[int, str]]) -> dict[int, str]:
    """Code → glyph name of a symbolic font, by the program's own table; it must not have an Encoding (6.2.11.6)."""
    if Name.Encoding in font or not (len(tables) == 1 or (3, 0) in tables):
        raise FontError("a symbolic TrueType font with an encoding")
    table = tables.get((3, 0)) or next(iter(tables.values()))
    return {
        # (3, 0) tables map the codes to 0xF000 to 0xF2FF (ISO 32000-1, 9.6.6.4).
        code & 0xFF: letter
        for code, letter in sorted(table.items())
        if code < 256 or code >> 8 in range(0xF0, 0xF3)
    }


def _letter_places(font: Object, tables: dict[tuple[int, int], dict[int, str]]) -> dict[int, str]:
    encoding = font.get(Name.Encoding)
    base = encoding.get(Name.BaseEncoding) if isinstance(encoding, Dictionary) else encoding
    if str(base) not in ("/WinAnsiEncoding", "/MacRomanEncoding"):
        raise FontError("a TrueType font of letters without an encoding")
    names = letter_names(font, [])
    if (3, 1) in tables:
        found = {code: tables[3, 1].get(AGL2UV.get(name, -1)) for code, name in enumerate(names)}
    elif (1, 0) in tables and not isinstance(encoding, Dictionary):
        found = {code: tables[1, 0].get(MacRoman.index(name)) for code, name in enumerate(names) if name in MacRoman}
    else:
        raise FontError("a TrueType font without a table of letters")
    return {code: letter for code, letter in found.items() if letter is not None}
