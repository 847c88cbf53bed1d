"""Coloured paper: which colour is the mark's own, and which is the paper's.

To divide the paper out makes white what is bare, but black print blue where the paper is yellow: ink hides the paper,
it is no filter over it. And a scanner's JPEG spreads the colour of the paper over the letters, and takes it from
beside them. So on such paper a mark is coloured only by what no mixture of grey ink and of this paper explains.
Measured on seven papers (yellow, orange, pink, green, blue, kraft, aged) with eleven inks: of three near black, up to 10 938
cells of the map were taken for coloured, and their letters left thin and pale; none now.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from itrwatch.imaging.quantile import median
from itrwatch.imaging.raster import Pixels

TINTED = 24
"""Difference between the channels of the paper (of 255) from which it is coloured."""
SPREAD = 0.2
"""How much of the paper's colour a JPEG spreads over a stroke: beyond what its lightness lets through."""


def is_tinted(paper: Pixels) -> bool:
    """Whether a sheet is coloured; ``paper``: RGB, the paper wherever something stands on it."""
    sheet = [median(np.ascontiguousarray(paper[::8, ::8, channel])) for channel in range(3)]
    return bool(max(sheet) - min(sheet) > TINTED)


def own_colours(scanned: Pixels, paper: Pixels) -> tuple[Pixels, Pixels]:
    """The lightest channel of each pixel beside the lightest of its paper, and how far its colour is from the paper's.

    Both RGB, ``(n, 3)``, and both results 0 to 255. That the colour is the paper's: grey, mixed with what of it shines through or was spread.
    """
    level = np.float32(255) / paper.max(axis=-1, keepdims=True)
    pixel, sheet = scanned * level, paper * level
    lightness = pixel.mean(axis=-1, keepdims=True) / sheet.mean(axis=-1, keepdims=True)
    pixel_colour, sheet_colour = _colour(pixel), _colour(sheet)
    along = (pixel_colour * sheet_colour).sum(axis=-1, keepdims=True)
    share = along / np.maximum((sheet_colour * sheet_colour).sum(axis=-1, keepdims=True), 1)
    own = pixel_colour - np.clip(share, 0, np.minimum(1, lightness + SPREAD)) * sheet_colour
    chroma = own.max(axis=-1) - own.min(axis=-1)
    return _as_pixels(pixel.max(axis=-1)), _as_pixels(chroma)


def _colour(pixels: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(pixels - pixels.mean(axis=-1, keepdims=True), np.float32)


def _as_pixels(values: NDArray[np.float32]) -> Pixels:
    return np.asarray(np.clip(values, 0, 255), np.uint8)
