"""The commands behind the command line, one function each."""

from __future__ import annotations

import argparse
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from threading import Event

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from itrwatch import service
from itrwatch.config import DEFAULT_PATH, check_roots, load_config
from itrwatch.core.filenames import shown
from itrwatch.core.findings import Finding, Severity
from itrwatch.core.manifest import Manifest
from itrwatch.core.naming import folhas_phrase
from itrwatch.core.outcome import Outcome
from itrwatch.core.settings import Config
from itrwatch.demo.case import draw_sample_case
from itrwatch.errors import Exit, ItrwatchError, UsageError
from itrwatch.inbox import Snapshot, list_cases, take_snapshot
from itrwatch.job import Workshop, process_folder
from itrwatch.log import open_log
from itrwatch.outbox import PANEL, Outbox
from itrwatch.panel import Panel
from itrwatch.preview import preview
from itrwatch.recheck import recheck_folder
from itrwatch.workers import Pool

SAMPLE = "13153.720210-2019-34 Fazenda Boa Vista"


def run(options: argparse.Namespace) -> Exit:
    """Serve in the foreground until SIGTERM."""
    config = _config(options)
    open_log(config.log)
    with _workshop(config) as shop:
        panel = Panel(shop.outbox, config)
        panel.show_at_rest(_now())
        service.run(
            config,
            partial(_with_panel, shop, panel),
            Event(),
            outbox=shop.outbox,
            recheck=partial(_recheck, shop),
        )
    return Exit.OK


def _recheck(shop: Workshop, snapshot: Snapshot, stop: Event) -> Outcome:
    """In a process of its own, for as long as it takes: the pool may be busy with a long case."""
    with Pool(1) as pool:
        return recheck_folder(snapshot, replace(shop, pool=pool), _now(), stop)


def once(options: argparse.Namespace) -> Exit:
    """Do everything that is at rest; `Exit.PENDING` when something is left pending."""
    config = _config(options)
    open_log(config.log)
    with _workshop(config) as shop, _progress() as bar:
        pending = service.once(config, partial(_with_bar, shop, bar), options.retry, outbox=shop.outbox)
        Panel(shop.outbox, config).show_at_rest(_now())
    return Exit.PENDING if pending else Exit.OK


def check(options: argparse.Namespace) -> Exit:
    """Show what would become of a folder; nothing is written."""
    folder: Path = options.folder
    config = _config(options) if options.config or DEFAULT_PATH.exists() else None
    if config and not folder.exists():
        folder = config.inbox / folder
    if not folder.is_dir():
        raise UsageError(
            f"a pasta «{folder}» não existe", "dê o caminho da pasta do processo, ou o nome dela na entrada"
        )
    config = config or Config(folder, folder)
    with Pool(config.workers) as pool, _progress() as bar:
        snapshot = take_snapshot(Path(os.path.abspath(folder)))
        manifest = preview(snapshot, config, pool, Event(), _teller(bar, snapshot.name))
    console = Console()
    _print_plan(console, manifest)
    _print_findings(console, manifest.findings)
    return Exit.PENDING if any(finding.severity is Severity.ERROR for finding in manifest.findings) else Exit.OK


def status(options: argparse.Namespace) -> Exit:
    """List every case of inbox and outbox with its state."""
    config = _config(options)
    try:
        waiting = set(list_cases(config.inbox).cases)
        manifests = Outbox(config.outbox).manifests()
    except OSError as fault:
        raise ItrwatchError(f"sem acesso: {fault}", "confira se as pastas existem e estão montadas") from fault
    table = Table("Processo", "Estado", "Arquivos")
    for name in sorted(waiting | manifests.keys()):
        manifest = manifests.get(name)
        files = ", ".join(file.name for file in manifest.files) if manifest else ""
        table.add_row(shown(name), _state(manifest, in_inbox=name in waiting), files)
    Console().print(table)
    return Exit.OK


def demo(options: argparse.Namespace) -> Exit:
    """Draw the sample case, do it and say where to look."""
    console = Console()
    root: Path = Path(os.path.abspath(options.folder))
    inbox, outbox = root / "entrada", root / "saida"
    _clear_demo(root)
    for folder in (inbox / SAMPLE, outbox):
        folder.mkdir(parents=True)
    config = Config(inbox, outbox, settle_seconds=0.2)
    check_roots(config)
    open_log(config.log, quiet=True)
    with _workshop(config) as shop, _progress() as bar:
        drawing = bar.add_task("desenhando o processo", total=None)
        draw_sample_case(inbox / SAMPLE, progress=lambda done, total: bar.update(drawing, completed=done, total=total))
        began = time.monotonic()
        service.once(config, partial(_with_bar, shop, bar), outbox=shop.outbox)
        Panel(shop.outbox, config).show_at_rest(_now())
        took = time.monotonic() - began
    manifest = shop.outbox.read_manifest(SAMPLE)
    assert manifest is not None
    _print_demo(console, config, manifest, took)
    return Exit.OK if manifest.published else Exit.PENDING


