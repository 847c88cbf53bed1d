"""A case folder exchanged for another of the same shape and back while it is read: what is published is all of one."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from pathlib import Path

from bench.attack.office import NUMBERS, Office, references, scan, until

PAGES = 24


def attack(root: Path, seed: int, swaps: int) -> Iterator[tuple[bool, str]]:
    """``swaps`` exchanges, each for a while that the seed says, while pages of the case are under way."""
    chance = random.Random(seed)
    wanted = references(root / "reference", NUMBERS[:1], ["sete"], PAGES)[NUMBERS[0], "sete"]
    office = Office(root / "office")
    other = office.root / "outra"
    mixed = met = late = 0
    name, work = NUMBERS[0], office.outbox / ".itrwatch"
    for turn in range(swaps):
        folder = office.case(name, "sete", PAGES)
        other.mkdir(exist_ok=True)
        scan(other / "scan.tif", "oito", PAGES)
        (other / "processo.yaml").write_text((folder / "processo.yaml").read_text())
        (folder / "processo.yaml").write_text(
            (folder / "processo.yaml").read_text() + f"contribuinte: Fazenda {turn}\n"
        )
        office.start()
        if until(lambda: any(work.glob("*/spool/[0-9]*")), 30):
            met += 1
            folder.rename(office.root / "aside")
            other.rename(folder)
            time.sleep(chance.uniform(0.0, 0.5))
            folder.rename(other)
            (office.root / "aside").rename(folder)
        shown = f"Fazenda {turn}".encode()
        report = office.outbox / name / "relatorio.html"
        # a report without PDFs is that of the folder while it still changes: the sidecar alone was read
        until(lambda: report.exists() and shown in report.read_bytes() and office.published(name))  # noqa: B023 within this turn
        published = office.published(name)
        mixed += bool(published) and published != wanted
        late += not published
        office.stop()
    yield met == swaps, f"{met} of {swaps} exchanges met the work on the case"
    yield not late, f"{swaps} exchanges: a set is published after each ({late} had none in time)"
    yield not mixed, f"{swaps} exchanges: every set is all of one folder ({mixed} were not)"
