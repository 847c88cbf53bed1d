"""Detects creases: soft grey bands across the whole sheet that are not drawn.

    find_creases(reduced) -> BackgroundModel(likely contrast, most contrast, …) or None

A crease must meet all criteria: it is within two degrees of parallel to a side of the sheet, runs from border to border and occurs
in every strip of the page but one; it is pale, grey and about equally dark everywhere; and it is wider than a pen stroke, because
only the part of its profile that survives a morphological opening by `STROKE_MM` is subtracted. Therefore a ruled pencil line
stays, whatever its length, and writing along or across a crease stays: only the band, the median of five strips, is subtracted.
A crease as sharp as a stroke also stays, and the page is doubtful. `python -m bench verdicts` measures the thresholds together.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from itrwatch.imaging.analysis.background import BackgroundModel, Contrast, ReducedPage, together
from itrwatch.imaging.analysis.marks import EDGE_DEEP_MM
from itrwatch.imaging.raster import Pixels

Floats = NDArray[np.float64]
Profiles = NDArray[np.float32]
"""``(strips, rows)``: how dark each row of each strip is."""

CREASE = "a dobra do papel"
STRIP_MM = 22.0
"""Width of a strip, mm: longer than most writing along a crease, short enough for an oblique crease. Chosen."""
LEAST_STRIPS = 6
"""Least number of strips of a page that is searched. Chosen."""
SAMPLE = 3
"""Every third pixel along a strip suffices for its median. Chosen."""
STEEPEST = 0.035
"""Largest slope of a crease: the tangent of two degrees. Chosen."""
STROKE_MM = 1.2
"""Physical: pencils, ball pens and felt pens draw 0.3 to 0.8 mm."""
SEEN, DARKEST = 0.03, 0.22
"""Least and greatest contrast of the middle of a crease. Chosen: pencil may be darker, but is never as wide."""
PEAK = 1.5
"""Limit of the ratio of a crease's profile to its opened profile: the opening flattens the tip of a soft crease. Chosen."""
TAIL = 0.012
"""Contrast below which the crease ends on either side. Chosen."""
UNEVEN = (0.45, 1.8)
"""Lower and upper limit, as shares of the median darkness of the crease; all strips but one must reach the lower limit. Chosen."""
MOST_COVERED = 0.4
"""Share of the strips in which a stamp may cover the crease. Chosen."""
RIDGE_MM = 4.0
"""Largest distance of the darkest part of a crease from its line, mm. Chosen."""
WIDEST_MM = 14.0
"""Largest width of a crease, including its shadow on one side, mm. Chosen."""
FLAT = (0.75, 0.6)
"""A band with at least the first share of its peak over more than the second share of its width is a printed bar; a crease has a ridge. Chosen."""
END_MM = (2.5, 7.5)
"""Physical: a printer does not reach the last 4 mm of the sheet, and handwriting begins further in."""
EDGE_CONTRAST = 0.2
"""Contrast of the scanner's edge, which may hide the end of a crease. Chosen."""
COLOURED = 0.03
"""A marker's line has a colour: its channels differ by more than this. Chosen."""
NEIGHBOURS = 2
"""Number of neighbouring strips on each side that enter the median of a strip. Chosen."""
MOST_CREASES = 3
"""Most creases in each direction. Chosen."""


def find_creases(reduced: ReducedPage) -> BackgroundModel | None:
    """The contrast of a page's creases; None if there are none."""
    lying = _across(reduced.contrast, reduced)
    standing = _across(reduced.contrast.T, reduced, standing=True)
    found = (lying, None if standing is None else np.ascontiguousarray(standing.T))
    return together(None if crease is None else BackgroundModel(crease, crease, (CREASE,)) for crease in found)


