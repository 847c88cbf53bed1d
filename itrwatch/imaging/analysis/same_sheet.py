"""Whether two pages are the same sheet, scanned twice: looked for in their thumbnails, made sure of on the scans.

Rescanned sheets lie a few millimetres and up to half a degree apart and differ in noise and brightness. Pages of one form with other
entries differ in some place only, so that the pages are compared as a whole and then place by place.
Measured on 17 kinds of drawn pages and 40 real ones, each scanned twice with such differences (tests/imaging/test_same_sheet.py
has a part of them): the same sheet mostly 0.90 to 0.99 as a whole and 0.84 to 0.98 in its worst twentieth, another sheet of
the same form up to 0.92 as a whole but at most 0.73 in its worst twentieth. Of sheets that lie crooked some are missed.

In a thumbnail the figures of a table are a pixel wide, and two declarations of one farm look the same (measured: 0.99 and 0.94). So
each pair is compared once more at 100 dpi, in places of 8 mm: of 14 kinds of drawn pages, three pairs each, the worst hundredth of the
places was 0.95 to 0.99 for the same sheet, at most 0.80 for another one with the same form and other figures.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from itrwatch.imaging.raster import Pixels

Ink = NDArray[np.float32]

WIDTH, HEIGHT = 192, 272
"""Pixels of a page that is compared: 1 mm is one pixel."""
_BLOCK = 16  # px (1.6 cm): a few words
_SHIFT = 8  # px: so far may a sheet lie apart in two scans (chosen: 8 mm)
_PALE = 12  # grey levels of 255 that are paper all the same (chosen)
_MARKED = 4.0  # standard deviation of a block with something in it (chosen)
_FEWEST_BLOCKS = 20  # with less on it a page is like many others (measured: a lone stamp has 10, a number 4)
_COARSE = 0.8  # correlation of the ink over 1.6 cm: whatever is less alike is not compared closely
_WHOLE = 0.9
_PLACES = 0.8
_WORST = 0.5
_FINE = (1170, 832)  # px of a page of A4 at 100 dpi, its height first
_FINE_BLOCK = 32  # px (8 mm): a figure or two
_NEAR = 8  # px (2 mm): half a degree at the edge of the sheet
_FINE_ALIKE = 0.88  # between the 0.80 and the 0.95 that were measured


def ink_of(jpeg: bytes) -> Ink | None:
    """The darkness over the paper, float32 of shape (HEIGHT, WIDTH); None for what is no picture."""
    grey = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_GRAYSCALE) if jpeg else None
    if grey is None:
        return None
    scale = min(WIDTH / grey.shape[1], HEIGHT / grey.shape[0])
    grey = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    paper = cv2.GaussianBlur(cv2.dilate(grey, np.ones((15, 15), np.uint8)), (0, 0), 8)
    ink = np.zeros((HEIGHT, WIDTH), np.float32)
    height, width = min(HEIGHT, grey.shape[0]), min(WIDTH, grey.shape[1])
    darker = np.clip(paper.astype(np.float32) - grey - _PALE, 0, None)
    ink[:height, :width] = darker[:height, :width]
    return cv2.GaussianBlur(ink, (0, 0), 0.8).astype(np.float32)


def same_sheets(pictures: Sequence[bytes]) -> list[tuple[int, int]]:
    """The pairs of ``pictures`` (JPEG) that are one sheet, each as two positions in order."""
    inks = [ink_of(jpeg) for jpeg in pictures]
    seen = [(position, ink) for position, ink in enumerate(inks) if ink is not None and _blocks(ink) >= _FEWEST_BLOCKS]
    if len(seen) < 2:
        return []
    coarse = np.corrcoef(np.stack([_coarse(ink) for _, ink in seen]))
    near = np.argwhere(np.triu(coarse >= _COARSE, 1))
    return [(seen[one][0], seen[other][0]) for one, other in near if _same(seen[one][1], seen[other][1])]


def same_in_detail(one: Pixels, other: Pixels) -> bool:
    """Whether two pages (uint8 of shape (h, w, 3) or (h, w), both upright) are one sheet down to their figures."""
    first, second = _fine(one), _fine(other)
    second = _laid_over_fine(first, second)
    alike = sorted(_fine_places(first, second))
    return len(alike) >= _FEWEST_BLOCKS and alike[max(2, len(alike) // 100)] >= _FINE_ALIKE


def _fine(pixels: Pixels) -> Ink:
    """The darkness over the paper at 100 dpi of a page of A4, float32 of shape `_FINE`."""
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY) if pixels.ndim == 3 else pixels
    scale = min(_FINE[0] / grey.shape[0], _FINE[1] / grey.shape[1])
    grey = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    paper = cv2.GaussianBlur(cv2.dilate(grey, np.ones((31, 31), np.uint8)), (0, 0), 16)
    ink = np.zeros(_FINE, np.float32)
    height, width = min(_FINE[0], grey.shape[0]), min(_FINE[1], grey.shape[1])
    ink[:height, :width] = np.clip(paper.astype(np.float32) - grey - _PALE, 0, None)[:height, :width]
    return cv2.GaussianBlur(ink, (0, 0), 1.0).astype(np.float32)


def _laid_over_fine(one: Ink, other: Ink) -> Ink:
    """``other`` moved onto ``one`` as a whole; how far is told from a quarter of their size."""
    small = [
        cv2.GaussianBlur(cv2.resize(ink, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA), (0, 0), 1.0)
        for ink in (one, other)
    ]
    window = cv2.createHanningWindow((small[0].shape[1], small[0].shape[0]), cv2.CV_32F)
    (dx, dy), _ = cv2.phaseCorrelate(small[0], small[1], window)
    if max(abs(dx), abs(dy)) > _SHIFT:
        return other
    moved = np.array([[1, 0, -4 * dx], [0, 1, -4 * dy]], np.float32)
    return cv2.warpAffine(other, moved, (_FINE[1], _FINE[0])).astype(np.float32)


def _fine_places(one: Ink, other: Ink) -> Iterator[float]:
    """How alike each place with something on it is, 2 mm to and fro; what lies at the edge of the sheet may be cut off."""
    for y in range(_FINE_BLOCK, _FINE[0] - 2 * _FINE_BLOCK, _FINE_BLOCK):
        for x in range(_FINE_BLOCK, _FINE[1] - 2 * _FINE_BLOCK, _FINE_BLOCK):
            place = one[y : y + _FINE_BLOCK, x : x + _FINE_BLOCK]
            there = other[y : y + _FINE_BLOCK, x : x + _FINE_BLOCK]
            if max(place.std(), there.std()) < 2 * _MARKED:
                continue
            around = np.s_[y - _NEAR : y + _FINE_BLOCK + _NEAR, x - _NEAR : x + _FINE_BLOCK + _NEAR]
            # either way: what lies across the edge of the place in one of the two is whole in the other
            yield max(_found(place, other[around]), _found(there, one[around]))


def _found(place: Ink, around: Ink) -> float:
    """How alike ``place`` is to the most similar place in ``around``; 0 for one with nothing on it."""
    if place.std() < 1:
        return 0.0
    found = float(cv2.matchTemplate(around, place, cv2.TM_CCOEFF_NORMED).max())
    return found if np.isfinite(found) else 0.0


def _coarse(ink: Ink) -> Ink:
    return cv2.resize(ink, (WIDTH // _BLOCK, HEIGHT // _BLOCK), interpolation=cv2.INTER_AREA).ravel().astype(np.float32)


def _blocks(ink: Ink) -> int:
    return sum(ink[y : y + _BLOCK, x : x + _BLOCK].std() >= _MARKED for y, x in _grid())


def _grid() -> Iterator[tuple[int, int]]:
    yield from ((y, x) for y in range(0, HEIGHT - _BLOCK, _BLOCK) for x in range(0, WIDTH - _BLOCK, _BLOCK))


def _same(one: Ink, other: Ink) -> bool:
    other = _laid_over(one, other)
    if np.corrcoef(one.ravel(), other.ravel())[0, 1] < _WHOLE:
        return False
    alike = sorted(_alike_places(one, other))
    return len(alike) >= _FEWEST_BLOCKS and alike[0] >= _WORST and alike[len(alike) // 20] >= _PLACES


def _laid_over(one: Ink, other: Ink) -> Ink:
    window = cv2.createHanningWindow((WIDTH, HEIGHT), cv2.CV_32F)
    (dx, dy), _ = cv2.phaseCorrelate(one, other, window)
    if max(abs(dx), abs(dy)) > _SHIFT:
        return other
    return cv2.warpAffine(other, np.array([[1, 0, -dx], [0, 1, -dy]], np.float32), (WIDTH, HEIGHT)).astype(np.float32)


def _alike_places(one: Ink, other: Ink) -> Iterator[float]:
    """How alike each place with something on it is, two pixels to and fro: a sheet does not lie quite straight."""
    for y, x in _grid():
        place = one[y : y + _BLOCK, x : x + _BLOCK]
        around = other[max(0, y - 2) : y + _BLOCK + 2, max(0, x - 2) : x + _BLOCK + 2]
        if max(place.std(), around.std()) >= _MARKED:
            found = cv2.matchTemplate(around, place, cv2.TM_CCOEFF_NORMED).max()
            yield float(found) if np.isfinite(found) else 0.0
