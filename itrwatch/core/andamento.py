"""What happened after the PDFs were made, as noted in ``andamento``, and the next step of the manual.

Nothing here touches the PDFs: ``andamento`` may change at any time (see `without_andamento`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from itrwatch.core.calendar import Calendar
from itrwatch.core.deadline import Deadline
from itrwatch.core.sidecar_andamento import Event


class Stage(StrEnum):
    """Where a published case stands on its way to the Receita."""

    TOO_EARLY = "no prazo da impugnação"
    TO_REQUEST = "a requerer"
    REQUESTED = "requerido"
    AVAILABLE = "disponibilizado"
    ATTACHED = "juntado, em análise"
    ACCEPTED = "aceito"
    REJECTED = "rejeitado"


@dataclass(frozen=True, slots=True)
class NextStep:
    """``sentence``: what to do next, Portuguese; ``overdue``: the sentence on what is late, or empty.

    ``due``: the day by which something should have happened, None if no day is known.
    """

    stage: Stage
    sentence: str
    due: date | None = None
    overdue: str = ""


def next_step(events: tuple[Event, ...], deadline: Deadline | None, calendar: Calendar, today: date) -> NextStep:
    """The next step of the manual for a published case; ``events`` in any order."""
    raise NotImplementedError
