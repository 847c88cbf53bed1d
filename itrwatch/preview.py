"""The plan of a case without making it: what `itrwatch check` shows. Nothing is written anywhere."""

from __future__ import annotations

from threading import Event

from itrwatch.case_pages import CasePages, Progress
from itrwatch.core.manifest import Manifest
from itrwatch.core.settings import Config
from itrwatch.drafting import read_folder
from itrwatch.intake import read_case
from itrwatch.job import number
from itrwatch.record import pending_manifest, published_manifest
from itrwatch.store.inbox import Snapshot
from itrwatch.work.pool import Pool


def preview(snapshot: Snapshot, config: Config, pool: Pool, stop: Event, progress: Progress) -> Manifest:
    """The manifest that the case would have, but for the files."""
    by_sheets = config.separators == "publish"
    case = read_folder(snapshot, config, pool, stop)[0] if by_sheets else read_case(snapshot, pool, stop)
    if case.faulty or case.plan is None:
        return pending_manifest(case, case.findings)
    pages = CasePages(snapshot.folder, case.plan.pages, config, pool, stop, progress)
    pages.run(None)
    if pages.faults:
        return pending_manifest(case, (*case.findings, *pages.faults))
    return published_manifest(case, case.plan, number(case, case.plan, pages.done), (), pages.done)
