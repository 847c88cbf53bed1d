"""``itrwatch once``: for a person who waits, or for a timer."""

from __future__ import annotations

import argparse
from functools import partial
from threading import Event

from rich.progress import Progress

from itrwatch import service
from itrwatch.commands.common import Teller, local_time, progress, read_config, workshop
from itrwatch.core.outcome import Outcome
from itrwatch.errors import Exit
from itrwatch.inbox import Snapshot
from itrwatch.job import Workshop, process_folder
from itrwatch.log import open_log


def once(options: argparse.Namespace) -> Exit:
    """Do everything that is at rest; `Exit.PENDING` when something is left pending."""
    config = read_config(options)
    open_log(config.log)
    with workshop(config) as shop, progress() as bar:
        pending = service.once(config, partial(with_bar, shop, bar), options.retry, outbox=shop.outbox)
    return Exit.PENDING if pending else Exit.OK


def with_bar(shop: Workshop, bar: Progress, snapshot: Snapshot, stop: Event) -> Outcome:
    """The job of one case, its pages told to a progress bar."""
    return process_folder(snapshot, shop, local_time(), stop, Teller(bar, snapshot.name))
