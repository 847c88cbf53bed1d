"""Selects sidecars that may be checked before their folder is at rest.

Scanners need a long quiet time, a saved text file does not. If the scans of a folder have been at rest and only its
sidecar changed, the sidecar is checked a moment after it was saved (`job.recheck`), so that the fiscal can read its
faults at once. The check publishes no PDFs: these are made when the folder is at rest. Each version is checked once.

Times are in seconds of the clock given to `Cases`.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable
from dataclasses import dataclass, field

from loguru import logger

from itrwatch.core.filenames import printable
from itrwatch.core.manifest import Outcome, Stopped
from itrwatch.daemon.settling import Moving, Quiet, Settling
from itrwatch.store.inbox import Snapshot

SAVED_SECONDS = 2.0
"""Quiet time of a sidecar. Chosen: editors that truncate and write, or write and rename, need a fraction of it (F38)."""


class Rechecking:
    """The rule: watches scans and sidecar of every folder separately; times in seconds of a monotonic clock.

    Unlike for the job, time without observations counts as quiet: a finished folder is listed only every half hour, and a
    fiscal who corrects its sidecar after ten must get an answer in seconds. A check publishes no page.
    """

    def __init__(self, settle_seconds: float) -> None:
        """Scans are at rest after ``settle_seconds``, a sidecar after the smaller of that and `SAVED_SECONDS`."""
        self._scans = Settling(settle_seconds)
        self._sidecar = Settling(min(settle_seconds, SAVED_SECONDS))
        self._known: dict[str, Hashable] = {}

    def observe(self, name: str, scans: Hashable, sidecar: Hashable, now: float) -> Moving | Quiet:
        """Note the state of a folder's scans and sidecar; `Quiet` when the sidecar may be checked now.

        ``Moving.until``: the earliest moment for it, inf if this version was checked already.
        """
        seen = (self._scans.observe(name, scans, now), self._sidecar.observe(name, sidecar, now))
        if self._known.get(name) == (scans, sidecar):
            return Moving(float("inf"))
        waits = [found.until for found in seen if isinstance(found, Moving)]
        return Moving(max(waits)) if waits else Quiet(max(found.since for found in seen if isinstance(found, Quiet)))

    def know(self, name: str, scans: Hashable, sidecar: Hashable) -> None:
        """Note that this version was checked, or its case processed: it is not checked again."""
        self._known[name] = (scans, sidecar)

    def retain(self, names: Iterable[str]) -> None:
        """Forget every folder not among ``names``."""
        kept = set(names)
        self._scans.retain(kept)
        self._sidecar.retain(kept)
        self._known = {name: known for name, known in self._known.items() if name in kept}


@dataclass(slots=True)
class EarlyChecks:
    """The queue of sidecars to check; ``rechecking`` None: none is checked early."""

    rechecking: Rechecking | None = None
    checking: str | None = None
    """The case whose sidecar is checked now: it is only observed."""
    _waiting: dict[str, Snapshot] = field(default_factory=dict)

    def clear(self) -> None:
        """Empty the queue, at the beginning of a scan."""
        self._waiting.clear()

    def retain(self, names: Collection[str]) -> None:
        """Forget every folder not among ``names``."""
        if self.rechecking is not None:
            self.rechecking.retain(names)

    def observe(self, snapshot: Snapshot, now: float) -> Moving | Quiet:
        """Whether or when the sidecar may be checked; called for every case at every scan."""
        if self.rechecking is None or not snapshot.sidecars:
            return Moving(float("inf"))
        return self.rechecking.observe(snapshot.name, snapshot.scans, snapshot.sidecars, now)

    def wanted(self, snapshot: Snapshot, check: Moving | Quiet) -> float:
        """Queue a moving folder if ``check`` allows it; the time of the next possible check, inf if there is none."""
        if isinstance(check, Moving):
            return check.until
        self._waiting[snapshot.name] = snapshot
        return float("inf")

    def begin(self, but: Collection[str]) -> Snapshot | None:
        """A queued case that is not in ``but``; None if there is none, or if one is being checked."""
        if self.checking is not None or self.rechecking is None:
            return None
        name = next((name for name in self._waiting if name not in but), None)
        if name is None:
            return None
        snapshot, self.checking = self._waiting.pop(name), name
        self.rechecking.know(name, snapshot.scans, snapshot.sidecars)
        return snapshot

    def finish(self, outcome: Outcome | BaseException) -> str | None:
        """The name of the case whose check ended; a failure is only logged, because the job finds it again."""
        name, self.checking = self.checking, None
        if name is not None and isinstance(outcome, Exception) and not isinstance(outcome, Stopped):
            logger.warning("{}: o processo.yaml ainda não pôde ser conferido: {}", printable(name), outcome)
        return name
