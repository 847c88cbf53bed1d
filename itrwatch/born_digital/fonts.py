"""Copies the fonts of a page: embedded fonts in the forms that most producers write, and the standard fonts.

    font(pdf, source) -> the font in ``pdf`` with its program, or `UnfitError`

A standard font that is not embedded is copied without a program; `born_digital.standard_fonts` embeds one.
`born_digital.font_check` checks the copies later: whether the program has all used glyphs, with the declared widths.
"""

from __future__ import annotations

from itertools import chain
from typing import Any

from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream

from itrwatch.born_digital.entries import (
    EntryReader,
    UnfitError,
    array_of,
    copy_stream,
    integer,
    name,
    number,
    numbers,
    one_of,
    plain_dictionary,
    taken,
    text,
)
from itrwatch.born_digital.standard_fonts import program_of, widen
from itrwatch.scans.pdf.streams import read

_PROGRAMS = {
    "/Type1": (("/FontFile", ""), ("/FontFile3", "/Type1C")),
    "/TrueType": (("/FontFile2", ""),),
    "/CIDFontType0": (("/FontFile3", "/CIDFontType0C"),),
    "/CIDFontType2": (("/FontFile2", ""),),
}
"""Font type → possible keys of the font program, each with the Subtype that the program must have."""

_SIMPLE: dict[str, EntryReader] = {"/BaseFont": name, "/FirstChar": integer, "/LastChar": integer, "/Widths": numbers}
_NESTED = array_of(number, numbers)
_CID: dict[str, EntryReader] = {"/BaseFont": name, "/DW": number, "/W": _NESTED, "/DW2": numbers, "/W2": _NESTED}
_SYSTEM: dict[str, EntryReader] = {"/Registry": text, "/Ordering": text, "/Supplement": integer}
_MEASURES = "Ascent Descent Leading CapHeight XHeight StemV StemH AvgWidth MaxWidth MissingWidth ItalicAngle"
_DESCRIPTOR: dict[str, EntryReader] = {
    "/FontName": name,
    "/Flags": integer,
    "/FontBBox": numbers,
    **{f"/{word}": number for word in _MEASURES.split()},
}
"""CharSet and CIDSet are not copied: PDF/A-3 does not require them, but they must be complete if present."""

_ENCODINGS = one_of("/WinAnsiEncoding", "/MacRomanEncoding", "/StandardEncoding")


def font(pdf: Pdf, source: Any) -> Object:
    """A copy of the font ``source`` in ``pdf``; raises `UnfitError` for fonts that are neither embedded nor standard, and for Type 3 (`drawn_fonts`)."""
    if not isinstance(source, Dictionary):
        raise UnfitError("no font")
    kind = str(source.get(Name.Subtype))
    if kind == "/Type0":
        made = _composite(pdf, source)
    elif kind in ("/Type1", "/TrueType"):
        made = _simple(pdf, source, kind)
    else:
        raise UnfitError(f"a font of {kind}")
    return named(pdf, source, made)


def named(pdf: Pdf, source: Any, made: Dictionary) -> Object:
    """``made`` as an object of ``pdf`` with the table of ``source`` from codes to letters, without which the text could not be searched."""
    if isinstance(source.get(Name.ToUnicode), Stream):
        made.ToUnicode = copy_stream(pdf, source.ToUnicode, {})
    return pdf.make_indirect(made)


def _simple(pdf: Pdf, source: Any, kind: str) -> Dictionary:
    if not _embedded(source):
        return _standard(source)
    made = Dictionary(taken(source, _SIMPLE, tuple(_SIMPLE)))
    made.Type, made.Subtype = Name.Font, Name(kind)
    made.FontDescriptor = _descriptor(pdf, source.get(Name.FontDescriptor), kind, made.BaseFont)
    if Name.Encoding in source:
        made.Encoding = encoding(source.Encoding)
    return made


def _embedded(source: Any) -> bool:
    return any(
        key in source.get(Name.FontDescriptor, Dictionary()) for key, _ in chain.from_iterable(_PROGRAMS.values())
    )


