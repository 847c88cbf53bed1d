"""What is copied of a page that stays text: each object once, masks and palettes with it, and never too much."""

import io
import zlib

import numpy as np
import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Object
from PIL import Image

from itrwatch.born_digital.content import Copy
from itrwatch.born_digital.entries import UnfitError
from itrwatch.born_digital.images import image
from itrwatch.born_digital.page import vector_page
from itrwatch.core.pages import Encoding
from itrwatch.pdf.forms import check_form
from tests.born_digital.test_pages import PAGE, book, done, part, same_picture, seen
from tests.hostile_files import one_page, stream
from tests.pdf_tools import render_gs, render_pdfium, render_poppler
from tests.scans.test_jbig2 import DRAWN_GENERIC

__all__ = ["book", "done", "part"]  # fixtures

BOUNDS = Array([0, 0, 9, 9])


@pytest.fixture
def pdf():
    with pikepdf.new() as made:
        yield made


def form(pdf, content, **resources):
    entries = Dictionary(Type=Name.XObject, Subtype=Name.Form, BBox=BOUNDS, Resources=Dictionary(**resources))
    return pdf.make_stream(content, entries)


def copied(content, resources):
    target = pikepdf.new()
    return target, Copy(target).form(content, resources, BOUNDS, None)


def test_letterheads_that_share_their_state_share_it_in_the_copy(pdf):
    """A state that two forms use, and a form that is shown under two names, are made once."""
    state = pdf.make_indirect(Dictionary(LW=2))
    first, second = (form(pdf, b"/G gs 0 0 9 9 re f", ExtGState=Dictionary(G=state)) for _ in range(2))
    resources = Dictionary(XObject=Dictionary(A=first, B=first, C=second))
    target, made = copied(pdf.make_stream(b"/A Do /B Do /C Do"), resources)
    inner = made.Resources.XObject
    assert inner.A.objgen == inner.B.objgen != inner.C.objgen
    assert sum(isinstance(item, pikepdf.Stream) for item in target.objects) == 3


@pytest.mark.parametrize("shows", [b"(A) Tj", b"[(A)] TJ", b"(A) '", b'1 2 (A) "'])
def test_a_page_with_letters_is_no_scan(pdf, shows):
    helvetica = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, Encoding=Name.WinAnsiEncoding)
    copy = Copy(pikepdf.new())
    content = pdf.make_stream(b"BT /F 9 Tf %s ET" % shows)
    copy.form(content, Dictionary(Font=Dictionary(F=helvetica)), BOUNDS, None)
    assert copy.seen.drawn


def test_a_form_of_more_instructions_than_its_picture_would_weigh(pdf):
    marks = b"/P << /ActualText (%s) >> BDC EMC " % (b"a" * 32_000)
    with pytest.raises(UnfitError, match="too many instructions"):
        copied(pdf.make_stream(b"/A Do"), Dictionary(XObject=Dictionary(A=form(pdf, marks * 130))))


def test_a_page_of_more_instructions_than_its_picture_would_weigh(tmp_path):
    path = tmp_path / "a.pdf"
    path.write_bytes(one_page(stream(b"/Filter/FlateDecode", zlib.compress(b"0 0 9 9 re f" + b" " * 4_000_001))))
    assert vector_page(path, 1, 0) == "UnfitError: too many instructions"


def test_a_picture_cut_out_by_a_stencil(pdf):
    stencil = pdf.make_stream(b"\xff", Object.parse(b"<< /Width 8 /Height 1 /BitsPerComponent 1 /ImageMask true >>"))
    entries = Object.parse(b"<< /Width 8 /Height 1 /BitsPerComponent 8 /ColorSpace /DeviceGray >>")
    entries.Mask = stencil
    made = image(pdf, pdf.make_stream(b"12345678", entries))
    assert (made.Mask.ImageMask, made.Mask.read_bytes()) == (True, b"\xff")


@pytest.mark.filterwarnings("ignore:pikepdf is missing some specialized decoders")
@pytest.mark.parametrize("decode", [None, [1, 0]])
def test_a_mask_of_one_bit_stays_as_it_is_coded_where_that_is_smaller(decode, book, part, tmp_path):
    """Letters over a ground, as scanners divide a page: the code of the letters was exchanged for one of three times the size."""
    entries = Dictionary(Subtype=Name.Image, Width=160, Height=120, BitsPerComponent=1, ColorSpace=Name.DeviceGray)
    entries.Filter = Name.JBIG2Decode
    if decode:
        entries.Decode = Array(decode)
    mask = book.pdf.make_stream(DRAWN_GENERIC, entries)
    red = book.image(np.full((8, 8, 3), (200, 0, 0), np.uint8), SMask=mask)
    book.page(f"{PAGE} q 320 0 0 240 60 40 cm /I Do Q", XObject={"/I": red})
    out, encodings = part(book)
    assert encodings == [Encoding.VECTOR]
    for render in (render_pdfium, render_poppler, render_gs):
        ours, theirs = (seen(render, path) for path in (out, tmp_path / "scan.pdf"))
        # Ghostscript paints stencils, as ours is one, half a pixel aside.
        assert same_picture(ours, theirs, tolerance=130 if render is render_gs else 2)
        assert ((ours[..., 0] > 150) & (ours[..., 1] < 60)).sum() > 1000
    with pikepdf.open(out) as pdf:
        (kept,) = [item for item in pdf.objects if isinstance(item, pikepdf.Stream) and "/ImageMask" in item]
        assert kept.read_raw_bytes() == DRAWN_GENERIC


