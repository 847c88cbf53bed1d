"""The lid around a sheet: black on one to four sides, straight or askew, it is no mark; what stands beside it is one."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from itrwatch.demo.paper import scan
from itrwatch.imaging.analysis.background import reduce_page
from itrwatch.imaging.analysis.blank import Blank, judge_blank
from itrwatch.imaging.raster import Raster

DPI = 150
DEEP_MM = 4.0
WIDE, HIGH = (round(side / 25.4 * DPI) for side in (210, 297))
ALL = "top, left, bottom, right"


def px(mm: float) -> int:
    return round(mm / 25.4 * DPI)


def laid(page: Image.Image, sides: str, askew: float) -> Raster:
    """The page under a lid that is black on ``sides`` down to about `DEEP_MM`, with its soft shadow; ``askew`` in degrees."""
    paper = np.asarray(scan(page, 5, DPI, dust=10), np.float32)
    down, across = np.mgrid[:HIGH, :WIDE].astype(np.float32)
    slope = np.tan(np.radians(askew))
    lying, standing = slope * (across - WIDE / 2), slope * (down - HIGH / 2)
    inward = {
        "top": down - lying,
        "bottom": HIGH - 1 - down + lying,
        "left": across + standing,
        "right": WIDE - 1 - across - standing,
    }
    light = np.ones_like(down)
    for side, depth in inward.items():
        if side in sides:
            beside = depth - px(DEEP_MM)
            light = np.minimum(light, np.where(beside < 0, 0.06, 1 - 0.5 * np.exp(-np.maximum(beside, 0) / px(1))))
    light = cv2.GaussianBlur(light, (0, 0), 0.8)
    return Raster(np.clip(paper * light[..., None], 0, 255).astype(np.uint8), DPI)


def is_blank(page: Raster) -> bool:
    return isinstance(judge_blank(reduce_page(page)), Blank)


def empty() -> tuple[Image.Image, ImageDraw.ImageDraw]:
    page = Image.new("RGB", (WIDE, HIGH), "white")
    return page, ImageDraw.Draw(page)


@pytest.mark.parametrize("askew", [0.0, 0.4, -0.8])
@pytest.mark.parametrize("sides", ["top", "top, right", "left, right", "top, bottom", "top, left, right", ALL])
def test_an_empty_sheet_with_the_lid_on_any_of_its_sides_is_blank(sides: str, askew: float) -> None:
    """The ends of one side's edge were taken for writing in another's: a copier's commonest blank page was kept."""
    assert is_blank(laid(empty()[0], sides, askew))


@pytest.mark.parametrize("askew", [0.0, -0.8])
@pytest.mark.parametrize("sides", ["top", "top, right", ALL])
@pytest.mark.parametrize("right_mm", [60, 15 + DEEP_MM + 3])
def test_a_number_beside_the_lid_keeps_the_page(sides: str, askew: float, right_mm: float) -> None:
    """With a fifth of the ink, in the middle of a side and in the corner."""
    page, draw = empty()
    draw.text(
        (WIDE - px(right_mm), px(DEEP_MM + 1)), "Fls. 38", fill=(204, 204, 204), font=ImageFont.load_default(px(4))
    )
    assert not is_blank(laid(page, sides, askew))


@pytest.mark.parametrize("high_mm", [3.5, 5])
@pytest.mark.parametrize(("sides", "askew"), [("top", 0.0), ("top", -0.6), ("top, right", 0.4)])
def test_a_pale_digit_in_the_shadow_keeps_the_page(sides: str, askew: float, high_mm: float) -> None:
    """As far as the edge may lie deeper where the sheet is askew, half of it was taken for the edge, and the rest for dust."""
    page, draw = empty()
    draw.text(
        (px(90), px(DEEP_MM + 0.4)), "7", fill=(204, 204, 204), font=ImageFont.load_default(px(high_mm)), anchor="lt"
    )
    assert not is_blank(laid(page, sides, askew))


def test_a_sheet_with_a_folded_corner_is_blank() -> None:
    """The lid is seen behind it, along neither side."""
    page, draw = empty()
    draw.polygon([(0, 0), (px(9), 0), (0, px(9))], fill=(20, 20, 20))
    assert is_blank(laid(page, "", 0.0))
    assert is_blank(laid(page, "right", 0.4))


@pytest.mark.parametrize("lying", [True, False])
@pytest.mark.parametrize(("beside_mm", "long_mm"), [(1, 30), (1, 185), (2, 60), (6, 30), (6, 185)])
@pytest.mark.parametrize(("thick_mm", "grey"), [(0.3, 200), (0.6, 40)])
def test_a_line_beside_the_border_is_drawn_unless_it_goes_from_border_to_border(
    lying: bool, beside_mm: float, long_mm: float, thick_mm: float, grey: int
) -> None:
    """Each of them was taken for the sheet's edge, and a page that bore nothing else was removed."""

    def page(start: float, end: float) -> Raster:
        image, draw = empty()
        along, across = (px(start), px(end)), (px(beside_mm), px(beside_mm + thick_mm))
        (left, right), (top, bottom) = (along, across) if lying else (across, along)
        draw.rectangle((left, top, right, bottom), fill=(grey, grey, grey))
        return Raster(np.asarray(scan(image, 5, DPI, dust=10)), DPI)

    side = 210 if lying else 297
    assert not is_blank(page((side - long_mm) / 2, (side + long_mm) / 2))
    assert is_blank(page(0, side))
