"""A stamp made ready for reading: frame taken off, lines found and laid level, at any angle.

Every bit of ink is accounted for: it is the frame, a letter in its line, a crumb of a letter, or it is
*residue* — a tick, an initial, pencil across the words — and then the page is not the stamp's alone.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from itrwatch.imaging.marks import DUST_MM
from itrwatch.imaging.paper import Contrast, contrast_of, estimate, reduce
from itrwatch.imaging.raster import Pixels, Raster

Mask = NDArray[np.uint8]
"""``(height, width)``: 1 where there is ink."""

STAMP_DPI = 200.0
MM_PER_PX = 25.4 / STAMP_DPI
INK_SHARE = 0.40
"""A pixel this dark against the stamp's own darkest is ink."""
PIECE_SHARE = 0.50
"""The same for counting letters: those that hardly touch are two."""
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
LEAST_POINTS, MOST_POINTS = 30, 4000
CLOSE_SHARE = 0.04
"""Cracks of worn letters narrower than twice this share of a letter are closed before counting."""
LINE_INK = 0.12
"""Rows with less than this share of the fullest row's ink are above or below the letters."""
CRUMB = 0.4
"""What is lower than this share of a letter is a crumb of a worn one, or an accent."""
LETTER_HALO = 0.12
"""Crumbs and smears lie this near to a letter, in letter heights."""
ACCENT = 0.45
"""Accents stand this high above a letter, in letter heights."""


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """One level line: a grey ``picture``, dark on white, and where its letters stand in it.

    ``letters``: ``(n, 3)`` left, right and height of every whole piece of ink, px.
    """

    picture: Pixels
    letters: NDArray[np.int64]

    def upside_down(self) -> Line:
        """The same turned by 180 degrees."""
        width = self.picture.shape[1]
        turned = np.stack([width - self.letters[:, 1], width - self.letters[:, 0], self.letters[:, 2]], axis=1)
        return Line(np.ascontiguousarray(self.picture[::-1, ::-1]), turned)


@dataclass(frozen=True, slots=True, eq=False)
class Lettering:
    """Lines of letters, first line first; or, if it is upside down, last first.

    ``height``: of a letter, px. ``residue_mm``: diagonal of the largest trace that belongs to no letter;
    ``but_above_mm``, ``but_below_mm``: the same, except where accents stand above (below) the letters.
    """

    lines: list[Line]
    height: int
    residue_mm: float
    but_above_mm: float
    but_below_mm: float

    def upside_down(self) -> Lettering:
        """The same turned by 180 degrees."""
        lines = [line.upside_down() for line in reversed(self.lines)]
        return Lettering(lines, self.height, self.residue_mm, self.but_below_mm, self.but_above_mm)


@dataclass(frozen=True, slots=True, eq=False)
class Stamp:
    """A stamp cut out at 200 dpi: ``ink`` 0 … 1 against its own darkest; ``trace``: the share of that from
    which a pixel is more than paper.
    """

    ink: Contrast
    trace: float


def cut_out(raster: Raster, box_mm: tuple[float, float, float, float]) -> Stamp:
    """What stands in a box: left, top, right, bottom in mm."""
    left, top, right, bottom = (max(0, round(side / 25.4 * raster.dpi)) for side in box_mm)
    cut = Raster(np.ascontiguousarray(raster.pixels[top:bottom, left:right]), raster.dpi, raster.bilevel)
    small = reduce(cut, STAMP_DPI)
    contrast = contrast_of(small, estimate(small, STAMP_DPI)[0])
    contrast = np.asarray(cv2.GaussianBlur(contrast, (0, 0), 0.9), np.float32)
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
        ink &= 1 - pieces
    halo = cv2.dilate(frame, np.ones((2 * FRAME_HALO_PX + 1,) * 2, np.uint8)) & (1 - ink)
    return Stamp(np.where(halo > 0, np.float32(0), stamp.ink), stamp.trace)


