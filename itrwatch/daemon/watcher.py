"""Watches the inbox: reports *that* something changed in a case folder, not what.

watchdog loses events silently (queue full: R1, watch limit: R3, share remounted: R4), and its observer
dies if a handler raises (R8). Therefore the handler only notes the folder and sets an event, and a scan finds
the changes; a lost event only delays this until the next scan. Where inotify does not report changes
(network, FUSE, unknown) it is not used, and scans are more frequent: watchdog's own polling would be a
second scan of the same tree, with more ways to fail (R5, R7).

watchdog also does not report folders for which the kernel has no watch left (R3): the watches are counted
in ``/proc``, and a root with missing watches is polled instead.
"""

from __future__ import annotations

import contextlib
import errno
import logging
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from loguru import logger
from watchdog import events

from itrwatch.core.settings import POLLING_SECONDS, Watch
from itrwatch.daemon.inotify import Listening
from itrwatch.errors import reason
from itrwatch.store.mounts import foreign

RETRY_SECONDS = 60.0  # between two restarts of a failed watch, and two looks at the root; chosen
COUNT_EVERY = 5  # the watches are counted at every Nth look: the kernel lists ten thousand of them in 0.1 s; chosen
_LOGS = ("watchdog.observers.inotify", "watchdog.observers.inotify_c")
logging.getLogger("watchdog").addHandler(logging.NullHandler())  # we log its errors in our own words
# Without “opened” and “closed without writing”: our own reading causes those and would cause endless scans.
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


class _Overflow(logging.Handler):
    """Detects a full queue, which watchdog only logs (R1)."""

    def __init__(self, heard: Callable[[], None]) -> None:
        super().__init__()
        self._heard = heard

    def emit(self, record: logging.LogRecord) -> None:
        if "overflow" in record.getMessage().lower():
            self._heard()


class _Waker(events.FileSystemEventHandler):
    def __init__(self, root: Path, wake: threading.Event) -> None:
        self._root, self._wake = os.fspath(root), wake
        self._touched: set[str] | None = None
        self._lock = threading.Lock()

    def on_any_event(self, event: events.FileSystemEvent) -> None:
        for path in (event.src_path, event.dest_path):
            inside = os.fsdecode(path).removeprefix(self._root).strip("/")
            with self._lock:
                if inside and self._touched is not None:
                    self._touched.add(inside.partition("/")[0])
        self._wake.set()

    def take(self) -> frozenset[str] | None:
        with self._lock:
            touched, self._touched = self._touched, set()
        return None if touched is None else frozenset(touched)

    def forget(self) -> None:
        with self._lock:
            self._touched = None


