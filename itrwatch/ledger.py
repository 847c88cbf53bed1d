"""Whether the outbox holds what the inbox calls for; read from the manifests, kept in memory.

Finished folders must be cheap, for there are thousands (F23): the cheap half of a fingerprint
is compared at every look, and no manifest is read twice. When the cheap half differs, the
contents decide. The same contents are a folder that was only touched (a restored backup, a
server that rounds times, F19): the manifest learns the new times. So it is with what no PDF
depends on: ``andamento``, and a receipt put beside the scans. Other contents are a case whose
published set is stale, and a stale set leaves the outbox at once (promise 3), before the folder
has even come to rest.

One exception: while a folder only loses files, it is probably being deleted or moved away by
hand, file by file over the network. Its set is taken back only if the folder comes to rest so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum, auto

from loguru import logger

from itrwatch import __version__
from itrwatch.core.filenames import shown
from itrwatch.core.manifest import Manifest
from itrwatch.inbox import FileStat, Snapshot, content_digest, stat_digest
from itrwatch.outbox import Outbox


class Standing(Enum):
    """What the outbox holds for a folder."""

    PUBLISHED = auto()
    """The set for what is in the inbox now."""
    PENDING = auto()
    """The note for what is in the inbox now."""
    TO_DO = auto()
    """Nothing, or something else."""


@dataclass(frozen=True, slots=True)
class _Entry:
    content: str
    stat: str
    version: str
    published: bool
    files: frozenset[FileStat] = frozenset()  # of the folder when the entry was last found true

    @classmethod
    def of(cls, manifest: Manifest | None) -> _Entry | None:
        """None for a withdrawn set, too: it has no fingerprint and stands for no folder."""
        if manifest is None or not manifest.fingerprint:
            return None
        content, _, stat = manifest.fingerprint.partition(":")
        return cls(content, stat, manifest.version, manifest.published)


def _local_time() -> datetime:
    return datetime.now().astimezone()


@dataclass(slots=True)
class Ledger:
    """The manifests of ``outbox``, as far as they decide what is to be done.

    ``retry``: pending cases are done once more. ``pulse`` is called for every MiB read.
    ``wall_clock`` dates the sets that are withdrawn.
    """

    outbox: Outbox
    retry: bool = False
    pulse: Callable[[], None] = lambda: None
    wall_clock: Callable[[], datetime] = _local_time
    _entries: dict[str, _Entry | None] = field(default_factory=dict)
    _done_now: set[str] = field(default_factory=set)

    def standing(self, snapshot: Snapshot, *, moving: bool) -> Standing:
        """What the outbox holds for this folder; withdraws a set that is stale.

        `OSError` from either side: nothing is known, ask again later.
        """
        name, stat = snapshot.name, stat_digest(snapshot)
        entry = self._entry(name)
        if entry is None:
            return Standing.TO_DO
        if entry.stat != stat:
            if moving and (not entry.published or frozenset(snapshot.files) < entry.files):
                return Standing.TO_DO
            entry = self._compare(entry, snapshot, stat)
            if entry is None:
                return Standing.TO_DO
        self._entries[name] = replace(entry, files=frozenset(snapshot.files))
        if entry.published:
            return Standing.PUBLISHED  # never made again only because itrwatch is newer
        again = entry.version != __version__ or (self.retry and name not in self._done_now)
        return Standing.TO_DO if again else Standing.PENDING

    def record(self, name: str, manifest: Manifest) -> None:
        """The case was done now, with this manifest."""
        self._entries[name] = _Entry.of(manifest)
        self._done_now.add(name)

    def reread(self, name: str) -> None:
        """What the outbox holds for this case may have changed."""
        self._entries.pop(name, None)

    def retain(self, published: Iterable[str]) -> None:
        """Forget what the outbox no longer has a folder for: somebody wants it made again."""
        kept = set(published)
        self._entries = {name: entry for name, entry in self._entries.items() if name in kept}

    def _entry(self, name: str) -> _Entry | None:
        if name not in self._entries:
            self._entries[name] = _Entry.of(self.outbox.read_manifest(name))
        return self._entries[name]

    def _compare(self, entry: _Entry, snapshot: Snapshot, stat: str) -> _Entry | None:
        """By contents: the entry brought up to date, or None after the stale set was withdrawn."""
        name, content = snapshot.name, content_digest(snapshot, self.pulse, whole=not entry.published)
        manifest = self.outbox.read_manifest(name)
        if manifest is not None and content == entry.content:
            self.outbox.refresh(name, replace(manifest, fingerprint=f"{content}:{stat}"))
            return replace(entry, stat=stat)
        if manifest is not None and entry.published:
            logger.info("{}: mudou na entrada; o conjunto publicado sai até o novo ficar pronto", shown(name))
            self.outbox.withdraw(name, manifest, self.wall_clock())
        self._entries[name] = None
        return None
