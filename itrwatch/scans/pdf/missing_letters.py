"""Finds letters of a page's text that pdfium cannot draw or may draw as other letters.

    missing_letters(reading) -> ("A página tem texto numa fonte (MS-Gothic) …",), or () where every letter is drawn
    shows_letters(reading) -> True where there is text other than spaces, which a page that came out white should show

A font that is not embedded is replaced by another, which may lack its letters: pdfium then draws nothing, without an error. If
the file has neither the font nor the meaning of its codes, each program shows other letters. Therefore every code that a page
shows is drawn alone, in a cell of an auxiliary page: if the cell stays white and the code is not a space, the letter is missing.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

import pikepdf
from pikepdf import Array, Dictionary, Name

from itrwatch.core.filenames import printable
from itrwatch.scans.pdf.drawing import draw_codes
from itrwatch.scans.pdf.streams import StreamError, read

if TYPE_CHECKING:
    from collections.abc import Iterable

    from itrwatch.scans.pdf.content import DrawnContent

_MISSING = (
    "A página tem letras{}, na fonte {}, que não puderam ser desenhadas e faltam no que foi publicado. Abra o arquivo no programa "
    "em que elas aparecem, imprima em PDF e ponha o PDF impresso no lugar dele."
)
_UNKNOWN = (
    "A página tem texto na fonte {}, que não está no PDF, nem está escrito nele que letras são: cada programa mostra outras. Confira "
    "a página publicada; se o texto não é o certo, abra o arquivo no programa em que ele aparece certo, imprima em PDF e ponha o PDF "
    "impresso no lugar dele."
)
_PROGRAMS = (Name.FontFile, Name.FontFile2, Name.FontFile3)
_MOST_CODES = 600
"""Most codes per font of a page: more than an alphabet and some hundred symbols. Chosen."""
_MOST_LETTERS = 30
"""Most letters quoted in a message. Chosen."""
_EMBEDDED_CODES = 4
"""Codes, none of them drawn, from which on an embedded font counts as unreadable; fewer may be intentionally empty glyphs. Chosen."""
_SPACES = frozenset({b" ", b"\0 ", b"\0\xa0", b"\0\x01", b"\0\x03", b"0\0"})
"""Codes of spaces in fonts without known meaning: ASCII, Unicode, Adobe's character collections (1), TrueType fonts (3), ideographic space."""
_MIXED = ("RKSJ", "EUC", "GBK", "B5", "ETen", "HKscs", "KSC", "GB-", "CNS")
"""Parts of the names of encodings with codes of one or two bytes (ISO 32000-1, 9.7.5.2)."""
_UNSEEN = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp", "Mn"})
"""Unicode categories of characters without ink of their own."""
_WIDTHS = re.compile(rb"begincodespacerange\s*<([0-9A-Fa-f]+)>")


def missing_letters(reading: DrawnContent) -> tuple[str, ...]:
    """The remarks on fonts of a page with missing or unknown letters, without duplicates."""
    found = (_of_font(font, strings) for font, strings in reading.shown.values())
    return tuple(dict.fromkeys(sentence for sentence in found if sentence))


def shows_letters(reading: DrawnContent) -> bool:
    """Whether a visible code of the page's text stands for a letter, or for what is not known to be a space.

    Not in fonts of which `missing_letters` says so already.
    """
    return any(
        _is_letter(code, text, named=False)
        for font, strings in reading.shown.values()
        if not _of_font(font, strings)
        for codes in [_all_codes(font, strings)]
        for code, (_, text) in (zip(codes, draw_codes(font, codes), strict=True) if codes else ())
    )


def _all_codes(font: pikepdf.Object, strings: Iterable[bytes]) -> list[bytes]:
    return sorted({code for string in strings for code in _codes(font, string)})[:_MOST_CODES]


