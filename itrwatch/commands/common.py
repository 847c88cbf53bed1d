"""What several commands need: the configuration, a workshop, a progress bar, the findings in words."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from itrwatch.config.reading import DEFAULT_PATH, load_config
from itrwatch.core.findings import Finding, Severity
from itrwatch.core.manifest import Outcome
from itrwatch.core.settings import Config
from itrwatch.daemon.attempts import Attempt
from itrwatch.daemon.panel import Panel
from itrwatch.job.case_pages import Progress
from itrwatch.job.job import Services, no_progress, process_folder
from itrwatch.log import open_log
from itrwatch.store.inbox import Snapshot
from itrwatch.store.outbox import Outbox
from itrwatch.workers.limits import keep_secret
from itrwatch.workers.pool import Pool

if TYPE_CHECKING:
    from rich.console import Console


def config_path(options: argparse.Namespace) -> Path:
    """The configuration file, absolute: the service leaves the folder it was started in."""
    return Path(os.path.abspath(options.config or DEFAULT_PATH))


def read_config(options: argparse.Namespace) -> Config:
    """The configuration that ``--config`` names; `ConfigError`."""
    return load_config(config_path(options))


def settle_in(config: Config, *, quiet: bool = False) -> None:
    """Before anything is made: no core dumps, the configured umask for this process and its workers, the log."""
    keep_secret()
    os.umask(config.umask)
    open_log(config.log, config.umask, quiet=quiet)


def local_time() -> datetime:
    """Now, with the office's time zone."""
    return datetime.now().astimezone()


@contextmanager
def workshop(config: Config) -> Iterator[Services]:
    """The workshop of a configuration; its processes end with it."""
    with Pool(config.workers) as pool:
        yield Services(config, Outbox.of(config), pool)


def do(services: Services, snapshot: Snapshot, attempt: Attempt) -> Outcome:
    """The job of one case, as `service` calls it, by workers that see no other case."""
    return process_folder(
        snapshot, services, local_time(), attempt.stop, attempt.progress, patient=attempt.patient, last=attempt.last
    )


def show_panel(config: Config) -> None:
    """The panel as a command leaves it; who took the outbox has given it up, so that it is opened anew."""
    Panel(Outbox.of(config), config).show_at_rest(local_time())


Tell = Callable[[str], Progress]
"""Begins to tell of something that it is given the name of; the answer is whom to tell how far it is."""


@contextmanager
def progress() -> Iterator[Tell]:
    """A progress bar on stderr for who waits at a terminal; elsewhere nobody looks."""
    if not sys.stderr.isatty():
        yield lambda _name: no_progress
        return
    from itrwatch.commands.bars import bars  # noqa: PLC0415  a timer's `once` can do without

    with bars() as tell:
        yield tell


def print_findings(console: Console, findings: tuple[Finding, ...]) -> None:
    """Each finding, its severity first, with the line of the sidecar that it is about."""
    words = {Severity.ERROR: "erro", Severity.WARNING: "aviso", Severity.REMINDER: "lembrete"}
    for finding in findings:
        for line in (f"{words[finding.severity]}: {finding}", *(f"    {line}" for line in finding.picture())):
            console.print(line, markup=False, highlight=False, soft_wrap=True)
