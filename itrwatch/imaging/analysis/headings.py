"""Reads the lines in the upper part of a page, from the top, to find its title.

    next(heading_lines(reduced)) -> “NOTIFICAÇÃO DE LANÇAMENTO”

Lines are found by joining letters horizontally, and each is read by the line reader (`models`). Measured at 100 dpi on
drawn notificação, termos, petition, DITR and AR: every title is read exactly, in 20 to 40 ms a line on one core.
Therefore paragraphs, which have long lines, are skipped, and the caller stops at the first title.

`python -m bench verdicts` measures the limits together.
"""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from itrwatch.imaging.analysis.background import ReducedPage
from itrwatch.imaging.analysis.marks import INK
from itrwatch.imaging.analysis.models import read_lines

TOP_MM = 120.0
"""Height that is searched, mm: titles are in the upper third; that of a petition is below the address and the space for stamps. Chosen."""
TOGETHER_MM = 2.2
"""Half of the widest gap between words of a title, mm. Physical: a title of 20 pt."""
LETTER_MM, RULE_MM = 12.0, 40.0
"""A taller piece is a crest or a frame; a longer one is a rule, mm. Chosen."""
LINE_MM, LEAST_MM = (1.9, 14.0), 9.0
"""Height of a line worth reading, and its least width, mm. Chosen."""
FULL, NEAR = 0.66, 2.6
"""Lines longer than this share of the page width, at a distance of less than this many line heights, form a paragraph. Chosen."""
MOST_LINES = 14
"""Most lines of a page that are read. Chosen."""
WIDEST_PX = 1600
"""Largest width of the model's input, px. Chosen."""
PAD_MM = 0.8
"""Margin around a line, mm. Chosen."""


def heading_lines(reduced: ReducedPage) -> Iterator[str]:
    """The text of each line of an upright page, top first, read lazily. Raises `RecogniserMissing`."""
    mm = reduced.mm_per_px
    grey = (255 - 255 * np.clip(reduced.contrast, 0, 1)).astype(np.uint8)
    pad = round(PAD_MM / mm)
    for left, top, width, height in _lines(reduced)[:MOST_LINES]:
        cut = grey[max(0, top - pad) : top + height + pad, max(0, left - pad) : left + width + pad]
        yield read_lines([np.ascontiguousarray(cut)], WIDEST_PX)[0].text


def _lines(reduced: ReducedPage) -> list[tuple[int, int, int, int]]:
    """Left, top, width and height in px of each line, from the top."""
    mm = reduced.mm_per_px
    ink = (reduced.contrast[: round(TOP_MM / mm)] > INK).astype(np.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    letters = (stats[:, 3] * mm <= LETTER_MM) & (stats[:, 2] * mm <= RULE_MM)
    letters[0] = False  # label 0 is the paper
    joined = cv2.dilate(letters[labels].astype(np.uint8), np.ones((1, 2 * round(TOGETHER_MM / mm) + 1), np.uint8))
    boxes = cv2.connectedComponentsWithStats(joined, connectivity=8)[2][1:, :4].astype(np.int32)
    high, wide = boxes[:, 3] * mm, boxes[:, 2] * mm
    fits = (high >= LINE_MM[0]) & (high <= LINE_MM[1]) & (wide >= LEAST_MM)
    chosen = boxes[fits & ~_paragraph(boxes, reduced.contrast.shape[1])]
    return [(int(x), int(y), int(w), int(h)) for x, y, w, h in chosen[np.argsort(chosen[:, 1], kind="stable")]]


def _paragraph(boxes: NDArray[np.int32], page_width: int) -> NDArray[np.bool_]:
    """Which lines belong to a paragraph: long lines with another long line directly above or below."""
    long = boxes[:, 2] > FULL * page_width
    apart = np.abs(boxes[:, None, 1] - boxes[None, :, 1])
    # Every line against every other, by broadcasting; there are some dozens.
    near = (apart < NEAR * boxes[:, 3, None]) & long[:, None] & long[None]
    np.fill_diagonal(near, val=False)
    return np.asarray(near.any(axis=1))
