"""The verdicts of all pages held against the whole case: a section that would be left empty, too much gone, doubts reported.

The verdict of a single page is made where the page is analysed, in `itrwatch.workers.page_task`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from itrwatch.core.codes import Code
from itrwatch.core.findings import Finding, warning
from itrwatch.core.pages import Kept, PageRef, Removed, Verdict
from itrwatch.core.plan import PlannedPage
from itrwatch.core.sections import Section

MANY = 1 / 3
"""More than this share of a case removed as blank is worth a look (failures F40). Chosen."""


def only_pages(pages: Sequence[PlannedPage], verdicts: Mapping[PageRef, Verdict]) -> tuple[PlannedPage, ...]:
    """The pages that would leave their section empty if they went as blank: the first of each such section.

    A section is listed because something is in it; if everything looks blank, the looking is
    more likely to be wrong than the fiscal.
    """
    rescued: list[PlannedPage] = []
    for section in dict.fromkeys(page.section for page in pages):
        own = [page for page in pages if page.section is section]
        if all(isinstance(verdicts[page.ref], Removed) for page in own):
            rescued += [page for page in own if _seen_blank(verdicts[page.ref])][:1]
    return tuple(rescued)


def removal_findings(pages: Sequence[PlannedPage], verdicts: Mapping[PageRef, Verdict]) -> Iterator[Finding]:
    """Doubts page by page, and one warning when too much of the case went away."""
    for page in pages:
        verdict = verdicts[page.ref]
        if isinstance(verdict, Kept) and verdict.doubt:
            yield warning(verdict.doubt, section=page.section, file=page.ref.file, page=page.ref.page)
    blank = sum(_seen_blank(verdicts[page.ref]) for page in pages)
    if blank > MANY * len(pages):
        yield warning(Code.MANY_BLANK, blank=blank, pages=len(pages))


def emptied_sections(pages: Sequence[PlannedPage], verdicts: Mapping[PageRef, Verdict]) -> tuple[Section, ...]:
    """The sections of which every page was removed, because the sidecar asked for it."""
    alive = {page.section for page in pages if isinstance(verdicts[page.ref], Kept)}
    return tuple(section for section in dict.fromkeys(page.section for page in pages) if section not in alive)


def _seen_blank(verdict: Verdict) -> bool:
    return isinstance(verdict, Removed) and verdict.reason.is_blank
