"""Checks bar codes and QR codes: those readable on the scan must be readable on the coded page.

PageCodes(grey, contrast, 150).lost_on(draw) -> iterator of Damage(DamageKind.CODE, …)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property

import cv2
import numpy as np

from itrwatch.imaging.analysis.separator import texts_of_codes
from itrwatch.imaging.encoding.damage import Damage, DamageKind
from itrwatch.imaging.raster import Pixels
from itrwatch.imaging.resample import averaged, components

CODE_MM, CODE_DARK, CODE_FULL = 6.0, 80, 0.35
"""Size in mm, darkness, and share of dark pixels of a place that may be a code. Measured (drawn): text has a share up to 0.3."""
CODE_ROOM_MM, CODES_MOST, CODE_PX, CODES_SHARE = 12.0, 12, 5000, 0.5
"""Margin around such a place for the rest of the code, and limits for a page with many: if they cover half of it, the whole page
is read at once. Measured (drawn): every code that is read on the whole page is read in its place, in a fifth of the time."""
COARSER = 4
"""Chosen: factor of the reduced picture on which places are searched."""
Place = tuple[float, float, float, float]
"""Left, top, right, bottom as shares of the page."""


class PageCodes:
    """The codes of a scan: ``grey`` at its own resolution, ``contrast`` against paper at ``dpi``."""

    def __init__(self, grey: Pixels, contrast: Pixels, dpi: float) -> None:
        """No code is read before `lost_on` is called."""
        self._grey, self._contrast, self._dpi = grey, contrast, dpi

    def lost_on(self, draw: Callable[[], Pixels], mm: tuple[float, float]) -> Iterator[Damage]:
        """The codes that are unreadable on ``draw()``, the coded page in grey at the scan's size; ``mm``: the sheet's width and height."""
        if not any(self._read.values()):
            return
        drawn = draw()
        width, height = mm
        for place, texts in self._read.items():
            for _ in texts - texts_of_codes(drawn[_window(drawn, place)]) if texts else ():
                left, top, right, bottom = place
                yield Damage(
                    DamageKind.CODE, left * width, top * height, (right - left) * width, (bottom - top) * height, 0.0
                )

    @cached_property
    def _read(self) -> dict[Place, frozenset[str]]:
        """The texts of the codes at each place."""
        places = _code_places(self._contrast, self._dpi)
        if sum((right - left) * (bottom - top) for left, top, right, bottom in places) > CODES_SHARE:
            places = [(0.0, 0.0, 1.0, 1.0)]
        return {place: texts_of_codes(self._grey[_window(self._grey, place)]) for place in places}


def _code_places(contrast: Pixels, dpi: float) -> list[Place]:
    """Places as dark as a code, unlike print, with a margin."""
    # 0 or 255 for each pixel, averaged: the share of ink of each coarse cell.
    few = averaged(np.asarray(cv2.compare(contrast, np.full_like(contrast, CODE_DARK), cv2.CMP_GT), np.uint8), COARSER)
    side, room = (max(1, round(mm / 25.4 * dpi / COARSER)) for mm in (CODE_MM, CODE_ROOM_MM))
    full = cv2.blur(few, (side, side)) > CODE_FULL * 255
    if not full.any():
        return []
    grown = cv2.dilate(full.view(np.uint8), np.ones((2 * room + 1, 2 * room + 1), np.uint8))
    high, wide = few.shape
    boxes = components(np.asarray(grown, np.uint8)).stats[1 : CODES_MOST + 1].tolist()
    return [(left / wide, top / high, (left + w) / wide, (top + h) / high) for left, top, w, h, _ in boxes]


def _window(pixels: Pixels, place: Place) -> tuple[slice, slice]:
    """The rows and columns of a place; at most `CODE_PX` of each, because the search time grows with the area."""
    high, wide = pixels.shape[:2]
    left, top, right, bottom = place
    rows, columns = slice(int(top * high), int(bottom * high) + 1), slice(int(left * wide), int(right * wide) + 1)
    return slice(rows.start, min(rows.stop, rows.start + CODE_PX)), slice(
        columns.start, min(columns.stop, columns.start + CODE_PX)
    )
