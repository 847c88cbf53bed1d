"""Detects the orientation of a page: the turn that makes it upright, or no turn if unsure.

    detect_turn(reduced) -> TurnAnswer(turn=90, confidence=0.93, sure=True)

The model gets the contrast map, not the scan, so that tint and shadow are removed. It first gets the middle of the
page, as scanned and upside down; if the two results are not clear and equal, in the other two positions as well; then,
if still unsure, the part with most ink, and finally the four parts with most ink, each in all four positions.

Measured: 12 drawn kinds of print (letter, capitals, faded, askew, form, table of numbers, one to eight
lines, lone stamp with text), two of each in four positions: 96 of 96 right. 37 real pages in four positions:
105 turns right, 43 unsure (11 pages with a few words, a chart or a stamp alone), none wrong. Signatures,
pencil, scribbles, photographs, blanks: all unsure. 6 ms when the first look is enough, 8 ms for each part more.
436 looks at pages of all kinds: two positions were enough for 328 of the 364 that four were sure of, and never
said anything else.

A page is turned only if `orientation_check` agrees with the model.

The model is unsure of a page with only a line or two of print. Such lines are read in all four positions; the position
in which a line is read with certainty, and clearly better than in the others, is upright.

`python -m bench verdicts` measures the limits together.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from itrwatch.core.pages import Turn
from itrwatch.imaging.analysis.background import Contrast, ReducedPage, reduce_page
from itrwatch.imaging.analysis.marks import EDGE_DEEP_MM, INK, MarkKind, Marks
from itrwatch.imaging.analysis.models import ORIENTATION, ReadLine, load, read_lines
from itrwatch.imaging.analysis.stamp_frame import MM_PER_PX, cut_out
from itrwatch.imaging.raster import Pixels, Raster
from itrwatch.imaging.resample import components

MARGIN_MM = 2.0
"""Margin around the marks of a page with few lines, mm. Chosen."""
MOST_MARKS = 60
"""Most marks at 100 dpi of a page that is turned by reading its lines; with more the other model suffices. Chosen."""
MOST_LINES = 3
"""Most lines of a page that is turned by reading its lines. Chosen."""
LINE_MM = (1.2, 14.0)
"""Height of a line of print, mm. Chosen."""
LEAST_LONG = 2.5
"""Least ratio of length to height of a line. Chosen."""
LINE_INK = 0.02
"""Share of ink, of the line's length, below which a row is between lines. Chosen."""
ENOUGH = ((8, 0.93, 0.80), (5, 0.97, 0.80), (5, 0.90, 0.65))
"""(Letters, mean confidence, limit in the other positions): one of the rows must be met.
Measured on 32 turned short lines, 0.92 and more in the right position, up to 0.73 in others."""


def turn_by_reading(raster: Raster, marks: Marks) -> TurnAnswer:
    """The turn of a page with little print; raises `RecogniserMissing`."""
    content = marks.of(MarkKind.CONTENT)
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
    """``scores``: number of letters and mean confidence, for each quarter turn clockwise."""
    # Number times certainty: four sure letters must not win over twelve that are nearly as sure.
    best = max(range(4), key=lambda quarters: scores[quarters][0] * scores[quarters][1])
    letters, sure = scores[best]
    others = [own for quarters, (_, own) in enumerate(scores) if quarters != best]
    enough = any(letters >= many and sure >= surely and max(others) <= nearly for many, surely, nearly in ENOUGH)
    if not enough:
        return TurnAnswer(0, 0.0, sure=False)
    return TurnAnswer(cast("Turn", 90 * best), sure, sure=True)


def _score(readings: list[ReadLine]) -> tuple[int, float]:
    letters = sum(letter.isalpha() for reading in readings for letter in reading.text)
    sure = [share for reading in readings for share in reading.sure]
    return letters, float(np.mean(sure)) if sure else 0.0


