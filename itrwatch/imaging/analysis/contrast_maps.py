"""The maps for the segmentation of a page: ground, contrast, cores, chroma, at about 150 dpi.

    make_maps(raster) -> Maps(dark, contrast, core, …): uint8, each about 1 240 × 1 754 for an A4 page

Only `make_maps` reads every pixel of the scan; later steps work on its maps. Measured (A4 in RGB at 300 dpi, one core): 25 ms.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from itrwatch.imaging import thresholds as at
from itrwatch.imaging.analysis.sheet_surface import Floats, local_ground, sheet_surface
from itrwatch.imaging.raster import Pixels, Raster
from itrwatch.imaging.resample import averaged

LOW = 4
"""Chosen: pixels of the map in one pixel of ``low``, which has about 37 dpi, 0.7 mm."""
L_UNITS = 2.55
"""Levels of the 8-bit maps in one unit of L*."""
Mask = NDArray[np.bool_]


def _lightness() -> Floats:
    level = np.arange(256) / 255
    # IEC 61966-2-1 (sRGB to linear light), then CIE 15 (linear light to L*).
    linear = np.where(level > 0.04045, ((level + 0.055) / 1.055) ** 2.4, level / 12.92)
    return np.where(linear > 0.008856, 116 * np.cbrt(linear) - 16, 903.3 * linear).astype(np.float32)


LIGHTNESS = _lightness()
"""Grey level of sRGB -> L*."""
DARKNESS: Pixels = np.round((100 - LIGHTNESS) * L_UNITS).astype(np.uint8)
"""Grey level -> darkness in levels of the maps."""
# The inverse of DARKNESS, by search: the nearest grey level for each darkness.
GREY_OF_DARKNESS: Pixels = np.array(
    [int(np.argmin(np.abs(100 - LIGHTNESS - d / L_UNITS))) for d in range(256)], np.uint8
)


@dataclass(frozen=True, slots=True, eq=False)
class Maps:
    """The maps of one page. All are 8-bit; darkness in levels of 1 / 2.55 ΔL*.

    ``raster``: the page, upright, at most 300 dpi; ``grey``: its luminance. ``pixels``: the page at the map's size, ``factor`` times
    smaller. ``sheet``: the bare sheet; ``ground``: the surroundings of strokes, both `LOW` times smaller than the map.
    ``dark``: darkness against the ground, averaged over 0.3 mm; ``contrast``: the same with half of the chroma;
    ``core``: the darkest 0.2 mm of each cell. ``tint``: the a* and b* of marks at half the map's size, None for grey.
    ``level``, ``grain``: contrast of bare paper and its standard deviation, ΔL*.
    """

    raster: Raster
    grey: Pixels
    pixels: Pixels
    factor: int
    sheet: Pixels
    ground: Pixels
    dark: Pixels
    contrast: Pixels
    core: Pixels
    tint: tuple[Floats, Floats] | None
    level: float
    grain: float

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of the map."""
        return self.dark.shape[0], self.dark.shape[1]

    @property
    def dpi(self) -> float:
        """Resolution of the map."""
        return self.raster.dpi / self.factor

    def px(self, mm: float) -> float:
        """A length on paper in pixels of the map."""
        return mm / 25.4 * self.dpi

    @property
    def mm2(self) -> float:
        """Area of one pixel of the map on paper."""
        return (25.4 / self.dpi) ** 2

    def window(self, across_mm: float, down_mm: float) -> Pixels:
        """A rectangular kernel of odd sides."""
        return np.ones(tuple(max(1, round(self.px(mm)) | 1) for mm in (down_mm, across_mm)), np.uint8)

    @property
    def least(self) -> int:
        """Level of ``contrast`` from which a pixel belongs to a mark."""
        return round((self.level + max(at.LEAST_CONTRAST, at.OVER_GRAIN * self.grain)) * L_UNITS)

    @property
    def faint(self) -> int:
        """Level of ``contrast`` from which a pixel connected to a mark belongs to it."""
        return round((self.level + max(at.FAINT_CONTRAST, at.FAINT_OVER_GRAIN * self.grain)) * L_UNITS)


