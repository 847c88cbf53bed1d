"""Gradients stay: axial, radial, of a function, of a mesh; those in inks with the colours that a screen shows."""

import struct
from decimal import Decimal

import pytest
from pikepdf import Array, Dictionary, Name

from itrwatch.born_digital.page import vector_page
from itrwatch.core.pages import Encoding
from tests.born_digital.test_inks import fade, separation
from tests.born_digital.test_pages import PAGE, assert_fit, book, done, part, same_picture, seen
from tests.pdf_tools import render_gs, render_pdfium, render_poppler

__all__ = ["book", "done", "part"]  # fixtures


def shaded(book, shading):
    book.page(f"{PAGE} q 60 20 480 120 re W n /A sh Q", Shading={"/A": shading})


def postscript(book):
    shading = Dictionary(ShadingType=2, ColorSpace=Name.DeviceGray, Coords=Array([60, 0, 540, 0]))
    entries = Dictionary(FunctionType=4, Domain=Array([0, 1]), Range=Array([0, 1]))
    shading.Function = book.pdf.make_stream(b"{ dup mul }", entries)
    return shading


def of_a_function(book):
    entries = Dictionary(FunctionType=4, Domain=Array([0, 1, 0, 1]), Range=Array([0, 1] * 3))
    function = book.pdf.make_stream(b"{ 0.5 }", entries)
    return Dictionary(
        ShadingType=1, ColorSpace=Name.DeviceRGB, Function=function, Matrix=Array([480, 0, 0, 120, 60, 20])
    )


def mesh(book):
    """One triangle, a colour at each corner."""
    corners = [(60, 20, 255, 0, 0), (540, 20, 0, 255, 0), (300, 140, 0, 0, 255)]
    data = b"".join(struct.pack(">BHHBBB", 0, x * 100, y * 100, *colour) for x, y, *colour in corners)
    entries = Dictionary(ShadingType=4, ColorSpace=Name.DeviceRGB, BitsPerCoordinate=16, BitsPerComponent=8)
    entries.BitsPerFlag, entries.Decode = 8, Array([0, Decimal("655.35")] * 2 + [0, 1] * 3)
    return book.pdf.make_stream(data, entries)


@pytest.mark.parametrize("render", [render_pdfium, render_poppler, render_gs])
@pytest.mark.parametrize("make", [postscript, of_a_function, mesh])
def test_gradients_stay(make, render, book, part, tmp_path):
    shaded(book, make(book))
    out, encodings = part(book)
    assert encodings == [Encoding.VECTOR]
    assert same_picture(seen(render, out), seen(render, tmp_path / "scan.pdf"))
    assert_fit(out)


@pytest.mark.parametrize("radial", [False, True])
@pytest.mark.parametrize("domain", [(0, 1), (Decimal("0.5"), 1)])
def test_a_gradient_in_inks_has_the_colours_of_the_screen(domain, radial, book, part, tmp_path):
    shading = Dictionary(ShadingType=3 if radial else 2, ColorSpace=separation("Ouro", 0, Decimal("0.2"), 1, 0))
    shading.Coords = Array([300, 80, 0, 300, 80, 200] if radial else [60, 0, 540, 0])
    shading.Function, shading.Domain, shading.Extend = fade(1), Array(domain), Array([True, True])
    shaded(book, shading)
    out, encodings = part(book)
    assert encodings == [Encoding.VECTOR]
    assert same_picture(seen(render_pdfium, out), seen(render_pdfium, tmp_path / "scan.pdf"), tolerance=12)
    assert_fit(out)


def test_a_gradient_in_inks_on_a_ground_of_ink_is_drawn(book, tmp_path):
    shading = Dictionary(ShadingType=2, ColorSpace=Name.DeviceCMYK, Coords=Array([60, 0, 540, 0]))
    shading.Function, shading.Background = fade(0, 0, 1, 0), Array([0, 0, 0, 1])
    shaded(book, shading)
    assert "/DeviceCMYK" in vector_page(book.save(tmp_path / "a.pdf"), 1, 0)
