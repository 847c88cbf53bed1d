"""The alarm clock: says *that* something happened in the inbox, never what.

watchdog loses events without a word (queue full: R1, watch limit: R3, share remounted: R4) and
its observer dies in a handler that raises (R8). So its handler does one thing, set an event,
and the scan of the whole inbox finds out; a lost event costs the time to the next scan. Where
inotify cannot hear (network, FUSE, unknown) it is not used at all, and scans come more often:
watchdog's own polling would be a second scan of the same tree, with more ways to die (R5, R7).
"""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from loguru import logger
from watchdog import events
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver

from itrwatch.core.settings import Watch
from itrwatch.mounts import foreign

POLLING_SECONDS = 5.0
RETRY_SECONDS = 60.0
# Not «opened» and «closed without writing»: those are our own reading, which would wake us for ever.
_HEARD: list[type[events.FileSystemEvent]] = [
    events.FileCreatedEvent,
    events.FileModifiedEvent,
    events.FileMovedEvent,
    events.FileDeletedEvent,
    events.FileClosedEvent,
    events.DirCreatedEvent,
    events.DirMovedEvent,
    events.DirDeletedEvent,
]


class _Waker(events.FileSystemEventHandler):
    def __init__(self, wake: threading.Event) -> None:
        self._wake = wake

    def on_any_event(self, event: events.FileSystemEvent) -> None:  # noqa: ARG002
        self._wake.set()


class Watcher:
    """Sets ``wake`` when something happens below ``roots``; start it after any daemonising (R18)."""

    def __init__(self, roots: Sequence[Path], wake: threading.Event, watch: Watch = "auto") -> None:
        """Nothing runs before `start`."""
        self._roots = tuple(roots)
        self._wake = wake
        self._watch = watch
        self._observer: BaseObserver | None = None
        self._identity: tuple[tuple[int, int], ...] = ()
        self._next_try = float("-inf")

    @property
    def mode(self) -> Literal["inotify", "polling"]:
        """How changes are noticed at present."""
        return "inotify" if self._observer is not None else "polling"

    def rescan_seconds(self, configured: float) -> float:
        """How often the inbox has to be scanned (s): the net under inotify, or all there is."""
        return configured if self.mode == "inotify" else min(configured, POLLING_SECONDS)

    def start(self, now: float) -> None:
        """Watch, or say in the log why only scans will do; never raises."""
        self._next_try = now + RETRY_SECONDS
        if self._watch == "polling" or (self._watch == "auto" and self._foreign()):
            return
        observer = Observer()
        try:
            for root in self._roots:
                observer.schedule(_Waker(self._wake), str(root), recursive=True, event_filter=_HEARD)
            self._identity = _identity(self._roots)
            observer.start()
        except OSError as wrong:  # limits of inotify (F13), or the folder is not there
            observer.unschedule_all()
            logger.warning("inotify não está disponível ({}); a entrada será só varrida", wrong.strerror or wrong)
            return
        self._observer = observer
        self._wake.set()  # what came between the last scan and the watching (F18)

    def tend(self, now: float) -> None:
        """Start again, at most once a minute, when threads died (F15) or the folder was replaced (R4)."""
        if self._watch == "polling" or now < self._next_try or self._hears():
            return
        if self._observer is not None:
            logger.warning("a observação da entrada parou; será refeita")
            self.stop()
        self.start(now)

    def stop(self) -> None:
        """End every thread; may be called at any time."""
        observer, self._observer = self._observer, None
        if observer is not None:
            observer.stop()
            observer.join(timeout=5)

    def _hears(self) -> bool:
        if self._observer is None or not self._observer.is_alive():
            return False
        if not all(emitter.is_alive() for emitter in self._observer.emitters):
            return False
        try:
            return _identity(self._roots) == self._identity
        except OSError:
            return True  # gone: nothing to watch until it is back, then its identity tells

    def _foreign(self) -> bool:
        kind = next(filter(None, map(foreign, self._roots)), "")
        if kind:
            logger.debug("sistema de arquivos {}: a entrada será só varrida", kind)
        return bool(kind)


def _identity(roots: Sequence[Path]) -> tuple[tuple[int, int], ...]:
    return tuple((status.st_dev, status.st_ino) for status in map(os.stat, roots))
