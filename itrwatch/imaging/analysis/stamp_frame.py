"""A stamp cut out of a page at 200 dpi, and its frame taken off.

    without_frame(cut_out(raster, (left, top, right, bottom))) -> Stamp(ink, trace)

Limits are chosen unless they say otherwise; `python -m bench verdicts` measures them together.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from itrwatch.imaging.analysis.background import Contrast, contrast_of, estimate, reduce
from itrwatch.imaging.analysis.marks import DUST_MM, largest
from itrwatch.imaging.raster import Raster

Mask = NDArray[np.uint8]
"""``(height, width)``: 1 where there is ink."""

STAMP_DPI = 200.0
MM_PER_PX = 25.4 / STAMP_DPI
INK_SHARE = 0.40
"""A pixel this dark against the stamp's own darkest is ink."""
TRACE = 0.09
"""Contrast from which a pixel that is neither frame nor letter is a trace of something else."""
RIM_SHARES, RIM_MM = (0.04, 0.13), 0.8
"""A frame lies within this share of the short side of the outline round all ink, or this many mm; a double
one is tried line by line first."""
MOST_FRAMES = 2
IN_RIM = 0.97
ROUND_RIM, WIDEST_GAP_MM = 0.70, 4.0
"""A frame has ink along so much of the outline, with no gap wider than this: a word, a line under it or an
initial beside it leaves wider ones."""
LINE_UNEVEN, LINE_BENT_MM = 1.6, 0.4
"""No ink of a frame lies deeper than this many times its mean thickness and this much for bent rubber."""
FRAME_HALO_PX = 4
LEAST_POINTS = 30
"""Pixels of ink that there must be for an outline or an angle."""


@dataclass(frozen=True, slots=True, eq=False)
class Stamp:
    """A stamp cut out at 200 dpi.

    ``ink``: 0 … 1 against its own darkest. ``trace``: the share of that from which a pixel is not paper.
    """

    ink: Contrast
    trace: float


def cut_out(
    raster: Raster, box_mm: tuple[float, float, float, float], most: Contrast | None = None, mm_per_px: float = 1.0
) -> Stamp:
    """What stands in a box: left, top, right, bottom in mm; less ``most``, a contrast of the whole page."""
    left, top, right, bottom = (max(0, round(side / 25.4 * raster.dpi)) for side in box_mm)
    cut = Raster(np.ascontiguousarray(raster.pixels[top:bottom, left:right]), raster.dpi, raster.bilevel)
    small = reduce(cut, STAMP_DPI)
    contrast = contrast_of(small, estimate(small, STAMP_DPI)[0])
    if most is not None:
        # WARP_INVERSE_MAP: from a pixel of the cut at 200 dpi to its place on the page's contrast map.
        scale = MM_PER_PX / mm_per_px
        place = np.array(
            [[scale, 0, left / raster.dpi * 25.4 / mm_per_px], [0, scale, top / raster.dpi * 25.4 / mm_per_px]]
        )
        size = (contrast.shape[1], contrast.shape[0])
        contrast -= cv2.warpAffine(most, place, size, flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)
    # Stamp ink is speckled; the blur fills specks of one pixel inside a stroke.
    contrast = np.asarray(cv2.GaussianBlur(contrast, (0, 0), 0.9), np.float32)
    # The quantile, not the maximum: a few dark specks must not make the letters pale.
    darkest = max(float(np.quantile(contrast, 0.995)), 2 * TRACE)
    return Stamp(np.clip(contrast / np.float32(darkest), 0, 1), TRACE / darkest)


