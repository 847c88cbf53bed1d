"""Digits that were certain on the scan are the same on the published page, or their place is coded as a picture."""

import numpy as np
import pytest

from itrwatch.core.pages import Encoding, Rung
from itrwatch.demo.paper import scan
from itrwatch.demo.sheet import Sheet
from itrwatch.imaging.encoding import encode
from itrwatch.imaging.encoding.encode import encode_page
from itrwatch.imaging.raster import Raster
from itrwatch.reading import digits
from itrwatch.workers.page_words import read_words

NUMBER_MM = (16.0, 4.0)


@pytest.fixture(scope="module")
def sheet():
    paper = Sheet(np.random.default_rng(5), 300)
    paper.write(40, 60, "Valor da terra nua: R$ 53.712,40 por hectare", 12)
    for row in range(8):
        paper.write(40, 75 + 8 * row, "considerado o rebanho ajustado e a área de pastagem", 12)
    return Raster(np.asarray(scan(paper.image, 5, 300)), 300.0)


def test_a_3_that_was_coded_as_8_is_found_by_reading_it_and_by_nothing_else(sheet, monkeypatch):
    words = read_words(sheet)
    (box,) = (word.box for word in words.words if word.text == "53.712,40")
    left, top, bottom = (round(side * 300 / 72) for side in (box.left, box.top, box.bottom))
    three = slice(top, bottom), slice(left + 28, left + 54)

    def closed(*parts):
        """The stencil with the 3 as wide as an 8: its mirror image beside it."""
        ink = binarize(*parts).copy()
        columns = three[1].start + np.flatnonzero(ink[three].any(axis=0))
        if len(columns):
            own = ink[top:bottom, columns[0] : columns[-1] + 1]
            own |= own[:, ::-1].copy()
        return ink

    assert encode_page(sheet, NUMBER_MM, also=words.check).encoding is Encoding.BITONAL
    binarize = encode.binarize
    monkeypatch.setattr(encode, "binarize", closed)
    assert encode_page(sheet, NUMBER_MM).rung is Rung.LAYERS
    page = encode_page(sheet, NUMBER_MM, also=words.check)
    assert (page.rung, page.encoding, page.why) == (Rung.MORE_TONE, Encoding.MIXED, "1 digits")


def test_digits_are_read_only_where_a_stroke_may_have_been_lost_or_added(sheet, monkeypatch):
    """The noise of a JPEG is none; the width of a stroke that closes a 3 is one, also on pale print."""
    words = read_words(sheet).words
    grey = sheet.pixels[..., 1] // 2 + 127
    noisy = np.clip(grey + np.random.default_rng(1).normal(0, 4, grey.shape), 0, 255).astype(np.uint8)
    read = []
    monkeypatch.setattr(digits, "_read", lambda cut: read.append(cut) or "")
    assert list(digits.changed_digits(words, grey, noisy, 300)) == []
    assert not read
    (box,) = (word.box for word in words if word.text == "53.712,40")
    left, middle = round(box.left * 300 / 72) + 30, round((box.top + box.bottom) * 150 / 72)
    noisy[middle - 9 : middle - 2, left : left + 2] = grey.min()
    list(digits.changed_digits(words, grey, noisy, 300))
    assert read
