"""The machine on which it was measured, in words that give nothing away."""

from __future__ import annotations

import os
import platform
import subprocess
import time
from pathlib import Path

from bench.ours import ROOT
from bench.peers import Found
from itrwatch import __version__


def described(found: Found, extent: str) -> str:
    """One paragraph: day, versions, processors, memory, load, peers and what is missing."""
    names = [
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if "model name" in line
    ]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    programs = ", ".join(f"{name} {version}" for name, version in found.versions.items())
    missing = f" Not installed: {', '.join(found.missing)}." if found.missing else ""
    return (
        f"Extent “{extent}”, {time.strftime('%Y-%m-%d')}, itrwatch {__version__} ({_commit()}), "
        f"Python {platform.python_version()}, {len(os.sched_getaffinity(0))} × {names[0] if names else platform.machine()}, "
        f"{memory:.0f} GB, load before {os.getloadavg()[0]:.1f}. {programs}.{missing}"
    )


def _commit() -> str:
    asked = ["git", "-C", str(ROOT), "describe", "--always", "--dirty"]
    done = subprocess.run(asked, capture_output=True, text=True, check=False)
    return done.stdout.strip() or "no commit"
