"""The topology of strokes: counted tile by tile it is what a search for parts and holes finds."""

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from itrwatch.imaging.encoding.check_parts import PARTS_TILE, StrokeParts, parts_less_holes

PAPER, INK, DPI = 250, 25, 300.0


def searched(mask):
    """Parts (joined by sides) less holes (joined by corners too) of a whole mask."""
    around = np.pad(~mask, 1, constant_values=True).astype(np.uint8)
    parts, outside = (
        cv2.connectedComponents(one, connectivity=sides)[0] - 1
        for one, sides in ((mask.view(np.uint8), 4), (around, 8))
    )
    return parts - (outside - 1)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
@pytest.mark.parametrize("size", [(64, 64), (128, 192), (127, 256)], ids=str)
def test_tiles_add_up_to_parts_less_holes(share, size):
    mask = np.random.default_rng(7).random(size) < share
    tiles = parts_less_holes(np.packbits(mask, axis=1))
    assert tiles.shape == ((size[0] + 1) // PARTS_TILE, size[1] // PARTS_TILE)
    assert tiles.sum() == searched(mask)


def test_a_tile_counts_its_own():
    mask = np.zeros((128, 128), np.bool_)
    mask[10:30, 10:30] = mask[80:100, 70:90] = True
    mask[85:90, 75:80] = False
    assert parts_less_holes(np.packbits(mask, axis=1)).tolist() == [[1, 0], [0, 0]]


def line_of_print():
    picture = Image.new("L", (1280, 192), PAPER)
    ImageDraw.Draw(picture).text(
        (20, 70), "o imposto suplementar de 137 reais e a multa", INK, ImageFont.load_default(52)
    )
    grey = np.asarray(cv2.GaussianBlur(np.asarray(picture), (0, 0), 0.8))
    return StrokeParts(grey, DPI), grey < 138


def test_two_cuts_in_each_word_of_a_line_are_found_though_two_in_one_word_are_not():
    scan, ink = line_of_print()
    assert not list(scan.broken_by(ink))
    before, cut = parts_less_holes(np.packbits(ink, axis=1)).sum(axis=0), 0
    for tile, parts in enumerate(before[:-1]):
        for left in range(PARTS_TILE * tile + 4, PARTS_TILE * (tile + 1) - 4):
            hair = ink.copy()
            hair[60:130, left] = False
            if parts_less_holes(np.packbits(hair, axis=1)).sum(axis=0)[tile] == parts + 2:
                ink, cut = hair, cut + 1
                break
        if cut == 1:
            assert not list(scan.broken_by(ink))
    assert cut > 5
    assert list(scan.broken_by(ink))


def test_a_stencil_of_another_size_is_not_compared():
    scan, ink = line_of_print()
    assert not list(scan.broken_by(~ink[:-1]))
