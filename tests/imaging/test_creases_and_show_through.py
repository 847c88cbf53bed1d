"""Folds and print that shows through: taken off where they can be, and what nobody explains keeps the page."""

from __future__ import annotations

import json

import cv2
import numpy as np
import pytest
from PIL import Image

from itrwatch.core.manifest import from_json
from itrwatch.core.pages import Reason
from itrwatch.demo.drawing import PageKind, draw
from itrwatch.demo.marks import handwriting, rubber_stamp, strokes
from itrwatch.demo.paper import scan
from itrwatch.demo.sheet import Sheet
from itrwatch.imaging.analysis.analyse import analyse, analyse_with_back
from itrwatch.imaging.analysis.background import reduce_page
from itrwatch.imaging.analysis.blank import Blank, judge_blank
from itrwatch.imaging.analysis.creases import find_creases
from itrwatch.imaging.analysis.show_through import may_be_back
from itrwatch.imaging.encoding.codecs import thumbnail
from itrwatch.imaging.raster import Raster
from itrwatch.workers.pool import Pool
from tests.office import Office, scan_bytes

DPI = 150
PENCIL = (215, 215, 215)


def empty(seed=1):
    return Sheet(np.random.default_rng(seed), DPI)


def raster(picture, seed=1, **paper):
    return Raster(np.asarray(scan(picture, seed, DPI, **{"dust": 8} | paper)), float(DPI))


def drawn_line(sheet, x, y, length, slope=0.0, mm=0.5, colour=PENCIL):
    """A line by hand with a ruler, from ``x``, ``y`` on, mm."""
    line = strokes([np.array([(0.0, 0.0), (1.0, slope)]) * sheet.px(length)], mm / 25.4 * DPI, sheet.rng)
    sheet.ink(line, x, y, colour)
    return sheet.image


def front_and_back(page, seed=3, show_through=0.09, kind=PageKind.LETTER, **paper):
    """A sheet scanned on both sides: what is printed in front shows through on ``page``; it lay a little askew."""
    front = draw(kind, seed, DPI)
    lies = cv2.getRotationMatrix2D((600, 900), 0.4, 1.0)
    lies[:, 2] += (7, -9)
    moved = Image.fromarray(cv2.warpAffine(np.asarray(front), lies, front.size, borderValue=(255, 255, 255)))
    return raster(moved, seed + 1, **paper), raster(page, seed, back=front, show_through=show_through, **paper)


# Creases


