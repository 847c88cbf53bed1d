"""``itrwatch doctor``: examines the installation and says what to correct."""

from __future__ import annotations

import argparse
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape

from itrwatch.commands.common import config_path
from itrwatch.config.reading import check_config
from itrwatch.core.settings import Config
from itrwatch.doctor import folders, machine, watching
from itrwatch.doctor.verdict import CheckLine, Verdict, attention, bad, good
from itrwatch.errors import ConfigError, Exit

ROOT_SECONDS = 15.0
"""Time limit (s) of the probes of one root: ten thousand folders on a slow share take a few seconds; a dead share never answers. Chosen."""
_COLOURS = {Verdict.GOOD: "green", Verdict.ATTENTION: "yellow", Verdict.BAD: "red"}


def doctor(options: argparse.Namespace) -> Exit:
    """Run all probes, whatever they find: `Exit.TEMPORARY` if any result is bad.

    With an invalid configuration: only the probes that do not need it, and `Exit.CONFIG`.
    """
    console = Console()
    path = config_path(options)
    broken = False
    try:
        checked = check_config(path)
    except ConfigError as fault:
        lines: list[CheckLine] = [bad("configuração", fault.message, fault.remedy)]
        broken = True
    else:
        config = checked.config
        lines = [good("configuração", f"{path}: {_in_force(config)}")]
        lines += [attention("configuração", str(said), f"{path}, linha {said.line}") for said in checked.warnings]
        lines += [*machine.examine_settings(config, path), *_folders(config)]
    lines += machine.examine(path)
    for line in lines:
        if not (options.quiet and line.verdict is Verdict.GOOD):
            _print(console, line)
    counted = {verdict: sum(line.verdict is verdict for line in lines) for verdict in Verdict}
    if not options.quiet:
        console.print(", ".join(f"{verdict.value}: {counted[verdict]}" for verdict in Verdict), highlight=False)
    if broken:
        return Exit.CONFIG
    return Exit.TEMPORARY if counted[Verdict.BAD] else Exit.OK


def _folders(config: Config) -> Iterator[CheckLine]:
    seen: list[tuple[int, int]] = []

    def inbox() -> Iterator[CheckLine]:
        lines, count, largest = folders.inbox(config.inbox)
        seen.append((count, largest))
        yield from lines

    yield from _within("entrada", config.inbox, inbox)
    count, largest = seen[0] if seen else (0, 0)
    yield from watching.examine(config, count)
    yield from _within("saída", config.outbox, lambda: folders.outbox(config, largest))


def _within(role: str, root: Path, probe: Callable[[], Iterable[CheckLine]]) -> Iterable[CheckLine]:
    """The lines of a probe, or a line that the share does not answer; the thread then stays blocked (F25)."""
    lines: list[CheckLine] = []

    def examine() -> None:
        try:
            lines.extend(probe())
        except Exception as wrong:  # noqa: BLE001 an examination ends with a line, never with a traceback
            lines.append(bad(role, f"o exame falhou: {wrong!r}", "avise quem cuida do itrwatch"))

    thread = threading.Thread(target=examine, daemon=True, name=f"doctor-{role}")
    thread.start()
    thread.join(ROOT_SECONDS)
    if not thread.is_alive():
        return lines
    hangs = bad(
        role,
        f"“{root}” não responde há {ROOT_SECONDS:g} s",
        "o servidor do compartilhamento está parado ou a rede caiu; confira com findmnt e com o administrador dele",
    )
    return [*lines, hangs]


def _in_force(config: Config) -> str:
    """All settings that differ from the default, so that the administrator notices one without effect (F10)."""
    usual = dict(_settings(Config(config.inbox, config.outbox)))
    own = [f"{name} = {value}" for name, value in _settings(config) if value != usual[name]]
    return f"em vigor além do padrão: {'; '.join(own)}" if own else "valores padrão"


def _settings(group: Any, prefix: str = "") -> Iterator[tuple[str, str]]:
    for field in fields(group):
        value = getattr(group, field.name)
        if is_dataclass(value):
            yield from _settings(value, f"{field.name}.")
        else:
            yield prefix + field.name, f"{value:03o}" if field.name == "umask" else str(value)


def _print(console: Console, line: CheckLine) -> None:
    colour = _COLOURS[line.verdict]
    said = f"[{colour}]{line.verdict.value:<8}[/] {line.topic}: {escape(line.text)}"
    console.print(said, highlight=False, soft_wrap=True)
    if line.remedy:
        console.print(f"         → {escape(line.remedy)}", highlight=False, soft_wrap=True)
