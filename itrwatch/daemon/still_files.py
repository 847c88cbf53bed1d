"""Selects files of a folder not yet at rest that have been unchanged long enough to prepare the case.

The sidecar is one of them: it determines which pages are removed, turned or compared. If a file changes after it was
prepared, the work was wasted; then it must be unchanged for half a minute before it is prepared again. A scanner that
rewrites its file for every page thus causes one wasted attempt, not one for each page.
Times are in seconds of the clock given to `Cases`; nothing here reads a clock.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace

from itrwatch.store.inbox import FileStat, Snapshot

STILL_SECONDS = 2.0
"""Quiet time of a scan. Chosen: programs that copy or scan mostly write at least once a second."""
STILL_AGAIN_SECONDS = 30.0
"""Quiet time after a wasted attempt. Chosen: a scanner at work writes more than twice a minute."""


@dataclass(frozen=True, slots=True)
class _File:
    stat: FileStat
    since: float
    prepared: bool = False
    in_vain: int = 0

    def still(self, now: float) -> bool:
        return now - self.since >= (STILL_AGAIN_SECONDS if self.in_vain else STILL_SECONDS)


@dataclass(slots=True)
class StillFiles:
    """The files of the moving folders; ``preparing``: the folder whose pages are processed now."""

    preparing: str = ""
    _snapshots: dict[str, Snapshot] = field(default_factory=dict)
    _files: dict[str, dict[str, _File]] = field(default_factory=dict)

    def observe(self, snapshot: Snapshot, now: float) -> None:
        """Note the present state of a moving folder."""
        known, self._snapshots[snapshot.name] = self._files.get(snapshot.name, {}), snapshot
        self._files[snapshot.name] = {file.name: _seen(known.get(file.name), file, now) for file in snapshot.files}

    def knows(self, name: str) -> bool:
        """Whether the folder has moved since the service started; if it then waits for its sidecar, it is prepared completely."""
        return name in self._snapshots

    def forget(self, name: str) -> None:
        """Forget the folder: its case was processed."""
        self._snapshots.pop(name, None)
        self._files.pop(name, None)

    def retain(self, names: Collection[str]) -> None:
        """Forget every folder not among ``names``."""
        for name in self._snapshots.keys() - set(names):
            self.forget(name)

    def begin(self, now: float) -> Snapshot | None:
        """A folder, with only its unchanged scans, in which a scan or the sidecar is not prepared yet; or None."""
        for name, files in self._files.items():
            still = {file for file, seen in files.items() if seen.still(now)}
            scans = tuple(scan for scan in self._snapshots[name].scans if scan.name in still)
            if scans and any(not files[file].prepared for file in still):
                self.preparing = name
                return replace(self._snapshots[name], scans=scans)
        return None

    def finish(self, snapshot: Snapshot, *, whole: bool) -> None:
        """Note that the files of ``snapshot`` were prepared; not ``whole``: the work was interrupted."""
        self.preparing = ""
        files = self._files.get(snapshot.name, {})
        for file in snapshot.files if whole else ():
            if file.name in files and files[file.name].stat == file:
                files[file.name] = replace(files[file.name], prepared=True)


def _seen(known: _File | None, file: FileStat, now: float) -> _File:
    if known is None:
        return _File(file, now)
    if known.stat == file:
        return known
    return _File(file, now, in_vain=known.in_vain + known.prepared)
