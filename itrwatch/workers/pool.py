"""A pool of worker processes, so that a codec that crashes or hangs costs one page.

    with Pool(2) as pool, pool.case(snapshot.identities):
        for answer in pool.map(WORK_PAGE, tasks, stop): …      # PageDone, or Failed with the reason

concurrent.futures is not used: a dead worker breaks its whole pool with all other pages, and a running call cannot
be ended. The processes come from `fork_server` and run `worker`.
"""

from __future__ import annotations

import contextlib
import errno
import os
import signal
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from multiprocessing.connection import Connection, wait
from threading import Event
from typing import Any, Generic, Protocol, Self, TypeVar

from loguru import logger

from itrwatch.core.manifest import KilledError, Stopped
from itrwatch.scans.plain_file import Expected, ReplacedError, expecting
from itrwatch.workers.fork_server import ForkServer, ForkServerLostError
from itrwatch.workers.limits import CPU_SECONDS
from itrwatch.workers.worker import SHOW_SIGNAL, Answer, Failed, NoResult

__all__ = ["Failed", "InWorker", "NoResult", "Pool", "Workers"]

T = TypeVar("T")
R = TypeVar("R")
Task_contra = TypeVar("Task_contra", contravariant=True)
Result_co = TypeVar("Result_co", covariant=True)

PAGE_SECONDS = 120.0
"""Wall time limit (s) of a page, so that a hanging share does not block a worker forever. Chosen."""
CASE_CPU_SECONDS, CASE_CPU_SECONDS_A_TASK = 120.0, 20.0
"""Processor time (s) for a case: a fixed part plus a part for each task. Chosen: a usual page takes one or two seconds (`python -m
bench sizes`), the largest sheets take 11 to 19 (`limits.CPU_SECONDS`)."""
CASE_SECONDS, CASE_SECONDS_A_TASK = 600.0, 60.0
"""Wall time limit (s) of a case; a case over it is tried again later. Chosen."""
POLL_SECONDS = 0.2
"""Interval (s) of checks of ``stop`` while pages are in progress. Chosen."""


@dataclass(frozen=True, slots=True)
class InWorker(Generic[Task_contra, Result_co]):
    """A function by module and name, for `Pool.map`; only the workers import the module.

    This keeps 60 MB (OpenCV, the runtime of the models, the readers of scans) out of the main process.
    """

    module: str
    name: str

    def __call__(self, task: Task_contra) -> Result_co:
        """Call the function in this process."""
        result: Result_co = getattr(import_module(self.module), self.name)(task)
        return result


class Workers(Protocol):
    """The interface for a job's tasks: the `Pool`, or its cache (`job.answer_cache`)."""

    def map(
        self, work: InWorker[T, R], tasks: Sequence[T], stop: Event, *, seconds: float | None = None
    ) -> Iterator[R | Failed]:
        """As `Pool.map`."""


@dataclass(slots=True)
class _Worker:
    process: int
    pipe: Connection
    trace: int
    task: int | None = None
    since: float = 0.0


