"""What the office should have told: the state, for its holidays."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from itrwatch.config.reading import DEFAULT_PATH
from itrwatch.core.settings import Config
from itrwatch.doctor.report import Line, attention, good


def examine(config: Config, path: Path) -> Iterator[Line]:
    """The lines about settings that have a default which is right for nobody; ``path``: the configuration."""
    if config.holidays.uf:
        days = len(config.holidays.municipal)
        yield good("feriados", f"nacionais, de {config.holidays.uf} e {days} do município")
    else:
        yield attention(
            "feriados",
            "“holidays.uf” está vazio: os feriados do estado não entram na conta do prazo, que pode sair errada",
            f"itrwatch setup{f' --instance {path.stem}' if path.stem != DEFAULT_PATH.stem else ''}",
        )
