"""A page read: its upright picture → the words that are surely on it, in reading order.

    read_text(raster) -> PageText(words=(Word("NOTIFICAÇÃO", Box(170.2, 130.1, 268.9, 142.4), 0), …), doubtful=("9.39Z", …))

Every bound is on the work, none on the clock: the same page gives the same words on any machine of a kind (promise 4).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from itrwatch.core.encoded_page import Box, Word
from itrwatch.imaging.analysis.models import LINE_PX
from itrwatch.imaging.raster import Raster
from itrwatch.reading.cutting import TextLine
from itrwatch.reading.ink import see_ink
from itrwatch.reading.lines import find_lines
from itrwatch.reading.order import in_reading_order
from itrwatch.reading.recognise import model, spell
from itrwatch.reading.words import ReadWord, words_of

MOST_COLUMNS = 150_000
"""Columns of all lines at the reader's height: about six dense pages of A4, some 6 s. More is a plan or a page of a newspaper. Chosen."""

LEAST_OF_A_PAGE, NARROW = 20, 2.0
"""Lone letters from which on a page can be said to lie on its side; how long for its height the line of a lone letter is. Chosen."""


@dataclass(frozen=True, slots=True)
class PageText:
    """``words``: the sure ones, in reading order; ``doubtful``: what else was read, of which nothing is to be believed."""

    words: tuple[Word, ...] = ()
    doubtful: tuple[str, ...] = ()


class TooMuchToReadError(Exception):
    """More print than a page is given the time for."""


def read_text(raster: Raster) -> PageText:
    """The words of an upright page, boxes in pt from its upper left corner, y down.

    `RecogniserMissing` where the model is not there or fails; `TooMuchToReadError`.
    """
    ink = see_ink(raster)
    lines = in_reading_order(find_lines(ink), ink.px_per_mm)
    if _lies_on_its_side(lines):
        return PageText()
    if sum(_columns(line) for line in lines) > MOST_COLUMNS:
        raise TooMuchToReadError
    reader = model()
    pt = 72 / 25.4 / ink.px_per_mm
    words: list[Word] = []
    doubtful: list[str] = []
    for number, line in enumerate(lines):
        for word in words_of(line, spell(line.picture, reader)):
            if word.sure:
                words.append(_word(word, number, pt))
            else:
                doubtful.append(word.text)
    return PageText(tuple(words), tuple(doubtful))


def _lies_on_its_side(lines: Sequence[TextLine]) -> bool:
    """Whether most letters stand alone: print that runs from top to bottom, of which only nonsense would be read.

    Letters, not lines: beside a drawing, of which every stroke is a line, there may be a page of print.
    """
    long = [(line.box[2] - line.box[0]) / (line.box[3] - line.box[1]) for line in lines]
    narrow = sum(letters <= NARROW for letters in long)
    return narrow >= LEAST_OF_A_PAGE and narrow > sum(letters for letters in long if letters > NARROW)


def _columns(line: TextLine) -> int:
    height, width = line.picture.shape
    return int(width * LINE_PX // height)


def _word(word: ReadWord, line: int, pt: float) -> Word:
    left, top, right, bottom = (round(side * pt, 1) for side in word.box)
    return Word(word.text, Box(left, top, right, bottom), line)
