"""Black and white survives its code, and whatever reads a TIFF finds the same picture in it."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from itrwatch.imaging.g4 import decode_g4, encode_g4, tiff_around

RNG = np.random.default_rng(5)


@pytest.mark.parametrize("shape", [(1, 1), (3, 8), (50, 61)])
@pytest.mark.parametrize("share", [0, 0.1, 1])
def test_ink_comes_back_as_it_was(shape, share):
    ink = RNG.random(shape) < share
    assert np.array_equal(decode_g4(encode_g4(ink), shape[1], shape[0]), ink)


def test_uncompressed_samples_in_a_tiff_are_read_as_grey():
    grey = RNG.integers(0, 256, (4, 5)).astype(np.uint8)
    with Image.open(BytesIO(tiff_around(grey.tobytes(), 5, 4, 1))) as picture:
        assert np.array_equal(np.asarray(picture), grey)
