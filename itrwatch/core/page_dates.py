"""Finds dates of a page that stand behind the word that says what they are: “Recebido em 02/10/2023”.

    received_and_filed(["Protocolo nº 123 em 20/10/2023"]) -> ((), (date(2023, 10, 20),))

A date without such a word in its line may be any date, and is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date

from itrwatch.core.dates import parse_date
from itrwatch.core.text_matching import fold

_DATE = r"(\d{1,2}([/.-])\d{1,2}\2\d{4}|\d{1,2}[o°]? (?:de )?[a-z]{3,9}\.? (?:de )?\d{4})(?!\d)"
_WHEN = r"[\s,:;-]*(?:(?:em|no dia|dia|aos|data|na data|de)\b[\s,:-]*){0,3}"
_RECEIVED = re.compile(
    r"\b(?:recebi|recebid[oa]|recebemos|(?:data|dia) d[aeo] (?:recebimento|entrega|ciencia)|entregue|tom(?:ei|ou) ciencia|ciente)\b"
    + _WHEN
    + _DATE
)
_FILED = re.compile(r"\bprotocol(?:o|ad[oa]|izad[oa])\b(?: geral)?(?: n\S{0,3})?(?: [\d./-]+)?" + _WHEN + _DATE)


def received_and_filed(phrases: Iterable[str]) -> tuple[tuple[date, ...], tuple[date, ...]]:
    """The days on which, by the ``phrases`` of a page, something was received, and those on which something was filed."""
    folded = [fold(phrase) for phrase in phrases]
    return tuple(_dates(_RECEIVED, folded)), tuple(_dates(_FILED, folded))


def _dates(pattern: re.Pattern[str], folded: Iterable[str]) -> Iterator[date]:
    for found in (found for text in folded for found in pattern.finditer(text)):
        if isinstance(day := parse_date(found[1]), date):
            yield day
