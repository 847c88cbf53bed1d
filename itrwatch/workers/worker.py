"""The main loop of a page worker: receives tasks through a pipe and sends results, until the parent ends."""

from __future__ import annotations

import faulthandler
import os
import signal
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from multiprocessing.connection import Connection
from typing import Any

from itrwatch.scans.plain_file import Expected, ReplacedError, expecting
from itrwatch.workers.limits import allow_cpu, confine


class NoResult(Enum):
    """Why there is no result."""

    KILLED = auto()
    """SIGKILL, not sent by the pool: out of memory, or an administrator. The file is not blamed."""
    CRASHED = auto()
    """Another signal, or an exit during a task: a fault in a library, usually caused by damaged data."""
    CPU = auto()
    """Over its processor time."""
    CLOCK = auto()
    """Over its wall time."""
    MEMORY = auto()
    """It requested more memory than a page may have."""
    BUG = auto()
    """The function raised an unexpected exception."""
    REPLACED = auto()
    """The file to read was replaced by another one."""
    BUDGET = auto()
    """The case as a whole is over its processor time."""
    SKIPPED = auto()
    """Not tried, after a task of the same case was over its time."""


@dataclass(frozen=True, slots=True)
class Failed:
    """A task without a result, and ``why``; ``signal``: the name, if the process died; ``trace``: faulthandler's."""

    why: NoResult
    signal: str = ""
    trace: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """The message of a worker: the ``result``, and the processor time used (s)."""

    result: object
    cpu_seconds: float = 0.0


SHOW_SIGNAL = signal.SIGUSR2
"""Makes a worker write its trace; sent before a worker is killed because of its time limit."""


def serve(pipe: Connection, trace: int) -> None:
    """Confine this process and serve tasks; a task is a function, its argument, and its limit of processor time (s).

    The first message: the files that may be read (`Expected`). ``trace``: a descriptor for faulthandler's trace.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to the whole group; the parent decides
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    faulthandler.enable(trace, all_threads=False)
    # chain=True: after the trace the signal ends the process as usual, which tells the pool why.
    faulthandler.register(signal.SIGXCPU, trace, all_threads=False, chain=True)
    faulthandler.register(SHOW_SIGNAL, trace, all_threads=False)
    confine()
    _hush()
    try:
        expected = pipe.recv()
        while True:
            work, task, cpu_seconds = pipe.recv()
            allow_cpu(cpu_seconds)
            began = time.process_time()
            result = _done(work, task, expected)
            pipe.send(Answer(result, time.process_time() - began))
    except (EOFError, OSError):  # the parent is gone, or was killed while it wrote a message
        return


def _done(work: Callable[[Any], object], task: object, expected: Expected | None) -> object:
    try:
        with expecting(expected):
            return work(task)
    except ReplacedError:
        return Failed(NoResult.REPLACED)
    except MemoryError:
        return Failed(NoResult.MEMORY)
    except Exception:  # noqa: BLE001 any error concerns only this page
        return Failed(NoResult.BUG, trace=traceback.format_exc())


def _hush() -> None:
    """Silence stderr: libtiff prints a line for every bad row of a fax, thousands a page; the result has the fault."""
    nowhere = os.open(os.devnull, os.O_WRONLY | os.O_CLOEXEC)
    # The descriptor, not sys.stderr: the lines come from C.
    os.dup2(nowhere, 2)
    os.close(nowhere)
