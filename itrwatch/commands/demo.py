"""``itrwatch demo``: draws a sample case and processes it."""

from __future__ import annotations

import argparse
import os
import shutil
import time
from functools import partial
from pathlib import Path

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from itrwatch.commands.common import open_services, print_findings, progress, settle_in, show_panel
from itrwatch.config.reading import check_roots
from itrwatch.core.filenames import PANEL
from itrwatch.core.findings import Severity
from itrwatch.core.manifest import Manifest
from itrwatch.core.settings import Config
from itrwatch.core.termo import folhas_of
from itrwatch.core.text_matching import counted
from itrwatch.daemon import service
from itrwatch.demo.case import draw_sample_case
from itrwatch.errors import Exit, UsageError
from itrwatch.job.job import process_folder
from itrwatch.report.rendering import size

SAMPLE = "13153.720210-2019-34 Fazenda Boa Vista"


def demo(options: argparse.Namespace) -> Exit:
    """Draw the sample case, process it and print where the results are."""
    console = Console()
    root: Path = Path(os.path.abspath(options.folder))
    inbox, outbox = root / "entrada", root / "saida"
    _clear_demo(root)
    for folder in (inbox / SAMPLE, outbox):
        folder.mkdir(parents=True)
    config = Config(inbox, outbox, settle_seconds=0.2)
    check_roots(config)
    settle_in(config, quiet=True)
    with open_services(config) as services, progress() as watch:
        draw_sample_case(inbox / SAMPLE, progress=watch("desenhando o processo"))
        began = time.monotonic()
        service.once(config, partial(process_folder, services), outbox=services.outbox, watch=watch)
        show_panel(config)
        took = time.monotonic() - began
    manifest = services.outbox.read_manifest(SAMPLE)
    assert manifest is not None
    _print_demo(console, config, manifest, took)
    return Exit.OK if manifest.published else Exit.PENDING


def _clear_demo(root: Path) -> None:
    """Delete the files of an earlier demo; anything else in the folder stays."""
    if not root.exists():
        return
    if {entry.name for entry in root.iterdir()} - {"entrada", "saida"} or not root.is_dir():
        raise UsageError(f"a pasta “{root}” tem outras coisas", "dê uma pasta nova: itrwatch demo PASTA")
    shutil.rmtree(root)


def _print_demo(console: Console, config: Config, manifest: Manifest, took: float) -> None:
    """Print the result, its place, and what to look at."""
    table = Table("Arquivo", "Folhas", "Páginas", "Tamanho", box=SIMPLE_HEAD)
    for file in manifest.files:
        folhas = folhas_of(manifest, file.name).removeprefix("folhas ") or "sem número"
        table.add_row(file.name, folhas, str(file.pages), size(file.bytes))
    console.print(table)
    removed = sum(page.outcome == "removed" for page in manifest.pages)
    scanned = sum(path.stat().st_size for path in (config.inbox / SAMPLE).iterdir())
    seconds = f"{took:.1f}".replace(".", ",")
    lines = [
        (
            f"{counted(len(manifest.pages), 'página digitalizada', 'páginas digitalizadas')} ({size(scanned)}), "
            f"{counted(removed, 'retirada por estar em branco', 'retiradas por estarem em branco')}, em {seconds} s"
        ),
        f"Entrada: {config.inbox / SAMPLE}",
        f"Saída:   {config.outbox / SAMPLE}",
        f"Painel:  {config.outbox / PANEL}",
        "",
    ]
    for line in lines:
        console.print(line, markup=False, highlight=False, soft_wrap=True)
    print_findings(console, tuple(f for f in manifest.findings if f.severity is not Severity.REMINDER))
    last = "Abra o painel e, nele, o relatório do processo: é o que o fiscal vê."
    console.print(last, markup=False, highlight=False, soft_wrap=True)
