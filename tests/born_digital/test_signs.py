"""Symbol and ZapfDingbats, which hardly a program embeds: Greek letters, bullets, the ticks of check boxes."""

import pytest
from pikepdf import Array, Dictionary, Name

from itrwatch.born_digital.page import vector_page
from itrwatch.core.pages import Encoding
from itrwatch.pdf.symbol_encodings import DINGBATS, SYMBOL
from tests.born_digital.test_pages import assert_fit, book, done, part, same_picture, seen, small_picture, text_of
from tests.pdf_tools import render_pdfium, render_poppler

__all__ = ["book", "done", "part"]  # fixtures


def chart(book, base_font, codes, **entries):
    """A page of the signs, one beside the other."""
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=base_font)
    for key, value in entries.items():
        font[f"/{key}"] = value
    shown = [
        f"BT /S 24 Tf {40 + at % 14 * 36} {700 - at // 14 * 40} Td <{code:02x}> Tj ET" for at, code in enumerate(codes)
    ]
    book.page("\n".join(shown), Font={"/S": font})


@pytest.mark.parametrize(
    ("base_font", "table", "count"), [(Name.Symbol, SYMBOL, 189), (Name.ZapfDingbats, DINGBATS, 188)]
)
def test_every_sign_is_the_one_that_the_page_shows(base_font, table, count, book, part, tmp_path):
    """An encoding with a name at a wrong place would draw another sign than pdfium, which has its own table."""
    codes = [code for code, name in enumerate(table) if name != ".notdef"]
    assert len(codes) == count
    chart(book, base_font, codes)
    out, encodings = part(book)
    assert encodings == [Encoding.VECTOR]
    ours = seen(render_pdfium, out)
    assert same_picture(ours, seen(render_pdfium, tmp_path / "scan.pdf"), tolerance=1)
    assert same_picture(
        seen(render_poppler, out), ours, tolerance=150
    )  # of lines of a hair; another sign would make 200
    assert_fit(out)


def test_greek_letters_can_be_searched(book, part):
    chart(book, Name.Symbol, [0x61, 0x62, 0x67], Encoding=Name.WinAnsiEncoding)  # which is passed over
    assert "αβγ" in text_of(part(book)[0]).replace(" ", "")


def test_signs_that_the_page_names_itself(book, part, tmp_path):
    own = Dictionary(BaseEncoding=Name.WinAnsiEncoding, Differences=Array([0x41, Name.a20, Name.a19]))
    chart(book, Name.ZapfDingbats, [0x41, 0x42, 0x6C], Encoding=own)
    out, encodings = part(book)
    assert encodings == [Encoding.VECTOR]
    assert same_picture(seen(render_pdfium, out), seen(render_pdfium, tmp_path / "scan.pdf"), tolerance=1)
    assert_fit(out)


def test_a_ticked_box_on_a_scan_costs_what_the_tick_costs(book, tmp_path):
    """The whole typeface, of 30 KB, was held against our picture of the page, which was published instead."""
    page = book.page("q 595 0 0 842 0 0 cm /I Do Q", XObject={"/I": book.image(small_picture())})
    tick = Dictionary(Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 20, 20]))
    signs = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.ZapfDingbats)
    tick.Resources = Dictionary(Font=Dictionary(ZaDb=signs))
    ticked = Dictionary(Yes=book.pdf.make_stream(b"q BT /ZaDb 18 Tf 2 3 Td (4) Tj ET Q", tick))
    box = Dictionary(Type=Name.Annot, Subtype=Name.Widget, Rect=Array([60, 40, 80, 60]), FT=Name.Btn, F=4)
    box.AS, box.V, box.AP = Name.Yes, Name.Yes, Dictionary(N=ticked)
    page.Annots = Array([book.pdf.make_indirect(box)])
    book.pdf.Root.AcroForm = Dictionary(Fields=page.Annots)
    page = vector_page(book.save(tmp_path / "scan.pdf"), 1, 0)
    assert page.pictures
    assert page.spare > 25_000
