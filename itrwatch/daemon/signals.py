"""Signals as flags: SIGTERM and SIGINT ask to stop, SIGHUP to read the configuration again, SIGUSR1 to look at once.

The handlers stay for as long as the process serves, also while it begins anew with another configuration: between two
handlers a signal would do what it does by default, and a second SIGHUP would end the service.
"""

from __future__ import annotations

import signal
import threading
from types import FrameType
from typing import Self


class Signals:
    """A context manager; the flags may be used without entering it, where somebody else sets them.

    A handler may set an event because the main thread never waits on it: an event's lock is not reentrant, and a
    handler runs in the middle of whatever the main thread does, another handler included. Handlers belong to the main thread: elsewhere, in
    tests, entering does nothing.
    """

    def __init__(self, stop: threading.Event | None = None, *, service: bool = True) -> None:
        """``stop`` may be given by who sets it otherwise, too. Not a ``service``: SIGHUP and SIGUSR1 stay as they are."""
        self._numbers = (signal.SIGTERM, signal.SIGINT, *((signal.SIGHUP, signal.SIGUSR1) if service else ()))
        self.stop = stop or threading.Event()
        self.reload = threading.Event()
        self.look = threading.Event()
        self._before: dict[signal.Signals, object] = {}
        self._numbers_asked: list[int] = []
        self._setting = False

    def __enter__(self) -> Self:
        if threading.current_thread() is threading.main_thread():
            for number in self._numbers:
                self._before[number] = signal.signal(number, self._asked)
        return self

    def __exit__(self, *_: object) -> None:
        while self._before:
            number, handler = self._before.popitem()
            signal.signal(number, handler)  # type: ignore[arg-type]

    def _asked(self, number: int, _frame: FrameType | None) -> None:
        """Note a signal, and set its flag unless that is being done just now further down the stack.

        The next signal may come in the middle of this handler, while it holds the lock of an event: to set that event
        again would wait for itself for ever. So a handler inside a handler only notes the number.
        """
        self._numbers_asked.append(number)
        while self._numbers_asked and not self._setting:
            self._setting = True
            try:
                self._set(self._numbers_asked.pop(0))
            except IndexError:  # one inside this one was quicker
                pass
            finally:
                self._setting = False

    def _set(self, number: int) -> None:
        if number == signal.SIGHUP:
            self.reload.set()
        elif number == signal.SIGUSR1:
            self.look.set()
        elif self.stop.is_set():  # the second time: now
            signal.signal(number, signal.SIG_DFL)
            signal.raise_signal(number)
        else:
            self.stop.set()
