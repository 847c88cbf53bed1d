"""relatorio.html: what was done with a case, page by page, and what to do with it next; one file, no server.

Nothing in it depends on the day on which it is made: the same case gives the same report. What changes with the
days (how long until the last day, what is late) stands in the panel.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from itrwatch.core.case_summary import CaseState, state_sentence
from itrwatch.core.deadline import UNKNOWN, Deadline
from itrwatch.core.ecac import case_index, ecac_steps
from itrwatch.core.filenames import REPORT, printable
from itrwatch.core.findings import Finding, Severity
from itrwatch.core.grouped_findings import grouped_findings
from itrwatch.core.manifest import Manifest
from itrwatch.core.sent import difference
from itrwatch.core.termo import termo_text
from itrwatch.report.compose import compose
from itrwatch.report.page_grid import Tile, accounting, anchor_of, groups, loose, tiles
from itrwatch.report.pending import HOW
from itrwatch.report.proposal import proposed_pages
from itrwatch.report.rendering import render
from itrwatch.report.result import Result
from itrwatch.sidecar.example import example_sidecar

TONES = {CaseState.READY: "good", CaseState.RESERVATIONS: "look", CaseState.PENDING: "bad", CaseState.DRAFT: "look"}
"""The colour in which a state is shown."""


@dataclass(frozen=True, slots=True)
class Told:
    """A point as the report shows it: ``anchor`` leads to the picture of its page, if there is one.

    ``pages``: for a point about several pages, each file with its pages and their anchors.
    """

    finding: Finding
    where: str
    anchor: str
    tick: str
    pages: tuple[tuple[str, tuple[tuple[int | None, str], ...]], ...] = ()


def write_report(staged: Path, result: Result, deadline: Deadline | None) -> None:
    """Write the report into the staged folder; `OSError`."""
    (staged / REPORT).write_bytes(report_html(result, deadline))


def report_html(result: Result, deadline: Deadline | None = None) -> bytes:
    """The report as one self-contained page; ``deadline`` None: it is not known."""
    manifest = result.manifest
    state, sentence = state_sentence(manifest)
    sheet = tiles(result)
    return render(
        REPORT if manifest.published else "pendente.html",
        "relatorio.js",
        "compor.js",
        result=result,
        manifest=manifest,
        sidecar=result.sidecar,
        state=state,
        tone="calm" if result.waiting else TONES[state],
        sentence=result.waiting or sentence,
        changed=difference(manifest) if manifest.published else "",
        findings={severity.name.lower(): tuple(_told(manifest, severity, sheet)) for severity in Severity},
        steps=ecac_steps(manifest),
        index=case_index(manifest),
        last_day=deadline.last_day if deadline else "",
        deadline=deadline.sentences if deadline else (UNKNOWN,),
        termo=termo_text(manifest, result.sidecar),
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


def _told(manifest: Manifest, severity: Severity, sheet: tuple[Tile, ...]) -> Iterator[Told]:
    for point in grouped_findings(manifest.findings, severity):
        finding = replace(point.findings[0], message=point.message)
        tick = hashlib.sha256(finding.message.encode("utf-8", "surrogateescape")).hexdigest()[:12]
        if len(point.findings) == 1:
            yield Told(finding, where(finding), anchor_of(finding, sheet), tick)
        else:
            pages = tuple((name, tuple((one.page, anchor_of(one, sheet)) for one in own)) for name, own in point.files)
            yield Told(finding, "", "", tick, pages)


def where(finding: Finding) -> str:
    """“processo.yaml, linha 3”, “scan 001.pdf, página 4”, or nothing."""
    if finding.file is None:
        return ""
    line = f", linha {finding.line}" if finding.line is not None else ""
    page = f", página {finding.page}" if finding.page is not None else ""
    return f"{printable(finding.file)}{line}{page}"


def _key(manifest: Manifest) -> str:
    """What ticks are remembered under: this very set, so that a new one begins without any."""
    made = "".join(file.sha256 for file in manifest.files)
    return hashlib.sha256(f"{manifest.processo}{made}".encode()).hexdigest()[:16]
