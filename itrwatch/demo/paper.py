"""What paper and scanner add to a page: nothing that comes off a scanner is pure white.

Lengths are millimetres, contrasts are shares of full white.
"""

from __future__ import annotations

from statistics import NormalDist

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

_FIELD = 8
"""Light and shade are worked out on a field that many times smaller than the page."""

_QUANTILES = np.array([NormalDist().inv_cdf((level + 0.5) / 256) for level in range(256)], np.float32)
"""Turns evenly spread bytes into a bell curve, much faster than drawing from one."""

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
    """What a colour scanner makes of a page, the same for the same seed.

    ``tint``: how far the paper is from white. ``grain``: its spread, in levels of 255. ``shade``: fall of the light across
    the page. ``back``: the other side, seen mirrored through the paper with a contrast of ``show_through``. ``holes``: two
    punch holes on the left. ``scanner_edge``: dark shadow along the right or lower side. ``dust``: specks on an A4 page.
    ``crease``: across the middle. ``skew``: degrees clockwise. ``blur``: of the optics, sigma in pixels at 300 dpi.
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
    """``page`` seen through ``share``, 255 for all of its light."""
    return np.asarray(cv2.multiply(page, share, scale=1 / 255), np.uint8)


def _light(rng: np.random.Generator, rows: int, columns: int, tint: float, shade: float) -> Field:
    """The colour of the empty paper under the lamp, as a small field of shares of white in R, G, B."""
    # Both from 0 to 1 over the page.
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
    """A crease across the page: dark on one side of the line, light on the other."""
    rows = light.shape[0]
    distance = np.arange(rows) - rows * rng.uniform(0.45, 0.55)
    # The line itself, and a shadow that fades on one side only.
    dark = 0.10 * np.exp(-((distance / 1.2) ** 2)) + 0.03 * np.exp(-np.abs(distance) / 12) * (distance > 0)
    light *= (1 - dark).astype(np.float32)[:, None, None]


def _shadow(rng: np.random.Generator, light: Field, dpi: int) -> None:
    """The shadow of the scanner's edge along the right or the lower edge, 2 to 6 mm wide."""
    axis = int(rng.integers(2))
    length = light.shape[axis]
    from_edge = length - 1 - np.arange(length)
    width = rng.uniform(2, 6) / 25.4 * dpi / _FIELD
    # A logistic edge; the exponent is capped, for exp overflows float64 at 709.
    dark = (0.75 / (1 + np.exp(np.minimum((from_edge - width) * 6 / width, 60)))).astype(np.float32)
    light *= 1 - (dark[:, None, None] if axis == 0 else dark[None, :, None])


def _bytes(light: Field, page: Pixels) -> Pixels:
    small = np.clip(light * 255, 0, 255).astype(np.uint8)
    return np.asarray(cv2.resize(small, (page.shape[1], page.shape[0]), interpolation=cv2.INTER_LINEAR))


def _shown_through(back: Image.Image, page: Pixels, contrast: float, dpi: int) -> Pixels:
    """How much light the other side leaves, mirrored and blurred by the paper."""
    half = cv2.resize(
        np.asarray(back.convert("L")), (page.shape[1] // 2, page.shape[0] // 2), interpolation=cv2.INTER_AREA
    )
    # Mirrored: the other side is seen through the sheet. Worked out at half size: it is blurred anyway.
    soft = cv2.GaussianBlur(half[:, ::-1], (0, 0), 1.1 * dpi / 300)
    table = np.rint(255 - contrast * (255 - np.arange(256))).astype(np.uint8)
    seen = cv2.resize(cv2.LUT(soft, table), (page.shape[1], page.shape[0]), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.cvtColor(seen, cv2.COLOR_GRAY2RGB))


def _punch(page: Pixels, dpi: int) -> None:
    """Two holes, 6 mm wide and 80 mm apart, 12 mm from the left edge, dark as the scanner's lid seen through them."""
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
    """Specks of dust, 0.1 to 0.4 mm, most of them pale."""
    rows, columns = page.shape[:2]
    for _ in range(specks):
        centre = (int(rng.integers(columns)), int(rng.integers(rows)))
        radius = max(1, round(rng.uniform(0.05, 0.2) / 25.4 * dpi))
        # The power makes pale specks more frequent than dark ones.
        level = int(255 * rng.uniform(0.35, 0.9) ** 0.6)
        cv2.circle(page, centre, radius, (level, level, level - 6), -1, cv2.LINE_AA)


def _grainy(rng: np.random.Generator, page: Pixels, spread: float) -> Pixels:
    """Fibres and sensor noise, the same in all colours."""
    if spread <= 0:
        return page
    chance = rng.integers(0, 256, page.shape[:2], np.uint8)
    table = np.clip(np.rint(128 + spread * _QUANTILES), 0, 255).astype(np.uint8)
    # Around 128, which is taken off again: bytes have no sign.
    noise = cv2.cvtColor(cv2.LUT(chance, table), cv2.COLOR_GRAY2RGB)
    return np.asarray(cv2.addWeighted(page, 1.0, noise, 1.0, -128))
