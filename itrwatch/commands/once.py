"""``itrwatch once``: for a person who waits, or for a timer."""

from __future__ import annotations

import argparse
from dataclasses import replace
from functools import partial

from itrwatch.commands.common import Tell, do, progress, read_config, settle_in, show_panel, workshop
from itrwatch.core.manifest import Outcome
from itrwatch.daemon import service
from itrwatch.daemon.attempts import Attempt
from itrwatch.errors import Exit
from itrwatch.job.job import Services
from itrwatch.store.inbox import Snapshot


def once(options: argparse.Namespace) -> Exit:
    """Do everything that is at rest; `Exit.PENDING` when something is left pending."""
    config = read_config(options)
    settle_in(config)
    with workshop(config) as services, progress() as tell:
        pending = service.once(config, partial(told, services, tell), options.retry, outbox=services.outbox)
    show_panel(config)
    return Exit.PENDING if pending else Exit.OK


def told(services: Services, tell: Tell, snapshot: Snapshot, attempt: Attempt) -> Outcome:
    """The job of one case, its pages told to who waits."""
    return do(services, snapshot, replace(attempt, progress=tell(snapshot.name)))
