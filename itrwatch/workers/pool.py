"""Page work in processes of its own, so that a codec that dies or hangs costs one page.

Written here and not taken from concurrent.futures: there, one dead worker breaks the whole
pool and takes the innocent pages with it, and a running call cannot be ended. Where the processes come
from: `nursery`; what they do: `worker`.
"""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from multiprocessing.connection import Connection, wait
from threading import Event
from typing import Any, Generic, Self, TypeVar

from itrwatch.core.manifest import Stopped
from itrwatch.workers.fork_server import ForkServer, NurseryLostError
from itrwatch.workers.limits import CPU_SECONDS
from itrwatch.workers.worker import Failed

__all__ = ["Failed", "InWorker", "Pool"]

T = TypeVar("T")
R = TypeVar("R")

PAGE_SECONDS = 120.0
"""By the clock, so that a share that hangs does not hold a worker for good."""
LOOK_SECONDS = 0.2
"""How often a stop asked for is looked at while pages are under way."""


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
class _Worker:
    process: int
    pipe: Connection
    task: int | None = None
    since: float = 0.0


class Pool:
    """``size`` processes, started when first needed; a context manager that ends them."""

    def __init__(
        self, size: int | None = None, page_seconds: float = PAGE_SECONDS, cpu_seconds: float = CPU_SECONDS
    ) -> None:
        """Without ``size``, one process for each processor; a task may take ``page_seconds`` by the clock and ``cpu_seconds`` of work."""
        self.size = size or max(1, len(os.sched_getaffinity(0)))
        self._page_seconds, self._cpu_seconds = page_seconds, cpu_seconds
        self._workers: list[_Worker] = []
        self._nursery, self._nursery_is_ours = ForkServer(), True

    def beside(self, size: int) -> Pool:
        """Another pool, for another thread, whose workers come from the same nursery."""
        other = Pool(size, self._page_seconds, self._cpu_seconds)
        other._nursery, other._nursery_is_ours = self._nursery, False
        return other

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End all processes, whatever they are doing."""
        self.dismiss()
        if self._nursery_is_ours:
            self._nursery.close()

    def dismiss(self) -> None:
        """End the workers: the next task is done by new ones, which have not seen a file and hold no more memory than they need."""
        self._abandon(list(self._workers))

    def map(
        self, work: Callable[[T], R], tasks: Sequence[T], stop: Event, *, seconds: float | None = None
    ) -> Iterator[R | Failed]:
        """``work`` of each task, in the order of the tasks; a few are kept waiting, never all.

        ``seconds``: how long a task may take by the clock, if it is no page. `Stopped` when ``stop`` is set: what is
        under way is abandoned. `OSError`: there are no processes to be had.
        """
        allowed = self._page_seconds if seconds is None else seconds
        todo = deque(range(len(tasks)))
        done: dict[int, R | Failed] = {}
        try:
            for index in range(len(tasks)):
                while index not in done:
                    if stop.is_set():
                        raise Stopped
                    self._hand_out(work, tasks, todo, room=4 * self.size - len(done))
                    done |= self._collect(allowed)
                yield done.pop(index)
        finally:
            self._abandon([worker for worker in self._workers if worker.task is not None])

    def _hand_out(self, work: Callable[[T], R], tasks: Sequence[T], todo: deque[int], room: int) -> None:
        while todo and room > 0 and len(self._workers) < min(self.size, len(todo) + self._busy()):
            self._workers.append(_Worker(*self._nursery.fork()))
        for worker in self._workers:
            if worker.task is None and todo and room > 0:
                worker.task, worker.since = todo.popleft(), time.monotonic()
                room -= 1
                with contextlib.suppress(BrokenPipeError):  # dead already: the collection tells
                    worker.pipe.send((work, tasks[worker.task], self._cpu_seconds))

    def _busy(self) -> int:
        return sum(worker.task is not None for worker in self._workers)

    def _collect(self, seconds: float) -> dict[int, Any]:
        """Results that came in, failures of processes that ended or are over their time."""
        busy = {worker.pipe: worker for worker in self._workers if worker.task is not None}
        results: dict[int, Any] = {}
        for pipe in wait(list(busy), LOOK_SECONDS):
            worker = busy[pipe]  # type: ignore[index]
            task = worker.task
            assert task is not None
            try:
                results[task], worker.task = worker.pipe.recv(), None
            except (EOFError, OSError):
                late = self._end(worker) == -signal.SIGXCPU
                results[task] = Failed(late=late, died=not late)
        for worker in [w for w in self._workers if w.task is not None]:
            if time.monotonic() - worker.since > seconds:
                results[worker.task] = Failed(late=True)  # type: ignore[index]
                self._end(worker)
        return results

    def _abandon(self, workers: list[_Worker]) -> None:
        for worker in workers:
            with contextlib.suppress(NurseryLostError):  # gone with it
                self._end(worker)

    def _end(self, worker: _Worker) -> int:
        """How it ended; `NurseryLostError` when that cannot be told, for then its page did nothing wrong."""
        self._workers.remove(worker)
        worker.pipe.close()
        return self._nursery.end(worker.process)
