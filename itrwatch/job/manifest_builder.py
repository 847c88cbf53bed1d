"""The manifest of a case, and the files that people read about it: report and note.

published_manifest(case, plan, folhas, parts, done, deadline) -> Manifest(files=(…), sections=(…), pages=(…), findings=(…))
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from loguru import logger

from itrwatch import __version__
from itrwatch.core.andamento import agenda
from itrwatch.core.case_description import Sidecar
from itrwatch.core.checklist import check_numbered
from itrwatch.core.codes import Code
from itrwatch.core.deadline import Deadline, find_deadline
from itrwatch.core.filenames import REPORT, SIDECAR_NAME, printable
from itrwatch.core.findings import Finding, Severity, reminder, unrepeated, warning
from itrwatch.core.folhas import Folha, first_folha, missing_numbers, span
from itrwatch.core.manifest import Manifest, PageEntry, SectionSpan
from itrwatch.core.pages import PageRef, Reason, Removed
from itrwatch.core.plan import Plan, PlannedPage
from itrwatch.core.receipts import find_receipts
from itrwatch.core.removals import emptied_sections, removal_findings
from itrwatch.core.separators import disagreements
from itrwatch.core.settings import Config, Holidays
from itrwatch.core.termo import folhas as folhas_of
from itrwatch.core.termo import numbers_for_paper
from itrwatch.core.text_matching import counted
from itrwatch.job.case_pages import Done
from itrwatch.job.drafting import Draft
from itrwatch.job.intake import Case
from itrwatch.job.write_parts import WrittenPart
from itrwatch.report.office_calendar import calendar_for_case
from itrwatch.report.pending import write_pending
from itrwatch.report.report import report_html
from itrwatch.report.result import Result, ScanFile
from itrwatch.sidecar.without_andamento import andamento_of
from itrwatch.store.inbox import Snapshot
from itrwatch.workers.tasks import PageDone

NOTHING_DONE: Done = {}


def result_of(
    manifest: Manifest,
    case: Case,
    snapshot: Snapshot,
    done: Done = NOTHING_DONE,
    draft: Draft | None = None,
) -> Result:
    """The manifest with everything else that the report shows; ``draft``: of a case without a sidecar, or with a faulty one."""
    removed = {ref: page.verdict for ref, page in done.items() if isinstance(page.verdict, Removed)}
    pictures = {ref: page.thumbnail for ref, page in done.items() if page.thumbnail}
    return Result(
        manifest,
        case.sidecar,
        thumbnails={**(draft.thumbnails if draft else {}), **case.glances, **pictures},
        evidence={ref: verdict.evidence for ref, verdict in removed.items() if verdict.evidence},
        scans=tuple(ScanFile(scan.name, scan.size, case.scans.get(scan.name)) for scan in snapshot.scans),
        receipts=find_receipts([scan.name for scan in snapshot.scans], case.sidecar),
        proposal=draft.proposal if draft and draft.text else None,
        draft=draft.text if draft else b"",
        plan=case.plan,
        suggested=draft.proposal if draft else None,
        turns={ref: page.turn for ref, page in done.items()},
        blank=case.blank,
        unwritable=draft.unwritable if draft else frozenset(),
        rest=andamento_of("\n".join(case.lines)),
    )


def write_reports(staged: Path, result: Result, config: Config, today: date) -> None:
    """Write report and, for a pending case, note into ``staged``; ``today`` only limits how far the calendar reaches. `OSError`."""
    (staged / REPORT).write_bytes(report_of(result, config, today))
    if not result.manifest.published:
        write_pending(staged, result)


def report_of(result: Result, config: Config, today: date) -> bytes:
    """The report of a case, with what is due on which day; ``today`` as in `write_reports`."""
    sidecar, calendar = result.sidecar, calendar_for_case(result.sidecar, config.holidays, today)
    deadline = deadline_of(sidecar, config.holidays, today)
    events = sidecar.andamento.events if sidecar and sidecar.andamento else ()
    due = agenda(events, deadline, calendar, complement=bool(result.manifest.complemento))
    return report_html(result, deadline, due, config.portal)


def deadline_of(sidecar: Sidecar | None, holidays: Holidays, today: date) -> Deadline | None:
    """The period for the impugnação by the office's calendar; None if the sidecar has no date of ciência."""
    calendar = calendar_for_case(sidecar, holidays, today)
    return find_deadline(sidecar.ciencia, sidecar.impugnacao, calendar) if sidecar else None


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


def log_findings(manifest: Manifest) -> None:
    """Log findings, reasons of pages, and files."""
    log = logger.bind(case=manifest.folder)
    # a folder that waits for its sidecar is normal and must not raise an alarm
    error = "INFO" if manifest.draft else "ERROR"
    levels = {Severity.ERROR: error, Severity.WARNING: "WARNING", Severity.REMINDER: "DEBUG"}
    for finding in manifest.findings:
        log.log(levels[finding.severity], "{}: {}", printable(manifest.folder), finding)
    for page in manifest.pages:
        if page.why:
            log.debug("{}, página {}: {}", printable(page.file), page.page, page.why)
    for file in manifest.files:
        pages = counted(file.pages, "página", "páginas")
        log.info("{}: {} com {}, {} bytes", printable(manifest.folder), file.name, pages, file.bytes)


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
