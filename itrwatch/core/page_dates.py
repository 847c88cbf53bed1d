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
LEAST_OF_A_SENTENCE = 9
"""Letters behind a date from which it is part of a sentence. Chosen: “às 14:32 horas” has seven."""
_FILED = re.compile(r"\bprotocol(?:o|ad[oa]|izad[oa])\b(?: geral)?(?: n\S{0,3})?(?: [\d./-]+)?" + _WHEN + _DATE)


def received_and_filed(phrases: Iterable[str]) -> tuple[tuple[date, ...], tuple[date, ...]]:
    """The days on which, by the ``phrases`` of a page, something was received, and those on which something was filed.

    Of a filing only what is a phrase by itself, as in a stamp: a petition tells of others (“a resposta protocolada em 05/06/2022”).
    """
    folded = [fold(phrase) for phrase in phrases]
    received = [found for text in folded for found in _RECEIVED.finditer(text)]
    filed = [found for text in folded for found in _FILED.finditer(text) if _is_alone(text, found)]
    return tuple(_dates(received)), tuple(_dates(filed))


def _is_alone(text: str, found: re.Match[str]) -> bool:
    letters = [sum(map(str.isalpha, part)) for part in (text[: found.start()], text[found.end() :])]
    return not letters[0] and letters[1] < LEAST_OF_A_SENTENCE


def _dates(found: Iterable[re.Match[str]]) -> Iterator[date]:
    for one in found:
        if isinstance(day := parse_date(one[1]), date):
            yield day
