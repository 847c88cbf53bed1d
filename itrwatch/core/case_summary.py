"""The summary of a case: the panel's line and the report's heading.

case_summary(manifest, sidecar, calendar, today) -> CaseSummary(CaseState.READY, …)
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from itrwatch.core.andamento import NextStep, Stage, next_step
from itrwatch.core.calendar import Calendar, brazilian
from itrwatch.core.case_description import Andamento, Event, Sidecar
from itrwatch.core.codes import Code
from itrwatch.core.deadline import Deadline, Timeliness, days_left, find_deadline
from itrwatch.core.findings import Finding, Severity, warning
from itrwatch.core.grouped_findings import grouped_findings
from itrwatch.core.manifest import Manifest
from itrwatch.core.sent import superseded

NOT_YET_ATTACHED = (Stage.TOO_EARLY, Stage.TO_REQUEST, Stage.REQUESTED, Stage.AVAILABLE)
_BEING_MADE = "Em preparação: a pasta mudou na entrada, e os PDFs estão sendo refeitos. Não é preciso fazer nada."


class CaseState(StrEnum):
    """The state of the set; the value is the text shown."""

    READY = "PDFs prontos"
    RESERVATIONS = "com ressalvas"
    PENDING = "pendente"
    DRAFT = "rascunho pronto"


@dataclass(frozen=True, slots=True)
class CaseSummary:
    """Texts to show, in Portuguese; an empty string or None if there is nothing to show.

    ``sentence``: the state in one sentence with what to do; ``todo``: the next thing to do, shortest form;
    ``deadline_text``: the state of the period for the impugnação today; ``step``: None for a case without PDFs;
    ``overdue``: what is late; ``faults``: warnings about ``andamento``, with line and, where there is one, correction.
    """

    state: CaseState
    sentence: str
    todo: str
    deadline: Deadline | None
    deadline_text: str
    step: NextStep | None
    overdue: str
    events: tuple[Event, ...]
    faults: tuple[Finding, ...]


def state_sentence(manifest: Manifest, *, attached: bool = False) -> tuple[CaseState, str]:
    """The state, and the sentence with what to do next; ``attached``: the Receita already has the files."""
    if manifest.draft:
        return CaseState.DRAFT, "Rascunho pronto: confira e salve na entrada."
    if not manifest.published:
        said = "Pendente: nada foi publicado. Corrija na pasta da entrada o que está marcado abaixo."
        return CaseState.PENDING, said
    warnings = _count(manifest, Severity.WARNING)
    if warnings and attached:
        return CaseState.RESERVATIONS, f"PDFs prontos, com ressalvas: {_points(warnings)} abaixo."
    if warnings:
        return (
            CaseState.RESERVATIONS,
            f"PDFs prontos, com ressalvas: confira {_points(warnings)} abaixo antes da juntada no e-CAC.",
        )
    return CaseState.READY, "PDFs prontos."


def case_summary(
    manifest: Manifest, sidecar: Sidecar | None, calendar: Calendar, today: date, sidecar_name: str = "processo.yaml"
) -> CaseSummary:
    """The summary on the day ``today``; ``sidecar`` is None if it cannot be read, ``sidecar_name`` is for the findings."""
    state, sentence = state_sentence(manifest)
    if not manifest.published and not manifest.fingerprint:  # a set that was withdrawn
        sentence = _BEING_MADE
    deadline = find_deadline(sidecar.ciencia, sidecar.impugnacao, calendar) if sidecar else None
    andamento = (sidecar and sidecar.andamento) or Andamento()
    step = _step(andamento, deadline, calendar, today, manifest) if manifest.published else None
    return CaseSummary(
        state=state,
        sentence=sentence,
        todo=_todo(manifest, step),
        deadline=deadline,
        deadline_text=_deadline_text(deadline, today),
        step=step,
        overdue=step.overdue if step else "",
        events=andamento.events,
        faults=(*andamento.findings, *_too_early(andamento.events, today, sidecar_name)),
    )


def _step(
    andamento: Andamento, deadline: Deadline | None, calendar: Calendar, today: date, manifest: Manifest
) -> NextStep:
    step = next_step(andamento.events, deadline, calendar, today, complement=bool(manifest.complemento))
    return superseded(step, manifest)


def _todo(manifest: Manifest, step: NextStep | None) -> str:
    if step is None:
        if not manifest.fingerprint:
            return "Nada: os PDFs estão sendo refeitos."
        if manifest.draft:
            return "Abra o relatório, confira o rascunho do processo.yaml e salve-o na entrada."
        return f"Corrija {_points(_count(manifest, Severity.ERROR))} na pasta da entrada; veja PENDENTE.txt."
    warnings = _count(manifest, Severity.WARNING)
    if warnings and step.stage in NOT_YET_ATTACHED:
        return f"Confira {_points(warnings)} no relatório. {step.sentence}"
    return step.sentence


def _deadline_text(deadline: Deadline | None, today: date) -> str:
    if deadline is None:
        return ""
    if deadline.filed:
        what = "petição" if deadline.timeliness is Timeliness.LATE else "impugnação"
        return f"{what} de {brazilian(deadline.filed)}, {deadline.timeliness} (a conferir)"
    return f"{days_left(deadline, today)} (a conferir)"


def _too_early(events: tuple[Event, ...], today: date, file: str) -> Iterator[Finding]:
    for event in events:
        if event.data and event.data > today:
            yield warning(
                Code.EVENT_IN_FUTURE,
                event=event.evento,
                day=event.data,
                file=file,
                line=event.place.line,
                column=event.place.column,
            )


def _count(manifest: Manifest, severity: Severity) -> int:
    return len(grouped_findings(manifest.findings, severity))


def _points(count: int) -> str:
    return "um ponto" if count == 1 else f"{count} pontos"
