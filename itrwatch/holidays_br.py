"""The calendar of the office, from the `holidays` library and the configuration."""

from __future__ import annotations

from datetime import date

from itrwatch.core.calendar import Calendar
from itrwatch.core.settings import Holidays


def office_calendar(settings: Holidays, years: range) -> Calendar:
    """National holidays (certain), those of the UF, pontos facultativos and the municipal dates (doubtful)."""
    raise NotImplementedError


def calendar_for(settings: Holidays, today: date) -> Calendar:
    """The calendar that covers every case that may still matter: from 2013 to two years from ``today``."""
    raise NotImplementedError
