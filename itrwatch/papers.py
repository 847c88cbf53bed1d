"""What people read about a case, written beside its PDFs: report and note."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from itrwatch.case_pages import Done
from itrwatch.core.deadline import find_deadline
from itrwatch.core.manifest import Manifest
from itrwatch.core.pages import Removed
from itrwatch.core.receipts import find_proofs
from itrwatch.core.settings import Holidays
from itrwatch.drafting import Draft
from itrwatch.holidays_br import calendar_for_case
from itrwatch.intake import Case
from itrwatch.report.pending import write_pending
from itrwatch.report.report import write_report
from itrwatch.report.result import Result, ScanFile
from itrwatch.store.inbox import Snapshot

NOTHING_DONE: Done = {}


def result_of(
    manifest: Manifest,
    case: Case,
    snapshot: Snapshot,
    done: Done = NOTHING_DONE,
    draft: Draft | None = None,
) -> Result:
    """The record of a case with what was seen of its pages; ``draft`` if it has no sidecar."""
    removed = {ref: page.verdict for ref, page in done.items() if isinstance(page.verdict, Removed)}
    pictures = {ref: page.thumbnail for ref, page in done.items() if page.thumbnail}
    return Result(
        manifest,
        case.sidecar,
        thumbnails={**(draft.thumbnails if draft else {}), **case.glances, **pictures},
        evidence={ref: verdict.evidence for ref, verdict in removed.items() if verdict.evidence},
        scans=tuple(ScanFile(scan.name, scan.size, case.scans.get(scan.name)) for scan in snapshot.scans),
        proofs=find_proofs([scan.name for scan in snapshot.scans], case.sidecar),
        proposal=draft.proposal if draft else None,
        draft=draft.text if draft else b"",
    )


def write_papers(staged: Path, result: Result, holidays: Holidays, today: date) -> None:
    """Write them into the staged folder; ``today`` says only how far the calendar must reach. `OSError`."""
    sidecar, calendar = result.sidecar, calendar_for_case(result.sidecar, holidays, today)
    deadline = find_deadline(sidecar.ciencia, sidecar.impugnacao, calendar) if sidecar else None
    write_report(staged, result, deadline)
    if not result.manifest.published:
        write_pending(staged, result)
