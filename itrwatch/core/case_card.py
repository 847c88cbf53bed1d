"""What a person wants to know about a case at one glance: the panel's line and the report's head."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from itrwatch.core.andamento import NextStep
from itrwatch.core.calendar import Calendar
from itrwatch.core.deadline import Deadline
from itrwatch.core.findings import Finding
from itrwatch.core.manifest import Manifest
from itrwatch.core.sidecar import Sidecar
from itrwatch.core.sidecar_andamento import Event


class CaseState(StrEnum):
    """The state of the set; the value is the word to show."""

    READY = "pronto"
    RESERVATIONS = "com ressalvas"
    PENDING = "pendente"


@dataclass(frozen=True, slots=True)
class CaseCard:
    """Everything is for people, in Portuguese; an empty string or None where there is nothing to say.

    ``sentence``: the state in one sentence with what to do; ``todo``: the next thing to do, shortest form;
    ``deadline_text``: where the period for the impugnação stands today; ``step``: None for a pending case;
    ``overdue``: what is late; ``faults``: what was not understood of ``andamento`` (warnings with line and correction).
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


def state_sentence(manifest: Manifest) -> tuple[CaseState, str]:
    """The state and the sentence with what to do next."""
    raise NotImplementedError


def case_card(
    manifest: Manifest, sidecar: Sidecar | None, calendar: Calendar, today: date, sidecar_name: str = "processo.yaml"
) -> CaseCard:
    """The card; ``sidecar`` None when it cannot be read."""
    raise NotImplementedError
