"""The words of a coded page, read from the picture that was coded: its text layer, or why it has none."""

from __future__ import annotations

from itrwatch.core.encoded_page import EncodedPage
from itrwatch.core.pages import Encoding
from itrwatch.imaging.analysis.models import RecogniserMissing
from itrwatch.imaging.raster import Raster
from itrwatch.pdf.text_layer import with_words
from itrwatch.reading.page import TooMuchToReadError, read_words


def with_text(sheet: EncodedPage, upright: Raster) -> tuple[EncodedPage, str]:
    """``sheet`` with the words of ``upright``, which is what it shows; why there are none ("" where there may be).

    A born-digital page keeps its own text. Whatever goes wrong costs the words of this page and nothing else.
    """
    if sheet.encoding is Encoding.VECTOR:
        return sheet, ""
    try:
        return with_words(sheet, read_words(upright)), ""
    except RecogniserMissing as fault:
        return sheet, str(fault)
    except TooMuchToReadError:
        return sheet, "há impressão demais nela, como em uma planta ou em uma página de jornal"
