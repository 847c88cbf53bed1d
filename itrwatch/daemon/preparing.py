"""Which scans of a folder that is not yet at rest have been unchanged long enough to prepare their pages.

If a scan changes after it was prepared, the work was wasted; then it must be unchanged for half a minute before it is prepared
again. A scanner that rewrites its file for every page costs one wasted attempt, not one for each page.
Times are in seconds of the clock that `Cases` is given; nothing here reads one.
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
class _Scan:
    stat: FileStat
    since: float
    looked: bool = False
    in_vain: int = 0

    def still(self, now: float) -> bool:
        return now - self.since >= (STILL_AGAIN_SECONDS if self.in_vain else STILL_SECONDS)


@dataclass(slots=True)
class Preparing:
    """The scans of the folders that are moving; ``preparing``: the folder whose pages are done now."""

    preparing: str = ""
    _snapshots: dict[str, Snapshot] = field(default_factory=dict)
    _scans: dict[str, dict[str, _Scan]] = field(default_factory=dict)

    def observe(self, snapshot: Snapshot, now: float) -> None:
        """Note what a moving folder looks like now."""
        known, self._snapshots[snapshot.name] = self._scans.get(snapshot.name, {}), snapshot
        self._scans[snapshot.name] = {scan.name: _seen(known.get(scan.name), scan, now) for scan in snapshot.scans}

    def forget(self, name: str) -> None:
        """The folder is at rest: its job comes."""
        self._snapshots.pop(name, None)
        self._scans.pop(name, None)

    def retain(self, names: Collection[str]) -> None:
        """Forget every folder not among ``names``."""
        for name in self._snapshots.keys() - set(names):
            self.forget(name)

    def begin(self, now: float) -> Snapshot | None:
        """A folder with only its unchanged scans, at least one of them not prepared; or None."""
        for name, scans in self._scans.items():
            still = {scan for scan, seen in scans.items() if seen.still(now)}
            if any(not scans[scan].looked for scan in still):
                self.preparing = name
                snapshot = self._snapshots[name]
                return replace(snapshot, scans=tuple(scan for scan in snapshot.scans if scan.name in still))
        return None

    def finish(self, snapshot: Snapshot, *, whole: bool) -> None:
        """Note that the scans of ``snapshot`` were prepared; not ``whole``: the work was interrupted."""
        self.preparing = ""
        scans = self._scans.get(snapshot.name, {})
        for scan in snapshot.scans if whole else ():
            if scan.name in scans and scans[scan.name].stat == scan:
                scans[scan.name] = replace(scans[scan.name], looked=True)


def _seen(known: _Scan | None, scan: FileStat, now: float) -> _Scan:
    if known is None:
        return _Scan(scan, now)
    if known.stat == scan:
        return known
    return _Scan(scan, now, in_vain=known.in_vain + known.looked)
