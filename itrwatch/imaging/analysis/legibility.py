"""Checks the legibility of a page: resolution, contrast, sharpness, and text cut at the border.

    find_flaws(raster, reduced) -> (Code.OUT_OF_FOCUS,)

Manual, Durante a digitalização: the termo must mention illegible pages that could not be improved. Each flaw is a code with
a sentence; none prevents publication.

Text is cut if letters cut in two are at the border of the scan. Only marks of the size of letters count, and only several
along one side: the scanner's edge and the shadow of a spine follow the border, rules of a form and the side of a
photograph are longer, a hair or a speck is single. There must be paper between the letters, unlike in a dark border. A
cut signature is a single stroke from far inside; it cannot be distinguished from a crease or a thread and is not
reported.

`python -m bench verdicts` measures the thresholds together.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from itrwatch.core.codes import Code
from itrwatch.imaging.analysis.background import Contrast, ReducedPage
from itrwatch.imaging.analysis.marks import EDGE_DEEP_MM, INK
from itrwatch.imaging.analysis.scanner_artefacts import find_artefacts
from itrwatch.imaging.raster import Raster
from itrwatch.imaging.resample import coverage, extremes, quantile

DEEP_MM = 16.0
"""Depth of the strip along the border that is examined, mm. Chosen."""
LETTER_MM = (0.8, 7.0)
"""Least and greatest length along the border of a cut letter, and its height, mm. Chosen."""
LEAST_DEEP_MM = 0.6
"""Least depth of the remainder of a cut letter, mm; less is dirt. Chosen."""
LEAST_LETTERS = 4
"""Least number of cut letters along one side. Chosen."""
ALIKE = 0.5
"""Letters of one text have similar sizes: half of the cut letters are within this share of the median height. Chosen."""
PAPER_SHARE = 0.6
"""Share of the border's length that must be paper. Chosen."""
BEYOND = 1
"""Marks further inside for each cut letter: the text to which the letters belong. Chosen."""


def runs_off(reduced: ReducedPage) -> bool:
    """Whether a side of the scan cuts letters."""
    contrast = reduced.contrast
    return any(_cut_letters(np.rot90(contrast, quarters), reduced.mm_per_px) >= LEAST_LETTERS for quarters in range(4))


def _cut_letters(contrast: Contrast, mm_per_px: float) -> int:
    """Number of letters cut by the upper side."""
    if np.count_nonzero((contrast[:2] > INK).any(axis=0)) < LEAST_LETTERS:
        return 0  # no ink at the border, as on most pages
    strip = np.ascontiguousarray(contrast[: round(DEEP_MM / mm_per_px)] > INK).astype(np.uint8)
    if strip.shape[0] < 4 or strip[:2].any(axis=0).mean() > 1 - PAPER_SHARE:
        return 0
    stats = cv2.connectedComponentsWithStats(strip, connectivity=8)[2][1:]
    top, width, height = (stats[:, at] * mm_per_px for at in (1, 2, 3))
    fill = stats[:, 4] / np.maximum(stats[:, 2] * stats[:, 3], 1)
    letter = (width >= LETTER_MM[0]) & (width <= LETTER_MM[1]) & (height <= LETTER_MM[1]) & (fill < 0.95)
    cut = letter & (top <= mm_per_px) & (height >= LEAST_DEEP_MM)
    whole = letter & (top > mm_per_px)
    if np.count_nonzero(cut) < LEAST_LETTERS or np.count_nonzero(whole) < BEYOND * np.count_nonzero(cut):
        return 0
    return _alike(width[cut])


def _alike(widths: NDArray[np.float64]) -> int:
    usual = float(np.median(widths))
    return int(np.count_nonzero(np.abs(widths - usual) <= ALIKE * usual))


