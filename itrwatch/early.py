"""The sidecars that are checked before their folder is at rest: which one is next, and what became of it.

When that may be is a rule (`core.rechecking`), what is done is the work of `recheck`; here is the queue between
the two. Times are in seconds of the clock that `Cases` is given.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from loguru import logger

from itrwatch.core.filenames import printable
from itrwatch.core.manifest import Outcome, Stopped
from itrwatch.core.rechecking import Rechecking
from itrwatch.core.settling import Moving, Quiet
from itrwatch.store.inbox import Snapshot


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

    def begin(self, but: str | None) -> Snapshot | None:
        """A case whose sidecar is to be checked now, any but that one; None if there is none, or one is being checked."""
        if self.checking is not None or self.rechecking is None:
            return None
        name = next((name for name in self._waiting if name != but), None)
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
