"""Killed at any step: after the restart the same bytes, and no reader ever sees half of it.

The whole of `once` runs in a forked process, from the mark of an attempt to the last rename of a
publication; an audit hook kills it before the n-th file operation, in whichever thread that is.
Another process reads the outbox all the while.
"""

import hashlib
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from itrwatch.core.manifest import FileEntry, Manifest, Outcome, Published
from itrwatch.core.settings import Config
from itrwatch.daemon.attempts import ProcessCase
from itrwatch.daemon.service import once
from itrwatch.job.attempt import Attempt
from itrwatch.store.fingerprint import fingerprint
from itrwatch.store.inbox import Snapshot
from itrwatch.store.outbox import Outbox
from itrwatch.store.reserve import RESERVE
from tests.interruptions import interrupted, kill
from tests.shell import CASE, WHEN

SEED, KILLS = 20261122, 120  # for each way to swap
PDFS = ("NOTI.pdf", "IMPUGNA.pdf")

READER = """
import json, os, sys
from tests.set_reader import HalfASetError, look

base, case = sys.argv[1:]
ranks = {"velho": 0, "": 1, "novo": 2}
known, looks, wrong = {}, 0, []
print("reading", flush=True)
while not os.path.exists(base + "/fim"):
    for root in sorted(os.listdir(base))[-2:]:
        looks += 1
        try:
            seen = look(f"{base}/{root}/saida/{case}")
        except HalfASetError as half:
            wrong.append(f"{root}: {half}")
            continue
        if seen is not None:
            if ranks[seen] < known.get(root, 0):
                wrong.append(f"{root}: {seen} shown again")
            known[root] = max(ranks[seen], known.get(root, 0))
print(json.dumps({"looks": looks, "wrong": wrong[:5], "ends": sorted(set(known.values()))}))
"""


def job(outbox: Outbox) -> ProcessCase:
    """Two PDFs made of the scans; the same input gives the same bytes."""

    def process(snapshot: Snapshot, _attempt: Attempt) -> Outcome:
        staged = outbox.stage(snapshot.name)
        try:
            text = (snapshot.folder / "scan.pdf").read_text()
            files = []
            for name in PDFS:
                data = f"{name} {text} ".encode() * 500
                (staged / name).write_bytes(data)
                digest = hashlib.sha256(data).hexdigest()
                files.append(FileEntry(name, len(data), digest, 1, name[:4], text, None))
            (staged / "relatorio.html").write_text(text)
            manifest = Manifest(None, snapshot.name, fingerprint(snapshot).published, "1", files=tuple(files))
            outbox.write_manifest(staged, manifest)
            outbox.publish(snapshot.name, staged, WHEN)
        finally:
            outbox.discard(staged)
        return Published(manifest)

    return process


def serve(config: Config) -> bool:
    outbox = Outbox(config.outbox)
    return once(config, job(outbox), outbox=outbox)


def killed(config: Config, step: int) -> bool:
    """Whether a forked `once` was killed before its file operation ``step``."""
    code = interrupted(lambda: serve(config), step, by=kill)
    assert code in (4, -signal.SIGKILL)
    return code != 4


def office(root: Path) -> Config:
    for name in ("entrada", "saida"):
        (root / name).mkdir(parents=True)
    (root / "entrada" / CASE).mkdir()
    (root / "entrada" / CASE / "processo.yaml").write_text("secoes: []")
    scan(root, "velho")
    return Config(root / "entrada", root / "saida", settle_seconds=0, watch="polling")


def scan(root: Path, text: str) -> None:
    path = root / "entrada" / CASE / "scan.pdf"
    path.write_text(text)
    os.utime(path, ns=(1, {"velho": 10**18, "novo": 10**18 + 10**9}[text]))


def tree(outbox: Path) -> dict[str, str]:
    """Every file of the case folder with its bytes; sets put away go by what they are, not by the second.

    Where the scans lay on the disk is part of a fingerprint and differs from run to run: `content:stat` is compared.
    """
    return {
        str(path.relative_to(outbox)).replace(part, "anteriores/…"): hashlib.sha256(_placeless(path)).hexdigest()
        for path in sorted(outbox.rglob("*"))
        if path.is_file() and ".itrwatch" not in path.parts
        for part in [next((f"anteriores/{p}" for p in path.parts if p[:2] == "20"), "\0")]
    }


def _placeless(path: Path) -> bytes:
    return re.sub(rb'("fingerprint": "[0-9a-f]+:[0-9a-f]+)[^"]*', rb"\1", path.read_bytes())


@pytest.fixture
def reader(config: Config) -> Iterator[tuple[Path, subprocess.Popen[str]]]:
    base = config.inbox.parent / "rodadas"
    base.mkdir()
    command = [sys.executable, "-c", READER, base, CASE]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "reading\n"
        yield base, process
        process.kill()


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
@pytest.mark.parametrize("swap", ["exchange", "two renames"])
def test_killed_at_any_step_of_a_case_the_restart_ends_in_the_same_bytes(
    reader: tuple[Path, subprocess.Popen[str]], swap: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    base, process = reader
    monkeypatch.setattr("itrwatch.daemon.loop.SCAN_GAP_SECONDS", 0.01)  # what a scan may cost is no matter here
    if swap == "two renames":
        monkeypatch.setattr("itrwatch.store.publication.exchange", lambda _one, _other: False)
    before, rounds, kills = office(base / "000000"), 0, 0
    assert not serve(before)

    def changed() -> Config:
        nonlocal rounds
        rounds += 1
        root = base / f"{rounds:06}"
        shutil.copytree(base / "000000", base.with_name("modelo"))
        base.with_name("modelo").rename(root)
        scan(root, "novo")
        return Config(root / "entrada", root / "saida", settle_seconds=0, watch="polling")

    def mended(config: Config) -> None:
        assert not serve(config)
        assert tree(config.outbox) == expected
        private = config.outbox / ".itrwatch"
        assert [entry.name for entry in private.iterdir() if entry.is_dir()] in ([], [RESERVE])

    undisturbed = changed()
    assert not serve(undisturbed)
    expected = tree(undisturbed.outbox)
    assert len(expected) == 8
    steps = 0
    while killed(config := changed(), steps + 1):  # every step once
        steps += 1
        mended(config)
    assert steps > 40
    chance = random.Random(SEED)
    while steps + kills < KILLS:  # then twice in a row, the second time while it mends
        config = changed()
        assert killed(config, chance.randint(1, steps))
        kills += 1 + killed(config, chance.randint(1, steps // 2))
        mended(config)
    (base / "fim").touch()
    assert process.stdout is not None
    seen = json.loads(process.stdout.read())
    assert seen["wrong"] == []
    assert 2 in seen["ends"]
    assert seen["looks"] > steps
