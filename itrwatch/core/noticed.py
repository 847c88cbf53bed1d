"""Findings from the recognised words: missing pages, pages of another case, folhas and dates that the paper gives otherwise.

    noticed(((ref, Section.NOTIFICACAO, PageSays(counter=(2, 5))), (ref, Section.NOTIFICACAO, PageSays(counter=(4, 5)))), processo)
        -> (Finding("… salta 1 página entre a página 1 do arquivo e esta …"),)

Only certain findings are reported (`python -m bench reading` counts false ones). No log, manifest or name contains
recognised text: a sentence has pages of scans and the folhas that we number, never a number or a name from the page.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby, pairwise

from itrwatch.core.calendar import brazilian
from itrwatch.core.case_description import Modo, Sidecar, Via
from itrwatch.core.codes import Code
from itrwatch.core.filenames import printable
from itrwatch.core.findings import Finding, reminder, warning
from itrwatch.core.page_says import PageSays
from itrwatch.core.pages import PageRef, Spot
from itrwatch.core.processo import Processo
from itrwatch.core.sections import Section
from itrwatch.core.text_matching import counted

OFFICE = frozenset({Section.CAPA, Section.NOTIFICACAO, Section.CIENCIA, Section.TIF, Section.TCIF, Section.TERMO})
"""The sections that the office writes for this case. An impugnação or a DITR may cite other cases."""
ANSWERED = frozenset({Section.TIF, Section.TCIF})
"""Of these only the first page is the office's for certain: the answer to them may be a licence, a certificate or a decision of another case."""
LEAST_WORDS = 30
"""Certain words from which a termo is read well enough to say of what it does not speak. Chosen."""
LEAST_NUMBERED = 2
"""Least pages with other folha numbers on the paper. Chosen: one may be a copy from another case."""

PublishedPage = tuple[PageRef, Section, PageSays]
"""A published page, its section and the facts from its words."""


def noticed(
    pages: Sequence[PublishedPage],
    processo: Processo,
    folhas: Mapping[PageRef, int] | None = None,
    *,
    numbered_here: bool = False,
    sidecar: Sidecar | None = None,
    blank: Collection[PageRef] = (),
) -> tuple[Finding, ...]:
    """The findings about the published pages of a case, given in their order; ``folhas``: their numbers, if the case is numbered.

    ``numbered_here``: the numbers are ours, because the sidecar does not say whether the paper has its own. ``sidecar``: for its dates.
    ``blank``: the pages that were removed because nothing is on them.
    """
    folhas = folhas or {}
    on_paper = _on_paper(pages, folhas) if numbered_here else ()
    dates = _dates(pages, sidecar) if sidecar else ()
    return (*_missing(pages, blank), *_of_others(pages, processo), *_termo(pages, folhas), *on_paper, *dates)


def _missing(pages: Sequence[PublishedPage], blank: Collection[PageRef]) -> Iterator[Finding]:
    """A finding for two counters of one document with fewer pages between them than the counters require.

    A page that lies between them in the file but not in the section was scanned, too, unless it is a ``blank`` back.
    """
    for _, run in groupby(enumerate(pages), key=lambda item: (item[1][0].file, item[1][1])):
        read = [(place, ref, says.counter, says.spots.get("counter")) for place, (ref, _, says) in run if says.counter]
        for (at, before, one, _), (then, ref, other, spot) in pairwise(read):
            first, last = sorted((before.page, ref.page))
            scanned = 1 + sum(PageRef(ref.file, page) not in blank for page in range(first + 1, last))
            between = other[0] - one[0] - max(then - at, scanned)
            if one[1] == other[1] and between > 0:
                yield warning(
                    Code.PAGE_NOT_SCANNED,
                    missing=counted(between, "página", "páginas"),
                    before=before.page,
                    file=printable(ref.file),
                    page=ref.page,
                    spot=spot,
                )


def _of_others(pages: Sequence[PublishedPage], processo: Processo) -> Iterator[Finding]:
    """Findings for office pages with the number of another case and without the six-digit serial of their own.

    A page with the numbers of several cases is a list of them: an edital, a cover letter.
    """
    own = processo.digits[5:11]
    before: Section | None = None
    for ref, section, says in pages:
        offices = section in OFFICE and not (section in ANSWERED and section is before)
        perhaps_own = says.doubt or any(own in digits for digits in says.digits)
        if offices and len(says.processos) == 1 and not perhaps_own:
            yield warning(
                Code.PAGE_OF_ANOTHER, file=printable(ref.file), page=ref.page, spot=says.spots.get("processos")
            )
        before = section


