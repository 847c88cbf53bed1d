"""Checks the page verdicts against the whole case: sections left empty, too many pages removed, doubts.

`itrwatch.workers.page_task` makes the verdict of a single page.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from itrwatch.core.codes import Code
from itrwatch.core.findings import Finding, warning
from itrwatch.core.pages import Kept, PageRef, Removed, Verdict
from itrwatch.core.plan import PlannedPage
from itrwatch.core.sections import Section

MANY = 1 / 3
"""Share of blank pages above which the report has a warning (failures F40). Chosen."""


def only_pages(pages: Sequence[PlannedPage], verdicts: Mapping[PageRef, Verdict]) -> tuple[PlannedPage, ...]:
    """The first page of each section that would be empty if its blank pages were removed.

    The fiscal lists a section because it has content; if all of it looks blank, the detection is more likely to be
    wrong than the fiscal.
    """
    rescued: list[PlannedPage] = []
    for section in dict.fromkeys(page.section for page in pages):
        own = [page for page in pages if page.section is section]
        if all(isinstance(verdicts[page.ref], Removed) for page in own):
            rescued += [page for page in own if _seen_blank(verdicts[page.ref])][:1]
    return tuple(rescued)


def removal_findings(pages: Sequence[PlannedPage], verdicts: Mapping[PageRef, Verdict]) -> Iterator[Finding]:
    """The doubts of single pages, and one warning if more than `MANY` of the case was removed."""
    for page in pages:
        verdict = verdicts[page.ref]
        if isinstance(verdict, Kept) and verdict.doubt:
            yield warning(verdict.doubt, section=page.section, file=page.ref.file, page=page.ref.page)
    blank = sum(_seen_blank(verdicts[page.ref]) for page in pages)
    if blank > MANY * len(pages):
        yield warning(Code.MANY_BLANK, blank=blank, pages=len(pages))


def emptied_sections(pages: Sequence[PlannedPage], verdicts: Mapping[PageRef, Verdict]) -> tuple[Section, ...]:
    """The sections of which every page was removed: by order of the sidecar, or as separator sheets."""
    alive = {page.section for page in pages if isinstance(verdicts[page.ref], Kept)}
    return tuple(section for section in dict.fromkeys(page.section for page in pages) if section not in alive)


def _seen_blank(verdict: Verdict) -> bool:
    return isinstance(verdict, Removed) and verdict.reason.is_blank
