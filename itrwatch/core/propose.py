"""Proposes the section of each page from separator sheets, file names and headings.

The section of a page: `page_section`. It continues across the files of one stack (`stacks`).

    propose({"noti.pdf": 7}, {}, {}) -> Proposal(sections=(Proposed(Section.NOTIFICACAO, "noti.pdf", …),), …)
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from itrwatch.core.page_section import Current, Told, carried, from_page
from itrwatch.core.pages import PageRef
from itrwatch.core.proposal import Basis, Confidence, Heading, Proposal, Proposed
from itrwatch.core.sections import Section
from itrwatch.core.separators import Separators, announced
from itrwatch.core.text_matching import counted
from itrwatch.core.title_matching import fronts_with_backs, name_section, stacks


@dataclass(slots=True)
class _Run:
    file: str
    pages: list[int]
    current: Current | None


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
    told = Told(separators, headings, blank)
    runs = [run for stack in stacks(alone) for run in _runs(stack, alone, told, seen)]
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


def _together(before: _Run, one: Current, other: Current) -> Current:
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


def _runs(stack: Sequence[str], scans: Mapping[str, int], told: Told, seen: set[Section]) -> Iterator[_Run]:
    """The pages of one stack, divided where section or file changes; adds to ``seen``."""
    current: Current | None = None
    for name in stack:
        current = carried(current, name)
        named = current if current and current.basis is Basis.NAME else None
        run = _Run(name, [], current)
        for number in range(1, scans[name] + 1):
            ref = PageRef(name, number)
            current = from_page(ref, current, named, told, seen)
            if current != run.current and run.pages:
                yield run
                run = _Run(name, [], current)
            run.current = current
            if current:
                seen.add(current.section)
            if ref not in told.separators:
                run.pages.append(number)
        if run.pages:
            yield run


def _with_notificacao(runs: list[_Run]) -> list[_Run]:
    """The runs with a notificação: if none was found, the first undecided pages are proposed for it, with that remark."""
    if any(run.current and run.current.section is Section.NOTIFICACAO for run in runs):
        return runs
    free = next((run for run in runs if run.current is None), None)
    if free is not None:
        why = "nada nestas páginas diz o que são; a notificação é obrigatória e costuma vir primeiro"
        free.current = Current(Section.NOTIFICACAO, Confidence.LOW, Basis.GUESS, why)
    return runs
