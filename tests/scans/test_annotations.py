"""Notes and form values that bring no picture of themselves: what a viewer shows of a PDF is published, or reported."""

import io
import warnings
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from itrwatch.core.pages import Kept, PageOverride, PageRef, Removed
from itrwatch.core.settings import ImageConfig, StampConfig
from itrwatch.scans.opening import read_page
from itrwatch.scans.pdf.annotation_drawing import instructions
from itrwatch.scans.pdf.annotation_text import length, wrapped
from itrwatch.workers.page_task import work_page
from itrwatch.workers.tasks import PageTask

FIELD = Path(__file__).parents[3] / "shared" / "field" / "annotations"
HEIGHT = 842


def quads(x0, y0, x1, y1):
    return Array([x0, y1, x1, y1, x0, y0, x1, y0])


RED, BLUE = Array([1, 0, 0]), Array([0, 0, 1])
KINDS = {
    "FreeText": {"Contents": String("CIENTE"), "DA": String("/Helv 20 Tf 1 0 0 rg"), "BS": Dictionary(W=0)},
    "Ink": {"InkList": Array([Array([120, 620, 200, 680, 280, 620])]), "C": BLUE},
    "Highlight": {"QuadPoints": quads(100, 600, 300, 700), "C": RED},
    "Underline": {"QuadPoints": quads(100, 600, 300, 700), "C": RED},
    "StrikeOut": {"QuadPoints": quads(100, 600, 300, 700), "C": RED},
    "Squiggly": {"QuadPoints": quads(100, 600, 300, 700), "C": RED},
    "Square": {"C": RED},
    "Circle": {"C": RED},
    "Line": {"L": Array([100, 600, 300, 700]), "C": RED, "LE": Array([Name.OpenArrow, Name.Circle])},
    "PolyLine": {"Vertices": Array([100, 600, 200, 700, 300, 600]), "C": BLUE},
    "Polygon": {"Vertices": Array([100, 600, 200, 700, 300, 600]), "C": BLUE, "IC": RED},
    "Caret": {"C": BLUE},
    "Stamp": {"Name": Name.Approved},
}


def pdf_with(*notes, page=None, **catalogue):
    """A blank A4 page with notes on it."""
    with pikepdf.new() as pdf:
        sheet = pdf.add_blank_page(page_size=(595, HEIGHT)).obj
        sheet.Annots = Array([pdf.make_indirect(note(pdf) if callable(note) else note) for note in notes])
        for key, value in (page or {}).items():
            sheet[f"/{key}"] = value
        for key, value in catalogue.items():
            pdf.Root[f"/{key}"] = value
        buffer = io.BytesIO()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # pikepdf misses the form of some of them; that is what they are for
            pdf.save(buffer)
        return buffer.getvalue()


def note(kind, rect=(100, 600, 300, 700), **entries):
    return Dictionary(Type=Name.Annot, Subtype=Name(f"/{kind}"), Rect=Array(rect), F=4, **entries)


@pytest.fixture
def read(tmp_path):
    def do(data):
        (tmp_path / "a.pdf").write_bytes(data)
        return read_page(tmp_path / "a.pdf", 1)

    return do


def part_of(scanned, rect):
    dpi, (x0, y0, x1, y1) = scanned.raster.dpi, rect
    scale = dpi / 72
    rows = slice(round((HEIGHT - y1) * scale), round((HEIGHT - y0) * scale))
    return scanned.raster.pixels[rows, round(x0 * scale) : round(x1 * scale)]


def inked(scanned, rect):
    """The share of a rectangle of the page (pt, y up) that is not white."""
    part = part_of(scanned, rect)
    return float((part.reshape(*part.shape[:2], -1).min(axis=2) < 250).mean())


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_note_without_a_picture_is_drawn(read, kind):
    scanned = read(pdf_with(note(kind, **KINDS[kind])))
    assert inked(scanned, (95, 595, 305, 705)) > 0.002
    assert inked(scanned, (350, 100, 550, 550)) == 0
    assert (scanned.never_blank, scanned.remarks) == (True, ())


@pytest.mark.parametrize("kind", ["FileAttachment", "Sound", "Redact", "3D"])
def test_a_note_that_cannot_be_drawn_is_reported_by_its_kind_and_its_page_is_not_blank(read, kind):
    scanned = read(pdf_with(note(kind)))
    (sentence,) = scanned.remarks
    assert scanned.never_blank
    assert "que não pôde ser desenhada" in sentence
    assert {"FileAttachment": "arquivo anexado", "Sound": "gravação de som", "Redact": "tarja", "3D": "modelo 3D"}[
        kind
    ] in sentence


