"""The calendar of an office: which days are not working days, and whether each is certain.

Weekends and national holidays are certain. No legal text settles whether state and municipal holidays
and pontos facultativos count for the period, so they are *doubtful*: a deadline is shown as a range,
computed without and with them. From 14/01/2026 on, the count is suspended from 20 December to
20 January (LC 227/2026).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

SUSPENSION_SINCE = date(2026, 1, 14)

UFS = (
    *("AC", "AL", "AM", "AP", "BA", "CE", "DF", "ES", "GO", "MA", "MG", "MS", "MT", "PA"),
    *("PB", "PE", "PI", "PR", "RJ", "RN", "RO", "RR", "RS", "SC", "SE", "SP", "TO"),
)
"""The states and the federal district."""


@dataclass(frozen=True, slots=True, order=True)
class Holiday:
    """A day without work; ``name`` in Portuguese; ``certain``: national; False for state, municipal and optional days."""

    day: date
    name: str
    certain: bool

    def __str__(self) -> str:
        """``07/09/2026 (Independência do Brasil)``."""
        return f"{brazilian(self.day)} ({self.name})"


@dataclass(frozen=True, slots=True)
class Calendar:
    """``holidays`` sorted by day; ``made_of``: the description of the calendar for the report, in Portuguese."""

    holidays: tuple[Holiday, ...] = ()
    made_of: str = "só sábados e domingos"
    _certain: frozenset[date] = field(init=False, repr=False, compare=False)
    _all: frozenset[date] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # Computed once: the panel needs it for thousands of cases.
        object.__setattr__(self, "_certain", frozenset(holiday.day for holiday in self.holidays if holiday.certain))
        object.__setattr__(self, "_all", frozenset(holiday.day for holiday in self.holidays))

    def off(self, *, doubtful: bool) -> frozenset[date]:
        """The days without work, except weekends; ``doubtful``: whether doubtful days are included."""
        return self._all if doubtful else self._certain


def brazilian(day: date) -> str:
    """``15/09/2026``."""
    return day.strftime("%d/%m/%Y")


def suspended(day: date) -> bool:
    """Whether the count is suspended on this day: 20/12 to 20/01, once the law is in force."""
    month_day = (day.month, day.day)
    return day >= SUSPENSION_SINCE and (month_day >= (12, 20) or month_day <= (1, 20))


def works(day: date, off: frozenset[date]) -> bool:
    """Whether this is a working day: not on a weekend and not in ``off``."""
    return day.weekday() < 5 and day not in off


def next_working_day(day: date, off: frozenset[date]) -> date:
    """The first working day from ``day`` on (included) on which the count is not suspended."""
    while suspended(day) or not works(day, off):
        day += timedelta(days=1)
    return day


def after_working_days(day: date, count: int, off: frozenset[date]) -> date:
    """The ``count``-th working day after ``day``, ignoring suspensions: for office procedures, not for legal periods."""
    while count:
        day += timedelta(days=1)
        count -= works(day, off)
    return day
