"""Asks the questions of `itrwatch setup`; each answer is checked before the next question, as the configuration reader checks it."""

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
"""A function that raises `ConfigError` for an invalid answer."""


@dataclass(frozen=True, slots=True)
class Answers:
    """The valid answers; ``uf``: state in capitals, ``days``: municipal holidays, ``dd/mm`` or ``dd/mm/aaaa``."""

    inbox: Path
    outbox: Path
    uf: str
    municipality: str
    days: tuple[str, ...]


def ask_all(options: argparse.Namespace, config: Path, text: str, now: Config) -> Answers:
    """Ask the questions that ``options`` does not answer; ``text``: the current configuration, ``now``: its values.

    Without a terminal, or with ``--yes``, unanswered settings stay unchanged. Raises `UsageError` for an invalid option.
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
    """The value of the option, checked, or ``usual`` if it was not given."""
    if answer is None:
        return usual
    try:
        check(answer)
    except ConfigError as wrong:
        raise UsageError(wrong.message, wrong.remedy) from wrong
    return answer.strip()


def _asked(question: str, answer: str | None, usual: str, check: Check) -> str:
    """The typed answer; asks again until it is valid. Enter selects ``usual``, a hyphen an empty answer."""
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
