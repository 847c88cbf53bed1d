"""Random days of an office, then rest: the outbox equals what a fresh `once` makes of the inbox, byte for byte.

    python -m bench soak --seed 7 --operations 1000

The real daemon watches fifty tiny cases while scans are dropped, grow, are renamed and deleted, sidecars are
edited and touched, the daemon is killed and, where namespaces are permitted, the inbox is unmounted and mounted
again. Threads, descriptors and memory of the last daemon are sampled: its last quarter is held against its first.
The same seed gives the same operations; when they meet the daemon is up to the machine.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from bench.ours import ROOT
from itrwatch.demo.scanner import bilevel_of, write_tiff

PAUSE_SECONDS = 0.12
"""Longest pause between two operations: shorter than the quiet time, so that some come together and some apart."""
SETTLE_SECONDS = 0.3
REST_SECONDS = 600.0
DPI = 100
APART = frozenset({"anteriores", "relatorio.html", "processo.log"})
"""What carries times: previous sets, the report, the log."""
SCHEMA = re.compile(rb"# yaml-language-server: .*")
"""A draft says where its schema lies, as seen from the inbox: the fresh outbox lies elsewhere."""
INSIDE = "ITRWATCH_SOAK_INSIDE"


def main(arguments: list[str]) -> int:
    """Run the soak; 0 when the outbox is right and the daemon stayed flat."""
    parser = argparse.ArgumentParser(prog="bench soak", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--operations", type=int, default=1000)
    parser.add_argument("--cases", type=int, default=50)
    options = parser.parse_args(arguments)
    if INSIDE not in os.environ:
        private = ["unshare", "--mount", "--propagation", "private"]
        able = subprocess.run([*private, "true"], capture_output=True, check=False).returncode == 0
        command = [sys.executable, "-m", "bench", "soak", *arguments]
        return subprocess.call(
            [*(private if able else []), *command], env=os.environ | {INSIDE: "mount" if able else ""}
        )
    with tempfile.TemporaryDirectory(prefix="itrwatch-soak-", ignore_cleanup_errors=True) as folder:
        return Soak(Path(folder), options.seed, options.cases, mounts=os.environ[INSIDE] == "mount").run(
            options.operations
        )


class Soak:
    """An office under ``root``; ``mounts``: the inbox is a mount that can be taken away."""

    def __init__(self, root: Path, seed: int, cases: int, *, mounts: bool) -> None:
        self.random = random.Random(seed)
        self.inbox, self.outbox, self.disk = root / "entrada", root / "saida", root / "disk"
        self.log, self.mounts = root / "log.txt", mounts
        for folder in (self.inbox, self.outbox, self.disk):
            folder.mkdir()
        if mounts:
            self._mount()
        self.config = _configured(root / "config.yaml", self.inbox, self.outbox)
        self.names = [f"{10000 + number}.{200000 + number}-2023-{number:02d}" for number in range(cases)]
        self.samples: list[tuple[int, int, int]] = []
        self.done: Counter[str] = Counter()

    def run(self, operations: int) -> int:
        """Do so many operations, rest, compare; what is wrong is printed."""
        self._start()
        try:
            for number in range(operations):
                self._one(first_half=2 * number < operations)
                time.sleep(self.random.uniform(0, PAUSE_SECONDS))
                if number % 10 == 0:
                    self._sample()
            print(f"operations: {dict(sorted(self.done.items()))}", flush=True)
            wrong = self._differences() + self._grown()
        finally:
            self.daemon.kill()
            self.daemon.wait()
            if self.mounts:
                subprocess.run(["umount", "--lazy", str(self.inbox)], check=False)
        for line in wrong:
            print(f"WRONG: {line}")
        if wrong:
            kept = Path(tempfile.mkdtemp(prefix="itrwatch-soak-kept-"))
            shutil.copy(self.log, kept)
            shutil.copytree(self.outbox, kept / "saida", symlinks=True)
            shutil.copytree(self.disk if self.mounts else self.inbox, kept / "entrada", symlinks=True)
            print(f"log, inbox and outbox are kept in {kept}")
        return 1 if wrong else 0

    def _one(self, *, first_half: bool) -> None:
        acts: list[tuple[Callable[[Path], None], int]] = [
            (self._drop, 30), (self._grow, 15), (self._rename, 12), (self._edit, 15), (self._delete, 8), (self._touch, 12),
        ]  # fmt: skip
        if first_half:  # the last daemon lives long enough for its samples to say something
            acts += [(self._kill, 2)]
        if self.mounts:
            acts += [(self._unmount, 1)]
        (act,) = self.random.choices([act for act, _ in acts], [weight for _, weight in acts])
        self.done[act.__name__.strip("_")] += 1
        act(self.inbox / self.random.choice(self.names))

    def _drop(self, case: Path) -> None:
        case.mkdir(exist_ok=True)
        write_tiff(case / "noti.tif", self._pages(self.random.randint(1, 2)), DPI)
        if not (case / "processo.yaml").exists():
            self._edit(case)

    def _grow(self, case: Path) -> None:
        """A scanner that writes its file in pieces, with other things happening between them."""
        if not case.is_dir():
            return
        whole = case.parent.parent / "whole.tif"
        write_tiff(whole, self._pages(2), DPI)
        data = whole.read_bytes()
        for part in (3, 2, 1):
            (case / "noti.tif").write_bytes(data[: len(data) // part])
            time.sleep(self.random.uniform(0, PAUSE_SECONDS))

    def _rename(self, case: Path) -> None:
        one, other = case / "noti.tif", case / "scan.tif"
        if one.exists():
            one.rename(other)
        elif other.exists():
            other.rename(one)

    def _edit(self, case: Path) -> None:
        if case.is_dir():
            name = self.random.choice(["noti.tif", "noti.tif", "noti.tif 1", "scan.tif", "nada.tif"])
            (case / "processo.yaml").write_text(f"secoes:\n  - notificacao: {name}\n")

    def _delete(self, case: Path) -> None:
        if self.random.random() < 0.3:
            shutil.rmtree(case, ignore_errors=True)
        else:
            (case / self.random.choice(["noti.tif", "scan.tif", "processo.yaml"])).unlink(missing_ok=True)

    def _touch(self, case: Path) -> None:
        if case.is_dir():
            for path in case.iterdir():
                os.utime(path)

    def _kill(self, _case: Path) -> None:
        self.daemon.kill()
        self.daemon.wait()
        self.samples.clear()
        self._start()

    def _unmount(self, _case: Path) -> None:
        subprocess.run(["umount", "--lazy", str(self.inbox)], check=True)
        time.sleep(self.random.uniform(0, 10 * PAUSE_SECONDS))
        self._mount()

    def _mount(self) -> None:
        subprocess.run(["mount", "--bind", str(self.disk), str(self.inbox)], check=True)

    def _pages(self, count: int) -> Iterator[Image.Image]:
        for _ in range(count):
            page = Image.new("L", (827, 1169), 255)
            draw = ImageDraw.Draw(page)
            draw.text((100, 200), f"{self.random.randrange(10**6)}", 0, ImageFont.load_default(60))
            for line in range(6):
                draw.text((100, 350 + 40 * line), f"linha {line} do documento", 0, ImageFont.load_default(20))
            yield bilevel_of(page)

    def _start(self) -> None:
        with self.log.open("ab") as log:
            command = [sys.executable, "-m", "itrwatch", "run", "--config", str(self.config)]
            self.daemon = subprocess.Popen(command, stdout=log, stderr=log, env=os.environ | {"PYTHONPATH": str(ROOT)})

    def _sample(self) -> None:
        """Threads, descriptors and resident KB of the daemon's main process."""
        process = Path(f"/proc/{self.daemon.pid}")
        facts = dict(line.split(":", 1) for line in (process / "status").read_text().splitlines() if ":" in line)
        if "VmRSS" in facts:
            files = sum(1 for _ in os.scandir(process / "fd"))
            self.samples.append((int(facts["Threads"]), files, int(facts["VmRSS"].split()[0])))

    def _differences(self) -> list[str]:
        """What the outbox does not have as a fresh run makes it, after waiting for rest."""
        with _fresh(self.inbox) as (outbox, said):
            deadline, wrong = time.monotonic() + REST_SECONDS, [said]
            while wrong and time.monotonic() < deadline and self.daemon.poll() is None:
                time.sleep(0.5)
                wrong = _unlike(outbox, self.outbox)
            self._sample()
            count = sum(1 for path in outbox.glob("*/manifesto.json"))
            pdfs = sum(1 for path in outbox.glob("*/*.pdf"))
        print(f"at rest: {count} cases, {pdfs} PDFs, {len(wrong)} differences", flush=True)
        if self.daemon.poll() is not None:
            wrong.append(f"the daemon ended with {self.daemon.returncode}")
        return wrong

    def _grown(self) -> list[str]:
        """What the last daemon has more of in its last quarter than in its first, beyond what a case needs for a moment."""
        quarter = len(self.samples) // 4
        if quarter < 2:
            return []
        wrong = []
        for index, (name, room) in enumerate((("threads", 3), ("descriptors", 8), ("resident KB", 40_000))):
            first, last = (
                statistics.median(sample[index] for sample in part)
                for part in (self.samples[1 : quarter + 1], self.samples[-quarter:])
            )
            print(f"{name}: {first:.0f} at first, {last:.0f} at last, {len(self.samples)} samples", flush=True)
            if last > first + room:
                wrong.append(f"{name} grew from {first:.0f} to {last:.0f}")
        return wrong


