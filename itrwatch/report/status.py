"""The report of `itrwatch status`: cases, one line for a monitor, a JSON document, and the exit code.

    brief(report)    -> "itrwatch: em execução (processo 812); 12 processos: 1 pendente, 2 com atraso"
    document(report) -> {"schema": 1, "service": {"running": true, …}, "cases": [{"folder": …, "state": "com ressalvas", …}], …}

The states of cases are named as in the panel (`itrwatch.report.panel_page`). docs/administracao.md describes the document.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from itrwatch.core.status import Root
from itrwatch.core.text_matching import counted
from itrwatch.report.panel_page import PanelLine

ALARMS = {
    "pendente": ("pendente", "pendentes"),
    "atraso": ("com atraso", "com atraso"),
    "conferir": ("a conferir", "a conferir"),
}
"""The kinds of the panel that `brief` counts, most important first: singular and plural."""
UNKNOWN = "não se sabe (sem acesso à saída)"


@dataclass(frozen=True, slots=True)
class Service:
    """Whether the service runs; ``running`` is None if unknown. ``host``: the machine, if it is not this one."""

    running: bool | None
    pid: int | None = None
    host: str = ""


@dataclass(frozen=True, slots=True)
class ListedCase:
    """One case as in the panel; ``kinds``: words of `panel_page.FILTERS`, empty if nothing is known."""

    folder: str
    state: str
    kinds: tuple[str, ...] = ()
    processo: str | None = None
    late: str = ""
    todo: tuple[str, ...] = ()
    files: tuple[tuple[str, int], ...] = ()
    changed: datetime | None = None
    last_day: date | None = None
    in_inbox: bool = True


@dataclass(frozen=True, slots=True)
class ServiceReport:
    """The state of service, roots and cases at ``at`` (local time); a root with ``trouble`` is degraded."""

    at: datetime
    version: str
    service: Service
    roots: tuple[Root, ...]
    cases: tuple[ListedCase, ...]


def case_of(line: PanelLine, *, in_inbox: bool) -> ListedCase:
    """A line of the panel → a case of the report."""
    manifest = line.row.manifest
    return ListedCase(
        folder=line.row.folder,
        state=line.word,
        kinds=line.kinds,
        processo=manifest.processo if manifest else None,
        late=line.late,
        todo=line.todo,
        files=tuple((file.name, file.bytes) for file in manifest.files) if manifest else (),
        changed=line.row.changed,
        last_day=line.last_day,
        in_inbox=in_inbox,
    )


def verdict(report: ServiceReport) -> int:
    """The exit code: 2 if the service does not run, 1 if a case is pending or late or a root has trouble, else 0."""
    if report.service.running is False:
        return 2
    alarmed = any({"pendente", "atraso"} & set(case.kinds) for case in report.cases)
    return int(alarmed or any(root.trouble for root in report.roots))


def running(service: Service) -> str:
    """`Service` → “em execução (processo 812)”."""
    if service.running is None:
        return "não se sabe se está em execução (sem acesso à saída)"
    if not service.running:
        return "parado"
    where = f"em {service.host}" if service.host else f"processo {service.pid}"
    return f"em execução ({where})"


def brief(report: ServiceReport) -> str:
    """The report in one line; troubles of the roots precede the counts."""
    tally = _tally(report.cases)
    alarms = [counted(tally[kind], *words) for kind, words in ALARMS.items() if tally[kind]]
    cases = counted(len(report.cases), "processo", "processos") + (f": {', '.join(alarms)}" if alarms else "")
    troubles = [f"{root.role}: {root.trouble}" for root in report.roots if root.trouble]
    return "; ".join([f"itrwatch: {running(report.service)}", *troubles, cases])


def document(report: ServiceReport) -> Mapping[str, Any]:
    """The report as JSON values; keys are only added in later versions, never renamed, while ``schema`` is 1."""
    return {
        "schema": 1,
        "version": report.version,
        "at": report.at.isoformat(timespec="seconds"),
        "exit": verdict(report),
        "service": {
            "running": report.service.running,
            "pid": report.service.pid,
            "host": report.service.host or None,
        },
        "roots": [
            {"role": root.role, "path": root.path, "mode": root.mode, "trouble": root.trouble or None}
            for root in report.roots
        ],
        "counts": dict(sorted(_tally(report.cases).items())),
        "cases": [_case(case) for case in report.cases],
    }


def _tally(cases: Sequence[ListedCase]) -> Counter[str]:
    return Counter(kind for case in cases for kind in case.kinds)


def _case(case: ListedCase) -> Mapping[str, Any]:
    return {
        "folder": case.folder,
        "processo": case.processo,
        "state": case.state,
        "kinds": list(case.kinds),
        "late": case.late or None,
        "todo": list(case.todo),
        "files": [{"name": name, "bytes": size} for name, size in case.files],
        "changed": case.changed.isoformat(timespec="seconds") if case.changed else None,
        "last_day": case.last_day.isoformat() if case.last_day else None,
        "in_inbox": case.in_inbox,
    }
