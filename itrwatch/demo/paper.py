"""Simulates the effects of paper and scanner on a page: tint, grain, shading, show-through, dust, holes, edges.

    scan(page, seed=7, dpi=300, holes=True) -> RGB image of the same size

Lengths are in millimetres, contrasts are shares of full white.
"""

from __future__ import annotations

from statistics import NormalDist

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

_FIELD = 8
"""Reduction of the field on which brightness is computed, relative to the page. Chosen."""

_QUANTILES = np.array([NormalDist().inv_cdf((level + 0.5) / 256) for level in range(256)], np.float32)
"""Maps uniformly distributed bytes to a normal distribution, much faster than sampling one."""

Field = NDArray[np.float32]
Pixels = NDArray[np.uint8]


def scan(
    image: Image.Image,
    seed: int,
    dpi: int,
    *,
    tint: float = 0.04,
    grain: float = 2.5,
    shade: float = 0.03,
    back: Image.Image | None = None,
    show_through: float = 0.12,
    holes: bool = False,
    scanner_edge: bool = False,
    dust: int = 25,
    crease: bool = False,
    skew: float = 0.0,
    blur: float = 0.5,
) -> Image.Image:
    """Page → scan by a colour scanner; equal seeds give equal pixels.

    ``tint``: difference of the paper from white. ``grain``: standard deviation of the noise, levels of 255. ``shade``:
    decrease of brightness across the page. ``back``: the other side, mirrored and visible with the contrast
    ``show_through``. ``holes``: two punch holes at the left. ``scanner_edge``: a dark shadow along the right or lower
    side. ``dust``: number of specks. ``crease``: one across the middle. ``skew``: degrees clockwise. ``blur``: sigma of
    the optics, pixels at 300 dpi.
    """
    rng = np.random.default_rng([seed, 7])
    page: Pixels = np.array(image.convert("RGB"))
    sigma = blur * dpi / 300
    if sigma > 0:
        page = np.asarray(cv2.GaussianBlur(page, (0, 0), sigma), np.uint8)
    if skew:
        page = _skewed(page, skew)
    if holes:
        _punch(page, dpi)
    light = _light(rng, page.shape[0], page.shape[1], tint, shade)
    if crease:
        _crease(rng, light)
    if scanner_edge:
        _shadow(rng, light, dpi)
    page = _times(page, _bytes(light, page))
    if back is not None:
        page = _times(page, _shown_through(back, page, show_through, dpi))
    _dirty(rng, page, dpi, dust)
    return Image.fromarray(_grainy(rng, page, grain))


def _times(page: Pixels, share: Pixels) -> Pixels:
    """``page`` multiplied by ``share`` / 255."""
    return np.asarray(cv2.multiply(page, share, scale=1 / 255), np.uint8)


