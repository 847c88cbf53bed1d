"""The period for the impugnação: shown, never decided (Manual, 2.2; LC 227/2026).

First day excluded, last included; it starts and ends only on working days. What no text settles
is a range: the earliest and the latest possible last day, with the reasons why they differ.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from itrwatch.core.calendar import Calendar, Holiday
from itrwatch.core.sidecar_events import CienciaInfo, ImpugnacaoInfo


class Regime(StrEnum):
    """How the period is counted, by the day of the ciência; the value is for the report."""

    BEFORE_2026 = "30 dias corridos"
    EARLY_2026 = "o que terminar depois: 20 dias úteis ou 30 dias corridos"
    LC_227 = "20 dias úteis"


class Timeliness(StrEnum):
    """When the impugnação came; an indication, «a conferir»."""

    IN_TIME = "em tempo"
    UNCLEAR = "no limite"
    LATE = "fora do prazo"


@dataclass(frozen=True, slots=True)
class Ciencia:
    """The day of the ciência by rule; ``because`` is the Portuguese sentence that says how it was found.

    ``latest`` is the other day that can be meant (an AR signed on a day without work), else the same day.
    """

    day: date
    latest: date
    because: str


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day for the impugnação, ``earliest`` to ``latest``; every text is Portuguese for the report.

    ``counted``: the holidays that lie between the ciência and ``latest``. ``doubts``: why the two days differ,
    a sentence each. ``timeliness``: None without a dated impugnação. ``request_from``: the first day on which the
    case may be asked for from the Receita.
    """

    ciencia: Ciencia
    regime: Regime
    earliest: date
    latest: date
    calendar: str
    counted: tuple[Holiday, ...]
    doubts: tuple[str, ...]
    timeliness: Timeliness | None
    request_from: date

    @property
    def last_day(self) -> str:
        """«15/09/2026», or «entre 15/09/2026 e 16/09/2026»."""
        raise NotImplementedError

    @property
    def sentences(self) -> tuple[str, ...]:
        """The whole block for the report, a sentence each, independent of today."""
        raise NotImplementedError


def find_ciencia(info: CienciaInfo, off: frozenset[date] = frozenset()) -> Ciencia | None:
    """The day of the ciência; None if the sidecar does not tell enough. ``off``: days without work, weekends aside."""
    raise NotImplementedError


def find_deadline(
    ciencia: CienciaInfo | None, impugnacao: ImpugnacaoInfo | None, calendar: Calendar
) -> Deadline | None:
    """The deadline as far as it can be told; None without a mode and a date of the ciência."""
    raise NotImplementedError


def standing(deadline: Deadline, today: date) -> str:
    """One sentence about where the period stands today: «faltam 5 dias», «termina hoje», «terminou em …»."""
    raise NotImplementedError
