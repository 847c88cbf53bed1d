"""The drawn pages and the scanner simulator, on which other tests rely: they are what they say they are."""

import re

import numpy as np
import pikepdf
import pypdfium2 as pdfium
import pytest
from PIL import ExifTags, Image, ImageSequence

from bench.truth import TRUTH
from itrwatch.core.manifest import from_json
from itrwatch.core.pages import Reason
from itrwatch.core.ranges import resolve
from itrwatch.core.sections import Section
from itrwatch.demo import case
from itrwatch.demo.case import SIDECAR, draw_sample_case
from itrwatch.demo.drawing import PageKind, draw
from itrwatch.demo.paper import scan
from itrwatch.demo.scanner import bilevel_of, write_jpeg, write_pdf, write_tiff
from itrwatch.sidecar.sidecar import read_sidecar
from itrwatch.sidecar.yaml_tree import read
from tests.commands.test_cli import itrwatch
from tests.office import CASE, page
from tests.scanner import in_pieces, page_by_page_pdf, page_by_page_tiff, preallocated, renamed

DPI = 100


def test_every_kind_is_known_and_draws_the_same_pixels_for_the_same_seed():
    assert set(TRUTH) == set(PageKind)
    for kind in PageKind:
        assert draw(kind, 3, 60).tobytes() == draw(kind, 3, 60).tobytes()


def test_another_seed_draws_another_page():
    assert draw(PageKind.LETTER, 1, 60).tobytes() != draw(PageKind.LETTER, 2, 60).tobytes()


def test_a_blank_page_has_grain_but_no_ink():
    pixels = np.asarray(scan(draw(PageKind.BLANK, 1, DPI), 1, DPI, dust=0))
    assert pixels.min() > 200
    assert pixels.std() > 0.5


def test_coloured_kinds_have_colour_and_others_have_not():
    for kind, truth in TRUTH.items():
        if kind is PageKind.BLANK_STAMP:
            continue
        pixels = np.asarray(draw(kind, 1, 60)).astype(int)
        coloured = (pixels.max(axis=2) - pixels.min(axis=2) > 40).sum() > 20
        assert coloured == (truth.coloured or (kind is PageKind.SHEET_NUMBER and coloured)), kind


def test_a_scanned_pdf_has_the_dpi_it_was_scanned_at(tmp_path):
    write_pdf(tmp_path / "a.pdf", [page("A"), page("B")], DPI)
    with pikepdf.open(tmp_path / "a.pdf") as pdf:
        assert len(pdf.pages) == 2
        width = float(pdf.pages[0].mediabox[2])
    assert page("A").width / (width / 72) == pytest.approx(DPI, rel=0.001)


def test_a_fax_in_a_pdf_shows_the_pages_own_pixels(tmp_path):
    write_pdf(tmp_path / "a.pdf", [page("A")], DPI, bilevel=True)
    with pikepdf.open(tmp_path / "a.pdf") as pdf:
        shown = pikepdf.PdfImage(pdf.pages[0].Resources.XObject.Im0).as_pil_image()
        assert shown.convert("L").tobytes() == bilevel_of(page("A")).convert("L").tobytes()


def test_a_scanned_pdf_is_the_same_bytes_every_time(tmp_path):
    for name in "ab":
        write_pdf(tmp_path / name, [page("A")], DPI, rotate=90, crop_mm=5, scale=0.9, ocr_text="Área de 12,5 ha")
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_a_pdf_may_be_cropped_shrunk_and_searchable_and_looks_shrunk(tmp_path):
    width, height = page("A").width * 72 / DPI, page("A").height * 72 / DPI
    write_pdf(tmp_path / "a.pdf", [page("A")], DPI, crop_mm=25.4, scale=0.5, ocr_text="Área de 12,5 ha\nNIRF 1.234")
    with pdfium.PdfDocument(tmp_path / "a.pdf") as pdf:
        assert pdf[0].get_cropbox() == pytest.approx((72, 72, width - 72, height - 72), abs=0.01)
        (picture,) = pdf[0].get_objects(filter=[pdfium.raw.FPDF_PAGEOBJ_IMAGE])
        assert picture.get_bounds() == pytest.approx((width / 4, height / 4, width * 3 / 4, height * 3 / 4), abs=0.01)
        assert pdf[0].get_textpage().get_text_range().split("\r\n") == ["Área de 12,5 ha", "NIRF 1.234"]


def test_a_jpeg_may_be_in_printing_inks_and_say_nothing_of_its_size(tmp_path):
    write_jpeg(tmp_path / "a.jpg", page("A"), None, cmyk=True)
    with Image.open(tmp_path / "a.jpg") as jpeg:
        assert jpeg.mode == "CMYK"
        assert not jpeg.info.get("jfif_unit")
        assert ExifTags.Base.XResolution not in jpeg.getexif()


