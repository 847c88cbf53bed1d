"""The next step of the manual for a published case, from what the fiscal noted in ``andamento`` (Manual, 1 and 4).

Request the case, wait up to five working days, attach the files, wait for the analysis, keep the proof;
or correct and attach again. Nothing here touches the PDFs: ``andamento`` may change at any time.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from itrwatch.core.calendar import Calendar, after_working_days, brazilian
from itrwatch.core.case_description import Event, Evento
from itrwatch.core.deadline import AVAILABLE_WITHIN, Deadline


class Stage(StrEnum):
    """Where a published case stands on its way to the Receita."""

    TOO_EARLY = "no prazo da impugnação"
    TO_REQUEST = "a requerer"
    REQUESTED = "requerido"
    AVAILABLE = "disponibilizado"
    ATTACHED = "juntado, em análise"
    ACCEPTED = "aceito"
    REJECTED = "rejeitado"
    CHANGED = "mudou depois da juntada"


@dataclass(frozen=True, slots=True)
class NextStep:
    """``sentence``: what to do next, Portuguese; ``overdue``: the sentence on what is late, or empty.

    ``due``: the day by which something should have happened, or from which something may be done; None if no
    day is known.
    """

    stage: Stage
    sentence: str
    due: date | None = None
    overdue: str = ""


def last_event(events: tuple[Event, ...]) -> Event | None:
    """What happened last: by day, and of one day what was written last; an event without a day happened after those before it."""
    last: Event | None = None
    reached = date.min
    for event in events:
        if event.data is None or event.data >= reached:
            last, reached = event, event.data or reached
    return last


def next_step(events: tuple[Event, ...], deadline: Deadline | None, calendar: Calendar, today: date) -> NextStep:
    """The next step of the manual for a published case; ``events`` as they were written."""
    last = last_event(events)
    if last is None:
        return _to_request(deadline, today)
    if last.evento is Evento.REQUERIMENTO:
        return _requested(last, calendar, today)
    return _STEPS[last.evento](last)


def _to_request(deadline: Deadline | None, today: date) -> NextStep:
    if deadline is None:
        said = "Quando a impugnação chegar, ou quando o prazo dela terminar, requeira o processo à Receita."
        return NextStep(Stage.TO_REQUEST, said)
    since = brazilian(deadline.request_from)
    if today < deadline.request_from:
        said = (
            f"Aguarde o prazo da impugnação: o processo pode ser requerido à Receita a partir de {since} (a conferir)."
        )
        return NextStep(Stage.TOO_EARLY, said, deadline.request_from)
    said = f"Requeira o processo à Receita; pela conta do prazo, isso já pode ser feito desde {since} (a conferir)."
    return NextStep(Stage.TO_REQUEST, said, deadline.request_from)


def _requested(event: Event, calendar: Calendar, today: date) -> NextStep:
    if event.data is None:
        said = "Aguarde a Receita disponibilizar o processo; anote em “andamento” a data do requerimento."
        return NextStep(Stage.REQUESTED, said)
    # The calendar of the Receita's unit is not ours to know: every doubtful day is given to it.
    due = after_working_days(event.data, AVAILABLE_WITHIN, calendar.off(doubtful=True))
    asked, until = brazilian(event.data), brazilian(due)
    if today <= due:
        said = f"Aguarde a Receita disponibilizar o processo, o que deve acontecer até {until}."
        return NextStep(Stage.REQUESTED, said, due)
    return NextStep(
        Stage.REQUESTED,
        "Confira no e-CAC se o processo já está disponível; se não está, fale com a unidade da Receita.",
        due,
        f"O processo foi requerido em {asked} e devia estar disponível até {until}.",
    )


def _available(_event: Event) -> NextStep:
    return NextStep(Stage.AVAILABLE, "Junte os arquivos ao processo no e-CAC; os passos estão no relatório.")


def _attached(event: Event) -> NextStep:
    since = f" desde {brazilian(event.data)}" if event.data else ""
    number = f" (protocolo {event.protocolo})" if event.protocolo else ""
    return NextStep(
        Stage.ATTACHED,
        f"Em análise na Receita{since}{number}: acompanhe no e-CAC e anote em “andamento” se a juntada foi aceita ou "
        "rejeitada.",
    )


def _accepted(_event: Event) -> NextStep:
    return NextStep(
        Stage.ACCEPTED,
        "Imprima o recibo e o Termo de Análise, que provam o envio e a aceitação, e guarde-os com o processo em papel.",
    )


def _rejected(event: Event) -> NextStep:
    why = f" (motivo: {event.motivo.rstrip('.')})" if event.motivo else ""
    return NextStep(Stage.REJECTED, f"A Receita rejeitou a juntada{why}: corrija e junte os arquivos de novo.")


_STEPS: dict[Evento, Callable[[Event], NextStep]] = {
    Evento.DISPONIBILIZADO: _available,
    Evento.JUNTADA: _attached,
    Evento.ACEITA: _accepted,
    Evento.REJEITADA: _rejected,
}