def _lines(ink: Contrast) -> list[Pixels]:
    """The lines of a picture of ink in the form that the reader requires: dark on white, first line first."""
    dark = ink > INK
    filled = dark.sum(axis=1) > LINE_INK * dark.shape[1]
    # 0.6 mm joins an accent, the dot of an i and the halves of a colon with their line.
    gap = round(0.6 / MM_PER_PX)
    filled = cv2.morphologyEx(filled.astype(np.uint8)[:, None], cv2.MORPH_CLOSE, np.ones((gap, 1), np.uint8))[:, 0]
    # Zeros at both ends, so that every run of filled rows has a beginning and an end.
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


SURE = 0.70
"""Least mean share of the best turn. Measured: a lone signature has reached 0.65, the model's maximum is 0.93."""
BEYOND_DOUBT = 0.90
"""Share of the best turn in each of two opposite positions from which the other two are skipped. Chosen."""
SURE_ALONE = 0.91
"""Share from which the part with most ink decides alone. Measured: print has 0.91 to 0.93 there, also a single line; of
1 200 drawn pages of scribble, shapes and handwriting, none got a wrong turn with more than 0.90."""
CROP = 224
"""Side of the model's input square, px. Physical: a property of the model."""
WHOLE = 256
"""Short side of the page when its middle is shown, px. Chosen."""
CLOSER = 640
"""Short side of the page when parts are shown, px: a letter of 10 pt is 8 px high. Chosen."""
TILES = 4
"""Number of parts of a page that are shown to the model. Chosen."""
LEAST_INK = 0.004
"""Least share of ink of a crop shown to the model. Chosen."""
LETTER_MM = (0.7, 9.0)
"""Range of the longer side of a piece of ink that may be a letter, mm. Chosen."""
LEAST_LETTERS = 12
"""Least number of letter-sized pieces of ink of a page with text. Measured: scribbles of a few long lines got a turn
with 0.89."""
MEAN = np.array([0.485, 0.456, 0.406], np.float32)
SPREAD = np.array([0.229, 0.224, 0.225], np.float32)
"""Normalisation of the model's input, mean and standard deviation per channel. Physical: those of its training."""


@dataclass(frozen=True, slots=True)
class TurnAnswer:
    """``turn``: degrees clockwise that make the page upright; 0 unless ``sure``. ``confidence``: 0 to 1."""

    turn: Turn
    confidence: float
    sure: bool


UNSURE = TurnAnswer(0, 0.0, sure=False)


def detect_turn(page: ReducedPage | Raster) -> TurnAnswer:
    """The turn of a page with text on it; raises `RecogniserMissing`."""
    reduced = reduce_page(page) if isinstance(page, Raster) else page
    contrast = _without_border(reduced)
    if not _has_letters(contrast, reduced.mm_per_px):
        return UNSURE
    answer = _of_middle(_centre(_scaled(contrast, WHOLE)))
    return answer if answer.sure else _of_parts(_inkiest(_scaled(contrast, CLOSER)))


def _without_border(reduced: ReducedPage) -> Contrast:
    """The contrast without the outermost strip, where a dark edge has been given a turn with 0.71."""
    border = round(EDGE_DEEP_MM / reduced.mm_per_px)
    contrast = np.zeros_like(reduced.contrast)
    inner = slice(border, -border), slice(border, -border)
    contrast[inner] = reduced.contrast[inner]
    return contrast


