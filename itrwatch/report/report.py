"""relatorio.html: the results for a case, page by page, and the next steps; one file, no server.

The report does not depend on the day on which it is made: the same case gives the same report. It has the next steps for all
days, and the page's script shows those for the reader's day; the panel shows the days left.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import zip_longest

from itrwatch.core.andamento import NextStep, Stage
from itrwatch.core.case_summary import CaseState, state_sentence
from itrwatch.core.deadline import UNKNOWN, Deadline
from itrwatch.core.ecac import Phase, Step, case_index, ecac_steps
from itrwatch.core.filenames import REPORT, printable
from itrwatch.core.findings import Finding, Severity
from itrwatch.core.grouped_findings import grouped_findings
from itrwatch.core.manifest import Manifest
from itrwatch.core.pages import PageRef
from itrwatch.core.proposal import Confidence, Proposal, Proposed
from itrwatch.core.sent import superseded
from itrwatch.core.settings import PortalConfig
from itrwatch.core.termo import draft_termo
from itrwatch.core.title_matching import in_order
from itrwatch.report.compose import compose
from itrwatch.report.page_grid import EMPTY, Tile, accounting, anchor_of, groups, loose, tiles
from itrwatch.report.pending import HOW
from itrwatch.report.rendering import picture, render
from itrwatch.report.result import Result
from itrwatch.sidecar.draft import CONFIRM
from itrwatch.sidecar.example import example_sidecar

Agenda = Sequence[tuple[date, NextStep]]
"""The next steps with their first days, from `core.andamento.agenda`."""
Pages = tuple[tuple[int | None, str, str], ...]
"""Each page with its anchor and the text after it, such as “ (em branco)”."""
_PORTAL = PortalConfig()
TONES = {CaseState.READY: "good", CaseState.RESERVATIONS: "look", CaseState.PENDING: "bad", CaseState.DRAFT: "look"}
"""The colour in which a state is shown."""


@dataclass(frozen=True, slots=True)
class ShownFinding:
    """A finding as the report shows it; ``anchor``: the id of the picture of its page, if there is one.

    ``pages``: for a point about several pages, each file with its `Pages`.
    """

    finding: Finding
    message: str
    where: str
    anchor: str
    tick: str
    pages: tuple[tuple[str, Pages], ...] = ()


@dataclass(frozen=True, slots=True)
class Due:
    """A step that is due between two days; ``since`` None: from the beginning, ``until`` None: until it is noted."""

    since: date | None
    until: date | None
    step: NextStep

    @property
    def late(self) -> bool:
        """Whether it is late, and shown first."""
        return bool(self.step.overdue) or self.step.stage is Stage.CHANGED


def report_html(
    result: Result, deadline: Deadline | None = None, agenda: Agenda = (), portal: PortalConfig = _PORTAL
) -> bytes:
    """The report as one self-contained page; ``deadline``: None if unknown.

    ``agenda``: the next steps, each with its first day. All are included, so that the page shows the right one on any day.
    """
    manifest = result.manifest
    due = tuple(_due([(day, superseded(step, manifest)) for day, step in agenda]))
    attached = any(each.step.stage in (Stage.ATTACHED, Stage.ACCEPTED) for each in due)
    state, sentence = state_sentence(manifest, attached=attached)
    sheet = tiles(result)
    return render(
        REPORT if manifest.published else "pendente.html",
        "relatorio.js",
        "compor.js",
        "ampliar.js",
        result=result,
        manifest=manifest,
        sidecar=result.sidecar,
        state=state,
        tone="calm" if result.waiting else TONES[state],
        sentence=result.waiting or sentence,
        attached=attached,
        andamento_faults=_andamento_faults(result),
        findings={severity.name.lower(): tuple(_shown(manifest, severity, sheet)) for severity in Severity},
        due=due,
        phases=_phases(ecac_steps(manifest, portal), due),
        index=case_index(manifest),
        last_day=deadline.last_day if deadline else "",
        deadline=deadline.sentences if deadline else (UNKNOWN,),
        termo=draft_termo(manifest, result.sidecar, deadline),
        sheet=sheet,
        groups=groups(sheet) or (() if result.proposal else loose(result)),
        removed=[tile for tile in sheet if tile.entry.outcome == "removed"],
        accounting=accounting(result),
        before=sum(scan.bytes for scan in result.scans),
        after=sum(file.bytes for file in manifest.files),
        how=HOW,
        proposed=proposed_pages(result),
        compose=compose(result),
        example=example_sidecar([(scan.name, scan.pages) for scan in result.scans]),
        key=_key(manifest),
    )


def _andamento_faults(result: Result) -> tuple[str, ...]:
    """The faults of ``andamento``: “processo.yaml, linha 13: anote também …”."""
    noted = result.sidecar.andamento if result.sidecar else None
    return tuple(f"{where(finding)}: {finding.message}" for finding in noted.findings) if noted else ()


def _due(agenda: Agenda) -> Iterator[Due]:
    for (since, step), after in zip_longest(agenda, (day for day, _ in agenda[1:])):
        yield Due(None if since == date.min else since, after - timedelta(days=1) if after else None, step)


def _phases(
    steps: Mapping[Phase, tuple[Step, ...]], due: Sequence[Due]
) -> tuple[tuple[Phase, tuple[Step, ...], bool], ...]:
    """Each phase with its steps and whether it is open: the one that is due first, the others in their order."""
    first = next((each.step.phase for each in due if each.step.phase), None)
    return tuple(
        (phase, own, phase is first) for phase, own in sorted(steps.items(), key=lambda item: item[0] is not first)
    )


def _shown(manifest: Manifest, severity: Severity, sheet: tuple[Tile, ...]) -> Iterator[ShownFinding]:
    for group in grouped_findings(manifest.findings, severity):
        finding, message = group.findings[0], group.message
        tick = hashlib.sha256(message.encode("utf-8", "surrogateescape")).hexdigest()[:12]
        if len(group.findings) == 1:
            yield ShownFinding(
                finding, message, where(finding), anchor_of(finding, sheet), tick, _left_out(finding, sheet)
            )
        else:
            pages = tuple(
                (name, tuple((one.page, anchor_of(one, sheet), "") for one in own)) for name, own in group.files
            )
            yield ShownFinding(finding, message, "", "", tick, pages)


def _left_out(finding: Finding, sheet: tuple[Tile, ...]) -> tuple[tuple[str, Pages], ...]:
    """The pages of a scan that no section claims, to show beside the finding about the scan."""
    if finding.file is None or finding.page is not None or finding.line is not None:
        return ()
    own = tuple(
        tile for tile in sheet if tile.entry.outcome == "unclaimed" and printable(tile.entry.file) == finding.file
    )
    if not own:
        return ()
    return ((finding.file, tuple((tile.entry.page, tile.anchor, f" ({EMPTY})" if tile.empty else "") for tile in own)),)


def where(finding: Finding) -> str:
    """“processo.yaml, linha 3”, “scan 001.pdf, página 4”, or nothing."""
    if finding.file is None:
        return ""
    line = f", linha {finding.line}" if finding.line is not None else ""
    page = f", página {finding.page}" if finding.page is not None else ""
    return f"{printable(finding.file)}{line}{page}"


def _key(manifest: Manifest) -> str:
    """The key under which the browser stores ticks; it is unique for each set, so that a new set begins without ticks."""
    made = "".join(file.sha256 for file in manifest.files)
    return hashlib.sha256(f"{manifest.processo}{made}".encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class ProposedPage:
    """A page of a scan: its proposed section and the reason, in Portuguese; ``level``: a CSS class; ``picture``: a data URL."""

    file: str
    page: int
    said: str
    why: str
    level: str
    picture: str


def proposed_pages(result: Result) -> tuple[ProposedPage, ...]:
    """Every page of the proposal, scan by scan; none when there is no proposal."""
    return tuple(_pages(result.proposal, result)) if result.proposal else ()


def _pages(proposal: Proposal, result: Result) -> Iterator[ProposedPage]:
    entries = {ref: entry for entry in proposal.sections for ref in entry.sides}
    for ref in (PageRef(name, number) for name in in_order(proposal.scans) for number in _numbers(proposal, name)):
        jpeg = result.thumbnails.get(ref, b"")
        yield ProposedPage(ref.file, ref.page, *_said(ref, entries.get(ref), proposal), picture(jpeg) if jpeg else "")


def _numbers(proposal: Proposal, name: str) -> range:
    return range(1, proposal.scans[name] + 1)


def _said(ref: PageRef, entry: Proposed | None, proposal: Proposal) -> tuple[str, str, str]:
    if ref in proposal.sheets:
        return "folha separadora", "não é publicada", "removed"
    if entry is None:
        return "não sei", "diga a seção no processo.yaml", "unclaimed"
    if entry.confidence is Confidence.LOW:
        return entry.section.heading, f"{CONFIRM}: confiança baixa ({entry.why})", "unclaimed"
    return entry.section.heading, f"confiança {entry.confidence} ({entry.why})", "published"
