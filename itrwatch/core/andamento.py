"""The next step of the tutorial for a published case, derived from the events in ``andamento``.

    next_step((), deadline, calendar, today) -> NextStep(Stage.TO_REQUEST, …)

The steps are: request the case, wait up to five working days, attach the files, wait for the analysis, print and file the
receipt; after a rejection, correct and attach again. The PDFs do not depend on ``andamento``, so it may change at any time.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from itrwatch.core.calendar import Calendar, after_working_days, brazilian
from itrwatch.core.case_description import Event, Evento
from itrwatch.core.deadline import Deadline
from itrwatch.core.ecac import Phase
from itrwatch.core.manual import AVAILABLE_WITHIN, TEAM, Filter, Paragraph, Screen

LONG_ANALYSIS = timedelta(days=60)
"""After this time the panel suggests asking the team. Chosen: the tutorial says “mais do que o prazo médio”, without a number."""

P = Paragraph
_WRITE_IT_DOWN = "Quando ele aparecer, anote “disponibilizado” em “andamento”."


class Stage(StrEnum):
    """The stage of a published case in the procedure with the Receita."""

    TOO_EARLY = "no prazo da impugnação"
    TO_REQUEST = "a solicitar"
    REQUESTED = "solicitado"
    AVAILABLE = "para juntar"
    ATTACHED = "juntado, em análise"
    ACCEPTED = "aceito"
    REJECTED = "rejeitado"
    CHANGED = "mudou depois da juntada"


@dataclass(frozen=True, slots=True)
class NextStep:
    """``sentence``: what to do next, Portuguese; ``overdue``: the sentence about what is late, or empty.

    ``due``: the day by which something should have happened, or from which it may be done; None if unknown.
    ``phase``: the portal steps that are due; None if the fiscal only has to wait.
    """

    stage: Stage
    sentence: str
    due: date | None = None
    overdue: str = ""
    phase: Phase | None = None


def last_event(events: tuple[Event, ...]) -> Event | None:
    """The latest event: by day, then by order of writing. An event without a day counts as later than those written before it."""
    last: Event | None = None
    reached = date.min
    for event in events:
        if event.data is None or event.data >= reached:
            last, reached = event, event.data or reached
    return last


def next_step(
    events: tuple[Event, ...], deadline: Deadline | None, calendar: Calendar, today: date, *, complement: bool = False
) -> NextStep:
    """The next step of the tutorial for a published case; ``events`` in the order written.

    ``complement``: the process is digital already, so it need not be requested.
    """
    last = last_event(events)
    if last is None:
        return _to_add() if complement else _to_request(deadline, today)
    if last.evento is Evento.REQUERIMENTO:
        return _requested(last, calendar, today)
    return _STEPS[last.evento](last, today)


def agenda(
    events: tuple[Event, ...], deadline: Deadline | None, calendar: Calendar, *, complement: bool = False
) -> tuple[tuple[date, NextStep], ...]:
    """The next steps, each with the day from which it applies if no event is added; the first applies from `date.min`.

    With this list, a page written today can show the right step on any later day.
    """
    days = [date.min]
    step = next_step(events, deadline, calendar, date.min, complement=complement)
    last = last_event(events)
    if step.due:
        # A case may be requested on the due day itself; a requested case is late from the day after.
        days.append(step.due + timedelta(days=step.stage is Stage.REQUESTED))
    if last and last.evento is Evento.JUNTADA and last.data:
        days.append(last.data + LONG_ANALYSIS)
    return tuple((day, next_step(events, deadline, calendar, day, complement=complement)) for day in days)


def _to_request(deadline: Deadline | None, today: date) -> NextStep:
    if deadline is None:
        return NextStep(Stage.TO_REQUEST, P.QUANDO_SOLICITAR.says, phase=Phase.REQUEST)
    since = brazilian(deadline.request_from)
    if today < deadline.request_from:
        said = (
            "Aguarde o prazo da impugnação: a disponibilização do processo no e-CAC pode ser solicitada a partir de "
            f"{since} (a conferir)."
        )
        return NextStep(Stage.TOO_EARLY, said, deadline.request_from)
    said = f"{P.FASE_SOLICITAR.says} (possível desde {since}, a conferir)."
    return NextStep(Stage.TO_REQUEST, said, deadline.request_from, phase=Phase.REQUEST)


def _requested(event: Event, calendar: Calendar, today: date) -> NextStep:
    if event.data is None:
        said = f"Anote em “andamento” a data da solicitação e aguarde a Receita disponibilizar o processo. {_WRITE_IT_DOWN}"
        return NextStep(Stage.REQUESTED, said, phase=Phase.FOLLOW_UP)
    # The calendar of the Receita's unit is unknown: count every doubtful day as a day without work.
    due = after_working_days(event.data, AVAILABLE_WITHIN, calendar.off(doubtful=True))
    asked, until = brazilian(event.data), brazilian(due)
    if today <= due:
        said = f"Aguarde a Receita disponibilizar o processo, até {until}. {P.FASE_CONVERTER.says} {_WRITE_IT_DOWN}"
        return NextStep(Stage.REQUESTED, said, due, phase=Phase.FOLLOW_UP)
    return NextStep(
        Stage.REQUESTED,
        f"Confira em “{Screen.AUTORIZACAO}” se o processo já está disponível; se está, anote “disponibilizado” em “andamento”; se não "
        f"está, entre em contato pelo e-mail {TEAM}.",
        due,
        f"A disponibilização foi solicitada em {asked}; os {AVAILABLE_WITHIN} dias úteis terminaram em {until}.",
        Phase.FOLLOW_UP,
    )


def _to_add() -> NextStep:
    said = "Junte o complemento ao processo digital no e-CAC; os passos estão no relatório."
    return NextStep(Stage.AVAILABLE, said, phase=Phase.ATTACH)


def _available(_event: Event, _today: date) -> NextStep:
    said = f"{P.FASE_JUNTAR.says}; os passos estão no relatório."
    return NextStep(Stage.AVAILABLE, said, phase=Phase.ATTACH)


def _attached(event: Event, today: date) -> NextStep:
    since = f" desde {brazilian(event.data)}" if event.data else ""
    number = f" (protocolo {event.protocolo})" if event.protocolo else ""
    long = f" {P.GESTAO_DEMORA.says}" if event.data and today - event.data >= LONG_ANALYSIS else ""
    return NextStep(
        Stage.ATTACHED,
        f"Em análise na Receita{since}{number}.{long} Consulte “{Screen.MINHAS_JUNTADAS}” (filtro “{Filter.PENDENTES}”) e anote em "
        f"“andamento” se a juntada foi aceita ou rejeitada.",
        phase=Phase.RESULT,
    )


def _accepted(_event: Event, _today: date) -> NextStep:
    return NextStep(Stage.ACCEPTED, P.FASE_ARQUIVAR.says, phase=Phase.RESULT)


def _rejected(event: Event, _today: date) -> NextStep:
    why = f" (motivo: {event.motivo.rstrip('.')})" if event.motivo else ""
    where = "" if event.motivo else f" {P.CONSULTAR_MOTIVO.says}"
    said = f"A Receita rejeitou a juntada{why}: corrija e junte os documentos novamente.{where}"
    return NextStep(Stage.REJECTED, said, phase=Phase.ATTACH)


_STEPS: dict[Evento, Callable[[Event, date], NextStep]] = {
    Evento.DISPONIBILIZADO: _available,
    Evento.JUNTADA: _attached,
    Evento.ACEITA: _accepted,
    Evento.REJEITADA: _rejected,
}
