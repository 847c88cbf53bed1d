"""``itrwatch run``: the service in the foreground, as systemd starts it."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from itrwatch import __version__
from itrwatch.commands.common import open_services, read_config, settle_in
from itrwatch.core.manifest import Outcome
from itrwatch.core.settings import Config
from itrwatch.core.status import StatusSnapshot
from itrwatch.daemon import service
from itrwatch.daemon.metrics_file import replace_metrics
from itrwatch.daemon.panel import READ_SECONDS, Panel
from itrwatch.daemon.signals import Signals
from itrwatch.daemon.systemd import Notifier
from itrwatch.errors import Exit
from itrwatch.job.answer_cache import AnswerCache
from itrwatch.job.attempt import Attempt
from itrwatch.job.job import Services, process_folder
from itrwatch.job.prepare import prepare_folder
from itrwatch.job.recheck import recheck_folder
from itrwatch.report.metrics import metrics
from itrwatch.store.inbox import Snapshot
from itrwatch.store.outbox import Outbox


def run(options: argparse.Namespace) -> Exit:
    """Serve in the foreground until SIGTERM."""
    config = read_config(options)
    settle_in(config)
    serve(config, partial(read_config, options))
    return Exit.OK


def serve(config: Config, reload: Callable[[], Config], notifier: Notifier | None = None) -> None:
    """Serve until SIGTERM, once more for every SIGHUP with a good configuration, which ``reload`` reads.

    The log is open already; a new configuration opens it again. ``notifier`` gets the messages for systemd. Errors as
    `daemon.service.run`.
    """
    renewed: Config | None = config
    with Signals() as signals:
        while renewed is not None:
            if renewed is not config:
                settle_in(renewed)
            with (
                open_services(renewed) as shared,
                shared.pool.sibling(shared.pool.size) as short_pool,
                shared.pool.sibling(shared.pool.size) as early_pool,
            ):
                answers = AnswerCache(shared.outbox)
                services = replace(shared, answers=answers)
                renewed = service.run(
                    renewed,
                    partial(process_folder, services),
                    signals.stop,
                    outbox=services.outbox,
                    notifier=notifier,
                    show=partial(
                        _show, services.outbox, Panel(services.outbox, renewed, READ_SECONDS), renewed.metrics_file
                    ),
                    reload=reload,
                    recheck=partial(_recheck, services),
                    signals=signals,
                    quick=partial(process_folder, replace(services, pool=short_pool)),
                    prepare=partial(_prepare, replace(services, pool=early_pool)),
                )


def _show(outbox: Outbox, panel: Panel, metrics_file: Path | None, status: StatusSnapshot) -> bool:
    """Draw the panel only after the outbox was locked: before, it may belong to another itrwatch, or be a bare mount point."""
    rows = panel.show(status) if outbox.locked else ()
    if metrics_file is not None:
        replace_metrics(metrics_file, metrics(status, rows, __version__))
    return panel.unread > 0


def _prepare(services: Services, snapshot: Snapshot, attempt: Attempt) -> Outcome:
    assert services.answers is not None
    return prepare_folder(snapshot, services.config, services.pool, services.answers, attempt.stop)


def _recheck(services: Services, snapshot: Snapshot, attempt: Attempt) -> Outcome:
    """Check a sidecar in a separate process, because the pool may be busy with a long case."""
    with services.pool.sibling(1) as pool:
        return recheck_folder(snapshot, replace(services, pool=pool), attempt.now(), attempt.stop)
