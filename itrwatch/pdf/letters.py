"""Which letters a page shows: the codes of each font, and the names that the codes have.

    for font, text in texts(form): letter_names(font, StandardEncoding)[text[0]] -> "N"

Forms are followed into those that they paint, into the groups of soft masks, and into patterns of tiles.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Any

import pikepdf
from fontTools.agl import UV2AGL
from fontTools.encodings.MacRoman import MacRoman
from fontTools.encodings.StandardEncoding import StandardEncoding
from pikepdf import Array, Dictionary, Name, Object, Stream, String

NOTDEF = ".notdef"
_TELLING = "Tf Tj TJ ' \" q Q Do gs scn SCN"
"""The operators that are followed."""


class FontError(ValueError):
    """The font is not allowed in PDF/A, or text is shown without one."""


def texts(form: Object) -> list[tuple[Object, bytes]]:
    """The fonts that ``form`` sets, each with all codes that are shown in it, in order; raises `FontError`."""
    codes: dict[tuple[int, int], tuple[Object, set[bytes]]] = {}
    _collect(form, codes, set())
    return [(font, b"".join(sorted(shown))) for font, shown in codes.values()]


def _collect(
    form: Object, codes: dict[tuple[int, int], tuple[Object, set[bytes]]], known: set[tuple[int, int]]
) -> None:
    if form.objgen in known:
        return
    known.add(form.objgen)
    fonts = form.Resources.get(Name.Font, Dictionary())
    now: list[set[bytes] | None] = [None]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        steps = pikepdf.parse_content_stream(form, _TELLING)
    for step in steps:
        if isinstance(step, pikepdf.ContentStreamInlineImage):
            continue
        operator, operands = str(step.operator), list(step.operands)
        if operator == "q":
            now.append(now[-1])
        elif operator == "Q":
            now.pop()
        elif operator == "Tf":
            font = fonts[str(operands[0])]
            now[-1] = codes.setdefault(font.objgen, (font, set()))[1]
        elif operator in ("Do", "gs", "scn", "SCN"):
            inner = _within(form.Resources, operator, operands)
            if inner is not None:
                _collect(inner, codes, known)
        else:
            _set_of(now[-1]).update(_strings(operands[-1]))


def _within(resources: Object, operator: str, operands: list[Any]) -> Object | None:
    """The instructions that ``operator`` has carried out: of a form, of the group of a soft mask, of a pattern of tiles."""
    which = operands[-1] if operands else None
    if not isinstance(which, Name):
        return None
    found: Any = resources[{"Do": "/XObject", "gs": "/ExtGState"}.get(operator, "/Pattern")][str(which)]
    if operator == "gs":
        mask = found.get(Name.SMask)
        found = mask.G if isinstance(mask, Dictionary) else None
    drawn = isinstance(found, Stream) and found.get(Name.Subtype) != Name.Image
    return found if drawn else None


def _set_of(shown: set[bytes] | None) -> set[bytes]:
    if shown is None:
        raise FontError("text without a font")
    return shown


def _strings(operand: Any) -> Iterator[bytes]:
    for item in operand if isinstance(operand, Array) else [operand]:
        if isinstance(item, String):
            yield bytes(item)


def letter_names(font: Object, built_in: list[str]) -> list[str]:
    """The names of the letters by code: those of the encoding, with the font's /Differences; ``built_in`` where it names no encoding."""
    encoding = font.get(Name.Encoding)
    base = encoding.get(Name.BaseEncoding) if isinstance(encoding, Dictionary) else encoding
    tables = {"/WinAnsiEncoding": _WIN_ANSI, "/MacRomanEncoding": MacRoman, "/StandardEncoding": StandardEncoding}
    names = [*(tables[str(base)] if base is not None else built_in)]
    if isinstance(encoding, Dictionary):
        for code, letter in _differences(encoding):
            names[code] = letter
    return names


def _differences(encoding: Object) -> Iterator[tuple[int, str]]:
    code = 0
    for item in encoding.get(Name.Differences, Array()):
        if isinstance(item, int):
            code = item
        else:
            yield code, str(item)[1:]
            code += 1


_OF_WIN_ANSI = {
    # ISO 32000-1, annex D.2, notes: unused codes are bullets, no-break space and soft hyphen are space and hyphen.
    0x7F: "bullet",
    0xA0: "space",
    0xAD: "hyphen",
    # Not in fontTools' list of names.
    0xB2: "twosuperior",
    0xB3: "threesuperior",
    0xB9: "onesuperior",
}


def _win_ansi(code: int) -> str:
    letter = bytes([code]).decode("cp1252", "ignore")
    return _OF_WIN_ANSI.get(code) or (UV2AGL.get(ord(letter), NOTDEF) if letter else "bullet")


_WIN_ANSI = [NOTDEF if code < 32 else _win_ansi(code) for code in range(256)]
