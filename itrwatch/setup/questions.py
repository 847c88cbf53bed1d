"""What `itrwatch setup` asks, each answer held against the reader of the configuration before the next question."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from itrwatch.config.reading import parse_config
from itrwatch.core.settings import Config
from itrwatch.errors import ConfigError, UsageError
from itrwatch.setup.edited_config import edited

Check = Callable[[str], object]
"""Raises `ConfigError` for an answer that will not do."""


@dataclass(frozen=True, slots=True)
class Answers:
    """As the administrator gave them and the configuration takes them; ``days``: the municipality's holidays."""

    inbox: Path
    outbox: Path
    uf: str
    municipality: str
    days: tuple[str, ...]


def ask_all(options: argparse.Namespace, config: Path, text: str, now: Config) -> Answers:
    """Ask what ``options`` does not answer; ``now`` is what ``text``, the configuration, says at present.

    Without a terminal, or with ``--yes``, what is not answered stays as it is. `UsageError` for an option that will not do.
    """

    def fits(key: str) -> Check:
        return lambda answer: parse_config(edited(text, {key: answer or '""'}).encode(), config)

    def dates(answer: str) -> object:
        return fits("holidays.municipal")(f"[{answer}]")

    put = _asked if sys.stdin.isatty() and not options.yes else _given
    inbox = put("Pasta da entrada, onde o scanner salva", options.inbox, str(now.inbox), _absolute)
    outbox = put("Pasta da saída, dos PDFs e relatórios", options.outbox, str(now.outbox), _absolute)
    uf = put("Sigla do estado", options.uf, now.holidays.uf, fits("holidays.uf"))
    municipality = put("Município", options.municipio, "", str)
    days = put(
        "Feriados do município (dd/mm, separados por vírgula)",
        options.feriados,
        ", ".join(now.holidays.municipal),
        dates,
    )
    return Answers(Path(inbox), Path(outbox), uf.upper(), municipality, tuple(re.findall(r"[^\s,]+", days)))


def _absolute(answer: str) -> None:
    if not Path(answer).is_absolute():
        raise ConfigError(f"“{answer}” não é um caminho completo", "comece por /, por exemplo /srv/itr/entrada")


def _given(_question: str, answer: str | None, usual: str, check: Check) -> str:
    """The option as it was given, or what holds now."""
    if answer is None:
        return usual
    try:
        check(answer)
    except ConfigError as wrong:
        raise UsageError(wrong.message, wrong.remedy) from wrong
    return answer.strip()


def _asked(question: str, answer: str | None, usual: str, check: Check) -> str:
    """What is typed, until it will do; Enter takes ``usual``, a hyphen empties it."""
    if answer is not None:
        return _given(question, answer, usual, check)
    while True:
        typed = input(f"{question} [{usual or 'nenhum'}]: ").strip() or usual
        typed = "" if typed == "-" else typed
        try:
            check(typed)
        except ConfigError as wrong:
            print(f"  {wrong}")  # noqa: T201 to the terminal where it was asked
        else:
            return typed
