"""Pages that are coded while their folder is not yet at rest, kept until the job of the case takes them.

A folder waits for half a minute after its last change; most of its scans were complete earlier. Their pages are done in that
time, by the same task as in the job, so the bytes are the same. The key of a page is the identity of its file, its number, what
the sidecar asks for it, and the settings; when any of these changes, the page is done again. The coded pages are files in the
outbox's private folder.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from threading import Event, Lock

from loguru import logger

from itrwatch.core.filenames import printable
from itrwatch.core.manifest import Arriving, Unsettled
from itrwatch.core.pages import PageOverride, PageRef
from itrwatch.core.settings import Config
from itrwatch.core.text_matching import counted
from itrwatch.job.intake import read_case
from itrwatch.scans.plain_file import Identity, ReplacedError
from itrwatch.store.inbox import Snapshot
from itrwatch.store.outbox import Outbox
from itrwatch.workers.pool import InWorker, Pool
from itrwatch.workers.tasks import PageBroken, PageDone, PageTask

WORK_PAGE: InWorker[PageTask, PageDone | PageBroken] = InWorker("itrwatch.workers.page_task", "work_page")
HIGHEST = 999
"""The stamp of every case leaves room for three digits, so that the numbers of all cases are aligned alike."""
MOST_PAGES = 3000
"""Kept at a time, over all cases: about 150 MB on the outbox's disk. Chosen."""

Key = tuple[Identity, PageTask]
"""What a prepared page depends on: file and task, the latter without the path of its spool file."""


@dataclass(frozen=True, slots=True)
class _Page:
    case: str
    done: PageDone


class PreparedPages:
    """The prepared pages of all cases; safe for several threads."""

    def __init__(self, outbox: Outbox) -> None:
        """Touches nothing yet."""
        self._outbox, self._lock, self._numbers = outbox, Lock(), count()
        self._pages: dict[Key, _Page] = {}

    def take(self, identity: Identity | None, task: PageTask) -> PageDone | None:
        """The page, if it was prepared from this file for this task."""
        with self._lock:
            page = self._pages.get(_key(identity, task)) if identity else None
        if page is None or (page.done.spool is not None and not page.done.spool.exists()):
            return None
        return page.done

    def place(self) -> Path:
        """Where the next coded page goes; `OSError`."""
        return self._outbox.prepared_folder() / f"{next(self._numbers)}"

    def keep(self, case: str, identity: Identity, task: PageTask, done: PageDone) -> None:
        """Keep a page for the job of its case."""
        with self._lock:
            self._pages[_key(identity, task)] = _Page(case, done)

    def drop(self, cases: Collection[str], *, but: Iterable[Identity] = ()) -> None:
        """Throw away what was prepared of these cases, except from the files ``but``."""
        kept = set(but)
        with self._lock:
            gone = [key for key, page in self._pages.items() if page.case in cases and key[0] not in kept]
            pages = [self._pages.pop(key) for key in gone]
        for page in pages:
            if page.done.spool is not None:
                page.done.spool.unlink(missing_ok=True)

    def make_room(self, but: str) -> None:
        """Above `MOST_PAGES` throw away the pages of all other cases: most of those folders are gone or wait for a person."""
        if len(self._pages) >= MOST_PAGES:
            self.drop({page.case for page in list(self._pages.values())} - {but})


def prepare_folder(
    snapshot: Snapshot, config: Config, pool: Pool, prepared: PreparedPages, stop: Event
) -> Arriving | Unsettled:
    """Do the pages of a folder that is not yet at rest; ``snapshot`` has only the scans that did not change lately.

    Nothing is published or reported: the job finds the same faults later. `Stopped`, `OSError`.
    """
    prepared.drop({snapshot.name}, but=[scan.identity for scan in snapshot.scans])
    try:
        with pool.case(snapshot.identities):
            prepared.make_room(snapshot.name)
            tasks = _tasks(snapshot, config, pool, prepared, stop)[:MOST_PAGES]
            _work(snapshot, tasks, pool, prepared, stop)
    except ReplacedError:
        return Unsettled("a pasta mudou enquanto era lida")
    logger.debug("{}: {} preparadas", printable(snapshot.name), counted(len(tasks), "página", "páginas"))
    return Arriving("o fim das mudanças na pasta")


def _tasks(
    snapshot: Snapshot, config: Config, pool: Pool, prepared: PreparedPages, stop: Event
) -> list[tuple[Identity, PageTask]]:
    """What the job would do with each page, as far as it is known now, of pages that are not prepared."""
    case = read_case(snapshot, pool, stop, look=False)
    if case.plan is not None and case.plan.pages:
        pages = [(page.ref, page.override) for page in case.plan.pages]
    else:
        pages = [
            (PageRef(name, number), PageOverride()) for name in case.scans for number in range(1, case.scans[name] + 1)
        ]
    highest = max(HIGHEST, len(pages))
    identities = {scan.name: scan.identity for scan in snapshot.scans}
    tasks = [
        (identities[ref.file], PageTask(snapshot.folder, ref, override, config.stamp, highest, config.image, None))
        for ref, override in pages
        if ref.file in identities
    ]
    return [(identity, task) for identity, task in tasks if prepared.take(identity, task) is None]


def _work(
    snapshot: Snapshot, tasks: Sequence[tuple[Identity, PageTask]], pool: Pool, prepared: PreparedPages, stop: Event
) -> None:
    placed = [replace(task, spool=prepared.place()) for _, task in tasks]
    for (identity, task), answer in zip(tasks, pool.map(WORK_PAGE, placed, stop), strict=True):
        if isinstance(answer, PageDone):
            prepared.keep(snapshot.name, identity, task, answer)


def _key(identity: Identity, task: PageTask) -> Key:
    return identity, replace(task, spool=None)
