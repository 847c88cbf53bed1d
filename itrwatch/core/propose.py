"""Proposes the section of each page from separator sheets, file names and headings.

Sheets take precedence over names, names over headings, headings over the text of a page. A section continues until another begins, also across
the files of one stack (`stacks`); a blank page is the back of the one before it. A probable copy inside another document does not begin a section: the AR of a
TIF, the notificação attached to an impugnação, a title that has occurred before.

    propose({"noti.pdf": 7}, {}, {}) -> Proposal(sections=(Proposed(Section.NOTIFICACAO, "noti.pdf", …),), …)
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from itrwatch.core.pages import PageRef
from itrwatch.core.proposal import Basis, Confidence, Heading, Proposal, Proposed
from itrwatch.core.sections import Section
from itrwatch.core.separators import Separators, announced
from itrwatch.core.text_matching import counted
from itrwatch.core.title_matching import fronts_with_backs, name_section, stacks

_LONGEST_TITLE = 60  # characters of a cited title; chosen
_TELLS = {
    Section.NOTIFICACAO: "cobra o imposto e dá prazo para impugnar",
    Section.CIENCIA: "é um recibo da notificação",
    Section.DITR: "tem os campos de uma declaração",
    Section.TIF: "pede documentos",
    Section.TCIF: "diz o que foi constatado e dá prazo",
    Section.IMPUGNACAO: "contesta o lançamento",
    Section.TERMO: "encaminha o processo",
}
"""What the text of a page says that has no title."""


@dataclass(frozen=True, slots=True)
class _Current:
    """The section of the next page unless the page begins another one."""

    section: Section
    confidence: Confidence
    basis: Basis
    why: str


@dataclass(slots=True)
class _Run:
    file: str
    pages: list[int]
    current: _Current | None


def propose(
    scans: Mapping[str, int],
    separators: Separators,
    headings: Mapping[PageRef, Heading],
    complement: int | None = None,
    *,
    blank: Collection[PageRef] = (),
) -> Proposal:
    """``scans`` (name → pages), sheets and headings → proposal.

    ``complement``: the number of the juntada in the folder name; its notificação was sent before and is not guessed.
    ``blank``: pages on which nothing is; they begin no section.
    """
    named = fronts_with_backs(scans)
    pairs = {front: back for front, back in named.items() if scans[front] == scans[back]}
    alone = {name: count for name, count in scans.items() if name not in pairs.values()}
    seen = {section for section, sure in filter(None, map(name_section, alone)) if sure}
    runs = [run for stack in stacks(alone) for run in _runs(stack, alone, separators, headings, blank, seen)]
    runs = _joined(runs) if complement else _with_notificacao(_joined(runs))
    proposed = [
        Proposed(c.section, run.file, tuple(run.pages), c.confidence, c.basis, c.why, len(run.pages) == scans[run.file])
        for run in runs
        if (c := run.current)
    ]
    uneven = {name: pair for pair in named.items() if pair[0] not in pairs for name in pair}
    proposed = [_doubted(entry, uneven[entry.file], scans) if entry.file in uneven else entry for entry in proposed]
    proposed = [_with_backs(entry, pairs[entry.file], scans) if entry.file in pairs else entry for entry in proposed]
    order = list(Section)
    return Proposal(
        dict(scans),
        tuple(sorted(proposed, key=lambda entry: order.index(entry.section))),
        tuple(part for run in runs if run.current is None for part in _undecided(run, pairs, scans)),
        tuple(sorted(separators)),
        not named and _complete(scans, separators, runs),
        pairs,
        complement,
    )


def _with_backs(entry: Proposed, backs: str, scans: Mapping[str, int]) -> Proposed:
    """The entry with the backs of its fronts, in the order of a stack that was turned over; its confidence is low."""
    pages = tuple(sorted(scans[entry.file] + 1 - page for page in entry.pages))
    why = f"{entry.why}; frentes e versos alternados, os versos do último para o primeiro"
    return replace(entry, confidence=Confidence.LOW, why=why, backs=backs, back_pages=pages)


def _doubted(entry: Proposed, pair: tuple[str, str], scans: Mapping[str, int]) -> Proposed:
    """The entry of a scan with unequal numbers of fronts and backs: one side lost a page."""
    fronts, backs = counted(scans[pair[0]], "frente", "frentes"), counted(scans[pair[1]], "verso", "versos")
    why = f"{entry.why}; há {fronts} e {backs}: confira se a digitalização está completa"
    return replace(entry, confidence=Confidence.LOW, why=why)


def _undecided(run: _Run, pairs: Mapping[str, str], scans: Mapping[str, int]) -> Iterator[tuple[str, tuple[int, ...]]]:
    yield run.file, tuple(run.pages)
    if backs := pairs.get(run.file):
        yield backs, tuple(sorted(scans[run.file] + 1 - page for page in run.pages))


def _joined(runs: Sequence[_Run]) -> list[_Run]:
    """Adjacent runs of one section in one scan merged into one, with the better basis of the two."""
    joined: list[_Run] = []
    for run in runs:
        before = joined[-1] if joined else None
        if before and run.current and before.current and _same(before, run):
            before.current = _together(before, before.current, run.current)
            before.pages += run.pages
        else:
            joined.append(run)
    return joined


def _together(before: _Run, one: _Current, other: _Current) -> _Current:
    """The better basis of two runs; a title that comes after pages without one says that those may be another document: a cover."""
    if other.basis is Basis.BOTH and one.basis is not Basis.BOTH:
        pages = counted(len(before.pages), "página", "páginas")
        return replace(other, confidence=Confidence.MEDIUM, why=f"{other.why}; confira o que vem antes dela ({pages})")
    return min(one, other, key=lambda c: list(Confidence).index(c.confidence))


def _same(one: _Run, other: _Run) -> bool:
    sections = [run.current.section for run in (one, other) if run.current]
    return one.file == other.file and len(set(sections)) == 1


def _complete(scans: Mapping[str, int], separators: Separators, runs: Sequence[_Run]) -> bool:
    all_from_separators = all(run.current and run.current.basis is Basis.SEPARATOR for run in runs)
    filled = all(pages for _, pages in announced(scans, separators))
    return (
        all_from_separators
        and filled
        and any(run.current and run.current.section is Section.NOTIFICACAO for run in runs)
    )


def _runs(
    stack: Sequence[str],
    scans: Mapping[str, int],
    separators: Separators,
    headings: Mapping[PageRef, Heading],
    blank: Collection[PageRef],
    seen: set[Section],
) -> Iterator[_Run]:
    """The pages of one stack, divided where section or file changes; adds to ``seen``."""
    current: _Current | None = None
    for name in stack:
        current = _carried(current, name)
        named = current if current and current.basis is Basis.NAME else None
        run = _Run(name, [], current)
        for number in range(1, scans[name] + 1):
            ref = PageRef(name, number)
            if ref in separators:
                if section := separators[ref].section:
                    why = f"folha separadora na página {number}"
                    current = _Current(section, Confidence.HIGH, Basis.SEPARATOR, why)
            elif ref in headings and not _told_otherwise(headings[ref], named):
                current = _titled(current, headings[ref], ref, seen, named)
            elif ref not in blank:
                current = _untitled(current, named)
            if current != run.current and run.pages:
                yield run
                run = _Run(name, [], current)
            run.current = current
            if current:
                seen.add(current.section)
            if ref not in separators:
                run.pages.append(number)
        if run.pages:
            yield run


def _carried(current: _Current | None, name: str) -> _Current | None:
    """The section of the first page of a file, by its name or by the preceding pages of the stack."""
    if current and current.basis is Basis.SEPARATOR:
        return current
    named = name_section(name)
    if named is None:
        return current and replace(
            current,
            confidence=Confidence.LOW,
            why=f"continua o arquivo anterior; {current.why.removeprefix('continua o arquivo anterior; ')}",
        )
    section, sure = named
    return _Current(section, Confidence.HIGH if sure else Confidence.LOW, Basis.NAME, "nome do arquivo")


def _untitled(current: _Current | None, named: _Current | None) -> _Current | None:
    """The section from a page without a title on; after a one-page cover, the section of the file name begins."""
    return named if named and _is_cover(current) else current


def _is_cover(current: _Current | None) -> bool:
    """Whether the page before is a cover by what it says; a file named capa.pdf may have more of them."""
    return current is not None and current.section is Section.CAPA and current.basis is Basis.HEADING


def _of_page(heading: Heading, ref: PageRef) -> _Current:
    """The section that a page speaks of: by its title, or by its text."""
    if heading.body:
        why = f"o texto da página {ref.page} {_TELLS[heading.section]}"
        sure = Confidence.MEDIUM if heading.section is Section.TERMO else Confidence.LOW
        return _Current(heading.section, sure, Basis.BODY, why)
    why = f"título “{heading.text[:_LONGEST_TITLE]}” na página {ref.page}"
    return _Current(heading.section, Confidence.MEDIUM, Basis.HEADING, why)


def _told_otherwise(heading: Heading, named: _Current | None) -> bool:
    """Whether a text counts for less than the file's name; NOTI.pdf has all sections but one, so its name says nothing of the last pages."""
    return heading.body and named is not None and named.section not in (Section.NOTIFICACAO, heading.section)


