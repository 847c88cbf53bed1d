"""The calendar of the office, from the `holidays` library and the configuration.

calendar_for(Holidays("GO", ("26/08",)), today) -> Calendar((Holiday(date(2006, 1, 1), "Confraternização Universal", True), …), …)
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

from itrwatch.core.calendar import Calendar, Holiday
from itrwatch.core.case_description import Sidecar
from itrwatch.core.settings import Holidays

if TYPE_CHECKING:
    from holidays import HolidayBase

FIRST_YEAR = 2006
"""The first agreements under which municipalities audit the ITR are of 2008; a year takes some 3 ms to compute. Chosen."""
MUNICIPAL = "feriado municipal"


def calendar_for_case(sidecar: Sidecar | None, settings: Holidays, today: date) -> Calendar:
    """The office's calendar, or an empty one if the sidecar has no date from which days are counted."""
    counts = sidecar is not None and (sidecar.ciencia is not None or sidecar.andamento is not None)
    return calendar_for(settings, today) if counts else Calendar()


def calendar_for(settings: Holidays, today: date) -> Calendar:
    """The calendar for all current cases: from `FIRST_YEAR` to two years after ``today``, because a period may continue."""
    return office_calendar(settings, range(FIRST_YEAR, today.year + 3))


@lru_cache(4)
def office_calendar(settings: Holidays, years: range) -> Calendar:
    """National holidays (certain), those of the UF, pontos facultativos and the municipal dates (doubtful)."""
    national = _holidays(years)
    days = {day: Holiday(day, name, certain=True) for day, name in national.items()}
    for day, name in (*_of_state(settings.uf, years), *_optional(years), *_municipal(settings.municipal, years)):
        days.setdefault(day, Holiday(day, name, certain=False))
    return Calendar(tuple(sorted(days.values())), _made_of(settings))


def _holidays(years: range, subdiv: str | None = None, categories: tuple[str, ...] | None = None) -> HolidayBase:
    import holidays  # noqa: PLC0415  0.06 s that a case without dates can do without

    return holidays.country_holidays("BR", subdiv=subdiv, years=years, language="pt_BR", categories=categories)


def _of_state(uf: str, years: range) -> Iterator[tuple[date, str]]:
    if uf:
        state = _holidays(years, subdiv=uf)
        yield from ((day, f"{name}, feriado de {uf}") for day, name in state.items())


def _optional(years: range) -> Iterator[tuple[date, str]]:
    optional = _holidays(years, categories=("optional",))
    yield from ((day, f"{name}, ponto facultativo") for day, name in optional.items())


def _municipal(dates: tuple[str, ...], years: range) -> Iterator[tuple[date, str]]:
    for text in dates:
        day, month, *year = map(int, text.split("/"))
        for each in year or years:
            if _exists(each, month, day):
                yield date(each, month, day), MUNICIPAL


def _exists(year: int, month: int, day: int) -> bool:
    """29/02 is a date of leap years only."""
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _made_of(settings: Holidays) -> str:
    parts = ["sábados, domingos, feriados nacionais e pontos facultativos"]
    absent = []
    if settings.uf:
        parts.append(f"feriados de {settings.uf}")
    else:
        absent.append("do estado")
    if settings.municipal:
        parts.append(f"datas do município ({', '.join(settings.municipal)})")
    else:
        absent.append("do município")
    known = ", ".join(parts)
    return f"{known}; os feriados {' e '.join(absent)} não estão na configuração" if absent else known
