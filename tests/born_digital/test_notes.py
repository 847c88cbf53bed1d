"""Notes and fields on pages of text: painted where they were, from the appearance that they bring or that the drawn page gives them."""

from decimal import Decimal

import numpy as np
import pypdfium2 as pdfium
import pytest
from pikepdf import Array, Dictionary, Name, String
from PIL import Image

from itrwatch.born_digital import note_drawings
from itrwatch.born_digital.page import vector_page
from itrwatch.core.pages import Encoding
from itrwatch.scans.opening import read_page
from tests.born_digital.test_pages import LINES, assert_fit, book, done, part, same_picture, seen, text_of
from tests.pdf_tools import qpdf_check, render_gs, render_pdfium, render_poppler
from tests.scans.test_annotations import KINDS, note

__all__ = ["book", "done", "part"]  # fixtures


def noted(book, rotate=0):
    """A stamp that lies on its side in its appearance, and a filled field in Helvetica; a hidden note, which nobody sees."""
    page = book.page()
    page.Rotate = rotate
    stamp = Dictionary(
        Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 20, 100]), Matrix=Array([0, 1, -1, 0, 0, 0])
    )
    red = book.pdf.make_stream(b"1 0 0 rg 0 0 20 60 re f 0 0 1 rg 5 60 10 40 re f", stamp)
    field = Dictionary(Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 100, 20]))
    helvetica = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, Encoding=Name.WinAnsiEncoding)
    field.Resources = Dictionary(Font=Dictionary(F=helvetica))
    filled = book.pdf.make_stream(b"/Tx BMC BT /F 12 Tf 2 5 Td (Jos\351 da Silva) Tj ET EMC", field)
    entry = Dictionary(Type=Name.Annot, Subtype=Name.Widget, Rect=Array([300, 60, 500, 100]), AP=Dictionary(N=filled))
    entry.FT, entry.T, entry.V, entry.F = Name.Tx, String("nome"), String("José da Silva"), 4
    seen = Dictionary(Type=Name.Annot, Subtype=Name.Stamp, Rect=Array([60, 40, 260, 80]), AP=Dictionary(N=red), F=4)
    hidden = Dictionary(Type=Name.Annot, Subtype=Name.Stamp, Rect=Array([60, 90, 260, 120]), AP=Dictionary(N=red), F=2)
    page.Annots = Array([book.pdf.make_indirect(each) for each in (seen, entry, hidden)])
    book.pdf.Root.AcroForm = Dictionary(Fields=Array([page.Annots[1]]))


def with_fields(path, index, dpi):
    with pdfium.PdfDocument(path) as pdf:
        pdf.init_forms()
        return pdf[index].render(scale=dpi / 72, may_draw_forms=True).to_numpy()[..., :3].copy()


@pytest.mark.parametrize("rotate", [0, 90])
def test_notes_and_fields_are_painted_where_they_were(rotate, book, part, tmp_path):
    noted(book, rotate)
    out, encodings = part(book)
    assert encodings == [Encoding.VECTOR]
    assert "José da Silva" in text_of(out)
    assert same_picture(seen(with_fields, out), seen(with_fields, tmp_path / "scan.pdf"), tolerance=8)
    assert_fit(out)


INK, LINE = Array([Array([60, 40, 120, 110, 180, 50]), Array([200, 60, 240, 60])]), Array([60, 40, 300, 110])
CORNERS = Array([60, 40, 160, 110, 260, 50])


@pytest.mark.parametrize("rotate", [0, 90])
@pytest.mark.parametrize(
    "kind",
    [
        *({"Subtype": Name.Ink, "InkList": INK}, {"Subtype": Name.Line, "L": LINE, "LE": Array([Name.OpenArrow] * 2)}),
        *(
            {"Subtype": Name.PolyLine, "Vertices": CORNERS},
            {"Subtype": Name.Polygon, "Vertices": CORNERS, "IC": [0, 1, 0]},
        ),
    ],
    ids=lambda kind: str(kind["Subtype"]),
)
def test_lines_and_ink_without_appearance_stay_lines(kind, rotate, book, part, tmp_path):
    """A page of text or a scan with one had to become a picture, a scan a larger one than it came as."""
    page = book.page()
    page.Rotate = rotate
    style = {"C": Array([1, 0, 0]), "BS": Dictionary(W=3), "Rect": Array([55, 35, 305, 115])}
    page.Annots = Array([Dictionary(Type=Name.Annot, F=4, **style, **kind)])
    drawn = read_page(book.save(tmp_path / "scan.pdf"), 1).raster
    out, encodings = part(book)
    assert encodings == [Encoding.VECTOR]
    assert "Fazenda Boa Vista" in text_of(out)
    ours = seen(render_pdfium, out)
    theirs = np.asarray(Image.fromarray(drawn.pixels).resize(ours.shape[1::-1], Image.Resampling.BOX))
    assert same_picture(ours, theirs)
    assert ((ours[..., 0] > 200) & (ours[..., 2] < 90)).sum() > 150  # the lines are there
    assert same_picture(seen(render_poppler, out), seen(render_pdfium, out), tolerance=100)
    assert_fit(out)