def _has_letters(contrast: Contrast, mm_per_px: float) -> bool:
    """Whether there is print, by the middle of the page; marks cut by the border do not count."""
    height, width = contrast.shape
    # Label the middle third first: most pages have enough letters there, at a sixth of the cost.
    middle = contrast[height // 3 : height * 2 // 3, width // 4 : width * 3 // 4]
    return _letters(middle, mm_per_px, whole=True) >= LEAST_LETTERS or _letters(contrast, mm_per_px) >= LEAST_LETTERS


def _letters(contrast: Contrast, mm_per_px: float, *, whole: bool = False) -> int:
    left, top, width, height = components(np.ascontiguousarray(contrast > INK / 2)).stats[1:, :4].T
    sides = np.maximum(width, height) * mm_per_px
    letter = (sides >= LETTER_MM[0]) & (sides <= LETTER_MM[1])
    if whole:
        letter &= (left > 0) & (top > 0) & (left + width < contrast.shape[1]) & (top + height < contrast.shape[0])
    return int(np.count_nonzero(letter))


def _of_middle(crop: Contrast) -> TurnAnswer:
    """The model's result for the crop in all positions, or in two if these are clear."""
    if not _inked(crop):
        return UNSURE
    shares = _shares(crop, (0, 2))
    # The best turn must be sure in both positions, not only on average.
    if shares[:, shares.mean(axis=0).argmax()].min() < BEYOND_DOUBT:
        shares = np.concatenate([shares, _shares(crop, (1, 3))])
    return _decided(shares)


def _of_parts(crops: list[Contrast]) -> TurnAnswer:
    """The model's result for the crops, most ink first, in all positions; for the first alone if it is clear."""
    inked = [crop for crop in crops if _inked(crop)]
    if not inked:
        return UNSURE
    first = _shares(inked[0])
    answer = _decided(first)
    if answer.confidence >= SURE_ALONE or len(inked) == 1:
        return answer
    return _decided(np.concatenate([first, *map(_shares, inked[1:])]))


def _inked(crop: Contrast) -> bool:
    return bool(np.count_nonzero(crop > INK) >= LEAST_INK * crop.size)


def _shares(crop: Contrast, positions: tuple[int, ...] = (0, 1, 2, 3)) -> NDArray[np.float32]:
    """The model's shares for the crop in these positions (quarter turns), relative to the page as scanned: ``(n, 4)``.

    Four pictures at a time: more exceed the processor's cache and take twice as long each.
    """
    # The model answers for the turned crop; np.roll shifts its shares back to the page as scanned.
    said = load(ORIENTATION).run(_batch([np.rot90(crop, -quarters) for quarters in positions]))
    return np.stack([np.roll(row, -quarters) for row, quarters in zip(said, positions, strict=True)])


def _decided(shares: NDArray[np.float32]) -> TurnAnswer:
    mean = shares.mean(axis=0)
    quarters = int(mean.argmax())
    confidence = float(mean[quarters])
    if confidence < SURE:
        return TurnAnswer(0, confidence, sure=False)
    return TurnAnswer(cast("Turn", (360 - 90 * quarters) % 360), confidence, sure=True)


def _batch(crops: list[Contrast]) -> NDArray[np.float32]:
    # MEAN and SPREAD broadcast the single channel to the model's three.
    grey = (np.float32(1) - np.stack(crops))[:, None]
    return np.ascontiguousarray((grey - MEAN[:, None, None]) / SPREAD[:, None, None])


def _scaled(contrast: Contrast, short_side: int) -> Contrast:
    factor = short_side / min(contrast.shape)
    size = tuple(max(short_side, round(side * factor)) for side in contrast.shape[::-1])
    how = cv2.INTER_AREA if factor < 1 else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(contrast, size, interpolation=how), np.float32)


def _centre(contrast: Contrast) -> Contrast:
    top, left = ((side - CROP) // 2 for side in contrast.shape)
    return contrast[top : top + CROP, left : left + CROP]


def _inkiest(contrast: Contrast) -> list[Contrast]:
    """The `TILES` squares with most ink that overlap by at most half."""
    tops, lefts = (np.unique(np.append(np.arange(0, side - CROP, CROP // 2), side - CROP)) for side in contrast.shape)
    # A summed-area table: the ink of any square is four look-ups.
    ink = cv2.integral((contrast > INK).astype(np.uint8))
    sums = (
        ink[tops + CROP][:, lefts + CROP]
        - ink[tops][:, lefts + CROP]
        - ink[tops + CROP][:, lefts]
        + ink[tops][:, lefts]
    )
    # A stable sort gives squares with equal ink the same order on every machine (promise 4).
    order = np.argsort(-sums, axis=None, kind="stable")
    chosen: list[tuple[int, int]] = []
    for row, column in zip(*np.unravel_index(order, sums.shape), strict=True):
        place = (int(tops[row]), int(lefts[column]))
        if len(chosen) < TILES and all(max(abs(place[0] - y), abs(place[1] - x)) >= CROP // 2 for y, x in chosen):
            chosen.append(place)
    return [contrast[top : top + CROP, left : left + CROP] for top, left in chosen]
