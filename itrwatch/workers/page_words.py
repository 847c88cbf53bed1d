"""The words of a page: read from its pixels before it is coded, checked on the coded page, added to it as a text layer.

words = read_words(upright)
sheet = encode_page(upright, …, also=words.check)
sheet = words.on(sheet)
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from itrwatch.core.encoded_page import EncodedPage, Word
from itrwatch.core.page_says import PageSays, page_says
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


def read_words(upright: Raster) -> PageWords:
    """The words of an upright page; a failure only leaves it without words."""
    try:
        text = read_text(upright)
    except RecogniserMissing as fault:
        return PageWords(unread=str(fault))
    except TooMuchToReadError:
        return PageWords(unread="há impressão demais nela, como em uma planta ou em uma página de jornal")
    size = (upright.width_mm * PT_PER_MM, upright.height_mm * PT_PER_MM)
    return PageWords(text.words, page_says(text.words, text.doubtful, size))
