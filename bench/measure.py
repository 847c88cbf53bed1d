"""A program run and measured: time, processor time and memory of the whole tree of processes."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path

LOOK_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Run:
    """What a program took: ``cpu`` is user and system time of it and all its children, in seconds.

    ``main_mb`` and ``worker_mb``: the most memory (resident) that it and any of its children had; ``own_mb``: that
    of any child without files that are mapped, as far as it was seen.
    """

    seconds: float
    cpu: float
    main_mb: float
    worker_mb: float
    own_mb: float


class RunError(Exception):
    """The program did not end well; ``str()`` says which and its last words."""


def run(command: list[str], folder: Path, env: dict[str, str] | None = None, good: tuple[int, ...] = (0,)) -> Run:
    """Run ``command`` in ``folder``, one processor for each process; raises `RunError`."""
    began = time.monotonic()
    words = folder / "output.txt"
    with words.open("wb") as out:
        process = subprocess.Popen(
            command, cwd=folder, stdin=subprocess.DEVNULL, stdout=out, stderr=out, env=environment(env)
        )
        memory = _Memory(process.pid)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        memory.stop()
    if process.returncode not in good:
        raise RunError(f"{command[0]} ended with {process.returncode}: {words.read_text('utf-8', 'replace')[-600:]}")
    most = (kb / 1024 for kb in (memory.main, memory.worker, memory.own))
    return Run(time.monotonic() - began, usage.ru_utime + usage.ru_stime, *most)


def environment(more: dict[str, str] | None = None) -> dict[str, str]:
    """The environment in which everything is measured."""
    return os.environ | {"OMP_THREAD_LIMIT": "1"} | (more or {})


class _Memory:
    """Looks again and again at the peak memory (kB) of a process and its descendants."""

    def __init__(self, pid: int) -> None:
        self.main = self.worker = self.own = 0
        self._pid = pid
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(LOOK_SECONDS):
            self.main = max(self.main, _memory(self._pid)["VmHWM"])
            for child in _descendants(self._pid):
                found = _memory(child)
                self.worker, self.own = max(self.worker, found["VmHWM"]), max(self.own, found["RssAnon"])


def _descendants(pid: int) -> set[int]:
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
    found: set[int] = set()
    while more := {child for child, parent in parents.items() if parent in found | {pid}} - found:
        found |= more
    return found


def _memory(pid: int) -> dict[str, int]:
    """Most resident memory until now, and memory that is no file's now, in kB."""
    found = {"VmHWM": 0, "RssAnon": 0}
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return found
    for line in status.splitlines():
        name, _, value = line.partition(":")
        if name in found:
            found[name] = int(value.split()[0])
    return found
