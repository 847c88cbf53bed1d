"""Detects areas wider than strokes: filled areas, photographs, attached notes, shadows, stains, the scanner's edge.

find_areas(maps, artefacts) -> Areas(solid: bool (h, w) of the map, shade_share=0.01)
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from itrwatch.imaging import thresholds as at
from itrwatch.imaging.analysis.contrast_maps import DARKNESS, L_UNITS, LOW, Maps, Mask
from itrwatch.imaging.analysis.sheet_surface import Floats
from itrwatch.imaging.resample import components

K3, K5 = np.ones((3, 3), np.uint8), np.ones((5, 5), np.uint8)


@dataclass(frozen=True, slots=True, eq=False)
class Areas:
    """``solid``: mask of areas with a clear outline, or at the border and not an artefact; they are coded in tone.

    ``shade_share``: share of the page with soft shades (stains, creases), which belong to the paper.
    """

    solid: Mask
    shade_share: float


def find_areas(maps: Maps, artefacts: Mask) -> Areas:
    """Compare the ground with the bare sheet, without the scanner's ``artefacts``."""
    height, width = maps.shape
    differs = ground_contrast(maps)
    small = (differs.shape[1], differs.shape[0])
    if artefacts.any():
        differs[cv2.resize(artefacts.view(np.uint8), small, interpolation=cv2.INTER_AREA) > 0] = 0
    mask = np.asarray(cv2.morphologyEx((differs > at.AREA_CONTRAST).astype(np.uint8), cv2.MORPH_OPEN, K3), np.uint8)
    found = components(mask)
    solid = np.zeros(found.number, np.bool_)
    shade = 0
    if found.number > 1:
        # The morphological gradient: how much the ground changes within 3 mm.
        step = cv2.dilate(differs, K5) - cv2.erode(differs, K5)
        # Replicated border: along the edge of the page an area has no rim.
        rim = (mask > 0) & (cv2.erode(mask, K3, borderType=cv2.BORDER_REPLICATE) == 0)
    for index in range(1, found.number):
        left, top, wide, high, cells = found.stats[index]
        if cells * LOW**2 * maps.mm2 < at.AREA_MM2:
            continue
        rows, columns = slice(top, top + high), slice(left, left + wide)
        own = found.labels[rows, columns] == index
        mean = float(differs[rows, columns][own].mean())
        outline = step[rows, columns][rim[rows, columns] & own]
        at_border = min(left, top) <= 1 or left + wide >= small[0] - 1 or top + high >= small[1] - 1
        # A fill steps to paper within a cell or two, a shadow over many.
        sharp = outline.size and float((outline > 0.6 * mean).mean()) > at.AREA_SHARP
        solid[index] = mean > at.EDGE_CONTRAST if at_border else sharp
        if not solid[index] and mean > at.SHADE_CONTRAST and not at_border:
            shade += int(cells)
    shown = solid[found.labels].view(np.uint8)
    grown = cv2.dilate(shown, K3) if solid.any() else shown
    wide_mask = cv2.resize(grown, (width, height), interpolation=cv2.INTER_NEAREST)
    return Areas(np.asarray(wide_mask > 0), shade / differs.size)


def ground_contrast(maps: Maps) -> Floats:
    """Difference of the ground from the bare sheet, ΔL* and chroma combined, at the size of ``maps.ground``."""
    flat = cv2.divide(maps.ground, maps.sheet, scale=255)
    if flat.ndim == 2:
        return np.asarray(cv2.LUT(flat, DARKNESS).astype(np.float32) / L_UNITS, np.float32)
    light, a, b = (channel.astype(np.float32) for channel in cv2.split(cv2.cvtColor(flat, cv2.COLOR_RGB2LAB)))
    return np.asarray(np.sqrt((100 - light / L_UNITS) ** 2 + (a - 128) ** 2 + (b - 128) ** 2), np.float32)