def _across(contrast: Contrast, reduced: ReducedPage, *, standing: bool = False) -> Contrast | None:
    """The contrast of creases that run from left to right; None if there are none."""
    mm = reduced.mm_per_px
    border = round(EDGE_DEEP_MM / mm)
    width = contrast.shape[1] - 2 * border
    count = round(width * mm / STRIP_MM)
    if count < LEAST_STRIPS or contrast.shape[0] < 4 * border:
        return None
    edges = np.linspace(border, border + width, count + 1).round().astype(int)
    thick = max(2, round(STROKE_MM / mm))
    if not _may_cross(contrast, edges, thick, border):
        return None
    # The median over a strip's width removes writing, which covers less than half of it.
    strips = [np.median(contrast[:, left:right:SAMPLE], axis=1) for left, right in pairwise(edges)]
    profiles = np.stack(strips).astype(np.float32)
    # The opening removes everything narrower than a pen stroke; soft bands remain.
    soft = np.asarray(cv2.morphologyEx(profiles, cv2.MORPH_OPEN, np.ones((1, thick), np.uint8)), np.float32)
    soft[:, :border] = soft[:, -border:] = 0
    centres = (edges[:-1] + edges[1:]) / 2
    pixels = reduced.pixels.swapaxes(0, 1) if standing else reduced.pixels
    # Profiles are kept only where the opened ones are: a stroke on a crease does not count as crease.
    dark = np.minimum(profiles, PEAK * soft)
    found = []
    for middle in _lines(soft, centres, WIDEST_MM / mm, round(RIDGE_MM / mm)):
        band = _band(dark, middle, WIDEST_MM / mm)
        if band is not None and _to_the_border(contrast, band, middle, mm) and _grey(pixels, edges, middle, mm):
            found.append(_spread(band, centres, middle, contrast.shape))
    return np.maximum.reduce(found) if found else None


