"""Whether the outbox holds the right set for a folder of the inbox.

    ledger.status_of(snapshot, moving=False) -> OutboxStatus.PUBLISHED, PENDING or TO_DO

Everything is read from the manifests and kept in memory. There are thousands of finished folders (F23), so at every scan only
the cheap half of a fingerprint is compared, and no manifest is read twice. When the cheap half differs, the contents are read:

- Same contents: the folder was only touched (a restored backup, a server that rounds times, F19). The manifest gets the
  new times. The same holds for what no PDF depends on, ``andamento`` and receipts; then the report is drawn again.
- Other contents: the published set is stale and is withdrawn at once, even before the folder is at rest (promise 3).
  Exception: a folder that only loses files is probably being moved away by hand, file by file over the network; its set is
  withdrawn only when the folder is at rest.

A published PDF that was deleted or has another size is replaced by a new set. Checking every folder of the outbox at every
scan would double the cost of a scan, so one is checked when a file came or went in it, and else at every tenth scan.
"""

from __future__ import annotations

import os
import sys
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum, auto
from functools import partial

from loguru import logger

from itrwatch import __version__
from itrwatch.core.case_description import Sidecar
from itrwatch.core.filenames import printable
from itrwatch.core.manifest import Manifest
from itrwatch.core.sent import carried, events_of
from itrwatch.store.clock import local_time
from itrwatch.store.fingerprint import Label, content_digests, panel_sidecar, sidecar_bytes
from itrwatch.store.inbox import Snapshot
from itrwatch.store.outbox import Outbox
from itrwatch.store.reserve import FULL
from itrwatch.store.roots import INBOX, OUTBOX

CHECK_EVERY = 10
"""Re-check published folders at every Nth scan even if unchanged: every ten minutes. Chosen."""


DOUBTS_BYTES = 256 << 20
"""Bytes that one scan may read of files that changed only inode or ctime; after a restored backup these are all files. Chosen:
a few seconds of disk time."""


class OutboxStatus(Enum):
    """The status of the outbox for a folder."""

    PUBLISHED = auto()
    """It has the set for the present contents of the inbox."""
    PENDING = auto()
    """It has the note for the present contents of the inbox."""
    TO_DO = auto()
    """It has nothing, or a set for other contents."""


@dataclass(frozen=True, slots=True)
class _Entry:
    label: Label
    version: str
    pdfs: tuple[tuple[str, int], ...]  # name and size in bytes
    files: frozenset[int] = frozenset()  # hashes of the folder's files when the entry was last verified
    others: int = 0  # hash of the other files at that time
    changed: int = -1  # mtime (ns) of the published folder when it was last checked

    @property
    def published(self) -> bool:
        return bool(self.pdfs)

    @classmethod
    def of(cls, manifest: Manifest | None) -> _Entry | None:
        """None also for a withdrawn set, which has no fingerprint."""
        if manifest is None or not manifest.fingerprint:
            return None
        # The same file names occur in thousands of manifests: keep each string once.
        pdfs = tuple((sys.intern(file.name), file.bytes) for file in manifest.files)
        return cls(Label.parse(manifest.fingerprint), sys.intern(manifest.version), pdfs)

    def unlike(self, label: Label) -> bool:
        """Whether names, sizes or times differ from the manifest's."""
        return self.label.stat != label.stat

    def doubtful(self, label: Label) -> bool:
        """Whether a file may have been replaced by another with equal size and time."""
        return self.label.places != label.places if self.label.places else bool(self.files)


def _hashes(snapshot: Snapshot) -> frozenset[int]:
    return frozenset(map(hash, snapshot.files))


def _others_hash(snapshot: Snapshot) -> int:
    return hash((tuple(file.name for file in snapshot.others), snapshot.refused, snapshot.namesakes))


