"""The calendar of an office: which days are no working days, and how sure that is.

Weekends and national holidays are certain. Whether state and municipal holidays and the pontos
facultativos count for the period is open (no text settles it), so they are *doubtful*: a deadline
is shown as a range, once without and once with them. From 14/01/2026 on the count stands still
from 20 December to 20 January (LC 227/2026).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

SUSPENSION_SINCE = date(2026, 1, 14)


@dataclass(frozen=True, slots=True, order=True)
class Holiday:
    """A day without work; ``name`` in Portuguese; ``certain``: national, not only of the state, the town or optional."""

    day: date
    name: str
    certain: bool


@dataclass(frozen=True, slots=True)
class Calendar:
    """``holidays`` sorted by day; ``made_of`` says in Portuguese which calendar this is, for the report."""

    holidays: tuple[Holiday, ...] = ()
    made_of: str = "só sábados e domingos"


def suspended(day: date) -> bool:
    """Whether the count stands still on this day: 20/12 to 20/01, since the law is in force."""
    raise NotImplementedError


def next_working_day(day: date, off: frozenset[date]) -> date:
    """The first working day from ``day`` on, ``day`` included: no weekend, none of ``off``, not suspended."""
    raise NotImplementedError


__all__ = ["SUSPENSION_SINCE", "Calendar", "Holiday", "next_working_day", "suspended"]
