"""Signals as flags: SIGTERM and SIGINT stop, SIGHUP reads the configuration again, SIGUSR1 scans now.

The handlers stay installed while the service restarts with another configuration: without a handler a second SIGHUP would end
the process.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import threading
import time
from types import FrameType
from typing import Self


class Signals:
    """A context manager that installs the handlers. Without entering it the flags can be set by other code.

    The lock of an event is not reentrant, and a handler may interrupt the main thread anywhere, also inside another handler.
    It may set the events because the main thread never waits on them. Python allows handlers in the main thread only:
    elsewhere, in tests, entering does nothing.
    """

    def __init__(self, stop: threading.Event | None = None, *, service: bool = True) -> None:
        """``stop``: an event that is also set by other code. ``service`` False: SIGHUP and SIGUSR1 keep their default action."""
        self._numbers = (signal.SIGTERM, signal.SIGINT, *((signal.SIGHUP, signal.SIGUSR1) if service else ()))
        self.stop = stop or threading.Event()
        self.reload = threading.Event()
        self.scan_now = threading.Event()
        self._before: dict[signal.Signals, object] = {}
        self._numbers_asked: list[int] = []
        self._setting = False
        self._pipe: tuple[int, int] | None = None

    def wait(self, seconds: float) -> None:
        """Wait in the main thread until a signal or `end_wait` comes, at most ``seconds``; only the time if the handlers are not installed.

        Python writes a byte into the pipe for every signal. A wait on an event could deadlock with a handler that sets it.
        """
        if self._pipe is None:
            time.sleep(seconds)
        elif select.select([self._pipe[0]], [], [], seconds)[0]:
            with contextlib.suppress(BlockingIOError):
                os.read(self._pipe[0], 4096)

    def end_wait(self) -> None:
        """End the `wait` of the main thread, or its next one; from any thread."""
        if self._pipe is not None:
            with contextlib.suppress(OSError):  # full, or closed meanwhile: the main thread is awake
                os.write(self._pipe[1], b"\0")

    def __enter__(self) -> Self:
        if threading.current_thread() is threading.main_thread():
            for number in self._numbers:
                self._before[number] = signal.signal(number, self._asked)
            self._pipe = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
            signal.set_wakeup_fd(self._pipe[1], warn_on_full_buffer=False)
        return self

    def __exit__(self, *_: object) -> None:
        if self._pipe is not None:
            signal.set_wakeup_fd(-1)
            ends, self._pipe = self._pipe, None
            for end in ends:
                os.close(end)
        while self._before:
            number, handler = self._before.popitem()
            signal.signal(number, handler)  # type: ignore[arg-type]

    def _asked(self, number: int, _frame: FrameType | None) -> None:
        """Queue the signal and set its flag, unless an outer handler is doing that now.

        A signal may interrupt this handler while it holds the lock of an event; setting the event again would deadlock.
        So a nested handler only queues its number, and the outer one takes it from the queue.
        """
        self._numbers_asked.append(number)
        while self._numbers_asked and not self._setting:
            self._setting = True
            try:
                self._set(self._numbers_asked.pop(0))
            except IndexError:
                # A nested handler ran between the test of the list and `pop`, and emptied it: nothing is lost.
                pass
            finally:
                self._setting = False

    def _set(self, number: int) -> None:
        if number == signal.SIGHUP:
            self.reload.set()
            self.scan_now.set()  # wakes the thread that reads the configuration
        elif number == signal.SIGUSR1:
            self.scan_now.set()
        elif self.stop.is_set():  # the second time: now
            signal.signal(number, signal.SIG_DFL)
            signal.raise_signal(number)
        else:
            self.stop.set()
