"""The page model: maps, words, areas and artefacts of a page, computed once for coding and checking.

model_page(raster) -> PageModel(maps, groups, areas, artefacts)
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from itrwatch.imaging import thresholds as at
from itrwatch.imaging.analysis.contrast_maps import Maps, Mask, make_maps, spread
from itrwatch.imaging.analysis.filled_areas import Areas, find_areas
from itrwatch.imaging.analysis.ink_groups import InkGroups, find_groups
from itrwatch.imaging.analysis.scanner_artefacts import find_artefacts
from itrwatch.imaging.raster import Raster
from itrwatch.imaging.resample import averaged

MOSTLY = 0.2
"""Chosen: share of the detected artefacts that may be coloured; with more, none is removed."""


@dataclass(frozen=True, slots=True, eq=False)
class PageModel:
    """The parts of a page: ``maps``, words of ink, filled areas, and the ``artefacts`` of the scanner."""

    maps: Maps
    groups: InkGroups
    areas: Areas
    artefacts: Mask


def model_page(raster: Raster, *, drawn: bool = False) -> PageModel:
    """Upright page in grey or RGB → its model; a page ``drawn`` by a program has no scanner artefacts."""
    maps = make_maps(raster)
    artefacts = np.zeros(maps.shape, np.bool_) if drawn else _artefacts(maps)
    if artefacts.any():
        maps.contrast[artefacts] = 0
    return PageModel(maps, find_groups(maps), find_areas(maps, artefacts), artefacts)


def _artefacts(maps: Maps) -> Mask:
    """Scanner edge and punch holes: dark against the bare sheet, at their typical positions."""
    half = averaged(maps.pixels, 2)
    flat = cv2.divide(half, spread(maps.sheet, half.shape), scale=255)
    darkest = flat if flat.ndim == 2 else cv2.min(cv2.min(flat[..., 0], flat[..., 1]), flat[..., 2])
    contrast = np.float32(1) - darkest.astype(np.float32) / np.float32(255)
    found = find_artefacts(contrast, 2 * 25.4 / maps.dpi)
    if maps.tint is not None and found.any():
        lab = cv2.cvtColor(cv2.blur(flat, (5, 5)), cv2.COLOR_RGB2LAB).astype(np.float32) - np.float32(128)
        coloured = cv2.magnitude(lab[..., 1].copy(), lab[..., 2].copy()) > at.ARTEFACT_CHROMA
        if coloured[found].mean() > MOSTLY:
            found[:] = False
    height, width = maps.shape
    return np.asarray(cv2.resize(found.view(np.uint8), (width, height), interpolation=cv2.INTER_NEAREST) > 0)
