"""A decoded page: pixels with their size on paper."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
"""``(height, width)`` grey or ``(height, width, 3)`` RGB, dtype uint8, 0 black to 255 white."""


@dataclass(frozen=True, slots=True, eq=False)
class Raster:
    """One scanned page as pixels.

    ``pixels``: see `Pixels`; a bilevel scan is grey with only 0 and 255 and ``bilevel`` set.
    ``dpi``: pixels per inch on paper, the same in both directions.
    """

    pixels: Pixels
    dpi: float
    bilevel: bool = False

    @property
    def colour(self) -> bool:
        """Whether there are three channels."""
        return self.pixels.ndim == 3

    @property
    def width_mm(self) -> float:
        """Width of the sheet in mm."""
        return float(self.pixels.shape[1] / self.dpi * 25.4)

    @property
    def height_mm(self) -> float:
        """Height of the sheet in mm."""
        return float(self.pixels.shape[0] / self.dpi * 25.4)