class Watcher:
    """Sets ``wake`` after a change below ``root``; start it after daemonising (R18)."""

    def __init__(self, root: Path, wake: threading.Event, watch: Watch = "auto") -> None:
        """Nothing runs before `start`."""
        self._root, self._wake, self._watch = root, wake, watch
        self._observer: Listening | None = None
        self._identity = (0, 0)
        self._next_try = float("-inf")
        self._why = ""
        self._missing = self._looks = 0
        self._lost, self._broken = threading.Event(), threading.Event()
        self._waker = _Waker(root, wake)
        self._log = _Overflow(self._overflowed)

    @property
    def mode(self) -> Literal["inotify", "polling"]:
        """How changes are detected at present."""
        return "inotify" if self._observer is not None else "polling"

    @property
    def described(self) -> str:
        """`mode` in Portuguese, with the reason."""
        if self._observer is not None:
            return "avisos do sistema (inotify)"
        return "varredura" + (f" ({self._why})" if self._why else "")

    def rescan_seconds(self, configured: float) -> float:
        """Interval of scans of the inbox (s): shorter without inotify."""
        return configured if self.mode == "inotify" else min(configured, POLLING_SECONDS)

    def heard(self) -> frozenset[str] | None:
        """The folders with events since the last call; None: unknown, scan everything.

        None while polling, and once after events were lost or the watch was restarted.
        """
        return self._waker.take() if self._observer is not None else None

    def start(self, now: float) -> None:
        """Start the watch, or log why the root is polled instead; never raises."""
        self._next_try = now + RETRY_SECONDS
        if self._watch == "polling":
            self._say("assim pede a configuração")
            return
        kind = foreign(self._root) if self._watch == "auto" else ""
        if kind:
            self._say(f"sistema de arquivos {kind}, em que não há avisos do que outros salvam")
            return
        try:
            enough = self._listen()
        except OSError as wrong:  # limits of inotify (F13), or the folder is not there
            self.stop()
            limits = wrong.errno in (errno.ENOSPC, errno.EMFILE)
            self._say(_short_of_watches() if limits else f"inotify não está disponível: {reason(wrong)}")
            return
        except Exception as wrong:  # noqa: BLE001 - whatever watchdog raises costs a rescan, never the service
            self.stop()
            self._say(f"falha da biblioteca que escuta o sistema ({type(wrong).__name__})")
            return
        if not enough:
            self.stop()
            self._say(_short_of_watches())
            return
        for name in _LOGS:
            logging.getLogger(name).addHandler(self._log)
        self._why = ""
        self._wake.set()  # events between the last scan and the start of the watch (F18)

    def _listen(self) -> bool:
        """Create and start the observer; returns whether the kernel had a watch for every folder."""
        before = _watches()
        self._broken.clear()
        self._waker.forget()
        self._observer = observer = Listening(self._failed)  # its constructor opens descriptors and starts a thread
        observer.schedule(self._waker, str(self._root), recursive=True, event_filter=_HEARD)
        status = self._root.stat()
        self._identity = (status.st_dev, status.st_ino)
        observer.start()
        return _watches() - before >= _folders(self._root)

    def maintain(self, now: float) -> None:
        """Restart the watch, at most once a minute, if threads died (F15), the root was replaced (R4) or watches are missing."""
        if self._lost.is_set():
            self._lost.clear()
            logger.warning("o sistema perdeu avisos de mudanças na entrada (fila cheia); tudo será varrido")
            self._wake.set()
        if self._watch == "polling" or now < self._next_try or self._hears(now):
            return
        if self._observer is not None:
            logger.warning("a observação da entrada parou; será refeita")
            self.stop()
        self.start(now)

    def restart(self) -> None:
        """Restart the watch at the next `maintain`; after the machine slept, events may be lost."""
        self._next_try = float("-inf")
        self._identity = (0, 0)

    def stop(self) -> None:
        """End every thread; may be called at any time."""
        for name in _LOGS:
            logging.getLogger(name).removeHandler(self._log)
        observer, self._observer = self._observer, None
        if observer is not None:
            observer.close()

    def _overflowed(self) -> None:
        self._lost.set()
        self._waker.forget()
        self._wake.set()

    def _failed(self) -> None:
        self._broken.set()
        self._waker.forget()
        self._wake.set()

    def _say(self, why: str) -> None:
        if why != self._why:
            logger.warning("a entrada será só varrida: {}", why)
        self._why = why

    def _hears(self, now: float) -> bool:
        if self._observer is None or self._broken.is_set() or not self._observer.healthy():
            return False
        self._next_try = now + RETRY_SECONDS
        try:
            status = self._root.stat()
            if (status.st_dev, status.st_ino) != self._identity:
                return False
            self._looks += 1
            if self._looks % COUNT_EVERY and not self._missing:
                return True
            # A new folder may not be watched yet: only a watch missing at two checks counts.
            missing = max(0, _folders(self._root) - _watches())
        except OSError:
            return True  # the root is gone; when it returns, its identity differs
        before, self._missing = self._missing, missing
        return not (missing and before)


def _folders(root: Path) -> int:
    """Minimum number of watches for the inbox: its own and one for every case folder."""
    with os.scandir(root) as entries:
        return 1 + sum(entry.is_dir(follow_symlinks=False) for entry in entries)


def _watches() -> int:
    """Number of folders that this process watches, from the kernel."""
    count = 0
    for path in Path("/proc/self/fdinfo").iterdir():
        with contextlib.suppress(OSError):  # closed meanwhile
            count += path.read_bytes().count(b"inotify wd:")
    return count


def _short_of_watches() -> str:
    return "o limite de observações do inotify não basta; aumente fs.inotify.max_user_watches e max_user_instances"
