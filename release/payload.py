"""The tree that the Debian package carries: `/opt/itrwatch`, one environment that Debian 12 and Debian 13 both run.

A virtual environment looks for its packages in ``lib/python3.X/site-packages`` of the Python that runs it, so one
environment can carry compiled packages for several. What is the same for all of them lies once, in ``lib/common``,
which each ``site-packages`` names in a ``.pth`` file. One file for both releases, rather than one package a release, so
that an upgrade of Debian does not leave the service without its libraries, and nobody can take the wrong file.

    /opt/itrwatch/bin/python                        -> /usr/bin/python3, Debian's own
    /opt/itrwatch/bin/itrwatch                      the command
    /opt/itrwatch/lib/common/                       itrwatch and what has no compiled code, or code for every Python
    /opt/itrwatch/lib/python3.11/site-packages/     compiled for Debian 12
    /opt/itrwatch/lib/python3.13/site-packages/     compiled for Debian 13
    /opt/itrwatch/share/                            example configuration, unit, man page

All comes from wheels whose SHA-256 stands in ``requirements.lock``; pip refuses any other.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
PREFIX = Path("opt/itrwatch")
PYTHONS = {"12": "3.11", "13": "3.13"}
"""Debian release → its Python."""
MACHINES = {"amd64": "x86_64", "arm64": "aarch64"}
"""Debian's name of an architecture → the name in wheels."""
GLIBC = 36
"""Debian 12 has glibc 2.36: wheels made for it or an older one run on both releases."""

COMMAND = """\
#!/opt/itrwatch/bin/python
import sys

from {module} import main

if __name__ == "__main__":
    sys.exit(main())
"""


def make_wheel(dist: Path) -> Path:
    """Build the wheel of this tree into ``dist`` with the pinned build tools that run this; models are fetched by the build."""
    pip("wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(dist), str(ROOT))
    return max(dist.glob("itrwatch-*.whl"), key=lambda path: path.stat().st_mtime)


def fetch_wheels(store: Path, architecture: str, python: str) -> Path:
    """Download every wheel of ``requirements.lock`` for a Python ("3.11"); the folder of them. What is there stays."""
    folder = store / f"{architecture}-{python}"
    pip("download", "--no-deps", "--require-hashes", *_for(architecture, python), "--dest", str(folder), *_LOCK)
    return folder


def lay_out(tree: Path, wheel: Path, stores: dict[str, Path], architecture: str) -> None:
    """Unpack ``wheel`` and the wheels of ``stores`` (Python → folder) below ``tree``."""
    prefix = tree / PREFIX
    common = common_wheels(stores)
    for python, store in stores.items():
        own = [path for path in sorted(store.glob("*.whl")) if path.name not in {path.name for path in common}]
        site = prefix / "lib" / f"python{python}" / "site-packages"
        _unpack(own, site, architecture, python)
        (site / "common.pth").write_text("../../common\n")
    _unpack([*common, wheel], prefix / "lib" / "common", architecture, next(iter(stores)))
    shutil.move(prefix / "lib" / "common" / "share", prefix / "share")
    _environment(prefix)


def common_wheels(stores: dict[str, Path]) -> list[Path]:
    """The wheels that every Python takes: the same file was fetched for each."""
    names = set.intersection(*({path.name for path in store.glob("*.whl")} for store in stores.values()))
    return sorted(next(iter(stores.values())) / name for name in names)


def _unpack(wheels: list[Path], target: Path, architecture: str, python: str) -> None:
    target.mkdir(parents=True)
    options = ["--no-deps", "--no-index", "--no-compile", *_for(architecture, python), "--target", str(target)]
    pip("install", *options, *map(str, wheels))
    shutil.rmtree(target / "bin", ignore_errors=True)  # commands with the path of the Python that builds


def _environment(prefix: Path) -> None:
    """What makes the tree a virtual environment of ``/usr/bin/python3``, whichever that is."""
    (prefix / "pyvenv.cfg").write_text("home = /usr/bin\ninclude-system-site-packages = false\n")
    (prefix / "bin").mkdir()
    (prefix / "bin" / "python").symlink_to("/usr/bin/python3")
    command = prefix / "bin" / "itrwatch"
    command.write_text(COMMAND.format(module=_entry()))
    command.chmod(0o755)


def _entry() -> str:
    """The module of the command, from ``pyproject.toml``: ``itrwatch.cli:main`` → ``itrwatch.cli``."""
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["scripts"]
    module: str = scripts["itrwatch"].partition(":")[0]
    return module


_LOCK = ("--requirement", str(ROOT / "requirements.lock"))


def _for(architecture: str, python: str) -> list[str]:
    """Options of pip for wheels of another machine or Python than the one that builds."""
    machine = MACHINES[architecture]
    platforms = [f"manylinux_2_{minor}_{machine}" for minor in range(GLIBC, 16, -1)] + [f"manylinux2014_{machine}"]
    named = [word for platform in platforms for word in ("--platform", platform)]
    return [*named, "--python-version", python, "--implementation", "cp", "--only-binary", ":all:"]


def pip(*words: str) -> None:
    """Run the pip of the build tools, quietly; raises where it fails."""
    quiet = os.environ | {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_ROOT_USER_ACTION": "ignore"}
    subprocess.run([sys.executable, "-m", "pip", words[0], "--quiet", *words[1:]], check=True, env=quiet)
