"""Finds separator sheets and reads headings on the pages of a case, in the workers.

survey(folder, [PageRef("scan.pdf", 1)], pool, stop, headings=True) -> {PageRef("scan.pdf", 1): PageSeen(heading=…, …)}
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Event

from itrwatch.core.pages import PageRef
from itrwatch.core.title_matching import last_of_stacks
from itrwatch.workers.pool import InWorker, Workers
from itrwatch.workers.tasks import PageSeen, SurveyTask

SEE_PAGE: InWorker[SurveyTask, PageSeen | None] = InWorker("itrwatch.workers.survey_task", "see_page")


def survey(
    folder: Path,
    refs: Sequence[PageRef],
    pool: Workers,
    stop: Event,
    *,
    headings: bool = False,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> dict[PageRef, PageSeen]:
    """Page → separator and heading, for ``refs``; unreadable pages are omitted. `Stopped`."""
    last = last_of_stacks(refs) if headings else frozenset()
    tasks = [SurveyTask(folder, ref, headings, ref in last) for ref in refs]
    seen = {}
    for number, (ref, answer) in enumerate(zip(refs, pool.map(SEE_PAGE, tasks, stop), strict=True), start=1):
        if isinstance(answer, PageSeen):
            seen[ref] = answer
        progress(number, len(refs))
    return seen
