"""Decides which folders of the inbox must be listed again. There are thousands of finished ones (F23).

    folders.to_list(names, heard, finished, published, namesakes) -> the names of the folders to list at this scan
    folders.unchanged(names)                                      -> whether no folder has other times than when it was listed

The times of a folder change when an entry is added or removed, not when the contents of a file change. An event reports the
latter; a finished folder whose event was lost is listed at every `LIST_EVERY`-th scan nevertheless.
"""

from __future__ import annotations

import os
import zlib
from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from itrwatch.store.roots import INBOX

LIST_EVERY = 3
"""A finished folder is listed at every Nth thorough scan even without an event, for changes inside its files: every half hour. Chosen."""
BEAT_EVERY = 256  # folders between two heartbeats: on a slow share thousands of calls take longer than a hang; chosen

Stamp = tuple[object, ...]
"""Times (ns) and inode of a folder, time of its set in the outbox, and its namesakes."""


class FinishedFolders:
    """The stamps of the folders of ``inbox`` when they were listed; ``heartbeat`` as in `Cases`."""

    def __init__(self, inbox: Path, heartbeat: Callable[[str], None] = lambda _role: None) -> None:
        self._inbox, self._heartbeat = inbox, heartbeat
        self._stamps: dict[str, Stamp] = {}
        # All times in one block: comparing them touches 0.2 MB instead of the 5 MB that the stamps of 10 000 folders take.
        self._times: array[int] | None = None
        self._scans = 0

    def stamp(self, name: str, *there: object) -> Stamp | None:
        """The present stamp of a folder; ``there``: what is known about its set. None if the folder is unreadable."""
        try:
            status = os.lstat(f"{self._inbox}/{name}")
        except OSError:
            return None
        return status.st_mtime_ns, status.st_ctime_ns, status.st_ino, *there

    def listed(self, name: str, stamp: Stamp | None) -> None:
        """Note the stamp taken before the folder was listed; None: list it again at the next scan."""
        self._times = None
        if stamp is None:
            self._stamps.pop(name, None)
        else:
            self._stamps[name] = stamp

    def forget(self, name: str) -> None:
        """The folder has left the inbox."""
        self.listed(name, None)

    def to_list(
        self,
        names: Sequence[str],
        heard: frozenset[str] | None,
        finished: Mapping[str, object],
        published: Mapping[str, int],
        namesakes: Mapping[str, tuple[str, ...]],
    ) -> list[str]:
        """The folders that must be listed now; all if the events since the last scan are not known (``heard`` None).

        ``finished``: folder → how its case ended, None for a case that has not.
        """
        self._scans += 1
        if heard is None:
            return list(names)
        stamps, scans = self._stamps, self._scans
        return [
            name
            for name in self._beating(names)
            if name not in stamps
            or name in heard
            or finished[name] is None
            or (scans + zlib.crc32(os.fsencode(name))) % LIST_EVERY == 0  # not all folders at the same scan
            or stamps[name] != self.stamp(name, published.get(name), namesakes.get(name))
        ]

    def unchanged(self, names: Sequence[str]) -> bool:
        """Whether each of these folders has the times it had when it was listed: an event that was lost costs one rescan, not a case."""
        if self._times is None and self._stamps.keys() >= set(names):
            self._times = array("q", (time for name in names for time in self._stamps[name][:2]))  # type: ignore[misc]
        return self._times is not None and self._times == self._times_of(names)

    def _times_of(self, names: Sequence[str]) -> array[int] | None:
        times = array("q")
        try:
            descriptor = os.open(self._inbox, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        except OSError:
            return None
        try:
            for name in self._beating(names):
                status = os.stat(name, dir_fd=descriptor, follow_symlinks=False)
                times.append(status.st_mtime_ns)
                times.append(status.st_ctime_ns)
        except OSError:
            return None
        finally:
            os.close(descriptor)
        return times

    def _beating(self, names: Sequence[str]) -> Iterable[str]:
        for start in range(0, len(names), BEAT_EVERY):
            self._heartbeat(INBOX)
            yield from names[start : start + BEAT_EVERY]
