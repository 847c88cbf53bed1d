"""Checks the settings that each office must make: the state, for its holidays, and the name of the inbox for its users."""

from __future__ import annotations

import platform
from collections.abc import Iterator
from pathlib import Path

from itrwatch.config.reading import DEFAULT_PATH
from itrwatch.core.settings import Config
from itrwatch.doctor.verdict import CheckLine, attention, good


def examine(config: Config, path: Path) -> Iterator[CheckLine]:
    """The lines about settings whose default is not right for any office; ``path``: the configuration."""
    if config.holidays.uf:
        days = len(config.holidays.municipal) or "nenhum"
        yield good("feriados", f"nacionais, de {config.holidays.uf} e {days} do município")
    else:
        yield attention(
            "feriados",
            "“holidays.uf” está vazio: os feriados do estado não entram na conta do prazo, que pode sair errada",
            _setup(path),
        )
    if config.share_name:
        yield good("nome no Windows", f"os fiscais leem “{config.share_name}”")
    else:
        yield attention(
            "nome no Windows",
            f"“share_name” está vazio: o painel e o LEIA-ME.html dizem “{config.inbox}”, que ninguém reconhece no Windows",
            rf"escreva em {path}, por exemplo: share_name: \\{platform.node()}\entrada",
        )


def _setup(path: Path) -> str:
    """The command that asks for missing settings, for configurations that `itrwatch setup` writes."""
    if path == DEFAULT_PATH:
        return "itrwatch setup"
    if path.parent == DEFAULT_PATH.parent:
        return f"itrwatch setup --instance {path.stem}"
    return f"escreva em {path}, abaixo de “holidays:”, uf: e a sigla do seu estado"
