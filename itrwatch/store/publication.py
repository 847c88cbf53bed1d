"""One publication: a set of files replaces the previous one, and any interruption can be finished or undone.

    Staging(path, root, rights).publish("13153720210201934", "2026-11-22 20h05m12")

A publication has a *staging*, a private folder ``.itrwatch/<random>/`` on the outbox's own file
system. Its states, and what `mend` does with each at the next start (promise 3):

1. ``new/`` is being written, with the job's spool beside it; there is no record. `mend` undoes: it deletes the staging.
2. ``new/`` is complete and flushed, and ``publicacao.json`` (the record: case, time, digest
   of the new manifest) is beside it. `mend` finishes: it performs the steps below.
3. Exchanged: the case folder of the outbox is the new set, ``new/`` in staging is the old one.
   The digest of the manifest in the outbox shows this. `mend` finishes: it moves the old set.
   (If both have the same manifest, they are interchangeable.)
3a. On a file system without exchange: the old set was renamed to ``old/``; for a moment the outbox
   has no folder for the case. `mend` finishes: it renames ``new/`` into place.
4. The old set's ``anteriores`` is renamed into the new set, then the old set itself to
   ``anteriores/<time>/``; a set without PDFs (pending) is deleted instead. Each step is one
   rename, so repeating the list performs only the missing steps.
5. Only the record remains: the staging is deleted.

A reader of the outbox sees the old set or the new one, each with its manifest, in every state
except 3a. ``anteriores`` follows a moment later: moving it before the exchange would require hard links,
which shares do not have. A staging with other contents is not touched, because it may contain a set.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from loguru import logger

from itrwatch.core.filenames import CASE_LOG, NOTE, REPORT, is_junk, printable
from itrwatch.core.manifest import MANIFEST_NAME, ManifestError, from_json
from itrwatch.sidecar.draft import untouched
from itrwatch.store.atomic import Rights, exchange, sync_folder
from itrwatch.store.clock import local

HISTORY = "anteriores"
TIME_FORMAT = "%Y-%m-%d %Hh%Mm%Ss"
"""The format of the folder name of a previous set."""
DRAFT = "processo.yaml"
NOT_WORTH_KEEPING = frozenset({NOTE, REPORT, CASE_LOG, MANIFEST_NAME, HISTORY})
_RECORD = "publicacao.json"
# Errors of a rename while a Windows program has a file of the folder open (F44).
_IN_USE = {errno.EBUSY, errno.EACCES, errno.EPERM, errno.ETXTBSY, errno.ENOTEMPTY}


class RefusedError(OSError):
    """The new set could not replace the old one now (a file is open in Windows); it is kept, complete, in staging."""


@dataclass(frozen=True, slots=True)
class Record:
    """The record of a staging: name of the case folder, name for the folder of the old set, sha256 of the new manifest."""

    case: str
    time: str
    manifest: str


@dataclass(frozen=True, slots=True)
class Staging:
    """The private folder of one publication into the outbox ``root``."""

    path: Path
    root: Path
    rights: Rights

    @property
    def new(self) -> Path:
        """The set being written; after the exchange, the set that was replaced."""
        return self.path / "new"

    def record(self) -> Record | None:
        """The record, None if there is none; `ValueError` if it cannot be read."""
        try:
            return Record(**json.loads((self.path / _RECORD).read_bytes()))
        except FileNotFoundError:
            return None
        except TypeError as wrong:
            raise ValueError(str(wrong)) from wrong

    def publish(self, case: str, time: str) -> None:
        """All steps from state 1 on; on an `OSError` before the exchange the old set stays.

        After a `RefusedError` the staging is in state 1 again and can be published later; after any other `OSError` it is deleted.
        """
        record = Record(case, time, _manifest_digest(self.new))
        if not record.manifest:
            raise ValueError(f"{self.new} has no {MANIFEST_NAME}")
        try:
            self.rights.settle_tree(self.new)
            self._commit(record)
            self._swap(record)
        except OSError as wrong:
            self._undo(record)
            if wrong.errno in _IN_USE and self.new.is_dir():
                raise RefusedError(
                    wrong.errno, f"há um arquivo em uso na pasta “{printable(case)}” da saída"
                ) from wrong
            shutil.rmtree(self.path, ignore_errors=True)
            raise
        self._sync_names()
        try:
            self._put_away(record)
        except OSError as wrong:
            logger.warning("{}: o conjunto anterior ainda não foi para “{}”: {}", printable(case), HISTORY, wrong)

    def mend(self) -> None:
        """Finish or undo an interrupted publication; may be repeated. `OSError`: try later."""
        record = self.record()
        if record is None:
            self.throw_away()
        else:
            self.put_in_place(record)
            self._put_away(record)

    def put_in_place(self, record: Record) -> None:
        """Perform the exchange of ``record`` unless it has been performed."""
        live = self.root / record.case
        # Only while the new set is still in staging: a second exchange would bring the old one back.
        if _manifest_digest(live) != record.manifest and _manifest_digest(self.new) == record.manifest:
            self._swap(record)
        self._sync_names()

    def _commit(self, record: Record) -> None:
        temporary = self.path / "record.tmp"
        self.rights.write(temporary, json.dumps(asdict(record)).encode())
        # Renamed, so that a record is complete or absent; flushed, so that it is on disk before the exchange.
        temporary.rename(self.path / _RECORD)
        sync_folder(self.path)

    def _swap(self, record: Record) -> None:
        live = self.root / record.case
        if not os.path.lexists(live):
            self.new.rename(live)
        elif live.is_symlink() or not live.is_dir():
            raise FileExistsError(f"“{printable(record.case)}” na saída não é uma pasta")
        # Without exchange, two renames; state 3a is between them.
        elif not exchange(self.new, live):
            live.rename(free_name(self.path / "old"))
            self.new.rename(live)

    def _sync_names(self) -> None:
        sync_folder(self.root)
        sync_folder(self.path)

    def _undo(self, record: Record) -> None:
        """Return to the state before the publication; if this fails too, `mend` does it later."""
        live, old = self.root / record.case, self.path / "old"
        # Interrupted between the two renames (state 3a): move the old set back.
        if old.is_dir() and not os.path.lexists(live):
            old.rename(live)
        (self.path / _RECORD).unlink(missing_ok=True)

    def _put_away(self, record: Record) -> None:
        live = self.root / record.case
        for past in self._leftovers():
            if not os.path.lexists(live):  # somebody deleted the new set: restore the old one
                past.rename(live)
            else:
                _archive(past, live / HISTORY, record.time, self.rights)
        if live.is_dir():
            sync_folder(live)
        shutil.rmtree(self.path, ignore_errors=True)

    def _leftovers(self) -> list[Path]:
        """The sets in staging; the job's spool does not count."""
        return sorted(
            entry for entry in self.path.iterdir() if entry.name.startswith(("new", "old")) and entry.is_dir()
        )

    def throw_away(self) -> None:
        """Delete a staging without a committed set; `ValueError` if it contains anything else."""
        if self.record() is not None or self._leftovers() not in ([], [self.new]):
            raise ValueError("há um conjunto publicado nesta pasta de trabalho")
        shutil.rmtree(self.path, ignore_errors=True)


