"""Counts the period for the impugnação: the applicable rule and the last day (Decreto 70.235, art. 5; LC 227/2026).

last_day(date(2023, 10, 2), off=frozenset()) -> date(2023, 11, 1)
"""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum

from itrwatch.core.calendar import SUSPENSION_SINCE, next_working_day, suspended
from itrwatch.core.manual import Norm

CONSECUTIVE_DAYS = 30
WORKING_DAYS = 20
LC_227_FROM = date(2026, 4, 1)
"""The periods of both rules, and the first day of ciência to which only the new rule applies (`Norm.PERIOD`, `Norm.PERIOD_2026`)."""


class Regime(StrEnum):
    """The rule for counting, by the day of the ciência; the value is for the report."""

    BEFORE_2026 = "30 dias corridos"
    EARLY_2026 = "20 dias úteis ou 30 dias corridos, o que terminar depois"
    LC_227 = "20 dias úteis"

    @property
    def source(self) -> str:
        """The norm, and its relation to the tutorial's text."""
        if self is Regime.BEFORE_2026:
            return f"{Norm.PERIOD}, como no manual"
        return f"{Norm.PERIOD_2026}; o manual, anterior, diz 30 dias"


def regime_of(ciencia: date) -> Regime:
    """The rule that applies to a ciência of this day."""
    if ciencia < SUSPENSION_SINCE:
        return Regime.BEFORE_2026
    return Regime.EARLY_2026 if ciencia < LC_227_FROM else Regime.LC_227


def last_day(ciencia: date, off: frozenset[date]) -> date:
    """The last day of the period; ``off``: days without work, except weekends.

    The day of the ciência is excluded and the last one included; it begins and ends on working days.
    """
    first = next_working_day(ciencia + timedelta(days=1), off)
    regime = regime_of(ciencia)
    if regime is Regime.BEFORE_2026:
        return _consecutive(first, off)
    if regime is Regime.EARLY_2026:
        return max(_consecutive(first, off), _working(first, off))
    return _working(first, off)


def _consecutive(first: date, off: frozenset[date]) -> date:
    """The 30th day, with ``first`` as day one; suspended days are skipped."""
    # `first` is day one, so one day fewer remains.
    day, left = first, CONSECUTIVE_DAYS - 1
    while left:
        day += timedelta(days=1)
        left -= not suspended(day)
    return next_working_day(day, off)


def _working(first: date, off: frozenset[date]) -> date:
    day = first
    for _ in range(WORKING_DAYS - 1):
        day = next_working_day(day + timedelta(days=1), off)
    return day