LOW_DPI = 195.0
"""Physical: the Receita asks for 300 dpi in black and white, 200 in colour; less the rounding of scanners."""
LEAST_INK_MM2 = 40.0
"""Area of ink below which a page has too little content to be judged, mm². Chosen."""
DARK_PAPER = 0.45
"""Brightness of the paper (share of white) below which a page is dark. Chosen."""
PALE_INK = 0.38
"""Contrast that the darkest hundredth of the marks must reach; faded thermal paper does not. Chosen."""
TILE_MM = 25.0
"""Side of the places whose sharpness is measured, mm. Chosen."""
TILES = 4
"""Number of places measured: two may be punch holes or a corner of the scanner's edge, whose edges are soft on a sharp scan. Chosen."""
COARSER = 4
"""Factor of the reduced picture on which the places with most ink are searched. Chosen."""
LEAST_DARK = 0.005 * 255
"""Share of ink, of 255, below which a place is ignored. Chosen."""
FILLED = 0.5 * 255
"""Share of ink, of 255, above which a place is no print but a photograph, which may be soft on a sharp scan. Chosen: dense bold print has 0.3."""
DENSE = 0.06 * 255
"""Share of ink, of 255, of a place with little print; below it, the share of edges is reduced in proportion. Chosen."""
EDGES, DARKEST = 0.003, 0.01
"""Shares of such a place that are its steepest edges and its darkest ink. Chosen."""
SOFT = 0.19
"""Steepest edge (contrast per pixel at 300 dpi, relative to the contrast of the print) below which a page is out of focus. Chosen: a blur
of 3 px at 300 dpi gives 0.15 to 0.20, focused scans 0.35 and more."""


def find_flaws(raster: Raster, reduced: ReducedPage) -> tuple[Code, ...]:
    """The flaws that make a page hard to read; none for a page with little content."""
    ink = _ink_px(reduced.contrast, reduced)
    if not ink:
        return ()
    flaws = []
    if raster.dpi < LOW_DPI:
        flaws.append(Code.LOW_RESOLUTION)
    if reduced.brightness < DARK_PAPER:
        flaws.append(Code.DARK)
    elif np.count_nonzero(reduced.contrast > PALE_INK) < ink / 100:
        flaws.append(Code.PALE)
    if not raster.bilevel and raster.dpi >= LOW_DPI and _steepest(raster, reduced) < SOFT:
        flaws.append(Code.OUT_OF_FOCUS)
    if runs_off(reduced):
        flaws.append(Code.CUT_OFF)
    if flaws:  # holes and the scanner's edge are no content; they are looked for only here because that takes 20 ms
        artefacts = find_artefacts(reduced.contrast, reduced.mm_per_px)
        return tuple(flaws) if _ink_px(np.where(artefacts, 0, reduced.contrast), reduced) else ()
    return ()


def _ink_px(contrast: Contrast, reduced: ReducedPage) -> int:
    """The number of cells with ink; 0 for less than `LEAST_INK_MM2`."""
    ink = int(np.count_nonzero(contrast > INK / 2))
    return ink if ink * reduced.mm_per_px**2 >= LEAST_INK_MM2 else 0


def _steepest(raster: Raster, reduced: ReducedPage) -> float:
    """The steepest edges of the places with most ink, as a share of their contrast, per pixel at 300 dpi."""
    tile = max(2, round(TILE_MM / reduced.mm_per_px / COARSER))
    ink = coverage(reduced.contrast > INK, COARSER)
    dark = cv2.blur(ink.astype(np.float32), (tile, tile))
    border = round(EDGE_DEEP_MM / reduced.mm_per_px / COARSER) + tile // 2
    # The soft shadow of the scanner's edge says nothing about focus.
    dark[:border] = dark[-border:] = dark[:, :border] = dark[:, -border:] = 0
    dark[dark > FILLED] = 0
    found = 0.0
    for _ in range(TILES):
        row, column = np.unravel_index(int(dark.argmax()), dark.shape)
        if dark[row, column] < LEAST_DARK:
            break
        share = min(1.0, float(dark[row, column]) / DENSE)
        found = max(found, _edge(raster, reduced, int(row) * COARSER, int(column) * COARSER, tile * COARSER, share))
        dark[max(0, row - tile) : row + tile, max(0, column - tile) : column + tile] = 0
    return found or 1.0


def _edge(raster: Raster, reduced: ReducedPage, row: int, column: int, tile: int, share: float) -> float:
    scale = raster.dpi / reduced.dpi
    top, left = (max(0, round((at - tile / 2) * scale)) for at in (row, column))
    side = round(tile * scale)
    grey = extremes(raster.pixels[top : top + side, left : left + side])[0]
    grey = np.asarray(cv2.GaussianBlur(grey, (0, 0), 0.7), np.uint8)  # so that grain does not count as edges
    few = grey[::3, ::3]
    low, high = quantile(few, DARKEST * share), quantile(few, 0.80)
    down, across = cv2.absdiff(grey[1:, 1:], grey[:-1, 1:]), cv2.absdiff(grey[1:, 1:], grey[1:, :-1])
    steep = quantile(cv2.max(down, across), 1 - EDGES * share)
    return float(steep / max(high - low, 8.0) * raster.dpi / 300)
