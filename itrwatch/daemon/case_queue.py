"""The order of the cases that are ready.

The case that has been at rest longest is first. Last are cases that took long before without a result, and cases during
which a process died.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from itrwatch.core.manifest import Outcome, Published
from itrwatch.daemon.case_state import Watched

SHORT_BYTES = 8 << 20
"""Cases with scans below this size count as short, about ten to fifty pages; one that still takes long is interrupted. Chosen."""
HEAVY_SECONDS = 20.0
"""A job without PDFs that took longer moves its case to the end; usually a pending case takes one or two seconds. Chosen."""


@dataclass(slots=True)
class CaseQueue:
    """The names of the ready cases; ``cases``: all known cases by name."""

    cases: Mapping[str, Watched]
    ready: list[str] = field(default_factory=list)
    last: set[str] = field(default_factory=set)
    """Cases after all others: a process died during their job (F46)."""

    def fill(self, names: Iterable[str]) -> None:
        """Replace the queue by these cases, in their order."""
        self.ready = sorted(names, key=self._rank)

    def in_order(self, *, short: bool | None) -> list[str]:
        """The names in order; ``short`` True: only short cases; None: all, for a caller with one thread.

        False: all, of equally heavy ones the long first, because short ones have their own thread.
        """
        if short is None:
            return list(self.ready)
        if short:
            return [name for name in self.ready if self._short(name)]
        return sorted(self.ready, key=lambda name: (self._rank(name)[:2], self._short(name)))

    @property
    def short_waits(self) -> bool:
        """Whether a short case is in the queue."""
        return any(self._short(name) for name in self.ready)

    def weigh(self, name: str, outcome: Outcome | BaseException, took: float) -> None:
        """Note the duration (s) of a job: a long one without PDFs moves its case to the end, even if the sidecar changes later."""
        case = self.cases[name]
        if isinstance(outcome, Published):
            case.heavy = 0
        elif took > HEAVY_SECONDS:
            case.heavy += 1

    def _rank(self, name: str) -> tuple[bool, int, float]:
        case = self.cases[name]
        return name in self.last, case.heavy, case.due

    def _short(self, name: str) -> bool:
        case = self.cases[name]
        return not case.heavy and case.size <= SHORT_BYTES and name not in self.last
