"""``itrwatch new FOLDER``: a draft of the sidecar, made from the scans."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from threading import Event

from rich.console import Console

from itrwatch.commands.common import progress, read_config
from itrwatch.config.reading import DEFAULT_PATH
from itrwatch.core.filenames import SIDECAR_NAME
from itrwatch.core.settings import Config, LogConfig
from itrwatch.errors import Exit, ItrwatchError, UsageError, reason_with_path
from itrwatch.job.drafting import make_draft
from itrwatch.job.intake import open_scans
from itrwatch.log import open_log
from itrwatch.sidecar.schema import schema_line
from itrwatch.store.inbox import Snapshot, take_snapshot
from itrwatch.store.outbox import Outbox
from itrwatch.workers.pool import Pool


def new(options: argparse.Namespace) -> Exit:
    """Print the draft of a folder's sidecar; with ``--write`` put it where it can be copied from.

    In the folder itself, unless that lies in the inbox, where itrwatch never writes: then in the outbox.
    """
    open_log(LogConfig(), 0o077, quiet=True)  # who asked reads the draft, not the log
    config = read_config(options) if options.config or DEFAULT_PATH.exists() else None
    folder: Path = options.folder
    if config and not folder.exists():
        folder = config.inbox / folder
    if not folder.is_dir():
        raise UsageError(
            f"a pasta “{folder}” não existe", "dê o caminho da pasta do processo, ou o nome dela na entrada"
        )
    snapshot = take_snapshot(Path(os.path.realpath(folder)))
    if not snapshot.scans:
        raise UsageError(f"a pasta “{folder}” não tem digitalizações", "ponha nela os arquivos PDF, TIFF, JPEG ou PNG")
    line = schema_line(*((config.inbox, config.outbox) if config else (snapshot.folder.parent, snapshot.folder)))
    with Pool(config.workers if config else None) as pool, progress() as watch:
        scans, unreadable = open_scans(snapshot, pool, Event())
        draft = make_draft(snapshot, scans, unreadable, pool, Event(), watch(snapshot.name), first_line=line)
    if not options.write:
        print(draft.text.decode("utf-8-sig").replace("\r\n", "\n"), end="")  # noqa: T201 to be sent into a file
        return Exit.OK
    target = _put(draft.text, snapshot, config)
    Console().print(f"O rascunho está em {target}", markup=False, highlight=False, soft_wrap=True)
    return Exit.OK


def _put(text: bytes, snapshot: Snapshot, config: Config | None) -> Path:
    inside = config and os.path.realpath(config.inbox) == os.path.realpath(snapshot.folder.parent)
    try:
        if config and inside:
            return Outbox.of(config).put_draft(snapshot.name, text)
        target = snapshot.folder / SIDECAR_NAME
        with target.open("xb") as file:
            file.write(text)
    except FileExistsError as fault:
        raise UsageError(
            f"a pasta já tem {SIDECAR_NAME}", "apague-o ou mude o nome dele, se quer um rascunho novo"
        ) from fault
    except OSError as fault:
        raise ItrwatchError(
            f"não consegui salvar o rascunho: {reason_with_path(fault)}", "confira a pasta e as permissões"
        ) from fault
    return target
