"""``python -m release``: what is handed out, made into ``dist/``; `make deb` calls it with the pinned build tools.

dist/itrwatch-X-py3-none-any.whl   dist/itrwatch-X.cdx.json        the wheel, and what it needs
dist/itrwatch_X_amd64.deb          dist/itrwatch_X_amd64.cdx.json  the package for Debian 12 and 13, and what is in it
"""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

from release import deb
from release.payload import MACHINES, PYTHONS, ROOT, fetch_wheels, lay_out, make_wheel
from release.sbom import write_sbom

DIST, BUILD = ROOT / "dist", ROOT / "build"


def main() -> None:
    """Make wheel and package, each with its SBOM; print what was made."""
    parser = argparse.ArgumentParser(prog="python -m release")
    parser.add_argument("--arch", choices=MACHINES, default="amd64")
    architecture = parser.parse_args().arch
    DIST.mkdir(exist_ok=True)
    wheel = make_wheel(DIST)
    stores = {python: fetch_wheels(BUILD / "wheels", architecture, python) for python in PYTHONS.values()}
    package = make_package(wheel, stores, architecture)
    needed, carried = (
        [path for store in folders for path in store.glob("*.whl")]
        for folders in (list(stores.values())[:1], stores.values())
    )
    lists = (
        write_sbom(DIST / f"itrwatch-{wheel.name.split('-')[1]}.cdx.json", wheel, needed),
        write_sbom(package.with_suffix(".cdx.json"), package, carried),
    )
    for path in (wheel, package, *lists):
        print(path.relative_to(ROOT))


def make_package(wheel: Path, stores: dict[str, Path], architecture: str) -> Path:
    """``dist/itrwatch_X_ARCH.deb`` of our wheel and those in ``stores`` (Python → folder)."""
    version = wheel.name.split("-")[1]
    tree, target = BUILD / f"deb-{architecture}", DIST / f"itrwatch_{version}_{architecture}.deb"
    shutil.rmtree(tree, ignore_errors=True)
    lay_out(tree, wheel, stores, architecture)
    deb.place_files(tree)
    deb.control(tree, version, architecture)
    deb.pack(tree, target)
    shutil.rmtree(tree)
    return target


if __name__ == "__main__":
    main()
