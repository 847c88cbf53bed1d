"""A stamp made ready for reading: frame taken off, lines found and laid level, at any angle.

    next(level(stamp)) -> Lettering(lines=[StampLine(picture, letters), …], height=38, …)

Every bit of ink is accounted for: it is the frame, a letter in its line, a crumb of a letter, or it is
*residue* — a tick, an initial, pencil across the words — and then the page is not the stamp's alone.

Limits are chosen unless they say otherwise; `python -m bench verdicts` measures them together.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from itrwatch.imaging.analysis.background import Contrast
from itrwatch.imaging.analysis.marks import largest
from itrwatch.imaging.analysis.stamp_frame import INK_SHARE, LEAST_POINTS, MM_PER_PX, Mask, Stamp
from itrwatch.imaging.raster import Pixels
from itrwatch.imaging.resample import components

PIECE_SHARE = 0.50
"""A pixel this dark against the stamp's darkest belongs to a letter."""
PARTED_SHARE = 0.70
"""And this dark, when letters only just touch. At 0.88 a word that is struck out falls into letters again."""
MOST_POINTS = 4000
"""Points of ink that are enough to know the angle by."""
CLOSE_SHARE = 0.04
"""Cracks of worn letters narrower than twice this share of a letter are closed before counting."""
LINE_INK = 0.12
"""Rows with less than this share of the fullest row's ink are above or below the letters."""
CRUMB = 0.4
"""What is lower than this share of a letter is a crumb of a worn one, or an accent."""
CRUMB_MM = 0.4
"""And so is what is smaller than this: a stamp of 10 mm has letters of 1.2 mm."""
LETTER_HALO, LETTER_BESIDE = 0.12, 0.28
"""Crumbs and smears lie this near above and below a letter, and beside it in its line, in letter heights."""
ACCENT = 0.45
"""Accents stand this high above a letter, in letter heights."""


@dataclass(frozen=True, slots=True, eq=False)
class StampLine:
    """One level line: a grey ``picture``, dark on white, and where its letters stand in it.

    ``letters``: ``(n, 3)`` left, right and height of every whole piece of ink, px.
    """

    picture: Pixels
    letters: NDArray[np.int64]

    def upside_down(self) -> StampLine:
        """The same turned by 180 degrees."""
        width = self.picture.shape[1]
        turned = np.stack([width - self.letters[:, 1], width - self.letters[:, 0], self.letters[:, 2]], axis=1)
        return StampLine(np.ascontiguousarray(self.picture[::-1, ::-1]), turned)


@dataclass(frozen=True, slots=True, eq=False)
class Lettering:
    """Lines of letters, first line first; or, if it is upside down, last first.

    ``height``: of a letter, px. ``parted``: how many pieces there are when those that only just touch are
    two. ``residue_mm``: diagonal of the largest trace that belongs to no letter;
    ``but_above_mm``, ``but_below_mm``: the same, except where accents stand above (below) the letters.
    """

    lines: list[StampLine]
    height: int
    parted: int
    residue_mm: float
    but_above_mm: float
    but_below_mm: float

    def upside_down(self) -> Lettering:
        """The same turned by 180 degrees."""
        lines = [line.upside_down() for line in reversed(self.lines)]
        return Lettering(lines, self.height, self.parted, self.residue_mm, self.but_below_mm, self.but_above_mm)


def enough_pieces(stamp: Stamp, fewest: int) -> bool:
    """Whether there may be so many letters, before a frame is looked for or any angle: a signature is a few long strokes.

    One less is enough, for turning may part what hardly holds together.
    """
    return any(
        np.count_nonzero(_sizes(stamp.ink > share) >= CRUMB_MM / MM_PER_PX) >= fewest - 1
        for share in (PIECE_SHARE, PARTED_SHARE)
    )


def _sizes(ink: NDArray[np.bool_]) -> NDArray[np.int64]:
    """The longer side of every piece of ink, px."""
    return np.asarray(components(ink).stats[1:, 2:4].max(axis=1, initial=0), np.int64)


