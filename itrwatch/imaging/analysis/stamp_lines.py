"""Prepares a stamp for reading: finds its lines and levels them, from any angle.

    next(level(stamp)) -> LevelledStamp(lines=[StampLine(picture, letters), …], height=38, …)

All ink is classified: frame, letter of a line, fragment of a letter, or *residue* (a tick, an initial, pencil
across the words). With residue, the stamp is not the only content of the page.

`python -m bench verdicts` measures the limits together.
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
"""Share of the stamp's darkest contrast from which a pixel belongs to a letter. Chosen."""
PARTED_SHARE = 0.70
"""The same, to separate letters that barely touch. At 0.88 a word that is struck out separates into letters as well. Chosen."""
MOST_POINTS = 4000
"""Number of ink points that suffices to determine the angle. Chosen."""
CLOSE_SHARE = 0.04
"""Cracks of worn letters up to twice this share of the letter height are closed before counting. Chosen."""
LINE_INK = 0.12
"""Share of the fullest row's ink below which a row is above or below the letters. Chosen."""
CRUMB = 0.4
"""Share of the letter height below which a piece is a fragment of a worn letter, or an accent. Chosen."""
CRUMB_MM = 0.4
"""Absolute size of a fragment, mm: a stamp of 10 mm has letters of 1.2 mm. Chosen."""
LETTER_HALO, LETTER_BESIDE = 0.12, 0.28
"""Largest distance of fragments and smears above and below a letter, and beside it, in letter heights. Chosen."""
ACCENT = 0.45
"""Largest distance of an accent above a letter, in letter heights. Chosen."""


@dataclass(frozen=True, slots=True, eq=False)
class StampLine:
    """One level line: a grey ``picture``, dark on white, and the positions of its letters.

    ``letters``: ``(n, 3)`` left, right and height of every letter-sized piece of ink, px.
    """

    picture: Pixels
    letters: NDArray[np.int64]

    def upside_down(self) -> StampLine:
        """The same turned by 180 degrees."""
        width = self.picture.shape[1]
        turned = np.stack([width - self.letters[:, 1], width - self.letters[:, 0], self.letters[:, 2]], axis=1)
        return StampLine(np.ascontiguousarray(self.picture[::-1, ::-1]), turned)


@dataclass(frozen=True, slots=True, eq=False)
class LevelledStamp:
    """Lines of letters, first line first; last line first if upside down.

    ``height``: of a letter, px. ``parted``: number of pieces after separation of barely touching ones. ``residue_mm``:
    diagonal of the largest trace that does not belong to a letter; ``but_above_mm``, ``but_below_mm``: the same, without the
    zone of accents above (below) the letters.
    """

    lines: list[StampLine]
    height: int
    parted: int
    residue_mm: float
    but_above_mm: float
    but_below_mm: float

    def upside_down(self) -> LevelledStamp:
        """The same turned by 180 degrees."""
        lines = [line.upside_down() for line in reversed(self.lines)]
        return LevelledStamp(lines, self.height, self.parted, self.residue_mm, self.but_below_mm, self.but_above_mm)


def enough_pieces(stamp: Stamp, fewest: int) -> bool:
    """A fast test before frame and angle are searched: whether there may be ``fewest`` letters; a signature has a few long strokes.

    One piece less suffices, because levelling may separate pieces that barely touch.
    """
    return any(
        np.count_nonzero(_sizes(stamp.ink > share) >= CRUMB_MM / MM_PER_PX) >= fewest - 1
        for share in (PIECE_SHARE, PARTED_SHARE)
    )


def _sizes(ink: NDArray[np.bool_]) -> NDArray[np.int64]:
    """The longer side of every piece of ink, px."""
    return np.asarray(components(ink).stats[1:, 2:4].max(axis=1, initial=0), np.int64)


def level(stamp: Stamp) -> Iterator[LevelledStamp]:
    """The stamp levelled by the two most likely angles, neither upside down.

    The points of ink are displaced randomly by half a pixel, with a fixed seed: otherwise the pixel grid itself has a sharp
    profile at 45 degrees.
    """
    half = cv2.resize(stamp.ink, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    rows, columns = np.nonzero(half > INK_SHARE)
    if len(rows) < LEAST_POINTS:
        return
    # A fixed seed: the same page gives the same angle (promise 4).
    random = np.random.default_rng(0)
    some = random.permutation(len(rows))[:MOST_POINTS]
    points = np.stack([columns[some], rows[some]], axis=1) + random.uniform(-0.5, 0.5, (len(some), 2))
    # Coarse, then fine. The second candidate is about perpendicular to the first: letters have strokes in both directions.
    first = _sharpest(points, np.arange(-90.0, 90.0, 1.0))
    first = _sharpest(points, np.arange(first - 1.0, first + 1.01, 0.25))
    if (laid := _lay(stamp, first)) is not None:
        yield laid
    if (laid := _lay(stamp, _sharpest(points, np.arange(first + 60.0, first + 120.0, 1.0)))) is not None:
        yield laid


def _sharpest(points: NDArray[np.float64], angles: NDArray[np.float64]) -> float:
    """The angle (degrees counterclockwise that level the stamp) with the sharpest row profile."""
    radians = np.deg2rad(angles)
    # Height of every point for every angle: (points, angles).
    across = points @ np.stack([np.sin(radians), np.cos(radians)])
    bins = (across - across.min()).astype(np.int64)
    length = int(bins.max()) + 2
    # One bincount for all angles: each angle has its own range of `length` bins.
    profile = np.bincount((bins + np.arange(len(angles)) * length).ravel(), minlength=length * len(angles))
    steps = np.diff(profile.reshape(len(angles), length).astype(np.float64), axis=1)
    return float(angles[int((steps**2).sum(axis=1).argmax())])


def _lay(stamp: Stamp, angle: float) -> LevelledStamp | None:
    height, width = stamp.ink.shape
    # A square that contains the stamp at any angle.
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
    # Accents may be above the letters, or below them if the stamp is upside down: compute both.
    residues = [_residue(trace, whole, beside, up, down) for up, down in ((near, near), (accent, near), (near, accent))]
    return LevelledStamp(lines, letter, len(_whole(laid > PARTED_SHARE, letter)), *residues)


def _whole(ink: NDArray[np.generic], letter: int) -> NDArray[np.int64]:
    """Left, top, width, height and area of every piece of ink of a letter's size, its cracks closed."""
    # A kernel of odd size closes cracks up to twice CLOSE_SHARE of a letter.
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
    # Zeros at both ends give every run of filled rows a start and an end in the differences.
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
    """Diagonal in mm of the largest trace farther than these distances (px) from all letters."""
    other = trace.astype(np.uint8)
    for left, top, width, height in letters[:, :4]:
        other[max(0, top - above) : top + height + below, max(0, left - beside) : left + width + beside] = 0
    return largest(other) * MM_PER_PX
