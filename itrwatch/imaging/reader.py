"""Reads one line of print: the text-line reader of PP-OCR, alone, on a line that is already cut out."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from itrwatch.imaging.raster import Pixels
from itrwatch.imaging.recognition import READER, Model, load

LINE_PX = 48
"""Height that the model was trained with."""
WIDEST_PX = 960


@dataclass(frozen=True, slots=True)
class Reading:
    """What a line says.

    ``places``: the middle of each letter as a share of the line's width. ``sure``: how sure the reader is of
    each letter, 0 to 1.
    """

    text: str
    places: tuple[float, ...]
    sure: tuple[float, ...]

    @property
    def least(self) -> float:
        """How sure the reader is of its least sure letter."""
        return min(self.sure, default=0.0)


def read_lines(lines: list[Pixels], widest_px: int = WIDEST_PX) -> list[Reading]:
    """The text of each line: grey pictures, dark on white, one upright line each; raises `RecogniserMissing`.

    A line that would be wider than ``widest_px`` at the reader's height is pressed together.
    """
    reader = load(READER)
    return [_read(reader, line, widest_px) for line in lines]


def _read(reader: Model, line: Pixels, widest_px: int) -> Reading:
    width = int(np.clip(round(line.shape[1] * LINE_PX / line.shape[0]), LINE_PX, widest_px))
    how = cv2.INTER_AREA if line.shape[0] > LINE_PX else cv2.INTER_CUBIC
    small = cv2.resize(line, (width, LINE_PX), interpolation=how).astype(np.float32) / 127.5 - 1.0
    return _spell(reader.run(np.repeat(small[None, None], 3, axis=1))[0], reader.labels)


def _spell(shares: NDArray[np.float32], letters: tuple[str, ...]) -> Reading:
    """``shares``: ``(steps, classes)``. Class 0 is «nothing», the last is a blank; repeats fall together (CTC)."""
    best = shares.argmax(axis=1)
    chosen = np.flatnonzero((best > 0) & np.append(True, best[1:] != best[:-1]))
    read = [(letters[best[step] - 1] if best[step] <= len(letters) else " ", step) for step in chosen]
    places = tuple((float(step) + 0.5) / len(best) for letter, step in read if letter.strip())
    sure = tuple(_sure(shares[step], letter, letters) for letter, step in read if letter.strip())
    return Reading("".join(letter for letter, _ in read).strip(), places, sure)


def _sure(shares: NDArray[np.float32], letter: str, letters: tuple[str, ...]) -> float:
    """How sure the reader is of a letter, whatever its accent: a worn one is half an A to it and half an Á."""
    alike = _alike(plain(letter), letters)
    return float(shares[alike].sum()) if len(alike) else float(shares.max())


@cache
def _alike(base: str, letters: tuple[str, ...]) -> NDArray[np.int64]:
    return np.array([1 + at for at, letter in enumerate(letters) if base and plain(letter) == base], np.int64)


def plain(text: str) -> str:
    """Capitals without accents."""
    apart = unicodedata.normalize("NFKD", text).upper()
    return "".join(letter for letter in apart if not unicodedata.combining(letter))
