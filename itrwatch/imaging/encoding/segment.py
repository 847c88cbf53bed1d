"""Divides a page into stencil and regions of tone, or decides for one picture.

    segment(model_page(raster)) -> Segmentation(black, tone, marks, boxes=((left, top, right, bottom), …), picture="")

Black print becomes the stencil. All other marks are in few large regions, each around whole marks with a margin of 3 mm. A page
with too little print, too many regions or soft shades is one picture without a stencil.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from itrwatch.imaging import thresholds as at
from itrwatch.imaging.analysis.contrast_maps import Maps, Mask
from itrwatch.imaging.analysis.ink_groups import Ink, lines_of_print
from itrwatch.imaging.analysis.page_model import PageModel
from itrwatch.imaging.resample import components

COARSE = 4
"""Chosen: factor of the reduced map on which boxes are found; a pixel has 0.7 mm."""
MOST_PLACES = 150
"""Chosen: with more separate places, nearby ones are joined first."""
K3 = np.ones((3, 3), np.uint8)
Pixel = tuple[int, int, int, int]
"""A box in pixels of the map: left, top, right, bottom; the last two exclusive."""


@dataclass(frozen=True, slots=True, eq=False)
class Segmentation:
    """Masks of the map: ``black`` for the stencil, ``tone`` for the regions ``boxes``; ``marks``: strokes among ``tone``.

    ``picture``: why the page is one picture, with the value (for manifest and log); "" if it is not.
    """

    black: Mask
    tone: Mask
    marks: Mask
    boxes: tuple[Pixel, ...]
    picture: str = ""


def segment(page: PageModel, careful: Mask | None = None) -> Segmentation:
    """Segment a page. ``careful``: places where the stencil failed the check; words there are coded in tone."""
    groups, maps = page.groups, page.maps
    black, marks = groups.of(Ink.BLACK), groups.of(Ink.TONE)
    apart = page.areas.solid if careful is None else page.areas.solid | careful
    if apart.any():
        words = np.zeros(len(groups.black), np.bool_)
        words[np.unique(groups.labels[apart & black])] = True
        words[0] = False
        if careful is not None:
            words |= _of_their_lines(page, words)
        moved = words[groups.labels]
        black, marks = black & ~moved, marks | moved
    marks |= _paler_parts(maps, marks, black)
    tone = marks | page.areas.solid
    if careful is not None:
        tone |= careful
    if not tone.any() and page.areas.shade_share <= at.SHADE_SHARE:
        return Segmentation(black, tone, marks, ())
    boxes = _boxes(maps, tone)
    return Segmentation(black, tone, marks, boxes, _why_a_picture(page, tone, boxes))


def _paler_parts(maps: Maps, marks: Mask, black: Mask) -> Mask:
    """What is connected to ``marks`` and paler than a mark, so that a stroke does not end where it is pale; not the haze around ``black``."""
    if not marks.any():
        return marks
    around = cv2.dilate(black.view(np.uint8), maps.window(2 * at.CORE_MM, 2 * at.CORE_MM)) > 0
    seen = ((maps.contrast > maps.faint) & ~around) | marks
    found = components(seen)
    wanted = np.zeros(found.number, np.bool_)
    wanted[found.labels[marks]] = True
    wanted[0] = False
    return np.asarray(wanted[found.labels])


def _of_their_lines(page: PageModel, words: Mask) -> Mask:
    """The other words on the lines of ``words``, except plainly black ones, so that a line has one appearance."""
    lines = lines_of_print(page.maps, page.groups.box)
    return np.asarray(np.isin(lines, lines[words]) & page.groups.black & ~page.groups.plain)


def _why_a_picture(page: PageModel, tone: Mask, boxes: tuple[Pixel, ...]) -> str:
    if page.areas.shade_share > at.SHADE_SHARE:
        return f"soft shades on {page.areas.shade_share:.0%} of the page"
    covered = sum((right - left) * (bottom - top) for left, top, right, bottom in boxes) / tone.size
    if covered > at.MOST_COVERED:
        return f"regions on {covered:.0%} of the page"
    if len(boxes) > at.MOST_REGIONS:
        return f"{len(boxes)} regions"
    toned = float(tone.mean())
    return f"tone on {toned:.0%} of the page" if toned > at.MOST_TONE else ""


def _boxes(maps: Maps, tone: Mask) -> tuple[Pixel, ...]:
    """Disjoint boxes around the marks in ``tone`` with a margin of `thresholds.REGION_MARGIN_MM`, joined where one box is cheaper than two."""
    height, width = maps.shape
    seen = tone[: height // COARSE * COARSE, : width // COARSE * COARSE]
    # Reshape blocks of 4 × 4 pixels to two separate axes; any mark in a block marks the cell.
    cells = np.asarray(seen.reshape(height // COARSE, COARSE, width // COARSE, COARSE).any(axis=(1, 3)), np.uint8)
    found = components(np.asarray(cv2.dilate(cells, K3), np.uint8))
    grown = cells
    while found.number > MOST_PLACES:  # the time of joining is cubic in their number
        grown = np.asarray(cv2.dilate(grown, np.ones((9, 9), np.uint8)), np.uint8)
        found = components(grown)
    wider = round(maps.px(at.REGION_MARGIN_MM)) - COARSE
    boxes = []
    for left, top, wide, high, _ in found.stats[1:] * COARSE:
        right, bottom = left + wide + wider, top + high + wider
        if right + COARSE >= width - wider:
            right = width
        if bottom + COARSE >= height - wider:
            bottom = height
        boxes.append((max(0, int(left) - wider), max(0, int(top) - wider), int(right), int(bottom)))
    return tuple(_joined(boxes, maps.px(at.REGION_COST_MM) ** 2, maps.px(at.LARGEST_JOIN_MM) ** 2))


def _joined(boxes: list[Pixel], cost: float, most: float) -> list[Pixel]:
    """Boxes joined while this saves area, with ``cost`` as the area of one more box; then while there are too many and joining adds at most ``most``."""
    edges = np.array(boxes, np.float64).reshape(-1, 4)
    while len(edges) > 1:
        # Every box with every other, by broadcasting: (n, n, 4).
        union = np.concatenate(
            [np.minimum(edges[:, None, :2], edges[None, :, :2]), np.maximum(edges[:, None, 2:], edges[None, :, 2:])],
            axis=2,
        )
        area = _area(edges)
        # The cost of joining: the area of the common box minus the two separate areas.
        added = _area(union) - area[:, None] - area[None, :]
        overlap = np.minimum(edges[:, None, 2:], edges[None, :, 2:]) - np.maximum(
            edges[:, None, :2], edges[None, :, :2]
        )
        # Overlapping boxes are always joined: no place may be painted twice.
        added[(overlap > 0).all(axis=2)] = -np.inf
        np.fill_diagonal(added, np.inf)
        one, other = np.unravel_index(int(added.argmin()), added.shape)
        if added[one, other] > (most if len(edges) > at.MOST_REGIONS else cost):
            break
        edges[one] = union[one, other]
        edges = np.delete(edges, other, axis=0)
    return [(int(left), int(top), int(right), int(bottom)) for left, top, right, bottom in edges]


def _area(
    edges: np.ndarray[tuple[int, ...], np.dtype[np.float64]],
) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    return np.asarray((edges[..., 2] - edges[..., 0]) * (edges[..., 3] - edges[..., 1]))
