"""Signals as flags, however thick they come."""

import signal
import threading
import time

from itrwatch.daemon.signals import Signals
from tests.waiting import LIMIT


class Interrupted(threading.Event):
    """An event in the middle of whose setting the next signal comes; its lock is not reentrant, as that of any event."""

    def __init__(self, interrupt):
        super().__init__()
        self._held, self._interrupt, self.times = threading.Lock(), interrupt, 0

    def set(self):
        assert self._held.acquire(blocking=False), "it would wait for itself for ever"
        self.times += 1
        if self.times == 1:
            self._interrupt()
        self._held.release()
        super().set()


def test_a_signal_in_the_middle_of_a_handler_does_not_wait_for_itself():
    signals = Signals()
    signals.reload = Interrupted(lambda: signal.raise_signal(signal.SIGHUP))
    with signals:
        signal.raise_signal(signal.SIGHUP)
    assert signals.reload.is_set()
    assert signals.reload.times == 2


def test_another_signal_in_the_middle_of_a_handler_is_not_lost():
    signals = Signals()
    signals.reload = Interrupted(lambda: signal.raise_signal(signal.SIGTERM))
    with signals:
        signal.raise_signal(signal.SIGHUP)
        assert signals.stop.is_set()
    assert signals.reload.is_set()


def test_a_signal_ends_the_wait_of_the_main_thread():
    with Signals() as signals:
        signal.raise_signal(signal.SIGUSR1)
        began = time.monotonic()
        signals.wait(LIMIT)
        assert time.monotonic() - began < LIMIT
        assert signals.scan_now.is_set()
