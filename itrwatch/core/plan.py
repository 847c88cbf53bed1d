"""What looks as if more of it were still on its way, in a folder that has come to rest.

A scanner may pause for longer than the quiet time (the lid opened, a jam, a second stack). Quiet time cannot tell that from
an end; the sidecar can, without ever holding back a case for good: whoever is patient asks again later, and then
takes the folder as it is. The other such sign, a file that ends in zeros, is seen where scans are opened (`workers.scan_task`).

The plan of a case: every scanned page in the manual's order, each claimed once.

Ranges in the sidecar always mean scanned pages; nothing has been removed yet (failures F41).

The verdicts of all pages held against the whole case: a section that would be left empty, too much gone, doubts reported.

The verdict of a single page is made beside the look at it, in `itrwatch.workers.page_task`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from itrwatch.core.case_description import SectionEntry, Sidecar, Source
from itrwatch.core.codes import Code
from itrwatch.core.excerpts import yaml_text
from itrwatch.core.expected import Expected, too_few_scanned
from itrwatch.core.file_series import SeriesFault, listed, several
from itrwatch.core.filenames import name_key, printable
from itrwatch.core.finding_collector import FindingCollector
from itrwatch.core.findings import Finding, reminder, warning
from itrwatch.core.pages import Kept, PageOverride, PageRef, Removed, Verdict
from itrwatch.core.ranges import LAST, BadPages, Pages, parse_pages, resolve
from itrwatch.core.receipts import receipt_of
from itrwatch.core.sections import Section
from itrwatch.core.text_matching import cited, counted


def short_scans(sidecar: Sidecar, pages: Mapping[str, int], find: Callable[[str], object]) -> Iterator[str]:
    """A sentence for each scan with fewer pages than the sidecar counts on: the second proof (F2).

    ``pages``: real name → pages; ``find``: from a name in the sidecar to a real name, or anything
    else where there is none.
    """
    wanted: dict[str, int] = {}
    sources = [source for entry in sidecar.sections for source in entry.sources]
    for source in (scan for each in sources for scan in each.scans):
        name = find(source.file)
        if isinstance(name, str) and name in pages:
            last = max((max(span.first, span.last or 0) for span in source.spans), default=0)
            wanted[name] = max(wanted.get(name, 0), last)
    for name, last in wanted.items():
        if last > pages[name]:
            yield f"“{printable(name)}” tem {counted(pages[name], 'página', 'páginas')}, e o processo.yaml pede até a {last}"


@dataclass(frozen=True, slots=True)
class NoSuchFile:
    """A name of the sidecar that is no scan of the folder: a Portuguese sentence, and the scan most like it."""

    message: str
    nearest: str = ""


FindScan = Callable[[str], str | NoSuchFile]
"""From a name as written in the sidecar to the name that the scan has in the folder."""


@dataclass(frozen=True, slots=True)
class PlannedPage:
    """A scanned page with its section and what the sidecar asks for it."""

    ref: PageRef
    section: Section
    override: PageOverride


@dataclass(frozen=True, slots=True)
class Plan:
    """``pages`` in the manual's order; ``unclaimed`` are those that no section lists; ``separators`` are sheets among them."""

    pages: tuple[PlannedPage, ...]
    unclaimed: tuple[PageRef, ...]
    separators: tuple[PageRef, ...] = ()
    expected: tuple[Expected, ...] = ()

    @property
    def sections(self) -> tuple[Section, ...]:
        """The sections that have pages, in the manual's order."""
        return tuple(dict.fromkeys(page.section for page in self.pages))


def files_of(source: Source, names: Sequence[str], find: FindScan) -> tuple[str, ...] | NoSuchFile:
    """The scans that ``source`` names, without its backs: mostly one; ``names`` are all that lie in the folder."""
    name = find(source.file)
    if isinstance(name, str):
        return (name,)
    found = several(source.file, names)
    if isinstance(found, SeriesFault):
        return NoSuchFile(found.message, _yaml_list(found.there) if found.there else "")
    return name if found is None else found


