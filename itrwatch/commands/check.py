"""``itrwatch check FOLDER``: a preview of the result, without writing."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from threading import Event

from rich.console import Console
from rich.table import Table

from itrwatch.commands.common import print_findings, progress, read_config
from itrwatch.config.reading import DEFAULT_PATH
from itrwatch.core.filenames import printable
from itrwatch.core.findings import Severity
from itrwatch.core.manifest import Manifest
from itrwatch.core.settings import Config, LogConfig
from itrwatch.errors import Exit, UsageError
from itrwatch.job.job import preview
from itrwatch.log import open_log
from itrwatch.report.page_grid import BECAUSE
from itrwatch.store.clock import local_time
from itrwatch.store.inbox import take_snapshot
from itrwatch.workers.pool import Pool


def check(options: argparse.Namespace) -> Exit:
    """Show the result that a folder would have; nothing is written."""
    open_log(LogConfig(), 0o077, quiet=True)  # who asked reads the plan, not the log
    folder: Path = options.folder
    config = read_config(options) if options.config or DEFAULT_PATH.exists() else None
    if config and not folder.exists():
        folder = config.inbox / folder
    if not folder.is_dir():
        raise UsageError(
            f"a pasta “{folder}” não existe", "dê o caminho da pasta do processo, ou o nome dela na entrada"
        )
    config = config or Config(folder, folder)
    with Pool(config.workers) as pool, progress() as watch:
        snapshot = take_snapshot(Path(os.path.realpath(folder)))
        manifest = preview(snapshot, config, pool, local_time().date(), Event(), watch(snapshot.name))
    console = Console()
    _print_plan(console, manifest)
    print_findings(console, manifest.findings)
    return Exit.PENDING if any(finding.severity is Severity.ERROR for finding in manifest.findings) else Exit.OK


def _print_plan(console: Console, manifest: Manifest) -> None:
    table = Table("Seção", "Arquivo", "Página", "Resultado")
    for page in manifest.pages:
        number = "sem número" if page.folha is None else f"folha {page.folha}"
        why = f"retirada ({BECAUSE[page.reason]})" if page.reason else number
        fate = "fora de todas as seções" if page.outcome == "unclaimed" else why
        table.add_row(page.section or "", printable(page.file), str(page.page), fate)
    if manifest.pages:
        console.print(table)