def coming(options: argparse.Namespace) -> Exit:
    """A command whose issue is still open."""
    raise UsageError(
        f"o comando «{options.command}» ainda está em preparação", "por enquanto use run, once, check ou status"
    )


def _config(options: argparse.Namespace) -> Config:
    return load_config(options.config or DEFAULT_PATH)


def _now() -> datetime:
    return datetime.now().astimezone()


@contextmanager
def _workshop(config: Config) -> Iterator[Workshop]:
    with Pool(config.workers) as pool:
        yield Workshop(config, Outbox(config.outbox, config.umask, config.group), pool)


@contextmanager
def _progress() -> Iterator[Progress]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        yield bar


def _with_panel(shop: Workshop, panel: Panel, snapshot: Snapshot, stop: Event) -> Outcome:
    try:
        return process_folder(snapshot, shop, _now(), stop)
    finally:
        panel.show_at_rest(_now())


def _with_bar(shop: Workshop, bar: Progress, snapshot: Snapshot, stop: Event) -> Outcome:
    return process_folder(snapshot, shop, _now(), stop, _teller(bar, snapshot.name))


class _teller:  # noqa: N801 reads as a function where it is used
    """Tells a progress bar of the pages of one case."""

    def __init__(self, bar: Progress, name: str) -> None:
        self._bar, self._task = bar, bar.add_task(shown(name), total=None)

    def __call__(self, done: int, total: int) -> None:
        self._bar.update(self._task, completed=done, total=total)


def _clear_demo(root: Path) -> None:
    """Take away what an earlier demo left; anything else in the folder is somebody's and stays."""
    if not root.exists():
        return
    if {entry.name for entry in root.iterdir()} - {"entrada", "saida"} or not root.is_dir():
        raise UsageError(f"a pasta «{root}» tem outras coisas", "dê uma pasta nova: itrwatch demo PASTA")
    shutil.rmtree(root)


def _state(manifest: Manifest | None, *, in_inbox: bool) -> str:
    if manifest is None:
        return "aguardando"
    state = "publicado" if manifest.published else "pendente"
    return state if in_inbox else f"{state} (fora da entrada)"


def _print_plan(console: Console, manifest: Manifest) -> None:
    table = Table("Seção", "Arquivo", "Página", "Resultado")
    for page in manifest.pages:
        number = "sem número" if page.folha is None else f"folha {page.folha}"
        fate = {"removed": f"retirada ({page.reason})", "unclaimed": "nenhuma seção usa"}.get(page.outcome, number)
        table.add_row(page.section or "", shown(page.file), str(page.page), fate)
    if manifest.pages:
        console.print(table)


def _print_findings(console: Console, findings: tuple[Finding, ...]) -> None:
    words = {Severity.ERROR: "erro", Severity.WARNING: "aviso", Severity.REMINDER: "lembrete"}
    for finding in findings:
        for line in (f"{words[finding.severity]}: {finding}", *(f"    {line}" for line in finding.picture())):
            console.print(line, markup=False, highlight=False, soft_wrap=True)


def _print_demo(console: Console, config: Config, manifest: Manifest, took: float) -> None:
    _print_findings(console, tuple(f for f in manifest.findings if f.severity is not Severity.REMINDER))
    table = Table("Arquivo", "Folhas", "Páginas", "Tamanho", title="O que foi feito")
    for file in manifest.files:
        folhas = folhas_phrase(*file.folhas) if file.folhas else "sem número"
        table.add_row(file.name, folhas, str(file.pages), f"{file.bytes // 1024} KB")
    console.print(table)
    removed = sum(page.outcome == "removed" for page in manifest.pages)
    scanned = sum(path.stat().st_size for path in (config.inbox / SAMPLE).iterdir())
    lines = [
        f"{len(manifest.pages)} páginas digitalizadas, {removed} retiradas por estarem em branco, {scanned // 1024} KB na entrada.",
        f"Tempo: {took:.1f} s.",
        f"Entrada: {config.inbox / SAMPLE}",
        f"Saída:   {config.outbox / SAMPLE}",
        f"Painel:  {config.outbox / PANEL}",
        "Abra o painel e, nele, o relatório do processo: é o que o fiscal vê.",
    ]
    for line in lines:
        console.print(line, markup=False, highlight=False, soft_wrap=True)