class Pool:
    """``size`` processes, started when first needed; a context manager that ends them.

    A task whose worker was killed or crashed is tried once more in a new worker before the result is `Failed`.
    """

    def __init__(
        self, size: int | None = None, page_seconds: float = PAGE_SECONDS, cpu_seconds: float = CPU_SECONDS
    ) -> None:
        """``size``: number of processes, by default one a processor; limits of a task: wall time ``page_seconds``, processor time ``cpu_seconds``."""
        self.size = size or max(1, len(os.sched_getaffinity(0)))
        self.cpu_seconds = 0.0
        """Processor time of the tasks since `case` was entered."""
        self._page_seconds, self._cpu_limit = page_seconds, cpu_seconds
        self._workers: list[_Worker] = []
        self._fork_server, self._server_is_ours = ForkServer(), True
        self._expected: Expected | None = None
        self._blame = True
        self._answers, self._began = 0, 0.0

    def sibling(self, size: int) -> Pool:
        """Another pool for another thread, with workers from the same fork server."""
        other = Pool(size, self._page_seconds, self._cpu_limit)
        other._fork_server, other._server_is_ours = self._fork_server, False
        return other

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Kill all processes."""
        self.dismiss()
        if self._server_is_ours:
            self._fork_server.close()

    def dismiss(self) -> None:
        """Kill the workers; the next task gets new ones, which have not opened any file."""
        self._abandon(list(self._workers))

    @contextlib.contextmanager
    def case(self, expected: Expected, *, blame_killed: bool = True) -> Iterator[None]:
        """Inside the context, every file opened here or in a worker must be one of ``expected`` and unchanged; else `ReplacedError`.

        Without ``blame_killed``, a task whose workers are killed raises `KilledError` instead of returning `Failed`. After a task
        of a `map` exceeds its time, the others are skipped (`NoResult.SKIPPED`); after the case exceeds its processor time, as
        well (`NoResult.BUDGET`). `TimeoutError` if the case exceeds its wall time.
        """
        self.dismiss()
        self._expected, self._blame, self.cpu_seconds = expected, blame_killed, 0.0
        self._answers, self._began = 0, time.monotonic()
        try:
            with expecting(expected):
                yield
        finally:
            self._expected, self._blame = None, True
            self.dismiss()

    def map(
        self, work: Callable[[T], R], tasks: Sequence[T], stop: Event, *, seconds: float | None = None
    ) -> Iterator[R | Failed]:
        """The results of ``work`` in the order of the tasks; only a few results are buffered.

        ``seconds``: wall time limit of a task that is not a page. Raises `Stopped` if ``stop`` is set, and kills running
        tasks; `OSError` if no process can be started; `KilledError`, `ReplacedError` as in `case`.
        """
        run = _Map(work, tasks, self._page_seconds if seconds is None else seconds)
        try:
            # Results arrive in any order and are yielded in the order of the tasks; `done` buffers early ones.
            for index in range(len(tasks)):
                while index not in run.done:
                    if stop.is_set():
                        raise Stopped
                    self._watch_the_clock()
                    self._hand_out(run)
                    self._collect(run)
                answer = run.done.pop(index)
                self._judge(answer)
                yield answer
        finally:
            # Also if the caller stops early: a worker busy with an old task must not answer a new one.
            self._abandon([worker for worker in self._workers if worker.task is not None])

    def _judge(self, answer: object) -> None:
        if not isinstance(answer, Failed):
            return
        if answer.why is NoResult.REPLACED:
            raise ReplacedError
        if answer.why is NoResult.KILLED and not self._blame:
            raise KilledError(
                errno.ENOMEM, "o sistema encerrou o processo de uma página; em geral falta memória no computador"
            )

    def _over_budget(self) -> bool:
        allowed = CASE_CPU_SECONDS + CASE_CPU_SECONDS_A_TASK * self._answers
        return self._expected is not None and self.cpu_seconds > allowed

    def _watch_the_clock(self) -> None:
        allowed = CASE_SECONDS + CASE_SECONDS_A_TASK * self._answers
        if self._expected is not None and time.monotonic() - self._began > allowed:
            raise TimeoutError(0, "o processo demora demais; o computador ou a rede está muito lento")

    def _hand_out(self, run: _Map[Any, Any]) -> None:
        # Limit the buffered results: they must not accumulate behind one slow page. Four a worker: chosen.
        room = 4 * self.size - len(run.done)
        # Start workers only for existing tasks: a case of one page needs one.
        while run.todo and room > 0 and len(self._workers) < min(self.size, len(run.todo) + self._busy()):
            self._workers.append(self._forked())
        for worker in self._workers:
            if worker.task is None and run.todo and room > 0:
                worker.task, worker.since = run.todo.popleft(), time.monotonic()
                room -= 1
                with contextlib.suppress(BrokenPipeError):  # the worker has ended; `_collect` handles it
                    worker.pipe.send((run.work, run.tasks[worker.task], self._cpu_limit))

    def _forked(self) -> _Worker:
        worker = _Worker(*self._fork_server.fork())
        with contextlib.suppress(BrokenPipeError):
            # The first message: the files that may be read (`worker.serve`).
            worker.pipe.send(self._expected)
        return worker

    def _busy(self) -> int:
        return sum(worker.task is not None for worker in self._workers)

    def _collect(self, run: _Map[Any, Any]) -> None:
        """Receive results, kill workers over their time limit, and handle those that died."""
        busy = {worker.pipe: worker for worker in self._workers if worker.task is not None}
        for pipe in wait(list(busy), POLL_SECONDS):
            worker = busy[pipe]  # type: ignore[index]
            task = worker.task
            if task is None or worker not in self._workers:  # skipped after another task of this list
                continue
            try:
                answer: Answer = worker.pipe.recv()
            except (EOFError, OSError):
                self._failed(run, task, self._ended(worker))
                continue
            worker.task = None
            self.cpu_seconds += answer.cpu_seconds
            self._answers += 1
            run.done[task] = answer.result
            if self._over_budget():
                run.done[task] = Failed(NoResult.BUDGET)
                self._skip(run)
        for worker in [w for w in self._workers if w.task is not None]:
            if worker.task is not None and time.monotonic() - worker.since > run.seconds and worker in self._workers:
                self._failed(run, worker.task, self._ended(worker, late=True))

    def _failed(self, run: _Map[Any, Any], task: int, failed: Failed) -> None:
        if failed.why in _ONCE_MORE and task not in run.again:
            run.again.add(task)
            # At the front: the caller waits for the results in order.
            run.todo.appendleft(task)
            logger.warning(
                "um processo de página terminou ({}); a página será feita de novo\n{}", failed.signal, failed.trace
            )
            return
        run.done[task] = failed
        if failed.why in _LATE:
            # The usage of a killed worker is unknown: count the limit.
            self.cpu_seconds += self._cpu_limit
            if self._expected is not None:
                self._skip(run)

    def _skip(self, run: _Map[Any, Any]) -> None:
        """Set `Failed` for all unfinished tasks, after one exceeded its time."""
        under_way = [worker for worker in self._workers if worker.task is not None]
        skipped = [*run.todo, *(worker.task for worker in under_way if worker.task is not None)]
        run.done |= dict.fromkeys(skipped, Failed(NoResult.SKIPPED))
        run.todo.clear()
        self._abandon(under_way)

    def _ended(self, worker: _Worker, *, late: bool = False) -> Failed:
        """Kill a worker without a result and return the reason. `ForkServerLostError` if unknown; the page is not blamed."""
        if late:
            _show(worker)
        # `_end` closes the worker's own descriptor before its trace is read.
        trace = os.dup(worker.trace)
        try:
            code = self._end(worker)
            return _failure(code, _words(trace), late=late)
        finally:
            os.close(trace)

    def _abandon(self, workers: list[_Worker]) -> None:
        for worker in workers:
            with contextlib.suppress(ForkServerLostError):  # it ended with the fork server
                self._end(worker)

    def _end(self, worker: _Worker) -> int:
        """Its exit code; `ForkServerLostError` if unknown."""
        self._workers.remove(worker)
        worker.pipe.close()
        os.close(worker.trace)
        return self._fork_server.end(worker.process)


class _Map(Generic[T, R]):
    """The state of one `Pool.map`: open tasks, buffered results, tasks tried twice."""

    def __init__(self, work: Callable[[T], R], tasks: Sequence[T], seconds: float) -> None:
        self.work, self.tasks, self.seconds = work, tasks, seconds
        self.todo = deque(range(len(tasks)))
        self.done: dict[int, R | Failed] = {}
        self.again: set[int] = set()


_ONCE_MORE = (NoResult.KILLED, NoResult.CRASHED)
_LATE = (NoResult.CPU, NoResult.CLOCK)
_SHOWN_SECONDS = 0.5
"""Time (s) for a worker to write its trace before it is killed. Chosen: it takes a millisecond."""


def _failure(code: int, trace: str, *, late: bool) -> Failed:
    """The failure for an exit code: a negative signal number, or a code of `worker`."""
    name = signal.Signals(-code).name if code < 0 else f"saída {code}"
    if late:
        return Failed(NoResult.CLOCK, trace=trace)
    if code == -signal.SIGXCPU:
        return Failed(NoResult.CPU, name, trace)
    return Failed(NoResult.KILLED if code == -signal.SIGKILL else NoResult.CRASHED, name, trace)


def _show(worker: _Worker) -> None:
    """Make a worker write its trace; one that cannot (blocked on a dead share) is killed without it."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(worker.process, SHOW_SIGNAL)
    end = time.monotonic() + _SHOWN_SECONDS
    # A signal handler in the other process writes the trace: only the file size shows it.
    while not os.fstat(worker.trace).st_size and time.monotonic() < end:
        time.sleep(0.01)


def _words(trace: int) -> str:
    return os.pread(trace, 1 << 16, 0).decode("utf-8", "replace").strip()
