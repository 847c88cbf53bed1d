"""A page with layers shows what a reader shows when it opens the document, and nothing that is hidden comes along."""

import pytest
from pikepdf import Array, Dictionary, Name, Object, String

from itrwatch.born_digital.entries import UnfitError
from itrwatch.born_digital.layers import Layers
from itrwatch.born_digital.page import vector_page
from itrwatch.core.pages import Encoding
from tests.born_digital.test_pages import (
    DRAWING,
    PAGE,
    assert_fit,
    book,
    done,
    encoded,
    part,
    same_picture,
    seen,
    small_picture,
    text_of,
)
from tests.pdf_tools import render_gs, render_pdfium, render_poppler

__all__ = ["book", "done", "part"]  # fixtures

SECRET = encoded("uso sem area")


def layer(book, *, on=True, **entries):
    """A layer of the document."""
    made = book.pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String("camada"), **entries))
    root = book.pdf.Root
    if Name.OCProperties not in root:
        root.OCProperties = Dictionary(OCGs=Array(), D=Dictionary(ON=Array(), OFF=Array(), Order=Array()))
    root.OCProperties.OCGs.append(made)
    root.OCProperties.D.Order.append(made)
    (root.OCProperties.D.ON if on else root.OCProperties.D.OFF).append(made)
    return made


def layered(book, *, form=True):
    """On a hidden layer: an area, letters, a gradient, images, a ``form``; on a visible one the page and an image."""
    shown, hidden = layer(book), layer(book, on=False)
    fade = Dictionary(FunctionType=2, Domain=Array([0, 1]), C0=Array([1, 0, 0]), C1=Array([0, 0, 1]), N=1)
    axial = Dictionary(ShadingType=2, ColorSpace=Name.DeviceRGB, Function=fade, Coords=Array([0, 0, 600, 0]))
    area = Dictionary(Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 600, 840]), OC=hidden)
    objects = {
        "/I": book.image(small_picture(), OC=shown),
        "/J": book.image(small_picture(), OC=hidden),
        "/X": book.pdf.make_stream(b"1 0 0 rg 100 300 100 100 re f", area),
    }
    out_of_sight = (
        f"q 0 1 0 rg 60 200 400 400 re f /A sh BT /F 30 Tf 60 300 Td <{SECRET}> Tj 0 -40 Td [<{SECRET}>] TJ ET Q "
        "q 200 0 0 200 300 300 cm /J Do BI /W 1 /H 1 /BPC 8 /CS /G ID a EI Q"
    )
    membership = Dictionary(Type=Name.OCMD, OCGs=Array([shown, hidden]), P=Name.AllOn)
    content = (
        f"/OC /S BDC {PAGE} EMC /OC /H BDC {out_of_sight} EMC /OC /M BDC 1 0 0 rg 0 0 600 300 re f EMC "
        f"q 90 0 0 60 400 120 cm /I Do Q {'/X Do' if form else ''} q 200 0 0 200 0 0 cm /J Do Q"
    )
    properties = {"/S": shown, "/H": hidden, "/M": book.pdf.make_indirect(membership)}
    book.page(content, XObject=objects, Properties=properties, Shading={"/A": axial})


@pytest.mark.parametrize("render", [render_pdfium, render_poppler, render_gs])
def test_every_reader_shows_the_visible_layers(render, book, part, tmp_path):
    layered(book, form=render is not render_gs)  # Ghostscript shows forms of hidden layers, other readers do not
    out, encodings = part(book, stamped=False)
    assert encodings == [Encoding.VECTOR]
    assert same_picture(seen(render, out), seen(render, tmp_path / "scan.pdf"))
    assert "Fazenda Boa Vista" in text_of(out)
    assert "uso sem area" not in text_of(out)
    assert_fit(out)


