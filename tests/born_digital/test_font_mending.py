"""Typefaces that PDF/A does not allow as they are, and that every reader shows alike: the page stays text."""

import io

import pikepdf
import pytest
from fontTools.ttLib import TTFont
from pikepdf import Array, Dictionary, Name

from itrwatch.born_digital.content import Copy
from itrwatch.born_digital.font_check import judge_fonts
from itrwatch.born_digital.font_mending import mend_fonts
from itrwatch.core.pages import Encoding
from itrwatch.pdf.letters import FontError
from tests.born_digital.test_fonts import LETTERS, SYMBOLIC, Page, changed, latex
from tests.born_digital.test_pages import (
    DRAWING,
    LINES,
    assert_fit,
    book,
    composite,
    done,
    lines,
    part,
    said,
    same_picture,
    seen,
)
from tests.pdf_tools import render_gs, render_pdfium, render_poppler
from tests.typefaces import CODES, truetype

__all__ = ["book", "done", "part"]  # fixtures


def taken(page, text, pdf):
    resources = Dictionary(Font=Dictionary(F=page.pdf.make_indirect(page.font)))
    content = page.pdf.make_stream(b"BT /F 12 Tf <%s> Tj ET" % text.encode("latin-1").hex().encode())
    return Copy(pdf).form(content, resources, Array([0, 0, 600, 800]), None)


def mended(page, text):
    """The font of the page taken over and mended, with the widths in its program; raises if a letter is still wrong."""
    pdf = page.made = pikepdf.new()
    form = taken(page, text, pdf)
    with pytest.raises(Exception, match=r"hmtx|wide|symbolic"):
        judge_fonts(form)
    mend_fonts(pdf, form)
    judge_fonts(form)
    font = form.Resources.Font.F
    own = font.DescendantFonts[0] if font.Subtype == Name.Type0 else font
    program = TTFont(io.BytesIO(own.FontDescriptor.FontFile2.read_bytes()))
    return font, [program["hmtx"][letter] for letter in program.getGlyphOrder()]


def cut(data, kept):
    """A program of which only the first ``kept`` bytes of the table of widths are there, as subsetters leave it."""
    entry = data.index(b"hmtx") + 12
    return data[:entry] + kept.to_bytes(4, "big") + data[entry + 4 :]


@pytest.mark.parametrize("kept", [0, 2, 4, 11])
def test_a_table_of_widths_that_is_cut_is_written_anew(kept):
    page = Page()
    page.letters("TrueType", encoding=Name.WinAnsiEncoding, FontFile2=page.stream(cut(truetype(), kept)))
    font, measures = mended(page, "AB")
    assert [width for width, _ in measures[1:]] == [600, 700]
    assert list(font.Widths) == [600, 700]
    page.numbers("CIDFontType2", [1, Array([600, 650])], {"FontFile2": page.stream(cut(truetype(), kept))})
    assert [width for width, _ in mended(page, "\0\1\0\2")[1][1:]] == [600, 650]


def test_widths_that_the_page_says_otherwise_are_those_of_the_page():
    """Readers place letters by them."""
    page = Page()
    program = page.stream(truetype())
    page.numbers("CIDFontType2", [1, Array([592])], {"FontFile2": program})
    page.font.DescendantFonts[0].DW = 690
    assert [width for width, _ in mended(page, "\0\1\0\2")[1][1:]] == [592, 690]
    page.numbers(
        "CIDFontType2", [2, Array([592])], {"FontFile2": program}, places=page.stream(bytes([0, 0, 0, 0, 0, 1]))
    )
    assert mended(page, "\0\2")[1][1:] == [(592, 0), (700, 0)]


def test_a_letter_that_is_not_there_stays_one():
    page = Page()
    page.numbers("CIDFontType2", [1, Array([600, 700, 600])], {"FontFile2": page.stream(truetype())})
    with pikepdf.new() as pdf:
        form = taken(page, "\0\3", pdf)
        mend_fonts(pdf, form)
        with pytest.raises(FontError, match="code 3 is None wide"):
            judge_fonts(form)


