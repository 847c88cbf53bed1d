"""A part of a case as three readers draw it."""

import functools

import numpy as np
import pytest

from tests.pdf_tools import render_gs, render_pdfium, render_poppler
from tests.written_part import (
    BITONAL,
    CAPA,
    DPI,
    GREY,
    HEIGHT,
    NUMBER,
    PATCH,
    PICTURE,
    READERS,
    SMALL_PATCH,
    STAMPED,
    STRIP,
    WIDTH,
    close,
    example,
    in_px,
    ink,
    photograph,
    write_example,
)


@pytest.fixture(scope="module")
def part(tmp_path_factory):
    path = tmp_path_factory.mktemp("part") / "NOTI.pdf"
    write_example(path)
    return path


@pytest.fixture(scope="module")
def drawn(part):
    """A function that draws a page of the part with ``render``, once."""
    return functools.cache(lambda render, index, dpi=DPI: render(part, index, dpi))


@READERS
def test_ink_is_drawn_pixel_for_pixel(drawn, render):
    picture = drawn(render, BITONAL)
    meant = np.where(ink(), 0, 255)
    rows = slice(round(NUMBER.bottom * DPI / 72) + 2, None)
    assert close(picture[rows], meant[rows, :, None], 0)


@READERS
@pytest.mark.parametrize(
    ("index", "colour", "tolerance"),
    [(STAMPED, (200, 30, 30), 3), (GREY, (150, 150, 150), 0), (CAPA, (120, 120, 120), 1)],
)
def test_a_patch_shows_between_the_ink_and_the_ink_is_black(drawn, render, index, colour, tolerance):
    picture, black = drawn(render, index)[in_px(PATCH)], ink()[in_px(PATCH)]
    assert 0.1 < black.mean() < 0.5
    assert close(picture[black], 0, 0)
    assert close(picture[~black], colour, tolerance)


@READERS
def test_a_patch_lies_where_its_box_lies(drawn, render):
    """Readers may round the edges of an enlarged picture outwards, by one pixel."""
    picture = drawn(render, STAMPED)
    rows, columns = np.nonzero((picture[..., 0] > 150) & (picture[..., 1] < 100))
    box = [side * DPI / 72 for side in (PATCH.top, PATCH.bottom, PATCH.left, PATCH.right)]
    assert np.abs(np.subtract(box, (rows.min(), rows.max() + 1, columns.min(), columns.max() + 1))).max() <= 1


@READERS
def test_a_patch_of_a_few_pixels_lies_where_its_box_lies(drawn, render):
    assert close(drawn(render, GREY)[in_px(SMALL_PATCH)], (30, 30, 200), 0)


@READERS
def test_a_picture_fills_its_page_the_right_way_up(drawn, render):
    below = slice(60, None)  # the number
    assert close(drawn(render, PICTURE, 75)[below], photograph()[below], 6)


@READERS
def test_a_landscape_scan_stands_under_its_white_strip(drawn, render):
    picture = drawn(render, STRIP, 72)
    assert picture.shape == (WIDTH + 30, HEIGHT, 3)
    assert close(picture[30:], 0, 0)
    assert close(picture[:30, : int(HEIGHT) - 72], 255, 0)


@pytest.mark.parametrize("index", range(6))
def test_three_readers_draw_the_same(drawn, index):
    """Apart from the grades at the edges of the number's letters, one row at the edge of a box, JPEG's rounding."""
    pictures = [drawn(render, index).astype(int) for render in (render_pdfium, render_poppler, render_gs)]
    for other in pictures[1:]:
        difference = np.abs(pictures[0] - other).max(axis=2)
        assert (difference > 8).mean() < 0.001
        assert difference.mean() < 0.5


def test_image_data_stands_in_the_file_as_it_was_handed_in(part):
    data = part.read_bytes()
    assert all(layer.data in data for page in example() for layer in page.sheet.layers)
