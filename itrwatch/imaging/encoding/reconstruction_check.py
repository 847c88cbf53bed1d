"""Renders the coded page and compares it with the scan: nothing may be lost, changed, or added.

    find_damage(raster, layers, ignored) -> [Damage(Kind.LOST, box, …)], empty for a true page

`find_damage` decodes the very bytes that are published and compares them with the scan at about 150 dpi. It shares neither code nor
figures with what coded the page: it has its own paper (the lightest around, not a surface), its own contrast (a share of
the paper's grey, not ΔL*), and looks at pixels, not at words. The figures are shares of 255.

The kinds are those in which a page can be false: see `Kind`. Whatever it finds, the page is coded more carefully; a false
alarm costs kilobytes. The figures were chosen so that a plain JPEG of the page passes (measured on field and drawn pages) and every damage of
`tests/imaging/test_reconstruction_check.py` does not.

Limits are chosen unless they say otherwise; `python -m bench pages` measures them together.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from itrwatch.core.encoded_page import Layer
from itrwatch.imaging.analysis.separator import texts_of_codes
from itrwatch.imaging.encoding.rendering import decode_stencil, render
from itrwatch.imaging.g4 import Ink
from itrwatch.imaging.raster import Pixels, Raster
from itrwatch.imaging.resample import averaged, components

CHECK_DPI = 150.0
PAPER_MM = 4.0
"""Within so much of a stroke there is paper."""
SEEN, OVER_GRAIN = 13, 5.0
"""Contrast of what is looked for: a twentieth of white, and five times the grain."""
LOST, WEAKER = 0.5, 0.7
"""Share of the scan's contrast that must be found within a third of a millimetre; less of it over a larger area."""
LOST_MM2, WEAKER_MM2, LOST_SUM = 0.11, 0.5, 4.0
"""Areas, and contrast times mm² (of 255) that must be missing."""
DARKER, DARK_NOW, GREY_BEFORE = 1.6, 150, 128
"""A stroke that was no darker than grey and is so many times as dark now, and dark."""
DARKER_MM2 = 0.4
LIGHT_BEFORE, FALSE_MM2 = 64, 0.3
"""Dark now where nothing within half a millimetre was darker than a quarter."""
CHROMA, CHROMA_KEPT, CHROMA_MM2 = 18.0, 0.5, 1.5
"""Differences of the channels, averaged over half a millimetre."""
FILL, FILL_KEPT, FILL_MM2, FILL_STEP = 13.0, 0.5, 20.0, 0.4
"""Areas wider than `PAPER_MM` whose outline is a clear step over this share of its length."""
CELL_MM, CELLS_ASIDE = 2.0, 4
"""A line is compared in cells, over so many of them to either side."""
INK_RISE, INK_SAME, INK_ALIKE, INK_PALER = 1.35, 1.12, 0.18, 0.8
"""Cells as dark as each other on the scan, one made so much darker, the other not and clearly paler now: of a hairline that is
one pixel wider here than there every part is black."""
CODE_MM, CODE_DARK, CODE_FULL = 6.0, 80, 0.35
"""A place of this size with so much ink may be a code; text fills up to 0.3 of one."""
CODE_ROOM_MM, CODES_MOST, CODE_PX, CODES_SHARE = 12.0, 12, 5000, 0.5
"""Room around such a place for the rest of the code, and bounds for a page that is full of them: where they cover half of it,
the whole page is read at once. Measured (drawn): in its place every code is read that is read on the whole page, in a fifth of the time."""
PARTS_TILE = 64
"""Pixels of the stencil: a word of print at 300 dpi."""
PARTS_AT = (0.35, 0.5, 0.65)
PARTS_TILES, PARTS_TILE_MOST, PARTS_MOST = 5, 2, 5
"""Parts less holes of the strokes in a tile, and in so many side by side, may differ by so much from the scan's, taken at these shares of its
darkness. Measured (drawn): good stencils differ by at most 1 and 3, letters cut or filled by 4 and 9."""
K3 = np.ones((3, 3), np.uint8)
Hues = tuple[NDArray[np.float32], NDArray[np.float32]]
"""Red against green, and yellow against blue."""


