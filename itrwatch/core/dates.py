"""Dates as a Brazilian office writes them: the day first; a year of two digits is refused.

parse_date("2 de outubro de 2023") -> date(2023, 10, 2)
"""

from __future__ import annotations

import re
from datetime import date

from itrwatch.core.text_matching import cited, fold

_MONTHS = (
    *("janeiro", "fevereiro", "marco", "abril", "maio", "junho"),
    *("julho", "agosto", "setembro", "outubro", "novembro", "dezembro"),
)
_DAY_FIRST = re.compile(r"([0-9]{1,2})[o°]?([-/.])([0-9]{1,2})\2([0-9]{2}|[0-9]{4})")
_YEAR_FIRST = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})")
_IN_WORDS = re.compile(r"([0-9]{1,2})[o°]? (?:de )?([a-z]{3,9})\.? (?:de )?([0-9]{2}|[0-9]{4})")
_BETWEEN = re.compile(r"([0-9]{1,2})[-/.]([a-z]{3,9})[-/.]([0-9]{2}|[0-9]{4})")
_HELP = "escreva dia/mês/ano, por exemplo 02/10/2023"
_YEARS = range(1990, 2100)
_LONGEST = 60  # characters; chosen: no date is longer, and folding a long text takes time


def parse_date(text: str) -> date | str:
    """The date, or a Portuguese sentence about the fault.

    Accepted: ``02/10/2023`` (also with ``-`` or ``.``), ``2023-10-02``, ``2 de outubro de 2023``, ``2-out-2023``;
    years 1990 to 2099.
    """
    parts = _parts(_plain(text))
    if parts is None:
        return f"não entendi a data {cited(text)}; {_HELP}"
    day, month, year = parts
    if len(year) == 2:
        said = f"a data {cited(text)} tem o ano com dois algarismos"
        return f"{said}; escreva os quatro, por exemplo {_full(day, month, year)}"
    if int(month) > 12 >= int(day) > 0:
        said = f"na data {cited(text)} o mês seria {int(month)}"
        return f"{said}; se o dia veio depois, escreva {_full(month, day, year)}"
    if int(year) not in _YEARS:
        return f"o ano {year} não parece certo; {_HELP}"
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return f"a data {cited(text)} não existe no calendário; confira o dia e o mês"


def proposed_date(text: str) -> str:
    """The probable meaning of a refused date: ``2/10/23`` → ``02/10/2023``; or an empty string."""
    parts = _parts(_plain(text))
    if parts is None:
        digits = re.fullmatch(r"([0-9]{2})([0-9]{2})((?:19|20)[0-9]{2})", text.strip())
        found = re.search(r"[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}", text[:_LONGEST])
        proposal = "/".join(digits.groups()) if digits else found[0] if found else ""
    else:
        day, month, year = parts
        proposal = _full(month, day, year) if int(month) > 12 else _full(day, month, year)
    return proposal if isinstance(parse_date(proposal), date) else ""


def _full(day: str, month: str, year: str) -> str:
    century = "" if len(year) > 2 else "19" if int(year) >= _YEARS.start % 100 else "20"
    return f"{int(day):02}/{int(month):02}/{century}{year}"


def _plain(text: str) -> str:
    """The folded text without blanks around the separators of day, month and year."""
    return (
        re.sub(r" ?([-/.\\]) ?", lambda sign: sign[1].replace("\\", "/"), fold(text)) if len(text) <= _LONGEST else ""
    )


def _parts(text: str) -> tuple[str, str, str] | None:
    """Day, month and year as digits."""
    if found := _DAY_FIRST.fullmatch(text):
        return found[1], found[3], found[4]
    if found := _YEAR_FIRST.fullmatch(text):
        return found[4], found[3], found[1]
    found = _IN_WORDS.fullmatch(text) or _BETWEEN.fullmatch(text)
    month = next((number for number, name in enumerate(_MONTHS, 1) if found and found[2] in (name, name[:3])), None)
    return (found[1], str(month), found[3]) if found and month else None
