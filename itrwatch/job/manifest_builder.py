"""The manifest of a case.

published_manifest(case, plan, folhas, parts, done, deadline) -> Manifest(files=(…), sections=(…), pages=(…), findings=(…))
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from itrwatch import __version__
from itrwatch.core.checklist import check_numbered
from itrwatch.core.codes import Code
from itrwatch.core.deadline import Deadline
from itrwatch.core.filenames import SIDECAR_NAME
from itrwatch.core.findings import Finding, Severity, reminder, unrepeated, warning
from itrwatch.core.folhas import Folha, first_folha, missing_numbers, span
from itrwatch.core.manifest import Manifest, PageEntry, SectionSpan
from itrwatch.core.pages import PageRef, Reason, Removed
from itrwatch.core.plan import Plan, PlannedPage
from itrwatch.core.removals import emptied_sections, removal_findings
from itrwatch.core.separators import disagreements
from itrwatch.core.termo import folhas as folhas_of
from itrwatch.core.termo import numbers_for_paper
from itrwatch.job.case_pages import Done
from itrwatch.job.intake import Case
from itrwatch.job.write_parts import WrittenPart
from itrwatch.workers.tasks import PageDone


def pending_manifest(case: Case, findings: Iterable[Finding]) -> Manifest:
    """The manifest of a case that was not carried out; it has no pages."""
    findings = tuple(findings)
    errors = sum(finding.severity is Severity.ERROR for finding in findings)
    return Manifest(
        processo=str(case.processo) if case.processo else None,
        folder=case.name,
        fingerprint="",
        version=__version__,
        findings=unrepeated(findings),
        draft=case.sidecar_to_come and errors == 1,
    )


def published_manifest(
    case: Case,
    plan: Plan,
    folhas: Sequence[Folha],
    parts: Sequence[WrittenPart],
    done: Done,
    deadline: Deadline | None = None,
) -> Manifest:
    """The manifest of a case that was carried out: every scanned page is published, removed or unclaimed."""
    sections = tuple(
        SectionSpan(section, span(folha for folha in folhas if folha.section is section))
        for section in dict.fromkeys(folha.section for folha in folhas)
    )
    places = {
        folha.ref: (part.entry.name, number) for part in parts for number, folha in enumerate(part.folhas, start=1)
    }
    numbers = {folha.ref: folha.number for folha in folhas}
    pages = [_page_entry(page, done[page.ref], numbers, places) for page in plan.pages]
    return Manifest(
        processo=str(case.processo),
        folder=case.name,
        fingerprint="",
        version=__version__,
        complemento=case.sidecar.complemento.juntada if case.sidecar and case.sidecar.complemento else 0,
        files=tuple(part.entry for part in parts),
        sections=sections,
        pages=(
            *pages,
            *(PageEntry(ref.file, ref.page, None, "removed", Reason.SEPARATOR) for ref in plan.separators),
            *(PageEntry(ref.file, ref.page, None, "unclaimed") for ref in plan.unclaimed),
        ),
        findings=unrepeated(
            (
                *case.findings,
                *_findings(plan, folhas, done, first_folha(case.sidecar)),
                *_separator_findings(case, plan, done),
                *_numbered_findings(case, plan, sections, deadline),
            )
        ),
    )


def _page_entry(
    page: PlannedPage, done: PageDone, numbers: dict[PageRef, int | None], places: dict[PageRef, tuple[str, int]]
) -> PageEntry:
    file, number = page.ref.file, page.ref.page
    if isinstance(done.verdict, Removed):
        return PageEntry(
            file, number, page.section, "removed", done.verdict.reason, evidence=done.evidence, why=done.why
        )
    output, output_page = places.get(page.ref, (None, None))
    return PageEntry(
        file,
        number,
        page.section,
        "published",
        folha=numbers[page.ref],
        output=output,
        output_page=output_page,
        turn=done.turn,
        encoding=done.encoding,
        rung=done.rung,
        why=done.why,
        evidence=done.evidence,
    )


def _with_folha(finding: Finding, number: int | None) -> Finding:
    """The finding about a page, with the number of its folha, which the analyst knows it by."""
    return replace(finding, folha=number)


def _numbered_findings(
    case: Case, plan: Plan, sections: Sequence[SectionSpan], deadline: Deadline | None
) -> Iterator[Finding]:
    if case.sidecar:
        numbers = numbers_for_paper(sections)
        yield from check_numbered(plan.sections, case.sidecar, SIDECAR_NAME, deadline, numbers)


def _separator_findings(case: Case, plan: Plan, done: Done) -> Iterator[Finding]:
    claimed = {ref: page.separator for ref, page in done.items() if page.separator}
    yield from disagreements(case.scans, case.separators | claimed, plan.pages)


def _findings(plan: Plan, folhas: Sequence[Folha], done: Done, first: int) -> Iterator[Finding]:
    verdicts = {ref: page.verdict for ref, page in done.items()}
    numbers = {folha.ref: folha.number for folha in folhas}
    for page in plan.pages:
        for finding in done[page.ref].findings:
            yield _with_folha(finding, numbers.get(page.ref))
    for finding in removal_findings(plan.pages, verdicts):
        ref = PageRef(finding.file, finding.page) if finding.file and finding.page else None
        yield _with_folha(finding, numbers.get(ref) if ref else None)
    for section in emptied_sections(plan.pages, verdicts):
        yield warning(Code.SECTION_EMPTIED, section=section)
    if missing := missing_numbers((folha.number for folha in folhas), first):
        yield reminder(Code.NUMBERS_MISSING, count=len(missing), numbers=folhas_of(missing))
