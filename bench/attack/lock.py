"""The outbox taken by another machine, its private folder deleted, the outbox itself made again: work goes on by itself."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from bench.attack.office import NUMBERS, Office, references, until

TEXTS = ("nove", "dez")


def attack(root: Path, _seed: int, _rounds: int) -> Iterator[tuple[bool, str]]:
    """Each robbery once, and what the daemon made of it."""
    wanted = references(root / "reference", NUMBERS[:1], TEXTS)
    office = Office(root / "office")
    name = NUMBERS[0]
    office.case(name, "nove")
    office.start()
    yield until(lambda: office.published(name) == wanted[name, "nove"]), "published before"

    lease = office.outbox / ".itrwatch" / "lease"
    other = json.loads(lease.read_text()) | {"host": "outra", "machine": "outra", "boot": "outro", "pid": 1, "beat": 1}
    lease.write_text(json.dumps(other))
    yield (
        until(lambda: "reservada por outra" in office.log.read_text(), 60),
        "the loss of the outbox to another machine is noticed",
    )
    office.case(name, "dez")
    yield (
        not until(lambda: office.published(name) == wanted[name, "dez"], 3),
        "nothing is published while another has it",
    )
    lease.unlink()
    yield until(lambda: office.published(name) == wanted[name, "dez"]), "the outbox given back: work goes on by itself"

    (office.outbox / ".itrwatch").rename(office.root / "levada antes")
    office.case(name, "nove")
    yield (
        until(lambda: office.published(name) == wanted[name, "nove"]),
        "its private folder deleted: work goes on by itself",
    )

    office.outbox.rename(office.root / "levada")  # at once: the daemon writes in it
    yield (
        until(lambda: "não é possível usar a pasta de saída" in office.log.read_text(), 30),
        "the outbox taken away: the log says so",
    )
    office.outbox.mkdir()
    yield (
        until(lambda: office.published(name) == wanted[name, "nove"]),
        "the outbox made again: everything is published again",
    )
    yield office.stop() == 0, "it ends in order"
