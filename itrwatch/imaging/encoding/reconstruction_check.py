"""Renders the coded page and compares it with the scan: nothing may be lost, changed, or added.

    find_damage(Original(raster, ignored), layers) -> (Damage(DamageKind.LOST, box, …),), empty if the page is faithful

`find_damage` decodes the published bytes and compares them with the scan at about 150 dpi. It shares neither code nor thresholds
with the encoder: it has its own estimate of the paper (the lightest value nearby, not a surface), its own contrast (a share
of the paper's grey, not ΔL*), and compares pixels, not words. Levels are of 255.

`DamageKind` lists the kinds of damage. After any of them the page is coded more faithfully; a false alarm only costs
kilobytes. The thresholds are chosen so that a plain JPEG of the page passes (measured on field and drawn pages) and every damage
of `tests/imaging/test_reconstruction_check.py` is found.

`python -m bench pages` measures the limits together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from itrwatch.core.encoded_page import Layer
from itrwatch.imaging.encoding.check_codes import PageCodes
from itrwatch.imaging.encoding.check_parts import StrokeParts
from itrwatch.imaging.encoding.damage import Damage, DamageKind, pieces
from itrwatch.imaging.encoding.rendering import decode_stencil, render
from itrwatch.imaging.raster import Pixels, Raster
from itrwatch.imaging.resample import averaged

CHECK_DPI = 150.0
"""Resolution of the comparison. Chosen."""
PAPER_MM = 4.0
"""Distance from any stroke within which there is paper. Chosen."""
SEEN, OVER_GRAIN = 13, 5.0
"""Least contrast of marks to compare: a twentieth of white, and five times the grain. Chosen."""
LOST, WEAKER = 0.5, 0.7
"""Shares of the scan's contrast that must be found within a third of a millimetre; the second for larger areas. Chosen."""
LOST_MM2, WEAKER_MM2, LOST_SUM = 0.11, 0.5, 4.0
"""Least areas of damage, mm², and least missing contrast (of 255) times mm², of paler areas three times as much. Chosen."""
DARKER, DARK_NOW, GREY_BEFORE = 1.6, 150, 128
"""Damage: ink with the last value at most (of 255) on the scan, darker by the first factor now, and at least as dark as the second. Chosen."""
DARKER_MM2 = 0.4
"""Least area of such damage, mm². Chosen."""
LIGHT_BEFORE, FALSE_MM2 = 64, 0.3
"""Damage: dark now where nothing within half a millimetre was darker than a quarter of black (of 255); and its least area, mm². Chosen."""
CHROMA, CHROMA_KEPT, CHROMA_MM2 = 18.0, 0.5, 1.5
"""Least difference of the channels of a coloured mark (of 255), averaged over half a millimetre; share to keep; least area, mm². Chosen."""
FILL, FILL_KEPT, FILL_MM2, FILL_STEP = 13.0, 0.5, 20.0, 0.4
"""Least tone (of 255) of an area wider than `PAPER_MM`; share to keep; least area, mm²; share of its outline that is a clear step. Chosen."""
CELL_MM, CELLS_ASIDE = 2.0, 4
"""Size of the cells in which a line is compared, mm, and the number of cells to either side. Chosen."""
INK_RISE, INK_SAME, INK_ALIKE, INK_PALER = 1.35, 1.12, 0.18, 0.9
"""Damage: of two cells whose contrasts on the scan differ by less than `INK_ALIKE`, one is now darker by `INK_RISE` and the other by less than
`INK_SAME`, with a darkest pixel below `INK_PALER` times that of the first. The last condition excludes hairlines whose width varies by one pixel:
all their parts are black. Measured (drawn, field) for `INK_PALER`: no page of 99 is judged differently with 0.8."""
K3 = np.ones((3, 3), np.uint8)
AlsoCheck = Callable[[Pixels, Pixels, float], Iterable[Damage]]
"""A further check, called with the scan and the coded page, both grey and of one size, and their dpi, if nothing else was found."""
Hues = tuple[NDArray[np.float32], NDArray[np.float32]]
"""Red against green, and yellow against blue."""


