"""Colours of inks (CMYK, Separation, DeviceN), which PDF/A ties to further conditions, become the grey or RGB that a screen shows."""

import io
from decimal import Decimal

import numpy as np
import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String
from PIL import Image

from itrwatch.born_digital import inks
from itrwatch.born_digital.entries import UnfitError
from itrwatch.born_digital.inks import Inks, palette
from itrwatch.born_digital.page import vector_page
from itrwatch.core.pages import Encoding
from tests.born_digital.test_pages import PAGE, assert_fit, book, done, part, same_picture, seen
from tests.pdf_tools import render_pdfium, render_poppler

__all__ = ["book", "done", "part"]  # fixtures


def test_a_colour_after_one_of_cmyk_is_of_cmyk(book, part, tmp_path):
    """`k` sets the space as well: the grey areas of tax forms became black in the copy, and their pages pictures."""
    book.page(f"0 0 0 1 k {PAGE} 0 0 0 1 k 0 0 0 0.3 sc 300 60 30 30 re f 0 0 0 1 K 0 0 0 0.3 SC 350 60 30 30 re S")
    out, encodings = part(book)
    assert encodings == [Encoding.VECTOR]
    assert same_picture(seen(render_pdfium, out), seen(render_pdfium, tmp_path / "scan.pdf"))
    assert_fit(out)


def fade(*to):
    """From no ink to ``to``."""
    return Dictionary(FunctionType=2, Domain=Array([0, 1]), C0=Array([0] * len(to)), C1=Array(to), N=1)


def separation(name, *cmyk):
    return Array([Name.Separation, Name(f"/{name}"), Name.DeviceCMYK, fade(*cmyk)])


def colours(book):
    """Text in black ink, areas in CMYK, in a spot colour, in two inks."""
    black, gold = separation("Black", 0, 0, 0, 1), separation("Ouro", 0, Decimal("0.2"), 1, 0)
    spread = Dictionary(FunctionType=4, Domain=Array([0, 1, 0, 1]), Range=Array([0, 1] * 4))
    both = Array([Name.DeviceN, Array([Name.A, Name.B]), Name.DeviceCMYK, book.pdf.make_stream(b"{ 0 0 }", spread)])
    content = (
        f"/K cs {PAGE} 0 0.5 0 0.2 k 60 40 60 60 re f 1 0 0 0 K 4 w 130 40 60 60 re S "
        "/G cs 0.6 scn 200 40 60 60 re f /N cs 0.5 0.9 sc 270 40 60 60 re f "
        "/K cs 0.5 sc 410 40 60 60 re f 0 0 1 rg 480 40 60 60 re f"
    )
    book.page(content, ColorSpace={"/K": black, "/G": gold, "/N": both})


def test_a_page_in_inks_stays_text(book, part, tmp_path):
    colours(book)
    out, encodings = part(book)
    assert encodings == [Encoding.VECTOR]
    ours, theirs = seen(render_pdfium, out), seen(render_pdfium, tmp_path / "scan.pdf")
    assert same_picture(ours, theirs)
    # Readers differ in the colours of inks, but no longer in these; the rest is edges of letters.
    assert same_picture(seen(render_poppler, out), ours, tolerance=100)
    assert_fit(out)
    with pikepdf.open(out) as pdf:
        assert not any(item.get("/FunctionType") for item in pdf.objects if isinstance(item, Dictionary))


