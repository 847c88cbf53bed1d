"""The plan of a case: every scanned page in the manual's order, each claimed once.

Ranges in the sidecar always mean scanned pages; nothing has been removed yet (failures F41).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from itrwatch.core.findings import Finding, warning
from itrwatch.core.pages import PageOrder, PageRef
from itrwatch.core.ranges import BadPages, resolve
from itrwatch.core.reading import Notes
from itrwatch.core.sections import Section
from itrwatch.core.sidecar import Sidecar
from itrwatch.core.sidecar_sections import SectionEntry
from itrwatch.core.sidecar_sources import Source
from itrwatch.core.words import shown


@dataclass(frozen=True, slots=True)
class NoSuchFile:
    """A name of the sidecar that is no scan of the folder: a Portuguese sentence."""

    message: str


FindScan = Callable[[str], str | NoSuchFile]
"""From a name as written in the sidecar to the name that the scan has in the folder."""


@dataclass(frozen=True, slots=True)
class PlannedPage:
    """A scanned page with its section and what the sidecar asks for it."""

    ref: PageRef
    section: Section
    order: PageOrder


@dataclass(frozen=True, slots=True)
class Plan:
    """``pages`` in the manual's order; ``unclaimed`` are those that no section lists."""

    pages: tuple[PlannedPage, ...]
    unclaimed: tuple[PageRef, ...]

    @property
    def sections(self) -> tuple[Section, ...]:
        """The sections that have pages, in the manual's order."""
        return tuple(dict.fromkeys(page.section for page in self.pages))


def plan_case(
    sidecar: Sidecar, scans: Mapping[str, int], find: FindScan, sidecar_name: str
) -> tuple[Plan, tuple[Finding, ...]]:
    """Lay the pages of ``scans`` (name → pages) out; with an error among the findings the plan is not to be used.

    A scan that could not be opened is missing from ``scans``; its own fault has been told
    already, so that what claims it is passed over here.
    """
    notes = Notes(sidecar_name)
    claims: dict[PageRef, int] = {}
    pages: list[PlannedPage] = []
    for entry in _in_order(sidecar.sections):
        for source in entry.sources:
            for page in _pages(source, entry.section, scans, find, notes):
                if page.ref in claims:
                    notes.error(source.place, _claimed_twice(page.ref, claims[page.ref]))
                else:
                    claims[page.ref] = source.place.line
                    pages.append(page)
    unclaimed = tuple(
        ref
        for name in sorted(scans)
        for ref in (PageRef(name, n) for n in range(1, scans[name] + 1))
        if ref not in claims
    )
    return Plan(tuple(pages), unclaimed), (*notes.findings(), *_told_unclaimed(unclaimed, scans))


def _in_order(entries: tuple[SectionEntry, ...]) -> list[SectionEntry]:
    # the sort is stable: several entries of a section stay in the order of the sidecar
    return sorted(entries, key=lambda entry: list(Section).index(entry.section))


def _pages(
    source: Source, section: Section, scans: Mapping[str, int], find: FindScan, notes: Notes
) -> Iterator[PlannedPage]:
    name = find(source.file)
    if isinstance(name, NoSuchFile):
        notes.error(source.place, name.message)
        return
    if name not in scans:
        return
    numbers = resolve(source.spans, scans[name])
    if isinstance(numbers, BadPages):
        notes.error(source.place, f"{shown(name)}: {numbers.message}; confira o número da página")
        return
    turns = dict(source.turns)
    for number in _not_there(source, numbers):
        notes.error(
            source.place,
            f"a página {number} de {shown(name)}, citada em «girar», «manter» ou «remover», não faz parte desta seção; "
            "confira o número (conta a partir de 1, no arquivo digitalizado)",
        )
    for number in numbers:
        order = PageOrder(turns.get(number), keep=number in source.keep, remove=number in source.remove)
        yield PlannedPage(PageRef(name, number), section, order)


def _not_there(source: Source, numbers: tuple[int, ...]) -> list[int]:
    asked = {number for number, _ in source.turns} | set(source.keep) | set(source.remove)
    return sorted(asked - set(numbers))


def _claimed_twice(ref: PageRef, line: int) -> str:
    return (
        f"a página {ref.page} de {shown(ref.file)} já foi usada na linha {line}; "
        "cada página entra uma vez só: corrija um dos dois intervalos"
    )


def _told_unclaimed(unclaimed: tuple[PageRef, ...], scans: Mapping[str, int]) -> Iterator[Finding]:
    for name in dict.fromkeys(ref.file for ref in unclaimed):
        pages = [ref.page for ref in unclaimed if ref.file == name]
        if len(pages) == scans[name]:
            yield warning(
                f"nenhuma seção usa o arquivo {shown(name)}; ele ficou de fora dos PDFs. "
                "Se faz parte do processo, inclua-o em «secoes»",
                file=name,
            )
        else:
            which = "a página" if len(pages) == 1 else "as páginas"
            stayed = "ficou" if len(pages) == 1 else "ficaram"
            yield warning(
                f"nenhuma seção usa {which} {compact(pages)} de {shown(name)}; {stayed} de fora dos PDFs. "
                "Se fazem parte do processo, inclua-as em «secoes»",
                file=name,
            )


def compact(numbers: list[int]) -> str:
    """``[1, 2, 3, 8]`` → «1-3, 8», as the sidecar writes pages."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in runs)
