"""Recognises the letters of a line, each with its position and confidence.

    spell(picture, model()) -> (Letter("F", 21.5, 0.998), Letter("l", 38.0, 0.999), …), positions in px of the line's picture

The model is the text-line recogniser of PP-OCRv6 small, reduced to the letters of Portuguese and to low grey lines, with integer convolutions;
``release/reader_model.py`` makes it, byte for byte, from the model that reads stamps.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from itrwatch.imaging.analysis.models import Model, ModelFile, load
from itrwatch.imaging.raster import Pixels

FOLDER = Path(__file__).parent / "model"
PORTUGUESE = ModelFile(
    "PP-OCRv6_rec_small_por.onnx", "5ab0e5281e043a8545a9c9b761aade98e8e6bc8c24d2dea75c5e574c6a27a8ae"
)
SCALED_PX, ROWS = 38, 32
"""Height to which the picture of a line is scaled, and how many of its rows the model gets, px: the middle ones. The others are margin, with no
more than the blurred edge of strokes (`cut_line`). Measured on 27 drawn pages (5 400 words, 906 numbers) and 11 real ones, beside the model
with 48 rows: a third less of its processor time, words found 95.6 -> 95.7 % and 93.1 -> 94.0 %, wrong numbers 1 -> 0; with 24 rows,
three words in 100 are lost."""
STEP_PX = 8
"""Columns of the scaled line per output step of the model, px. Physical: a property of the model."""
USUAL, WIDE = 0.96, 1.26
"""Width of a scaled line, as a share of the width that its height asks for: at first, and when it is read again. Measured on the same pages:
with 0.91 half a word in 100 is lost, with 1.01 none is gained."""
CONDENSED_PX = 13
"""Columns of a scaled line per letter below which it is read again, wide. Measured: drawn and foreign letters have 14 and more, the
condensed print of a passport form 9 to 12, of which two words in five were lost."""
SURE, DOUBTFUL = 0.9, 0.1
"""Confidence of a certain letter, and share of other letters above which a line is read again as well. Chosen: with both,
897 of the 898 words of that form are read, and drawn pages take no longer."""
LEAST_PX, MOST_PX = 48, 2560
"""Fewest and most columns of a scaled line, px; a longer line is compressed further. Chosen: a line of A4 width in 9 pt needs 1 800."""
DASHES = "-–—"
"""Signs that differ in length only: which one it is may be in doubt, that it is a dash is not."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A recognised letter or space. ``at``: its middle in px from the left of the line's picture; ``sure``: confidence, 0 to 1."""

    text: str
    at: float
    sure: float


def model() -> Model:
    """The model, loaded once per process; raises `RecogniserMissing`."""
    return load(PORTUGUESE, FOLDER)


def scaled(picture: Pixels, share: float = USUAL) -> NDArray[np.float32]:
    """Picture of a line → input of the model: ``(1, 1, ROWS, width)`` float32, -1 black to 1 white, ``width`` a multiple of `STEP_PX`.

    ``share``: of the width that its height asks for.
    """
    width = round(picture.shape[1] * SCALED_PX / picture.shape[0] * share)
    width = int(np.clip(width, LEAST_PX, MOST_PX))
    how = cv2.INTER_AREA if picture.shape[0] > SCALED_PX else cv2.INTER_CUBIC
    small = cv2.resize(picture, (width, SCALED_PX), interpolation=how)
    margin = (SCALED_PX - ROWS) // 2
    # -a % b is what a lacks to the next multiple of b.
    spare = -width % STEP_PX
    small = cv2.copyMakeBorder(small[margin:-margin], 0, 0, 0, spare, cv2.BORDER_CONSTANT, value=255)
    return (small.astype(np.float32) / 127.5 - 1.0)[None, None]


def spell(picture: Pixels, reader: Model) -> tuple[Letter, ...]:
    """The letters of a line, from left to right; raises `RecogniserMissing` if the model fails."""
    letters = _spelled(picture, reader, USUAL)
    columns = USUAL * SCALED_PX * picture.shape[1] / picture.shape[0]
    doubtful = sum(letter.sure < SURE for letter in letters)
    good = columns >= CONDENSED_PX * len(letters) and doubtful <= DOUBTFUL * len(letters)
    return letters if good else _spelled(picture, reader, WIDE)


def _spelled(picture: Pixels, reader: Model, share: float) -> tuple[Letter, ...]:
    batch = scaled(picture, share)
    shares = reader.run(batch)[0]
    _join_ordinals(shares, reader.labels)
    best = shares.argmax(axis=1)
    sure = shares[np.arange(len(best)), best]
    dashes = [1 + reader.labels.index(dash) for dash in DASHES]
    sure = np.where(np.isin(best, dashes), shares[:, dashes].sum(axis=1), sure)
    # Columns of the input per step, times px of the picture per column.
    per_step = batch.shape[3] / len(best) * picture.shape[1] / min(batch.shape[3], MOST_PX)
    letters: list[Letter] = []
    start = 0
    for end in range(1, len(best) + 1):
        if end < len(best) and best[end] == best[start]:
            continue
        if best[start]:  # class 0 is the blank of CTC
            letters.append(
                Letter(reader.labels[best[start] - 1], (start + end) / 2 * per_step, float(sure[start:end].max()))
            )
        start = end
    return tuple(letters)


def _join_ordinals(shares: NDArray[np.float32], labels: tuple[str, ...]) -> None:
    """Add the degree sign's probability to the º of “nº”, which looks alike in most typefaces (changes ``shares``)."""
    ordinal, degree = 1 + labels.index("º"), 1 + labels.index("°")
    shares[:, ordinal] += shares[:, degree]
    shares[:, degree] = 0
