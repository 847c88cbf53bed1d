"""On a punched sheet only the holes go: what is written in the margin, row under row like holes, stays."""

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from tests.imaging.test_encode import Raster, sheet_of, shown

PX = 300 / 25.4
HEIGHT, WIDTH = 3508, 2480


def punched(draw_margin, holes=(60.0, 140.0)):
    """An A4 sheet with print, holes that show the dark scanner bed, and whatever ``draw_margin`` writes."""
    picture = Image.new("RGB", (WIDTH, HEIGHT), (246, 245, 240))
    pen = ImageDraw.Draw(picture)
    for mm in holes:
        pen.ellipse((9 * PX, mm * PX, 15 * PX, (mm + 6) * PX), fill=(60, 60, 60))
    draw_margin(pen)
    grain = np.random.default_rng(2).normal(0, 2.5, (HEIGHT, WIDTH, 3))
    soft = cv2.GaussianBlur(np.asarray(picture), (0, 0), 0.7)
    return Raster(np.clip(soft + grain, 0, 255).astype(np.uint8), 300.0)


def pale_numbers(pen):
    """The line numbers of a listing with a worn ribbon, 80 mm from one another as holes are."""
    for row in range(56):
        pen.text((17 * PX, (20 + row * 4) * PX), f"{row:03d}", fill=(150, 148, 155), font=ImageFont.load_default(36))


def capitals(pen):
    """Wide-spaced headings whose first letter is as large as a hole."""
    for mm, letter in ((30, "D"), (110, "B"), (190, "O"), (250, "R")):
        pen.text((12 * PX, mm * PX), letter, fill=(40, 40, 40), font=ImageFont.load_default(76), stroke_width=4)


def ticks(pen):
    """A tick of pencil beside every item."""
    for mm in range(30, 270, 16):
        pen.line(
            [(16 * PX, mm * PX), (17 * PX, (mm + 2) * PX), (20 * PX, (mm - 3) * PX)], fill=(165, 165, 165), width=5
        )


@pytest.mark.parametrize("margin", [pale_numbers, capitals, ticks])
def test_what_is_written_in_the_margin_of_a_punched_sheet_stays(margin, tmp_path):
    raster = punched(margin)
    without = punched(lambda _: None)
    written = cv2.absdiff(raster.pixels, without.pixels).max(axis=2) > 50
    drawn = shown(sheet_of(raster), tmp_path, 300)[-HEIGHT:, :WIDTH].min(axis=2)
    bare_now = cv2.erode(drawn, np.ones((9, 9), np.uint8)) > 230
    assert written.sum() > 5000
    assert (written & bare_now).sum() == 0


def test_the_holes_themselves_are_gone(tmp_path):
    drawn = shown(sheet_of(punched(capitals)), tmp_path, 300)[-HEIGHT:]
    assert drawn[round(60 * PX) : round(66 * PX), round(9 * PX) : round(15 * PX)].min() > 200