def _may_cross(contrast: Contrast, edges: NDArray[np.int64], thick: int, border: int) -> bool:
    """A fast test: whether all strips but at most one have a place wide and dark enough for a crease.

    A median exceeds a limit only if half of the values do; counting them takes a fifth of the time of a median.
    """
    columns = np.concatenate([np.arange(left, right, SAMPLE) for left, right in pairwise(edges)])
    # Sampled columns of each strip: ceiling of width / SAMPLE, written as -(-a // b).
    counts = -((edges[:-1] - edges[1:]) // SAMPLE)
    starts = np.concatenate([[0], np.cumsum(counts)[:-1]])
    # Dark samples of each strip and row; the median is dark where 2 * seen >= counts.
    seen = np.add.reduceat((contrast[:, columns] >= SEEN).view(np.uint8), starts, axis=1, dtype=np.int32)
    soft = cv2.morphologyEx((2 * seen >= counts).astype(np.uint8), cv2.MORPH_OPEN, np.ones((thick, 1), np.uint8))
    soft[:border] = soft[-border:] = 0
    return int(np.count_nonzero(soft.any(axis=0))) >= len(counts) - 1


def _lines(soft: Profiles, centres: Floats, apart: float, ridge: int) -> Iterator[Floats]:
    """Straight lines that are dark in all strips, or all but one, darkest first: the row of each line in every strip."""
    # Neighbouring slopes differ by two pixels of height over the width of the page.
    slopes = np.arange(-STEEPEST, STEEPEST + 1e-9, 2 / float(centres[-1] - centres[0]))
    reach = int(STEEPEST * centres[-1]) + 1
    padded = np.pad(soft, ((0, 0), (reach, reach)))
    rows = np.arange(soft.shape[1]) + reach
    shifts = np.rint(slopes[:, None] * centres).astype(int)
    strips = np.arange(len(soft))[:, None]
    # For each slope and row, the second smallest value over the strips: all strips but at most one are at least that dark.
    along = np.stack([np.partition(padded[strips, rows + shift[:, None]], 1, axis=0)[1] for shift in shifts])
    for _ in range(MOST_CREASES):
        slope, row = divmod(int(along.argmax()), along.shape[1])
        if along[slope, row] < SEEN:
            return
        yield _settled(soft, centres, row + slopes[slope] * centres, ridge)
        # Rows near a found line belong to the same crease.
        along[:, max(0, row - round(apart)) : row + round(apart)] = 0


def _settled(soft: Profiles, centres: Floats, middle: Floats, reach: int) -> Floats:
    """The line fitted to the dark middles near it; robust against a stamp over a few strips."""
    near = _sampled(soft, middle, reach)
    # Clipped to the median peak, so that the dark strips of a stamp do not shift the line.
    near = np.minimum(near, np.median(near.max(axis=1)))
    weight = np.maximum(near - near.max(axis=1, keepdims=True) / 2, 0)
    centre = middle + (weight * np.arange(-reach, reach + 1)).sum(axis=1) / np.maximum(weight.sum(axis=1), 1e-9)
    # Theil-Sen: the median of the slopes between all pairs of strips ignores outliers.
    one, other = np.triu_indices(len(centre), 1)
    slope = np.median((centre[other] - centre[one]) / (centres[other] - centres[one]))
    return np.asarray(slope * centres + np.median(centre - slope * centres))


def _sampled(profiles: Profiles, middle: Floats, half: int) -> Profiles:
    """Every profile from ``half`` rows above to ``half`` rows below its ``middle``, interpolated between pixels."""
    offsets, rows = np.arange(-half, half + 1), np.arange(profiles.shape[1])
    pairs = zip(profiles, middle, strict=True)
    return np.stack([np.interp(at + offsets, rows, own, 0, 0) for own, at in pairs]).astype(np.float32)


def _band(dark: Profiles, middle: Floats, widest: float) -> Profiles | None:
    """``(strips, 2 × widest + 1)``: the profile of the crease in each strip, or None if it is not a crease."""
    half = round(widest)
    around = _sampled(dark, middle, half)
    usual = np.median(around, axis=0)
    darkest = float(usual.max())
    # Sorted, so that peaks[1] allows one strip without the crease.
    peaks = np.sort(around[:, half - 4 : half + 5].max(axis=1))
    covered = np.count_nonzero(peaks > UNEVEN[1] * darkest)
    even = peaks[1] >= UNEVEN[0] * darkest and covered <= MOST_COVERED * len(peaks)
    # The crease extends to the nearest paper on either side of its middle.
    beside = np.flatnonzero(usual <= TAIL)
    before, after = beside[beside < half], beside[beside > half]
    if not SEEN <= darkest <= DARKEST or not even or not len(before) or not len(after):
        return None
    first, last = int(before[-1]), int(after[0])
    flat = np.count_nonzero(usual >= FLAT[0] * darkest)
    if last - first > widest or flat > FLAT[1] * (last - first):
        return None
    around = np.minimum(around, UNEVEN[1] * usual)
    around[:, :first] = around[:, last + 1 :] = 0
    # The median over neighbouring strips removes contrast that only one of them has, such as a letter.
    near = [around[max(0, i - NEIGHBOURS) : i + NEIGHBOURS + 1] for i in range(len(around))]
    return np.stack([np.median(group, axis=0) for group in near]).astype(np.float32)


def _to_the_border(contrast: Contrast, band: Profiles, middle: Floats, mm_per_px: float) -> bool:
    """Whether the crease reaches both borders, or the scanner's edge hides its end."""
    start, stop = (round(end / mm_per_px) for end in END_MM)
    width, half = contrast.shape[1], band.shape[1] // 8
    for left, right, usual, row in (
        (start, stop, band[0], middle[0]),
        (width - stop, width - start, band[-1], middle[-1]),
    ):
        profile = np.median(contrast[:, left:right], axis=1)
        seen = profile[max(0, round(row) - half) : round(row) + half + 1].max(initial=0.0)
        if np.median(profile) < EDGE_CONTRAST and seen < UNEVEN[0] * usual.max():
            return False
    return True


def _grey(pixels: Pixels, edges: NDArray[np.int64], middle: Floats, mm_per_px: float) -> bool:
    """Whether the crease absorbs the same share of light in all colours."""
    if pixels.ndim == 2:
        return True
    shares, away = [], round(WIDEST_MM / mm_per_px)
    for left, right, row in zip(edges, edges[1:], middle.round().astype(int), strict=False):
        inside = np.median(pixels[max(0, row - 1) : row + 2, left:right:3].reshape(-1, 3), axis=0)
        beside = [np.median(pixels[r, left:right:3], axis=0) for r in (row - away, row + away) if 0 <= r < len(pixels)]
        shares.append(inside / np.maximum(np.mean(beside, axis=0), 1))
    return bool(np.ptp(np.median(shares, axis=0)) <= COLOURED)


def _spread(band: Profiles, centres: Floats, middle: Floats, shape: tuple[int, ...]) -> Contrast:
    """The band as a contrast map of the whole page, from border to border."""
    half = band.shape[1] // 2
    columns = np.arange(shape[1])
    # Profile of each column: interpolated between the two nearest strips, by `part`.
    strip = np.interp(columns, centres, np.arange(len(centres)))
    low = np.floor(strip).astype(int)
    part = (strip - low)[:, None].astype(np.float32)
    values = band[low] * (1 - part) + band[np.minimum(low + 1, len(centres) - 1)] * part
    slope, start = np.polyfit(centres, middle, 1)
    # Row of the crease's middle in each column; `between` shifts the profile by the fraction of a pixel.
    at = start + slope * columns
    between = (at - np.floor(at))[:, None].astype(np.float32)
    padded = np.pad(values, ((0, 0), (1, 1)))
    values = padded[:, :-1] * between + padded[:, 1:] * (1 - between)
    rows = np.floor(at).astype(int)[:, None] + np.arange(-half, half + 2)
    inside = (rows >= 0) & (rows < shape[0])
    total = np.zeros(shape, np.float32)
    total[rows[inside], np.broadcast_to(columns[:, None], rows.shape)[inside]] = values[inside]
    return total
