"""Earlier attempts at a case, and their consequences.

- A complete set that could not replace the old one (F44) is published without processing the case again.
- If a job fails three times with an internal error on the same input, the case becomes pending with a note that names an
  itrwatch fault, and is tried again when its folder changes (F46). `OSError` from disks and shares does not count.
- A job that ends the whole service leaves its entry in the outbox. If faulthandler wrote a trace (a crash in a library), it
  counts as an internal error. Without a trace the service was killed or the power failed; the case is only put last.
"""

from __future__ import annotations

import contextlib
import faulthandler
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from loguru import logger

from itrwatch import __version__
from itrwatch.core.codes import Code
from itrwatch.core.filenames import printable
from itrwatch.core.findings import error
from itrwatch.core.manifest import KilledError, Manifest, Outcome, Pending, Published, Stopped
from itrwatch.core.sent import carried
from itrwatch.job.attempt import Attempt
from itrwatch.store.clock import local_time
from itrwatch.store.fingerprint import fingerprint, stat_digest
from itrwatch.store.inbox import Snapshot
from itrwatch.store.notes import OUR_FAULT, OUR_FAULT_NOTE
from itrwatch.store.outbox import Outbox

BREAKS = 3  # internal errors on the same input before the case becomes pending; chosen
FILE, SECOND_FILE = "em-andamento.json", "em-andamento-2.json"


ProcessCase = Callable[[Snapshot, Attempt], Outcome]
"""The job: publishes one case through the outbox; raises `Stopped` if asked to stop, `OSError` if it must be tried later."""


@dataclass(frozen=True, slots=True)
class InProgress:
    """The case in progress: its folder, the cheap digest of its files, and its number of internal errors so far."""

    case: str
    digest: str
    breaks: int = 0


class Attempts:
    """The attempts at all cases; the entry of the case in progress is a file in the private folder of ``outbox``.

    For each attempt call `begin`, then the job unless `begin` returned an outcome, then `end`.
    """

    def __init__(self, outbox: Outbox, wall_clock: Callable[[], datetime] = local_time) -> None:
        self._outbox, self._wall_clock = outbox, wall_clock
        self._in_progress: dict[str, InProgress] = {}
        self._file_name = FILE
        self._crash: BinaryIO | None = None

    def sibling(self) -> Attempts:
        """An object for a second thread with other cases; only the first object calls `listen`."""
        other = Attempts(self._outbox, self._wall_clock)
        other._in_progress, other._file_name = self._in_progress, SECOND_FILE
        return other

    def begin(self, snapshot: Snapshot) -> Outcome | None:
        """Mark the case as in progress; returns an outcome if no job is needed: a held set was published, or the case failed too often."""
        manifest = self._outbox.held(snapshot.name)
        if manifest is not None and manifest.fingerprint == fingerprint(snapshot).of(published=manifest.published):
            self._outbox.publish_held(snapshot.name, self._wall_clock())
            return Published(manifest) if manifest.published else Pending(manifest)
        self._outbox.drop_held(snapshot.name)
        entry = self._entry_of(snapshot)
        if entry.breaks >= BREAKS:  # the last error ended the service
            return self._give_up(snapshot)
        self._in_progress[snapshot.name] = entry
        self._write(entry)
        return None

    def is_last(self, snapshot: Snapshot) -> bool:
        """Whether an internal error in this attempt makes the case pending."""
        return self._entry_of(snapshot).breaks + 1 >= BREAKS

    def end(self, snapshot: Snapshot, result: Outcome | BaseException) -> Outcome | BaseException:
        """Count an internal error and return the outcome; after the third a pending case with a note.

        A `KilledError` is counted but returned; only the next `begin` gives up. Other `OSError` and `Stopped` are not counted.
        """
        self._erase()
        if not isinstance(result, BaseException):
            self._in_progress.pop(snapshot.name, None)
            return result
        killed = isinstance(result, KilledError)
        if not isinstance(result, Exception) or (isinstance(result, OSError | Stopped) and not killed):
            return result
        entry = self._entry_of(snapshot)
        self._in_progress[snapshot.name] = entry = replace(entry, breaks=entry.breaks + 1)
        if killed or entry.breaks < BREAKS:
            return result
        logger.opt(exception=result).error("{}: {}ª falha do itrwatch", printable(snapshot.name), entry.breaks)
        return self._give_up(snapshot)

    def recall(self) -> InProgress | None:
        """The case during which the previous process died, with the count updated; None if it ended properly, or its entry is unreadable. `OSError`."""
        try:
            entry = InProgress(**json.loads(self._path.read_bytes()))
        except (FileNotFoundError, ValueError, TypeError):
            return None
        trace = self._crash_trace()
        if trace:
            logger.error("{}: o itrwatch caiu ao tratar esta pasta\n{}", printable(entry.case), trace)
            entry = replace(entry, breaks=entry.breaks + 1)
        else:
            logger.warning("{}: o itrwatch foi interrompido ao tratar esta pasta; será refeita", printable(entry.case))
        self._in_progress[entry.case] = entry
        self._erase()
        return entry

    def listen(self) -> None:
        """Enable faulthandler, which writes a trace if this process crashes; `OSError`. Only for the service's own process."""
        self._crash = self._crash_path.open("wb")
        faulthandler.enable(self._crash)

    def close(self) -> None:
        """Disable faulthandler and remove its file, when the process ends properly."""
        if self._crash is not None:
            faulthandler.disable()
            self._crash.close()
            self._crash = None
            with contextlib.suppress(OSError):
                self._crash_path.unlink()

    @property
    def _path(self) -> Path:
        return self._outbox.private / self._file_name

    @property
    def _crash_path(self) -> Path:
        return self._outbox.private / "queda.txt"

    def _crash_trace(self) -> str:
        try:
            return self._crash_path.read_text("utf-8", "replace").strip()
        except FileNotFoundError:
            return ""

    def _entry_of(self, snapshot: Snapshot) -> InProgress:
        digest = stat_digest(snapshot)
        entry = self._in_progress.get(snapshot.name)
        return entry if entry is not None and entry.digest == digest else InProgress(snapshot.name, digest)

    def _write(self, entry: InProgress) -> None:
        """Write the entry without a flush: a power failure does not count, so the entry need not survive one."""
        with contextlib.suppress(FileNotFoundError):  # without the lock there may be no private folder
            self._path.write_text(json.dumps(asdict(entry)), "utf-8", "backslashreplace")

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
        with self._outbox.staging(snapshot.name) as staged:
            self._outbox.write_note(staged, OUR_FAULT_NOTE.format(name=printable(snapshot.name)))
            self._outbox.write_manifest(staged, carried(manifest, self._outbox.read_manifest(snapshot.name)))
            self._outbox.publish(snapshot.name, staged, self._wall_clock())
        self._in_progress.pop(snapshot.name, None)
        return Pending(manifest)
