"""A page that went in askew is straightened, if that helps and costs nothing at the edges."""

import numpy as np
import pytest

from itrwatch.demo.drawing import PageKind, draw
from itrwatch.demo.paper import scan
from itrwatch.imaging.analysis.background import reduce_page
from itrwatch.imaging.analysis.deskew import find_skew, straightened
from itrwatch.imaging.raster import Raster


def raster(kind, skew, **effects):
    return Raster(np.asarray(scan(draw(kind, 2), 2, 300, skew=skew, **effects)), 300.0)


@pytest.mark.parametrize("skew", [-2.5, -0.8, 1.2, 2.9])
@pytest.mark.parametrize("kind", [PageKind.LETTER, PageKind.FORM, PageKind.STAMPED])
def test_the_angle_of_print_is_found_to_a_tenth(kind, skew):
    assert find_skew(reduce_page(raster(kind, skew))) == pytest.approx(skew, abs=0.15)


@pytest.mark.parametrize(
    "kind",
    [PageKind.LETTER, PageKind.FORM, PageKind.PHOTO, PageKind.LONE_SIGNATURE, PageKind.LONE_STAMP, PageKind.BLANK],
)
def test_a_straight_page_is_left_alone(kind):
    assert find_skew(reduce_page(raster(kind, 0.0))) == 0.0


def test_a_page_laid_down_at_ten_degrees_was_meant_so():
    assert find_skew(reduce_page(raster(PageKind.LETTER, 10.0))) == 0.0


def test_a_page_with_something_at_its_very_edge_is_left_alone():
    page = raster(PageKind.LETTER, 1.5)
    pixels = page.pixels.copy()
    pixels[1000:1400, :30] = 20
    assert find_skew(reduce_page(Raster(pixels, 300.0))) == 0.0


def test_a_straightened_page_is_straight_and_has_its_size():
    page = raster(PageKind.LETTER, 1.5)
    straight = straightened(page, 1.5)
    assert straight.pixels.shape == page.pixels.shape
    assert find_skew(reduce_page(straight)) == 0.0
