"""The folha's number stands clear: two millimetres of white on every side, whatever is written in the corner."""

import numpy as np
import pytest

from itrwatch.imaging.encoding.number_position import find_spot

PX = 6
"""Pixels of the page in a millimetre."""
WIDE, HIGH = 16.0, 4.0
A4 = (297 * PX, 210 * PX)


def written(*boxes):
    """An A4 page with ink in each box: left, top, right, bottom in mm."""
    taken = np.zeros(A4, np.bool_)
    for left, top, right, bottom in boxes:
        taken[round(top * PX) : round(bottom * PX), round(left * PX) : round(right * PX)] = True
    return taken


def around(taken, spot, by):
    """The pixels of the number's box, ``by`` mm wider on every side."""
    right, top = 210 - spot.right, spot.top
    rows = slice(max(0, round((top - by) * PX)), round((top + HIGH + by) * PX))
    return taken[rows, round((right - WIDE - by) * PX) : round((right + by) * PX)]


CORNERS = {
    "nothing": (),
    "a gap as high as the number": ((140, 0, 210, 8), (140, 12.5, 210, 17)),
    "a gap as wide as the number": ((100, 0, 185.5, 15), (202.5, 0, 210, 15)),
    "a line of print above and below": ((20, 6, 200, 9), (20, 22, 200, 25)),
    "a stamp in the corner": ((150, 5, 205, 20),),
    "a rule at the edge": ((0, 3, 210, 3.4), (206, 0, 206.4, 297)),
    "a single speck": ((195, 9.8, 195.4, 10.2),),
}


@pytest.mark.parametrize("boxes", CORNERS.values(), ids=CORNERS)
def test_two_millimetres_are_white_on_every_side(boxes):
    taken = written(*boxes)
    spot = find_spot(taken, PX, WIDE, HIGH)
    assert spot is not None
    assert not around(taken, spot, 1.9).any()


def test_an_empty_corner_is_taken_where_numbers_are_looked_for():
    spot = find_spot(written(), PX, WIDE, HIGH)
    assert (spot.right, spot.top) == pytest.approx((8, 8), abs=0.5)


def test_a_full_corner_has_no_spot():
    assert find_spot(written((100, 0, 210, 60)), PX, WIDE, HIGH) is None
    # Six and a half millimetres apart: four and two less.
    rules = [(100, top, 210, top + 0.3) for top in range(0, 60, 7)]
    assert find_spot(written(*rules), PX, WIDE, HIGH) is None
