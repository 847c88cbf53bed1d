"""The same sheet scanned twice is seen; another sheet of the same form is not taken for it."""

import numpy as np
import pytest
from PIL import Image

from itrwatch.demo.drawing import PageKind, draw
from itrwatch.imaging.analysis import same_sheet
from itrwatch.imaging.analysis.same_sheet import same_in_detail, same_sheets
from itrwatch.imaging.encoding.codecs import thumbnail
from tests.office import page


def scanned(picture, seed):
    """The thumbnail of `again`."""
    return thumbnail(again(picture, seed))


def again(picture, seed):
    """The sheet on the glass once more: a little askew and apart, with other noise and light."""
    chance = np.random.default_rng(seed)
    grey = picture.convert("L")
    grey.thumbnail((850, 1170))
    apart = [int(chance.uniform(-0.01, 0.01) * side) for side in grey.size]
    lying = grey.rotate(chance.uniform(-0.4, 0.4), Image.Resampling.BICUBIC, translate=tuple(apart), fillcolor=250)
    levels = np.asarray(lying) * chance.uniform(0.93, 1.04) + chance.normal(0, 5, lying.size[::-1])
    return np.repeat(levels.clip(0, 255).astype(np.uint8)[:, :, None], 3, axis=2)


def alike(one, other):
    """Both are A4."""
    return same_in_detail(one, other, (one.shape[1] / 210 * 25.4, other.shape[1] / 210 * 25.4))


SHEETS = [PageKind.NOTIFICATION, PageKind.AR_CARD, PageKind.TERMO]


@pytest.mark.parametrize("kind", SHEETS)
def test_a_sheet_scanned_twice_is_found_and_one_with_other_words_is_not(kind):
    first, other = draw(kind, 1), draw(kind, 2)
    assert same_sheets([scanned(first, 1), scanned(other, 2), scanned(first, 3)]) == [(0, 2)]


@pytest.mark.parametrize("kind", [*SHEETS, PageKind.FORM, PageKind.CAPA])
def test_two_declarations_with_other_figures_are_two_sheets(kind):
    first, other = draw(kind, 1), draw(kind, 2)
    assert alike(again(first, 1), again(first, 3))
    assert not alike(again(first, 1), again(other, 2))


def test_one_other_date_is_enough():
    assert not alike(again(draw(PageKind.CAPA, 2), 2), again(draw(PageKind.CAPA, 3), 3))


@pytest.mark.parametrize("kind", [PageKind.LONE_STAMP, PageKind.SHEET_NUMBER])
def test_pages_with_hardly_anything_on_them_are_not_compared(kind):
    assert same_sheets([scanned(draw(kind, 1), 1), scanned(draw(kind, 1), 2)]) == []


def test_what_is_no_picture_is_passed_over():
    letter = scanned(page("a"), 1)
    assert same_sheets([b"", letter, b"no jpeg", letter]) == [(1, 3)]
    assert same_sheets([letter]) == []


def test_of_one_form_over_and_over_the_most_alike_are_compared(monkeypatch):
    form, other = draw(PageKind.FORM, 1), draw(PageKind.FORM, 2)
    pictures = [scanned(other, 1), scanned(form, 1), scanned(form, 1), scanned(form, 3)]
    assert (1, 2) in same_sheets(pictures)
    monkeypatch.setattr(same_sheet, "MOST_LOOKED_AT", 1)
    assert same_sheets(pictures) == [(1, 2)]
    monkeypatch.setattr(same_sheet, "MOST_LOOKED_AT", 100)
    monkeypatch.setattr(same_sheet, "MOST_PAIRS", 1)
    assert same_sheets(pictures) == [(1, 2)]
