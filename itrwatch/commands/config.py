"""``itrwatch config``: checks a configuration and shows the effective settings."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from rich.console import Console

from itrwatch.commands.common import config_path
from itrwatch.config.reading import check_config
from itrwatch.config.writing import effective
from itrwatch.errors import Exit


def config(options: argparse.Namespace) -> Exit:
    """Report whether a configuration is valid; with ``--show``, every setting with its source. `ConfigError`."""
    path = Path(os.path.abspath(options.file)) if options.file else config_path(options)
    checked = check_config(path)
    lines = [f"aviso: {finding}" for finding in checked.warnings]
    if options.show:
        lines += effective(checked, path.name)
    else:
        lines.append(f"a configuração {path} pode ser usada")
    console = Console()
    for line in lines:
        console.print(line, markup=False, highlight=False, soft_wrap=True)
    return Exit.OK
