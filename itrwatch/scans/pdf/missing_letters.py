"""Letters that pdfium cannot draw, or draws as others, although a page shows text with them.

    missing_letters(reading) -> ("A página tem texto numa fonte (MS-Gothic) …",), or () where every letter is drawn

A font that is not in the file is replaced by another, which may not have its letters: then nothing is drawn, and nothing is
said. And where neither the font is in the file nor what its codes mean, each program shows other letters. So every code that
a page shows is set alone, in a cell of a page of its own: where the cell stays white and the code is no space, a letter is missing.
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
"""Of a font on a page: more letters than any alphabet has, and some hundred signs. Chosen."""
_MOST_LETTERS = 30  # chosen
_EMBEDDED_CODES = 4
"""A font in the file may well have empty letters; with so many codes and none that is drawn, its program is not read. Chosen."""
_SPACES = frozenset({b" ", b"\0 ", b"\0\xa0", b"\0\x01", b"\0\x03", b"0\0"})
"""Codes of a space where nothing says what they mean: of Unicode, of Adobe's collections (1), of TrueType fonts (3), and that of East Asia."""
_MIXED = ("RKSJ", "EUC", "GBK", "B5", "ETen", "HKscs", "KSC", "GB-", "CNS")
"""In the names of encodings whose codes have one byte or two (ISO 32000, table 116)."""
_UNSEEN = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp", "Mn"})
"""Unicode's categories of what leaves no ink of its own."""
_WIDTHS = re.compile(rb"begincodespacerange\s*<([0-9A-Fa-f]+)>")


def missing_letters(reading: DrawnContent) -> tuple[str, ...]:
    """What is to be said of the fonts of a page, each font once."""
    found = (_of_font(font, strings) for font, strings in reading.shown.values())
    return tuple(dict.fromkeys(sentence for sentence in found if sentence))


def _of_font(font: pikepdf.Object, strings: Iterable[bytes]) -> str:
    own = _descriptor(font)
    embedded = any(key in own for key in _PROGRAMS)
    name = printable(_text_of(font.get(Name.BaseFont, own.get(Name.FontName))) or "sem nome")
    codes = sorted({code for string in strings for code in _codes(font, string)})[:_MOST_CODES]
    if not codes:
        return ""
    blank = [(code, text) for code, (inked, text) in zip(codes, draw_codes(font, codes), strict=True) if not inked]
    if embedded and not len(blank) == len(codes) >= _EMBEDDED_CODES:
        return ""
    named = font.get(Name.Subtype) != Name.Type0 and not embedded
    letters = [text for code, text in blank if _is_letter(code, text, named=named)]
    if letters:
        known = printable("".join(letters))[:_MOST_LETTERS]
        return _MISSING.format(f" (“{known}”)" if known else "", name)
    return _UNKNOWN.format(name) if _meaningless(font) and not embedded else ""


def _is_letter(code: bytes, text: str, *, named: bool) -> bool:
    """Whether ink is to be expected of a code, which means ``text`` if that is known; where letters are ``named``, it is, or there is none."""
    if not text:
        return not named and code not in _SPACES and code.strip(b"\0") != b""
    return any(unicodedata.category(letter) not in _UNSEEN for letter in text)


def _text_of(name: object) -> str:
    """A name as text; its bytes may be of any encoding."""
    return bytes(name).decode("utf-8", "ignore")[1:] if isinstance(name, Name) else ""


def _descriptor(font: pikepdf.Object) -> pikepdf.Object:
    inner = _inner(font)
    own = inner.get(Name.FontDescriptor)
    return own if isinstance(own, Dictionary) else Dictionary()


def _inner(font: pikepdf.Object) -> pikepdf.Object:
    """The font that has the letters: of a composite font its descendant (ISO 32000, 9.7)."""
    descendants = font.get(Name.DescendantFonts)
    return descendants[0] if isinstance(descendants, Array) and len(descendants) else font


def _meaningless(font: pikepdf.Object) -> bool:
    """Whether codes are places in a font that is not there, and nothing says of which letters."""
    encoding = font.get(Name.Encoding)
    return (
        font.get(Name.Subtype) == Name.Type0
        and encoding in (Name("/Identity-H"), Name("/Identity-V"))
        and Name.ToUnicode not in font
    )


def _codes(font: pikepdf.Object, string: bytes) -> Iterable[bytes]:
    """``string`` cut into its codes (ISO 32000, 9.7.6.2)."""
    if font.get(Name.Subtype) != Name.Type0:
        return [string[at : at + 1] for at in range(len(string))]
    encoding = font.get(Name.Encoding)
    if isinstance(encoding, pikepdf.Stream):
        try:
            found = _WIDTHS.search(read(encoding).data)
        except StreamError:
            found = None
        width = len(found[1]) // 2 if found else 2
        return [string[at : at + width] for at in range(0, len(string), width)]
    name = _text_of(encoding)
    if any(word in name for word in _MIXED) and not name.startswith(("Uni", "Identity")):
        return _mixed(string, katakana="RKSJ" in name)
    return [string[at : at + 2] for at in range(0, len(string), 2)]


def _mixed(string: bytes, *, katakana: bool) -> Iterable[bytes]:
    """Codes of one byte, and of two where the first is above 128; half-wide katakana of Shift-JIS have one."""
    place = 0
    while place < len(string):
        first = string[place]
        width = 1 if first <= 0x80 or (katakana and 0xA0 <= first <= 0xDF) else 2
        yield string[place : place + width]
        place += width
