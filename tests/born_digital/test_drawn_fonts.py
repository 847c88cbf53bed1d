"""Fonts whose letters are drawings (Type 3: TeX, plotters, exports of tables) stay text."""

import io

import numpy as np
import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from itrwatch.born_digital.font_check import judge_fonts
from itrwatch.born_digital.page import vector_page
from itrwatch.core.pages import Encoding
from itrwatch.pdf.forms import form_of
from itrwatch.pdf.letters import FontError
from tests.born_digital.test_pages import PAGE, assert_fit, book, done, part, same_picture, seen, text_of
from tests.pdf_tools import render_gs, render_pdfium, render_poppler

__all__ = ["book", "done", "part"]  # fixtures

SQUARE = b"1000 0 0 0 750 750 d1 0 0 750 750 re f"


def drawn_font(book, **letters):
    """A font with the letter a, a square, and b, a picture in colours of its own."""
    picture = book.image(np.full((4, 4, 3), (250, 120, 20), np.uint8))
    drawings = {"a": SQUARE, "b": b"1000 0 d0 q 700 0 0 700 0 0 cm /I Do Q", **letters}
    font = Dictionary(Type=Name.Font, Subtype=Name.Type3, FontBBox=Array([0, 0, 750, 750]), FirstChar=97, LastChar=98)
    font.FontMatrix = Array([0.001, 0, 0, 0.001, 0, 0])
    font.CharProcs = Dictionary({f"/{name}": book.pdf.make_stream(code) for name, code in drawings.items()})
    font.Encoding, font.Widths = Dictionary(Differences=Array([97, Name.a, Name.b])), Array([1000, 1000])
    font.Resources = Dictionary(XObject=Dictionary(I=picture))
    return book.pdf.make_indirect(font)


def shows(book, font, text="ab"):
    book.page(f"{PAGE} BT /T 30 Tf 60 60 Td ({text}) Tj ET", Font={"/T": font})


@pytest.mark.parametrize("render", [render_pdfium, render_poppler, render_gs])
def test_letters_that_are_drawings_stay(render, book, part, tmp_path):
    shows(book, drawn_font(book))
    out, encodings = part(book)
    assert encodings == [Encoding.VECTOR]
    assert "Fazenda" in text_of(out)
    assert same_picture(seen(render, out), seen(render, tmp_path / "scan.pdf"))
    assert_fit(out)


def test_pages_share_a_font_of_drawings(book, part):
    font = drawn_font(book)
    shows(book, font)
    shows(book, font, "ba")
    out, _ = part(book)
    with pikepdf.open(out) as pdf:
        fonts = [item for item in pdf.objects if isinstance(item, Dictionary) and item.get("/Subtype") == "/Type3"]
    assert len(fonts) == 1


def test_a_letter_of_letters_is_drawn(book, tmp_path):
    font = drawn_font(book, b=b"1000 0 d0 BT /F 900 Tf (a) Tj ET")
    font.Resources.Font = Dictionary(F=book.font)
    shows(book, font)
    assert "a letter of letters" in vector_page(book.save(tmp_path / "a.pdf"), 1, 0)


@pytest.mark.parametrize("fault", ["another width", "no such letter", "no width"])
def test_letters_that_are_not_as_stated_are_drawn(fault, book, done, tmp_path):
    font = drawn_font(book)
    if fault == "another width":
        font.Widths = Array([1000, 700])
    elif fault == "no such letter":
        del font.CharProcs["/b"]
    else:
        font.CharProcs.b.write(b"0 0 750 750 re f")
    shows(book, font)
    path = book.save(tmp_path / "a.pdf")
    assert done(path).encoding is not Encoding.VECTOR
    with (
        pikepdf.open(io.BytesIO(vector_page(path, 1, 0).data)) as pdf,
        pytest.raises(FontError, match="/Type3: code 98 is"),
    ):
        judge_fonts(form_of(pdf))