def make_maps(raster: Raster) -> Maps:
    """Upright page in grey or RGB, at most about 300 dpi → maps."""
    factor = max(1, round(raster.dpi / at.MAP_DPI))
    pixels = averaged(raster.pixels, factor) if factor > 1 else raster.pixels
    grey = _grey(raster.pixels)
    low = averaged(pixels, LOW) if min(pixels.shape[:2]) >= LOW else pixels
    ground = local_ground(low, raster.dpi / factor / LOW)
    # The sheet must not be darker than the ground: where the fitted surface is, use the ground.
    sheet = np.maximum(np.asarray(np.rint(sheet_surface(ground)), np.uint8), ground)
    shape = pixels.shape[:2]
    grey_ground = spread(_grey(ground), shape)
    dark = _bytes(cv2.blur(cv2.LUT(cv2.divide(_grey(pixels), grey_ground, scale=255), DARKNESS), (3, 3)))
    # Divided by the ground, so that a stroke on grey fill is as dark as on paper.
    core = _bytes(cv2.LUT(cv2.divide(_darkest(grey, factor, shape), grey_ground, scale=255), DARKNESS))
    tint = _tint(pixels, ground) if raster.colour else None
    contrast = dark if tint is None else _bytes(cv2.add(dark, spread(_half_chroma(tint), shape)))
    level, grain = _bare(contrast)
    return Maps(raster, grey, pixels, factor, sheet, ground, dark, contrast, core, tint, level, grain)


def _bytes(array: NDArray[Any]) -> Pixels:
    return np.asarray(array, np.uint8)


def spread(small: Pixels, shape: tuple[int, ...]) -> Pixels:
    """``small`` interpolated to the rows and columns of ``shape``."""
    return np.asarray(cv2.resize(small, (shape[1], shape[0]), interpolation=cv2.INTER_LINEAR), np.uint8)


def _grey(pixels: Pixels) -> Pixels:
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), np.uint8) if pixels.ndim == 3 else pixels


def _darkest(grey: Pixels, factor: int, shape: tuple[int, ...]) -> Pixels:
    """The darkest 0.2 mm (three pixels of 300 dpi) that each cell of the map touches."""
    if factor == 1:
        return grey
    # Average first: the darkest single pixel would be grain.
    calm = cv2.blur(grey, (3, 3))
    # With the anchor at the upper left, the minimum of each cell is at the cell's first pixel.
    darkest = cv2.erode(calm, np.ones((factor, factor), np.uint8), anchor=(0, 0))
    return np.ascontiguousarray(darkest[::factor, ::factor][: shape[0], : shape[1]])


def _tint(pixels: Pixels, ground: Pixels) -> tuple[Floats, Floats]:
    """a* and b* against the ground, at half the size of the map."""
    half = averaged(pixels, 2) if min(pixels.shape[:2]) >= 2 else pixels
    flat = cv2.divide(half, spread(ground, half.shape), scale=255)
    lab = cv2.cvtColor(flat, cv2.COLOR_RGB2LAB)
    a, b = (cv2.extractChannel(lab, channel).astype(np.float32) - np.float32(128) for channel in (1, 2))
    return a, b


def _half_chroma(tint: tuple[Floats, Floats]) -> Pixels:
    chroma = cv2.magnitude(cv2.blur(tint[0], (3, 3)), cv2.blur(tint[1], (3, 3)))
    return np.asarray(np.clip(chroma * (0.5 * L_UNITS), 0, 255), np.uint8)


def _bare(contrast: Pixels) -> tuple[float, float]:
    """Level and standard deviation of the contrast of bare paper (below 6 ΔL*)."""
    sample = contrast[1::4, 1::4]
    quiet = sample[sample < 6 * L_UNITS].astype(np.float32) / L_UNITS
    if not quiet.size:
        return 0.0, 1.0
    level = float(np.median(quiet))
    # For a normal distribution sigma is 1.25 times the mean absolute deviation; 0.15 is about what rounding to bytes makes.
    return level, max(0.15, 1.25 * float(np.abs(quiet - level).mean()))
