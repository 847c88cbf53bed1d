"""The words of a page: read from its pixels before it is coded, checked on the coded page, added to it as a text layer.

words = read_words(upright)
sheet = encode_page(upright, …, also=words.check)
sheet = words.on(sheet)
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from itrwatch.core.encoded_page import Box, EncodedPage, Word
from itrwatch.core.page_says import PageSays, page_says
from itrwatch.imaging.analysis.deskew import straightened
from itrwatch.imaging.analysis.models import RecogniserMissing
from itrwatch.imaging.encoding.damage import Damage
from itrwatch.imaging.encoding.reconstruction_check import AlsoCheck
from itrwatch.imaging.raster import Pixels, Raster
from itrwatch.pdf.text_layer import with_words
from itrwatch.reading.digits import changed_digits
from itrwatch.reading.page import TooMuchToReadError, read_text

PT_PER_MM = 72 / 25.4


@dataclass(frozen=True, slots=True)
class PageWords:
    """The certain ``words`` of a page, the facts from them, and why the page was not read, or empty."""

    words: tuple[Word, ...] = ()
    says: PageSays = field(default_factory=PageSays)
    unread: str = ""

    @property
    def check(self) -> AlsoCheck | None:
        """The check that the digits of a coded page are those of the scan; None if there are none."""
        return self._changed if any(letter.isdigit() for word in self.words for letter in word.text) else None

    def _changed(self, scan: Pixels, coded: Pixels, dpi: float) -> Iterable[Damage]:
        try:
            return tuple(changed_digits(self.words, scan, coded, dpi))
        except RecogniserMissing:
            return ()  # it has read this page a moment ago; without it, the other checks decide

    def on(self, sheet: EncodedPage) -> EncodedPage:
        """``sheet`` with these words as its text layer."""
        return with_words(sheet, self.words)


NOT_READ = PageWords()


def read_words(upright: Raster, skew: float = 0.0) -> PageWords:
    """The words of an upright page; a failure only leaves it without words.

    A page that is published with its ``skew`` (degrees clockwise) is read from a straightened copy: at 2 degrees three of four
    words would not be certain. The words get the places they have on the page itself.
    """
    try:
        text = read_text(straightened(upright, skew) if skew else upright)
    except RecogniserMissing as fault:
        return PageWords(unread=str(fault))
    except TooMuchToReadError:
        return PageWords(unread="há impressão demais nela, como em uma planta ou em uma página de jornal")
    size = (upright.width_mm * PT_PER_MM, upright.height_mm * PT_PER_MM)
    words = tuple(_leaning(word, skew, size) for word in text.words) if skew else text.words
    return PageWords(words, page_says(words, text.doubtful, size))


def _leaning(word: Word, skew: float, size: tuple[float, float]) -> Word:
    """A word of the straightened page where it is on the page of ``size`` (pt): moved with its centre, its box upright."""
    box, (wide, high) = word.box, size
    # The inverse of the rotation of `straightened`, about the middle of the page.
    sine, cosine = math.sin(math.radians(-skew)), math.cos(math.radians(-skew))
    across, down = (box.left + box.right - wide) / 2, (box.top + box.bottom - high) / 2
    right = round(cosine * across + sine * down - across, 1)
    lower = round(cosine * down - sine * across - down, 1)
    return replace(word, box=Box(box.left + right, box.top + lower, box.right + right, box.bottom + lower))
