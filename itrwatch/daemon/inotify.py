"""watchdog's inotify observer, with a reader thread that survives exceptions.

A folder that is moved out of the inbox, created again and removed makes watchdog 7.1 raise a KeyError in the thread that reads
the events of the whole inbox. In watchdog's own observer that thread ends, and no event arrives afterwards.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable

from loguru import logger
from watchdog.observers.api import BaseObserver, EventDispatcher
from watchdog.observers.inotify import InotifyEmitter
from watchdog.observers.inotify_c import InotifyEvent, InotifyFD

JOIN_SECONDS = 5.0  # longest wait for the end of a thread; chosen


class _Reader(InotifyFD):
    """Reads the kernel's events; calls ``failed`` after one that watchdog could not handle."""

    def __init__(self, failed: Callable[[], None]) -> None:
        super().__init__()
        self._failed = failed

    def handle_event(self, event: InotifyEvent) -> None:
        """Handle one event; an exception is logged and reported to ``failed``."""
        try:
            super().handle_event(event)
        except Exception as wrong:  # noqa: BLE001 - one bad event must not end the thread
            logger.debug("watchdog: {!r}", wrong)
            self._failed()


class _Emitter(InotifyEmitter):
    """Processes the events of `_Reader`; ends even if watchdog fails to release its watches."""

    def on_thread_stop(self) -> None:
        """Release the watches, then wake the thread: in watchdog 7.1 an error in the first step skips the second."""
        group = self._inotify
        try:
            super().on_thread_stop()
        finally:
            if group is not None:
                group._move_event_grouper.close()  # noqa: SLF001 - nothing public wakes a thread that waits for an event


class Listening(BaseObserver):
    """An observer of one tree with its own reader; `close` ends each part separately."""

    def __init__(self, failed: Callable[[], None]) -> None:
        """``failed`` is called, in another thread, if folders may lack a watch."""
        self._reader = _Reader(failed)
        self._reader.start()
        super().__init__(_Emitter, inotify_fd=self._reader)

    def healthy(self) -> bool:
        """Whether all its threads are alive."""
        return all(thread.is_alive() for thread in (self, self._reader, *list(self.emitters)))

    def close(self) -> None:
        """End every thread and release every watch, even if one step fails.

        watchdog's own `stop` returns at the first error and leaves threads waiting forever.
        """
        emitters = list(self.emitters)
        for step in (self.stop, *(emitter.stop for emitter in emitters), self._reader.stop):
            try:
                step()
            except Exception as wrong:  # noqa: BLE001 - the other parts must be closed as well
                logger.debug("watchdog: {!r}", wrong)
        for thread in (self, *emitters, self._reader):
            thread.stopped_event.set()
        self.event_queue.put(EventDispatcher.stop_event)
        for thread in (self, *emitters, self._reader):
            with contextlib.suppress(RuntimeError):  # never started
                thread.join(JOIN_SECONDS)