@pytest.mark.parametrize("clockwise", [0, 90])
@pytest.mark.parametrize("seed", range(3))
def test_a_creased_sheet_is_blank_and_says_why(seed, clockwise):
    page = raster(empty().image, seed, crease=True, scanner_edge=True)
    seen = analyse(Raster(np.ascontiguousarray(np.rot90(page.pixels, -clockwise // 90)), page.dpi))
    assert isinstance(seen.blank, Blank)
    assert seen.blank.sentence == "página em branco: só a dobra do papel"
    assert 0.5 <= seen.evidence.confidence <= 1


@pytest.mark.parametrize(
    ("x", "y", "length", "slope"),
    [
        (60, 148, 60, 0.0),  # along the crease, which lies somewhere between 134 and 163 mm
        (60, 150, 40, 0.01),
        (80, 140, 25, 0.8),  # across it
        (20, 152, 170, 0.0),  # nearly as long as it
        (100, 60, 12, 0.1),  # far from it
    ],
)
@pytest.mark.parametrize("seed", range(3))
def test_pencil_on_a_creased_sheet_is_kept(x, y, length, slope, seed):
    assert not isinstance(analyse(raster(drawn_line(empty(), x, y, length, slope), seed, crease=True)).blank, Blank)


def test_pencil_drawn_exactly_along_the_crease_is_kept():
    for seed in range(3):
        creased = reduce_page(raster(empty().image, seed, crease=True))
        row = int(find_creases(creased).most.mean(axis=1).argmax()) * creased.mm_per_px
        page = drawn_line(empty(), 40, row - 0.3, 50)
        assert not isinstance(analyse(raster(page, seed, crease=True)).blank, Blank)


@pytest.mark.parametrize(
    ("x", "length", "mm", "colour"),
    [
        (0.0, 210, 0.5, PENCIL),  # a ruled line from border to border
        (0.0, 210, 0.7, (120, 120, 200)),  # in pen
        (0.0, 210, 4.0, (255, 250, 170)),  # a marker
        (15.0, 180, 1.5, (225, 225, 225)),  # broad and pale, but not to the border
    ],
)
def test_a_drawn_line_is_not_a_crease(x, length, mm, colour):
    reduced = reduce_page(raster(drawn_line(empty(), x, 120, length, mm=mm, colour=colour)))
    assert find_creases(reduced) is None
    assert not isinstance(judge_blank(reduced), Blank)


# The other side of the sheet


@pytest.mark.parametrize("kind", [PageKind.LETTER, PageKind.FORM, PageKind.PETITION])
def test_print_of_the_back_is_known_by_the_back_and_only_by_it(kind):
    front, page = front_and_back(empty().image, kind=kind)
    assert analyse(page).check_back
    other = raster(draw(PageKind.TERMO, 8, DPI), 8)
    assert analyse_with_back(page, [other]) is None
    seen = analyse_with_back(page, [other, front])
    assert seen is not None
    assert isinstance(seen.blank, Blank)
    assert seen.blank.sentence == "página em branco: o verso transparece; nada foi escrito deste lado"


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_sheets_that_lay_sideways_or_were_turned_over_at_the_top(quarters):
    front, page = front_and_back(empty().image)
    laid = Raster(np.ascontiguousarray(np.rot90(page.pixels, -quarters)), page.dpi)
    assert analyse_with_back(laid, [front])


def test_the_unmirrored_front_explains_nothing():
    front, page = front_and_back(empty().image)
    mirrored = Raster(np.ascontiguousarray(front.pixels[:, ::-1]), front.dpi)
    assert analyse_with_back(page, [mirrored]) is None


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("what", ["word", "tick", "line"])
def test_pencil_over_the_print_of_the_back_is_kept(what, seed):
    sheet = empty(seed)
    if what == "word":
        sheet.ink(handwriting(sheet.rng, sheet.px(18), sheet.px(2.6), 0.5 / 25.4 * DPI), 60, 100, (229, 229, 229))
    elif what == "tick":
        tick = strokes([np.array([(0.0, 0.0), (0.3, 0.4), (1.0, -0.8)]) * sheet.px(6)], 0.5 / 25.4 * DPI, sheet.rng)
        sheet.ink(tick, 90, 120, (229, 229, 229))
    else:
        drawn_line(sheet, 50, 130, 30, colour=(229, 229, 229))
    front, page = front_and_back(sheet.image, seed=3 + seed)
    assert analyse_with_back(page, [front]) is None


def test_a_stamp_over_the_print_of_the_back_is_read():
    sheet = empty()
    sheet.ink(rubber_stamp(sheet.rng, [("EM BRANCO", 40 / 72 * DPI)], angle=12, wear=0.1), 60, 120, (60, 60, 160))
    front, page = front_and_back(sheet.image)
    assert analyse(page).stamp is None
    seen = analyse_with_back(page, [front])
    assert seen is not None
    assert seen.stamp is not None


def test_a_stamp_with_the_faintest_pencil_beside_it_stays():
    sheet = empty()
    sheet.ink(rubber_stamp(sheet.rng, [("EM BRANCO", 40 / 72 * DPI)], angle=0, wear=0.1), 60, 120, (60, 60, 160))
    assert analyse(raster(sheet.image, grain=1.5)).stamp
    assert analyse(raster(drawn_line(sheet, 80, 220, 30, colour=(243, 243, 243)), grain=1.5)).stamp is None


@pytest.mark.parametrize("pen", [(25, 25, 30), (20, 60, 170)])
def test_a_rubric_within_the_letters_of_the_stamp_keeps_the_page(pen):
    sheet = empty()
    sheet.ink(rubber_stamp(sheet.rng, [("EM BRANCO", 40 / 72 * DPI)], angle=0, wear=0.1), 60, 120, (110, 90, 160))
    assert analyse(raster(sheet.image)).stamp
    at = np.argwhere(np.asarray(sheet.image).min(axis=2) < 200)
    y, x = at[len(at) // 2] / DPI * 25.4
    rubric = strokes([np.array([(0.0, 0.3), (0.3, -0.3), (0.6, 0.3), (1.0, -0.2)]) * sheet.px(5)], 3.0, sheet.rng)
    sheet.ink(rubric, x - 3, y - 1, pen)
    assert analyse(raster(sheet.image)).stamp is None


# Which neighbours are worth a second look


def small(page, quarters=0):
    return thumbnail(np.ascontiguousarray(np.rot90(reduce_page(page).pixels, quarters)))


@pytest.mark.parametrize("kind", [PageKind.LETTER, PageKind.FORM, PageKind.PETITION])
@pytest.mark.parametrize("quarters", range(4))
def test_a_thumbnail_is_recognised_as_the_back_in_any_orientation(kind, quarters):
    front, page = front_and_back(empty().image, kind=kind)
    seen = analyse(page)
    assert seen.check_back
    assert may_be_back(small(front, quarters), seen.check_back)


@pytest.mark.parametrize("neighbour", [PageKind.LONE_STAMP, PageKind.SHORT_LINE, PageKind.BLANK])
def test_a_neighbour_without_print_behind_the_pencil_is_not_its_back(neighbour):
    sheet = empty()
    drawn_line(sheet, 50, 60, 70)
    pencil = analyse(raster(drawn_line(sheet, 90, 240, 70)))
    assert pencil.check_back
    assert len(pencil.check_back.places) == 2
    assert not may_be_back(small(raster(draw(neighbour, 5, DPI), 5)), pencil.check_back)


def test_a_neighbour_that_has_no_thumbnail_is_looked_at():
    assert may_be_back(b"", analyse(raster(drawn_line(empty(), 50, 60, 70))).check_back)


# A case


def test_in_a_case_the_previous_page_explains_what_shows_through(tmp_path):
    sheet = empty()
    drawn_line(sheet, 60, 130, 30)
    sides = [
        *front_and_back(empty().image, show_through=0.08),
        *front_and_back(sheet.image, seed=6, show_through=0.08),
    ]
    pictures = [Image.fromarray(side.pixels).convert("L") for side in sides]
    with Pool(2) as pool:
        office = Office(tmp_path, pool)
        office.case("secoes:\n - notificacao: noti.pdf\n", noti_pdf=scan_bytes(*pictures, dpi=DPI))
        manifest = office.do()
    assert [(page.outcome, page.reason) for page in manifest.pages] == [
        ("published", None),
        ("removed", Reason.BLANK),
        ("published", None),
        ("published", None),
    ]
    assert [page.evidence is not None for page in manifest.pages] == [False, True, False, True]
    removed, kept = manifest.pages[1].evidence, manifest.pages[3].evidence
    assert kept.confidence < 0.5 <= removed.confidence
    assert kept.largest_mm > 10
    assert 55 < kept.at_mm[0] < 95
    assert 120 < kept.at_mm[1] < 140
    assert any("folha 3" in finding.message and "foi mantida" in finding.message for finding in manifest.findings)


def test_a_manifest_without_evidence_is_still_read(tmp_path):
    with Pool(1) as pool:
        office = Office(tmp_path, pool)
        office.case("secoes:\n - notificacao: noti.pdf\n", noti_pdf=scan_bytes("N1"))
        body = json.loads(office.do().to_json())
    for page in body["pages"]:
        del page["evidence"]
    assert from_json(json.dumps(body)).pages[0].evidence is None
