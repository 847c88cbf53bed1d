"""watchdog's inotify with a reader that survives: what its bookkeeping raises ends neither the thread nor the hearing of others.

A folder that is moved out of the inbox, made anew and removed makes watchdog 7.1 raise a KeyError in the thread that
reads for the whole inbox. Left to itself that thread is dead from then on, and nothing is heard any more.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable

from loguru import logger
from watchdog.observers.api import BaseObserver, EventDispatcher
from watchdog.observers.inotify import InotifyEmitter
from watchdog.observers.inotify_c import InotifyEvent, InotifyFD

JOIN_SECONDS = 5.0


class _Reader(InotifyFD):
    """Reads the kernel's events; calls ``failed`` after one that watchdog could not handle."""

    def __init__(self, failed: Callable[[], None]) -> None:
        super().__init__()
        self._failed = failed

    def handle_event(self, event: InotifyEvent) -> None:
        """Handle one event, whatever comes of it."""
        try:
            super().handle_event(event)
        except Exception as wrong:  # noqa: BLE001 - the next event is for somebody else
            logger.debug("watchdog: {!r}", wrong)
            self._failed()


class Listening(BaseObserver):
    """An observer of one tree with a reader of its own; `close` ends it piece by piece."""

    def __init__(self, failed: Callable[[], None]) -> None:
        """``failed`` is called, in another thread, when what is watched may not be what should be."""
        self._reader = _Reader(failed)
        self._reader.start()
        super().__init__(InotifyEmitter, inotify_fd=self._reader)

    def healthy(self) -> bool:
        """Whether all of its threads live."""
        return all(thread.is_alive() for thread in (self, self._reader, *list(self.emitters)))

    def close(self) -> None:
        """End every thread and give every watch back; what fails leaves the rest to be ended all the same.

        watchdog's own `stop` ends at the first error, with threads that wait for ever.
        """
        emitters = list(self.emitters)
        for step in (self.stop, *(emitter.stop for emitter in emitters), self._reader.stop):
            try:
                step()
            except Exception as wrong:  # noqa: BLE001 - what else is open must be closed all the same
                logger.debug("watchdog: {!r}", wrong)
        for thread in (self, *emitters, self._reader):
            thread.stopped_event.set()
        self.event_queue.put(EventDispatcher.stop_event)
        for thread in (self, *emitters, self._reader):
            with contextlib.suppress(RuntimeError):  # never started
                thread.join(JOIN_SECONDS)