class Kind(StrEnum):
    """What is wrong with a coded page."""

    LOST = "lost"
    WEAKER = "weaker"
    DARKER = "darker"
    FALSE_DARK = "false dark"
    TWO_INKS = "two inks"
    COLOUR = "colour"
    HOLLOW = "hollow"
    BROKEN = "broken"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Damage:
    """A place where the coded page is false: a box in mm from the upper left corner, and the damaged area."""

    kind: Kind
    left: float
    top: float
    width: float
    height: float
    mm2: float


@dataclass(frozen=True, slots=True, eq=False)
class _Side:
    """The scan or the coded page at the check's size: contrast against the paper around, averaged over 0.5 mm and pixel by pixel."""

    rgb: Pixels
    contrast: Pixels
    sharp: Pixels


def find_damage(scan: Raster, layers: Sequence[Layer], ignored: NDArray[np.bool_] | None = None) -> tuple[Damage, ...]:
    """Everything that is false in ``layers`` as a picture of ``scan``, which is upright, grey or RGB.

    ``ignored``: places at about `CHECK_DPI` where the scanner left something that is meant to be gone.
    """
    factor = max(1, round(scan.dpi / CHECK_DPI))
    pixels = averaged(scan.pixels, factor) if factor > 1 else scan.pixels
    shape = (pixels.shape[0], pixels.shape[1])
    dpi = scan.dpi / factor
    stencils = [decode_stencil(layer) for layer in layers if layer.coding == "g4"]
    drawn = render(layers, stencils, shape, dpi / 72, colour=pixels.ndim == 3)
    before, now = _side(pixels, dpi), _side(drawn, dpi)
    hues = _opponents(pixels) if pixels.ndim == 3 else None
    skip = np.zeros(shape, np.bool_) if ignored is None else _fitted(ignored, shape) & ~_coloured(hues, shape)
    found = [*_strokes(before, now, skip, dpi), *_inks(before, now, skip, dpi), *_colours(hues, now, skip, dpi)]
    found += _fills(before, now, skip, dpi)
    for ink in stencils:
        found += _parts(scan, ink)
    if places := _code_places(before.contrast, dpi):
        found += _codes(scan, layers, stencils, places)
    return tuple(found)