def _light(rng: np.random.Generator, rows: int, columns: int, tint: float, shade: float) -> Field:
    """The colour of the empty paper under the lamp: shares of white in R, G, B, reduced by `_FIELD`."""
    # Coordinates from 0 to 1 over the page.
    down, across = np.mgrid[0 : 1 : complex(0, rows // _FIELD + 1), 0 : 1 : complex(0, columns // _FIELD + 1)].astype(
        np.float32
    )
    angle = rng.uniform(0, 2 * np.pi)
    slope = (down - 0.5) * np.sin(angle) + (across - 0.5) * np.cos(angle)
    cloud = cv2.resize(
        rng.random((6, 5), dtype=np.float32), (down.shape[1], down.shape[0]), interpolation=cv2.INTER_CUBIC
    )
    level = 1 - shade * (0.5 + slope / 1.5) - 0.012 * cloud
    paper = 1 - tint * np.array((rng.uniform(0.3, 0.6), rng.uniform(0.5, 0.8), rng.uniform(1.0, 1.8)))
    return np.asarray(level[..., None] * paper, np.float32)


def _crease(rng: np.random.Generator, light: Field) -> None:
    """Add a crease across the page to ``light``: a dark line with a shadow on one side."""
    rows = light.shape[0]
    distance = np.arange(rows) - rows * rng.uniform(0.45, 0.55)
    # The line, and a shadow that fades on one side only.
    dark = 0.10 * np.exp(-((distance / 1.2) ** 2)) + 0.03 * np.exp(-np.abs(distance) / 12) * (distance > 0)
    light *= (1 - dark).astype(np.float32)[:, None, None]


def _shadow(rng: np.random.Generator, light: Field, dpi: int) -> None:
    """Add the shadow of the scanner's edge, 2 to 6 mm wide, to ``light`` along the right or lower side."""
    axis = int(rng.integers(2))
    length = light.shape[axis]
    from_edge = length - 1 - np.arange(length)
    width = rng.uniform(2, 6) / 25.4 * dpi / _FIELD
    # A logistic edge; the exponent is limited because exp overflows float64 at 709.
    dark = (0.75 / (1 + np.exp(np.minimum((from_edge - width) * 6 / width, 60)))).astype(np.float32)
    light *= 1 - (dark[:, None, None] if axis == 0 else dark[None, :, None])


def _bytes(light: Field, page: Pixels) -> Pixels:
    small = np.clip(light * 255, 0, 255).astype(np.uint8)
    return np.asarray(cv2.resize(small, (page.shape[1], page.shape[0]), interpolation=cv2.INTER_LINEAR))


def _shown_through(back: Image.Image, page: Pixels, contrast: float, dpi: int) -> Pixels:
    """The light transmitted by the other side, mirrored and blurred by the paper, 255 for all."""
    half = cv2.resize(
        np.asarray(back.convert("L")), (page.shape[1] // 2, page.shape[0] // 2), interpolation=cv2.INTER_AREA
    )
    # Mirrored, because the other side is seen through the sheet; computed at half size, because it is blurred.
    soft = cv2.GaussianBlur(half[:, ::-1], (0, 0), 1.1 * dpi / 300)
    table = np.rint(255 - contrast * (255 - np.arange(256))).astype(np.uint8)
    seen = cv2.resize(cv2.LUT(soft, table), (page.shape[1], page.shape[0]), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.cvtColor(seen, cv2.COLOR_GRAY2RGB))


def _punch(page: Pixels, dpi: int) -> None:
    """Draw two holes, 6 mm wide and 80 mm apart, 12 mm from the left edge, dark as the scanner's lid behind them."""
    for offset in (-40, 40):
        centre = (round(12 / 25.4 * dpi), round(page.shape[0] / 2 + offset / 25.4 * dpi))
        cv2.circle(page, centre, round(3 / 25.4 * dpi), (70, 68, 66), -1, cv2.LINE_AA)
        cv2.circle(page, centre, round(3 / 25.4 * dpi), (170, 168, 164), max(1, dpi // 100), cv2.LINE_AA)


def _skewed(page: Pixels, degrees: float) -> Pixels:
    rows, columns = page.shape[:2]
    matrix = cv2.getRotationMatrix2D((columns / 2, rows / 2), -degrees, 1.0)
    edge = tuple(int(level) for level in page[2, 2])
    return np.asarray(cv2.warpAffine(page, matrix, (columns, rows), flags=cv2.INTER_LINEAR, borderValue=edge))


def _dirty(rng: np.random.Generator, page: Pixels, dpi: int, specks: int) -> None:
    """Draw ``specks`` specks of dust, 0.1 to 0.4 mm wide, most of them pale."""
    rows, columns = page.shape[:2]
    for _ in range(specks):
        centre = (int(rng.integers(columns)), int(rng.integers(rows)))
        radius = max(1, round(rng.uniform(0.05, 0.2) / 25.4 * dpi))
        # The exponent makes pale specks more frequent than dark ones.
        level = int(255 * rng.uniform(0.35, 0.9) ** 0.6)
        cv2.circle(page, centre, radius, (level, level, level - 6), -1, cv2.LINE_AA)


def _grainy(rng: np.random.Generator, page: Pixels, spread: float) -> Pixels:
    """Add fibres and sensor noise, equal in all channels, with standard deviation ``spread``."""
    if spread <= 0:
        return page
    chance = rng.integers(0, 256, page.shape[:2], np.uint8)
    table = np.clip(np.rint(128 + spread * _QUANTILES), 0, 255).astype(np.uint8)
    # The noise is around 128, which is subtracted again, because bytes are unsigned.
    noise = cv2.cvtColor(cv2.LUT(chance, table), cv2.COLOR_GRAY2RGB)
    return np.asarray(cv2.addWeighted(page, 1.0, noise, 1.0, -128))