def _configured(path: Path, inbox: Path, outbox: Path) -> Path:
    path.write_text(
        f"inbox: {inbox}\noutbox: {outbox}\nsettle_seconds: {SETTLE_SECONDS}\nrescan_seconds: 2\n"
        "image:\n  turn_pages: nao\nlog:\n  level: DEBUG\n"
    )
    return path


@contextmanager
def _fresh(inbox: Path) -> Iterator[tuple[Path, str]]:
    """A new outbox, made by `once` of the same inbox, and what `once` said."""
    with tempfile.TemporaryDirectory(prefix="itrwatch-soak-fresh-") as folder:
        outbox = Path(folder, "saida")
        outbox.mkdir()
        config = _configured(Path(folder, "config.yaml"), inbox, outbox)
        command = [sys.executable, "-m", "itrwatch", "once", "--config", str(config)]
        environment = os.environ | {"PYTHONPATH": str(ROOT)}
        done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
        assert done.returncode in (0, 1), done.stderr
        yield outbox, done.stderr


def _unlike(fresh: Path, found: Path) -> list[str]:
    """Files of the cases in ``fresh`` that ``found`` lacks, has otherwise, or has besides."""
    wrong = []
    for case in sorted(path for path in fresh.iterdir() if path.is_dir() and not path.name.startswith(".")):
        try:
            wanted, there = _set(case), _set(found / case.name)
        except FileNotFoundError as missing:
            wrong.append(f"{case.name}: {missing}")
            continue
        wrong += [
            f"{case.name}/{name}: {'differs' if name in wanted and name in there else 'missing' if name in wanted else 'too many'}"
            for name in sorted(wanted.keys() | there.keys())
            if wanted.get(name) != there.get(name)
        ]
    return wrong


def _set(case: Path) -> dict[str, bytes]:
    return {path.name: SCHEMA.sub(b"", path.read_bytes()) for path in case.iterdir() if path.name not in APART}