def plan_case(
    sidecar: Sidecar,
    scans: Mapping[str, int],
    find: FindScan,
    sidecar_name: str,
    lines: Sequence[str] = (),
    names: Sequence[str] = (),
) -> tuple[Plan, tuple[Finding, ...]]:
    """Lay the pages of ``scans`` (name → pages) out; with an error among the findings the plan is not to be used.

    A scan that could not be opened is missing from ``scans`` but is among ``names``; its own fault has been reported
    already, so that what claims it is passed over here. ``lines`` are those of the sidecar, to show.
    """
    notes = FindingCollector(sidecar_name, lines)
    claims: dict[PageRef, int] = {}
    unclear: set[str] = set()
    pages: list[PlannedPage] = []
    expected: list[Expected] = []
    for entry in _in_order(sidecar.sections):
        before, whole = len(pages), True
        for source in entry.sources:
            own = _Reader(entry.section, scans, find, names or tuple(scans), notes, unclear).pages(source)
            taken = [page.ref for page in own if page.ref in claims]
            for line in dict.fromkeys(claims[ref] for ref in taken):
                twice = [ref.page for ref in taken if claims[ref] == line]
                notes.error(source.place, _claimed_twice(taken[0].file, twice, line))
            new = [page for page in own if page.ref not in claims]
            claims |= {page.ref: source.place.line for page in new}
            pages += new
            whole = whole and bool(new)
        if entry.folhas is not None and whole:
            place = entry.folhas_place
            refs = tuple(page.ref for page in pages[before:])
            expected.append(Expected(entry.folhas, refs, sidecar_name, place.line, place.column))
            if fault := too_few_scanned(expected[-1]):
                notes.error(place, fault)
    unclaimed = tuple(
        ref
        for name in sorted(scans)
        if name not in unclear  # a section uses it, with numbers that are still wrong
        for ref in (PageRef(name, n) for n in range(1, scans[name] + 1))
        if ref not in claims
    )
    return Plan(tuple(pages), unclaimed, expected=tuple(expected)), notes.findings()


def set_apart(plan: Plan, separators: Collection[PageRef]) -> Plan:
    """The plan with those of its unclaimed pages apart that are separator sheets."""
    unclaimed = tuple(ref for ref in plan.unclaimed if ref not in separators)
    return replace(plan, unclaimed=unclaimed, separators=tuple(ref for ref in plan.unclaimed if ref in separators))


def _in_order(entries: tuple[SectionEntry, ...]) -> list[SectionEntry]:
    # the sort is stable: several entries of a section stay in the order of the sidecar
    return sorted(entries, key=lambda entry: list(Section).index(entry.section))


