"""Processes a whole case: from a folder at rest to a published set, or to a note about what is missing.

    process_folder(services, take_snapshot(folder), Attempt(stop)) -> Published(…) or Pending(…)

Only this module defines the order of the steps: inventory → sidecar → plan → checklist → analyse, decide and code the pages →
number → divide → write → verify → publish. Ranges in the sidecar count scanned pages; folhas number the kept pages, before
the pages are divided into files. docs/arquitetura.md names the callers and the module of each step.

`preview` stops after numbering and writes nothing: `itrwatch check`.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from threading import Event

from loguru import logger

from itrwatch.core.case_description import Numeracao
from itrwatch.core.expected import wrong_counts
from itrwatch.core.filenames import CASE_LOG, printable
from itrwatch.core.findings import Finding
from itrwatch.core.folhas import Folha, first_folha, number_folhas, of_file
from itrwatch.core.manifest import Arriving, Manifest, Outcome, Pending, Published, Unsettled
from itrwatch.core.noticed import noticed
from itrwatch.core.page_says import PageSays
from itrwatch.core.pages import Kept, Removed
from itrwatch.core.plan import Plan
from itrwatch.core.sections import FileKind
from itrwatch.core.sent import carried, events_of
from itrwatch.core.settings import Config
from itrwatch.core.text_matching import counted
from itrwatch.job.answer_cache import AnswerCache
from itrwatch.job.attempt import Attempt
from itrwatch.job.case_pages import CasePages, Done, Progress
from itrwatch.job.case_reports import deadline_of, log_findings, result_of, write_reports
from itrwatch.job.digests import scan_digests
from itrwatch.job.drafting import read_folder
from itrwatch.job.intake import Case, read_case
from itrwatch.job.manifest_builder import pending_manifest, published_manifest
from itrwatch.job.same_sheets import scanned_twice
from itrwatch.job.write_parts import WritingError, write_files
from itrwatch.log import case_log
from itrwatch.report.result import Result
from itrwatch.scans.plain_file import ReplacedError
from itrwatch.store.fingerprint import fingerprint
from itrwatch.store.inbox import Snapshot, take_snapshot
from itrwatch.store.outbox import Outbox
from itrwatch.workers.pool import Pool, Workers


@dataclass(frozen=True, slots=True)
class Services:
    """The resources of every job. ``answers``: results computed before the folder was at rest; None in `once`."""

    config: Config
    outbox: Outbox
    pool: Pool
    answers: AnswerCache | None = None

    def workers(self, snapshot: Snapshot) -> Workers:
        """The workers for this case, with cached results if any."""
        return self.answers.workers(self.pool, snapshot) if self.answers else self.pool

    def forget(self, snapshot: Snapshot) -> None:
        """Delete the results prepared for this case."""
        if self.answers:
            self.answers.drop({snapshot.name})


def process_folder(services: Services, snapshot: Snapshot, attempt: Attempt) -> Outcome:
    """Process a folder; returns `Published` or `Pending`, the new state of the outbox.

    Without publication: `Unsettled` if the folder changed during the job, `Arriving` if a scan looks incomplete and ``attempt``
    is patient. Raises `Stopped` if ``attempt.stop`` is set; `OSError` and `KilledError` if the case must be tried again.
    """
    now = attempt.now()
    log = logger.bind(case=snapshot.name)
    with services.outbox.staging(snapshot.name) as staged:
        with case_log(staged / CASE_LOG, snapshot.name):
            log.info(
                "{}: início, {}",
                printable(snapshot.name),
                counted(len(snapshot.scans), "digitalização", "digitalizações"),
            )
            try:
                with services.pool.case(snapshot.identities, blame_killed=attempt.last):
                    workers = services.workers(snapshot)
                    read_as = fingerprint(snapshot, scan_digests(snapshot, workers, attempt.stop))
                    result, arriving = _make(snapshot, staged, services.config, workers, now.date(), attempt)
            except ReplacedError:
                return Unsettled("a pasta mudou enquanto era lida")
            except WritingError:
                services.forget(snapshot)  # a prepared page may be damaged on disk: code it again
                raise
            if take_snapshot(snapshot.folder).state_digest != snapshot.state_digest:
                return Unsettled("a pasta mudou enquanto era lida")
            if arriving and attempt.patient:
                return Arriving("; ".join(arriving))
            manifest = replace(result.manifest, fingerprint=read_as.of(published=result.manifest.published))
            manifest = carried(manifest, services.outbox.read_manifest(snapshot.name), events_of(result.sidecar))
            _write_all_but_pdfs(staged, replace(result, manifest=manifest), services, now.date())
        services.outbox.publish(snapshot.name, staged, now)
    if manifest.published:
        services.forget(snapshot)
    log.info("{}: {}", printable(snapshot.name), _became(manifest))
    return Published(manifest) if manifest.published else Pending(manifest)


def _write_all_but_pdfs(staged: Path, result: Result, services: Services, today: date) -> None:
    """Write the reports, the draft of a sidecar and, last, the manifest."""
    log_findings(result.manifest)
    result = replace(result, before=services.outbox.has_past(result.manifest.folder))
    write_reports(staged, result, services.config, today)
    if result.draft:
        services.outbox.write_draft(staged, result.draft)
    services.outbox.write_manifest(staged, result.manifest)


def _became(manifest: Manifest) -> str:
    if manifest.draft:
        return "rascunho pronto: confira e salve na entrada"
    return "publicado" if manifest.published else "pendente, veja PENDENTE.txt"


def _make(
    snapshot: Snapshot, staged: Path, config: Config, workers: Workers, today: date, attempt: Attempt
) -> tuple[Result, Sequence[str]]:
    """Write the PDFs of a case if it has no errors; returns its result, and the scans that look incomplete."""
    case, draft = read_folder(snapshot, config, workers, attempt.stop, attempt.progress)
    if case.faulty or case.plan is None or (attempt.patient and case.arriving):
        return result_of(pending_manifest(case, case.findings), case, snapshot, draft=draft), case.arriving
    spool = staged.parent / "spool"
    spool.mkdir(mode=0o700)
    try:
        pages = CasePages(snapshot, case.plan.pages, config, workers, attempt.stop, attempt.progress)
        pages.run(spool)
        if faults := faults_of(case.plan, pages):
            arriving = (*case.arriving, *pages.arriving)
            pending = pending_manifest(case, (*case.findings, *faults))
            return result_of(pending, case, snapshot, pages.done), arriving
        twice = scanned_twice(snapshot, pages.done, case.scans, workers, attempt.stop)
        folhas = number(case, case.plan, pages.done)
        files = [(kind, own) for kind in FileKind if (own := of_file(folhas, kind))]
        parts = write_files(staged, files, pages.done, str(case.processo), config, workers, attempt.stop)
    finally:
        shutil.rmtree(spool)
    seen = replace(case, findings=(*case.findings, *twice, *_noticed(case, case.plan, pages.done, folhas)))
    deadline = deadline_of(case.sidecar, config.holidays, today)
    manifest = published_manifest(seen, case.plan, folhas, parts, pages.done, deadline)
    return result_of(manifest, case, snapshot, pages.done), case.arriving


def _noticed(case: Case, plan: Plan, done: Done, folhas: Sequence[Folha]) -> tuple[Finding, ...]:
    """The findings from the recognised words of the published pages."""
    if case.processo is None:
        return ()
    kept = [page for page in plan.pages if isinstance(done[page.ref].verdict, Kept)]
    told = [(page.ref, page.section, done[page.ref].says or PageSays()) for page in kept]
    numbers = {folha.ref: folha.number for folha in folhas if folha.number is not None}
    ours = case.sidecar is not None and not case.sidecar.numeracao_written
    out = {page.ref: verdict for page in plan.pages if isinstance(verdict := done[page.ref].verdict, Removed)}
    blank = {ref for ref, verdict in out.items() if verdict.reason.is_blank}
    return noticed(told, case.processo, numbers, numbered_here=ours, sidecar=case.sidecar, blank=blank)


def faults_of(plan: Plan, pages: CasePages) -> tuple[Finding, ...]:
    """The errors that prevent publication, after all pages were analysed."""
    if pages.faults:
        return tuple(pages.faults)
    return tuple(wrong_counts(plan.expected, {ref: page.verdict for ref, page in pages.done.items()}))


def number(case: Case, plan: Plan, done: Done) -> tuple[Folha, ...]:
    """Number the folhas of the case across both files."""
    verdicts = {ref: page.verdict for ref, page in done.items()}
    numeracao = case.sidecar.numeracao if case.sidecar else Numeracao.SEQUENCIAL
    return number_folhas(
        ((page.ref, page.section) for page in plan.pages), verdicts, numeracao, first_folha(case.sidecar)
    )


def preview(snapshot: Snapshot, config: Config, pool: Pool, today: date, stop: Event, progress: Progress) -> Manifest:
    """The manifest that the case would have, without files; nothing is written."""
    by_sheets = config.separators == "publish"
    case = read_folder(snapshot, config, pool, stop)[0] if by_sheets else read_case(snapshot, pool, stop)
    if case.faulty or case.plan is None:
        return pending_manifest(case, case.findings)
    pages = CasePages(snapshot, case.plan.pages, config, pool, stop, progress)
    pages.run(None)
    if faults := faults_of(case.plan, pages):
        return pending_manifest(case, (*case.findings, *faults))
    deadline = deadline_of(case.sidecar, config.holidays, today)
    return published_manifest(case, case.plan, number(case, case.plan, pages.done), (), pages.done, deadline)
