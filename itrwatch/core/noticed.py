"""Findings from the recognised words: a page missing between two others, or a page of another case.

    noticed(((ref, Section.NOTIFICACAO, PageSays(counter=(2, 5))), (ref, Section.NOTIFICACAO, PageSays(counter=(4, 5)))), processo)
        -> (Finding("… tem as páginas 2 de 5 e 4 de 5, e entre elas falta o que foi impresso (1 página) …"),)

Only certain findings are reported (`python -m bench reading` counts false ones). No log, manifest or name contains
recognised text: a sentence has page counters and folhas, never a number or a name from the page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from itrwatch.core.codes import Code
from itrwatch.core.encoded_page import Word
from itrwatch.core.filenames import printable
from itrwatch.core.findings import Finding, warning
from itrwatch.core.pages import PageRef
from itrwatch.core.processo import Processo, find_processo
from itrwatch.core.sections import Section
from itrwatch.core.text_matching import counted

OFFICE = frozenset({Section.CAPA, Section.NOTIFICACAO, Section.CIENCIA, Section.TIF, Section.TCIF, Section.TERMO})
"""The sections that the office writes for this case. An impugnação or a DITR may cite other cases."""
MOST_PAGES = 400
"""Largest M of “Página N de M” that is taken for a page counter. Chosen."""
LONG = 9
"""Digits of a number that may be a case number. Chosen: an old number of 15 digits still has 9 without year and check digits."""


@dataclass(frozen=True, slots=True)
class PageSays:
    """The facts taken from the words of a page.

    ``counter``: “Página 2 de 5”; ``processos``: process numbers after the word “Processo” with right check digits;
    ``digits``: the digits of all long numbers; ``doubt``: whether a long number was read with doubt.
    """

    counter: tuple[int, int] | None = None
    processos: tuple[Processo, ...] = ()
    digits: tuple[str, ...] = ()
    doubt: bool = False


PublishedPage = tuple[PageRef, Section, PageSays]
"""A published page, its section and the facts from its words."""


def page_says(words: Sequence[Word], doubtful: Sequence[str] = ()) -> PageSays:
    """Words → facts; ``doubtful``: the words that were read with doubt. Two different page counters on a page are none."""
    lines = [[word.text for word in line] for _, line in groupby(words, key=lambda word: word.line)]
    counters = {counter for line in lines for counter in _counters(line)}
    sure, others = ([re.sub(r"\D", "", text) for text in texts] for texts in ((word.text for word in words), doubtful))
    return PageSays(
        counters.pop() if len(counters) == 1 else None,
        tuple(dict.fromkeys(number for line in lines for number in _labelled(line))),
        tuple(dict.fromkeys(digits for digits in sure if len(digits) >= LONG)),
        any(len(digits) >= LONG for digits in others),
    )


def _counters(line: Sequence[str]) -> Iterator[tuple[int, int]]:
    """The page counters of a line: “Página 2 de 5”, “Pág. 2/5” → (2, 5)."""
    for found in re.finditer(
        r"(?<!\w)p[áa]g(?:ina|\.)?:? (\d{1,3}) ?(?:de|/) ?(\d{1,3})(?![\d/.-]\d|\d)", " ".join(line), re.IGNORECASE
    ):
        number, of = int(found[1]), int(found[2])
        if 1 <= number <= of <= MOST_PAGES and of > 1:
            yield number, of


def _labelled(line: Sequence[str]) -> Iterator[Processo]:
    """The process numbers after “Processo nº” in a line."""
    for found in re.finditer(
        r"(?<!\w)processo(?: administrativo| fiscal)*:? (?:n[º.o]*:? )?(\d\S+)", " ".join(line), re.IGNORECASE
    ):
        number = find_processo(found[1])
        if number and number.check_digits_agree:
            yield number


def noticed(pages: Sequence[PublishedPage], processo: Processo) -> tuple[Finding, ...]:
    """The findings about the published pages of a case, given in their order."""
    return (*_missing(pages), *_of_others(pages, processo))


def _missing(pages: Sequence[PublishedPage]) -> Iterator[Finding]:
    """A finding for two counters of one document with fewer pages between them than the counters require."""
    for _, run in groupby(enumerate(pages), key=lambda item: (item[1][0].file, item[1][1])):
        read = [(place, ref, says.counter) for place, (ref, _, says) in run if says.counter]
        for (at, _, one), (then, ref, other) in pairwise(read):
            between = other[0] - one[0] - (then - at)
            if one[1] == other[1] and between > 0:
                yield warning(
                    Code.PAGE_NOT_SCANNED,
                    first=f"{one[0]} de {one[1]}",
                    second=f"{other[0]} de {other[1]}",
                    missing=counted(between, "página", "páginas"),
                    file=printable(ref.file),
                    page=ref.page,
                )


def _of_others(pages: Sequence[PublishedPage], processo: Processo) -> Iterator[Finding]:
    """Findings for office pages with the number of another case and without the six-digit serial of their own."""
    own = processo.digits[5:11]
    for ref, section, says in pages:
        perhaps_own = says.doubt or any(own in digits for digits in says.digits)
        if section in OFFICE and says.processos and not perhaps_own:
            yield warning(Code.PAGE_OF_ANOTHER, file=printable(ref.file), page=ref.page)