def _coloured(hues: Hues | None, shape: tuple[int, int]) -> NDArray[np.bool_]:
    """Where the scan has a colour: a scanner leaves grey, so nothing here may be ignored."""
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
    """The paper around each pixel: the lightest within `PAPER_MM`, grain averaged out."""
    few = averaged(grey, 3) if min(grey.shape) >= 3 else grey
    side = max(3, round(2 * PAPER_MM / 25.4 * dpi / 3) | 1)
    lightest = cv2.blur(cv2.dilate(cv2.medianBlur(few, 3), np.ones((side, side), np.uint8)), (side // 2, side // 2))
    return np.asarray(cv2.resize(lightest, grey.shape[::-1], interpolation=cv2.INTER_LINEAR), np.uint8)


def _strokes(before: _Side, now: _Side, skip: NDArray[np.bool_], dpi: float) -> Iterator[Damage]:
    """What is gone, paler, darker, or newly dark: every pixel against the strongest or weakest within a third of a millimetre."""
    was, is_now = before.contrast, now.contrast
    near_now = cv2.dilate(is_now, np.ones((5, 5), np.uint8))
    quiet = was[::3, ::3][was[::3, ::3] < SEEN]
    grain = 1.25 * float(quiet.mean()) if quiet.size else 0.0
    mark = (was > max(SEEN, OVER_GRAIN * grain)) & ~skip
    for kind, share, least in ((Kind.LOST, LOST, LOST_MM2), (Kind.WEAKER, WEAKER, WEAKER_MM2)):
        low = mark & (cv2.compare(near_now, cv2.convertScaleAbs(was, alpha=share), cv2.CMP_LT) > 0)
        for damage, inside in _pieces(kind, low, least, dpi):
            missing = cv2.subtract(was[inside], near_now[inside])[low[inside]]
            if float(missing.sum()) * (25.4 / dpi) ** 2 >= LOST_SUM * (1 if kind is Kind.LOST else 3):
                yield damage
    dark = (now.sharp >= DARK_NOW) & ~skip
    core_was = np.asarray(cv2.dilate(before.sharp, np.ones((5, 5), np.uint8)), np.uint8)
    risen = cv2.compare(now.sharp, cv2.convertScaleAbs(core_was, alpha=DARKER), cv2.CMP_GT) > 0
    darker = dark & (core_was < GREY_BEFORE) & risen
    yield from (damage for damage, _ in _pieces(Kind.DARKER, darker, DARKER_MM2, dpi))
    around = np.asarray(cv2.dilate(before.sharp, np.ones((7, 7), np.uint8)), np.uint8)
    false = dark & (around < LIGHT_BEFORE)
    yield from (damage for damage, _ in _pieces(Kind.FALSE_DARK, false, FALSE_MM2, dpi))


def _inks(before: _Side, now: _Side, skip: NDArray[np.bool_], dpi: float) -> Iterator[Damage]:
    """One ink of a line made much darker in one place and not in another."""
    cell = max(2, round(CELL_MM / 25.4 * dpi))
    was, is_now = (_cells(side.contrast, cell) for side in (before, now))
    near = _cells(np.asarray(cv2.dilate(now.sharp, np.ones((5, 5), np.uint8)), np.uint8), cell)
    skipped = _cells(skip.view(np.uint8), cell) > 0
    rise = is_now / np.maximum(was, 1)
    inked = (was > 2 * SEEN) & ~skipped
    raised, same = inked & (rise > INK_RISE) & (is_now > DARK_NOW), inked & (rise < INK_SAME)
    apart = np.zeros(was.shape, np.bool_)
    for aside in range(1, CELLS_ASIDE + 1):
        for one, other in ((slice(None, -aside), slice(aside, None)), (slice(aside, None), slice(None, -aside))):
            alike = np.abs(was[:, one] - was[:, other]) < INK_ALIKE * was[:, one]
            paler = near[:, other] < INK_PALER * is_now[:, one]
            apart[:, one] |= raised[:, one] & same[:, other] & alike & paler
    yield from (damage for damage, _ in _pieces(Kind.TWO_INKS, apart, 2 * CELL_MM**2, 25.4 / CELL_MM))


def _cells(values: Pixels, cell: int) -> NDArray[np.float32]:
    """The largest value of each cell."""
    largest = cv2.dilate(values, np.ones((cell, cell), np.uint8), anchor=(0, 0))
    return np.asarray(
        largest[: values.shape[0] // cell * cell : cell, : values.shape[1] // cell * cell : cell], np.float32
    )


def _colours(was: Hues | None, now: _Side, skip: NDArray[np.bool_], dpi: float) -> Iterator[Damage]:
    """Marks whose colour is gone or another."""
    if was is None:
        return
    strength = was[0] * was[0] + was[1] * was[1]
    coloured = strength > CHROMA**2
    if not coloured.any():
        return
    is_now = _opponents(now.rgb)
    kept = was[0] * is_now[0] + was[1] * is_now[1] < CHROMA_KEPT * strength
    pale = coloured & kept & ~_fitted(skip, coloured.shape)
    yield from (damage for damage, _ in _pieces(Kind.COLOUR, pale, CHROMA_MM2, dpi / 2))


OPPONENTS = np.array([[1, -1, 0], [0.5, 0.5, -1], [1 / 3, 1 / 3, 1 / 3]], np.float32)


def _opponents(rgb: Pixels) -> Hues:
    """Red against green and yellow against blue at half the size, the page's own paper taken away."""
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
    """Areas wider than strokes that differ from the page's paper: their ground must differ from it as much."""
    coarse = max(1, round(dpi / 19))
    was, is_now = (_tone(side, coarse) for side in (before, now))
    differs = np.abs(was).max(axis=2)
    # Projection of the new tone on the old one: 1 is unchanged, 0 is paper.
    along = (was * is_now).sum(axis=2) / np.maximum(np.square(was).sum(axis=2), 1)
    hollow = (differs > FILL) & (along < FILL_KEPT) & ~_fitted(skip, differs.shape)
    # A filled area ends in a step; shading fades, and its rim is no damage.
    step = cv2.dilate(differs, K3) - cv2.erode(differs, K3)
    for damage, inside in _pieces(Kind.HOLLOW, hollow, FILL_MM2, dpi / coarse):
        own = hollow[inside].view(np.uint8)
        rim = (own > 0) & (cv2.erode(own, K3, borderType=cv2.BORDER_CONSTANT, borderValue=0) == 0)
        if rim.any() and float((step[inside][rim] > 0.6 * differs[inside][rim]).mean()) > FILL_STEP:
            yield damage


def _tone(side: _Side, coarse: int) -> NDArray[np.float32]:
    """The ground less the page's paper (the profiles of its rows and columns), 255 for white: ``(rows, columns, channels)``."""
    channels = averaged(side.rgb, coarse) if coarse > 1 else side.rgb
    ground = np.atleast_3d(cv2.dilate(channels, np.ones((5, 5), np.uint8))).astype(np.float32)
    # Paper as the product of a profile down and a profile across the page, which follows a lamp's fall-off.
    down, across = (np.percentile(ground, 80, axis=axis, keepdims=True) for axis in (1, 0))
    paper = down * across / np.maximum(np.median(down, axis=0, keepdims=True), 1)
    return np.asarray(255 * (1 - ground / np.maximum(paper, 1)), np.float32)


def _parts(scan: Raster, ink: Ink) -> Iterator[Damage]:
    """Strokes in pieces, or letters filled: parts less holes in each tile, against the scan's at several thresholds."""
    grey = _grey(scan.pixels)
    if grey.shape != ink.shape:
        return
    calm = cv2.blur(grey, (3, 3))
    few = averaged(np.asarray(calm, np.uint8), 2)
    # `| 1` makes the kernel odd.
    stroke = max(3, round(0.4 / 25.4 * scan.dpi) | 1)
    darkest = cv2.erode(few, np.ones((stroke, stroke), np.uint8))
    paper = cv2.dilate(few, np.ones((2 * stroke + 1, 2 * stroke + 1), np.uint8))
    near = _packed(cv2.dilate(ink.view(np.uint8), K3))
    now = _parts_less_holes(_packed(ink))
    counts: list[NDArray[Any]] = []
    amiss = np.zeros(now.shape, np.bool_)
    for few_of in (
        ((calm, PARTS_AT[0]), (calm, PARTS_AT[-1])),
        ((calm, PARTS_AT[1]), *((grey, share) for share in PARTS_AT)),
    ):
        for picture, share in few_of:
            level = cv2.addWeighted(darkest, share, paper, 1 - share, 0)
            threshold = cv2.resize(level, grey.shape[::-1], interpolation=cv2.INTER_NEAREST)
            counts.append(_parts_less_holes(_packed(cv2.compare(picture, threshold, cv2.CMP_LT)) & near))
        amiss = _beyond(now, counts) > PARTS_TILE_MOST
        amiss |= _beyond(_beside(now), [_beside(count) for count in counts]) > PARTS_MOST
        if (
            not amiss.any()
        ):  # as on nearly every page: the other thresholds, and the scan with its specks, are not needed
            return
    yield from (damage for damage, _ in _pieces(Kind.BROKEN, amiss, 0.0, scan.dpi / PARTS_TILE))


def _beyond(now: NDArray[Any], counts: Sequence[NDArray[Any]]) -> NDArray[Any]:
    """How far ``now`` is outside of what the scan has at any threshold."""
    return np.asarray(np.maximum(now - np.maximum.reduce(counts), np.minimum.reduce(counts) - now))


def _beside(tiles: NDArray[Any]) -> NDArray[Any]:
    """Each tile with its neighbours along the line."""
    return np.asarray(
        cv2.boxFilter(tiles.astype(np.float32), -1, (PARTS_TILES, 1), normalize=False, borderType=cv2.BORDER_CONSTANT)
    )


def _code_places(contrast: Pixels, dpi: float) -> list[tuple[float, float, float, float]]:
    """Places as full of ink as a code, which print is not, with room around: left, top, right, bottom as shares of the page."""
    few = averaged(np.asarray(cv2.compare(contrast, np.full_like(contrast, CODE_DARK), cv2.CMP_GT), np.uint8), 4)
    side, room = (max(1, round(mm / 25.4 * dpi / 4)) for mm in (CODE_MM, CODE_ROOM_MM))
    full = cv2.blur(few, (side, side)) > CODE_FULL * 255
    if not full.any():
        return []
    grown = cv2.dilate(full.view(np.uint8), np.ones((2 * room + 1, 2 * room + 1), np.uint8))
    high, wide = few.shape
    boxes = components(np.asarray(grown, np.uint8)).stats[1 : CODES_MOST + 1].tolist()
    return [(left / wide, top / high, (left + w) / wide, (top + h) / high) for left, top, w, h, _ in boxes]


def _codes(
    scan: Raster, layers: Sequence[Layer], stencils: Sequence[Ink], places: Sequence[tuple[float, float, float, float]]
) -> Iterator[Damage]:
    """Bar codes and QR codes that can be read on the scan and not on the coded page, at the scan's resolution."""
    grey = _grey(scan.pixels)
    if sum((right - left) * (bottom - top) for left, top, right, bottom in places) > CODES_SHARE:
        places = [(0.0, 0.0, 1.0, 1.0)]
    said = [texts_of_codes(grey[_window(grey, place)]) for place in places]
    if not any(said):
        return
    drawn = render(layers, stencils, (grey.shape[0], grey.shape[1]), scan.dpi / 72, colour=False)
    for place, texts in zip(places, said, strict=True):
        for _ in texts - texts_of_codes(drawn[_window(drawn, place)]) if texts else ():
            left, top, right, bottom = place
            width, height = scan.width_mm, scan.height_mm
            yield Damage(Kind.CODE, left * width, top * height, (right - left) * width, (bottom - top) * height, 0.0)


def _window(pixels: Pixels, place: tuple[float, float, float, float]) -> tuple[slice, slice]:
    """The rows and columns of a place; at most `CODE_PX` of each, for looking for codes takes time with the area."""
    high, wide = pixels.shape[:2]
    left, top, right, bottom = place
    rows, columns = slice(int(top * high), int(bottom * high) + 1), slice(int(left * wide), int(right * wide) + 1)
    return slice(rows.start, min(rows.stop, rows.start + CODE_PX)), slice(
        columns.start, min(columns.stop, columns.start + CODE_PX)
    )


def _grey(pixels: Pixels) -> Pixels:
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY) if pixels.ndim == 3 else pixels, np.uint8)


def _packed(mask: NDArray[Any]) -> NDArray[np.uint8]:
    """Eight pixels of a row in a byte."""
    return np.packbits(mask, axis=1)


def _parts_less_holes(row: NDArray[np.uint8]) -> NDArray[np.int32]:
    """Euler's number of each tile, of ink with eight pixels a byte: pixels less pairs beside and below each other, plus squares of four."""
    following = np.zeros_like(row)
    # The first bit of the next byte, so that pairs across a byte's border count.
    following[:, :-1] = row[:, 1:] >> 7
    beside = np.asarray(row & (row << np.uint8(1) | following), np.uint8)
    fewer = _bits(beside) + _bits(row[1:] & row[:-1])
    return np.asarray(_bits(row) - fewer + _bits(beside[1:] & beside[:-1]), np.int32)


def _bits(packed: NDArray[np.uint8]) -> NDArray[np.int32]:
    """How many bits of each tile are set; the last rows and columns that fill no tile are left out."""
    rows, columns = (packed.shape[0] + 1) // PARTS_TILE, packed.shape[1] * 8 // PARTS_TILE
    padded = packed if packed.shape[0] >= rows * PARTS_TILE else np.pad(packed, ((0, 1), (0, 0)))
    tiles = np.bitwise_count(padded[: rows * PARTS_TILE, : columns * PARTS_TILE // 8])
    return np.asarray(tiles.reshape(rows, PARTS_TILE, columns, PARTS_TILE // 8).sum(axis=(1, 3), dtype=np.int32))


def _pieces(
    kind: Kind, mask: NDArray[np.bool_], least_mm2: float, dpi: float
) -> Iterator[tuple[Damage, tuple[slice, slice]]]:
    """The connected pieces of ``mask`` of at least that area, each with its rows and columns."""
    if not mask.any():
        return
    mm = 25.4 / dpi
    for left, top, width, height, cells in components(mask).stats[1:].tolist():
        if cells * mm**2 >= least_mm2:
            place = slice(top, top + height), slice(left, left + width)
            yield Damage(kind, left * mm, top * mm, width * mm, height * mm, cells * mm**2), place
