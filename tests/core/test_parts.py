"""Dividing: only over the limit, fewest parts, at section boundaries where that is free; names and titles."""

from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from itrwatch.core.ecac import file_name, folhas_phrase, part_title
from itrwatch.core.parts import PageTooHeavyError, Weight, divide
from itrwatch.core.sections import FileKind


def weights(*sizes, begins=()):
    return [Weight(size, index in begins) for index, size in enumerate(sizes)]


def test_what_fits_exactly_is_not_divided():
    assert divide(weights(40, 40, 15), fixed=5, limit=100) == (range(3),)


def test_one_byte_over_the_limit_makes_two_parts():
    assert len(divide(weights(40, 40, 16), fixed=5, limit=100)) == 2


def test_the_cut_falls_where_a_section_begins_when_that_is_free():
    assert divide(weights(30, 30, 30, 30, begins={1}), fixed=0, limit=100) == (range(1), range(1, 4))


def test_a_section_is_cut_rather_than_making_one_part_more():
    assert divide(weights(60, 60, 60, 60, begins={1, 3}), fixed=0, limit=120) == (range(2), range(2, 4))


def test_parts_are_even_when_nothing_else_decides():
    assert divide(weights(10, 10, 10, 10), fixed=0, limit=30) == (range(2), range(2, 4))


def test_a_page_over_the_limit_is_named():
    with pytest.raises(PageTooHeavyError) as caught:
        divide(weights(10, 200, 10), fixed=0, limit=100)
    assert caught.value.index == 1


@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(1, 60), min_size=1, max_size=9), st.integers(0, 20))
def test_nothing_is_lost_and_no_division_has_fewer_parts(sizes, fixed):
    parts = divide(weights(*sizes), fixed, limit=100)
    assert [index for part in parts for index in part] == list(range(len(sizes)))
    assert all(fixed + sum(sizes[index] for index in part) <= 100 for part in parts)
    fewer = len(parts) - 2
    for cuts in combinations(range(1, len(sizes)), max(0, fewer)) if fewer >= 0 else ():
        edges = [0, *cuts, len(sizes)]
        pieces = [sizes[a:b] for a, b in pairwise(edges)]
        assert any(fixed + sum(piece) > 100 for piece in pieces)


@pytest.mark.parametrize(
    ("kind", "parts", "names"),
    [
        (FileKind.NOTI, 1, ["NOTI.pdf"]),
        (FileKind.NOTI, 3, ["NOTI.pdf", "NOTI2.pdf", "NOTI3.pdf"]),
        (FileKind.IMPUGNA, 1, ["IMPUGNA.pdf"]),
        (FileKind.IMPUGNA, 2, ["IMPUGNA1.pdf", "IMPUGNA2.pdf"]),
    ],
)
def test_names_are_the_manuals(kind, parts, names):
    assert [file_name(kind, part, parts) for part in range(1, parts + 1)] == names


def test_titles_stand_only_on_divided_files():
    assert part_title(1, 1) == ""
    assert [part_title(1, 2), part_title(2, 2)] == ["Parte 1 de 2", "Parte 2 de 2"]
    assert folhas_phrase(1, 5) == "folhas 1 a 5"
    assert folhas_phrase(76, 76) == "folha 76"
