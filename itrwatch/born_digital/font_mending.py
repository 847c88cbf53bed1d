"""Mends TrueType fonts that PDF/A does not allow as they are, where every reader shows them alike.

    mend_fonts(pdf, form) -> each font of the form that fails: its letters found by one way, its widths those that the page says

PDF/A wants the same width in program and page (ISO 19005-3, 6.2.11.5). Subsets with a cut table of widths, or with those of an earlier
rounding, are common; readers place the letters by the page's widths and draw them from their outlines, so that nothing moves.
A font that calls itself symbolic must not have an encoding as well (6.2.11.6); old printer drivers write both. Whether the page still
looks the same is compared later, as of any page.
"""

from __future__ import annotations

from contextlib import suppress
from io import BytesIO

from fontTools.agl import toUnicode
from fontTools.encodings.StandardEncoding import StandardEncoding
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables.DefaultTable import DefaultTable
from pikepdf import Name, Object, Pdf

from itrwatch.born_digital.font_check import (
    declared_width,
    judge_font,
    listed_widths,
    place_of_cid,
    places_of,
    said_of_cids,
    truetype,
)
from itrwatch.pdf.content import packed
from itrwatch.pdf.letters import FontError, letter_names, texts
from itrwatch.pdf.stamp_font import to_unicode

_SYMBOLIC, _NONSYMBOLIC = 1 << 2, 1 << 5
"""Flags of a font descriptor (ISO 32000-1, table 123)."""


def mend_fonts(pdf: Pdf, form: Object) -> None:
    """Mend the TrueType fonts of ``form`` that are refused as they are; what cannot be mended is left to the judge."""
    for font, text in texts(form):
        own = font.DescendantFonts[0] if font.Subtype == Name.Type0 else font
        if Name.FontFile2 not in own.get(Name.FontDescriptor, {}):
            continue
        try:
            judge_font(font, text)
        except Exception:  # noqa: BLE001 fontTools raises many kinds of exceptions for invalid programs
            with suppress(Exception):
                _choose_way(pdf, own, text)
                _mend_widths(pdf, own)


def _choose_way(pdf: Pdf, font: Object, text: bytes) -> None:
    """Leave one of the two ways by which a font of one byte a letter says where its letters are: encoding, or flag."""
    descriptor = font.FontDescriptor
    if Name.Encoding not in font or not int(descriptor.Flags) & _SYMBOLIC:
        return
    flags = int(descriptor.Flags)
    descriptor.Flags = flags & ~_SYMBOLIC | _NONSYMBOLIC
    with suppress(FontError):
        if {*text} <= {*places_of(font, truetype(descriptor))}:
            return
    descriptor.Flags = flags
    if Name.ToUnicode not in font:  # what the letters mean, which only the encoding said
        named = {
            code: letters
            for code, name in enumerate(letter_names(font, StandardEncoding))
            if (letters := toUnicode(name))
        }
        font.ToUnicode = packed(pdf, to_unicode(named))
    del font.Encoding


def _mend_widths(pdf: Pdf, font: Object) -> None:
    data = font.FontDescriptor.FontFile2.read_bytes()
    program = TTFont(BytesIO(data), lazy=True, recalcTimestamp=False)  # the same case gives the same bytes
    count = int.from_bytes(program.reader["maxp"][4:6], "big")
    measures = _measures(program, count)
    units = int.from_bytes(program.reader["head"][18:20], "big")
    # All that the font says, not only what this page shows: its pages then share the program.
    for place, said in _said(font).items():
        if 0 < place < count:
            measures[place] = round(said * units / 1000), measures[place][1]
    _replace(program, "hmtx", b"".join(_short(width) + _short(bearing) for width, bearing in measures))
    _replace(program, "hhea", program.reader["hhea"][:34] + _short(count))
    out = BytesIO()
    program.save(out, reorderTables=None)
    font.FontDescriptor.FontFile2 = packed(pdf, out.getvalue(), Length1=len(out.getvalue()))


def _measures(program: TTFont, count: int) -> list[tuple[int, int]]:
    """Width and left bearing of each letter; 0 where the table ends before it, as FreeType reads it."""
    table, full = program.reader["hmtx"], int.from_bytes(program.reader["hhea"][34:36], "big")
    found = []
    for place in range(count):
        at, aside = 4 * min(place, full - 1), 4 * full + 2 * (place - full) if place >= full else 4 * place + 2
        within = at + 4 <= len(table)
        width = int.from_bytes(table[at : at + 2], "big") if within else 0
        bearing = table[aside : aside + 2] if len(table[aside : aside + 2]) == 2 else bytes(2)
        found.append((width, int.from_bytes(bearing, "big")))
    return found


def _said(font: Object) -> dict[int, float]:
    """Index of a letter in the program → the width that the page says."""
    if font.Subtype != Name.CIDFontType2:
        within = range(int(font.FirstChar), int(font.LastChar) + 1)
        places = places_of(font, truetype(font.FontDescriptor))
        # A width of 0 is also said of letters that are not in the font.
        return {places[code]: width for code in within if code in places and (width := declared_width(font, code))}
    place, listed, said = place_of_cid(font), listed_widths(font), said_of_cids(font)
    found = {place(cid): said(cid) or 0.0 for cid in range(0x10000)}
    return found | {place(cid): width for cid, width in listed.items()}


def _replace(program: TTFont, tag: str, data: bytes) -> None:
    table = DefaultTable(tag)
    table.data = data
    program[tag] = table


def _short(value: int) -> bytes:
    return value.to_bytes(2, "big")
