"""``itrwatch run``: what systemd starts."""

from __future__ import annotations

import argparse
from threading import Event

from itrwatch import service
from itrwatch.commands.common import local_time, read_config, workshop
from itrwatch.core.settings import Config
from itrwatch.errors import Exit
from itrwatch.job import process_folder
from itrwatch.log import open_log
from itrwatch.notify import Notifier


def run(options: argparse.Namespace) -> Exit:
    """Serve in the foreground until SIGTERM."""
    config = read_config(options)
    open_log(config.log)
    serve(config)
    return Exit.OK


def serve(config: Config, notifier: Notifier | None = None) -> None:
    """Serve until SIGTERM; ``notifier`` is told what systemd would be told. Errors of `service.run`."""
    with workshop(config) as shop:
        service.run(
            config,
            lambda snapshot, stop: process_folder(snapshot, shop, local_time(), stop),
            Event(),
            outbox=shop.outbox,
            notifier=notifier,
        )