def picture(book, space, channels):
    samples = np.add.outer(np.arange(60) * 2, np.arange(90)).astype(np.uint8)
    pixels = samples if channels == 1 else np.stack([samples, samples[::-1], samples // 2, samples // 9], axis=2)
    return book.image(pixels[..., None] if channels == 1 else pixels, ColorSpace=space)


@pytest.mark.parametrize("which", ["Separation", "Indexed", "DeviceCMYK", "Decode"])
def test_a_picture_in_inks_stays_beside_text(which, book, part, tmp_path):
    gold = separation("Ouro", 0, Decimal("0.2"), 1, 0)
    if which == "DeviceCMYK":
        image = picture(book, Name.DeviceCMYK, 4)
        image.ColorSpace = Name.DeviceCMYK
    elif which == "Indexed":
        table = bytes(value for index in range(256) for value in (index, 255 - index, 0, 0))
        image = picture(book, Array([Name.Indexed, Name.DeviceCMYK, 255, String(table)]), 1)
    else:
        image = picture(book, gold, 1)
    if which == "Decode":
        image.Decode = Array([1, 0])
    book.page(f"{PAGE} q 180 0 0 80 60 20 cm /I Do Q", XObject={"/I": image})
    out, encodings = part(book)
    assert encodings == [Encoding.VECTOR]
    assert same_picture(seen(render_pdfium, out), seen(render_pdfium, tmp_path / "scan.pdf"), tolerance=8)
    assert_fit(out)


@pytest.mark.parametrize("quality", [95, 60])
def test_a_photograph_in_cmyk_does_not_grow(quality, book, part, tmp_path):
    """As JPEG in RGB of a quality with which it has no more bytes than before."""
    down, across = np.mgrid[0:400, 0:600]
    noise = np.random.default_rng(1).normal(0, 6, (400, 600))
    pixels = np.stack([down / 2, across / 3, 200 - down / 3, across * 0], axis=2) + noise[..., None]
    code = io.BytesIO()
    Image.fromarray(pixels.clip(0, 255).astype(np.uint8), "CMYK").save(code, "JPEG", quality=quality)
    entries = Dictionary(Type=Name.XObject, Subtype=Name.Image, Width=600, Height=400, BitsPerComponent=8)
    entries.ColorSpace, entries.Filter, entries.Decode = Name.DeviceCMYK, Name.DCTDecode, Array([1, 0] * 4)
    photograph = book.pdf.make_stream(code.getvalue(), entries)
    book.page(f"{PAGE} q 180 0 0 120 60 20 cm /I Do Q", XObject={"/I": photograph})
    out, encodings = part(book)
    assert encodings == [Encoding.VECTOR]
    assert same_picture(seen(render_pdfium, out), seen(render_pdfium, tmp_path / "scan.pdf"))
    assert_fit(out)
    with pikepdf.open(out) as pdf:
        (made,) = (
            item for item in pdf.objects if isinstance(item, pikepdf.Stream) and item.get("/Subtype") == "/Image"
        )
        assert len(made.read_raw_bytes()) <= len(code.getvalue())


def test_black_ink_alone_is_exact_and_others_are_what_is_shown():
    seen_as = Inks().shown
    assert seen_as(Name.DeviceCMYK, []) == ("g", [0])
    assert seen_as(separation("Black", 0, 0, 0, 1), []) == ("g", [0])
    assert seen_as(Name.DeviceCMYK, [0, 0, 0, 0]) == ("rg", [1, 1, 1])
    operator, (red, green, blue) = seen_as(Name.DeviceCMYK, [0, 1, 1, 0])
    assert (operator, red > 0.9, green < 0.2, blue < 0.2) == ("rg", True, True, True)
    assert seen_as(separation("Ouro", 0, 1, 1, 0), []) == (operator, [red, green, blue])  # all of it, to begin with


def test_inks_of_one_name_keep_their_own_colours():
    """As where documents were joined: the same name and alternate space, another function."""
    entries = Dictionary(FunctionType=4, Domain=Array([0, 1]), Range=Array([0, 1] * 4))
    with pikepdf.new() as pdf:
        red, green = (
            Array([Name.Separation, Name.X, Name.DeviceCMYK, pdf.make_stream(b"{ pop " + b" " * 60 + code, entries)])
            for code in (b"0 1 1 0 }", b"1 0 1 0 }")
        )
        seen_as = Inks().shown
        assert seen_as(red, [1]) != seen_as(green, [1])


def test_a_space_that_is_not_whole():
    with pytest.raises(UnfitError, match="colours of"):
        Inks().shown(Array([Name.Separation, Name.X]), [1])


def test_more_colours_than_a_page_of_text_has(monkeypatch):
    monkeypatch.setattr(inks, "_MOST", 1)
    shown = Inks().shown
    shown(Name.DeviceCMYK, [0, 0, 0, 1])
    shown(Name.DeviceCMYK, [0, 0, 0, 1])
    with pytest.raises(UnfitError, match="too many colours"):
        shown(Name.DeviceCMYK, [0, 0, 1, 1])


def test_the_palette_of_an_ink():
    with pikepdf.new() as pdf:
        image = pdf.make_stream(b"", Dictionary(BitsPerComponent=1, ColorSpace=separation("Black", 0, 0, 0, 1)))
        assert palette(image) == b"\xff" * 3 + b"\0" * 3
        image.BitsPerComponent = 2
        assert len(palette(image)) == 12
        image.BitsPerComponent = 16
        with pytest.raises(UnfitError, match="16 bits"):
            palette(image)


def test_inks_beside_colours_with_a_meaning_of_their_own(book, tmp_path):
    grey = Array([Name.CalRGB, Dictionary(WhitePoint=Array([Decimal("0.95"), 1, Decimal("1.09")]))])
    book.page(f"0 1 0 0 k {PAGE}", ColorSpace={"/DefaultRGB": grey})
    assert "colours of its own" in vector_page(book.save(tmp_path / "a.pdf"), 1, 0)


def test_a_form_that_paints_in_the_ink_of_its_page(book, tmp_path):
    """In the copy the page has RGB at this place, and the amount of one ink would be no colour."""
    area = Dictionary(Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 600, 840]), Resources=Dictionary())
    inner = book.pdf.make_stream(b"0.5 scn 60 40 60 60 re f", area)
    gold = separation("Ouro", 0, 0, 1, 0)
    book.page(f"{PAGE} /G cs /X Do", ColorSpace={"/G": gold}, XObject={"/X": inner})
    assert "from outside" in vector_page(book.save(tmp_path / "a.pdf"), 1, 0)