def level(stamp: Stamp) -> list[Lettering]:
    """The lettering laid level in the two ways that its strokes suggest, neither turned upside down.

    The points of ink are shaken by half a pixel, always in the same way: the grid of pixels is sharpest at
    45 degrees, whatever is drawn on it.
    """
    half = cv2.resize(stamp.ink, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    rows, columns = np.nonzero(half > INK_SHARE)
    if len(rows) < LEAST_POINTS:
        return []
    random = np.random.default_rng(0)
    some = random.permutation(len(rows))[:MOST_POINTS]
    points = np.stack([columns[some], rows[some]], axis=1) + random.uniform(-0.5, 0.5, (len(some), 2))
    first = _sharpest(points, np.arange(-90.0, 90.0, 1.0))
    first = _sharpest(points, np.arange(first - 1.0, first + 1.01, 0.25))
    second = _sharpest(points, np.arange(first + 60.0, first + 120.0, 1.0))
    laid = [_lay(stamp, angle) for angle in (first, second)]
    return [lettering for lettering in laid if lettering is not None]


def _frame_pieces(ink: Mask) -> Mask | None:
    count, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    solid = np.hypot(stats[:, 2], stats[:, 3]) * MM_PER_PX >= DUST_MM
    solid[0] = False
    outline = cv2.findNonZero(solid[labels].astype(np.uint8))
    if outline is None or len(outline) < LEAST_POINTS:
        return None
    hull = cv2.convexHull(outline)
    short = min(cv2.minAreaRect(hull)[1])
    for share in RIM_SHARES:
        wide = max(2, round(max(share * short, RIM_MM / MM_PER_PX)))
        rim = _along(hull, wide, ink.shape)
        chosen = solid & (np.bincount(labels[rim > 0], minlength=count) >= IN_RIM * stats[:, 4])
        pieces = chosen[labels].astype(np.uint8)
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
    thick = np.count_nonzero(pieces) / cv2.arcLength(hull, closed=True)
    deep = round(LINE_UNEVEN * thick + LINE_BENT_MM / MM_PER_PX)
    beyond = pieces & (1 - _along(hull, deep, pieces.shape))
    stats = cv2.connectedComponentsWithStats(beyond, connectivity=8)[2][1:]
    return bool(np.hypot(stats[:, 2], stats[:, 3]).max(initial=0.0) * MM_PER_PX < DUST_MM)


def _goes_round(pieces: Mask, hull: NDArray[np.int32], wide: int) -> bool:
    corners = hull[:, 0].astype(np.float64)
    ends = np.roll(corners, -1, axis=0)
    steps = np.maximum(1, np.hypot(*(ends - corners).T).round().astype(int))
    walks = zip(corners, ends, steps, strict=True)
    along = [start + (end - start) * np.linspace(0, 1, n, endpoint=False)[:, None] for start, end, n in walks]
    columns, rows = np.concatenate(along).round().astype(int).T
    near = cv2.dilate(pieces, np.ones((2 * wide + 1, 2 * wide + 1), np.uint8))[rows, columns] > 0
    if near.mean() < ROUND_RIM:
        return False
    covered = np.flatnonzero(near)
    gaps = np.diff(np.append(covered, covered[0] + len(near)))
    return bool(gaps.max() + 2 * wide <= max(WIDEST_GAP_MM / MM_PER_PX, 3 * wide))


def _sharpest(points: NDArray[np.float64], angles: NDArray[np.float64]) -> float:
    """The angle (degrees, counterclockwise turn that makes it level) at which rows of ink begin most sharply."""
    radians = np.deg2rad(angles)
    across = points @ np.stack([np.sin(radians), np.cos(radians)])
    bins = (across - across.min()).astype(np.int64)
    length = int(bins.max()) + 2
    profile = np.bincount((bins + np.arange(len(angles)) * length).ravel(), minlength=length * len(angles))
    steps = np.diff(profile.reshape(len(angles), length).astype(np.float64), axis=1)
    return float(angles[int((steps**2).sum(axis=1).argmax())])


def _lay(stamp: Stamp, angle: float) -> Lettering | None:
    height, width = stamp.ink.shape
    side = int(np.hypot(height, width)) + 8
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), -angle, 1.0)
    turn[:, 2] += (side / 2 - width / 2, side / 2 - height / 2)
    laid = np.asarray(cv2.warpAffine(stamp.ink, turn, (side, side), flags=cv2.INTER_LINEAR), np.float32)
    ink = (laid > PIECE_SHARE).astype(np.uint8)
    letter = _letter_height(ink)
    if not letter:
        return None
    crack = 2 * int(CLOSE_SHARE * letter) + 1
    closed = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (crack, crack)))
    boxes = cv2.connectedComponentsWithStats(closed, connectivity=8)[2][1:].astype(np.int64)
    whole = boxes[boxes[:, 3] >= CRUMB * letter]
    if not len(whole):
        return None
    lines = [_line(laid, whole[(whole[:, 1] >= top) & (whole[:, 1] < bottom)], letter) for top, bottom in _rows(whole)]
    trace, accent = laid > stamp.trace, round(ACCENT * letter)
    near = round(LETTER_HALO * letter) + 2
    residues = [_residue(trace, whole, near, up, down) for up, down in ((near, near), (accent, near), (near, accent))]
    return Lettering(lines, letter, *residues)


def _line(laid: Contrast, boxes: NDArray[np.int64], letter: int) -> Line:
    pad = round(0.3 * letter) + 2
    starts, ends = boxes[:, :2], boxes[:, :2] + boxes[:, 2:4]
    left, top = np.maximum(starts.min(axis=0) - pad, 0)
    right, bottom = ends.max(axis=0) + pad
    picture = (255 - 255 * laid[top:bottom, left:right]).astype(np.uint8)
    return Line(picture, np.stack([starts[:, 0] - left, ends[:, 0] - left, boxes[:, 3]], axis=1))


def _letter_height(ink: Mask) -> int:
    """Height in px of the tallest run of rows that are well filled."""
    rows = ink.sum(axis=1, dtype=np.int64)
    filled = np.concatenate([[0], rows > LINE_INK * rows.max(initial=0), [0]]).astype(np.int8)
    starts_and_ends = np.flatnonzero(np.diff(filled)).reshape(-1, 2)
    return int((starts_and_ends[:, 1] - starts_and_ends[:, 0]).max(initial=0))


def _rows(letters: NDArray[np.int64]) -> list[tuple[int, int]]:
    """Top and bottom of each line: letters that overlap in height."""
    lines: list[tuple[int, int]] = []
    for top, bottom in sorted((int(top), int(top + height)) for top, height in letters[:, [1, 3]]):
        if lines and top < lines[-1][1]:
            lines[-1] = (lines[-1][0], max(bottom, lines[-1][1]))
        else:
            lines.append((top, bottom))
    return lines


def _residue(trace: NDArray[np.bool_], letters: NDArray[np.int64], near: int, above: int, below: int) -> float:
    """Diagonal in mm of the largest trace further from all letters than these px."""
    other = trace.astype(np.uint8)
    for left, top, width, height in letters[:, :4]:
        other[max(0, top - above) : top + height + below, max(0, left - near) : left + width + near] = 0
    stats = cv2.connectedComponentsWithStats(other, connectivity=8)[2][1:]
    return float(np.hypot(stats[:, 2], stats[:, 3]).max(initial=0.0)) * MM_PER_PX