def test_a_font_that_is_symbolic_and_has_an_encoding_is_found_by_the_encoding_or_else_by_its_codes():
    page = Page()
    both = truetype(_3_1=CODES)
    page.letters("TrueType", flags=SYMBOLIC, encoding=Name.WinAnsiEncoding, FontFile2=page.stream(both))
    font, _ = mended(page, "AB")
    assert (font.Encoding, font.FontDescriptor.Flags) == (Name.WinAnsiEncoding, LETTERS)
    signs = page.stream(truetype(_3_0={0xF041: "A", 0xF042: "B"}))
    page.letters("TrueType", flags=SYMBOLIC, encoding=Name.WinAnsiEncoding, FontFile2=signs)
    font, _ = mended(page, "AB")
    assert Name.Encoding not in font
    assert font.FontDescriptor.Flags == SYMBOLIC
    assert font.ToUnicode.read_bytes().count(b"<41> <0041>\n<42> <0042>") == 1  # it can be searched as before


def test_the_words_of_the_page_are_those_that_it_names():
    page = Page()
    signs = page.stream(truetype(_3_0={0xF041: "A", 0xF042: "B"}))
    page.letters("TrueType", flags=SYMBOLIC, encoding=changed(65, Name.X, Name.Y), FontFile2=signs)
    page.font.ToUnicode = page.stream(b"of the page's own")
    assert mended(page, "AB")[0].ToUnicode.read_bytes() == b"of the page's own"


def test_zeros_behind_the_last_word_of_a_latex_program():
    page = Page()
    program = latex(page)["FontFile"]
    lengths = {key[1:]: value for key, value in program.items() if key != "/Length"}
    page.letters("Type1", FontFile=page.stream(program.read_bytes() + b"\0", **lengths)).judge("AB")


@pytest.mark.parametrize("render", [render_pdfium, render_poppler, render_gs])
def test_a_page_whose_typeface_has_no_widths_stays_text(render, book, part, tmp_path):
    """Half of the typefaces that were refused had a cut table; such a page became a picture of four times the size."""
    font, places = composite(book)
    program = font.DescendantFonts[0].FontDescriptor.FontFile2
    program.write(cut(program.read_bytes(), 12))
    content = lines("C", codes=lambda text: "".join(f"{places[letter]:04x}" for letter in text))
    for _ in range(2):
        book.page(f"{content} {DRAWING}", Font={"/C": font})
    out, encodings = part(book)
    assert encodings == [Encoding.VECTOR] * 2
    assert all(line in said(out) for line in LINES)
    # Edges: a letter that stood elsewhere would make 150 and more.
    assert same_picture(seen(render, out), seen(render, tmp_path / "scan.pdf"), tolerance=100)
    assert_fit(out)
    with pikepdf.open(out) as pdf:  # mended alike on both pages
        assert sum("/FontFile2" in item for item in pdf.objects if isinstance(item, Dictionary)) == 2


def test_a_page_that_says_other_widths_stays_as_readers_show_it(book, part, tmp_path):
    book.page()
    book.font.Widths = Array([500] * len(book.font.Widths))
    out, encodings = part(book)
    assert encodings == [Encoding.VECTOR]
    for render in (render_pdfium, render_poppler):
        assert same_picture(seen(render, out), seen(render, tmp_path / "scan.pdf"), tolerance=100)
    assert_fit(out)


def test_names_of_a_chinese_program_are_written_in_utf_8(book, part):
    font, places = composite(book)
    descendant = font.DescendantFonts[0]
    for owner, key in ((font, "/BaseFont"), (descendant, "/BaseFont"), (descendant.FontDescriptor, "/FontName")):
        owner[key] = pikepdf.Object.parse(b"/#cb#ce#cc#e5")
    content = lines("C", codes=lambda text: "".join(f"{places[letter]:04x}" for letter in text))
    page = book.page(f"{content} {DRAWING}".replace("/C ", "/#cb#ce "))
    page.Resources.Font = Dictionary()
    page.Resources.Font[pikepdf.Object.parse(b"/#cb#ce")] = font
    out, encodings = part(book)
    assert encodings == [Encoding.VECTOR]
    assert all(line in said(out) for line in LINES)
    assert b"/_cb_ce_cc_e5" in out.read_bytes()
    assert_fit(out)