def level(stamp: Stamp) -> Iterator[Lettering]:
    """The lettering laid level in the two ways that its strokes suggest, neither turned upside down.

    The points of ink are shaken by half a pixel, always in the same way: the grid of pixels is sharpest at
    45 degrees, whatever is drawn on it.
    """
    half = cv2.resize(stamp.ink, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    rows, columns = np.nonzero(half > INK_SHARE)
    if len(rows) < LEAST_POINTS:
        return
    # A fixed seed: the same page gives the same angle (promise 4).
    random = np.random.default_rng(0)
    some = random.permutation(len(rows))[:MOST_POINTS]
    points = np.stack([columns[some], rows[some]], axis=1) + random.uniform(-0.5, 0.5, (len(some), 2))
    # Coarse, then fine. The second candidate is about perpendicular to the first: strokes of letters run both ways.
    first = _sharpest(points, np.arange(-90.0, 90.0, 1.0))
    first = _sharpest(points, np.arange(first - 1.0, first + 1.01, 0.25))
    if (laid := _lay(stamp, first)) is not None:
        yield laid
    if (laid := _lay(stamp, _sharpest(points, np.arange(first + 60.0, first + 120.0, 1.0)))) is not None:
        yield laid


def _sharpest(points: NDArray[np.float64], angles: NDArray[np.float64]) -> float:
    """The angle (degrees, counterclockwise turn that makes it level) at which rows of ink begin most sharply."""
    radians = np.deg2rad(angles)
    # Height of every point above the baseline, for every angle: (points, angles).
    across = points @ np.stack([np.sin(radians), np.cos(radians)])
    bins = (across - across.min()).astype(np.int64)
    length = int(bins.max()) + 2
    # One bincount for all angles: the histogram of each angle has its own range of `length` bins.
    profile = np.bincount((bins + np.arange(len(angles)) * length).ravel(), minlength=length * len(angles))
    steps = np.diff(profile.reshape(len(angles), length).astype(np.float64), axis=1)
    return float(angles[int((steps**2).sum(axis=1).argmax())])


def _lay(stamp: Stamp, angle: float) -> Lettering | None:
    height, width = stamp.ink.shape
    # A square that holds the stamp at any angle.
    side = int(np.hypot(height, width)) + 8
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), -angle, 1.0)
    turn[:, 2] += (side / 2 - width / 2, side / 2 - height / 2)
    laid = np.asarray(cv2.warpAffine(stamp.ink, turn, (side, side), flags=cv2.INTER_LINEAR), np.float32)
    left, top, width, height = cv2.boundingRect((laid > stamp.trace).astype(np.uint8))
    laid = laid[max(0, top - 2) : top + height + 2, max(0, left - 2) : left + width + 2]  # most of the square is empty
    ink = (laid > PIECE_SHARE).astype(np.uint8)
    letter = _letter_height(ink)
    if not letter:
        return None
    whole = _whole(ink, letter)
    if not len(whole):
        return None
    lines = [_line(laid, whole[(whole[:, 1] >= top) & (whole[:, 1] < bottom)], letter) for top, bottom in _rows(whole)]
    trace, accent = laid > stamp.trace, round(ACCENT * letter)
    near, beside = round(LETTER_HALO * letter) + 2, round(LETTER_BESIDE * letter) + 2
    # Accents may stand above the letters, or below them where the stamp lies upside down: tried both ways.
    residues = [_residue(trace, whole, beside, up, down) for up, down in ((near, near), (accent, near), (near, accent))]
    return Lettering(lines, letter, len(_whole(laid > PARTED_SHARE, letter)), *residues)


def _whole(ink: NDArray[np.generic], letter: int) -> NDArray[np.int64]:
    """Left, top, width, height and area of every piece of ink of a letter's size, its cracks closed."""
    # An odd kernel closes cracks up to twice CLOSE_SHARE of a letter.
    crack = 2 * int(CLOSE_SHARE * letter) + 1
    shape = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (crack, crack))
    closed = cv2.morphologyEx(ink.astype(np.uint8), cv2.MORPH_CLOSE, shape)
    boxes = cv2.connectedComponentsWithStats(closed, connectivity=8)[2][1:].astype(np.int64)
    return np.asarray(boxes[boxes[:, 3] >= CRUMB * letter])


def _line(laid: Contrast, boxes: NDArray[np.int64], letter: int) -> StampLine:
    pad = round(0.3 * letter) + 2
    starts, ends = boxes[:, :2], boxes[:, :2] + boxes[:, 2:4]
    left, top = np.maximum(starts.min(axis=0) - pad, 0)
    right, bottom = ends.max(axis=0) + pad
    picture = (255 - 255 * laid[top:bottom, left:right]).astype(np.uint8)
    return StampLine(picture, np.stack([starts[:, 0] - left, ends[:, 0] - left, boxes[:, 3]], axis=1))


def _letter_height(ink: Mask) -> int:
    """Height in px of the tallest run of rows that are well filled."""
    rows = ink.sum(axis=1, dtype=np.int64)
    # Zeros at both ends, so that every run of filled rows has a start and an end in the differences.
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


def _residue(trace: NDArray[np.bool_], letters: NDArray[np.int64], beside: int, above: int, below: int) -> float:
    """Diagonal in mm of the largest trace further from all letters than these px."""
    other = trace.astype(np.uint8)
    for left, top, width, height in letters[:, :4]:
        other[max(0, top - above) : top + height + below, max(0, left - beside) : left + width + beside] = 0
    return largest(other) * MM_PER_PX
