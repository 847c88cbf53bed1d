"""``itrwatch once``: processes everything that is ready and returns; for a person or a timer."""

from __future__ import annotations

import argparse
from functools import partial

from itrwatch.commands.common import open_services, progress, read_config, settle_in, show_panel
from itrwatch.daemon import service
from itrwatch.errors import Exit
from itrwatch.job.job import process_folder


def once(options: argparse.Namespace) -> Exit:
    """Process all folders at rest; `Exit.PENDING` if any case is pending."""
    config = read_config(options)
    settle_in(config)
    with open_services(config) as services, progress() as watch:
        process = partial(process_folder, services)
        pending = service.once(config, process, options.retry, outbox=services.outbox, watch=watch)
    show_panel(config)
    return Exit.PENDING if pending else Exit.OK
