"""Whether a page can be read: resolution, contrast, sharpness, and whether print runs off the sheet.

Manual, 3: what is illegible and could not be improved must be said in the termo. Each doubt comes
with the sentence for it; none of them keeps a page from being published.
"""

from __future__ import annotations

from enum import StrEnum

import cv2
import numpy as np

from itrwatch.core.pages import CUT_OFF, ILLEGIBLE
from itrwatch.imaging.averaging import coverage
from itrwatch.imaging.cutoff import runs_off
from itrwatch.imaging.ink import extremes
from itrwatch.imaging.marks import EDGE_DEEP_MM, INK
from itrwatch.imaging.paper import Paper
from itrwatch.imaging.quantile import quantile
from itrwatch.imaging.raster import Raster

LOW_DPI = 195.0
"""The Receita asks for 300 dpi in black and white, 200 in colour; scanners round a little."""
LEAST_INK_MM2 = 40.0
"""Below this there is too little on the page to judge it by."""
DARK_PAPER = 0.45
PALE_INK = 0.38
"""Contrast that the darkest hundredth of the marks must reach: thermal paper that faded does not."""
TILE_MM = 25.0
TILES = 4
"""Two may be punch holes or a lid's corner, whose edges are soft on a sharp scan."""
COARSER = 4
"""The inkiest places are looked for on a picture so many times smaller."""
LEAST_DARK = 0.005 * 255
"""Share of ink, of 255, below which there is nothing to see in a place."""
DENSE = 0.06 * 255
"""Share of ink, of 255, of a place of little print; with less, edges are as much rarer."""
EDGES, DARKEST = 0.003, 0.01
"""Shares of such a place that are its steepest edges and its darkest ink."""
SOFT = 0.19
"""Steepest edge (contrast a pixel at 300 dpi, over the contrast of the print); a blur of 3 px at 300 dpi gives 0.15–0.20, focused scans 0.35 and more."""


class Flaw(StrEnum):
    """What is wrong; the value is the end of a sentence for the fiscal, in Portuguese.

    `core.termo` knows by its words which folhas the draft of the termo has to speak of.
    """

    LOW_RESOLUTION = (
        "resolução abaixo de 200 dpi: confira se tudo se lê; se não, digitalize de novo a 300 dpi ou diga no termo que a "
        f"folha está {ILLEGIBLE}"
    )
    DARK = (
        "o papel saiu muito escuro: confira se tudo se lê; se não, digitalize de novo mais claro ou diga no termo que a "
        f"folha está {ILLEGIBLE}"
    )
    PALE = (
        "a impressão está muito clara: confira se tudo se lê; se não, digitalize de novo com mais contraste ou diga no "
        f"termo que a folha está {ILLEGIBLE}"
    )
    SOFT = (
        "a imagem está fora de foco: confira se tudo se lê; se não, digitalize de novo ou diga no termo que a folha está "
        f"{ILLEGIBLE}"
    )
    CUT = (
        "o texto vai até a borda da imagem e parece cortado: confira se falta algo; se faltar, digitalize de novo com a "
        f"folha inteira ou diga no termo que a folha está {CUT_OFF}"
    )


def find_flaws(raster: Raster, paper: Paper) -> tuple[Flaw, ...]:
    """What makes the page hard to read, as far as a machine can tell; nothing for a page with little on it."""
    ink = np.count_nonzero(paper.contrast > INK / 2)
    if ink * paper.mm_per_px**2 < LEAST_INK_MM2:
        return ()
    flaws = []
    if raster.dpi < LOW_DPI:
        flaws.append(Flaw.LOW_RESOLUTION)
    if paper.brightness < DARK_PAPER:
        flaws.append(Flaw.DARK)
    elif np.count_nonzero(paper.contrast > PALE_INK) < ink / 100:
        flaws.append(Flaw.PALE)
    if not raster.bilevel and raster.dpi >= LOW_DPI and _steepest(raster, paper) < SOFT:
        flaws.append(Flaw.SOFT)
    if runs_off(paper):
        flaws.append(Flaw.CUT)
    return tuple(flaws)


def _steepest(raster: Raster, paper: Paper) -> float:
    """The steepest edges of the inkiest places, as a share of their contrast a pixel at 300 dpi."""
    tile = max(2, round(TILE_MM / paper.mm_per_px / COARSER))
    ink = coverage(paper.contrast > INK, COARSER)
    dark = cv2.blur(ink.astype(np.float32), (tile, tile))
    border = round(EDGE_DEEP_MM / paper.mm_per_px / COARSER) + tile // 2
    dark[:border] = dark[-border:] = dark[:, :border] = dark[:, -border:] = 0  # a lid's soft shadow tells no focus
    found = 0.0
    for _ in range(TILES):
        row, column = np.unravel_index(int(dark.argmax()), dark.shape)
        if dark[row, column] < LEAST_DARK:
            break
        share = min(1.0, float(dark[row, column]) / DENSE)
        found = max(found, _edge(raster, paper, int(row) * COARSER, int(column) * COARSER, tile * COARSER, share))
        dark[max(0, row - tile) : row + tile, max(0, column - tile) : column + tile] = 0
    return found or 1.0


def _edge(raster: Raster, paper: Paper, row: int, column: int, tile: int, share: float) -> float:
    scale = raster.dpi / paper.dpi
    top, left = (max(0, round((at - tile / 2) * scale)) for at in (row, column))
    side = round(tile * scale)
    grey = extremes(raster.pixels[top : top + side, left : left + side])[0]
    grey = np.asarray(cv2.GaussianBlur(grey, (0, 0), 0.7), np.uint8)  # the grain must not pass for edges
    few = grey[::3, ::3]
    low, high = quantile(few, DARKEST * share), quantile(few, 0.80)
    down, across = cv2.absdiff(grey[1:, 1:], grey[:-1, 1:]), cv2.absdiff(grey[1:, 1:], grey[1:, :-1])
    steep = quantile(cv2.max(down, across), 1 - EDGES * share)
    return float(steep / max(high - low, 8.0) * raster.dpi / 300)
