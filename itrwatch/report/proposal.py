"""The proposal for a folder without a sidecar, page by page beside the pictures."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass

from itrwatch.core.pages import PageRef
from itrwatch.core.proposal import Confidence, Proposal, Proposed
from itrwatch.core.title_matching import in_order
from itrwatch.report.result import Result
from itrwatch.sidecar.draft import CONFIRM


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
        picture = f"data:image/jpeg;base64,{base64.b64encode(jpeg).decode()}" if jpeg else ""
        yield ProposedPage(ref.file, ref.page, *_said(ref, entries.get(ref), proposal), picture)


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
