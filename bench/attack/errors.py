"""Errors of disk and share injected into the daemon's file operations: it lives, shows nothing half, and ends up right."""

from __future__ import annotations

import errno
import random
import sys
from collections.abc import Iterator
from pathlib import Path

from bench.attack.office import NUMBERS, Office, Reader, references, until

CASES = NUMBERS[:2]
TEXTS = ("quatro", "cinco", "seis")
ERRORS = (errno.ENOSPC, errno.EIO, errno.ESTALE, errno.EACCES, errno.EDQUOT, errno.EBUSY)
SHARES = (0.02, 0.1, 0.4)
"""Of the operations that fail."""
SECONDS = 4.0
"""How long errors are given in a run."""

_INJECTED = r"""
import errno, os, random, runpy, sys, threading
root, stop, number, share, seed = sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4]), int(sys.argv[5])
roots = (root + "/entrada", root + "/saida")
EVENTS = {"open", "os.rename", "os.mkdir", "os.rmdir", "os.remove", "os.chmod", "os.scandir", "os.listdir"}
chance, active = random.Random(seed), threading.local()

def hook(event, arguments):
    if event not in EVENTS or getattr(active, "now", False) or not isinstance(arguments[0], (str, bytes)):
        return
    active.now = True
    try:
        if os.fsdecode(arguments[0]).startswith(roots) and chance.random() < share and not os.path.exists(stop):
            raise OSError(number, os.strerror(number), arguments[0])
    finally:
        active.now = False

sys.argv = ["itrwatch", *sys.argv[6:]]
sys.addaudithook(hook)
runpy.run_module("itrwatch", run_name="__main__", alter_sys=True)
"""


def attack(root: Path, seed: int, runs: int) -> Iterator[tuple[bool, str]]:
    """``runs`` lives of a daemon, each with one kind of error for some seconds, in inbox and outbox alike."""
    chance = random.Random(seed)
    wanted = references(root / "reference", CASES, TEXTS)
    ended, late, seen, looks = [], [], [], 0
    for run in range(runs):
        number, share = ERRORS[run % len(ERRORS)], SHARES[run % len(SHARES)]
        base, stop = root / f"{run:03}", root / f"{run:03}" / "basta"
        base.mkdir()
        command = [sys.executable, "-c", _INJECTED, str(base), str(stop), str(number), str(share), str(seed + run)]
        office = Office(base, before=command)
        text = chance.choice(TEXTS)
        for name in CASES:
            office.case(name, chance.choice(TEXTS))
        reader = Reader(office)
        office.start()
        until(lambda: not office.alive, SECONDS / 2)  # noqa: B023 within this run
        for name in CASES:
            office.case(name, text)
        until(lambda: not office.alive, SECONDS / 2)  # noqa: B023
        stop.touch()
        case = f"{errno.errorcode[number]} at {share:.0%}"
        if not office.alive:
            ended.append(case)
            office.start()
        if not until(lambda: all(office.published(name) == wanted[name, text] for name in CASES)):  # noqa: B023
            late.append(case)
        office.stop()
        some, wrong = reader.close()
        looks, seen = looks + some, [*seen, *wrong]
    yield not ended, f"{runs} runs with injected errors: the service lived {ended or ''}"
    yield not late, f"{runs} runs with injected errors: afterwards the same bytes {late or ''}"
    yield not seen, f"{looks} looks: every set whole and of its manifest {seen[:5] or ''}"
