"""What the pages of a case say about themselves, read in the workers: separator sheets and titles."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from itrwatch.core.pages import PageRef
from itrwatch.core.proposal import Heading
from itrwatch.core.separators import Separator
from itrwatch.workers import InWorker, Pool


@dataclass(frozen=True, slots=True)
class SurveyTask:
    """A page to look at; ``headings``: whether titles are read too, which takes longer."""

    folder: Path
    ref: PageRef
    headings: bool


@dataclass(frozen=True, slots=True)
class PageSeen:
    """What a page says. ``doubtful``: there is a code as large as a separator's that cannot be read; ``thumbnail``: JPEG."""

    ref: PageRef
    separator: Separator | None = None
    doubtful: bool = False
    heading: Heading | None = None
    thumbnail: bytes = b""


SEE_PAGE: InWorker[SurveyTask, PageSeen | None] = InWorker("itrwatch.survey_work", "see_page")


def survey(
    folder: Path,
    refs: Sequence[PageRef],
    pool: Pool,
    stop: Event,
    *,
    headings: bool = False,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> dict[PageRef, PageSeen]:
    """Look at every page of ``refs``; those that cannot be read are left out. `Stopped`."""
    tasks = [SurveyTask(folder, ref, headings) for ref in refs]
    seen = {}
    for number, (ref, answer) in enumerate(zip(refs, pool.map(SEE_PAGE, tasks, stop), strict=True), start=1):
        if isinstance(answer, PageSeen):
            seen[ref] = answer
        progress(number, len(refs))
    return seen
