"""Cuts a stamp out of a page at 200 dpi and removes its frame.

    without_frame(cut_out(raster, (left, top, right, bottom))) -> Stamp(ink, trace)

`python -m bench verdicts` measures the limits together.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from itrwatch.imaging.analysis.background import Contrast, contrast_of, estimate, reduced_pixels
from itrwatch.imaging.analysis.marks import DUST_MM, largest
from itrwatch.imaging.raster import Raster

Mask = NDArray[np.uint8]
"""``(height, width)``: 1 where there is ink."""

STAMP_DPI = 200.0
"""Resolution of the stamp's picture. Chosen."""
MM_PER_PX = 25.4 / STAMP_DPI
INK_SHARE = 0.40
"""Share of the stamp's darkest contrast from which a pixel is ink. Chosen."""
TRACE = 0.09
"""Contrast from which a pixel that is neither frame nor letter is a trace of another mark. Chosen."""
RIM_SHARES, RIM_MM = (0.04, 0.13), 0.8
"""Width of the band along the outline in which a frame lies, as shares of its short side, or in mm; the narrow band is
tried first, for each line of a double frame. Chosen."""
MOST_FRAMES = 2
"""Most nested frames of a stamp. Chosen."""
IN_RIM = 0.97
"""Least share of the ink of a frame's piece that lies in the band. Chosen."""
ROUND_RIM, WIDEST_GAP_MM = 0.70, 4.0
"""A frame has ink along this share of the outline, without a gap wider than this, mm: a word, an underline or an initial
leaves wider gaps. Chosen."""
LINE_UNEVEN, LINE_BENT_MM = 1.6, 0.4
"""Largest depth of a frame's ink: this multiple of its mean thickness plus this allowance for bent rubber, mm. Chosen."""
FRAME_HALO_PX = 4
"""Width of the soft edge of a frame, px. Chosen."""
LEAST_POINTS = 30
"""Least number of ink pixels for an outline or an angle. Chosen."""


@dataclass(frozen=True, slots=True, eq=False)
class Stamp:
    """A stamp cut out at 200 dpi.

    ``ink``: 0 … 1 relative to its darkest pixels. ``trace``: the value of ``ink`` from which a pixel is not paper.
    """

    ink: Contrast
    trace: float


def cut_out(
    raster: Raster, box_mm: tuple[float, float, float, float], most: Contrast | None = None, mm_per_px: float = 1.0
) -> Stamp:
    """The stamp in a box (left, top, right, bottom in mm), with ``most``, a background contrast of the whole page, subtracted."""
    left, top, right, bottom = (max(0, round(side / 25.4 * raster.dpi)) for side in box_mm)
    cut = Raster(np.ascontiguousarray(raster.pixels[top:bottom, left:right]), raster.dpi, raster.bilevel)
    small = reduced_pixels(cut, STAMP_DPI)
    contrast = contrast_of(small, estimate(small, STAMP_DPI)[0])
    if most is not None:
        # WARP_INVERSE_MAP: the matrix maps a pixel of the cut at 200 dpi to its place on the page's contrast map.
        scale = MM_PER_PX / mm_per_px
        place = np.array(
            [[scale, 0, left / raster.dpi * 25.4 / mm_per_px], [0, scale, top / raster.dpi * 25.4 / mm_per_px]]
        )
        size = (contrast.shape[1], contrast.shape[0])
        contrast -= cv2.warpAffine(most, place, size, flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)
    # Stamp ink is speckled; the blur fills gaps of one pixel inside a stroke.
    contrast = np.asarray(cv2.GaussianBlur(contrast, (0, 0), 0.9), np.float32)
    # A quantile, not the maximum: a few dark specks must not make the letters relatively pale.
    darkest = max(float(np.quantile(contrast, 0.995)), 2 * TRACE)
    return Stamp(np.clip(contrast / np.float32(darkest), 0, 1), TRACE / darkest)


def without_frame(stamp: Stamp) -> Stamp:
    """The stamp without its frame of any shape, whole, double or broken.

    A frame is ink in a narrow band along the outline of all ink that goes around and leaves the band empty when it is
    removed. Therefore letters are never taken for a frame; a frame crossed by a signature stays, and the stamp is then
    not recognised.
    """
    ink = (stamp.ink > INK_SHARE).astype(np.uint8)
    frame = np.zeros_like(ink)
    for _ in range(MOST_FRAMES):
        pieces = _frame_pieces(ink)
        if pieces is None:
            break
        frame |= pieces
        ink &= np.uint8(1) - pieces
    # Remove the blurred rim of the frame as well, but no pixel that is other ink.
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
    # The shorter side of the minimal rectangle at any angle, because the stamp may be rotated.
    short = min(cv2.minAreaRect(hull)[1])
    for share in RIM_SHARES:
        wide = max(2, round(max(share * short, RIM_MM / MM_PER_PX)))
        rim = _along(hull, wide, ink.shape)
        # A piece belongs to the frame if nearly all of its pixels are in the band along the outline.
        chosen = solid & (np.bincount(labels[rim > 0], minlength=count) >= IN_RIM * stats[:, 4])
        pieces: Mask = chosen[labels].astype(np.uint8)
        # Without the frame the band must be empty; letters in it mean that there is no frame.
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
    """Whether the ink is one line of even thickness along the hull, without a tick that touches it."""
    # The area of the ink divided by the length of the outline is the mean thickness of the line.
    thick = np.count_nonzero(pieces) / cv2.arcLength(hull, closed=True)
    deep = round(LINE_UNEVEN * thick + LINE_BENT_MM / MM_PER_PX)
    beyond = pieces & (1 - _along(hull, deep, pieces.shape))
    return largest(beyond) * MM_PER_PX < DUST_MM


def _goes_round(pieces: Mask, hull: NDArray[np.int32], wide: int) -> bool:
    corners = hull[:, 0].astype(np.float64)
    ends = np.roll(corners, -1, axis=0)
    steps = np.maximum(1, np.hypot(*(ends - corners).T).round().astype(int))
    # Sample the outline every pixel, from corner to corner; the end of a side belongs to the next side.
    walks = zip(corners, ends, steps, strict=True)
    along = [start + (end - start) * np.linspace(0, 1, n, endpoint=False)[:, None] for start, end, n in walks]
    columns, rows = np.concatenate(along).round().astype(int).T
    near = cv2.dilate(pieces, np.ones((2 * wide + 1, 2 * wide + 1), np.uint8))[rows, columns] > 0
    if near.mean() < ROUND_RIM:
        return False
    covered = np.flatnonzero(near)
    # The outline is closed: the last gap is from the last covered sample to the first.
    gaps = np.diff(np.append(covered, covered[0] + len(near)))
    return bool(gaps.max() + 2 * wide <= max(WIDEST_GAP_MM / MM_PER_PX, 3 * wide))