@pytest.mark.parametrize("kind", ["PolyLine", "Polygon", "FreeText"])
def test_a_line_of_which_a_coordinate_is_missing_is_not_guessed(read, kind):
    """One byte that was a digit: readers draw no such line, and a part of it was published without a word."""
    entries = dict(KINDS[kind])
    if kind == "FreeText":
        entries["CL"] = Array([100, 600, 150])
    else:
        entries["Vertices"] = Array(list(entries["Vertices"])[:-1])
    scanned = read(pdf_with(note(kind, **entries)))
    assert scanned.never_blank
    assert (inked(scanned, (95, 595, 305, 705)) > 0.002) is (kind == "FreeText")
    assert ["que não pôde ser desenhada" in sentence for sentence in scanned.remarks] == [True] * (kind != "FreeText")


def test_of_a_sticky_note_the_text_is_reported(read):
    scanned = read(pdf_with(note("Text", Contents=String("conferir\na área"))))
    assert "só o ícone aparece" in scanned.remarks[0]
    assert "“conferir a área”" in scanned.remarks[0]
    rich = read(pdf_with(note("Text", RC=String("<body><p>Olá</p></body>"))))
    assert "“Olá”" in rich.remarks[0]


@pytest.mark.parametrize("hidden", [{"F": 2}, {"F": 32}])
def test_a_hidden_note_is_no_content(read, hidden):
    scanned = read(pdf_with(Dictionary(Subtype=Name.Square, Rect=Array([100, 600, 300, 700]), C=RED, **hidden)))
    assert not scanned.never_blank
    assert scanned.raster.pixels.min() == 255


def test_a_note_beside_the_page_or_of_its_viewer_alone_is_no_content(read):
    outside = note("Square", rect=(700, 900, 800, 950), C=RED)
    scanned = read(pdf_with(outside, note("Popup"), note("Link")))
    assert (scanned.never_blank, scanned.raster.pixels.min()) == (False, 255)


def test_a_straight_line_whose_rectangle_is_flat_is_drawn(read):
    scanned = read(pdf_with(note("Line", rect=(100, 650, 300, 650), L=Array([100, 650, 300, 650]), C=RED)))
    assert inked(scanned, (100, 645, 300, 655)) > 0.05


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_notes_lie_where_they_lie_on_a_turned_page(read, turn):
    """pdfium's Square and our Polygon around the same corner of the paper."""
    corner = (100, 600, 300, 700)
    scanned = read(
        pdf_with(
            note("Square", rect=corner, C=RED, BS=Dictionary(W=6)),
            note(
                "Polygon",
                rect=corner,
                Vertices=Array([103, 603, 297, 603, 297, 697, 103, 697]),
                C=RED,
                BS=Dictionary(W=6),
            ),
            page={"Rotate": turn},
        )
    )
    alone = read(pdf_with(note("Square", rect=corner, C=RED, BS=Dictionary(W=6)), page={"Rotate": turn}))
    assert scanned.raster.pixels.shape == alone.raster.pixels.shape
    assert np.abs(scanned.raster.pixels.astype(int) - alone.raster.pixels).mean() < 0.2


def test_all_of_a_long_text_is_in_its_box(read):
    text = " ".join(f"palavra{number}" for number in range(60))
    scanned = read(pdf_with(note("FreeText", Contents=String(text), DA=String("/Helv 24 Tf 0 g"), BS=Dictionary(W=0))))
    assert inked(scanned, (100, 600, 300, 700)) > 0.05
    assert inked(scanned, (100, 400, 590, 598)) == 0
    drawn = instructions("/FreeText", note("FreeText", Contents=String(text), DA=String("/Helv 24 Tf 0 g")))
    assert "palavra59".encode("cp1252").hex() in drawn


def test_words_are_broken_where_they_must_be():
    assert wrapped("um dois três", 10, 40) == ["um dois", "três"]
    assert "".join(wrapped("i" * 100, 10, 50)) == "i" * 100
    assert length("é") == length("e") == 0.556


def field(**entries):
    return lambda _: note("Widget", **entries)


def with_parent(pdf):
    parent = pdf.make_indirect(
        Dictionary(FT=Name.Tx, T=String("n"), V=String("13153.720210/2019-34"), DA=String("/Helv 14 Tf 1 0 0 rg"))
    )
    child = pdf.make_indirect(note("Widget", Parent=parent))
    parent.Kids = Array([child])
    pdf.Root.AcroForm = pdf.make_indirect(Dictionary(Fields=Array([parent]), NeedAppearances=True))
    return child


def test_a_value_that_stands_in_the_parent_of_its_field_is_drawn(read):
    scanned = read(pdf_with(with_parent))
    assert inked(scanned, (100, 600, 300, 700)) > 0.002
    assert scanned.never_blank


