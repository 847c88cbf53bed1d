"""The plan of a case: the scanned pages in the manual's order, each used once.

    plan_case(sidecar, {"scan.pdf": 7}, find, "processo.yaml") -> (Plan(pages=(PlannedPage(…), …), unclaimed=(…)), findings)

Ranges in the sidecar always count scanned pages, before any removal (failures F41).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from itrwatch.core.case_description import SectionEntry, Sidecar, Source
from itrwatch.core.codes import Code
from itrwatch.core.expected import Expected, too_few_scanned
from itrwatch.core.finding_collector import FindingCollector
from itrwatch.core.findings import Finding, reminder, warning
from itrwatch.core.named_scans import FindScan, NoSuchFile, listed, scans_of
from itrwatch.core.pages import PageOverride, PageRef
from itrwatch.core.ranges import LAST, BadPages, compact, resolve
from itrwatch.core.receipts import receipt_of
from itrwatch.core.sections import Section
from itrwatch.core.text_matching import cited, counted


@dataclass(frozen=True, slots=True)
class PlannedPage:
    """A scanned page with its section and the sidecar's orders for it."""

    ref: PageRef
    section: Section
    override: PageOverride


@dataclass(frozen=True, slots=True)
class Plan:
    """``pages`` in the manual's order; ``unclaimed``: pages that no section lists; ``separators``: the separator sheets, once `set_apart`.

    ``expected``: the items with a number of folhas, to compare after the verdicts.
    """

    pages: tuple[PlannedPage, ...]
    unclaimed: tuple[PageRef, ...]
    separators: tuple[PageRef, ...] = ()
    expected: tuple[Expected, ...] = ()

    @property
    def sections(self) -> tuple[Section, ...]:
        """The sections that have pages, in the manual's order."""
        return tuple(dict.fromkeys(page.section for page in self.pages))


def plan_case(
    sidecar: Sidecar,
    scans: Mapping[str, int],
    find: FindScan,
    sidecar_name: str,
    lines: Sequence[str] = (),
    names: Sequence[str] = (),
) -> tuple[Plan, tuple[Finding, ...]]:
    """Sidecar and scans → plan and findings; with an error among the findings, the plan must not be used.

    ``scans``: name → number of pages. ``names``: all scans of the folder; one that could not be opened is not in
    ``scans``, its fault has been reported, and its sources are skipped here. ``lines``: those of the sidecar, for excerpts.
    """
    collector = FindingCollector(sidecar_name, lines)
    claims: dict[PageRef, int] = {}
    unclear: set[str] = set()
    pages: list[PlannedPage] = []
    expected: list[Expected] = []
    for entry in _in_order(sidecar.sections):
        before, whole = len(pages), True
        for source in entry.sources:
            own = _Reader(entry.section, scans, find, names or tuple(scans), collector, unclear).pages(source)
            taken = [page.ref for page in own if page.ref in claims]
            for line in dict.fromkeys(claims[ref] for ref in taken):
                twice = [ref.page for ref in taken if claims[ref] == line]
                collector.error(source.place, _claimed_twice(taken[0].file, twice, line))
            new = [page for page in own if page.ref not in claims]
            claims |= {page.ref: source.place.line for page in new}
            pages += new
            whole = whole and bool(new)
        if entry.folhas is not None and whole:
            place = entry.folhas_place
            refs = tuple(page.ref for page in pages[before:])
            expected.append(Expected(entry.folhas, refs, sidecar_name, place.line, place.column))
            if fault := too_few_scanned(expected[-1]):
                collector.error(place, fault)
    unclaimed = tuple(
        ref
        for name in sorted(scans)
        if name not in unclear  # a section uses the scan, but its page numbers are wrong
        for ref in (PageRef(name, n) for n in range(1, scans[name] + 1))
        if ref not in claims
    )
    return Plan(tuple(pages), unclaimed, expected=tuple(expected)), collector.findings()


def set_apart(plan: Plan, separators: Collection[PageRef]) -> Plan:
    """The plan with separator sheets moved from ``unclaimed`` to ``separators``."""
    unclaimed = tuple(ref for ref in plan.unclaimed if ref not in separators)
    return replace(plan, unclaimed=unclaimed, separators=tuple(ref for ref in plan.unclaimed if ref in separators))


def _in_order(entries: tuple[SectionEntry, ...]) -> list[SectionEntry]:
    # The sort is stable: several entries of a section keep the order of the sidecar.
    return sorted(entries, key=lambda entry: list(Section).index(entry.section))


