"""``itrwatch status``: every case and its state."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TypeVar

from rich.console import Console
from rich.table import Table

from itrwatch.commands.common import read_config
from itrwatch.core.filenames import printable
from itrwatch.core.manifest import Manifest
from itrwatch.doctor.watching import roots
from itrwatch.errors import Exit, ItrwatchError, told
from itrwatch.store.inbox import list_cases
from itrwatch.store.outbox import NewerError, Outbox

Found = TypeVar("Found")

_UNKNOWN = "não se sabe (sem acesso à saída)"


def status(options: argparse.Namespace) -> Exit:
    """List every case of inbox and outbox with its state, below the way each root is watched."""
    config = read_config(options)
    faults: list[OSError] = []
    waiting = _seen(lambda: set(list_cases(config.inbox).cases), faults)
    manifests = _seen(Outbox(config.outbox).manifests, faults)
    table = Table("Processo", "Estado", "Arquivos")
    for name in sorted((waiting or set()) | (manifests or {}).keys()):
        manifest = (manifests or {}).get(name)
        files = ", ".join(file.name for file in manifest.files) if isinstance(manifest, Manifest) else ""
        state = _state(manifest, gone=waiting is not None and name not in waiting)
        table.add_row(printable(name), _UNKNOWN if manifests is None else state, files)
    console = Console()
    for root in roots(config):
        console.print(f"{root.role}: «{root.path}» — {root.mode}", markup=False, highlight=False, soft_wrap=True)
    console.print(table)
    if faults:
        away = "; ".join(f"sem acesso: {told(fault)}" for fault in faults)
        raise ItrwatchError(away, "confira se as pastas existem e estão montadas")
    return Exit.OK


def _seen(look: Callable[[], Found], faults: list[OSError]) -> Found | None:
    """What ``look`` finds in a root, or None: of the other one all is told that can be."""
    try:
        return look()
    except OSError as fault:
        faults.append(fault)
        return None


def _state(manifest: Manifest | NewerError | None, *, gone: bool) -> str:
    if manifest is None:
        return "aguardando"
    if isinstance(manifest, NewerError):
        return str(manifest.strerror)
    state = "publicado" if manifest.published else "rascunho pronto" if manifest.draft else "pendente"
    return f"{state} (fora da entrada)" if gone else state
