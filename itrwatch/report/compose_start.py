"""The initial state of the page for composing a sidecar: every page with the section that begins on it, in display order.

A folder without a sidecar starts with the proposal, a published case with its sidecar, and a case with a faulty sidecar
with the readable part, completed by the proposal.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from itrwatch.core.filenames import printable
from itrwatch.core.manifest import PageEntry
from itrwatch.core.pages import PageOverride, PageRef, Reason
from itrwatch.core.plan import Plan
from itrwatch.core.proposal import Confidence, Proposal, Proposed
from itrwatch.core.sections import Section
from itrwatch.core.text_matching import counted
from itrwatch.core.title_matching import in_order
from itrwatch.report.result import Result

OUTSIDE = "fora"
"""The mark for pages that belong to no section."""
_LEFT_OUT = "Fora de todas as seções"
_NO_OVERRIDE = PageOverride()


@dataclass(frozen=True, slots=True)
class ComposePage:
    """A page as the script has it; ``picture`` is the id of the figure with its image."""

    file: int
    page: int
    picture: str
    proposed: str = ""
    why: str = ""
    guess: bool = False
    shows: int = 0
    girar: int | None = None
    keep: bool = False
    removed: bool = False
    separator: bool = False

    def json(self) -> dict[str, Any]:
        """The page under the names of its fields."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class Start:
    """``files`` in natural order, their ``totals`` of pages, and ``groups``: a title and the numbers of its ``pages``."""

    files: tuple[str, ...]
    totals: Mapping[str, int]
    pages: tuple[ComposePage, ...]
    groups: tuple[tuple[str, tuple[int, ...]], ...]
    movable: bool = False
    """Whether the groups may be reordered: True if they are files, not sections."""


def beginning(result: Result) -> Start | None:
    """The initial state; None if no page was analysed."""
    if result.manifest.published:  # also where separator sheets stood in for a sidecar
        return _from_manifest(result) if result.sidecar is not None else None
    if result.proposal is not None:
        return _from_proposal(result.proposal)
    return _from_plan(result) if result.thumbnails else None


def _from_proposal(proposal: Proposal) -> Start:
    files = in_order(proposal.scans)
    shown = [PageRef(name, number) for name in files for number in range(1, proposal.scans[name] + 1)]
    position = {ref: number for number, ref in enumerate(shown)}
    pages: dict[PageRef, ComposePage] = {}
    groups = []
    for name, refs in proposal.in_order():
        pages |= {
            ref: replace(page, file=files.index(ref.file), picture=f"c{position[ref]}")
            for ref, page in _proposed(refs, proposal)
        }
        groups.append((_title(name, proposal, len(refs)), tuple(position[ref] for ref in refs)))
    return Start(tuple(files), dict(proposal.scans), tuple(pages[ref] for ref in shown), tuple(groups), movable=True)


def _proposed(refs: tuple[PageRef, ...], proposal: Proposal) -> Iterator[tuple[PageRef, ComposePage]]:
    """The pages of one stack as they are proposed."""
    entries = {ref: entry for entry in proposal.sections for ref in entry.sides}
    before: Proposed | None = None
    for ref in refs:
        sheet, entry = ref in proposal.sheets, entries.get(ref)
        begins = not sheet and (ref == refs[0] or entry is not before)
        start = (entry.section.value if entry else OUTSIDE) if begins else ""
        guess = not sheet and (entry is None or entry.confidence is Confidence.LOW)
        why = entry.why if entry else "não descobri o que é esta página"
        yield ref, ComposePage(0, ref.page, "", start, why, guess, separator=sheet)
        before = before if sheet else entry


def _title(name: str, proposal: Proposal, pages: int) -> str:
    backs = proposal.pairs.get(name)
    names = f"{printable(name)} e {printable(backs)}, frente e verso" if backs else printable(name)
    return f"{names} ({counted(pages, 'página', 'páginas')})"


def _from_manifest(result: Result) -> Start:
    entries = result.manifest.pages
    files = tuple(in_order({entry.file for entry in entries}))
    totals = {name: max(entry.page for entry in entries if entry.file == name) for name in files}
    overrides = _overrides(result.plan)
    return _by_section(
        files,
        totals,
        [(entry.section, _of_entry(entry, overrides), f"p{number}") for number, entry in enumerate(entries, 1)],
    )