@dataclass(slots=True)
class Ledger:
    """The manifests of ``outbox``.

    ``retry``: pending cases are processed again. ``heartbeat`` is called with the root that is read, after every MiB.
    ``wall_clock`` dates the sets that are withdrawn. ``doubts``: how many bytes a scan may read of files whose size and time
    are unchanged but that may have been replaced.
    """

    outbox: Outbox
    retry: bool = False
    heartbeat: Callable[[str], None] = lambda _role: None
    wall_clock: Callable[[], datetime] = local_time
    redraw: Callable[[Snapshot, Manifest], None] = lambda _snapshot, _manifest: None
    """Updates the published report after a change of ``andamento`` or the receipts; `OSError`."""
    _entries: dict[str, _Entry | None] = field(default_factory=dict)
    _done_now: set[str] = field(default_factory=set)
    _there: Mapping[str, int] = field(default_factory=dict)
    doubts: float = DOUBTS_BYTES
    deferred: set[str] = field(default_factory=set)
    """The cases that were over this scan's `doubts`: the next scan reads them."""
    _scans: int = 0
    _left: float = 0.0

    def status_of(self, snapshot: Snapshot, *, moving: bool) -> OutboxStatus:
        """The status for this folder; withdraws a stale set.

        ``moving``: whether the folder is not at rest; then a folder that only loses files keeps its set.
        `OSError` from inbox or outbox: try again at the next scan.
        """
        entry = self._entry(snapshot.name)
        if entry is None:
            return OutboxStatus.TO_DO
        files, others = _hashes(snapshot), _others_hash(snapshot)
        if entry.files != files or entry.others != others:
            judged = self._judge_change(entry, snapshot, files, moving=moving)
            if isinstance(judged, OutboxStatus):
                return judged
            entry = replace(judged, files=files, others=others)
        return self._judge_set(snapshot.name, entry)

    def _judge_change(
        self, entry: _Entry, snapshot: Snapshot, files: frozenset[int], *, moving: bool
    ) -> _Entry | OutboxStatus:
        """The entry of the manifest, if it matches the present folder; else the status of the case."""
        label = Label.of(snapshot)
        unlike = entry.unlike(label)
        if unlike and moving and (not entry.published or files < entry.files):
            return OutboxStatus.TO_DO
        if not unlike and entry.doubtful(label) and not self._may_read(snapshot):
            self.deferred.add(snapshot.name)
            return OutboxStatus.PUBLISHED if entry.published else OutboxStatus.PENDING
        if unlike or entry.doubtful(label):
            compared = self._compare(entry, snapshot, label)
            if compared is None:
                return OutboxStatus.TO_DO
            entry = compared
        if entry.label.others and entry.label.others != label.others:
            return OutboxStatus.TO_DO  # the report names other files; the set stays until the new one is published
        return entry

    def _judge_set(self, name: str, entry: _Entry) -> OutboxStatus:
        """The status of a case with a valid set or note: TO_DO if a published PDF is gone or changed, or a pending case is due again."""
        if entry.published and not self._whole(name, entry):
            self._entries[name] = None
            return OutboxStatus.TO_DO
        changed = self._there.get(name, -1)
        if entry.changed != changed or self._entries.get(name) is not entry:
            self._entries[name] = replace(entry, changed=changed)
        if entry.published:
            return OutboxStatus.PUBLISHED  # a set of a newer version is not processed again
        again = entry.version != __version__ or (self.retry and name not in self._done_now)
        return OutboxStatus.TO_DO if again else OutboxStatus.PENDING

    def _may_read(self, snapshot: Snapshot) -> bool:
        """Whether this scan may read this folder as well. A folder above the limit by itself is read in a separate scan."""
        size = sum(file.size for file in snapshot.files)
        if size > self._left and self._left < self.doubts:
            return False
        self._left -= size
        return True

    def record(self, name: str, manifest: Manifest) -> None:
        """Note that a case was processed, with this manifest."""
        self._entries[name] = _Entry.of(manifest)
        self._done_now.add(name)

    def reread(self, name: str) -> None:
        """Read the manifest of this case again at the next scan."""
        self._entries.pop(name, None)

    def retain(self, published: Mapping[str, int]) -> None:
        """Forget the cases whose folder was deleted from the outbox: they are processed again.

        ``published``: the folders there, each with its mtime (ns).
        """
        for name in self._entries.keys() - published.keys():
            del self._entries[name]
        self._there = published
        self._scans += 1
        self._left = self.doubts
        self.deferred.clear()

    def forget(self) -> None:
        """Empty the cache: all manifests are read again at their next use. For an outbox that was unreachable."""
        self._entries.clear()

    def _whole(self, name: str, entry: _Entry) -> bool:
        """Whether the published PDFs are still there, each with its size; `OSError`."""
        if self._there.get(name) == entry.changed and (self._scans + zlib.crc32(os.fsencode(name))) % CHECK_EVERY:
            return True
        wrong = [pdf for pdf, size in entry.pdfs if self.outbox.size(name, pdf) != size]
        if wrong:
            logger.warning(
                "{}: alguém apagou ou alterou na saída {}; o conjunto será refeito", printable(name), ", ".join(wrong)
            )
        return not wrong

    def _entry(self, name: str) -> _Entry | None:
        if name not in self._entries:
            self.heartbeat(OUTBOX)
            self._entries[name] = _Entry.of(self.outbox.read_manifest(name, pages=False))
        return self._entries[name]

    def _refresh(self, snapshot: Snapshot, label: str, noted: Manifest) -> None:
        """Draw the report, then update the manifest: after a kill in between, the manifest still differs, and both are repeated."""
        name = snapshot.name
        try:
            if noted.published:
                self.redraw(snapshot, noted)
            self.outbox.refresh(name, label, noted.sent)
        except OSError as wrong:
            if wrong.errno not in FULL:
                raise
            logger.debug("{}: relatório e manifesto não puderam ser renovados agora: {}", printable(name), wrong)

    def _compare(self, entry: _Entry, snapshot: Snapshot, label: Label) -> _Entry | None:
        """Compare the contents: the updated entry, or None after the stale set was withdrawn."""
        name = snapshot.name
        pdfs, whole = content_digests(snapshot, partial(self.heartbeat, INBOX))
        content = pdfs if entry.published else whole
        manifest = self.outbox.read_manifest(name)
        # The first versions stored the digest of everything for published sets: if it is equal, so are the relevant inputs.
        if manifest is not None and entry.label.content in (content, whole):
            label = replace(label, content=content, others=entry.label.others or label.others)
            # A change that is no change of the PDFs: a juntada may have been added to andamento.
            noted = carried(manifest, manifest, events_of(_sidecar(snapshot)))
            self._refresh(snapshot, str(label), noted)
            return replace(entry, label=label)
        if manifest is not None and entry.published:
            logger.info("{}: mudou na entrada; o conjunto publicado sai até o novo ficar pronto", printable(name))
            self.outbox.withdraw(name, manifest, self.wall_clock())
        self._entries[name] = None
        return None


def _sidecar(snapshot: Snapshot) -> Sidecar | None:
    """The sidecar of a folder; None if it has errors. `OSError`."""
    if len(snapshot.sidecars) != 1:
        return None
    name = snapshot.sidecars[0].name
    sidecar, faults = panel_sidecar(sidecar_bytes(snapshot.folder / name), name)
    return None if faults else sidecar
