"""``python -m release.chroots``: bare Debian 12 and 13 below ``build/``, for the tests of the package; root, network, debootstrap.

Only the smallest system (``minbase``) with what the package depends on: what the tests install, they install without a
network. Some 100 seconds and 290 MB a release, once; ``rm -r build/debian-*`` has them made anew.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from release.payload import ROOT

SUITES = {"12": "bookworm", "13": "trixie"}
"""Debian release → its name at the mirrors."""
DEPENDENCIES = "python3,systemd"


def place(release: str) -> Path:
    """Where the bare system of a release lies, once it is made."""
    return ROOT / "build" / f"debian-{release}"


def make(release: str) -> None:
    """Lay the bare system of a release; what was cut short is begun anew."""
    target = place(release)
    if target.exists():
        return
    draft = target.with_suffix(".part")
    shutil.rmtree(draft, ignore_errors=True)
    command = ["debootstrap", "--variant=minbase", f"--include={DEPENDENCIES}", SUITES[release], str(draft)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    for package in (draft / "var/cache/apt/archives").glob("*.deb"):
        package.unlink()
    draft.rename(target)


if __name__ == "__main__":
    for name in SUITES:
        make(name)