def without_frame(stamp: Stamp) -> Stamp:
    """The same with a frame of any shape, whole, double or come apart, made paper.

    A frame is what lies in a narrow band along the outline of all ink, goes round, and leaves that band
    empty when it is taken away. So letters are never taken for a frame, and a frame with a signature
    across it stays and spoils the reading.
    """
    ink = (stamp.ink > INK_SHARE).astype(np.uint8)
    frame = np.zeros_like(ink)
    for _ in range(MOST_FRAMES):
        pieces = _frame_pieces(ink)
        if pieces is None:
            break
        frame |= pieces
        ink &= np.uint8(1) - pieces
    # The blurred rim of the frame goes with it, but never a pixel that is ink of something else.
    halo = cv2.dilate(frame, np.ones((2 * FRAME_HALO_PX + 1,) * 2, np.uint8)).astype(np.bool_) & (ink == 0)
    return Stamp(np.where(halo, np.float32(0), stamp.ink), stamp.trace)


def _frame_pieces(ink: Mask) -> Mask | None:
    count, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    solid = np.hypot(stats[:, 2], stats[:, 3]) * MM_PER_PX >= DUST_MM
    solid[0] = False
    outline = cv2.findNonZero(solid[labels].astype(np.uint8))
    if outline is None or len(outline) < LEAST_POINTS:
        return None
    hull = cv2.convexHull(outline)
    # The shorter side of the smallest rectangle at any angle: a stamp need not lie level.
    short = min(cv2.minAreaRect(hull)[1])
    for share in RIM_SHARES:
        wide = max(2, round(max(share * short, RIM_MM / MM_PER_PX)))
        rim = _along(hull, wide, ink.shape)
        # A piece belongs to the frame when nearly all of its pixels lie in the band along the outline.
        chosen = solid & (np.bincount(labels[rim > 0], minlength=count) >= IN_RIM * stats[:, 4])
        pieces: Mask = chosen[labels].astype(np.uint8)
        # With the frame taken away the band must be empty; letters that stand in it mean that there was no frame.
        left = (solid & ~chosen)[labels].astype(np.uint8)
        empty = np.count_nonzero(left & rim) <= (1 - IN_RIM) * np.count_nonzero(left)
        if empty and left.any() and _is_line(pieces, hull) and _goes_round(pieces, hull, wide):
            return pieces
    return None


def _along(hull: NDArray[np.int32], wide: int, shape: tuple[int, ...]) -> Mask:
    rim = np.zeros(shape, np.uint8)
    cv2.polylines(rim, [hull], isClosed=True, color=1, thickness=2 * wide + 1)
    return rim


def _is_line(pieces: Mask, hull: NDArray[np.int32]) -> bool:
    """Whether the ink is one line of even thickness along the hull: a tick that touches it stands out."""
    # Ink by the length of the outline is the mean thickness of a line that follows it.
    thick = np.count_nonzero(pieces) / cv2.arcLength(hull, closed=True)
    deep = round(LINE_UNEVEN * thick + LINE_BENT_MM / MM_PER_PX)
    beyond = pieces & (1 - _along(hull, deep, pieces.shape))
    return largest(beyond) * MM_PER_PX < DUST_MM


def _goes_round(pieces: Mask, hull: NDArray[np.int32], wide: int) -> bool:
    corners = hull[:, 0].astype(np.float64)
    ends = np.roll(corners, -1, axis=0)
    steps = np.maximum(1, np.hypot(*(ends - corners).T).round().astype(int))
    # The outline sampled every pixel: corner to corner of the hull, the end left to the next side.
    walks = zip(corners, ends, steps, strict=True)
    along = [start + (end - start) * np.linspace(0, 1, n, endpoint=False)[:, None] for start, end, n in walks]
    columns, rows = np.concatenate(along).round().astype(int).T
    near = cv2.dilate(pieces, np.ones((2 * wide + 1, 2 * wide + 1), np.uint8))[rows, columns] > 0
    if near.mean() < ROUND_RIM:
        return False
    covered = np.flatnonzero(near)
    # The outline is closed: the last gap runs from the last covered sample round to the first.
    gaps = np.diff(np.append(covered, covered[0] + len(near)))
    return bool(gaps.max() + 2 * wide <= max(WIDEST_GAP_MM / MM_PER_PX, 3 * wide))
