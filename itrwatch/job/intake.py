"""Reads a case folder: sidecar, scans, plan. Faults are returned as findings, not raised.

read_case(take_snapshot(folder), pool, stop) -> Case(plan=Plan(…), sidecar=Sidecar(…), findings=(…), …)
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event

from loguru import logger

from itrwatch.core.case_description import Sidecar
from itrwatch.core.checklist import check_case, check_processo
from itrwatch.core.codes import Code
from itrwatch.core.excerpts import illustrated
from itrwatch.core.expected import short_scans
from itrwatch.core.filenames import SIDECAR_NAME, SIDECARS, Ambiguous, Found, name_key, printable
from itrwatch.core.findings import Finding, Severity, error, reminder, warning
from itrwatch.core.named_scans import NoSuchFile, files_of
from itrwatch.core.pages import PageRef
from itrwatch.core.plan import Plan, plan_case, set_apart, unclaimed_findings
from itrwatch.core.processo import Processo, find_processo
from itrwatch.core.receipts import receipt_of
from itrwatch.core.separators import Separator
from itrwatch.job.folder_sidecar import find_sidecar, meant_for_sidecar, parse_sidecar
from itrwatch.job.survey import survey
from itrwatch.job.worker_failures import failure_sentence
from itrwatch.scans.values import Inspected
from itrwatch.store.inbox import Snapshot, find_scan
from itrwatch.workers.pool import Failed, InWorker, Workers


@dataclass(frozen=True, slots=True)
class Case:
    """The content of a folder. ``sidecar`` and ``plan`` are None if there is no sidecar or it cannot be parsed.

    ``scans``: file name → number of pages, of the readable scans; ``unreadable``: file name → fault, of the others.
    ``separators``: separator sheets among the pages that no section lists; ``unlisted_thumbnails``: small JPEGs of
    those pages; ``blank``: the blank ones. ``arriving``: messages about scans that seem incomplete (F3, F4).
    ``lines``: the text of the sidecar. ``sidecar_to_come``: there is neither a sidecar nor a file that seems to be a
    misnamed one. With an error among ``findings`` the case cannot be processed.
    """

    name: str
    processo: Processo | None
    sidecar: Sidecar | None
    plan: Plan | None
    scans: dict[str, int]
    findings: tuple[Finding, ...]
    unreadable: dict[str, str] = field(default_factory=dict)
    separators: dict[PageRef, Separator] = field(default_factory=dict)
    arriving: tuple[str, ...] = ()
    unlisted_thumbnails: dict[PageRef, bytes] = field(default_factory=dict)
    blank: frozenset[PageRef] = frozenset()
    lines: tuple[str, ...] = ()
    sidecar_to_come: bool = False

    @property
    def faulty(self) -> bool:
        """Whether an error among the findings prevents the processing of the case."""
        return any(finding.severity is Severity.ERROR for finding in self.findings)


def read_case(
    snapshot: Snapshot, pool: Workers, stop: Event, draft: bytes | None = None, *, survey_unclaimed: bool = True
) -> Case:
    """Read the sidecar, open every scan (in the pool), and plan the parts.

    ``draft``: text used in place of the sidecar. ``survey_unclaimed``: whether pages that no section lists are searched for
    separator sheets; otherwise no page is decoded. Raises `Stopped`.
    """
    processo = find_processo(snapshot.name)
    sidecar, sidecar_name, findings, lines = (
        find_sidecar(snapshot) if draft is None else parse_sidecar(draft, SIDECAR_NAME)
    )
    about_number = check_processo(processo, printable(snapshot.name), sidecar, sidecar_name)
    findings += [illustrated(finding, lines) if finding.line else finding for finding in about_number]
    findings += [warning(Code.ENTRY_REFUSED, name=printable(name), why=why) for name, why in snapshot.refused]
    findings += [warning(Code.NAMESAKE, text=_same_number(snapshot.namesakes))] if snapshot.namesakes else []
    scans, faults, remarks, arriving = _scans(snapshot, pool, stop)
    findings += remarks
    others = _others(snapshot, pool, stop)
    if sidecar is None:
        findings += [_fault(name, fault) for name, fault in faults.items()]
        to_come = draft is None and not snapshot.sidecars and not meant_for_sidecar(snapshot)
        return Case(
            *(snapshot.name, processo, None, None, scans, tuple(findings), faults),
            arriving=arriving,
            sidecar_to_come=to_come,
        )
    arriving += tuple(short_scans(sidecar, scans, lambda written: _find(snapshot, others, written)))
    names = [scan.name for scan in snapshot.scans]
    plan, planned = plan_case(
        sidecar, scans, lambda written: _find(snapshot, others, written), sidecar_name, lines, names
    )
    surveyed = survey(snapshot.folder, plan.unclaimed, pool, stop) if survey_unclaimed else {}
    separators = {ref: page.separator for ref, page in surveyed.items() if page.separator}
    unlisted_thumbnails = {ref: page.thumbnail for ref, page in surveyed.items()}
    plan = set_apart(plan, separators)
    used = (
        files_of(scan, names, lambda written: _find(snapshot, others, written))
        for entry in sidecar.sections
        for source in entry.sources
        for scan in source.scans
    )
    claimed = {name for files in used if isinstance(files, tuple) for name in files}
    findings += planned
    if survey_unclaimed and not _wrong(findings):
        findings += unclaimed_findings(plan.unclaimed, scans)
    findings += [
        _fault(name, fault) if name in claimed else _unclaimed_fault(name, fault) for name, fault in faults.items()
    ]
    findings += _papers_left_out(sidecar, others)
    if not _wrong(findings):
        findings += check_case(plan.sections, processo, sidecar, sidecar_name)
    return Case(
        *(snapshot.name, processo, sidecar, plan, scans, tuple(findings), faults),
        *(
            separators,
            arriving,
            unlisted_thumbnails,
            frozenset(ref for ref, page in surveyed.items() if page.blank),
            lines,
        ),
    )


def _wrong(findings: Sequence[Finding]) -> bool:
    """Whether there is an error already; missing papers may be its consequence and are not reported then."""
    return any(finding.severity is Severity.ERROR for finding in findings)


def open_scans(snapshot: Snapshot, pool: Workers, stop: Event) -> tuple[dict[str, int], dict[str, str]]:
    """The number of pages of each readable scan, and the fault of each other one, by file name. Raises `Stopped`."""
    pages, faults, _, _ = _scans(snapshot, pool, stop)
    return pages, faults


def _scans(
    snapshot: Snapshot, pool: Workers, stop: Event
) -> tuple[dict[str, int], dict[str, str], list[Finding], tuple[str, ...]]:
    """Numbers of pages of readable scans, faults of the others, remarks, and messages about scans that seem incomplete."""
    pages: dict[str, int] = {}
    faults: dict[str, str] = {}
    remarks: list[Finding] = []
    cut: list[str] = []
    # With their subfolder: scans in two subfolders may have the same name.
    names = [scan.name for scan in snapshot.scans]
    answers = pool.map(INSPECT_SCAN, [snapshot.folder / name for name in names], stop)
    for name, answer in zip(names, answers, strict=True):
        if isinstance(answer, Failed):
            logger.error("{}: {} {}\n{}", printable(name), answer.why.name, answer.signal, answer.trace)
            faults[name] = failure_sentence(answer)
            continue
        if answer.cut:
            cut.append(f"“{printable(name)}” parece incompleto")
        if answer.fault:
            faults[name] = answer.fault
        else:
            pages[name] = answer.pages
            remarks += [warning(Code.SCAN_NOTE, text=remark, file=printable(name)) for remark in answer.remarks]
    return pages, faults, remarks, tuple(cut)


def _others(snapshot: Snapshot, pool: Workers, stop: Event) -> dict[str, str]:
    """Files that may contain papers although their names are not those of scans: name → message."""
    names = [file.name for file in snapshot.others]
    answers = pool.map(INSPECT_OTHER, [snapshot.folder / name for name in names], stop)
    return {name: answer for name, answer in zip(names, answers, strict=True) if isinstance(answer, str)}


def _papers_left_out(sidecar: Sidecar, others: dict[str, str]) -> Iterator[Finding]:
    """Warnings about unused files that may be pages of the case; for those named in the sidecar there is an error already."""
    named = {name_key(scan.file) for entry in sidecar.sections for source in entry.sources for scan in source.scans}
    for name, sentence in others.items():
        if not any(written.startswith(name_key(name)) for written in named):
            yield warning(Code.FILE_UNUSED, why=sentence, file=printable(name))


INSPECT_SCAN: InWorker[Path, Inspected] = InWorker("itrwatch.workers.scan_task", "inspect_scan")
INSPECT_OTHER: InWorker[Path, str | None] = InWorker("itrwatch.workers.scan_task", "inspect_other")


NAMESAKE = (  # begins with what is wrong: the panel shows two lines, which the names of the folders fill
    "o mesmo número de processo está também {places} da entrada: se são do mesmo processo, junte os arquivos numa pasta só; se não, corrija os "
    "números; se uma é o complemento de outra, ponha a palavra “complemento” no nome dela"
)
_MOST_NAMESAKES = 3
"""Most folders named in a message. Chosen."""


def _same_number(namesakes: tuple[str, ...]) -> str:
    """One sentence for all other folders with this number; a copying mistake may create many."""
    names = [f"“{printable(name)}”" for name in namesakes[:_MOST_NAMESAKES]]
    if more := len(namesakes) - len(names):
        names.append(f"em outras {more}" if more > 1 else "em outra")
    *some, last = names
    return NAMESAKE.format(places=f"nas pastas {', '.join(some)} e {last}" if some else f"na pasta {last}")


def _find(snapshot: Snapshot, others: dict[str, str], written: str) -> str | NoSuchFile:
    match find_scan(snapshot, written):
        case Found(name):
            return name
        case Ambiguous(names):
            listed = " e ".join(f"“{printable(name)}”" for name in names)
            return NoSuchFile(f"“{printable(written)}” pode ser {listed}; dê nomes diferentes a esses arquivos")
        case missing:
            return NoSuchFile(_missing(snapshot, others, written, missing.nearest), *missing.nearest[:1])


def _missing(snapshot: Snapshot, others: dict[str, str], written: str, nearest: tuple[str, ...]) -> str:
    for name, sentence in others.items():
        if name_key(written).startswith(name_key(name)):  # the caller appends pages
            return f"“{printable(name)}” não serve: {sentence}"
    if name_key(written) in SIDECARS:
        return f"“{printable(written)}” é o arquivo em que você escreve isto, não uma digitalização: ponha aqui o nome de um arquivo escaneado"
    for name, why in snapshot.refused:
        if name.casefold() == written.casefold():
            return f"“{printable(name)}” {why}"
    near = (
        f"; você quis dizer “{printable(nearest[0])}”?"
        if nearest
        else "; confira o nome ou copie o arquivo para a pasta"
    )
    return f"o arquivo “{printable(written)}” não está na pasta{near}"


def _fault(name: str, sentence: str) -> Finding:
    return error(Code.SCAN_BROKEN, text=sentence, file=printable(name))


def _unclaimed_fault(name: str, sentence: str) -> Finding:
    if receipt := receipt_of(name):
        return reminder(Code.RECEIPT_BROKEN, receipt=receipt, why=sentence, file=printable(name))
    return warning(Code.SCAN_UNUSED_BROKEN, why=sentence, file=printable(name))
