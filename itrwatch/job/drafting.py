"""For a folder without a sidecar: reads headings and separator sheets, proposes sections, writes the draft of a sidecar.

make_draft(snapshot, {"noti.pdf": 7}, {}, pool, stop) -> Draft(text=b"…  - notificacao: noti.pdf…", proposal=Proposal(…), …)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from threading import Event

from itrwatch.core.codes import Code
from itrwatch.core.complement import named_complement
from itrwatch.core.filenames import SIDECAR_NAME, Found, match_name
from itrwatch.core.findings import reminder
from itrwatch.core.pages import PageRef
from itrwatch.core.processo import find_processo
from itrwatch.core.proposal import Basis, Confidence, Proposal, Proposed
from itrwatch.core.propose import propose
from itrwatch.core.ranges import resolve
from itrwatch.core.sections import Section
from itrwatch.core.settings import Config
from itrwatch.job.intake import Case, read_case
from itrwatch.job.survey import survey
from itrwatch.sidecar import yaml_tree
from itrwatch.sidecar.draft import backs_text, draft_text, source_text
from itrwatch.sidecar.schema import schema_line
from itrwatch.sidecar.sidecar import read_sidecar
from itrwatch.store.inbox import Snapshot
from itrwatch.workers.pool import Workers


@dataclass(frozen=True, slots=True)
class Draft:
    """``text`` of the sidecar (UTF-8 with BOM and CRLF, as Notepad writes), its ``proposal``, ``thumbnails`` of the pages.

    ``complete``: separator sheets determine every page, and every code was read.
    """

    text: bytes
    proposal: Proposal
    complete: bool = False
    thumbnails: Mapping[PageRef, bytes] = field(default_factory=dict)
    unwritable: frozenset[str] = frozenset()
    """Scans with names that a sidecar cannot contain."""


_BY_SHEETS = (
    "esta pasta não tem processo.yaml: as seções são as que as folhas separadoras dizem; confira nas miniaturas se cada "
    "uma começa na página certa"
)


def read_folder(
    snapshot: Snapshot,
    config: Config,
    pool: Workers,
    stop: Event,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> tuple[Case, Draft | None]:
    """The case, and a draft if it has no sidecar; complete separator sheets replace the sidecar if so configured. `Stopped`.

    For a faulty sidecar the draft has no text, only pictures of the pages, from which the fiscal composes a new one.
    """
    case = read_case(snapshot, pool, stop)
    if snapshot.sidecars:
        if not case.faulty or not case.scans:
            return case, None
        return case, replace(make_draft(snapshot, case.scans, case.unreadable, pool, stop, progress), text=b"")
    first_line = schema_line(config.inbox, config.outbox)
    draft = make_draft(snapshot, case.scans, case.unreadable, pool, stop, progress, first_line=first_line)
    if draft.complete and config.separators == "publish":
        case = read_case(snapshot, pool, stop, draft.text)
        case = replace(case, findings=(*case.findings, reminder(Code.DRAFT_FROM_SHEETS, text=_BY_SHEETS)))
    return case, draft


def make_draft(
    snapshot: Snapshot,
    scans: Mapping[str, int],
    unreadable: Mapping[str, str],
    pool: Workers,
    stop: Event,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
    *,
    first_line: str = "",
) -> Draft:
    """The draft for the ``scans`` (name → pages) of a folder; ``unreadable``: scans that do not open. `Stopped`.

    ``first_line``: the comment with the path of the schema.
    """
    refs = [PageRef(name, number) for name in scans for number in range(1, scans[name] + 1)]
    seen = survey(snapshot.folder, refs, pool, stop, headings=True, progress=progress)
    separators = {ref: page.separator for ref, page in seen.items() if page.separator}
    headings = {ref: page.heading for ref, page in seen.items() if page.heading}
    blank = {ref for ref, page in seen.items() if page.blank}
    proposal = propose(scans, separators, headings, named_complement(snapshot.name), blank=blank)
    text = _accepted(proposal, snapshot, unreadable, first_line)
    sure = proposal.complete and not unreadable and len(seen) == len(refs)
    return Draft(
        text.replace("\n", "\r\n").encode("utf-8-sig", "replace"),
        proposal,
        sure and not any(page.doubtful for page in seen.values()),
        {ref: page.thumbnail for ref, page in seen.items()},
        frozenset(name for name in scans if not _writable(name, proposal)),
    )


def _accepted(proposal: Proposal, snapshot: Snapshot, unreadable: Mapping[str, str], first_line: str) -> str:
    """The draft, with entries commented out that `read_sidecar` would refuse because of an unusual file name."""
    processo = find_processo(snapshot.name)
    refused = [entry for entry in proposal.sections if not _taken(entry, proposal)]
    return draft_text(proposal, processo, unreadable, first_line=first_line, refused=refused)


def _writable(name: str, proposal: Proposal) -> bool:
    pages = tuple(range(1, proposal.scans[name] + 1))
    return _taken(Proposed(Section.NOTIFICACAO, name, pages, Confidence.HIGH, Basis.NAME, "", whole=True), proposal)


def _taken(entry: Proposed, proposal: Proposal) -> bool:
    """Whether `read_sidecar` reads this entry as the same scan and pages."""
    probe = f"secoes:\n  - tipo: notificacao\n    arquivo: {source_text(entry)}\n"
    probe += f"    versos: {backs_text(entry)}\n" if entry.backs else ""
    parsed = yaml_tree.read(probe.encode("utf-8", "replace"), SIDECAR_NAME)
    read = read_sidecar(parsed.node, SIDECAR_NAME).sidecar if parsed.node else None
    if read is None:
        return False
    (source,) = read.sections[0].sources
    sides = [(source, entry.file, entry.pages)]
    sides += [(source.backs, entry.backs, entry.back_pages)] if source.backs else []
    return all(
        match_name(proposal.scans, scan.file) == Found(file) and resolve(scan.spans, proposal.scans[file]) == pages
        for scan, file, pages in sides
    )
