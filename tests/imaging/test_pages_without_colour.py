"""Recognisers on pages that are grey, chips of paper or bare: what they know from colour or size is not known there."""

import numpy as np

from itrwatch.demo.drawing import PageKind, draw
from itrwatch.demo.paper import scan
from itrwatch.imaging.analysis.background import reduce_page
from itrwatch.imaging.analysis.blank_stamp import of_one_ink
from itrwatch.imaging.analysis.creases import find_creases
from itrwatch.imaging.analysis.marks import find_marks
from itrwatch.imaging.analysis.show_through import shown_through
from itrwatch.imaging.raster import Raster

DPI = 150


def raster(kind, *, grey=False, **effects):
    page = np.asarray(scan(draw(kind, 2), 2, DPI, **effects))
    return Raster(np.asarray(page.mean(axis=2).round(), np.uint8) if grey else page, float(DPI))


def test_a_crease_is_found_without_colour_too():
    for grey in (False, True):
        assert find_creases(reduce_page(raster(PageKind.BLANK, grey=grey, crease=True))) is not None
        assert find_creases(reduce_page(raster(PageKind.BLANK, grey=grey))) is None


def test_ink_of_one_colour_is_taken_for_granted_where_there_is_none():
    place = (20.0, 20.0, 190.0, 270.0)
    assert of_one_ink(reduce_page(raster(PageKind.STAMPED, grey=True)), place)
    assert of_one_ink(reduce_page(raster(PageKind.BLANK, dust=0)), place)


def test_a_chip_of_paper_shows_nothing_of_its_back():
    chip = reduce_page(Raster(np.full((60, 60, 3), 240, np.uint8), 300.0))
    page = reduce_page(raster(PageKind.LETTER))
    assert shown_through(chip, page, find_marks(chip)) is None


def test_a_scan_of_a_picture_without_grain_or_blur_is_the_picture():
    bare = scan(draw(PageKind.LETTER, 2), 2, DPI, tint=0.0, grain=0.0, shade=0.0, dust=0, blur=0.0)
    assert np.asarray(bare).max() == 255
