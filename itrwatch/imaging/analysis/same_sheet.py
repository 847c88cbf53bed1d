"""Detects sheets that were scanned twice: searched in thumbnails, confirmed on the scans.

    same_sheets([jpeg, jpeg, jpeg]) -> [(0, 2)]: the first and the third picture show one sheet

Two scans of a sheet differ by a few millimetres, up to half a degree, noise and brightness. Pages of one form with other entries
differ only in some places; therefore pages are compared as a whole and then place by place.
Measured on 17 kinds of drawn pages and 40 real ones, each scanned twice with such differences (tests/imaging/test_same_sheet.py
has a part of them): the same sheet mostly 0.90 to 0.99 as a whole and 0.84 to 0.98 in its worst twentieth, another sheet of
the same form up to 0.92 as a whole but at most 0.73 in its worst twentieth. Some skewed sheets are missed.

In a thumbnail the figures of a table are a pixel wide, and two declarations of one farm look the same (measured: 0.99 and 0.94). So
each pair is compared once more, word by word: of 6 kinds of drawn pages the worst place of the same sheet was 0.83 to 0.93
alike, of a capa with another date at most 0.56.

`python -m bench verdicts` measures the limits together.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

import cv2
import numpy as np
from numpy.typing import NDArray

from itrwatch.imaging.raster import Pixels

Ink = NDArray[np.float32]

WIDTH, HEIGHT = 192, 272
"""Size in px of a page for comparison: about 1 mm is one pixel. Chosen."""
_BLOCK = 16  # px (1.6 cm): a few words (chosen)
_SHIFT = 8  # px: largest shift of a sheet between two scans (chosen: 8 mm)
_PALE = 12  # grey levels of 255 up to which darkness is paper (chosen)
_MARKED = 4.0  # standard deviation of a block with something in it (chosen)
_FEWEST_BLOCKS = 20  # a page with less content resembles many others (measured: a lone stamp has 10, a number 4)
_COARSE = 0.8  # least correlation of the ink over 1.6 cm for a close comparison (chosen)
_WHOLE = 0.9  # least correlation of the whole pages (chosen)
_PLACES = 0.8  # least correlation of the worst twentieth (chosen: another copy of a form has at most 0.73)
_WORST = 0.5  # least correlation of the worst block (chosen)
MOST_LOOKED_AT = 2000
"""Pairs compared closely, the most similar first (chosen: 12 s); seventy pages of one form have as many."""
MOST_PAIRS = 200
"""Most pairs returned (chosen: a stack of 200 sheets that was scanned twice)."""
_FINE_PX_PER_MM = 3  # digits of 8 points are 6 px high (chosen)
_WORD = 12  # px of it (4 mm): two digits (chosen)
_APART = 9  # px (3 mm): half a degree at the edge of the sheet (physical)
_FINE_MARKED = 18.0  # standard deviation of a word that is dark enough to be compared (chosen)
_FINE_ALIKE = 0.72  # least correlation of every word: between the 0.56 and the 0.83 that were measured


def ink_of(jpeg: bytes) -> Ink | None:
    """JPEG → darkness against the paper, float32 of shape (HEIGHT, WIDTH); None if it is not a picture."""
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
    """The pairs of ``pictures`` (JPEG) that show one sheet, each as two positions in order.

    In a case with many pages of one form not all are found (`MOST_LOOKED_AT`, `MOST_PAIRS`).
    """
    inks = [ink_of(jpeg) for jpeg in pictures]
    seen = [(position, ink) for position, ink in enumerate(inks) if ink is not None and _blocks(ink) >= _FEWEST_BLOCKS]
    if len(seen) < 2:
        return []
    # Correlate all pairs at once on blocks of 1.6 cm; compare only the similar ones closely.
    coarse = np.asarray(np.corrcoef(np.stack([_coarse(ink) for _, ink in seen])))
    near = np.argwhere(np.triu(coarse >= _COARSE, 1))
    most_alike = near[np.argsort(-coarse[near[:, 0], near[:, 1]], kind="stable")][:MOST_LOOKED_AT]
    same = ((seen[one], seen[other]) for one, other in most_alike if _same(seen[one][1], seen[other][1]))
    return sorted((one[0], other[0]) for one, other in islice(same, MOST_PAIRS))


def same_in_detail(one: Pixels, other: Pixels, dpi: tuple[float, float]) -> bool:
    """Whether two pages (uint8 of shape (h, w, 3) or (h, w), both upright) are one sheet in every detail.

    Every place with print on either page must be found on the other, within 3 mm. ``dpi``: of each.
    """
    first, second = _fine(one, dpi[0]), _fine(other, dpi[1])
    rows, columns = (max(sides) for sides in zip(first.shape, second.shape, strict=True))
    laid = np.zeros((2, rows, columns), np.uint8)
    for canvas, ink in zip(laid, (first, second), strict=True):
        canvas[: ink.shape[0], : ink.shape[1]] = ink
    # The window fades the borders, whose edges would dominate the phase correlation.
    window = cv2.createHanningWindow((columns, rows), cv2.CV_32F)
    (dx, dy), _ = cv2.phaseCorrelate(laid[0].astype(np.float32), laid[1].astype(np.float32), window)
    if max(abs(dx), abs(dy)) > _SHIFT * _FINE_PX_PER_MM:
        return False
    moved = cv2.warpAffine(laid[1], np.array([[1, 0, -dx], [0, 1, -dy]], np.float32), (columns, rows))
    return _words_found(laid[0], np.asarray(moved, np.uint8)) and _words_found(np.asarray(moved, np.uint8), laid[0])


def _fine(pixels: Pixels, dpi: float) -> Pixels:
    """The darkness over the paper, `_FINE_PX_PER_MM`, softened."""
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY) if pixels.ndim == 3 else pixels
    scale = _FINE_PX_PER_MM * 25.4 / dpi
    grey = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    paper = cv2.blur(cv2.dilate(grey, np.ones((25, 25), np.uint8)), (25, 25))
    ink = cv2.subtract(cv2.subtract(paper, grey), np.full_like(grey, _PALE))
    return np.asarray(cv2.GaussianBlur(ink, (0, 0), 1.0), np.uint8)


def _words_found(one: Pixels, other: Pixels) -> bool:
    for y in range(0, one.shape[0] - _WORD, _WORD // 2):
        for x in range(0, one.shape[1] - _WORD, _WORD // 2):
            word = one[y : y + _WORD, x : x + _WORD]
            if word.std() < _FINE_MARKED:
                continue
            around = other[max(0, y - _APART) : y + _WORD + _APART, max(0, x - _APART) : x + _WORD + _APART]
            # “not >=” also refuses NaN, which a patch without any contrast gives.
            if not cv2.matchTemplate(around, word, cv2.TM_CCOEFF_NORMED).max() >= _FINE_ALIKE:
                return False
    return True


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
    """The correlation of each marked place, best within two pixels, because a sheet may be slightly skewed."""
    for y, x in _grid():
        place = one[y : y + _BLOCK, x : x + _BLOCK]
        around = other[max(0, y - 2) : y + _BLOCK + 2, max(0, x - 2) : x + _BLOCK + 2]
        if max(place.std(), around.std()) >= _MARKED:
            found = cv2.matchTemplate(around, place, cv2.TM_CCOEFF_NORMED).max()
            yield float(found) if np.isfinite(found) else 0.0
