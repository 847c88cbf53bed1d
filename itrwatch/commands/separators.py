"""``itrwatch separators``: the sheets that go between the papers."""

from __future__ import annotations

import argparse
from pathlib import Path

from rich.console import Console

from itrwatch.core.text_matching import counted
from itrwatch.errors import Exit, ItrwatchError, UsageError
from itrwatch.separators import write_separators


def separators(options: argparse.Namespace) -> Exit:
    """Write the separator sheets as a PDF; a file that is there already is left alone."""
    target: Path = options.file
    if target.exists():
        raise UsageError(f"«{target}» já existe", "apague-o ou dê outro nome: itrwatch separators ARQUIVO")
    try:
        count = write_separators(target, duplex=options.duplex)
    except OSError as fault:
        raise ItrwatchError(
            f"não consegui gravar «{target}»: {fault.strerror}", "confira a pasta e as permissões"
        ) from fault
    Console().print(
        f"{counted(count, 'folha', 'folhas')} em {target}; imprima em A4, em tamanho real, só o que for usar",
        markup=False,
        highlight=False,
        soft_wrap=True,
    )
    return Exit.OK