def _of_font(font: pikepdf.Object, strings: Iterable[bytes]) -> str:
    own = _descriptor(font)
    embedded = any(key in own for key in _PROGRAMS)
    name = printable(_text_of(font.get(Name.BaseFont, own.get(Name.FontName))) or "sem nome")
    codes = _all_codes(font, strings)
    if not codes:
        return ""
    blank = [(code, text) for code, (inked, text) in zip(codes, draw_codes(font, codes), strict=True) if not inked]
    # An embedded font may have single glyphs without ink on purpose; only one that draws nothing at all is unreadable.
    # Typefaces of emoji have pictures instead of outlines, and programs draw those pictures beside the text.
    if embedded and (not len(blank) == len(codes) >= _EMBEDDED_CODES or "emoji" in name.lower()):
        return ""
    # In a simple font that is not embedded, codes stand for names of letters: a code without a name has no letter.
    named = font.get(Name.Subtype) != Name.Type0 and not embedded
    letters = [text for code, text in blank if _is_letter(code, text, named=named)]
    if letters:
        known = printable("".join(letters))[:_MOST_LETTERS]
        return _MISSING.format(f" (“{known}”)" if known else "", name)
    return _UNKNOWN.format(name) if _meaningless(font) and not embedded else ""


def _is_letter(code: bytes, text: str, *, named: bool) -> bool:
    """Whether ``code`` should leave ink. ``text``: its meaning, "" if unknown; ``named``: a code without meaning has no letter."""
    if not text:
        # Code 0 without a meaning is taken for .notdef.
        return not named and code not in _SPACES and code.strip(b"\0") != b""
    return any(unicodedata.category(letter) not in _UNSEEN for letter in text)


def _text_of(name: object) -> str:
    """A name as text without its slash; bytes that are not UTF-8 are dropped."""
    return bytes(name).decode("utf-8", "ignore")[1:] if isinstance(name, Name) else ""


def _descriptor(font: pikepdf.Object) -> pikepdf.Object:
    inner = _inner(font)
    own = inner.get(Name.FontDescriptor)
    return own if isinstance(own, Dictionary) else Dictionary()


def _inner(font: pikepdf.Object) -> pikepdf.Object:
    """The font with the glyphs: the descendant of a composite font (ISO 32000-1, 9.7), else the font itself."""
    descendants = font.get(Name.DescendantFonts)
    return descendants[0] if isinstance(descendants, Array) and len(descendants) else font


def _meaningless(font: pikepdf.Object) -> bool:
    """Whether the codes are glyph indices (Identity encoding) without a ToUnicode map."""
    encoding = font.get(Name.Encoding)
    return (
        font.get(Name.Subtype) == Name.Type0
        and encoding in (Name("/Identity-H"), Name("/Identity-V"))
        and Name.ToUnicode not in font
    )


def _codes(font: pikepdf.Object, string: bytes) -> Iterable[bytes]:
    """``string`` split into its codes (ISO 32000-1, 9.7.6.2)."""
    if font.get(Name.Subtype) != Name.Type0:
        return [string[at : at + 1] for at in range(len(string))]
    encoding = font.get(Name.Encoding)
    if isinstance(encoding, pikepdf.Stream):
        try:
            found = _WIDTHS.search(read(encoding).data)
        except StreamError:
            found = None
        # The first code space gives the bytes of a code, two hexadecimal digits each; without one, two as usual.
        width = len(found[1]) // 2 if found else 2
        return [string[at : at + width] for at in range(0, len(string), width)]
    name = _text_of(encoding)
    if any(word in name for word in _MIXED) and not name.startswith(("Uni", "Identity")):
        return _mixed(string, katakana="RKSJ" in name)
    return [string[at : at + 2] for at in range(0, len(string), 2)]


def _mixed(string: bytes, *, katakana: bool) -> Iterable[bytes]:
    """Splits into codes of one byte, or two if the first is above 128; half-width katakana of Shift-JIS have one."""
    place = 0
    while place < len(string):
        first = string[place]
        width = 1 if first <= 0x80 or (katakana and 0xA0 <= first <= 0xDF) else 2
        yield string[place : place + width]
        place += width
