"""Adds a text layer to a coded page, with words read from the same pixels.

with_text(sheet, upright) -> (sheet with its words, PageSays(counter=(2, 5), …), "")
"""

from __future__ import annotations

from itrwatch.core.encoded_page import EncodedPage
from itrwatch.core.noticed import PageSays, page_says
from itrwatch.core.pages import Encoding
from itrwatch.imaging.analysis.models import RecogniserMissing
from itrwatch.imaging.raster import Raster
from itrwatch.pdf.text_layer import with_words
from itrwatch.reading.page import TooMuchToReadError, read_text


def with_text(sheet: EncodedPage, upright: Raster) -> tuple[EncodedPage, PageSays, str]:
    """``sheet`` with the words of its pixels ``upright``; the facts from them; why the page was not read, or empty.

    A born-digital page keeps its own text. A failure only removes the words of this page.
    """
    if sheet.encoding is Encoding.VECTOR:
        return sheet, PageSays(), ""
    try:
        text = read_text(upright)
    except RecogniserMissing as fault:
        return sheet, PageSays(), str(fault)
    except TooMuchToReadError:
        return sheet, PageSays(), "há impressão demais nela, como em uma planta ou em uma página de jornal"
    return with_words(sheet, text.words), page_says(text.words, text.doubtful), ""