def _standard(source: Any) -> Dictionary:
    """A font whose letters are found by their names, as in Type 1: the program has no table of a TrueType font."""
    made = Dictionary(taken(source, _SIMPLE, ("/BaseFont",)))
    program = program_of(made.BaseFont)
    if not program:
        raise UnfitError(f"{made.BaseFont} is not embedded")
    made.Type, made.Subtype = Name.Font, Name.Type1
    if program.of_signs:
        if isinstance(source.get(Name.Encoding), Dictionary):  # readers pass over an encoding of letters
            made.Encoding = Dictionary(Differences=encoding(source.Encoding).get(Name.Differences, Array()))
    elif Name.Encoding in source:
        made.Encoding = encoding(source.Encoding)
    elif source.Subtype != Name.Type1:
        raise UnfitError("a TrueType font of letters without an encoding")
    missing = source.get(Name.FontDescriptor, Dictionary()).get(Name.MissingWidth)
    if missing is not None and all(key in made for key in ("/FirstChar", "/Widths")):
        widen(made, lambda _code: integer(missing))  # the new descriptor will not say it
    return made


def encoding(source: Any) -> Any:
    """A copy of the encoding of a font of one byte a letter; raises `UnfitError`."""
    if not isinstance(source, Dictionary):
        return _ENCODINGS(source)
    made = plain_dictionary(source, {"/BaseEncoding": _ENCODINGS, "/Differences": array_of(integer, name)})
    made.Type = Name.Encoding
    return made


def _composite(pdf: Pdf, source: Any) -> Dictionary:
    descendants = source.get(Name.DescendantFonts)
    if not isinstance(descendants, Array) or len(descendants) != 1:
        raise UnfitError("not one descendant font")
    made = plain_dictionary(
        source, {"/BaseFont": name, "/Encoding": one_of("/Identity-H", "/Identity-V")}, ("/BaseFont", "/Encoding")
    )
    made.Type, made.Subtype = Name.Font, Name.Type0
    made.DescendantFonts = Array([pdf.make_indirect(_descendant(pdf, descendants[0]))])
    return made


def _descendant(pdf: Pdf, source: Any) -> Dictionary:
    made = plain_dictionary(source, _CID, ("/BaseFont", "/Subtype"))
    kind = str(source.Subtype)
    made.Type, made.Subtype = Name.Font, Name(kind)
    made.CIDSystemInfo = plain_dictionary(source.get(Name.CIDSystemInfo), _SYSTEM, tuple(_SYSTEM))
    made.FontDescriptor = _descriptor(pdf, source.get(Name.FontDescriptor), kind, made.BaseFont)
    if kind == "/CIDFontType2":  # PDF/A requires an explicit CIDToGIDMap
        places = source.get(Name.CIDToGIDMap)
        made.CIDToGIDMap = copy_stream(pdf, places, {}) if isinstance(places, Stream) else Name.Identity
        if isinstance(places, Name) and places != Name.Identity:
            raise UnfitError(f"a map of {places}")
    return made


def _descriptor(pdf: Pdf, source: Any, kind: str, base_font: Any) -> Object:
    made = Dictionary(taken(source, _DESCRIPTOR, ("/Flags", "/FontBBox")))
    made.Type = Name.FontDescriptor
    made.FontName = made.get(Name.FontName, base_font)  # some producers leave it out; the two must be equal
    for key, subtype in _PROGRAMS.get(kind, ()):
        program = source.get(key)
        if isinstance(program, Stream) and str(program.get(Name.Subtype, "")) == subtype:
            made[key] = copy_stream(pdf, program, _program_entries(program, key, subtype))
            return pdf.make_indirect(made)
    raise UnfitError(f"{made.FontName} is not embedded")


def _program_entries(program: Any, key: str, subtype: str) -> dict[str, Any]:
    if subtype:
        return {"/Subtype": Name(subtype)}
    if key == "/FontFile2":
        return {"/Length1": len(read(program).data)}
    # A Type 1 program has three parts (9.9): clear text, encrypted glyphs, zeros. They cannot be measured without parsing it.
    lengths: dict[str, EntryReader] = {"/Length1": integer, "/Length2": integer, "/Length3": integer}
    return taken(program, lengths, tuple(lengths))
