"""What is see-through or blended on a page of text stays so, and every reader shows it as it showed the original."""

from decimal import Decimal

import numpy as np
import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from itrwatch.born_digital.entries import UnfitError
from itrwatch.born_digital.page import vector_page
from itrwatch.born_digital.states import blends, graphics_state, group
from itrwatch.core.pages import Encoding
from itrwatch.pdf.forms import check_form
from tests.born_digital.test_pages import (
    DRAWING,
    PAGE,
    PART_1_ONLY,
    Book,
    book,
    done,
    part,
    same_picture,
    seen,
    small_picture,
    text_of,
)
from tests.pdf_tools import preflight, render_gs, render_pdfium, render_poppler

__all__ = ["book", "done", "part"]  # fixtures

MARK = "1 0.9 0 rg 60 380 300 160 re f"
"""An area over the lines of text, as a highlighter leaves it."""


def form(book, content, **entries):
    made = book.pdf.make_stream(content.encode(), Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 600, 840]))
    for key, value in entries.items():
        made[f"/{key}"] = value
    return made


def see_through(book):
    book.page(f"{PAGE} q /G gs {MARK} Q", ExtGState={"/G": Dictionary(ca=Decimal("0.4"), CA=Decimal("0.5"))})


def highlighted(book):
    book.page(f"{PAGE} q /G gs {MARK} Q", ExtGState={"/G": Dictionary(BM=Name.Multiply)})


def in_a_group(book):
    """Two areas that overlap, see-through as a whole; the page has a group of its own, as every page of Word has."""
    both = form(
        book, f"{MARK} 0 0.6 0.2 rg 200 300 300 160 re f", Group=Dictionary(S=Name.Transparency, I=True, K=False)
    )
    state = {"/G": Dictionary(ca=Decimal("0.4"))}
    page = book.page(f"{PAGE} q /G gs /X Do Q", ExtGState=state, XObject={"/X": both})
    page.Group = Dictionary(S=Name.Transparency, CS=Name.DeviceRGB)


def ended(book):
    """See-through until the next state, which is opaque: it must stay in the copy, or all of the page is pale."""
    states = {"/G": Dictionary(ca=Decimal("0.2")), "/O": Dictionary(ca=1, BM=Name.Normal, SMask=Name("/None"))}
    book.page(f"/G gs {MARK} /O gs 0 g {PAGE}", ExtGState=states)


def masked(book):
    """A drawing that fades out to the right."""
    fade = Dictionary(FunctionType=2, Domain=Array([0, 1]), C0=Array([1]), C1=Array([0]), N=1)
    axial = Dictionary(ShadingType=2, ColorSpace=Name.DeviceGray, Function=fade, Coords=Array([60, 0, 360, 0]))
    axial.Extend = Array([True, True])
    shape = form(book, "/A sh", Group=Dictionary(S=Name.Transparency, CS=Name.DeviceGray))
    shape.Resources = Dictionary(Shading=Dictionary(A=axial))
    mask = Dictionary(Type=Name.Mask, S=Name.Luminosity, G=shape, BC=Array([0]))
    book.page(f"{PAGE} q /G gs {MARK} Q", ExtGState={"/G": Dictionary(SMask=mask)})


def faded_picture(book):
    soft = book.image(np.tile(np.linspace(0, 255, 90).astype(np.uint8), (60, 1)), Interpolate=True)
    book.page(f"{PAGE} q 270 0 0 180 60 380 cm /I Do Q", XObject={"/I": book.image(small_picture(), SMask=soft)})


@pytest.mark.parametrize("render", [render_pdfium, render_poppler, render_gs])
@pytest.mark.parametrize("paint", [see_through, highlighted, in_a_group, ended, masked, faded_picture])
def test_every_reader_shows_it_as_before(paint, render, book, part, tmp_path):
    paint(book)
    out, encodings = part(book, stamped=False)
    assert encodings == [Encoding.VECTOR]
    assert "Fazenda Boa Vista" in text_of(out)
    ours, theirs = seen(render, out), seen(render, tmp_path / "scan.pdf")
    assert same_picture(ours, theirs)
    plain = Book()
    plain.page()
    without = seen(render, plain.save(tmp_path / "plain.pdf"))
    assert not same_picture(theirs, without)  # it is there to be seen


@pytest.mark.parametrize("paint", [see_through, highlighted, in_a_group, ended, masked, faded_picture])
def test_only_transparency_itself_is_against_part_1(paint, book, part):
    paint(book)
    complaints = [line for line in preflight(part(book)[0]) if not any(rule in line for rule in PART_1_ONLY)]
    assert complaints
    assert [line for line in complaints if "ransparency" not in line] == []