def _titled(
    current: _Current | None, heading: Heading, ref: PageRef, seen: set[Section], named: _Current | None
) -> _Current | None:
    """The section from a page with a title on."""
    begun = _of_page(heading, ref)
    why = begun.why
    if current is None:
        return begun
    if current.basis is Basis.SEPARATOR:
        return current
    if heading.section is current.section:
        return _confirmed(current, why)
    if named and heading.body and _is_cover(current):  # behind it the file is what its name says, and a text must speak against that
        current = named
        if heading.section is named.section:
            return _confirmed(named, why)
    if current == named and ref.page == 1 and heading.section is not Section.CAPA:
        but = why if heading.body else f"há o {why}"
        against = replace(current, confidence=Confidence.LOW, why=f"o nome do arquivo diz isto, mas {but}")
        return begun if current.confidence is Confidence.LOW else against
    order = list(Section)
    early = order.index(heading.section) < order.index(current.section)  # against the manual's order: perhaps a copy
    if not _begins(heading.section, current.section, seen) or (heading.body and (early or heading.section in seen)):
        return current
    return replace(begun, confidence=Confidence.LOW) if early else begun


def _confirmed(current: _Current, why: str) -> _Current:
    """The same section, confirmed by a title."""
    if current.basis is not Basis.NAME:
        return current
    return replace(current, confidence=Confidence.HIGH, basis=Basis.BOTH, why=f"nome do arquivo e {why}")


_PAIR = {Section.TIF, Section.TCIF}


def _begins(section: Section, current: Section, seen: set[Section]) -> bool:
    """Whether a document with this title begins a section after ``current`` and is not a paper inside it."""
    if current is Section.CAPA:
        return True
    if section is Section.CIENCIA and current not in (Section.NOTIFICACAO, Section.DITR):
        return False
    if current is Section.IMPUGNACAO:
        return section is Section.TERMO
    return section not in seen or {section, current} == _PAIR


def _with_notificacao(runs: list[_Run]) -> list[_Run]:
    """The runs with a notificação: if none was found, the first undecided pages are proposed for it, with that remark."""
    if any(run.current and run.current.section is Section.NOTIFICACAO for run in runs):
        return runs
    free = next((run for run in runs if run.current is None), None)
    if free is not None:
        why = "nada nestas páginas diz o que são; a notificação é obrigatória e costuma vir primeiro"
        free.current = _Current(Section.NOTIFICACAO, Confidence.LOW, Basis.GUESS, why)
    return runs
