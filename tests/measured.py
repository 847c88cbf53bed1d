"""Coverage of the page workers, which end by SIGKILL and never get to save what they counted."""

import contextlib
import os
import posix
import time

import coverage

from itrwatch import workers

_serve = workers._serve  # noqa: SLF001 the very function that is measured


FIRST_ANSWERS = 30


class _Saving:
    """The worker's end of the pipe; what was counted is saved before each of the first answers, later once a second."""

    def __init__(self, pipe):
        self.recv, self._send = pipe.recv, pipe.send
        self._answers, self._saved = 0, 0.0

    def send(self, answer):
        self._answers += 1
        due = self._answers <= FIRST_ANSWERS or time.monotonic() - self._saved > 1
        if due and (measuring := coverage.Coverage.current()):
            self._saved = time.monotonic()
            with contextlib.suppress(
                Exception
            ):  # a worker at its limits has no file left to save to; it answers all the same
                measuring.save()
        self._send(answer)


def serve(pipe, *limits):
    """In the worker, instead of `workers._serve`."""
    _serve(_Saving(pipe), *limits)


def measure_workers():
    """Page workers that this process starts are measured; for a run with ``--cov`` only.

    Not so the children that tests fork by the hundred to kill them at every step: all they do is known from elsewhere.
    """
    os._exit = posix._exit  # noqa: SLF001 the one that coverage put its own over
    workers._serve = serve  # noqa: SLF001
