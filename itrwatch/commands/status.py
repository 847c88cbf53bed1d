"""``itrwatch status``: every case and its state, for people and for monitors."""

from __future__ import annotations

import argparse
import json
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from itrwatch import __version__
from itrwatch.commands.common import read_config
from itrwatch.core.filenames import printable
from itrwatch.core.settings import Config
from itrwatch.core.status import CaseStatus, Root, StatusSnapshot
from itrwatch.daemon.panel import Panel
from itrwatch.doctor.watching import roots
from itrwatch.errors import Exit, reason_with_path
from itrwatch.report.panel_page import lines_of
from itrwatch.report.status import (
    UNKNOWN,
    ListedCase,
    Service,
    ServiceReport,
    brief,
    case_of,
    document,
    running,
    verdict,
)
from itrwatch.store.clock import local_time
from itrwatch.store.inbox import list_cases
from itrwatch.store.lock import elsewhere, holder_of
from itrwatch.store.outbox import WORK, Outbox

Found = TypeVar("Found")

ROOT_SECONDS = 15.0
"""Longest wait (s) for the answer of one root, as in `doctor`: a dead share never answers, and a monitor must get an answer. Chosen."""


def status(options: argparse.Namespace) -> Exit:
    """Print the status; `Exit.PENDING` if a case is pending or late or a root is away, `Exit.STOPPED` without a service."""
    report = service_report(read_config(options), local_time())
    console = Console()
    if options.json:
        text = json.dumps(document(report), ensure_ascii=False, indent=1)
        console.out(text, highlight=False)
    elif options.brief:
        console.out(brief(report), highlight=False)
    else:
        _print(console, report)
    return Exit(verdict(report))


def service_report(config: Config, at: datetime) -> ServiceReport:
    """The state of service, roots and cases; a root that does not answer is reported as trouble."""
    entrada, saida = roots(config)
    panel = Panel(Outbox(config.outbox, config.umask, config.group), config)
    there, inbox_trouble = _answered(lambda: set(list_cases(config.inbox).cases))
    outbox, outbox_trouble = _answered(lambda: (_service(config), _outbox_names(config)))
    service, names = outbox or (Service(None), frozenset[str]())
    cases: tuple[ListedCase, ...] = tuple(ListedCase(name, UNKNOWN) for name in sorted(there or ()))
    if outbox is not None:
        seen, trouble = _answered(lambda: _cases(panel, config, there, names, at))
        cases, outbox_trouble = seen or (), outbox_trouble or trouble
    return ServiceReport(
        at,
        __version__,
        service,
        (replace(entrada, trouble=inbox_trouble), replace(saida, trouble=outbox_trouble)),
        cases,
    )


def _outbox_names(config: Config) -> frozenset[str]:
    return Outbox(config.outbox, config.umask, config.group).names()


def _cases(
    panel: Panel, config: Config, there: set[str] | None, names: frozenset[str], at: datetime
) -> tuple[ListedCase, ...]:
    """The lines of the panel; while the inbox is away no case counts as removed from it."""
    if there is None:
        places = tuple(CaseStatus(name, "") for name in sorted(names))
        snapshot = StatusSnapshot(at, (Root("entrada", str(config.inbox)),), places)
    else:
        snapshot = panel.without_service(at)
    lines = lines_of(panel.rows(snapshot))
    return tuple(case_of(line, in_inbox=there is None or line.row.folder in there) for line in lines)


def _service(config: Config) -> Service:
    """The holder of the outbox; unknown for other users than root and the service's, who cannot read the private folder."""
    work = config.outbox / WORK
    try:
        pid = holder_of(work)
        host = "" if pid else elsewhere(work)
    except FileNotFoundError:
        return Service(running=False)
    except PermissionError:
        return Service(None)
    return Service(running=bool(pid or host), pid=pid, host=host)


def _answered(service_report: Callable[[], Found]) -> tuple[Found | None, str]:
    """The result of ``service_report`` and no trouble, or None and the reason; a hanging call stays blocked in its thread (F25)."""
    found: list[Found] = []
    trouble: list[str] = []

    def ask() -> None:
        try:
            found.append(service_report())
        except OSError as fault:
            trouble.append(f"sem acesso: {reason_with_path(fault)}")

    thread = threading.Thread(target=ask, daemon=True, name="status")
    thread.start()
    thread.join(ROOT_SECONDS)
    if found:
        return found[0], ""
    return None, trouble[0] if trouble else f"não responde há {ROOT_SECONDS:g} s"


def _print(console: Console, report: ServiceReport) -> None:
    def say(words: str) -> None:
        console.print(words, markup=False, highlight=False, soft_wrap=True)

    say(f"serviço: {running(report.service)}")
    for root in report.roots:
        say(f"{root.role}: “{root.path}” — {root.trouble or root.mode}")
    table = Table("Processo", "Estado", "Arquivos", "O que falta", box=SIMPLE_HEAD)
    for case in report.cases:
        state = case.state if case.in_inbox else f"{case.state} (fora da entrada)"
        files = ", ".join(name for name, _ in case.files)
        table.add_row(printable(case.folder), state, files, case.late or (case.todo[0] if case.todo else ""))
    console.print(table)
    if not report.cases:
        say("nenhum processo ainda")