@pytest.mark.parametrize(
    ("colours", "fits"), [("/Indexed /RGB 0 <ff0000>", True), ("/Indexed /CMYK 0 <ff000000>", False)]
)
def test_a_palette_in_the_instructions(pdf, colours, fits):
    content = pdf.make_stream(f"BI /W 1 /H 1 /BPC 8 /CS [{colours}] ID a EI".encode())
    if fits:
        _target, made = copied(content, Dictionary())
        assert b"ff0000" in made.read_bytes() or b"\xff\x00\x00" in made.read_bytes()
    else:
        with pytest.raises(UnfitError, match="with colours of"):
            copied(content, Dictionary())


def test_the_colours_of_an_image_in_the_instructions_may_have_a_name_of_the_page(pdf):
    """A page of hundreds of small ones became a picture of six times its size."""
    content = pdf.make_stream(b"BI /W 1 /H 1 /BPC 8 /CS /Own ID \0 EI")
    own = Array([Name.Indexed, Name.DeviceRGB, 0, pikepdf.String(b"\xff\0\0")])
    _target, made = copied(content, Dictionary(ColorSpace=Dictionary(Own=own, Other=Name.DeviceGray)))
    assert set(made.Resources.ColorSpace.keys()) == {"/Own"}
    assert bytes(made.Resources.ColorSpace.Own[3]) == b"\xff\0\0"
    own = Array([Name.Indexed, Name.DeviceCMYK, 0, pikepdf.String(b"\xff\0\0\0")])
    with pytest.raises(UnfitError):
        copied(content, Dictionary(ColorSpace=Dictionary(Own=own)))


def jpeg_2000(pdf, **entries):
    code = io.BytesIO()
    Image.fromarray(np.add.outer(np.arange(60) * 2, np.arange(90)).astype(np.uint8)).save(code, "JPEG2000")
    image = Dictionary(Type=Name.XObject, Subtype=Name.Image, Width=90, Height=60, ColorSpace=Name.DeviceGray)
    image.BitsPerComponent, image.Filter = 8, Name.JPXDecode
    for key, value in entries.items():
        image[f"/{key}"] = value
    return pdf.make_stream(code.getvalue(), image)


def test_jpeg_2000_is_taken_over_where_pdf_a_allows_it(pdf):
    source = jpeg_2000(pdf)
    made = image(pdf, source)
    assert (made.Filter, made.read_raw_bytes()) == (Name.JPXDecode, source.read_raw_bytes())
    with pytest.raises(UnfitError, match="JPEG 2000 that PDF/A does not allow"):
        image(pdf, jpeg_2000(pdf, Decode=Array([1, 0])))


def photograph(mode, cut=0):
    """A JPEG of even ground, as scanners put it under the letters of a page; ``cut``: bytes that are missing at its end."""
    code = io.BytesIO()
    Image.new(mode, (800, 800), 250 if mode == "L" else (250, 240, 220)).save(code, "JPEG")
    return code.getvalue()[: len(code.getvalue()) - cut]


def with_photograph(pdf, mode="RGB", cut=0, **entries):
    colours = Name.DeviceRGB if mode == "RGB" else Name.DeviceGray
    about = Dictionary(
        Type=Name.XObject, Subtype=Name.Image, Width=800, Height=800, ColorSpace=colours, BitsPerComponent=8
    )
    about.Filter = Array([Name.FlateDecode, Name.DCTDecode])
    for key, value in entries.items():
        about[f"/{key}"] = value
    return pdf.make_stream(zlib.compress(photograph(mode, cut)), about)


@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_a_photograph_that_was_packed_once_more_stays_packed(pdf, mode):
    """Its code alone has ten times the bytes, and came out so."""
    made = image(pdf, with_photograph(pdf, mode))
    assert list(made.Filter) == [Name.FlateDecode, Name.DCTDecode]
    assert zlib.decompress(made.read_raw_bytes()) == photograph(mode)
    assert len(made.read_raw_bytes()) < len(photograph(mode)) / 5
    wish = Array([None, Dictionary(ColorTransform=1)])
    made = image(pdf, with_photograph(pdf, mode, DecodeParms=wish))
    assert (made.DecodeParms[0], made.DecodeParms[1].ColorTransform) == (None, 1)


def test_a_packed_photograph_is_verified_like_any(pdf):
    for cut in (0, 300):
        painted = form(pdf, b"/A Do", XObject=Dictionary(A=with_photograph(pdf, cut=cut)))
        if cut:
            with pytest.raises(OSError, match="truncated"):
                check_form(painted)
        else:
            check_form(painted)


def test_codes_of_pictures_that_are_not_taken_over(pdf):
    shared = Object.parse(b"<< /Width 8 /Height 1 /ColorSpace /DeviceGray /Filter /JBIG2Decode >>")
    shared.DecodeParms = Dictionary(JBIG2Globals=Dictionary())
    with pytest.raises(UnfitError, match="no stream"):
        image(pdf, pdf.make_stream(b"12345678", shared))
