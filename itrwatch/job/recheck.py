"""Checks a sidecar as soon as it is saved; the PDFs are made when the folder is at rest.

recheck_folder(snapshot, services, now, stop) -> Pending(manifest): note and report are renewed
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from threading import Event

from loguru import logger

from itrwatch.core.codes import Code
from itrwatch.core.filenames import CASE_LOG, printable
from itrwatch.core.findings import error
from itrwatch.core.manifest import Manifest, Pending, Unsettled
from itrwatch.core.sent import carried
from itrwatch.job.case_reports import result_of, write_reports
from itrwatch.job.intake import Case, read_case
from itrwatch.job.job import Services
from itrwatch.job.manifest_builder import pending_manifest
from itrwatch.log import case_log
from itrwatch.store.inbox import Snapshot, take_snapshot


def recheck_folder(snapshot: Snapshot, services: Services, now: datetime, stop: Event) -> Pending | Unsettled:
    """Rewrite note and report of a case without PDFs, from its sidecar alone; no page is decoded.

    `Unsettled`, and nothing written, if the folder changed during the check. The manifest has no fingerprint, so that the
    whole case is processed when its folder is at rest. Raises `Stopped`, `OSError`.
    """
    with services.outbox.staging(snapshot.name) as staged:
        with case_log(staged / CASE_LOG, snapshot.name):
            case = read_case(snapshot, services.pool, stop, survey_unclaimed=False)
            manifest = _write_reports(case, staged, snapshot, services, now)
            if take_snapshot(snapshot.folder).state_digest != snapshot.state_digest:
                return Unsettled("a pasta mudou enquanto era lida")
            logger.bind(case=snapshot.name).info(
                "{}: processo.yaml conferido, {}", printable(snapshot.name), "com erros" if case.faulty else "em ordem"
            )
        services.outbox.publish(snapshot.name, staged, now)
    return Pending(manifest)


def _write_reports(case: Case, staged: Path, snapshot: Snapshot, services: Services, now: datetime) -> Manifest:
    waiting = "" if case.faulty else _in_order(services.config.settle_seconds)
    manifest = pending_manifest(
        case, (*([error(Code.SIDECAR_IN_ORDER, text=waiting)] if waiting else []), *case.findings)
    )
    result = replace(result_of(manifest, case, snapshot), waiting=waiting[:1].upper() + waiting[1:])
    write_reports(staged, result, services.config, now.date())
    services.outbox.write_manifest(staged, carried(manifest, services.outbox.read_manifest(snapshot.name)))
    return manifest


def _in_order(seconds: float) -> str:
    return f"o processo.yaml foi conferido e está correto; os PDFs são feitos quando a pasta ficar {seconds:g} s sem mudanças"