def _termo(pages: Sequence[PublishedPage], folhas: Mapping[PageRef, int]) -> Iterator[Finding]:
    """Findings for a termo of one page that cites other folhas than those of the case, or does not speak of its impugnação."""
    termos = [(ref, says) for ref, section, says in pages if section is Section.TERMO]
    if len(termos) != 1 or termos[0][1].unclear or termos[0][1].words < LEAST_WORDS:
        return
    ((ref, says),) = termos
    own = [folhas[other] for other, section, _ in pages if section is Section.IMPUGNACAO and other in folhas]
    there = any(section is Section.IMPUGNACAO for _, section, _ in pages)
    if there and not says.impugnacao:
        yield reminder(Code.TERMO_SILENT, file=printable(ref.file), page=ref.page)
    last = max(folhas.values(), default=0)
    if not last:
        return
    ends = {last} if says.inclusive else {last, last - 1}
    if any(through not in ends for through in says.through) or any(end > last for _, end in says.cited):
        yield _other_folhas(ref, "o processo", folhas.values(), says)
    elif own and says.impugnacao and says.cited and not says.listed and (min(own), max(own)) not in says.cited:
        yield _other_folhas(ref, "a impugnação", own, says)


def _other_folhas(termo: PageRef, what: str, folhas: Collection[int], says: PageSays) -> Finding:
    first, last, file = min(folhas), max(folhas), printable(termo.file)
    spot = says.spots.get("cited") or says.spots.get("through")
    return reminder(Code.TERMO_OTHER_FOLHAS, what=what, first=first, last=last, file=file, page=termo.page, spot=spot)


def _on_paper(pages: Sequence[PublishedPage], folhas: Mapping[PageRef, int]) -> Iterator[Finding]:
    """A finding if pages of the office bear other folha numbers than those that are stamped."""
    others = [
        (ref, says.folha, folhas[ref], says.spots.get("folha"))
        for ref, section, says in pages
        if section in OFFICE and says.folha is not None and folhas.get(ref, says.folha) != says.folha
    ]
    rising = all(one[1] < other[1] for one, other in pairwise(others))
    if len(others) >= LEAST_NUMBERED and rising:
        ref, _, stamped, spot = others[0]
        yield reminder(
            Code.FOLHAS_ON_PAPER,
            pages=counted(len(others), "página", "páginas"),
            stamped=stamped,
            file=printable(ref.file),
            page=ref.page,
            spot=spot,
        )


def _dates(pages: Sequence[PublishedPage], sidecar: Sidecar) -> Iterator[Finding]:
    """Reminders for a ciência and an impugnação that, by the paper, were received or filed on another day than the sidecar says.

    Of the impugnação only the first page counts: its annexes were filed elsewhere, too. What came by post was filed later than it was posted.
    """
    ciencia, impugnacao = sidecar.ciencia, sidecar.impugnacao
    known = {day for info in (ciencia, impugnacao) if info for day in (info.data,)} | {
        ciencia.envio if ciencia else None
    }
    if ciencia and ciencia.data and ciencia.modo in (Modo.PESSOAL, Modo.POSTAL):
        own = [
            (ref, says.received, says.spots.get("received"))
            for ref, section, says in pages
            if section is Section.CIENCIA
        ]
        yield from _other_day(own, known, "do recebimento", ciencia.data)
    if impugnacao and impugnacao.data and impugnacao.via is Via.PROTOCOLO:
        own = [
            (ref, says.filed, says.spots.get("filed")) for ref, section, says in pages if section is Section.IMPUGNACAO
        ]
        yield from _other_day(own[:1], known, "do protocolo", impugnacao.data)


def _other_day(
    read: Sequence[tuple[PageRef, tuple[date, ...], Spot | None]],
    known: Collection[date | None],
    what: str,
    written: date,
) -> Iterator[Finding]:
    """A reminder for the first page with such a date if none of all that were read is ``known``."""
    if any(day in known for _, days, _ in read for day in days):
        return
    for ref, days, spot in read:
        if days:
            yield reminder(
                Code.DATE_ON_PAPER,
                what=what,
                written=brazilian(written),
                file=printable(ref.file),
                page=ref.page,
                spot=spot,
            )
            return