def test_fields_of_a_file_without_a_form_show_their_pictures(read):
    def pictured(pdf):
        look = pdf.make_stream(
            b"0 0 1 rg 0 0 200 100 re f", Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 200, 100]
        )
        return note("Widget", FT=Name.Tx, V=String("R$ 12,00"), AP=Dictionary(N=look))

    scanned = read(pdf_with(pictured))
    assert inked(scanned, (105, 605, 295, 695)) == 1


def test_a_ticked_box_shows_the_picture_of_its_value(read):
    """/AS is missing; the value says which of the pictures it is (ISO 32000, 12.7.4.2.3)."""

    def ticked(pdf):
        on = pdf.make_stream(b"0 g 0 0 200 100 re f", Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 200, 100])
        off = pdf.make_stream(b"", Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 200, 100])
        looks = Dictionary({"/Sim": on, "/Off": off})
        child = pdf.make_indirect(note("Widget", FT=Name.Btn, T=String("c"), V=Name("/Sim"), AP=Dictionary(N=looks)))
        pdf.Root.AcroForm = Dictionary(Fields=Array([child]))
        return child

    assert inked(read(pdf_with(ticked)), (105, 605, 295, 695)) > 0.9


@pytest.mark.parametrize("kind", [0, 1 << 15])  # a check box, a radio button
def test_a_box_with_one_picture_for_both_states_shows_it(read, kind):
    """Producers write buttons to be pushed without saying that they are; pdfium took them for boxes and drew an empty frame."""

    def button(pdf):
        look = pdf.make_stream(b"0 g 0 0 200 100 re f", Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 200, 100])
        child = pdf.make_indirect(note("Widget", FT=Name.Btn, Ff=kind, T=String("c"), AP=Dictionary(N=look)))
        pdf.Root.AcroForm = Dictionary(Fields=Array([child]))
        return child

    assert inked(read(pdf_with(button)), (105, 605, 295, 695)) > 0.9


@pytest.mark.parametrize("kind", [0, 1 << 15])  # a check box, a radio button
def test_a_box_that_is_not_ticked_leaves_the_lines_of_the_page_under_it(read, kind):
    """It has a picture for “ticked” only; pdfium drew a pale frame instead, over the black lines of a tax form."""

    def unticked(pdf):
        on = pdf.make_stream(b"0 g 0 0 200 100 re f", Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 200, 100])
        looks = Dictionary(N=Dictionary(Sim=on))
        child = pdf.make_indirect(note("Widget", FT=Name.Btn, Ff=kind, T=String("c"), AS=Name.Off, AP=looks))
        pdf.Root.AcroForm = Dictionary(Fields=Array([child]))
        pdf.pages[0].Contents = pdf.make_stream(b"0 g 90 590 220 120 re f")
        return child

    scanned = read(pdf_with(unticked))
    assert part_of(scanned, (95, 595, 305, 705)).max() == 0
    assert not scanned.never_blank


def test_an_empty_field_is_no_content(read):
    scanned = read(pdf_with(field(FT=Name.Tx, T=String("nome"))))
    assert (scanned.never_blank, scanned.raster.pixels.min()) == (False, 255)
    framed = read(pdf_with(field(FT=Name.Tx, T=String("nome"), MK=Dictionary(BC=Array([0])))))
    assert not framed.never_blank


@pytest.mark.parametrize(("kind", "kept"), [("FileAttachment", True), ("Link", False)])
def test_a_page_with_nothing_but_a_note_is_not_removed_as_blank(tmp_path, kind, kept):
    (tmp_path / "a.pdf").write_bytes(pdf_with(note(kind)))
    task = PageTask(
        tmp_path, PageRef("a.pdf", 1), PageOverride(), StampConfig(), 9, ImageConfig(turn_pages=False), None
    )
    done = work_page(task)
    assert isinstance(done.verdict, Kept if kept else Removed)


def test_a_sticky_note_without_a_place_is_shown_in_the_corner_as_viewers_do(tmp_path):
    """A turned bit in the name of its rectangle: the page was removed as blank, in silence."""
    (tmp_path / "a.pdf").write_bytes(pdf_with(Dictionary(Subtype=Name.Text, Contents=String("CIENTE"))))
    scanned = read_page(tmp_path / "a.pdf", 1)
    assert scanned.never_blank
    assert "CIENTE" in scanned.remarks[0]
    assert scanned.raster.pixels.min() < 50


@pytest.mark.skipif(not FIELD.is_dir(), reason="needs ../shared/field")
@pytest.mark.parametrize("path", sorted(FIELD.glob("note_*.pdf")), ids=lambda path: path.stem)
def test_a_reported_file_shows_its_note(path):
    scanned = read_page(path, 1)
    assert scanned.never_blank
    if path.stem == "note_text_icon_only":
        assert "nota adesiva" in scanned.remarks[0]