@dataclass(frozen=True, slots=True, eq=False)
class _Side:
    """The scan or the coded page at the check's size: contrast against the paper nearby, averaged over 0.5 mm and for each pixel."""

    rgb: Pixels
    contrast: Pixels
    sharp: Pixels


class Original:
    """A scan prepared for comparison, once for all codings of its page.

    ``scan``: upright, grey or RGB. ``ignored``: mask at about `CHECK_DPI` of scanner artefacts, which are removed on purpose.
    ``also``: a check that needs more than the pixels, such as what is read on the scan.
    """

    def __init__(self, scan: Raster, ignored: NDArray[np.bool_] | None = None, also: AlsoCheck | None = None) -> None:
        """Prepare the scan at the check's size."""
        self.scan = scan
        factor = max(1, round(scan.dpi / CHECK_DPI))
        pixels = averaged(scan.pixels, factor) if factor > 1 else scan.pixels
        self.shape, self.dpi = (pixels.shape[0], pixels.shape[1]), scan.dpi / factor
        self.side = _side(pixels, self.dpi)
        self.hues = _opponents(pixels) if scan.colour else None
        bare = np.zeros(self.shape, np.bool_)
        self.skip = bare if ignored is None else _fitted(ignored, self.shape) & ~_coloured(self.hues, self.shape)
        self.grey, self.also = _grey(scan.pixels), also
        self.parts = StrokeParts(self.grey, scan.dpi)
        self.codes = PageCodes(self.grey, self.side.contrast, self.dpi)

    @cached_property
    def marks(self) -> NDArray[np.bool_]:
        """Mask of everything darker than the grain of the paper."""
        contrast = self.side.contrast
        quiet = contrast[::3, ::3][contrast[::3, ::3] < SEEN]
        # The standard deviation of normal noise whose mean absolute value is known.
        grain = 1.25 * float(quiet.mean()) if quiet.size else 0.0
        return np.asarray((contrast > max(SEEN, OVER_GRAIN * grain)) & ~self.skip)


def find_damage(original: Original, layers: Sequence[Layer]) -> tuple[Damage, ...]:
    """All damage of the page coded as ``layers``, compared with the scan; () if there is none."""
    scan, dpi = original.scan, original.dpi
    stencils = [decode_stencil(layer) for layer in layers if layer.coding == "g4"]
    now = _side(render(layers, stencils, original.shape, dpi / 72, colour=scan.colour), dpi)
    before, skip = original.side, original.skip
    found = [*_strokes(original, now), *_inks(before, now, skip, dpi), *_colours(original.hues, now, skip, dpi)]
    found += _fills(before, now, skip, dpi)
    for ink in stencils:
        found += original.parts.broken_by(ink)

    @cache
    def draw() -> Pixels:
        return render(layers, stencils, original.grey.shape, scan.dpi / 72, colour=False)

    found += original.codes.lost_on(draw, (scan.width_mm, scan.height_mm), layers)
    if original.also and not found:
        found += original.also(original.grey, draw(), scan.dpi)
    return tuple(found)


def _coloured(hues: Hues | None, shape: tuple[int, int]) -> NDArray[np.bool_]:
    """Mask of coloured places, which must not be ignored: scanner artefacts are grey."""
    if hues is None:
        return np.zeros(shape, np.bool_)
    return _fitted(np.asarray(cv2.magnitude(*hues) > CHROMA), shape)


def _fitted(mask: NDArray[np.bool_], shape: tuple[int, ...]) -> NDArray[np.bool_]:
    if mask.shape == shape:
        return mask
    return np.asarray(cv2.resize(mask.view(np.uint8), shape[1::-1], interpolation=cv2.INTER_NEAREST) > 0)


def _side(rgb: Pixels, dpi: float) -> _Side:
    grey = _grey(rgb)
    calm = np.asarray(cv2.blur(grey, (3, 3)), np.uint8)
    paper = np.maximum(_lightest(grey, dpi), 24)
    contrast, sharp = (cv2.bitwise_not(cv2.divide(side, paper, scale=255)) for side in (calm, grey))
    bare = float(np.median(contrast[::5, ::5]))
    return _Side(
        rgb,
        np.asarray(cv2.subtract(contrast, np.full_like(contrast, round(bare) if bare < SEEN else 0)), np.uint8),
        np.asarray(sharp, np.uint8),
    )


