"""Legibility: a page that is hard to read is reported, with the sentence for the termo; a good one is left alone."""

import numpy as np
import pytest
from PIL import Image

from bench.truth import TRUTH
from itrwatch.core.codes import Code
from itrwatch.demo.drawing import PageKind, draw
from itrwatch.demo.paper import scan
from itrwatch.imaging.analysis.background import reduce_page
from itrwatch.imaging.analysis.legibility import find_flaws
from itrwatch.imaging.raster import Raster
from itrwatch.scans.opening import inspect, read_page


def flaws(kind, dpi=300, **effects):
    raster = Raster(np.asarray(scan(draw(kind, 4, dpi), 4, dpi, **effects)), float(dpi))
    return find_flaws(raster, reduce_page(raster))


@pytest.mark.parametrize("kind", [kind for kind in PageKind if TRUTH[kind].has_print])
def test_a_good_scan_has_no_flaw(kind):
    assert flaws(kind) == ()


def test_a_scan_out_of_focus_is_reported():
    assert flaws(PageKind.LETTER, blur=4.0) == (Code.OUT_OF_FOCUS,)


def test_a_scan_at_low_resolution_is_reported():
    assert flaws(PageKind.LETTER, dpi=150) == (Code.LOW_RESOLUTION,)


def test_a_dark_copy_and_a_faded_one_are_reported():
    page = np.asarray(scan(draw(PageKind.LETTER, 4), 4, 300))
    dark = Raster((page * 0.35).astype(np.uint8), 300.0)
    assert find_flaws(dark, reduce_page(dark)) == (Code.DARK,)
    faded = Raster((255 - (255 - page.astype(int)) * 0.3).astype(np.uint8), 300.0)
    assert Code.PALE in find_flaws(faded, reduce_page(faded))


def test_a_blank_page_is_not_judged():
    assert flaws(PageKind.BLANK, blur=4.0) == ()


def test_holes_and_the_edge_of_the_scanner_are_not_judged():
    """Their soft sides are not print out of focus; with a letter beside them the page is judged."""
    assert flaws(PageKind.BLANK, dpi=200, blur=1.5, holes=True) == ()
    assert flaws(PageKind.BLANK, dpi=200, blur=1.5, holes=True, scanner_edge=True) == ()
    assert flaws(PageKind.LETTER, blur=4.0, holes=True, scanner_edge=True) == (Code.OUT_OF_FOCUS,)


def test_a_soft_photograph_on_a_sharp_page_is_not_judged():
    """Its four densest places were the photograph: a page with a landscape and a sharp caption was told to be out of focus."""
    grain = np.random.default_rng(2).integers(0, 256, (10, 14, 3)).astype(np.uint8)
    for blur, expected in ((0.0, ()), (2.5, (Code.OUT_OF_FOCUS,))):
        page = draw(PageKind.LETTER, 4, 200)
        soft = Image.fromarray(grain // 2).resize((1200, 1000), Image.Resampling.BICUBIC)
        page.paste(soft, (220, 300))
        raster = Raster(np.asarray(scan(page, 4, 200, blur=blur)), 200.0)
        assert find_flaws(raster, reduce_page(raster)) == expected


def test_real_scans_at_300_dpi_have_no_flaw(corpus):
    for name in ("real/doctor_ca4_17.pdf", "real/pikepdf_ccitt-endofline-true.pdf", "rotated/typescript_fr_cw000.png"):
        assert inspect(corpus / name).pages == 1
        raster = read_page(corpus / name, 1).raster
        assert find_flaws(raster, reduce_page(raster)) == ()


@pytest.mark.parametrize("side", ["left", "right"])
@pytest.mark.parametrize("kind", [PageKind.LETTER, PageKind.PETITION])
def test_text_that_runs_off_the_scan_is_reported(kind, side):
    page = np.asarray(scan(draw(kind, 4, 200), 4, 200, scanner_edge=side == "left"))
    ink = np.flatnonzero((page.min(axis=2) < 90).sum(axis=0) > 20)
    cut = page[:, int(np.percentile(ink, 8)) :] if side == "left" else page[:, : int(np.percentile(ink, 80))]
    raster = Raster(np.ascontiguousarray(cut), 200.0)
    assert find_flaws(raster, reduce_page(raster)) == (Code.CUT_OFF,)


@pytest.mark.parametrize("kind", [PageKind.PHOTO, PageKind.FORM, PageKind.AR_CARD, PageKind.LETTER])
def test_scanner_edges_photographs_and_the_rules_of_forms_are_not_text_that_is_cut(kind):
    page = np.asarray(scan(draw(kind, 4, 200), 4, 200, scanner_edge=True, holes=True))
    dark = np.argwhere(page[20:-60, 20:-60].min(axis=2) < 120)
    top, left = dark.min(axis=0) + 20
    for cut in (page, page[top + 2 :], page[:, left + 1 :] if kind is not PageKind.LETTER else page):
        raster = Raster(np.ascontiguousarray(cut), 200.0)
        assert Code.CUT_OFF not in find_flaws(raster, reduce_page(raster))
