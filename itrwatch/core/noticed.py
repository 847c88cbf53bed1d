"""What the words of the pages give away: a page that is missing between two, a page of another case, numbers on the paper.

    noticed(((ref, Section.NOTIFICACAO, PageSays(counter=(2, 5))), (ref, Section.NOTIFICACAO, PageSays(counter=(4, 5)))), processo)
        -> (Finding("… parece faltar a página 3 …"),)

A finding has to be certain; whatever may be otherwise is not reported (`python -m bench reading` counts false ones). What a page says is
in no log, manifest or name: a sentence has page counters and folhas, and never a number or a name from the page.
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
"""The sections whose pages the office wrote for this case. An impugnação or a DITR may cite other cases."""
MOST_PAGES = 400
"""A printed “de M” above this is no counter of pages. Chosen."""
LONG = 9
"""Figures of a number that may be that of a case. Chosen: one of 15 that was cut short of its year and check digits still has as many."""


@dataclass(frozen=True, slots=True)
class PageSays:
    """What may matter of the words of a page.

    ``counter``: “Página 2 de 5”; ``processos``: process numbers that stand behind
    the word “Processo” and have the right check digits; ``digits``: those of all long numbers. ``doubt``: a long number was not read surely.
    """

    counter: tuple[int, int] | None = None
    processos: tuple[Processo, ...] = ()
    digits: tuple[str, ...] = ()
    doubt: bool = False


Told = tuple[PageRef, Section, PageSays]
"""A published page, its section and what it says."""


def page_says(words: Sequence[Word], doubtful: Sequence[str] = ()) -> PageSays:
    """What the words of a page give away; ``doubtful``: the words that were not believed."""
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
    """“Página 2 de 5”, “Pág. 2/5”."""
    for found in re.finditer(
        r"(?<!\w)p[áa]g(?:ina|\.)?:? (\d{1,3}) ?(?:de|/) ?(\d{1,3})(?![\d/.-]\d|\d)", " ".join(line), re.IGNORECASE
    ):
        number, of = int(found[1]), int(found[2])
        if 1 <= number <= of <= MOST_PAGES and of > 1:
            yield number, of


def _labelled(line: Sequence[str]) -> Iterator[Processo]:
    """The numbers behind “Processo nº”."""
    for found in re.finditer(
        r"(?<!\w)processo(?: administrativo| fiscal)*:? (?:n[º.o]*:? )?(\d\S+)", " ".join(line), re.IGNORECASE
    ):
        number = find_processo(found[1])
        if number and number.check_digits_agree:
            yield number


def noticed(pages: Sequence[Told], processo: Processo) -> tuple[Finding, ...]:
    """The findings about the published pages of a case, which are given in their order."""
    return (*_missing(pages), *_of_others(pages, processo))


def _missing(pages: Sequence[Told]) -> Iterator[Finding]:
    """Two counters of one document between which fewer pages lie than were printed."""
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


def _of_others(pages: Sequence[Told], processo: Processo) -> Iterator[Finding]:
    """Pages of the office that name another case and nowhere their own; the six figures of its number are enough for that."""
    own = processo.digits[5:11]
    for ref, section, says in pages:
        perhaps_own = says.doubt or any(own in digits for digits in says.digits)
        if section in OFFICE and says.processos and not perhaps_own:
            yield warning(Code.PAGE_OF_ANOTHER, file=printable(ref.file), page=ref.page)
