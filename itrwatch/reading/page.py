"""Reads a page: upright picture → the words that are certainly on it, in reading order.

    read_text(raster) -> PageText(words=(Word("NOTIFICAÇÃO", Box(170.2, 130.1, 268.9, 142.4), 0), …), doubtful=("9.39Z", …))

All limits are on the amount of work, none on time: the same page gives the same words on all machines of a kind (promise 4).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from itrwatch.core.encoded_page import Box, Word
from itrwatch.imaging.raster import Raster
from itrwatch.reading.cutting import TextLine
from itrwatch.reading.ink import see_ink
from itrwatch.reading.lines import find_lines
from itrwatch.reading.order import in_reading_order
from itrwatch.reading.recognise import SCALED_PX, model, spell
from itrwatch.reading.words import ReadWord, words_of

MOST_COLUMNS = 120_000
"""Most pixel columns of all lines at the recogniser's height: about six dense A4 pages, 5 s. Chosen: plans and newspaper pages have more."""

LEAST_OF_A_PAGE, NARROW = 20, 2.0
"""Least number of single letters on a page that lies on its side, and largest ratio of width to height of a line that is a single letter. Chosen."""


@dataclass(frozen=True, slots=True)
class PageText:
    """The text of a page. ``words``: the certain ones, in reading order; ``doubtful``: the texts of all others, which must not be relied on."""

    words: tuple[Word, ...] = ()
    doubtful: tuple[str, ...] = ()


class TooMuchToReadError(Exception):
    """The page has more print than `MOST_COLUMNS`."""


def read_text(raster: Raster) -> PageText:
    """The words of an upright page, with boxes in pt from its upper left corner, y downwards.

    Raises `RecogniserMissing` if the model is missing or fails, `TooMuchToReadError` for a page with too much print.
    """
    ink = see_ink(raster)
    lines = in_reading_order(find_lines(ink), ink.px_per_mm)
    if _lies_on_its_side(lines):
        return PageText()
    # Counted before the first line is read: a page is read whole or not at all.
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
    """Whether most letters are single: print from top to bottom, which would be read as nonsense.

    Counts letters, not lines: a drawing, whose strokes each count as a line, may be beside normal print.
    """
    long = [(line.box[2] - line.box[0]) / (line.box[3] - line.box[1]) for line in lines]
    narrow = sum(letters <= NARROW for letters in long)
    return narrow >= LEAST_OF_A_PAGE and narrow > sum(letters for letters in long if letters > NARROW)


def _columns(line: TextLine) -> int:
    height, width = line.picture.shape
    return int(width * SCALED_PX // height)


def _word(word: ReadWord, line: int, pt: float) -> Word:
    left, top, right, bottom = (round(side * pt, 1) for side in word.box)
    return Word(word.text, Box(left, top, right, bottom), line)
