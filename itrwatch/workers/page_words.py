"""The words of a coded page, read from the picture that was coded: its text layer, or why it has none."""

from __future__ import annotations

from itrwatch.core.encoded_page import EncodedPage
from itrwatch.core.noticed import PageSays, page_says
from itrwatch.core.pages import Encoding
from itrwatch.imaging.analysis.models import RecogniserMissing
from itrwatch.imaging.raster import Raster
from itrwatch.pdf.text_layer import with_words
from itrwatch.reading.page import TooMuchToReadError, read_text


def with_text(sheet: EncodedPage, upright: Raster) -> tuple[EncodedPage, PageSays, str]:
    """``sheet`` with the words of ``upright``, which is what it shows; what they give away; why there are none ("" where there may be).

    A born-digital page keeps its own text. Whatever goes wrong costs the words of this page and nothing else.
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
