"""Upright page → `EncodedPage`: segmented, coded, compared with the scan, and coded more faithfully if the check fails.

    encode_page(raster, (13.4, 2.9)) -> EncodedPage(layers=(…), number=Box(…), rung=Rung.LAYERS, …)

The rungs: stencil and regions → regions also where the check found damage → one picture → one picture at the scan's
resolution, high quality → the scan itself. The first rung without damage is published. The last rung is coded here as a
picture of its pixels; if the file has the page as one image, that image is published instead (`workers.source_picture`).

`python -m bench pages` measures the limits together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from itrwatch.core.encoded_page import Box, EncodedPage, Layer
from itrwatch.core.pages import Encoding, Rung, Turn
from itrwatch.imaging import thresholds as at
from itrwatch.imaging.analysis.contrast_maps import Maps, Mask
from itrwatch.imaging.analysis.ink_groups import Ink
from itrwatch.imaging.analysis.page_model import PageModel, model_page
from itrwatch.imaging.encoding.binarize import binarize
from itrwatch.imaging.encoding.codecs import encode_ink
from itrwatch.imaging.encoding.damage import Damage
from itrwatch.imaging.encoding.number_position import MARGIN_MM, find_spot
from itrwatch.imaging.encoding.reconstruction_check import AlsoCheck, Original, find_damage
from itrwatch.imaging.encoding.region import at_most, picture_layer, region_layer
from itrwatch.imaging.encoding.segment import Segmentation, segment
from itrwatch.imaging.g4 import Ink as Stencil
from itrwatch.imaging.raster import Raster
from itrwatch.imaging.resample import coverage

PT_PER_MM = 72 / 25.4
STRIP_GAP_MM = 2.0
"""White above and below the number in a strip. Chosen."""
LEGIBLE_ON = 118
"""Physical: the darkest grey on which black has the contrast that reading needs, 4.5 to 1 (WCAG 2.1, 1.4.3)."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """The coding parameters: maximal resolution of ink and of tone, JPEG quality 1 to 95."""

    ink_dpi: int = 300
    tone_dpi: int = 200
    quality: int = 66


@dataclass(frozen=True, slots=True)
class _Attempt:
    """One coding of a page, and the reason for the attempt: "" for the first."""

    rung: Rung
    encoding: Encoding
    layers: tuple[Layer, ...]
    why: str = ""


def turned(raster: Raster, turn: Turn) -> Raster:
    """The raster turned clockwise by ``turn`` degrees."""
    if turn == 0:
        return raster
    return Raster(np.ascontiguousarray(np.rot90(raster.pixels, -turn // 90)), raster.dpi, raster.bilevel)


def encode_page(
    raster: Raster,
    number_mm: tuple[float, float],
    wanted: Wanted | None = None,
    *,
    careful: bool = False,
    drawn: bool = False,
    also: AlsoCheck | None = None,
) -> EncodedPage:
    """Code an upright page; ``number_mm`` is the width and height that the folha number needs.

    A bilevel scan keeps its pixels, whatever its resolution. ``careful``: the page was kept because of very pale marks and
    must be one picture. ``drawn``: by a program, so it has no scanner artefacts. ``also``: a further check of every coding.
    """
    wanted = wanted or Wanted()
    if raster.bilevel:
        ink = raster.pixels < 128
        coded = _Attempt(Rung.LAYERS, Encoding.BITONAL, (_ink_layer(ink, raster),))
        return _with_number(raster, coded, ink, raster.dpi / 25.4, number_mm)
    fine = _at_most(raster, wanted.ink_dpi)
    page = model_page(fine, drawn=drawn)
    coded = _first_true(page, raster, wanted, careful=careful, also=also)
    # Include uncoded places (punch holes, scanner edge): the number must not be there either.
    taken = (page.maps.contrast > page.maps.least) | page.areas.solid | page.artefacts | _too_dark(page.maps)
    return _with_number(fine, coded, taken, page.maps.px(1.0), number_mm)


_Attempts = Generator[_Attempt, Sequence[Damage], None]


def _first_true(page: PageModel, scan: Raster, wanted: Wanted, *, careful: bool, also: AlsoCheck | None) -> _Attempt:
    """The first attempt without damage; the scan itself is not checked."""
    original = Original(page.maps.raster, page.artefacts | page.groups.of(Ink.DUST), also)
    attempts = _attempts(page, scan, wanted, careful=careful)
    attempt = next(attempts)
    while attempt.rung is not Rung.SCAN:
        damage = find_damage(original, attempt.layers)
        if not damage:
            return attempt
        # The generator chooses the next attempt from the damage of this one.
        attempt = attempts.send(damage)
    return attempt


def _attempts(page: PageModel, scan: Raster, wanted: Wanted, *, careful: bool) -> _Attempts:
    """The attempts in order; the damage of each is sent in."""
    parts = segment(page)
    picture = "kept for faint marks" if careful else parts.picture or _too_coarse(scan)
    damage: Sequence[Damage] = ()
    if not picture:
        damage = yield _layered(page, parts, wanted, Rung.LAYERS, "")
        more = segment(page, _places(page, damage))
        if not more.picture:
            damage = yield _layered(page, more, wanted, Rung.MORE_TONE, _counted(damage))
    raster = page.maps.raster
    coarse = bool(_too_coarse(scan))  # colour at half resolution would be too coarse for letters
    layer = picture_layer(raster, wanted.tone_dpi, min(95, wanted.quality + at.PICTURE_FINER), fine_colour=coarse)
    rung = Rung.LAYERS if picture else Rung.PICTURE
    damage = yield _Attempt(rung, Encoding.PICTURE, (layer,), picture or _counted(damage))
    layer = picture_layer(raster, wanted.ink_dpi, at.FINE_QUALITY, fine_colour=True)
    damage = yield _Attempt(Rung.FINE_PICTURE, Encoding.PICTURE, (layer,), _counted(damage))
    layer = picture_layer(scan, scan.dpi, at.SCAN_QUALITY, fine_colour=True)
    yield _Attempt(Rung.SCAN, Encoding.PICTURE, (layer,), _counted(damage))


def _layered(page: PageModel, parts: Segmentation, wanted: Wanted, rung: Rung, why: str) -> _Attempt:
    """A stencil over regions."""
    ink = binarize(page.maps, parts.black, page.groups.near)
    printed = coverage(ink, page.maps.factor) > 0
    layers = tuple(region_layer(page.maps, parts, printed, box, wanted.tone_dpi, wanted.quality) for box in parts.boxes)
    encoding = Encoding.MIXED if layers else Encoding.BITONAL
    if ink.any():
        layers += (_ink_layer(ink, page.maps.raster),)
    return _Attempt(rung, encoding, layers, why)


def _too_coarse(scan: Raster) -> str:
    return f"{scan.dpi:.0f} dpi" if scan.dpi < at.LOW_DPI else ""


def _counted(damage: Sequence[Damage]) -> str:
    """The number of damages by kind: "3 lost, 1 colour"."""
    return ", ".join(f"{count} {kind}" for kind, count in Counter(found.kind.value for found in damage).items())


def _places(page: PageModel, damage: Sequence[Damage]) -> Mask:
    """The damaged boxes on the map."""
    found = np.zeros(page.maps.shape, np.bool_)
    px = page.maps.px(1.0)
    for place in damage:
        rows = slice(int(place.top * px), int((place.top + place.height) * px) + 1)
        found[rows, int(place.left * px) : int((place.left + place.width) * px) + 1] = True
    return found


def _at_most(raster: Raster, dpi: float) -> Raster:
    pixels = at_most(raster.pixels, raster.dpi, dpi)
    return raster if pixels is raster.pixels else Raster(pixels, pixels.shape[1] / raster.width_mm * 25.4)


def _ink_layer(ink: Stencil, raster: Raster) -> Layer:
    page = Box(0, 0, raster.width_mm * PT_PER_MM, raster.height_mm * PT_PER_MM)
    return Layer("g4", encode_ink(ink), ink.shape[1], ink.shape[0], page)


def _with_number(
    raster: Raster, coded: _Attempt, taken: Mask, px_per_mm: float, number_mm: tuple[float, float]
) -> EncodedPage:
    width, height = raster.width_mm * PT_PER_MM, raster.height_mm * PT_PER_MM
    wide, high = number_mm
    # Without a clear spot, add a white strip above and move all layers down by its height.
    spot = find_spot(taken, px_per_mm, wide, high)
    strip = 0.0 if spot else (high + 2 * STRIP_GAP_MM) * PT_PER_MM
    right = spot.right if spot else min(MARGIN_MM, max(0.0, raster.width_mm - wide))
    top = spot.top if spot else STRIP_GAP_MM
    edge = width - right * PT_PER_MM
    number = Box(edge - wide * PT_PER_MM, top * PT_PER_MM, edge, (top + high) * PT_PER_MM)
    layers = tuple(_lowered(layer, strip) for layer in coded.layers)
    return EncodedPage(width, height + strip, layers, coded.encoding, number, strip, coded.rung, coded.why)


def _too_dark(maps: Maps) -> Mask:
    """Where the page is too dark for a black number, though nothing is written there."""
    ground = maps.ground if maps.ground.ndim == 2 else cv2.cvtColor(maps.ground, cv2.COLOR_RGB2GRAY)
    dark = cv2.compare(ground, np.full_like(ground, LEGIBLE_ON), cv2.CMP_LT)
    return np.asarray(cv2.resize(dark, maps.shape[::-1], interpolation=cv2.INTER_NEAREST) > 0)


def _lowered(layer: Layer, by: float) -> Layer:
    box = layer.box
    return replace(layer, box=Box(box.left, box.top + by, box.right, box.bottom + by))
