"""Writes the text layer of a page: the recognised words as invisible text at their positions (ISO 32000-1, 9.3.6: rendering mode 3).

    layer((Word("Fls.", Box(10, 20, 30, 32), 0),), 842.0) -> "q BT 3 Tr /T 1 Tf 12 0 0 12 10 812.4 Tm 83 Tz (Fls. ) Tj ET Q"

All pages of a file share one font, whose only glyph is a box that readers use for measuring; without an outline pdfium omits
words of one letter. The layer is enclosed in ``q`` and ``Q``, so that the folha number is not invisible too.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache
from io import BytesIO
from itertools import groupby

import pikepdf
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from pikepdf import Object, Page, Pdf

from itrwatch.core.encoded_page import Box, EncodedPage, Word
from itrwatch.pdf.content import operand
from itrwatch.pdf.stamp_font import font_of
from itrwatch.pdf.typeface import CODEC, Glyph, Typeface

NAME = "T"
"""The name of the font in the resources of a page."""
LETTERS = "".join(letter for code in range(32, 256) if (letter := bytes([code]).decode(CODEC, "ignore")).isprintable())
"""The characters that can be written: all printable ones of WinAnsi, which include all letters of the recogniser."""
FONT_BYTES = 4096
"""Upper bound of the bytes of the font in a file. Measured: 2 900."""
ADVANCE, DESCENT, HEIGHT = 500, 200, 1000
"""Width of the glyph, the part of its height below the baseline, and its height, 1/1000 of the font size. Chosen."""
EPOCH = 3_800_000_000
"""Date of the font in seconds since 1904, the same in every file (promise 4). Chosen."""
CLEAR_PT = 3.0
"""Least distance of words from the folha number, pt, so that its text can be copied and verified alone. Chosen."""


def with_words(sheet: EncodedPage, words: Iterable[Word]) -> EncodedPage:
    """``sheet`` with ``words`` as its layer, except those with other letters or within `CLEAR_PT` of the number.

    Boxes of ``words`` are in pt of the scan; they are moved down by the height of the strip added at the top.
    """
    low = sheet.strip
    lowered = [replace(word, box=_moved(word.box, low)) for word in words if not set(word.text) - set(LETTERS)]
    number = sheet.number
    around = Box(number.left - CLEAR_PT, number.top - CLEAR_PT, number.right + CLEAR_PT, number.bottom + CLEAR_PT)
    return replace(sheet, words=tuple(word for word in lowered if not _touch(word.box, around)))


def layer(words: Sequence[Word], page_height: float) -> str:
    """The operators of the layer; "" if there are no words."""
    if not words:
        return ""
    # Words of one line have the same baseline and size, which are written once.
    lines = groupby(words, key=lambda word: (word.line, word.box.top, word.box.bottom))
    return " ".join((f"q BT 3 Tr /{NAME} 1 Tf", *(_line(list(line), page_height) for _, line in lines), "ET Q"))


def layer_bytes(sheet: EncodedPage) -> int:
    """An upper bound of the bytes that the words of ``sheet`` take in a file, with the font."""
    return len(zlib.compress(layer(sheet.words, sheet.height).encode("ascii"), 9)) + FONT_BYTES if sheet.words else 0


class LayerFont:
    """The font of the layer in ``pdf``, embedded once, and only if a page uses it."""

    def __init__(self, pdf: Pdf) -> None:
        self._pdf = pdf
        self._font: Object | None = None

    def take(self) -> Object:
        """The font object; embeds the font at the first call."""
        if self._font is None:
            self._font = font_of(self._pdf, _face(), LETTERS)
        return self._font


def has_layer(page: Page) -> bool:
    """Whether ``page`` has a text layer."""
    return f"/{NAME}" in page.resources.get("/Font", {})


def layer_texts(page: Page) -> tuple[str, ...]:
    """The words of the layer of ``page``, read from its content stream; () if there is no layer."""
    if not has_layer(page):
        return ()
    texts, inside = [], False
    for step in pikepdf.parse_content_stream(page, "Tf Tj Q"):
        if str(step.operator) == "Tf":
            inside = str(step.operands[0]) == f"/{NAME}"
        elif str(step.operator) == "Q":
            inside = False
        elif inside:
            texts.append(bytes(step.operands[0]).decode(CODEC).removesuffix(" "))
    return tuple(texts)


def _moved(box: Box, down: float) -> Box:
    return replace(box, top=box.top + down, bottom=box.bottom + down) if down else box


def _touch(one: Box, other: Box) -> bool:
    across = one.left < other.right and other.left < one.right
    return across and one.top < other.bottom and other.top < one.bottom


def _line(words: Sequence[Word], page_height: float) -> str:
    """The operators of a line: font size and baseline once, then for each word its offset from the previous one and its horizontal scaling.

    Sizes are rounded to 0.1 pt and scalings to 1 %, about a thirtieth of a letter; each digit less saves a byte per word.
    """
    box = words[0].box
    high, at = round(box.bottom - box.top, 1), round(box.left, 1)
    base = round(page_height - box.bottom + high * DESCENT / HEIGHT, 1)
    numbers = " ".join(str(operand(number)) for number in (high, 0, 0, high, at, base))
    steps = [f"{numbers} Tm"]
    for word in words:
        moved = round((word.box.left - at) / high, 2)  # in font sizes
        if moved:
            steps.append(f"{operand(moved)} 0 Td")
            # The rounded offset, so that rounding does not add up along the line.
            at += moved * high
        stretched = round((word.box.right - word.box.left) / (len(word.text) * high * ADVANCE / HEIGHT) * 100)
        # A space follows each word, so that readers find the ends of words.
        steps.append(f"{max(1, stretched)} Tz ({''.join(map(_literal, word.text))} ) Tj")
    return " ".join(steps)


def _literal(letter: str) -> str:
    """A character in a literal string, escaped to ASCII (ISO 32000-1, 7.3.4.2)."""
    if letter in "()\\":
        return f"\\{letter}"
    return letter if letter.isascii() else f"\\{letter.encode(CODEC)[0]:03o}"


@cache
def _face() -> Typeface:
    """The typeface with the same glyph for all characters."""
    pen = TTGlyphPen(None)
    top = HEIGHT - DESCENT
    corners = [(0, -DESCENT), (0, top), (ADVANCE, top), (ADVANCE, -DESCENT)]
    pen.moveTo(corners[0])
    for corner in corners[1:]:
        pen.lineTo(corner)
    pen.closePath()
    box = pen.glyph()
    builder = FontBuilder(HEIGHT, isTTF=True)
    builder.setupGlyphOrder([".notdef", "box"])
    builder.setupCharacterMap({ord(letter): "box" for letter in LETTERS})
    builder.setupGlyf({".notdef": box, "box": box})
    builder.setupHorizontalMetrics({".notdef": (ADVANCE, 0), "box": (ADVANCE, 0)})
    builder.setupHorizontalHeader(ascent=top, descent=-DESCENT)
    builder.setupNameTable({"familyName": "Itrwatch Layer", "styleName": "Regular", "psName": "ItrwatchLayer"})
    builder.setupOS2()
    builder.setupPost()
    builder.updateHead(created=EPOCH, modified=EPOCH)
    builder.font.recalcTimestamp = False
    program = BytesIO()
    builder.save(program)
    glyph = Glyph(ADVANCE, -DESCENT, top)
    glyphs = dict.fromkeys(LETTERS, glyph)
    return Typeface("ItrwatchLayer", program.getvalue(), glyphs, top, -DESCENT, top, (0, -DESCENT, ADVANCE, top))
