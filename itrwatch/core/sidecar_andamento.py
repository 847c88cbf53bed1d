"""``andamento`` of the sidecar: what the fiscal notes after the PDFs were made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from itrwatch.core.findings import Finding
from itrwatch.core.tree import Node, Place


class Evento(StrEnum):
    """The words of ``andamento``, in the order in which they usually happen."""

    REQUERIMENTO = "requerimento"
    DISPONIBILIZADO = "disponibilizado"
    JUNTADA = "juntada"
    ACEITA = "aceita"
    REJEITADA = "rejeitada"


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened; ``protocolo`` of a juntada and ``motivo`` of a rejection, else empty."""

    evento: Evento
    data: date | None
    place: Place
    protocolo: str = ""
    motivo: str = ""


@dataclass(frozen=True, slots=True)
class AndamentoRead:
    """``events`` as far as they were understood, in the order written; ``findings``: what was not, never an error."""

    events: tuple[Event, ...] = ()
    findings: tuple[Finding, ...] = ()


def read_andamento(node: Node | None, file_name: str) -> AndamentoRead:
    """The events of `Sidecar.andamento`. Faults are warnings: they never keep PDFs from being made."""
    raise NotImplementedError
