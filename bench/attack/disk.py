"""A disk without room, without inodes, or read-only while a published case changes: the stale set does not stand as current."""

from __future__ import annotations

import contextlib
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

from bench.attack.office import NUMBERS, Office, Reader, Wanted, references, until

CASES = NUMBERS[:3]
TEXTS = ("onze", "doze")
SIZE, INODES = "4M", 600


def attack(root: Path, _seed: int, _rounds: int) -> Iterator[tuple[bool, str]]:
    """Space, then inodes, each on a small file system of its own."""
    if os.geteuid() != 0:
        yield True, "(left out: only root may mount)"
        return
    wanted = references(root / "reference", CASES, TEXTS)
    for what in ("space", "inodes"):
        mount = root / what
        mount.mkdir()
        options = f"size={SIZE},nr_inodes={INODES}"
        subprocess.run(["mount", "-t", "tmpfs", "-o", options, "attack", str(mount)], check=True)
        try:
            yield from _full(root / f"{what}-office", mount, what, wanted)
        finally:
            subprocess.run(["umount", "--lazy", str(mount)], check=False)


def _full(root: Path, mount: Path, what: str, wanted: Wanted) -> Iterator[tuple[bool, str]]:
    office = Office(root, mount)
    names = CASES
    for name in names:
        office.case(name, "onze")
    office.start()
    try:
        ready = until(lambda: all(office.published(name) == wanted[name, "onze"] for name in names))
        yield ready and until((mount / "index.html").exists), f"{what}: published before"
        reader = Reader(office)
        _fill(mount, what)
        for name in names:
            office.case(name, "doze")
        gone = until(lambda: not any(office.published(name) == wanted[name, "onze"] for name in names), 30)
        yield gone, f"{what}: no stale set stands for what is in the inbox"
        yield office.alive, f"{what}: the service lives"
        _, seen = reader.close()
        yield not seen, f"{what}: nothing half was seen {seen or ''}"
        for path in mount.glob(".enche*"):
            path.unlink()
        back = until(lambda: all(office.published(name) == wanted[name, "doze"] for name in names))
        yield back, f"{what}: published by itself when there was room again"
        kept = all(any((mount / name).glob("anteriores/*/NOTI.pdf")) for name in names)
        yield kept, f"{what}: the sets before are kept"
        yield until(lambda: not office.leftovers(), 10), f"{what}: nothing is left behind {office.leftovers() or ''}"
    finally:
        office.stop()


def _fill(mount: Path, what: str) -> None:
    with contextlib.suppress(OSError):
        if what == "space":
            with (mount / ".enche").open("wb", buffering=0) as file:
                while True:
                    file.write(bytes(4096))
        for number in range(INODES):
            (mount / f".enche{number}").touch()
