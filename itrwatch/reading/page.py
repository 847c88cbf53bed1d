"""A page read: its upright picture → the words that are surely on it, in reading order.

    read_words(raster) -> (Word("NOTIFICAÇÃO", Box(170.2, 130.1, 268.9, 142.4), 0), …)

Every bound is on the work, none on the clock: the same page gives the same words on any machine of a kind (promise 4).
"""

from __future__ import annotations

from itrwatch.core.encoded_page import Box, Word
from itrwatch.imaging.analysis.models import LINE_PX
from itrwatch.imaging.raster import Raster
from itrwatch.reading.cutting import Line
from itrwatch.reading.ink import see_ink
from itrwatch.reading.lines import find_lines
from itrwatch.reading.order import in_reading_order
from itrwatch.reading.recognise import model, spell
from itrwatch.reading.words import ReadWord, words_of

MOST_COLUMNS = 150_000
"""Columns of all lines at the reader's height: about six dense pages of A4, some 6 s. More is a plan or a page of a newspaper. Chosen."""


class TooMuchToReadError(Exception):
    """More print than a page is given the time for."""


def read_words(raster: Raster) -> tuple[Word, ...]:
    """The sure words of an upright page, boxes in pt from its upper left corner, y down.

    `RecogniserMissing` where the model is not there or fails; `TooMuchToReadError`.
    """
    ink = see_ink(raster)
    lines = in_reading_order(find_lines(ink), ink.px_per_mm)
    if sum(_columns(line) for line in lines) > MOST_COLUMNS:
        raise TooMuchToReadError
    reader = model()
    pt = 72 / 25.4 / ink.px_per_mm
    words: list[Word] = []
    for number, line in enumerate(lines):
        words += (_word(word, number, pt) for word in words_of(line, spell(line.picture, reader)) if word.sure)
    return tuple(words)


def _columns(line: Line) -> int:
    height, width = line.picture.shape
    return int(width * LINE_PX // height)


def _word(word: ReadWord, line: int, pt: float) -> Word:
    left, top, right, bottom = (round(side * pt, 1) for side in word.box)
    return Word(word.text, Box(left, top, right, bottom), line)
