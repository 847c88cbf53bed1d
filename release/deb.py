"""The Debian package: the tree of `release.payload` with what Debian wants beside it, packed by dpkg-deb.

dpkg-deb alone, without a builder around it: nothing is compiled here, and the few scripts of ``release/debian/`` say
all that happens on the machine. The archive's times are those of the commit (``SOURCE_DATE_EPOCH``), its owner is
root, its members are sorted by dpkg-deb.
"""

from __future__ import annotations

import gzip
import shutil
import subprocess
from pathlib import Path

from release.payload import PREFIX, PYTHONS, ROOT

SCRIPTS = ("postinst", "prerm", "postrm")
RECIPES = ROOT / "release" / "debian"
DOCUMENTS = (*(ROOT / "docs").glob("*.md"), ROOT / "README.md", ROOT / "config.example.yaml")
THREADS = "--threads-max=1"
"""How many threads compress changes the bytes."""


def place_files(tree: Path) -> None:
    """Put what Debian wants around the payload: configuration, units, accounts, man page, completion, documents."""
    for source, place in (
        (ROOT / "systemd" / "config.yaml", "etc/itrwatch/config.yaml"),
        (ROOT / "systemd" / "itrwatch.sysusers", "usr/lib/sysusers.d/itrwatch.conf"),
        (ROOT / "systemd" / "itrwatch.tmpfiles", "usr/lib/tmpfiles.d/itrwatch.conf"),
        (RECIPES / "copyright", "usr/share/doc/itrwatch/copyright"),
        *((unit, f"usr/lib/systemd/system/{unit.name}") for unit in (ROOT / "systemd").glob("*.service")),
        *((page, f"usr/share/doc/itrwatch/{page.name}") for page in DOCUMENTS),
        (ROOT / "docs" / "itrwatch.bash", "usr/share/bash-completion/completions/itrwatch"),
    ):
        target = tree / place
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
    for source, place in (
        (ROOT / "docs" / "itrwatch.1", "usr/share/man/man1/itrwatch.1.gz"),
        (ROOT / "CHANGELOG.md", "usr/share/doc/itrwatch/changelog.gz"),
    ):
        (tree / place).parent.mkdir(parents=True, exist_ok=True)
        (tree / place).write_bytes(gzip.compress(source.read_bytes(), mtime=0))
    (tree / "usr/bin").mkdir()
    (tree / "usr/bin/itrwatch").symlink_to(f"/{PREFIX}/bin/itrwatch")


def control(tree: Path, version: str, architecture: str) -> None:
    """Write ``DEBIAN/``: the fields of the package, its scripts, its configuration file and its checksums."""
    folder = tree / "DEBIAN"
    folder.mkdir()
    fields = (
        (RECIPES / "control")
        .read_text("utf-8")
        .format(
            version=version,
            architecture=architecture,
            size=sum(path.lstat().st_size for path in _files(tree)) // 1024,
            pythons=" | ".join(f"python{python}" for python in PYTHONS.values()),
        )
    )
    (folder / "control").write_text(fields, "utf-8")
    (folder / "conffiles").write_text("/etc/itrwatch/config.yaml\n")
    (folder / "triggers").write_text("interest-noawait /usr/bin/python3\n")
    for script in SCRIPTS:
        shutil.copyfile(RECIPES / script, folder / script)
        (folder / script).chmod(0o755)


def pack(tree: Path, target: Path) -> None:
    """Make the package ``target`` of ``tree``; rights do not depend on the umask of who builds."""
    for path in (tree, *tree.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
    command = ["dpkg-deb", "--root-owner-group", "-Zzstd", "-z6", THREADS, "--build", str(tree), str(target)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def _files(tree: Path) -> list[Path]:
    return [path for path in tree.rglob("*") if not path.is_dir()]
