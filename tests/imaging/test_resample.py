"""Pictures are reduced, and what stands on them is distinguished, by quick ways that must give what the plain ways give."""

import cv2
import numpy as np
import pytest

from itrwatch.imaging.resample import averaged, components, coverage, median, quantile, shrink, two_thirds

RNG = np.random.default_rng(5)
SHAPES = [(7, 9), (101, 64), (200, 3), (64, 65, 3), (250, 131, 3), (2, 2, 3)]


def grain(shape):
    return RNG.integers(0, 256, shape).astype(np.uint8)


def by_opencv(pixels, factor):
    height, width = (side // factor for side in pixels.shape[:2])
    whole = pixels[: height * factor, : width * factor]
    return cv2.resize(whole, (width, height), interpolation=cv2.INTER_AREA)


@pytest.mark.parametrize("shape", SHAPES[:-1])
@pytest.mark.parametrize("factor", [1, 2, 3])
def test_a_reduced_picture_is_the_mean_to_the_last_level(shape, factor):
    pixels = grain(shape)
    assert np.array_equal(averaged(pixels, factor), by_opencv(pixels, factor))


@pytest.mark.parametrize("factor", [4, 5, 6])
def test_one_reduced_in_steps_differs_by_a_level(factor):
    pixels = grain((240, 180, 3))
    assert np.abs(averaged(pixels, factor).astype(int) - by_opencv(pixels, factor)).max() <= 1


@pytest.mark.parametrize("dpi", [120, 150, 200, 240, 250, 300, 330])
def test_a_page_at_any_resolution_is_reduced_to_the_wanted_one(dpi):
    """A ramp stays the ramp: a wrong way for one factor would cut it, or leave it too large."""
    size = 5 * dpi
    ramp = np.repeat(np.linspace(0, 255, size).astype(np.uint8)[None], size, axis=0)
    small = shrink(ramp, dpi, 100)
    assert small.shape == (500, 500)
    assert np.abs(small[250].astype(int) - np.linspace(0, 255, 500)).max() <= 2


@pytest.mark.parametrize("factor", [2, 3, 4])
def test_how_much_of_a_cell_is_ink_is_what_its_picture_would_show(factor):
    ink = RNG.random((301, 202)) < 0.3
    shown = by_opencv(ink.astype(np.uint8) * np.uint8(255), factor)
    assert np.abs(coverage(ink, factor).astype(int) - shown).max() <= int(factor == 4)


@pytest.mark.parametrize("shape", SHAPES)
def test_two_thirds_of_a_picture_round_as_any_size_does(shape):
    small = two_thirds(grain(shape))
    assert small.shape == (round(shape[0] / 1.5), round(shape[1] / 1.5), *shape[2:])


def test_two_thirds_of_a_picture_are_its_means():
    pixels = grain((300, 150, 3))
    plainly = cv2.resize(pixels, (100, 200), interpolation=cv2.INTER_AREA)
    assert np.abs(two_thirds(pixels).astype(int) - plainly).max() <= 1


@pytest.mark.parametrize("share", [0.0, 0.0005, 0.01, 0.3])
def test_areas_are_those_of_opencv_however_full_the_mask(share):
    mask = cv2.dilate((RNG.random((300, 200)) < share / 5).astype(np.uint8), np.ones((3, 3), np.uint8))
    number, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    found = components(mask)
    assert found.number == number
    assert np.array_equal(found.labels, labels)
    assert np.array_equal(found.stats[1:], stats[1:])


def test_areas_too_many_for_16_bits_are_those_of_opencv():
    mask = np.zeros((601, 600), np.uint8)
    mask[::2, ::2] = 1
    mask[RNG.random(mask.shape) < 0.02] = 1
    number, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    found = components(mask)
    assert found.number == number > 65_536
    assert np.array_equal(found.labels, labels)
    assert np.array_equal(found.stats[1:], stats[1:])


@pytest.mark.parametrize("kind", [np.uint8, np.float32])
def test_a_quantile_has_its_share_of_the_values_below_it(kind):
    values = grain((40, 25)).astype(kind)
    for share in (0.0, 0.3, 0.5, 0.997, 1.0):
        assert quantile(values, share) == np.quantile(values, share, method="lower")
    assert median(values[:39, :25]) == np.median(values[:39, :25])