@dataclass(frozen=True, slots=True)
class _Reader:
    """From a source to its pages; a scan that has not all of them goes to ``unclear``."""

    section: Section
    scans: Mapping[str, int]
    find: FindScan
    names: Sequence[str]
    notes: FindingCollector
    unclear: set[str]

    def pages(self, source: Source) -> list[PlannedPage]:
        """The pages that ``source`` asks for, with its backs between them; none if they do not exist."""
        fronts = self._own(source)
        if source.backs is None or fronts is None:
            return fronts or []
        backs = self._own(source.backs)
        if backs is None:
            return []
        falls = any(span.last is not None and 0 < span.last < span.first for span in source.backs.spans)
        if not source.direct and not falls:  # who writes 10-6 has turned them already
            backs.reverse()
        if len(fronts) != len(backs):
            self.notes.error(source.backs.place, _unpaired(len(fronts), len(backs)))
            self.unclear.update(page.ref.file for page in (*fronts, *backs))
            return []
        return [page for pair in zip(fronts, backs, strict=True) for page in pair]

    def _own(self, source: Source) -> list[PlannedPage] | None:
        source, names = _found(source, self.find, self.names, self.notes)
        if isinstance(names, NoSuchFile):
            self.notes.error(source.place, names.message, fix=(source.file, names.nearest))
            return None
        if any(name not in self.scans for name in names):
            return None
        if len(names) > 1 and (source.spans or source.turns or source.keep or source.remove):
            self.notes.error(source.place, _for_one_only(names))
            return None
        numbered = [self._numbered(name, source) for name in names]
        return [page for pages in numbered for page in pages or ()] if None not in numbered else None

    def _numbered(self, name: str, source: Source) -> list[PlannedPage] | None:
        numbers = resolve(source.spans, self.scans[name])
        if isinstance(numbers, BadPages):
            # No proposal: a scan that is shorter than the sidecar says may have lost pages.
            advice = "confira o número da página, e se a digitalização está completa"
            self.notes.error(source.pages_place or source.place, f"{cited(name)}: {numbers.message}; {advice}")
            self.unclear.add(name)
            return None
        turns = dict(source.turns)
        for number in _not_there(source, numbers):
            self.notes.error(
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


def _yaml_list(names: Sequence[str]) -> str:
    return f"[{', '.join(map(yaml_text, names))}]"


def _found(
    source: Source, find: FindScan, names: Sequence[str], notes: FindingCollector
) -> tuple[Source, tuple[str, ...] | NoSuchFile]:
    """The scans that ``source`` means; what was only understood, because Windows hides endings, is noted."""
    files = files_of(source, names, find)
    if not isinstance(files, NoSuchFile) and len(files) > 1:
        message = f"{cited(source.file)} entendido como {listed(files)}, nesta ordem; confira a ordem no relatório"
        notes.reminder(source.place, message, fix=(source.file, _yaml_list(files)))
        return source, files
    name = files[0] if isinstance(files, tuple) else files
    if isinstance(name, NoSuchFile):
        ways = list(_without_ending(source, find)) if not source.spans else []
        if len(ways) != 1:
            return source, name
        written, (source, name) = source.file, ways[0]
    else:
        written = source.file
    if name_key(written) != name_key(name):
        whole = " ".join([name, ",".join(map(str, source.spans))]).strip() if written != source.file else name
        message = f"{cited(written)} entendido como {cited(whole)}; prefira escrever o nome inteiro do arquivo"
        notes.reminder(source.place, message, fix=(written, whole))
    return source, (name,)


def _without_ending(source: Source, find: FindScan) -> Iterator[tuple[Source, str]]:
    """``scan 001 1-5`` as pages 1-5 of “scan 001.pdf”, in every way that fits the folder."""
    words = source.file.split(" ")
    for cut in range(max(1, len(words) - 5), len(words)):
        file, pages = " ".join(words[:cut]), parse_pages(" ".join(words[cut:]))
        name = find(file) if isinstance(pages, Pages) else None
        if isinstance(name, str) and isinstance(pages, Pages):
            yield replace(source, file=file, spans=pages.spans), name


def _not_there(source: Source, numbers: tuple[int, ...]) -> list[int]:
    """The pages of orders that the scan does not have; one that the item does not name was reported when it was read."""
    asked = {number for number, _ in source.turns} | set(source.keep) | set(source.remove)
    return sorted(page for page in asked - set(numbers) if _used(source, page))


def _used(source: Source, page: int) -> bool:
    """Whether the page is among those of the item, or must be: a last page shows only now whether it was meant."""
    return not source.spans or LAST in source.spans or any(page in span for span in source.spans)


def _claimed_twice(file: str, pages: list[int], line: int) -> str:
    which = f"a página {pages[0]} de {cited(file)} já foi usada"
    if len(pages) > 1:
        which = f"as páginas {compact(pages)} de {cited(file)} já foram usadas"
    return f"{which} na linha {line}; cada página entra uma vez só: corrija um dos dois intervalos"


def unclaimed_findings(unclaimed: tuple[PageRef, ...], scans: Mapping[str, int]) -> Iterator[Finding]:
    """A warning for every scan of which no section uses something."""
    for name in dict.fromkeys(ref.file for ref in unclaimed):
        pages = [ref.page for ref in unclaimed if ref.file == name]
        proof = receipt_of(name) if len(pages) == scans[name] else None
        if proof:
            yield reminder(Code.RECEIPT_UNUSED, name=cited(name), receipt=proof, file=name)
        elif len(pages) == scans[name]:
            yield warning(Code.SCAN_UNUSED, name=cited(name), file=name)
        else:
            yield warning(Code.PAGES_UNUSED, count=len(pages), pages=compact(pages), name=cited(name), file=name)


def compact(numbers: list[int]) -> str:
    """``[1, 2, 3, 8]`` → “1-3, 8”, as the sidecar writes pages."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in runs)


MANY = 1 / 3
"""More than this share of a case removed as blank is worth a look (failures F40). Chosen."""


def only_pages(pages: Sequence[PlannedPage], verdicts: Mapping[PageRef, Verdict]) -> tuple[PlannedPage, ...]:
    """The pages that would leave their section empty if they went as blank: the first of each such section.

    A section is listed because something is in it; if everything looks blank, the looking is
    more likely to be wrong than the fiscal.
    """
    rescued: list[PlannedPage] = []
    for section in dict.fromkeys(page.section for page in pages):
        own = [page for page in pages if page.section is section]
        if all(isinstance(verdicts[page.ref], Removed) for page in own):
            rescued += [page for page in own if _seen_blank(verdicts[page.ref])][:1]
    return tuple(rescued)


def removal_findings(pages: Sequence[PlannedPage], verdicts: Mapping[PageRef, Verdict]) -> Iterator[Finding]:
    """Doubts page by page, and one warning when too much of the case went away."""
    for page in pages:
        verdict = verdicts[page.ref]
        if isinstance(verdict, Kept) and verdict.doubt:
            yield warning(verdict.doubt, section=page.section, file=page.ref.file, page=page.ref.page)
    blank = sum(_seen_blank(verdicts[page.ref]) for page in pages)
    if blank > MANY * len(pages):
        yield warning(Code.MANY_BLANK, blank=blank, pages=len(pages))


def emptied_sections(pages: Sequence[PlannedPage], verdicts: Mapping[PageRef, Verdict]) -> tuple[Section, ...]:
    """The sections of which every page was removed, because the sidecar asked for it."""
    alive = {page.section for page in pages if isinstance(verdicts[page.ref], Kept)}
    return tuple(section for section in dict.fromkeys(page.section for page in pages) if section not in alive)


def _seen_blank(verdict: Verdict) -> bool:
    return isinstance(verdict, Removed) and verdict.reason.is_blank