def as_drawn(path, like):
    """The first page as it was drawn, in the size of ``like``."""
    drawn = Image.fromarray(read_page(path, 1).raster.pixels).convert("RGB")
    return np.asarray(drawn.resize(like.shape[1::-1], Image.Resampling.BOX))


def of_kind(kind, **changes):
    """A note of the kind over the lower part of the page, without an appearance."""
    made = note(kind, rect=(100, 40, 300, 140))
    for key, value in (KINDS[kind] | changes).items():
        made[f"/{key}"] = value
    for key in {"QuadPoints", "L", "Vertices"} & {*KINDS[kind]}:
        made[f"/{key}"] = Array([at - 560 * (place % 2) for place, at in enumerate(made[f"/{key}"])])
    if kind == "Ink":
        made.InkList = Array([Array([120, 60, 200, 120, 280, 60])])
    return made


@pytest.mark.parametrize("rotate", [0, 90])
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_page_with_a_note_of_any_kind_stays_text(kind, rotate, book, part, tmp_path):
    page = book.page()
    page.Rotate = rotate
    page.Annots = Array([of_kind(kind)])
    out, encodings = part(book)
    assert encodings == [Encoding.VECTOR]
    assert all(line in text_of(out) for line in LINES)
    ours = seen(render_pdfium, out)
    theirs = as_drawn(tmp_path / "scan.pdf", ours)
    assert same_picture(ours, theirs)
    assert (np.ptp(ours, axis=2) > 60).sum() > 20  # the note is there
    for render in (render_poppler, render_gs):
        assert same_picture(seen(render, out), ours, tolerance=130)  # thin lines lie on other pixels
    qpdf_check(out)


@pytest.mark.parametrize("how", [{"CA": Decimal("0.5")}, {"C": Array([0, 1, 1, 0])}])
def test_ink_that_is_see_through_or_of_printing_colours_stays_lines(how, book, part, tmp_path):
    book.page().Annots = Array([of_kind("Ink", **how)])
    out, encodings = part(book)
    assert encodings == [Encoding.VECTOR]
    ours = seen(render_pdfium, out)
    assert same_picture(ours, as_drawn(tmp_path / "scan.pdf", ours))
    qpdf_check(out)


def test_a_sticky_note_stays_its_icon(book, part, tmp_path):
    book.page().Annots = Array([note("Text", rect=(100, 40, 118, 60), Contents=String("CIENTE"))])
    out, encodings = part(book)
    assert encodings == [Encoding.VECTOR]
    ours = seen(render_pdfium, out)
    assert same_picture(ours, as_drawn(tmp_path / "scan.pdf", ours))


def field(book, **entries):
    entry = Dictionary(Type=Name.Annot, Subtype=Name.Widget, Rect=Array([60, 40, 260, 60]), FT=Name.Tx, F=4)
    entry.T, entry.V, entry.DA = String("nome"), String("Jose da Silva"), String("/Helv 12 Tf 0 g")
    for key, value in entries.items():
        entry[f"/{key}"] = value
    book.page().Annots = Array([book.pdf.make_indirect(entry)])
    fonts = Dictionary(Helv=Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
    book.pdf.Root.AcroForm = Dictionary(
        Fields=Array([book.pdf.pages[0].obj.Annots[0]]), NeedAppearances=True, DR=Dictionary(Font=fonts)
    )


def test_the_value_of_a_field_is_letters(book, part, tmp_path):
    field(book, MK=Dictionary(BC=Array([1, 0, 0])))
    out, encodings = part(book)
    assert encodings == [Encoding.VECTOR]
    assert "Jose da Silva" in text_of(out)
    ours = seen(render_pdfium, out)
    assert same_picture(ours, as_drawn(tmp_path / "scan.pdf", ours))
    assert_fit(out)


def test_boxes_that_are_not_ticked_do_no_harm(book, part, tmp_path):
    """Forms have a dozen of them, without an appearance for that state; each made a picture of its page."""
    ticked = book.pdf.make_stream(b"0 0 9 9 re f", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 9, 9]))
    states = Dictionary(N=Dictionary(Yes=ticked))
    field(book, FT=Name.Btn, V=Name.Off, AS=Name.Off, MK=Dictionary(CA=String("4")), AP=states)
    book.pdf.Root.AcroForm.NeedAppearances = False
    out, encodings = part(book)
    assert encodings == [Encoding.VECTOR]
    ours = seen(render_pdfium, out)
    assert same_picture(ours, as_drawn(tmp_path / "scan.pdf", ours))
    assert_fit(out)


def test_a_large_document_is_not_written_once_more_for_its_notes(book, tmp_path, monkeypatch):
    monkeypatch.setattr(note_drawings, "_MOST_BYTES", 1000)
    field(book)
    assert vector_page(book.save(tmp_path / "scan.pdf"), 1, 0) == "UnfitError: notes in a large document"
