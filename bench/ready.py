"""Ready at rest: how long after its quiet time a case is published, and whether its bytes are those of `once`.

    python -m bench ready                  # cases of 30 and of 300 pages, each three times
    python -m bench ready 30 --times 5     # only of 30 pages
    python -m bench ready --scans FOLDER   # drawn pages are kept there for the next time
    python -m bench ready 80 --read        # with read_pages: what is read, is read in the quiet time, too

The real daemon with the usual quiet time. The scans come first, ten pages in a file, and the sidecar once their pages are prepared:
a scanner takes longer for a page than itrwatch. Printed are the seconds from the end of the quiet time to the set in
the outbox, and the processor time that the service and its workers take in them.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from bench.ours import CASE, installed
from bench.pages import DPI, GRAIN, QUALITY, a_paper
from itrwatch.core.manifest import from_json
from itrwatch.demo.drawing import PageKind, draw
from itrwatch.demo.paper import scan
from itrwatch.demo.scanner import write_pdf

GOALS = {30: 3.0, 80: 10.0, 300: 10.0}
"""Pages of a case → seconds after its quiet time."""
QUIET_SECONDS = 30.0
PAGES_A_FILE = 10
KINDS = (
    *(
        PageKind.LETTER,
        PageKind.NOTIFICATION,
        PageKind.FORM,
        PageKind.STAMPED,
        PageKind.SIGNED,
        PageKind.LETTER,
        PageKind.PETITION,
        PageKind.PHOTO,
    ),
    *(
        PageKind.FORM,
        PageKind.TERMO,
        PageKind.LONE_STAMP,
        PageKind.BLANK,
        PageKind.LETTER,
        PageKind.AR_CARD,
        PageKind.SHORT_LINE,
        PageKind.SIGNED,
    ),
)
"""The pages of a case, over and over, each drawn anew."""
LIMIT_SECONDS = 1200.0
TICKS = os.sysconf("SC_CLK_TCK")


def main(arguments: list[str]) -> int:
    """Measure, print; 0 when every goal was met and all bytes were the same."""
    parser = argparse.ArgumentParser(
        prog="bench ready", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("pages", nargs="*", type=int, default=[30, 300])
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--scans", type=Path, help="where drawn pages are kept")
    parser.add_argument("--read", action="store_true", help="with read_pages")
    options = parser.parse_args(arguments)
    faults = 0
    with tempfile.TemporaryDirectory(prefix="itrwatch-ready-", ignore_cleanup_errors=True) as folder:
        scans = options.scans or Path(folder) / "scans"
        scans.mkdir(exist_ok=True)
        for pages in options.pages:
            files = drawn_scans(scans, pages)
            wanted = _done_once(Path(folder) / f"once-{pages}", files, read=options.read)
            tries = [
                ready_after(Path(folder) / f"{pages}-{number}", files, read=options.read)
                for number in range(options.times)
            ]
            same = all(attempt.digests == wanted for attempt in tries)
            best = min(tries, key=lambda attempt: attempt.seconds)
            goal = GOALS.get(pages, float("inf"))
            faults += best.seconds > goal or not same
            print(
                f"{pages} pages: published {best.seconds:.1f} s after the quiet time (goal {goal:g}; "
                f"all: {', '.join(f'{attempt.seconds:.1f}' for attempt in tries)}), {best.cpu:.1f} s of processor time; "
                f"bytes {'equal' if same else 'NOT EQUAL'} to those of `once`",
                flush=True,
            )
    return 1 if faults else 0


def drawn_scans(folder: Path, pages: int) -> list[Path]:
    """The files of a case of ``pages`` pages; those that are there are not drawn again."""
    numbers = range(0, pages, PAGES_A_FILE)
    files = [folder / f"scan {number:03d}.pdf" for number in numbers]
    todo = [(path, number) for path, number in zip(files, numbers, strict=True) if not path.exists()]
    with ProcessPoolExecutor(len(os.sched_getaffinity(0))) as processes:
        list(processes.map(_draw, todo))
    return files


def _draw(todo: tuple[Path, int]) -> None:
    path, first = todo
    kinds = [(seed, KINDS[seed % len(KINDS)]) for seed in range(first, first + PAGES_A_FILE)]
    pages = (scan(draw(kind, seed, DPI), seed, DPI, **a_paper(kind, seed) | {"grain": GRAIN}) for seed, kind in kinds)  # type: ignore[arg-type]
    draft = path.with_suffix(".tmp")
    write_pdf(draft, pages, DPI, QUALITY)
    draft.rename(path)


@dataclass(frozen=True, slots=True)
class Ready:
    """A case that was published: seconds after its quiet time, processor time in them, SHA-256 of each PDF."""

    seconds: float
    cpu: float
    digests: dict[str, str]


class _Office:
    """One case in an inbox, and the outbox."""

    def __init__(self, root: Path, settle_seconds: float, *, read: bool) -> None:
        self.case, self.out = root / "entrada" / CASE, root / "saida" / CASE
        self.log = root / "log.txt"
        self.case.mkdir(parents=True)
        self.out.parent.mkdir()
        self.config = root / "config.yaml"
        self.config.write_text(
            f"inbox: {self.case.parent}\noutbox: {self.out.parent}\nsettle_seconds: {settle_seconds}\n"
            f"log:\n  level: DEBUG\nimage:\n  read_pages: {'sim' if read else 'não'}\n",
            "utf-8",
        )
        self._environment = os.environ | {"PYTHONPATH": str(installed())}

    def put(self, files: Sequence[Path]) -> None:
        """The scans, as a scanner's program leaves them."""
        for file in files:
            shutil.copyfile(file, self.case / f".{file.name}.tmp")
            (self.case / f".{file.name}.tmp").rename(self.case / file.name)

    def describe(self, files: Sequence[Path]) -> None:
        """The sidecar: a third is the notificação."""
        third = max(1, len(files) // 3)
        listed = [("notificacao", files[:third]), ("impugnacao", files[third:])]
        lines = [f"  - {section}: [{', '.join(file.name for file in own)}]\n" for section, own in listed if own]
        (self.case / "processo.yaml").write_text("secoes:\n" + "".join(lines), "utf-8")

    def start(self, command: str) -> subprocess.Popen[bytes]:
        """Start a command of itrwatch on this office."""
        words = [sys.executable, "-m", "itrwatch", command, "--config", str(self.config)]
        with self.log.open("wb") as log:
            return subprocess.Popen(words, env=self._environment, stdout=log, stderr=log, cwd=self.case.parents[1])

    def prepared(self, pages: int) -> bool:
        """Whether the service says that it has prepared all ``pages``."""
        return f" {pages} páginas preparadas" in self.log.read_text("utf-8")

    def published(self) -> bool:
        """Whether the set is there."""
        try:
            return bool(from_json((self.out / "manifesto.json").read_text("utf-8")).files)
        except FileNotFoundError:
            return False

    def digests(self) -> dict[str, str]:
        """SHA-256 of every PDF."""
        return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(self.out.glob("*.pdf"))}