def _lightest(grey: Pixels, dpi: float) -> Pixels:
    """The paper at each pixel: the lightest averaged value within `PAPER_MM`."""
    few = averaged(grey, 3) if min(grey.shape) >= 3 else grey
    side = max(3, round(2 * PAPER_MM / 25.4 * dpi / 3) | 1)
    lightest = cv2.blur(cv2.dilate(cv2.medianBlur(few, 3), np.ones((side, side), np.uint8)), (side // 2, side // 2))
    return np.asarray(cv2.resize(lightest, grey.shape[::-1], interpolation=cv2.INTER_LINEAR), np.uint8)


def _strokes(original: Original, now: _Side) -> Iterator[Damage]:
    """Lost, paler, darker or added ink: compares every pixel with the maximum or minimum within a third of a millimetre."""
    before, mark, skip, dpi = original.side, original.marks, original.skip, original.dpi
    was, is_now = before.contrast, now.contrast
    near_now = cv2.dilate(is_now, np.ones((5, 5), np.uint8))
    for kind, share, least in ((DamageKind.LOST, LOST, LOST_MM2), (DamageKind.WEAKER, WEAKER, WEAKER_MM2)):
        low = mark & (cv2.compare(near_now, cv2.convertScaleAbs(was, alpha=share), cv2.CMP_LT) > 0)
        for damage, inside in pieces(kind, low, least, dpi):
            missing = cv2.subtract(was[inside], near_now[inside])[low[inside]]
            if float(missing.sum()) * (25.4 / dpi) ** 2 >= LOST_SUM * (1 if kind is DamageKind.LOST else 3):
                yield damage
    dark = (now.sharp >= DARK_NOW) & ~skip
    core_was = np.asarray(cv2.dilate(before.sharp, np.ones((5, 5), np.uint8)), np.uint8)
    risen = cv2.compare(now.sharp, cv2.convertScaleAbs(core_was, alpha=DARKER), cv2.CMP_GT) > 0
    darker = dark & (core_was < GREY_BEFORE) & risen
    yield from (damage for damage, _ in pieces(DamageKind.DARKER, darker, DARKER_MM2, dpi))
    around = np.asarray(cv2.dilate(before.sharp, np.ones((7, 7), np.uint8)), np.uint8)
    false = dark & (around < LIGHT_BEFORE)
    yield from (damage for damage, _ in pieces(DamageKind.FALSE_DARK, false, FALSE_MM2, dpi))


def _inks(before: _Side, now: _Side, skip: NDArray[np.bool_], dpi: float) -> Iterator[Damage]:
    """Damage where one ink of a line became much darker in one place and not in another."""
    cell = max(2, round(CELL_MM / 25.4 * dpi))
    was, is_now = (_cells(side.contrast, cell) for side in (before, now))
    near = _cells(np.asarray(cv2.dilate(now.sharp, np.ones((5, 5), np.uint8)), np.uint8), cell)
    skipped = _cells(skip.view(np.uint8), cell) > 0
    # The factor by which each cell has become darker.
    rise = is_now / np.maximum(was, 1)
    inked = (was > 2 * SEEN) & ~skipped
    raised, same = inked & (rise > INK_RISE) & (is_now > DARK_NOW), inked & (rise < INK_SAME)
    apart = np.zeros(was.shape, np.bool_)
    for aside in range(1, CELLS_ASIDE + 1):
        # Every pair of cells at the distance `aside` in a row, in both directions.
        for one, other in ((slice(None, -aside), slice(aside, None)), (slice(aside, None), slice(None, -aside))):
            alike = np.abs(was[:, one] - was[:, other]) < INK_ALIKE * was[:, one]
            paler = near[:, other] < INK_PALER * near[:, one]
            apart[:, one] |= raised[:, one] & same[:, other] & alike & paler
    yield from (damage for damage, _ in pieces(DamageKind.TWO_INKS, apart, 2 * CELL_MM**2, 25.4 / CELL_MM))


def _cells(values: Pixels, cell: int) -> NDArray[np.float32]:
    """The largest value of each cell."""
    # With the anchor at the upper left, the maximum of each cell is at its first pixel.
    largest = cv2.dilate(values, np.ones((cell, cell), np.uint8), anchor=(0, 0))
    return np.asarray(
        largest[: values.shape[0] // cell * cell : cell, : values.shape[1] // cell * cell : cell], np.float32
    )


def _colours(was: Hues | None, now: _Side, skip: NDArray[np.bool_], dpi: float) -> Iterator[Damage]:
    """Marks that have lost or changed their colour."""
    if was is None:
        return
    # Compare squares, to avoid a square root for each of a million pixels.
    strength = was[0] * was[0] + was[1] * was[1]
    coloured = strength > CHROMA**2
    if not coloured.any():
        return
    is_now = _opponents(now.rgb)
    # The projection on the old colour: another hue counts as lost, a stronger colour does not.
    kept = was[0] * is_now[0] + was[1] * is_now[1] < CHROMA_KEPT * strength
    pale = coloured & kept & ~_fitted(skip, coloured.shape)
    yield from (damage for damage, _ in pieces(DamageKind.COLOUR, pale, CHROMA_MM2, dpi / 2))


OPPONENTS = np.array([[1, -1, 0], [0.5, 0.5, -1], [1 / 3, 1 / 3, 1 / 3]], np.float32)


def _opponents(rgb: Pixels) -> Hues:
    """Red against green and yellow against blue at half the size, without the hue of the page's paper."""
    half = cv2.blur(averaged(rgb, 2), (3, 3)).astype(np.float32)
    red_green, yellow_blue, light = cv2.split(cv2.transform(half, OPPONENTS))
    level = max(1.0, float(np.median(light[::4, ::4])))
    # The paper's own hue, as a share of its light, is subtracted: tinted paper has no colour.
    first, second = (
        np.asarray(pair - np.float32(np.median(pair[::4, ::4]) / level) * light, np.float32)
        for pair in (red_green, yellow_blue)
    )
    return first, second


def _fills(before: _Side, now: _Side, skip: NDArray[np.bool_], dpi: float) -> Iterator[Damage]:
    """Damage of areas wider than strokes: their tone against the paper must be kept."""
    coarse = max(1, min(round(dpi / 19), *before.rgb.shape[:2]))
    was, is_now = (_tone(side, coarse) for side in (before, now))
    differs = np.abs(was).max(axis=2)
    # Projection of the new tone on the old one: 1 unchanged, 0 paper.
    along = (was * is_now).sum(axis=2) / np.maximum(np.square(was).sum(axis=2), 1)
    hollow = (differs > FILL) & (along < FILL_KEPT) & ~_fitted(skip, differs.shape)
    # A filled area ends in a step; shading fades, and its edge is not damage.
    step = cv2.dilate(differs, K3) - cv2.erode(differs, K3)
    for damage, inside in pieces(DamageKind.HOLLOW, hollow, FILL_MM2, dpi / coarse):
        own = hollow[inside].view(np.uint8)
        rim = (own > 0) & (cv2.erode(own, K3, borderType=cv2.BORDER_CONSTANT, borderValue=0) == 0)
        if rim.any() and float((step[inside][rim] > 0.6 * differs[inside][rim]).mean()) > FILL_STEP:
            yield damage


def _tone(side: _Side, coarse: int) -> NDArray[np.float32]:
    """The ground minus the page's paper (from the profiles of rows and columns), of 255: ``(rows, columns, channels)``."""
    channels = averaged(side.rgb, coarse) if coarse > 1 else side.rgb
    ground = np.atleast_3d(cv2.dilate(channels, np.ones((5, 5), np.uint8))).astype(np.float32)
    # Paper as the product of a profile down and a profile across the page, which follows a lamp's fall-off.
    down, across = (np.percentile(ground, 80, axis=axis, keepdims=True) for axis in (1, 0))
    paper = down * across / np.maximum(np.median(down, axis=0, keepdims=True), 1)
    return np.asarray(255 * (1 - ground / np.maximum(paper, 1)), np.float32)


def _grey(pixels: Pixels) -> Pixels:
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY) if pixels.ndim == 3 else pixels, np.uint8)
