"""Report and note of a case, and the last lines of its log.

write_reports(staged, result_of(manifest, case, snapshot, done), config, today): the report, and the note of a pending case
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from loguru import logger

from itrwatch.core.andamento import agenda
from itrwatch.core.case_description import Sidecar
from itrwatch.core.deadline import Deadline, find_deadline
from itrwatch.core.filenames import REPORT, printable
from itrwatch.core.findings import Severity
from itrwatch.core.manifest import Manifest
from itrwatch.core.pages import Removed
from itrwatch.core.receipts import find_receipts
from itrwatch.core.settings import Config, Holidays
from itrwatch.core.text_matching import counted
from itrwatch.job.case_pages import Done
from itrwatch.job.drafting import Draft
from itrwatch.job.intake import Case
from itrwatch.report.office_calendar import calendar_for_case
from itrwatch.report.pending import write_pending
from itrwatch.report.report import report_html
from itrwatch.report.result import Result, ScanFile
from itrwatch.sidecar.without_andamento import andamento_of
from itrwatch.store.inbox import Snapshot

NOTHING_DONE: Done = {}


def result_of(
    manifest: Manifest,
    case: Case,
    snapshot: Snapshot,
    done: Done = NOTHING_DONE,
    draft: Draft | None = None,
) -> Result:
    """The manifest with all other data of the report; ``draft``: for a case without a sidecar, or with a faulty one."""
    removed = {ref: page.verdict for ref, page in done.items() if isinstance(page.verdict, Removed)}
    pictures = {ref: page.thumbnail for ref, page in done.items() if page.thumbnail}
    return Result(
        manifest,
        case.sidecar,
        thumbnails={**(draft.thumbnails if draft else {}), **case.unlisted_thumbnails, **pictures},
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
        andamento=andamento_of("\n".join(case.lines)),
    )


def write_reports(staged: Path, result: Result, config: Config, today: date) -> None:
    """Write the report and, for a pending case, the note into ``staged``; ``today`` only limits the range of the calendar. `OSError`."""
    (staged / REPORT).write_bytes(report_of(result, config, today))
    if not result.manifest.published:
        write_pending(staged, result)


def report_of(result: Result, config: Config, today: date) -> bytes:
    """The report of a case, with the dates of the next steps; ``today`` as in `write_reports`."""
    sidecar, calendar = result.sidecar, calendar_for_case(result.sidecar, config.holidays, today)
    deadline = deadline_of(sidecar, config.holidays, today)
    events = sidecar.andamento.events if sidecar and sidecar.andamento else ()
    due = agenda(events, deadline, calendar, complement=bool(result.manifest.complemento))
    return report_html(result, deadline, due, config.portal)


def deadline_of(sidecar: Sidecar | None, holidays: Holidays, today: date) -> Deadline | None:
    """The period for the impugnação by the office's calendar; None if the sidecar has no date of ciência."""
    calendar = calendar_for_case(sidecar, holidays, today)
    return find_deadline(sidecar.ciencia, sidecar.impugnacao, calendar) if sidecar else None


def log_findings(manifest: Manifest) -> None:
    """Log findings, reasons of pages, and files."""
    log = logger.bind(case=manifest.folder)
    # A folder that waits for its sidecar is a normal state, not an error.
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
