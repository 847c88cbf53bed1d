"""The words of a page as a layer that is found, selected and never seen; the number stays as it was."""

from dataclasses import replace

import numpy as np
import pypdfium2 as pdfium
import pytest

from itrwatch.core.encoded_page import Box, Word
from itrwatch.pdf.text_layer import LETTERS, layer_bytes, with_words
from itrwatch.pdf.verifying import VerifyError, verify_part
from itrwatch.pdf.writing import PartPage
from tests.pdf_tools import preflight, qpdf_check, render_pdfium, render_poppler, words
from tests.written_part import (
    HEIGHT,
    NUMBER,
    PAPER,
    WIDTH,
    jpeg,
    photograph,
    sheet,
    sizes,
    stencil,
    strip_sheet,
    write_pages,
)

READ = (
    Word("IMPUGNAÇÃO", Box(80, 100, 180, 114), 0),
    Word("a", Box(80, 120, 86, 132), 1),
    Word("nº", Box(92, 120, 104, 132), 1),
    Word("13153.720210/2019-34", Box(110, 120, 230, 132), 1),
    Word("(Lei)", Box(236, 120, 260, 132), 1),
)


def pages(read):
    """A capa without a number, a numbered page of print, a picture, and one whose scan begins under a strip."""
    sheets = [
        (sheet(stencil()), None),
        (sheet(stencil()), 1),
        (sheet(jpeg(photograph(), PAPER)), 2),
        (strip_sheet(), 3),
    ]
    return [PartPage(with_words(each, read) if read else each, folha, "Capa") for each, folha in sheets]


@pytest.fixture(scope="module")
def parts(tmp_path_factory):
    folder = tmp_path_factory.mktemp("layer")
    return write_pages(folder / "without.pdf", pages(())), write_pages(folder / "with.pdf", pages(READ))


def verify(path, read=READ, stamps=("", "Fls. 1", "Fls. 2", "Fls. 3")):
    made = pages(read)
    verify_part(path, sizes(made), stamps, words=[tuple(word.text for word in page.sheet.words) for page in made])


def test_a_word_in_the_corner_of_a_page_without_number_is_not_taken_for_one(tmp_path):
    corner = (*READ, Word("pagina", Box(2, HEIGHT - 10, 60, HEIGHT), 2))
    verify(write_pages(tmp_path / "corner.pdf", pages(corner)), corner)


@pytest.mark.parametrize("render", [render_pdfium, render_poppler])
def test_nobody_sees_the_layer(parts, render):
    """The number is seen as before, too: rendering mode 3 outlives ``ET``, and would hide it outside of ``q … Q``."""
    for index in range(4):
        assert np.array_equal(*(render(part, index, 150) for part in parts))


def test_poppler_finds_every_word_over_its_place(parts):
    found = {word.text: word for word in words(parts[1], 1)}
    for word in READ:
        there = found[word.text]
        assert (there.left, there.right) == (
            pytest.approx(word.box.left, abs=0.5),
            pytest.approx(word.box.right, abs=0.5),
        )
        assert word.box.top - 3 < (there.top + there.bottom) / 2 < word.box.bottom + 3
    assert "IMPUGNAÇÃO" in {word.text for word in words(parts[1], 3)}  # under the strip


def test_pdfium_finds_and_copies_what_chromium_would(parts):
    with pdfium.PdfDocument(parts[1]) as document:
        for index, down in ((0, 0), (3, 30)):
            page = document[index]
            text = page.get_textpage()
            copied = text.get_text_range()
            assert " ".join(copied.split()).startswith("IMPUGNAÇÃO a nº 13153.720210/2019-34 (Lei)")
            at = text.search("impugnação").get_next()
            assert at is not None
            left, _, _, top = text.get_charbox(at[0])
            assert (left, page.get_height() - top) == (pytest.approx(80, abs=1), pytest.approx(100 + down, abs=4))


def test_the_number_is_found_where_it_stands_and_no_word_is_beside_it(parts, tmp_path):
    verify(parts[1])
    near = Word("53", Box(NUMBER.left - 12, NUMBER.top, NUMBER.left - 2, NUMBER.bottom), 0)
    far = replace(near, box=Box(NUMBER.left - 40, NUMBER.top, NUMBER.left - 20, NUMBER.bottom))
    assert with_words(sheet(stencil()), (near, far)).words == (far,)
    made = [PartPage(with_words(sheet(stencil()), (near, far)), 1)]
    path = write_pages(tmp_path / "near.pdf", made)
    verify_part(path, sizes(made), ["Fls. 1"], words=[("53",)])
    with pytest.raises(VerifyError, match="expected"):
        verify_part(path, sizes(made), ["Fls. 2"], words=[("53",)])


@pytest.mark.parametrize("read", [(), READ[:-1], (*READ[:3], replace(READ[3], text="13153.720210/2019-84"), READ[4])])
def test_a_layer_that_says_anything_else_is_refused_without_saying_what(parts, read):
    with pytest.raises(VerifyError, match="text layer of page 1 is not what was read") as refused:
        verify(parts[1], read)
    assert "IMPUGNA" not in str(refused.value)


def test_a_page_that_should_say_only_its_number_is_refused_with_a_layer(parts):
    made = pages(())
    with pytest.raises(VerifyError):
        verify_part(parts[1], sizes(made), ("", "Fls. 1", "Fls. 2", "Fls. 3"), words=[()] * 4)


def test_every_letter_that_can_be_read_comes_back(tmp_path):
    each = [
        Word(
            letter * 2,
            Box(20 + 20 * (at % 25), 50 + 20 * (at // 25), 34 + 20 * (at % 25), 62 + 20 * (at // 25)),
            at // 25,
        )
        for at, letter in enumerate(LETTERS)
        if letter.strip()
    ]
    made = [PartPage(with_words(sheet(stencil()), each), None)]
    path = write_pages(tmp_path / "letters.pdf", made)
    verify_part(path, sizes(made), [""], words=[tuple(word.text for word in made[0].sheet.words)])
    assert {word.text for word in words(path, 0)} >= {word.text for word in each if word.text.isalnum()}


def test_preflight_and_qpdf_find_nothing_more(parts):
    assert preflight(parts[1]) == preflight(parts[0])
    assert qpdf_check(parts[1]) == qpdf_check(parts[0])


def test_the_layer_weighs_what_is_reckoned_with_and_a_typeface_is_there_once(parts):
    more = parts[1].stat().st_size - parts[0].stat().st_size
    assert more <= sum(layer_bytes(page.sheet) for page in pages(READ))
    assert parts[1].read_bytes().count(b"+ItrwatchLayer") == 2  # font and descriptor
    assert b"ItrwatchLayer" not in parts[0].read_bytes()
    dense = tuple(
        Word(
            f"palavra{at}",
            Box(WIDTH / 9 * (at % 8), 40 + 12 * (at // 8), WIDTH / 9 * (at % 8) + 50, 50 + 12 * (at // 8)),
            at // 8,
        )
        for at in range(480)
    )
    assert layer_bytes(with_words(sheet(stencil()), dense)) < 8192