def _of_entry(entry: PageEntry, overrides: Mapping[PageRef, PageOverride]) -> tuple[PageRef, ComposePage]:
    ref = PageRef(entry.file, entry.page)
    override = overrides.get(ref, _NO_OVERRIDE)
    page = ComposePage(
        *(0, entry.page, ""),
        shows=entry.turn,
        girar=override.turn,
        keep=override.keep,
        removed=entry.reason is Reason.ASKED,
        separator=entry.reason is Reason.SEPARATOR,
    )
    return ref, page


def _overrides(plan: Plan | None) -> dict[PageRef, PageOverride]:
    return {page.ref: page.override for page in plan.pages} if plan else {}


def _by_section(
    files: tuple[str, ...],
    totals: Mapping[str, int],
    listed: list[tuple[Section | None, tuple[PageRef, ComposePage], str]],
) -> Start:
    """The pages in the order given, each section under its heading; ``listed``: section, page, id of the figure."""
    groups: dict[str, list[int]] = {}
    pages = []
    for number, (section, (ref, page), picture) in enumerate(listed):
        own = groups.setdefault(section.heading if section else _LEFT_OUT, [])
        start = "" if own else (section.value if section else OUTSIDE)
        own.append(number)
        pages.append(replace(page, file=files.index(ref.file), picture=picture, proposed=start or page.proposed))
    return Start(files, totals, tuple(pages), tuple((title, tuple(own)) for title, own in groups.items()))


def _from_plan(result: Result) -> Start | None:
    """The initial state from the readable part of a faulty sidecar; without a usable part, from the proposal."""
    if (result.plan is None or not result.plan.pages) and result.suggested:
        return _pictured(_from_proposal(result.suggested), result)
    if result.plan is None:
        return None
    totals = {scan.name: scan.pages for scan in result.scans if scan.pages}
    files = tuple(in_order(totals))
    anchors = {ref: f"p{number}" for number, ref in enumerate(sorted(result.thumbnails), 1)}
    listed = [
        (page.section, (page.ref, _planned(page.ref, page.override, result)), page.ref) for page in result.plan.pages
    ]
    rest = _left(result, {page.ref for page in result.plan.pages}, totals)
    return _by_section(
        files,
        totals,
        [
            (section, page, anchors.get(ref, "p0"))
            for section, page, ref in (*listed, *((None, each, each[0]) for each in rest))
        ],
    )


def _planned(ref: PageRef, override: PageOverride, result: Result) -> ComposePage:
    return ComposePage(
        *(0, ref.page, ""),
        shows=result.turns.get(ref, 0),
        girar=override.turn,
        keep=override.keep,
        removed=override.remove,
    )


def _left(result: Result, used: set[PageRef], totals: Mapping[str, int]) -> Iterator[tuple[PageRef, ComposePage]]:
    """The pages that the sidecar does not claim: outside all sections, and marked if a section is proposed for them."""
    proposal = result.suggested
    entries = {ref: entry for entry in (proposal.sections if proposal else ()) for ref in entry.sides}
    before: Proposed | None = None
    sheets = proposal.sheets if proposal else (result.plan.separators if result.plan else ())
    for ref in (PageRef(name, number) for name in in_order(totals) for number in range(1, totals[name] + 1)):
        if ref in used:
            continue
        entry = entries.get(ref)
        seems = f"; parece {entry.section.heading} ({entry.why})" if entry else ""
        why = f"o processo.yaml não diz o que é esta página{seems}"
        sheet = ref in sheets
        start = "" if sheet or entry is before else OUTSIDE
        yield ref, ComposePage(0, ref.page, "", start, why, guess=not sheet, separator=sheet)
        before = before if sheet else entry


def _pictured(start: Start, result: Result) -> Start:
    """The start with the figures of the pending report, which are numbered by file name."""
    anchors = {ref: f"p{number}" for number, ref in enumerate(sorted(result.thumbnails), 1)}
    pages = tuple(
        replace(page, picture=anchors.get(PageRef(start.files[page.file], page.page), "p0")) for page in start.pages
    )
    return replace(start, pages=pages)
