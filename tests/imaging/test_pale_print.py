"""Worn ribbons, thermal paper, pencil: print between grey and white keeps its strokes, whatever its strength."""

from io import BytesIO

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from itrwatch.imaging.raster import Raster
from tests.imaging.test_encode import sheet_of, shown

PAPER, SIZE = 250, (1500, 900)


def printed(grey, points):
    """The drawing, and the scan of it."""
    picture = Image.new("L", SIZE, PAPER)
    pen, face = ImageDraw.Draw(picture), ImageFont.load_default(round(points / 72 * 300))
    for line in range(9):
        words = f"ver fls. {line * 37:04d} azimute 123°45'{line + 10} área 4{line * 53 % 1000:03d},8{line} ha R$ 9.{line * 71 % 1000:03d},17"
        pen.text((40, 40 + line * 90), words, fill=grey, font=face)
    grain = np.random.default_rng(5).normal(0, 3, SIZE[::-1])
    soft = np.asarray(picture.filter(ImageFilter.GaussianBlur(0.7))) + grain
    file = BytesIO()
    Image.fromarray(np.clip(soft, 0, 255).astype(np.uint8)).convert("RGB").save(file, "JPEG", quality=75)
    return np.asarray(picture), Raster(np.asarray(Image.open(file)), 300.0)


@pytest.mark.parametrize("points", [7, 10])
@pytest.mark.parametrize("grey", [60, 130, 150, 160, 170, 180, 190, 205])
def test_strokes_keep_half_their_contrast_at_least(grey, points, tmp_path):
    drawing, raster = printed(grey, points)
    drawn = shown(sheet_of(raster), tmp_path, 300)[-SIZE[1] :, : SIZE[0]].min(axis=2)
    strokes = drawing < (PAPER + grey) / 2
    darkest = cv2.erode(drawn, np.ones((3, 3), np.uint8))
    assert (darkest[strokes] > 255 - (PAPER - grey) / 2).mean() < 0.02


@pytest.mark.parametrize("paper", [(250, 249, 246), (235, 225, 200), (185, 205, 235), (214, 190, 150)])
def test_a_thin_ring_an_eighth_darker_than_its_paper_stays(paper, tmp_path):
    """Of the width of a sharp pencil, as somebody rings a number."""
    picture = Image.new("RGB", (1200, 900), paper)
    ink = tuple(round(channel * 0.87) for channel in paper)
    ImageDraw.Draw(picture).ellipse((400, 300, 480, 380), outline=ink, width=2)
    soft = np.asarray(picture.filter(ImageFilter.GaussianBlur(0.7))) + np.random.default_rng(5).normal(
        0, 3, (900, 1200, 3)
    )
    raster = Raster(np.clip(soft, 0, 255).astype(np.uint8), 300.0)
    ring = np.abs(np.asarray(picture).astype(int) - paper).max(axis=2) > 8
    drawn = shown(sheet_of(raster), tmp_path, 300)[-900:, :1200].min(axis=2)
    darkest = cv2.erode(drawn, np.ones((5, 5), np.uint8))
    assert (darkest[ring] > 245).mean() < 0.1
