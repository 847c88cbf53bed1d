"""SIGKILL at any moment, some in the middle of the mending of the kill before: the same bytes, nothing half, nothing left."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

from bench.attack.office import NUMBERS, Office, Reader, references, until

CASES = NUMBERS[:3]
TEXTS = ("um", "dois", "três")
LIVES = 1.6
"""Longest life (s) of a daemon before it is killed: starting takes 0.4 to 0.8, a case of two pages about as long."""
KILLS_A_ROUND = 6


def attack(root: Path, seed: int, kills: int) -> Iterator[tuple[bool, str]]:
    """``kills`` kills, six between two changes of all cases."""
    chance = random.Random(seed)
    wanted = references(root / "reference", CASES, TEXTS)
    office = Office(root / "office")
    reader = Reader(office)
    wrong: list[str] = []
    done = 0
    while done < kills:
        texts = [chance.choice(TEXTS) for _ in CASES]
        for name, text in zip(CASES, texts, strict=True):
            office.case(name, text)
        for _ in range(min(KILLS_A_ROUND, kills - done)):
            office.start()
            until(lambda: not office.alive, chance.uniform(0.2, LIVES))
            office.kill()
            done += 1
        office.start()
        for name, text in zip(CASES, texts, strict=True):
            if not until(lambda name=name, text=text: office.published(name) == wanted[name, text]):
                wrong.append(f"after {done} kills “{name}” is not what “{text}” gives")
        if not until(lambda: not office.leftovers(), 10):
            wrong.append(f"after {done} kills these are left: {office.leftovers()}")
        if office.stop() != 0:
            wrong.append(f"after {done} kills it did not end in order")
    looks, seen = reader.close()
    yield not wrong, f"{done} kills: the same bytes and nothing left behind {wrong or ''}"
    yield not seen, f"{looks} looks: every set whole and of its manifest {seen or ''}"
    yield "Traceback" not in office.log.read_text("utf-8", "replace"), "no traceback in the log"