_TAKEN = "retirado-"


@dataclass(frozen=True, slots=True)
class TakenAway:
    """A set that was withdrawn by a rename into the private folder, because the disk was full; ``path``: the set.

    Its folder is ``retirado-1``; its manifest identifies the case.
    """

    path: Path

    @classmethod
    def hide(cls, live: Path, work: Path) -> None:
        """Rename a set into the private folder ``work``, which needs no free space. `OSError`."""
        live.rename(free_name(work / f"{_TAKEN}1"))

    @classmethod
    def named(cls, path: Path) -> bool:
        """Whether a folder has the name of such a set."""
        return path.name.startswith(_TAKEN)

    @classmethod
    def all_in(cls, work: Path) -> tuple[TakenAway, ...]:
        """All such sets; `OSError`."""
        return tuple(cls(path) for path in sorted(work.glob(f"{_TAKEN}*")) if path.is_dir())

    @property
    def when(self) -> datetime:
        """The time of its last change, local time; `OSError`."""
        return local(self.path.stat().st_mtime)

    def put_away(self, history: Path, rights: Rights) -> None:
        """Rename it to ``anteriores/<time>`` of its case; `OSError`."""
        when = time_name(self.when)
        _archive(self.path, history, when, rights)


def time_name(when: datetime) -> str:
    """The name of the folder of a previous set: ``2026-11-22 20h05m12``."""
    return when.strftime(TIME_FORMAT)


def _archive(past: Path, history: Path, time: str, rights: Rights) -> None:
    """Move a previous set, and those before it, into ``history``; each step is one rename, and a repetition performs only missing steps."""
    earlier = past / HISTORY
    if earlier.is_dir() and not os.path.lexists(history):
        earlier.rename(history)
    elif earlier.is_dir():
        for entry in sorted(earlier.iterdir()):
            entry.rename(free_name(history / entry.name))
        earlier.rmdir()
    if not _worth_keeping(past, history.parent):
        shutil.rmtree(past)
        return
    rights.make_folder(history)
    past.rename(free_name(history / time))
    sync_folder(history)


def _worth_keeping(past: Path, live: Path) -> bool:
    """Whether a previous set has files other than those of `NOT_WORTH_KEEPING` and files equal to those in ``live`` (F35)."""
    same = {name for name, _ in _files_of(past) & _files_of(live)}
    return any(
        entry.name not in NOT_WORTH_KEEPING
        and not is_junk(entry.name)
        and entry.name not in same
        and not _our_draft(entry)
        for entry in past.iterdir()
    )


def _files_of(folder: Path) -> frozenset[tuple[str, str]]:
    """Name and digest of every PDF, from the manifest; empty if it cannot be read."""
    try:
        return frozenset(
            (file.name, file.sha256) for file in from_json((folder / MANIFEST_NAME).read_text("utf-8")).files
        )
    except (OSError, UnicodeDecodeError, ManifestError):
        return frozenset()


def _our_draft(entry: Path) -> bool:
    """Whether this is an unchanged draft of a sidecar; a draft edited in the outbox by mistake is kept."""
    if entry.name != DRAFT or not entry.is_file() or entry.is_symlink():
        return False
    return untouched(entry.read_text("utf-8", errors="replace"))


def _manifest_digest(folder: Path) -> str:
    try:
        return hashlib.sha256((folder / MANIFEST_NAME).read_bytes()).hexdigest()
    except (FileNotFoundError, NotADirectoryError):
        return ""


def free_name(path: Path) -> Path:
    """``path``, or the first of ``path (2)``, ``path (3)`` … that does not exist."""
    candidate, number = path, 1
    while os.path.lexists(candidate):
        number += 1
        candidate = path.with_name(f"{path.name} ({number})")
    return candidate