@dataclass(frozen=True, slots=True)
class _Reader:
    """Source → pages; a scan that lacks requested pages is added to ``unclear``."""

    section: Section
    scans: Mapping[str, int]
    find: FindScan
    names: Sequence[str]
    collector: FindingCollector
    unclear: set[str]

    def pages(self, source: Source) -> list[PlannedPage]:
        """The pages of ``source``, fronts and backs alternating; none if some do not exist."""
        fronts = self._own(source)
        if source.backs is None or fronts is None:
            return fronts or []
        backs = self._own(source.backs)
        if backs is None:
            return []
        falls = any(span.last is not None and 0 < span.last < span.first for span in source.backs.spans)
        if not source.direct and not falls:  # descending pages such as 10-6 are in reading order already
            backs.reverse()
        if len(fronts) != len(backs):
            self.collector.error(source.backs.place, _unpaired(len(fronts), len(backs)))
            self.unclear.update(page.ref.file for page in (*fronts, *backs))
            return []
        return [page for pair in zip(fronts, backs, strict=True) for page in pair]

    def _own(self, source: Source) -> list[PlannedPage] | None:
        source, names = scans_of(source, self.find, self.names, self.collector)
        if isinstance(names, NoSuchFile):
            self.collector.error(source.place, names.message, fix=(source.file, names.nearest))
            return None
        if any(name not in self.scans for name in names):
            return None
        if len(names) > 1 and (source.spans or source.turns or source.keep or source.remove):
            self.collector.error(source.place, _for_one_only(names))
            return None
        numbered = [self._numbered(name, source) for name in names]
        return [page for pages in numbered for page in pages or ()] if None not in numbered else None

    def _numbered(self, name: str, source: Source) -> list[PlannedPage] | None:
        numbers = resolve(source.spans, self.scans[name])
        if isinstance(numbers, BadPages):
            # No proposal: a scan shorter than the sidecar expects may have lost pages.
            advice = "confira o número da página, e se a digitalização está completa"
            self.collector.error(source.pages_place or source.place, f"{cited(name)}: {numbers.message}; {advice}")
            self.unclear.add(name)
            return None
        turns = dict(source.turns)
        for number in _not_there(source, numbers):
            self.collector.error(
                source.place,
                f"a página {number} de {cited(name)}, citada em “girar”, “manter” ou “remover”, não faz parte desta seção; "
                "confira o número (conta a partir de 1, no arquivo digitalizado)",
            )
        return [
            PlannedPage(
                PageRef(name, number),
                self.section,
                PageOverride(turns.get(number), keep=number in source.keep, remove=number in source.remove),
            )
            for number in numbers
        ]


def _unpaired(fronts: int, backs: int) -> str:
    return (
        f"há {counted(fronts, 'frente', 'frentes')} e {counted(backs, 'verso', 'versos')}: cada folha tem uma frente e um "
        "verso; confira as páginas, e se a digitalização está completa"
    )


def _for_one_only(names: Sequence[str]) -> str:
    return (
        f"as páginas, “girar”, “manter” e “remover” valem para um arquivo só, e aqui são {len(names)}: {listed(names)}; "
        "escreva um item para cada arquivo"
    )


def _not_there(source: Source, numbers: tuple[int, ...]) -> list[int]:
    """Ordered pages that the scan does not have; pages outside the item's own ranges were reported when it was read."""
    asked = {number for number, _ in source.turns} | set(source.keep) | set(source.remove)
    return sorted(page for page in asked - set(numbers) if _used(source, page))


def _used(source: Source, page: int) -> bool:
    """Whether the page is, or may be, one of the item; the number of the last page was unknown when the item was read."""
    return not source.spans or LAST in source.spans or any(page in span for span in source.spans)


def _claimed_twice(file: str, pages: list[int], line: int) -> str:
    which = f"a página {pages[0]} de {cited(file)} já foi usada"
    if len(pages) > 1:
        which = f"as páginas {compact(pages)} de {cited(file)} já foram usadas"
    return f"{which} na linha {line}; cada página entra uma vez só: corrija um dos dois intervalos"


def unclaimed_findings(unclaimed: tuple[PageRef, ...], scans: Mapping[str, int]) -> Iterator[Finding]:
    """A warning for each scan with unclaimed pages; for a receipt of e-CAC only a reminder."""
    for name in dict.fromkeys(ref.file for ref in unclaimed):
        pages = [ref.page for ref in unclaimed if ref.file == name]
        receipt = receipt_of(name) if len(pages) == scans[name] else None
        if receipt:
            yield reminder(Code.RECEIPT_UNUSED, name=cited(name), receipt=receipt, file=name)
        elif len(pages) == scans[name]:
            yield warning(Code.SCAN_UNUSED, name=cited(name), file=name)
        else:
            yield warning(Code.PAGES_UNUSED, count=len(pages), pages=compact(pages), name=cited(name), file=name)