def test_states_that_change_nothing_leave_no_trace(book, part):
    """What Word, LibreOffice and Chrome write on every page: opaque, normal, and a group."""
    inner = form(book, DRAWING, Group=Dictionary(S=Name.Transparency, I=True))
    state = Dictionary(ca=1, CA=1, BM=Name.Normal, SMask=Name("/None"), AIS=False)
    page = book.page(f"/G gs {PAGE} /X Do", ExtGState={"/G": state}, XObject={"/X": inner})
    page.Group = Dictionary(S=Name.Transparency, CS=Name.DeviceRGB)
    out, encodings = part(book)
    assert encodings == [Encoding.VECTOR]
    with pikepdf.open(out) as pdf:
        for item in pdf.objects:
            if isinstance(item, pikepdf.Stream | Dictionary):
                assert not {"/ca", "/CA", "/BM", "/SMask", "/AIS", "/Group"} & {*item.keys()}


def test_what_is_verified_includes_soft_masks():
    """An image that a soft mask paints and the file has not."""
    with pikepdf.new() as pdf:
        inner = pdf.make_stream(b"/I Do", Resources=Dictionary(XObject=Dictionary()))
        state = Dictionary(SMask=Dictionary(S=Name.Alpha, G=inner))
        page_form = pdf.make_stream(b"/G gs", Resources=Dictionary(ExtGState=Dictionary(G=state)))
        with pytest.raises(KeyError):
            check_form(page_form)
        inner.write(b"q Q")
        check_form(page_form)


def test_a_page_whose_parts_knock_each_other_out_is_drawn(book, tmp_path):
    see_through(book)
    book.pdf.pages[0].obj.Group = Dictionary(S=Name.Transparency, K=True)
    assert "knockout" in vector_page(book.save(tmp_path / "a.pdf"), 1, 0)


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("/SA 1", "is not true or false"),
        ("/ca 2", "an opacity of 2"),
        ("/CA -1", "an opacity of -1"),
        ("/BM /Unheard", "blending by"),
        ("/SMask /Some", "is none of"),
        ("/SMask << /S /Luminosity >>", "no ['/G']"),
        ("/SMask << /S /Luminosity /G << >> >>", "without a group"),
        ("/SMask << /S /Luminosity /G << /Group << >> >> /TR 7 >>", "is none of"),
        ("/SMask << /S /Luminosity /G << /Group << /CS /DeviceCMYK >> >> /BC [0 1 0 0] >>", "a backdrop of ink"),
        ("/TR 7", "graphics state /TR"),
        ("/HT 7", "graphics state /HT"),
        ("/Font [7 9]", "graphics state /Font"),
    ],
)
def test_states_that_are_not_understood(entry, message):
    with pytest.raises(UnfitError) as wrong:
        graphics_state(pikepdf.Object.parse(f"<< {entry} >>".encode()), lambda form: form)
    assert message in str(wrong.value)


def test_what_is_no_state():
    with pytest.raises(UnfitError, match="no graphics state"):
        graphics_state(7, lambda form: form)


def test_what_concerns_printing_plates_or_is_unknown_is_left_out():
    state = "<< /Type /ExtGState /OP true /OPM 1 /TR /Identity /Mine 7 /LW 2 /SA true >>"
    made = graphics_state(pikepdf.Object.parse(state.encode()), lambda form: form)
    assert made == Dictionary(LW=2, SA=True)


def test_of_several_ways_to_blend_the_first_that_is_known():
    made = graphics_state(Dictionary(BM=Array([Name.Unheard, Name.Multiply, Name.Screen])), lambda form: form)
    assert made == Dictionary(BM=Name.Multiply)


@pytest.mark.parametrize(("ground", "shown"), [((0, 0, 0, 1), 0), ((1, 1, 1, 1), 0), ((0, 0, 0, 0), 1)])
def test_a_soft_mask_blends_in_rgb_where_it_said_cmyk(ground, shown):
    inner = Dictionary(Group=Dictionary(S=Name.Transparency, CS=Name.DeviceCMYK))
    mask = Dictionary(S=Name.Luminosity, G=inner, BC=Array(ground))
    assert Array([shown] * 3) == graphics_state(Dictionary(SMask=mask), lambda form: form).SMask.BC
    with pikepdf.new() as pdf:
        assert Name.DeviceRGB == group(pdf, inner.Group).CS


def test_a_group_of_another_kind():
    with pikepdf.new() as pdf, pytest.raises(UnfitError, match="is none of"):
        group(pdf, Dictionary(S=Name.Unheard))


@pytest.mark.parametrize(
    ("entry", "mixes"),
    [("/ca 1", False), ("/ca 0.5", True), ("/CA 0.5", True), ("/BM /Normal", False), ("/BM /Darken", True)],
)
def test_what_mixes_with_what_lies_under_it(entry, mixes):
    assert blends(pikepdf.Object.parse(f"<< {entry} >>".encode())) is mixes
