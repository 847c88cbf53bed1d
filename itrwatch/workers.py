"""Page work in processes of its own, so that a codec that dies or hangs costs one page.

Written here and not taken from concurrent.futures: there, one dead worker breaks the whole
pool and takes the innocent pages with it, and a running call cannot be ended.
"""

from __future__ import annotations

import contextlib
import multiprocessing as mp
import os
import signal
import time
import traceback
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from threading import Event
from typing import Any, Generic, Self, TypeVar

from itrwatch.confinement import CPU_SECONDS, allow_cpu, confine
from itrwatch.core.outcome import Stopped

T = TypeVar("T")
R = TypeVar("R")

PAGE_SECONDS = 120.0
"""By the clock, so that a share that hangs does not hold a worker for good."""
START_SECONDS = 60.0
"""For a worker to begin: a second, but on a machine that is busy starting everything else."""
LOOK_SECONDS = 0.2
"""How often a stop asked for is looked at while pages are under way."""


@dataclass(frozen=True, slots=True)
class Failed:
    """No result: the process ``died``, took too long (``late``) or too much memory (``full``), or the work raised (``trace``)."""

    died: bool = False
    late: bool = False
    full: bool = False
    trace: str = ""


@dataclass(frozen=True, slots=True)
class InWorker(Generic[T, R]):
    """A function by its module and name, for `Pool.map`: only the workers load what it needs.

    OpenCV, the models' runtime and the readers of scans are 60 MB that the main process can do without.
    """

    module: str
    name: str

    def __call__(self, task: T) -> R:
        """Do it here and now."""
        result: R = getattr(import_module(self.module), self.name)(task)
        return result


@dataclass(slots=True)
class _Worker(Generic[T]):
    process: SpawnProcess
    pipe: Connection
    task: int | None = None
    since: float = 0.0
    ready: bool = False
    exit_code: int | None = None


class Pool:
    """``size`` processes, started when first needed; a context manager that ends them."""

    def __init__(
        self, size: int | None = None, page_seconds: float = PAGE_SECONDS, cpu_seconds: float = CPU_SECONDS
    ) -> None:
        """Without ``size``, one process for each processor; a task may take ``page_seconds`` by the clock and ``cpu_seconds`` of work."""
        self.size = size or max(1, len(os.sched_getaffinity(0)))
        self._page_seconds, self._cpu_seconds = page_seconds, cpu_seconds
        self._workers: list[_Worker[Any]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End all processes, whatever they are doing."""
        while self._workers:
            self._end(self._workers[-1])

    def map(self, work: Callable[[T], R], tasks: Sequence[T], stop: Event) -> Iterator[R | Failed]:
        """``work`` of each task, in the order of the tasks; a few are kept waiting, never all.

        `Stopped` when ``stop`` is set: what is under way is abandoned.
        """
        todo = deque(range(len(tasks)))
        done: dict[int, R | Failed] = {}
        try:
            for index in range(len(tasks)):
                while index not in done:
                    if stop.is_set():
                        raise Stopped
                    self._hand_out(work, tasks, todo, room=4 * self.size - len(done))
                    done |= self._collect()
                yield done.pop(index)
        finally:
            for worker in [w for w in self._workers if w.task is not None]:
                self._end(worker)

    def _hand_out(self, work: Callable[[T], R], tasks: Sequence[T], todo: deque[int], room: int) -> None:
        while todo and room > 0 and len(self._workers) < min(self.size, len(todo) + self._busy()):
            self._workers.append(_start(self._cpu_seconds))
        for worker in self._workers:
            if worker.task is None and todo and room > 0:
                worker.task, worker.since = todo.popleft(), time.monotonic()
                room -= 1
                with contextlib.suppress(BrokenPipeError):  # dead already: the collection tells
                    worker.pipe.send((work, tasks[worker.task]))

    def _busy(self) -> int:
        return sum(worker.task is not None for worker in self._workers)

    def _collect(self) -> dict[int, Any]:
        """Results that came in, failures of processes that ended or are over their time."""
        busy = {worker.pipe: worker for worker in self._workers if worker.task is not None}
        results: dict[int, Any] = {}
        for pipe in wait(list(busy), LOOK_SECONDS):
            worker = busy[pipe]  # type: ignore[index]
            task = worker.task
            assert task is not None
            try:
                answer = worker.pipe.recv()
                if not worker.ready:  # the greeting: what it is busy with begins now
                    worker.ready, worker.since = True, time.monotonic()
                    continue
                results[task], worker.task = answer, None
            except (EOFError, OSError):
                self._end(worker)
                results[task] = _how_it_ended(worker)
        for worker in [w for w in self._workers if w.task is not None]:
            allowed = self._page_seconds if worker.ready else START_SECONDS
            if time.monotonic() - worker.since > allowed:
                results[worker.task] = Failed(late=True)  # type: ignore[index]
                self._end(worker)
        return results

    def _end(self, worker: _Worker[Any]) -> None:
        self._workers.remove(worker)
        worker.pipe.close()
        worker.process.kill()  # nothing, if it is dead already
        worker.process.join()
        worker.exit_code = worker.process.exitcode
        worker.process.close()


def _how_it_ended(worker: _Worker[Any]) -> Failed:
    late = worker.exit_code == -signal.SIGXCPU
    return Failed(late=late, died=not late)


def _start(cpu_seconds: float) -> _Worker[Any]:
    context = mp.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs, cpu_seconds), daemon=True, name="itrwatch-pages")
    process.start()
    theirs.close()
    return _Worker(process, ours)


def _hush() -> None:
    """C libraries tell every bad line of a fax on stderr, thousands for a page; what they mean comes back as the answer."""
    nowhere = os.open(os.devnull, os.O_WRONLY | os.O_CLOEXEC)
    os.dup2(nowhere, 2)
    os.close(nowhere)


def _serve(pipe: Connection, cpu_seconds: float) -> None:
    """In the worker: answer tasks until the parent is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to the whole group; the parent decides
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    confine()
    _hush()
    pipe.send(None)
    while True:
        try:
            work, task = pipe.recv()
        except EOFError:
            return
        allow_cpu(cpu_seconds)
        try:
            result = work(task)
        except MemoryError:
            result = Failed(full=True)
        except Exception:  # noqa: BLE001 whatever it is, it is this page's and nobody else's
            result = Failed(trace=traceback.format_exc())
        pipe.send(result)
