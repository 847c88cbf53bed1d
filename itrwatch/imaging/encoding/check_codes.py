"""Checks bar codes and QR codes: those readable on the scan must be readable on the coded page.

    PageCodes(grey, contrast, 150).lost_on(draw, (210, 297), layers) -> iterator of Damage(DamageKind.CODE, …)

Codes of 6 mm and more are searched on the whole page. Smaller ones, as pale and dense as print, are square (QR, Data Matrix), and
only a picture coarser than the scan can lose them, since the stencil has the scan's resolution: each picture is read as a whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property

import cv2
import numpy as np

from itrwatch.core.encoded_page import Box, Layer
from itrwatch.imaging.analysis.separator import texts_of_codes, texts_of_square_codes
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
Reader = Callable[[Pixels], frozenset[str]]
WHOLE: Place = (0.0, 0.0, 1.0, 1.0)


class PageCodes:
    """The codes of a scan: ``grey`` at its own resolution, ``contrast`` against paper at ``dpi``."""

    def __init__(self, grey: Pixels, contrast: Pixels, dpi: float) -> None:
        """No code is read before `lost_on` is called."""
        self._grey, self._contrast, self._dpi = grey, contrast, dpi
        self._found: dict[tuple[Reader, Place], frozenset[str]] = {}

    def lost_on(self, draw: Callable[[], Pixels], mm: tuple[float, float], layers: Iterable[Layer]) -> Iterator[Damage]:
        """The codes that are unreadable on ``draw()``: the page coded as ``layers``, in grey at the scan's size; ``mm``: width and height of the sheet."""
        width, height = mm
        pictures = [_place(layer.box, mm) for layer in layers if layer.coding != "g4"]
        lost: set[str] = set()
        for read, places in ((texts_of_codes, self._places), (texts_of_square_codes, pictures)):
            for place in places:
                if not (texts := self._texts(read, place)):
                    continue
                # A code may be found twice, at its place and in the picture that shows it.
                gone = texts - read(draw()[_window(self._grey, place)]) - lost
                lost |= gone
                left, top, right, bottom = place
                for _ in gone:
                    yield Damage(
                        DamageKind.CODE,
                        left * width,
                        top * height,
                        (right - left) * width,
                        (bottom - top) * height,
                        0.0,
                    )

    @cached_property
    def _places(self) -> list[Place]:
        places = _code_places(self._contrast, self._dpi)
        if sum((right - left) * (bottom - top) for left, top, right, bottom in places) > CODES_SHARE:
            return [WHOLE]
        return places

    def _texts(self, read: Reader, place: Place) -> frozenset[str]:
        """What ``read`` finds on the scan at a place, found once."""
        if (read, place) not in self._found:
            self._found[read, place] = read(self._grey[_window(self._grey, place)])
        return self._found[read, place]


def _place(box: Box, mm: tuple[float, float]) -> Place:
    width, height = (side / 25.4 * 72 for side in mm)
    return box.left / width, box.top / height, box.right / width, box.bottom / height


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
