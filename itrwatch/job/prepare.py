"""Runs the workers' tasks of a folder in advance, while the folder is not yet at rest.

    prepare_folder(snapshot, config, pool, answers, stop) -> Arriving: the workers' answers are in ``answers``

Nothing is published or reported; the job finds the same faults later.
"""

from __future__ import annotations

from pathlib import Path
from threading import Event

from loguru import logger

from itrwatch.core.filenames import printable
from itrwatch.core.manifest import Arriving, Unsettled
from itrwatch.core.pages import PageOverride, PageRef
from itrwatch.core.plan import PlannedPage
from itrwatch.core.sections import Section
from itrwatch.core.settings import Config
from itrwatch.core.text_matching import counted
from itrwatch.job.answer_cache import MOST_PAGES, AnswerCache
from itrwatch.job.attempt import no_progress
from itrwatch.job.case_pages import CasePages
from itrwatch.job.digests import scan_digests
from itrwatch.job.drafting import make_draft
from itrwatch.job.intake import Case, read_case
from itrwatch.job.same_sheets import scanned_twice
from itrwatch.scans.plain_file import ReplacedError
from itrwatch.store.inbox import Snapshot
from itrwatch.workers.pool import Pool, Workers

PLACED_LATER = Path("spool")
"""A placeholder for the folder of coded pages: the cache keeps each page in a place of its own."""


def prepare_folder(
    snapshot: Snapshot, config: Config, pool: Pool, answers: AnswerCache, stop: Event
) -> Arriving | Unsettled:
    """Prepare a folder that is not yet at rest; ``snapshot`` has only the scans that have not changed recently.

    Returns `Unsettled` if a file was replaced meanwhile. Raises `Stopped`, `OSError`.
    """
    answers.drop({snapshot.name}, but=snapshot.identities.values())
    try:
        with pool.case(snapshot.identities):
            answers.make_room(snapshot.folder)
            count = _ask(snapshot, config, answers.workers(pool, snapshot, keep=True), stop)
    except ReplacedError:
        return Unsettled("a pasta mudou enquanto era lida")
    logger.debug("{}: {} preparadas", printable(snapshot.name), counted(count, "página", "páginas"))
    return Arriving("o fim das mudanças na pasta")


def _ask(snapshot: Snapshot, config: Config, workers: Workers, stop: Event) -> int:
    """Run the tasks in the order of the job; returns the number of coded pages."""
    case = read_case(snapshot, workers, stop)
    if not snapshot.sidecars:
        make_draft(snapshot, case.scans, case.unreadable, workers, stop)
    scan_digests(snapshot, workers, stop)
    pages = CasePages(snapshot, _pages(case)[:MOST_PAGES], config, workers, stop, no_progress)
    pages.run(PLACED_LATER)
    if pages.done and not pages.faults:
        scanned_twice(snapshot, pages.done, case.scans, workers, stop)
    return len(pages.done)


def _pages(case: Case) -> tuple[PlannedPage, ...]:
    """The pages planned by the sidecar, or all pages with an arbitrary section, which does not influence their coding."""
    if case.plan is not None and case.plan.pages:
        return case.plan.pages
    refs = (PageRef(name, number) for name in case.scans for number in range(1, case.scans[name] + 1))
    return tuple(PlannedPage(ref, Section.NOTIFICACAO, PageOverride()) for ref in refs)
