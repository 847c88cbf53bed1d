"""The text layer of a page: the words that were read, invisible, each over its place (ISO 32000-1, 9.3.6: rendering mode 3).

    layer((Word("Fls.", Box(10, 20, 30, 32), 0),), 842.0) -> "q BT 3 Tr /T 1 Tf 12 0 0 12 10 812.4 Tm 83 Tz (Fls. ) Tj ET Q"

One typeface for all pages of a file: its only glyph is a box, which nobody sees but every reader measures; without an outline
pdfium leaves out words of one letter. The layer stands between ``q`` and ``Q``, or else the folha number would be invisible, too.
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
"""The typeface's name in the resources of a page."""
LETTERS = "".join(letter for code in range(32, 256) if (letter := bytes([code]).decode(CODEC, "ignore")).isprintable())
"""Every character that can be set: all that a reader of Portuguese can answer."""
FONT_BYTES = 4096
"""What the typeface takes in a file, at most. Measured: 2 900."""
ADVANCE, DESCENT, HEIGHT = 500, 200, 1000
"""Of the one glyph, in 1/1000 of the letter size: its width, and of its height the part below the baseline."""
EPOCH = 3_800_000_000
"""Date of the typeface in seconds since 1904, the same in every file (promise 4)."""
CLEAR_PT = 3.0
"""No word is nearer to the folha number: who copies the number, or verifies it, must not find another word there. Chosen."""


def with_words(sheet: EncodedPage, words: Iterable[Word]) -> EncodedPage:
    """The page with those words as its layer that can be set and do not stand where the number goes; ``words`` as on the scan."""
    low = sheet.strip
    lowered = [replace(word, box=_moved(word.box, low)) for word in words if not set(word.text) - set(LETTERS)]
    number = sheet.number
    around = Box(number.left - CLEAR_PT, number.top - CLEAR_PT, number.right + CLEAR_PT, number.bottom + CLEAR_PT)
    return replace(sheet, words=tuple(word for word in lowered if not _touch(word.box, around)))


def layer(words: Sequence[Word], page_height: float) -> str:
    """The operators of the layer; "" without words."""
    if not words:
        return ""
    lines = groupby(words, key=lambda word: (word.line, word.box.top, word.box.bottom))
    return " ".join((f"q BT 3 Tr /{NAME} 1 Tf", *(_line(list(line), page_height) for _, line in lines), "ET Q"))


def layer_bytes(sheet: EncodedPage) -> int:
    """At most what the words of ``sheet`` take in a file."""
    return len(zlib.compress(layer(sheet.words, sheet.height).encode("ascii"), 9)) + FONT_BYTES if sheet.words else 0


class LayerFont:
    """The layer's typeface in ``pdf``: there once, and only if a page asks for it."""

    def __init__(self, pdf: Pdf) -> None:
        self._pdf = pdf
        self._font: Object | None = None

    def take(self) -> Object:
        """The font object."""
        if self._font is None:
            self._font = font_of(self._pdf, _face(), LETTERS)
        return self._font


def has_layer(page: Page) -> bool:
    """Whether ``page`` has a text layer."""
    return f"/{NAME}" in page.resources.get("/Font", {})


def layer_texts(page: Page) -> tuple[str, ...]:
    """The words of the layer of ``page``, as they stand in the file; none where there is no layer."""
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
    """The words of a line: size and baseline once, then for each word how far it is from the one before and how it is stretched.

    A tenth of a point is a thirtieth of a letter, a hundredth of a word's width no more; every digit less is a byte for each word.
    """
    box = words[0].box
    high, at = round(box.bottom - box.top, 1), round(box.left, 1)
    base = round(page_height - box.bottom + high * DESCENT / HEIGHT, 1)
    numbers = " ".join(str(operand(number)) for number in (high, 0, 0, high, at, base))
    steps = [f"{numbers} Tm"]
    for word in words:
        moved = round((word.box.left - at) / high, 2)  # in letter sizes
        if moved:
            steps.append(f"{operand(moved)} 0 Td")
            at += moved * high
        stretched = round((word.box.right - word.box.left) / (len(word.text) * high * ADVANCE / HEIGHT) * 100)
        # a space behind each word, so that readers need not guess where words end
        steps.append(f"{max(1, stretched)} Tz ({''.join(map(_literal, word.text))} ) Tj")
    return " ".join(steps)


def _literal(letter: str) -> str:
    """A character within a literal string of ASCII (ISO 32000-1, 7.3.4.2)."""
    if letter in "()\\":
        return f"\\{letter}"
    return letter if letter.isascii() else f"\\{letter.encode(CODEC)[0]:03o}"


@cache
def _face() -> Typeface:
    """The typeface with one glyph for every character."""
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