def _done_once(root: Path, files: Sequence[Path], *, read: bool = False) -> dict[str, str]:
    office = _Office(root, 0.2, read=read)
    office.put(files)
    office.describe(files)
    office.start("once").wait()
    return office.digests()


def ready_after(root: Path, files: Sequence[Path], *, read: bool = False) -> Ready:
    """One try, from an empty inbox to the set."""
    office = _Office(root, QUIET_SECONDS, read=read)
    daemon = office.start("run")
    try:
        office.put(files)
        _until(lambda: office.prepared(PAGES_A_FILE * len(files)), daemon)
        office.describe(files)
        rest = time.time() + QUIET_SECONDS
        _until(lambda: time.time() >= rest or office.published(), daemon)
        before = cpu_seconds(daemon.pid)
        _until(office.published, daemon)
        seconds, cpu = time.time() - rest, cpu_seconds(daemon.pid) - before
        return Ready(seconds, cpu, office.digests())
    finally:
        daemon.terminate()
        daemon.wait()


def _until(condition: Callable[[], bool], daemon: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + LIMIT_SECONDS
    while not condition():
        if time.monotonic() > end or daemon.poll() is not None:
            raise TimeoutError
        time.sleep(0.02)


def cpu_seconds(root: int) -> float:
    """Of a process and its descendants, with those that have ended."""
    parents: dict[int, int] = {}
    spent: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            parents[int(entry.name)] = int(fields[1])
            spent[int(entry.name)] = sum(map(int, fields[11:15]))
    ours = {root}
    while more := {pid for pid, parent in parents.items() if parent in ours} - ours:
        ours |= more
    return sum(spent.get(pid, 0) for pid in ours) / TICKS
