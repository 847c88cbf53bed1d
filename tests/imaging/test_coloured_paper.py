"""Carbon copies, kraft covers, yellow receipts: print on coloured paper is print, and a stamp on it is a stamp."""

from io import BytesIO

import cv2
import numpy as np
import pytest
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

from itrwatch.imaging.encoding.encode import encode_page
from itrwatch.imaging.raster import Raster
from tests.imaging.test_encode import shown

WHITE = (250, 249, 246)
PAPERS = {
    "kraft": (214, 190, 150),
    "yellow": (250, 235, 140),
    "orange": (250, 200, 120),
    "aged": (235, 225, 200),
    "green": (190, 225, 190),
    "blue": (185, 205, 235),
    "pink": (244, 195, 200),
}
LIGHT = ("yellow", "aged", "green", "blue", "pink")
"""On darker paper black print is not dark enough against it to be proved black, and may stay tone."""
BLACK, GREY, SEPIA = (40, 40, 42), (75, 70, 80), (60, 45, 35)
SIZE = (1200, 900)


def printed(paper, ink):
    picture = Image.new("RGB", SIZE, paper)
    pen, face = ImageDraw.Draw(picture), ImageFont.load_default(36)
    for line in range(12):
        words = f"M-{line:02d} azimute 123°45'{line + 10}\" distância 4{line * 53 % 1000:03d},8{line} m R$ 9.{line * 71 % 1000:03d},17"
        pen.text((60, 60 + line * 60), words, fill=ink, font=face)
    return picture


def stamped(picture):
    """A red stamp and a blue pen over the print: ink lets through what is under it."""
    over = Image.new("RGB", SIZE, "white")
    pen = ImageDraw.Draw(over)
    pen.ellipse((200, 100, 620, 460), outline=(200, 50, 60), width=14)
    pen.line([(700, 500), (800, 200), (900, 520), (1050, 180), (1150, 450)], fill=(70, 90, 190), width=8)
    return ImageChops.multiply(picture, over)


def scanned(picture, quality):
    """As a scanner sends it: a little blurred, with grain, its colours coded at half the resolution."""
    soft = np.asarray(picture.filter(ImageFilter.GaussianBlur(0.7)), np.float32)
    grain = np.random.default_rng(7).normal(0, 3, soft.shape)
    file = BytesIO()
    Image.fromarray(np.clip(soft + grain, 0, 255).astype(np.uint8)).save(file, "JPEG", quality=quality)
    return Raster(np.asarray(Image.open(file)), 300.0)


def made(picture, folder, quality=70):
    sheet = encode_page(scanned(picture, quality), (16.0, 4.0))
    return sheet, shown(sheet, folder, 300)[-SIZE[1] :, : SIZE[0]]


def thinned(picture, drawn):
    """Share of the strokes' middles, as they were printed, that are not dark now."""
    strokes = np.asarray(picture.convert("L")) < 128
    middles = cv2.erode(strokes.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    return float((cv2.erode(drawn.min(axis=2), np.ones((3, 3), np.uint8))[middles] > 128).mean())


def patched(sheet):
    """Share of the page that is picture."""
    boxes = [layer.box for layer in sheet.layers if layer.coding != "g4"]
    return sum((box.right - box.left) * (box.bottom - box.top) for box in boxes) / (sheet.width * sheet.height)


@pytest.mark.parametrize("paper", LIGHT)
def test_black_print_on_coloured_paper_becomes_print_on_white(paper, tmp_path):
    sheet, drawn = made(printed(PAPERS[paper], BLACK), tmp_path)
    assert patched(sheet) < 0.01  # a speck that the JPEG left beside a letter, at most
    assert thinned(printed(WHITE, BLACK), drawn) < 0.01


@pytest.mark.parametrize("ink", [BLACK, GREY, SEPIA])
@pytest.mark.parametrize("paper", PAPERS)
def test_print_in_another_ink_stays_as_dark_as_it_is(paper, ink, tmp_path):
    """Whether it passes for black or not: no stroke is thinned, none is lost."""
    _, drawn = made(printed(PAPERS[paper], ink), tmp_path)
    assert thinned(printed(WHITE, BLACK), drawn) < 0.01


@pytest.mark.parametrize("paper", ["white", *PAPERS])
def test_print_under_a_stamp_on_coloured_paper_is_as_dark_as_beside_it(paper, tmp_path):
    _, drawn = made(stamped(printed(PAPERS.get(paper, WHITE), GREY)), tmp_path)
    assert thinned(printed(WHITE, BLACK), drawn) < 0.01


@pytest.mark.parametrize("paper", PAPERS)
def test_a_stamp_and_a_pen_keep_their_colours_on_coloured_paper(paper, tmp_path):
    """Where they lie on bare paper; a blue that yellow paper swallows has none left in the scan."""
    bare = Image.new("RGB", SIZE, PAPERS[paper])
    _, drawn = made(stamped(bare), tmp_path)
    red, blue = (drawn[rows, columns].reshape(-1, 3).astype(int) for rows, columns in (RED, BLUE))
    assert np.percentile(red[:, 0] - red[:, 2], 90) > 60
    if paper not in ("yellow", "orange"):
        assert np.percentile(blue[:, 2] - blue[:, 0], 90) > 35
        assert (drawn.max(axis=2) < 50).sum() < 0.02 * (drawn.min(axis=2) < 160).sum()  # no black specks along them


RED, BLUE = (slice(90, 130), slice(380, 440)), (slice(190, 260), slice(780, 820))
