"""The sidecars that are checked before their folder is at rest: which one is next, and what became of it.

When that may be is a rule (`daemon.early_check`), what is done is the work of `recheck`; here is the queue between
the two. Times are in seconds of the clock that `Cases` is given.

Whether a sidecar that was just saved may be checked before its folder has come to rest.

Scanners need the long quiet time, a saved text file does not. So when the scans have been at rest for that
time and only the sidecar moved, it is checked a moment after it was saved, and the fiscal reads at once what
is wrong. Nothing is published so: that waits for the folder, as ever. Each version is checked once.
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
"""Editors that save by truncating and writing, or by writing and renaming, are done in a fraction of it (F38)."""


class Rechecking:
    """Watches the scans and the sidecar of any number of folders; times in seconds of one clock that only runs forward."""

    def __init__(self, settle_seconds: float, pause_seconds: float = float("inf")) -> None:
        """Scans are at rest after ``settle_seconds``, a sidecar after `SAVED_SECONDS` or that, if it is less."""
        self._scans = Settling(settle_seconds, pause_seconds)
        self._sidecar = Settling(min(settle_seconds, SAVED_SECONDS), pause_seconds)
        self._known: dict[str, Hashable] = {}

    def observe(self, name: str, scans: Hashable, sidecar: Hashable, now: float) -> Moving | Quiet:
        """Note what a folder's scans and its sidecar look like; `Quiet` when the sidecar may be checked now.

        ``Moving.until`` is the earliest moment for it, inf when this sidecar is known already.
        """
        seen = (self._scans.observe(name, scans, now), self._sidecar.observe(name, sidecar, now))
        if self._known.get(name) == (scans, sidecar):
            return Moving(float("inf"))
        waits = [rest.until for rest in seen if isinstance(rest, Moving)]
        return Moving(max(waits)) if waits else Quiet(max(rest.since for rest in seen if isinstance(rest, Quiet)))

    def know(self, name: str, scans: Hashable, sidecar: Hashable) -> None:
        """Note that a version was checked, or done altogether: no need to tell of it again."""
        self._known[name] = (scans, sidecar)

    def retain(self, names: Iterable[str]) -> None:
        """Forget every folder not among ``names``."""
        kept = set(names)
        self._scans.retain(kept)
        self._sidecar.retain(kept)
        self._known = {name: known for name, known in self._known.items() if name in kept}


@dataclass(slots=True)
class EarlyChecks:
    """``rechecking``: when a sidecar is checked before its folder is at rest; None: never."""

    rechecking: Rechecking | None = None
    checking: str | None = None
    """The case whose sidecar is checked now: it is only observed."""
    _waiting: dict[str, Snapshot] = field(default_factory=dict)

    def clear(self) -> None:
        """A new scan begins: what is to be checked is found anew."""
        self._waiting.clear()

    def retain(self, names: Collection[str]) -> None:
        """Forget every folder not among ``names``."""
        if self.rechecking is not None:
            self.rechecking.retain(names)

    def observe(self, snapshot: Snapshot, now: float) -> Moving | Quiet:
        """Whether its sidecar may be checked now, or when; asked at every look, whatever the case waits for."""
        if self.rechecking is None or not snapshot.sidecars:
            return Moving(float("inf"))
        return self.rechecking.observe(snapshot.name, snapshot.scans, snapshot.sidecars, now)

    def wanted(self, snapshot: Snapshot, check: Moving | Quiet) -> float:
        """Put a moving folder in the queue if ``check`` allows it; else when to ask again, inf if not at all."""
        if isinstance(check, Moving):
            return check.until
        self._waiting[snapshot.name] = snapshot
        return float("inf")

    def begin(self, but: Collection[str]) -> Snapshot | None:
        """A case whose sidecar is to be checked now, any but those; None if there is none, or one is being checked."""
        if self.checking is not None or self.rechecking is None:
            return None
        name = next((name for name in self._waiting if name not in but), None)
        if name is None:
            return None
        snapshot, self.checking = self._waiting.pop(name), name
        self.rechecking.know(name, snapshot.scans, snapshot.sidecars)
        return snapshot

    def finish(self, outcome: Outcome | BaseException) -> str | None:
        """The name of the case whose check ended so; a failure is told, for its job comes when it is at rest."""
        name, self.checking = self.checking, None
        if name is not None and isinstance(outcome, Exception) and not isinstance(outcome, Stopped):
            logger.warning("{}: o processo.yaml ainda não pôde ser conferido: {}", printable(name), outcome)
        return name