def test_a_growing_pdf_is_valid_at_every_stage(tmp_path):
    path = tmp_path / "scan.pdf"
    for pages in page_by_page_pdf(path, [page(text) for text in "ABC"], DPI, bilevel=True):
        with pikepdf.open(path, attempt_recovery=False) as pdf:
            assert len(pdf.pages) == pages
    assert pages == 3


def test_a_growing_tiff_is_valid_at_every_stage(tmp_path):
    path = tmp_path / "fax.tif"
    for pages, _ in enumerate(page_by_page_tiff(path, [page(text) for text in "ABC"], DPI), start=1):
        with Image.open(path) as tiff:
            assert sum(1 for _ in ImageSequence.Iterator(tiff)) == pages
    assert pages == 3


def test_slow_renamed_and_preallocated_files_end_as_the_same_bytes(tmp_path):
    write_jpeg(tmp_path / "a.jpg", page("A").convert("RGB"), DPI)
    data = (tmp_path / "a.jpg").read_bytes()
    target = tmp_path / "b.jpg"
    sizes = list(in_pieces(data, target, 5))
    assert sizes == sorted(set(sizes))
    assert target.read_bytes() == data
    target.unlink()
    for _ in preallocated(data, target, 5):
        assert target.stat().st_size == len(data)
    assert target.read_bytes() == data
    target.unlink()
    assert not target.exists()
    for _ in renamed(data, target):
        pass
    assert target.read_bytes() == data


def test_a_multi_page_tiff_holds_its_pages(tmp_path):
    write_tiff(tmp_path / "a.tif", [page("A"), page("B")], DPI)
    with Image.open(tmp_path / "a.tif") as tiff:
        assert tiff.n_frames == 2
        assert tiff.info["compression"] == "group4"


def test_the_sample_sidecar_claims_every_page_once_for_its_own_section(tmp_path, monkeypatch):
    monkeypatch.setattr(case, "DPI", 60)
    truth = sorted((p.file, p.page, p.section) for p in draw_sample_case(tmp_path))
    data = (tmp_path / SIDECAR).read_bytes()
    assert data.count(b"\n") == data.count(b"\r\n") > 0
    reading = read_sidecar(read(data, SIDECAR).node, SIDECAR)
    assert reading.findings == ()
    claimed = [
        (source.file, number, entry.section)
        for entry in reading.sidecar.sections
        for source in entry.sources
        for number in resolve(source.spans, sum(file == source.file for file, _, _ in truth))
    ]
    assert sorted(claimed) == truth


def test_a_blank_fax_has_specks_of_dust(tmp_path, monkeypatch):
    monkeypatch.setattr(case, "DPI", 100)
    (fax,) = [p for p in draw_sample_case(tmp_path) if p.file.endswith(".tif") and p.removed]
    with Image.open(tmp_path / fax.file) as tiff:
        tiff.seek(fax.page - 1)
        assert not np.asarray(tiff).all()


@pytest.mark.slow
def test_demo_draws_a_case_does_it_as_it_was_drawn_and_says_where_to_look(tmp_path, monkeypatch):
    root = tmp_path / "d"
    done = itrwatch("demo", root)
    assert done.returncode == 0, done.stderr
    assert "13153.720210/2019-34" in (root / "saida" / "index.html").read_text("utf-8")
    for word in ("NOTI.pdf", "IMPUGNA.pdf", "Entrada:", "Saída:", "Painel:"):
        assert word in done.stdout
    assert re.search(r"em \d+,\d s$", done.stdout, re.MULTILINE)
    assert done.stdout.index("NOTI.pdf") < done.stdout.index("Entrada:") < done.stdout.index("aviso:")
    assert done.stderr == ""  # what there is to say is said once
    assert itrwatch("demo", tmp_path).returncode == 64
    monkeypatch.setattr(case, "DPI", 60)  # what is on which page does not depend on it
    (tmp_path / "again").mkdir()
    manifest = from_json((root / "saida" / CASE / "manifesto.json").read_text("utf-8"))
    as_drawn(manifest, draw_sample_case(tmp_path / "again"))


def as_drawn(manifest, pages):
    """The whole demonstration against what is known of every page: kept, removed and why, turned upright."""
    truth = {(p.file, p.page): p for p in pages}
    assert {(p.file, p.page) for p in manifest.pages} == set(truth)
    for entry in manifest.pages:
        known = truth[entry.file, entry.page]
        assert entry.section is known.section
        assert (entry.outcome, entry.reason) == (("removed", known.removed) if known.removed else ("published", None))
        if entry.outcome == "published":
            assert entry.turn == known.turn, (entry, known)
    assert {p.removed for p in truth.values()} == {None, Reason.BLANK, Reason.BLANK_STAMP}
    assert {p.section for p in truth.values()} == set(Section)
