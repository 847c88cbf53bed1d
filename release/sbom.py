"""What is in what is handed out, as CycloneDX 1.6: every Python package with version, licence and SHA-256, and the models.

    document(wheel, [wheels…]) -> {"bomFormat": "CycloneDX", "components": [{"name": "numpy", "version": "2.4.6", …}, …], …}

Written here, not by a tool, because the usual ones read an environment or a list: they know neither the models inside our wheel
nor the wheels for a Python other than their own. Nothing in it depends on when or where it is made.
"""

from __future__ import annotations

import hashlib
import json
import os
import uuid
import zipfile
from collections.abc import Iterable
from datetime import UTC, datetime
from email.message import Message
from email.parser import BytesParser
from pathlib import Path
from typing import Any

from hatch_build import SOURCES, Source

Json = dict[str, Any]
READER = Path(__file__).parents[1] / "itrwatch" / "reading" / "model"
"""Where the one model lies that is in the repository itself."""


def write_sbom(target: Path, made: Path, wheels: Iterable[Path], epoch: int | None = None) -> Path:
    """Write the list of what is in ``made`` (our wheel or package), which carries or needs ``wheels``; the path of the list."""
    when = int(os.environ["SOURCE_DATE_EPOCH"]) if epoch is None else epoch
    target.write_text(json.dumps(document(made, wheels, when), indent=1, sort_keys=True) + "\n", "utf-8")
    return target


def document(made: Path, wheels: Iterable[Path], epoch: int) -> Json:
    """The list as a value; ``epoch``: seconds, the time of the commit."""
    digest = _sha256(made)
    version = made.name.replace("_", "-").split("-")[1]
    components = {part["bom-ref"] + part["hashes"][0]["content"]: part for part in map(_package, wheels)}
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_OID, digest)}",
        "version": 1,
        "metadata": {
            "timestamp": datetime.fromtimestamp(epoch, UTC).isoformat(),
            "component": {
                "type": "application",
                "bom-ref": "itrwatch",
                "name": "itrwatch",
                "version": version,
                "hashes": [{"alg": "SHA-256", "content": digest}],
                "licenses": [{"expression": "MIT AND Apache-2.0"}],
            },
        },
        "components": [*(components[key] for key in sorted(components)), *map(_model, SOURCES), _reader()],
    }


def _package(wheel: Path) -> Json:
    facts = _metadata(wheel)
    name, version = facts["Name"].lower().replace("_", "-"), facts["Version"]
    digest = _sha256(wheel)
    return {
        "type": "library",
        "bom-ref": f"{wheel.name}",
        "name": name,
        "version": version,
        "purl": f"pkg:pypi/{name}@{version}?file_name={wheel.name}",
        "hashes": [{"alg": "SHA-256", "content": digest}],
        "licenses": _licences(facts),
    }


def _licences(facts: Message) -> list[Json]:
    """As the package states it: an SPDX expression, else its classifiers, else the first line of its field."""
    if expression := facts["License-Expression"]:
        return [{"expression": str(expression)}]
    names = [text.rpartition(":: ")[2] for text in facts.get_all("Classifier") or () if text.startswith("License ::")]
    stated = str(facts["License"] or "").strip().splitlines()[:1]
    return [{"license": {"name": name}} for name in names or stated]


def _model(source: Source) -> Json:
    name, version = source.pin.split("==")
    return {
        "type": "machine-learning-model",
        "bom-ref": Path(source.model).name,
        "name": Path(source.model).name,
        "version": version,
        "purl": f"pkg:pypi/{name}@{version}",
        "hashes": [{"alg": "SHA-256", "content": source.sha256}],
        "licenses": [{"license": {"id": "Apache-2.0"}}],
    }


def _reader() -> Json:
    """The model of the page reader, which `release.reader_model` makes of one of `SOURCES`."""
    (path,) = READER.glob("*.onnx")
    ancestor = next(source for source in SOURCES if source.pin.startswith("rapidocr=="))
    return {
        "type": "machine-learning-model",
        "bom-ref": path.name,
        "name": path.name,
        "hashes": [{"alg": "SHA-256", "content": _sha256(path)}],
        "licenses": [{"license": {"id": "Apache-2.0"}}],
        "pedigree": {"ancestors": [_model(ancestor)], "notes": (READER / "NOTICE.txt").read_text("utf-8")},
    }


def _metadata(wheel: Path) -> Message:
    with zipfile.ZipFile(wheel) as archive:
        name = next(name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        return BytesParser().parsebytes(archive.read(name))


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
