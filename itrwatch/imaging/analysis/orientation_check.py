"""Confirms a detected turn: the lines must be readable in that orientation, and clearly better than in the others.

    reads_upright(reduced, 90) -> True where its lines are text when it is turned by 90 degrees

The orientation model is trained on Latin print. With the confidence of a page of print it has turned an upright hand-drawn
family tree (0.92), three Hebrew pages (0.92), a till receipt on a table and a page with a sideways photograph (0.85).
The line reader reads no text on such pages. Pages detected as upright are not read, so most pages have no extra cost.

`python -m bench verdicts` measures the limits together.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from itrwatch.core.pages import Turn
from itrwatch.imaging.analysis.background import ReducedPage
from itrwatch.imaging.analysis.marks import EDGE_DEEP_MM, INK
from itrwatch.imaging.analysis.models import read_lines
from itrwatch.imaging.raster import Pixels

LETTER_MM, RULE_MM = (0.25, 12.0), 40.0
"""A piece of ink of a letter, down to a needle's dot: its greatest side; what is longer is a rule (physical)."""
INKS = (INK, 0.5, 0.15)
"""Contrast thresholds that separate letters from paper; the higher ones for pages with tight lines (chosen)."""
TOGETHER_MM = 3.2
"""Letters within this distance belong to one line (physical: a wide space between words of 12 pt)."""
BRIDGE_MM = 5.0
"""A narrower connection between two lines is cut (chosen: twice the widest bridge of one descender)."""
LINE_MM, LEAST_LONG = (1.6, 12.0), 3.0
"""Height of a line of print, and its least ratio of length to height (physical)."""
WIDEST_MM = 50.0
"""Length of a long line that is read (chosen: reading it takes 10 to 15 ms)."""
MOST_LINES = 6
"""Most lines that are read in each position. Chosen."""
PAD_MM = 0.8
"""Margin around a line, mm. Chosen."""
ENOUGH = ((8, 0.85), (20, 0.70))
"""(Letters, mean confidence): one of the rows must be met. Measured on 775 turns of 230 real pages that the model was sure of:
in a wrong orientation at most 0.65 with five letters and 0.55 with twelve and more; in the right one 0.75 to 0.99 for print and
0.60 to 0.90 for handwriting."""
BETTER = 0.05
"""Least lead in confidence over upside down and over the page as scanned, unless only `FEW` letters are read there (measured, see above)."""
FEW = 0.25
"""Share of the letters up to which another orientation is ignored (chosen)."""


def reads_upright(reduced: ReducedPage, turn: Turn) -> bool:
    """Whether the lines of ``reduced`` are read well after a clockwise turn by ``turn``, and worse as scanned.

    Raises `RecogniserMissing`.
    """
    lines = _lines(reduced.turned(turn))
    letters, sure = _read(lines)
    if not any(letters >= many and sure >= surely for many, surely in ENOUGH):
        return False
    others = [[np.ascontiguousarray(np.rot90(line, 2)) for line in lines]]
    if turn != 180:
        others.append(_lines(reduced))
    return all(sure - own >= BETTER or many < FEW * letters for many, own in map(_read, others))


def _read(lines: list[Pixels]) -> tuple[int, float]:
    """The number of letters read, and their mean confidence."""
    sure = [share for reading in read_lines(lines) for share in reading.sure]
    return len(sure), float(np.mean(sure)) if sure else 0.0


def _lines(reduced: ReducedPage) -> list[Pixels]:
    """The longest lines of a page, dark on white, cut at `WIDEST_MM`."""
    # The threshold that separates the most lines suits this page's ink best.
    boxes = max((_boxes(reduced, ink) for ink in INKS), key=len)
    order = np.argsort(-np.minimum(boxes[:, 2] * reduced.mm_per_px, WIDEST_MM), kind="stable")[:MOST_LINES]
    return [_cut(reduced, *map(int, box)) for box in boxes[order]]


def _boxes(reduced: ReducedPage, least: float) -> NDArray[np.int32]:
    """Left, top, width and height in px of every line of ink darker than ``least``."""
    mm = reduced.mm_per_px
    ink = (reduced.contrast > least).astype(np.uint8)
    border = round(EDGE_DEEP_MM / mm)
    ink[:border] = ink[-border:] = 0
    ink[:, :border] = ink[:, -border:] = 0
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    width, height = stats[:, 2] * mm, stats[:, 3] * mm
    letters = (height <= LETTER_MM[1]) & (width <= RULE_MM) & (np.maximum(width, height) >= LETTER_MM[0])
    letters[0] = False  # label 0 is the paper
    reach = np.ones((1, 2 * round(TOGETHER_MM / 2 / mm) + 1), np.uint8)
    joined = cv2.dilate(letters[labels].astype(np.uint8), reach)
    # A descender that touches the next line makes a narrow bridge, which the opening removes.
    parted = cv2.morphologyEx(joined, cv2.MORPH_OPEN, np.ones((1, round(BRIDGE_MM / mm)), np.uint8))
    boxes = cv2.connectedComponentsWithStats(parted, connectivity=8)[2]
    high, wide = boxes[1:, 3] * mm, boxes[1:, 2] * mm
    fits = (high >= LINE_MM[0]) & (high <= LINE_MM[1]) & (wide >= LEAST_LONG * high)
    return np.asarray(boxes[1:, :4][fits], np.int32)


def _cut(reduced: ReducedPage, left: int, top: int, width: int, height: int) -> Pixels:
    """One line with its contrast stretched, so that pale print is read as well as black."""
    pad = round(PAD_MM / reduced.mm_per_px)
    width = min(width, round(WIDEST_MM / reduced.mm_per_px))
    part = reduced.contrast[max(0, top - pad) : top + height + pad, max(0, left - pad) : left + width + pad]
    darkest = max(INK, float(np.quantile(part, 0.99)))
    return np.asarray(255 - 255 * np.clip(part / darkest, 0, 1), np.uint8)
