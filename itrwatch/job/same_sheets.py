"""Finds sheets that were scanned twice among the pages of a case, in the workers.

scanned_twice(snapshot, done, {"scan.pdf": 7}, workers, stop) -> (Finding(Code.SHEET_TWICE, …),)
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import compress
from threading import Event

from itrwatch.core.findings import Finding
from itrwatch.core.pages import Kept, PageRef
from itrwatch.core.same_sheets import same_sheet_findings
from itrwatch.store.inbox import Snapshot
from itrwatch.workers.pool import Failed, InWorker, Workers
from itrwatch.workers.tasks import PageDone, SheetPair

FIND_SAME_SHEETS: InWorker[tuple[bytes, ...], list[tuple[int, int]]] = InWorker(
    "itrwatch.workers.same_sheet_task", "find_same_sheets"
)
COMPARE_SHEETS: InWorker[SheetPair, bool] = InWorker("itrwatch.workers.same_sheet_task", "compare_sheets")


def scanned_twice(
    snapshot: Snapshot, done: Mapping[PageRef, PageDone], scans: Mapping[str, int], workers: Workers, stop: Event
) -> tuple[Finding, ...]:
    """A finding for each sheet of ``done`` (in the order of the case) that was scanned twice; ``scans``: name → pages.

    The pages are compared in the order of the files, so that prepared results do not depend on the order in the sidecar.
    """
    kept = sorted((ref for ref, page in done.items() if isinstance(page.verdict, Kept)), key=_in_files)
    (found,) = workers.map(FIND_SAME_SHEETS, [tuple(done[ref].thumbnail for ref in kept)], stop)
    if isinstance(found, Failed):  # an optional check: a failure must not block the PDFs
        return ()
    pairs = [(kept[one], kept[other]) for one, other in found]
    tasks = [SheetPair(snapshot.folder, ((one, done[one].turn), (other, done[other].turn))) for one, other in pairs]
    same = [answer is True for answer in workers.map(COMPARE_SHEETS, tasks, stop)]
    places = {ref: place for place, ref in enumerate(done)}
    in_order = [
        (min(pair, key=places.__getitem__), max(pair, key=places.__getitem__)) for pair in compress(pairs, same)
    ]
    in_order.sort(key=lambda pair: (places[pair[0]], places[pair[1]]))
    return tuple(same_sheet_findings(in_order, scans))


def _in_files(ref: PageRef) -> tuple[str, int]:
    return ref.file, ref.page