def test_what_hidden_content_sets_is_valid_after_it(book, part, tmp_path):
    """A clip and a position from a hidden layer; text whose place depends on hidden letters is drawn instead."""
    hidden = {"/H": layer(book, on=False)}
    clip = f"/OC /H BDC 60 20 300 820 re W f 1 0 0 rg EMC {PAGE}"
    book.page(clip, Properties=hidden)
    book.page(f"{PAGE} BT /F 11 Tf 60 60 Td /OC /H BDC <{SECRET}> Tj EMC 0 -14 Td <{SECRET}> Tj ET", Properties=hidden)
    book.page(f"{PAGE} BT /F 11 Tf 60 60 Td /OC /H BDC <{SECRET}> Tj EMC <{SECRET}> Tj ET", Properties=hidden)
    book.page(f"{PAGE} BT /F 11 Tf 7 Tr 60 60 Td /OC /H BDC <{SECRET}> Tj EMC ET", Properties=hidden)
    out, encodings = part(book, stamped=False)
    assert encodings[:2] == [Encoding.VECTOR] * 2
    for index in range(2):
        assert same_picture(seen(render_poppler, out, index), seen(render_poppler, tmp_path / "scan.pdf", index))
    assert "behind letters on a hidden layer" in vector_page(tmp_path / "scan.pdf", 3, 0)
    assert "letters on a hidden layer" in vector_page(tmp_path / "scan.pdf", 4, 0)


def test_a_note_on_a_layer(book, tmp_path):
    area = Dictionary(Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 600, 840]))
    drawing = book.pdf.make_stream(DRAWING.encode(), area)
    for on in (True, False):
        note = Dictionary(Type=Name.Annot, Subtype=Name.Stamp, Rect=Array([0, 0, 600, 840]), F=4)
        note.AP, note.OC = Dictionary(N=drawing), layer(book, on=on)
        book.page().Annots = Array([note])
    path = book.save(tmp_path / "a.pdf")
    assert not isinstance(vector_page(path, 1, 0), str)
    assert "a note: /Stamp" in vector_page(path, 2, 0)


VIEW = {"Usage": Dictionary(View=Dictionary(ViewState=Name.OFF))}


@pytest.mark.parametrize("entries", [VIEW, {"Intent": Name.Design}])
def test_layers_that_readers_show_or_hide_as_they_like(entries, book):
    made = layer(book, **entries)
    with pytest.raises(UnfitError, match="a layer"):
        Layers(book.pdf.Root).visible(made)


def test_a_layer_that_is_seen_from_near_only(book):
    made = layer(book)
    rule = Dictionary(Event=Name.View, Category=Array([Name.Zoom]), OCGs=Array([made]))
    book.pdf.Root.OCProperties.D.AS = Array([rule])
    with pytest.raises(UnfitError, match="depends on the reader"):
        Layers(book.pdf.Root).visible(made)
    rule.Category = Array([Name.Print])
    assert Layers(book.pdf.Root).visible(made)


@pytest.mark.parametrize(
    ("policy", "visible"), [("", True), ("/AnyOn", True), ("/AllOn", False), ("/AnyOff", True), ("/AllOff", False)]
)
def test_of_several_layers_their_policy_decides(policy, visible, book):
    both = Array([layer(book), layer(book, on=False)])
    entries = Dictionary(Type=Name.OCMD, OCGs=both, **({"P": Name(policy)} if policy else {}))
    assert Layers(book.pdf.Root).visible(entries) is visible


def test_the_state_at_opening(book):
    quiet = book.pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String("x")))
    assert Layers(book.pdf.Root).visible(quiet)
    on = layer(book)
    book.pdf.Root.OCProperties.D.BaseState = Name.OFF
    assert Layers(book.pdf.Root).visible(on)
    assert not Layers(book.pdf.Root).visible(quiet)
    assert Layers(book.pdf.Root).visible(Dictionary(Type=Name.OCMD))


@pytest.mark.parametrize("text", ["7", "<< >>", "<< /Type /OCMD /VE [] >>", "<< /Type /OCMD /OCGs [7] >>"])
def test_layers_that_are_not_understood(text):
    with pytest.raises(UnfitError, match="another kind"):
        Layers(Dictionary()).visible(Object.parse(text.encode()))


def test_a_layer_that_is_not_there(book, tmp_path):
    book.page(f"/OC /L BDC {PAGE} EMC")
    assert "a layer of another kind" in vector_page(book.save(tmp_path / "a.pdf"), 1, 0)
