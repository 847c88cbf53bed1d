"""Which way up a page with a line or two of print is: the lines are read in all four positions.

The model that turns whole pages knows how text looks, not what it says, and is unsure of a single line. A line that is read
surely in one position, and in no other nearly so, stands upright in that one.
"""

from __future__ import annotations

from typing import cast

import cv2
import numpy as np

from itrwatch.core.pages import Turn
from itrwatch.imaging.frame import MM_PER_PX, cut_out
from itrwatch.imaging.marks import INK, Kind, Marks
from itrwatch.imaging.paper import Contrast
from itrwatch.imaging.raster import Pixels, Raster
from itrwatch.imaging.reader import Reading, read_lines
from itrwatch.imaging.turn import UNSURE, TurnAnswer

MARGIN_MM = 2.0
MOST_MARKS = 60
"""Marks at 100 dpi that a few lines have; where there are more, there is enough for the other model."""
MOST_LINES = 3
LINE_MM = (1.2, 14.0)
"""Height of a line of print."""
LEAST_LONG = 2.5
"""A line is so many times as long as high."""
LINE_INK = 0.02
"""Rows with less ink than this share of the line's length lie between lines."""
ENOUGH = ((8, 0.93, 0.80), (5, 0.97, 0.80), (5, 0.90, 0.65))
"""So many letters of the alphabet must be read so surely on average, and in no other position surer than the last.
Measured on 32 turned short lines, 0.92 and more in the right position, up to 0.73 in others."""


def turn_by_reading(raster: Raster, marks: Marks) -> TurnAnswer:
    """The turn of a page with little print on it; raises `RecogniserMissing`."""
    content = marks.of(Kind.CONTENT)
    content = content.where(content.ink > 0)
    if marks.full or not 0 < len(content) <= MOST_MARKS:
        return UNSURE
    edges = np.concatenate([content.box[:, :2], content.box[:, :2] + content.box[:, 2:]], axis=1) * marks.mm_per_px
    left, top = edges[:, :2].min(axis=0) - MARGIN_MM
    right, bottom = edges[:, 2:].max(axis=0) + MARGIN_MM
    ink = cut_out(raster, (left, top, right, bottom)).ink
    scores = []
    for quarters in range(4):
        lines = _lines(np.rot90(ink, -quarters))
        scores.append(_score(read_lines(lines)) if 0 < len(lines) <= MOST_LINES else (0, 0.0))
    return _decided_by_line(scores)


def _decided_by_line(scores: list[tuple[int, float]]) -> TurnAnswer:
    """``scores``: letters read and how surely, for each quarter of a turn clockwise."""
    best = max(range(4), key=lambda quarters: scores[quarters][0] * scores[quarters][1])
    letters, sure = scores[best]
    others = [own for quarters, (_, own) in enumerate(scores) if quarters != best]
    enough = any(letters >= many and sure >= surely and max(others) <= nearly for many, surely, nearly in ENOUGH)
    if not enough:
        return TurnAnswer(0, 0.0, sure=False)
    return TurnAnswer(cast("Turn", 90 * best), sure, sure=True)


def _score(readings: list[Reading]) -> tuple[int, float]:
    letters = sum(letter.isalpha() for reading in readings for letter in reading.text)
    sure = [share for reading in readings for share in reading.sure]
    return letters, float(np.mean(sure)) if sure else 0.0


def _lines(ink: Contrast) -> list[Pixels]:
    """The lines of a picture of ink, as the reader wants them: dark on white, first line first."""
    dark = ink > INK
    filled = dark.sum(axis=1) > LINE_INK * dark.shape[1]
    gap = round(0.6 / MM_PER_PX)
    filled = cv2.morphologyEx(filled.astype(np.uint8)[:, None], cv2.MORPH_CLOSE, np.ones((gap, 1), np.uint8))[:, 0]
    ends = np.flatnonzero(np.diff(np.concatenate([[0], filled, [0]]).astype(np.int8))).reshape(-1, 2)
    lines = []
    for top, bottom in ends:
        columns = np.flatnonzero(dark[top:bottom].any(axis=0))
        if not LINE_MM[0] <= (bottom - top) * MM_PER_PX <= LINE_MM[1] or len(columns) == 0:
            continue
        left, right = int(columns[0]), int(columns[-1]) + 1
        if right - left >= LEAST_LONG * (bottom - top):
            pad = round(0.25 * (bottom - top)) + 2
            part = ink[max(0, top - pad) : bottom + pad, max(0, left - pad) : right + pad]
            lines.append((255 - 255 * part).astype(np.uint8))
    return lines
