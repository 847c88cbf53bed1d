"""Common functions of the commands: configuration, services, progress bar, findings as text."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from itrwatch.config.reading import DEFAULT_PATH, load_config
from itrwatch.core.findings import Finding, Severity
from itrwatch.core.grouped_findings import grouped_findings
from itrwatch.core.settings import Config
from itrwatch.daemon.loop import Watch
from itrwatch.daemon.panel import Panel
from itrwatch.job.attempt import no_progress
from itrwatch.job.job import Services
from itrwatch.log import open_log
from itrwatch.store.clock import local_time
from itrwatch.store.outbox import Outbox
from itrwatch.workers.limits import keep_secret
from itrwatch.workers.pool import Pool

if TYPE_CHECKING:
    from rich.console import Console


def config_path(options: argparse.Namespace) -> Path:
    """The absolute path of the configuration, because the service changes its working folder."""
    return Path(os.path.abspath(options.config or DEFAULT_PATH))


def read_config(options: argparse.Namespace) -> Config:
    """The configuration that ``--config`` names; `ConfigError`."""
    return load_config(config_path(options))


def settle_in(config: Config, *, quiet: bool = False) -> None:
    """Prepare the process before any file is created: no core dumps, the configured umask, the log."""
    keep_secret()
    os.umask(config.umask)
    open_log(config.log, config.umask, quiet=quiet)


@contextmanager
def open_services(config: Config) -> Iterator[Services]:
    """The services for processing cases under ``config``; the worker processes end with the context."""
    with Pool(config.workers) as pool:
        yield Services(config, Outbox.of(config), pool)


def show_panel(config: Config) -> None:
    """Draw the panel at the end of a command, after the lock was released."""
    Panel(Outbox.of(config), config).show_without_service(local_time())


@contextmanager
def progress() -> Iterator[Watch]:
    """One progress bar per case on stderr, if that is a terminal."""
    if not sys.stderr.isatty():
        yield lambda _name: no_progress
        return
    from itrwatch.commands.bars import bars  # noqa: PLC0415  a timer's `once` can do without

    with bars() as watch:
        yield watch


def print_findings(console: Console, findings: tuple[Finding, ...]) -> None:
    """Each group of findings as text: severity first, with the line of the sidecar; equal findings about several pages are one group."""
    words = {Severity.ERROR: "erro", Severity.WARNING: "aviso", Severity.REMINDER: "lembrete"}
    for severity, word in words.items():
        for group in grouped_findings(findings, severity):
            for line in (f"{word}: {group}", *(f"    {line}" for line in group.findings[0].picture())):
                console.print(line, markup=False, highlight=False, soft_wrap=True)
