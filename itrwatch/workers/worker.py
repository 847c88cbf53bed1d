"""The inside of a page worker: tasks come in through a pipe, answers go out, until the parent is gone."""

from __future__ import annotations

import os
import signal
import traceback
from dataclasses import dataclass
from multiprocessing.connection import Connection

from itrwatch.workers.limits import allow_cpu, confine


@dataclass(frozen=True, slots=True)
class Failed:
    """No result: the process ``died``, took too long (``late``) or too much memory (``full``), or the work raised (``trace``)."""

    died: bool = False
    late: bool = False
    full: bool = False
    trace: str = ""


def serve(pipe: Connection) -> None:
    """Confine this process and answer; a task is what to do, with what, and how much processor time (s) that may take."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to the whole group; the parent decides
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    confine()
    _hush()
    while True:
        try:
            work, task, cpu_seconds = pipe.recv()
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


def _hush() -> None:
    """C libraries tell every bad line of a fax on stderr, thousands for a page; what they mean comes back as the answer."""
    nowhere = os.open(os.devnull, os.O_WRONLY | os.O_CLOEXEC)
    os.dup2(nowhere, 2)
    os.close(nowhere)
