"""``itrwatch status``: every case and its state."""

from __future__ import annotations

import argparse

from rich.console import Console
from rich.table import Table

from itrwatch.commands.common import read_config
from itrwatch.core.filenames import shown
from itrwatch.core.manifest import Manifest
from itrwatch.doctor.watching import roots
from itrwatch.errors import Exit, ItrwatchError, told
from itrwatch.inbox import list_cases
from itrwatch.outbox import NewerError, Outbox


def status(options: argparse.Namespace) -> Exit:
    """List every case of inbox and outbox with its state, below the way each root is watched."""
    config = read_config(options)
    try:
        waiting = set(list_cases(config.inbox).cases)
        manifests = Outbox(config.outbox).manifests()
    except OSError as fault:
        raise ItrwatchError(f"sem acesso: {told(fault)}", "confira se as pastas existem e estão montadas") from fault
    table = Table("Processo", "Estado", "Arquivos")
    for name in sorted(waiting | manifests.keys()):
        manifest = manifests.get(name)
        files = ", ".join(file.name for file in manifest.files) if isinstance(manifest, Manifest) else ""
        table.add_row(shown(name), _state(manifest, in_inbox=name in waiting), files)
    console = Console()
    for root in roots(config):
        console.print(f"{root.role}: «{root.path}» — {root.mode}", markup=False, highlight=False, soft_wrap=True)
    console.print(table)
    return Exit.OK


def _state(manifest: Manifest | NewerError | None, *, in_inbox: bool) -> str:
    if manifest is None:
        return "aguardando"
    if isinstance(manifest, NewerError):
        return str(manifest.strerror)
    state = "publicado" if manifest.published else "pendente"
    return state if in_inbox else f"{state} (fora da entrada)"
