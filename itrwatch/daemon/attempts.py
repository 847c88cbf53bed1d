"""Around the job: what earlier attempts at a case left behind, and what follows from it.

- A complete set whose place was refused (F44) is published without doing the case again.
- A job that breaks three times on the same input is no matter of waiting: the case becomes
  pending with a note that says whose fault it is, and is tried again when anything in it changes
  (F46). Troubles of disks and shares, `OSError`, are never counted: they pass.
- A job that takes the whole service down leaves a mark in the outbox. If Python could still write
  where it was (a fault in a library), that counts like a break. If not, somebody killed the service
  or the power failed: that says nothing against the case, but the others come first.
"""

from __future__ import annotations

import contextlib
import faulthandler
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from threading import Event
from typing import BinaryIO

from loguru import logger

from itrwatch import __version__
from itrwatch.core.codes import Code
from itrwatch.core.filenames import printable
from itrwatch.core.findings import error
from itrwatch.core.manifest import KilledError, Manifest, Outcome, Pending, Published, Stopped
from itrwatch.core.sent import carried
from itrwatch.store.fingerprint import fingerprint, stat_digest
from itrwatch.store.inbox import Snapshot
from itrwatch.store.notes import OUR_FAULT, OUR_FAULT_NOTE
from itrwatch.store.outbox import Outbox

BREAKS = 3
MARK, MARK_BESIDE = "em-andamento.json", "em-andamento-2.json"


@dataclass(frozen=True, slots=True)
class Attempt:
    """How the job is to be done: until ``stop`` is set, telling ``progress`` (pages done, of all).

    ``patient``: what looks cut short is waited for instead of refused. ``last``: a page whose workers the system kills
    is told to the fiscal; else there will be another try.
    """

    stop: Event
    progress: Callable[[int, int], None] = lambda _done, _total: None
    patient: bool = False
    last: bool = True


ProcessCase = Callable[[Snapshot, Attempt], Outcome]
"""The job: publishes one case through the outbox; `Stopped` when asked to stop, `OSError` for try later."""


@dataclass(frozen=True, slots=True)
class Mark:
    """The case under way: its folder, the cheap digest of what is in it, and what it did before."""

    case: str
    digest: str
    breaks: int = 0


def _local_time() -> datetime:
    return datetime.now().astimezone()


class Attempts:
    """A `ProcessCase` around ``process``; its marks lie in the private folder of ``outbox``."""

    def __init__(self, process: ProcessCase, outbox: Outbox, wall_clock: Callable[[], datetime] = _local_time) -> None:
        self._process, self._outbox, self._wall_clock = process, outbox, wall_clock
        self._marks: dict[str, Mark] = {}
        self._mark_name = MARK
        self._crash: BinaryIO | None = None

    def beside(self, process: ProcessCase) -> Attempts:
        """The same for a second thread, which does other cases with ``process``; only the first one listens."""
        other = Attempts(process, self._outbox, self._wall_clock)
        other._marks, other._mark_name = self._marks, MARK_BESIDE
        return other

    def __call__(self, snapshot: Snapshot, attempt: Attempt) -> Outcome:
        """One attempt; errors of `ProcessCase`, and whatever broke, but for the third time."""
        manifest = self._outbox.held(snapshot.name)
        if manifest is not None and manifest.fingerprint == fingerprint(snapshot).of(published=manifest.published):
            self._outbox.publish_held(snapshot.name, self._wall_clock())
            return Published(manifest) if manifest.published else Pending(manifest)
        self._outbox.drop_held(snapshot.name)
        mark = self._mark_of(snapshot)
        if mark.breaks >= BREAKS:  # the last break took the service with it
            return self._give_up(snapshot)
        self._write(mark)
        try:
            outcome = self._process(snapshot, replace(attempt, last=mark.breaks + 1 >= BREAKS))
        except KilledError:
            self._marks[snapshot.name] = replace(mark, breaks=mark.breaks + 1)
            raise
        except (OSError, Stopped):
            raise
        except Exception as wrong:
            self._marks[snapshot.name] = mark = replace(mark, breaks=mark.breaks + 1)
            if mark.breaks < BREAKS:
                raise
            logger.opt(exception=wrong).error("{}: {}ª falha do itrwatch", printable(snapshot.name), mark.breaks)
            return self._give_up(snapshot)
        finally:
            self._erase()
        self._marks.pop(snapshot.name, None)
        return outcome

    def recall(self) -> Mark | None:
        """The case over which the itrwatch before died, with that counted; None if it ended well. `OSError`."""
        try:
            mark = Mark(**json.loads(self._path.read_bytes()))
        except (FileNotFoundError, ValueError, TypeError):
            return None
        trace = self._last_words()
        if trace:
            logger.error("{}: o itrwatch caiu ao tratar esta pasta\n{}", printable(mark.case), trace)
            mark = replace(mark, breaks=mark.breaks + 1)
        else:
            logger.warning("{}: o itrwatch foi interrompido ao tratar esta pasta; será refeita", printable(mark.case))
        self._marks[mark.case] = mark
        self._erase()
        return mark

    def listen(self) -> None:
        """Let Python write where it was if it falls; `OSError`. Only in a process of our own."""
        self._crash = self._crash_path.open("wb")
        faulthandler.enable(self._crash)

    def close(self) -> None:
        """The process ends well: it leaves no last words."""
        if self._crash is not None:
            faulthandler.disable()
            self._crash.close()
            self._crash = None
            with contextlib.suppress(OSError):
                self._crash_path.unlink()

    @property
    def _path(self) -> Path:
        return self._outbox.private / self._mark_name

    @property
    def _crash_path(self) -> Path:
        return self._outbox.private / "queda.txt"

    def _last_words(self) -> str:
        try:
            return self._crash_path.read_text("utf-8", "replace").strip()
        except FileNotFoundError:
            return ""

    def _mark_of(self, snapshot: Snapshot) -> Mark:
        digest = stat_digest(snapshot)
        mark = self._marks.get(snapshot.name)
        return mark if mark is not None and mark.digest == digest else Mark(snapshot.name, digest)

    def _write(self, mark: Mark) -> None:
        """Not flushed to the disk: a death by power failure says nothing against the case."""
        with contextlib.suppress(FileNotFoundError):  # an outbox that nobody took has no private folder yet
            self._path.write_text(json.dumps(asdict(mark)), "utf-8", "backslashreplace")

    def _erase(self) -> None:
        with contextlib.suppress(OSError):
            self._path.unlink()

    def _give_up(self, snapshot: Snapshot) -> Outcome:
        manifest = Manifest(
            processo=None,
            folder=snapshot.name,
            fingerprint=fingerprint(snapshot).pending,
            version=__version__,
            findings=(error(Code.PROGRAM_FAILED, text=OUR_FAULT),),
        )
        staged = self._outbox.stage(snapshot.name)
        try:
            self._outbox.write_note(staged, OUR_FAULT_NOTE.format(name=printable(snapshot.name)))
            self._outbox.write_manifest(staged, carried(manifest, self._outbox.read_manifest(snapshot.name)))
            self._outbox.publish(snapshot.name, staged, self._wall_clock())
        finally:
            self._outbox.discard(staged)
        self._marks.pop(snapshot.name, None)
        return Pending(manifest)
