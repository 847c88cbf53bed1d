"""The period for the impugnação: shown, never decided (Manual, 6. Impugnação, e; LC 227/2026).

    find_deadline(ciencia, impugnacao, calendar) -> Deadline(earliest, latest, doubts, …)

The first day is excluded, the last included; the period starts and ends on working days. Where no legal text
settles a point, the result is a range: the earliest and the latest possible last day, with the reasons for the
difference. A late impugnação is filed as well, so nothing here prevents publication.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from itrwatch.core.calendar import Calendar, Holiday, brazilian, suspended, works
from itrwatch.core.case_description import CienciaInfo, ImpugnacaoInfo, Modo
from itrwatch.core.manual import Norm, Paragraph
from itrwatch.core.period import Regime, last_day, regime_of

_PERIOD = Paragraph.IMPUGNACAO_PRAZO.says
PRESUMED_DAYS = 15
"""From the posting of an undated AR, or from the publication of the edital, to the ciência (Decreto 70.235, art. 23)."""
UNKNOWN = (
    "O prazo da impugnação não foi calculado: escreva no processo.yaml como e quando foi a ciência, por exemplo "
    "“ciencia: {modo: postal, data: 02/10/2023}”."
)
"""Shown if the deadline is unknown."""


class Timeliness(StrEnum):
    """Whether the impugnação is in time; an indication, “a conferir”."""

    IN_TIME = "dentro do prazo"
    UNCLEAR = "no limite do prazo"
    LATE = "depois do último dia"


@dataclass(frozen=True, slots=True)
class Ciencia:
    """The legal day of the ciência; ``because``: the Portuguese sentence with the reason.

    ``latest``: the other possible day (an AR signed on a day without work), otherwise the same day.
    """

    day: date
    latest: date
    because: str


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day for the impugnação, ``earliest`` to ``latest``; texts are Portuguese, for the report.

    ``calendar``: the description of the calendar. ``counted``: the weekdays after the ciência and up to ``latest`` that
    are, or may be, holidays, without the days on which the count is suspended. ``doubts``: one sentence for each reason
    why the two days differ. ``filed``: the day of the impugnação, ``timeliness``: whether it is in time; both None if
    the day is unknown. ``request_from``: the first day on which the case may be requested from the Receita.
    """

    ciencia: Ciencia
    regime: Regime
    earliest: date
    latest: date
    calendar: str
    counted: tuple[Holiday, ...]
    doubts: tuple[str, ...]
    filed: date | None
    timeliness: Timeliness | None
    request_from: date

    @property
    def last_day(self) -> str:
        """“15/09/2026”, or “entre 15/09/2026 e 16/09/2026”."""
        if self.earliest == self.latest:
            return brazilian(self.latest)
        return f"entre {brazilian(self.earliest)} e {brazilian(self.latest)}"

    @property
    def sentences(self) -> tuple[str, ...]:
        """The block for the report, one string a sentence; independent of the current day."""
        sentences = (
            self.ciencia.because,
            self._period(),
            self._suspension(),
            f"Último dia: {self.last_day} (a conferir).",
            *self.doubts,
            f"Calendário usado: {self.calendar}.",
            f"Feriados no período: {', '.join(map(str, self.counted))}." if self.counted else "",
            self._filed(),
            self._request(),
        )
        return tuple(sentence for sentence in sentences if sentence)

    def _period(self) -> str:
        days = _PERIOD.format(days=self.regime)
        return (
            f"Prazo da impugnação: {days} ({self.regime.source}), sem incluir esse dia; começa e termina em dia útil."
        )

    def _suspension(self) -> str:
        stood = [day for day in _days(self.ciencia.day, self.latest) if suspended(day)]
        if not stood:
            return ""
        return f"A contagem fica suspensa de {brazilian(stood[0])} a {brazilian(stood[-1])} ({Norm.PERIOD_2026})."

    def _filed(self) -> str:
        if self.filed is None:
            return ""
        what = "Petição" if self.timeliness is Timeliness.LATE else "Impugnação"
        text = f"{what} de {brazilian(self.filed)}: {self.timeliness}, por esta conta (a conferir)."
        if self.timeliness is Timeliness.IN_TIME:
            return text
        unless = "" if self.timeliness is Timeliness.LATE else "se "
        effect = unless + Paragraph.IMPUGNACAO_FORA_DO_PRAZO.says
        return f"{text} {effect[:1].upper()}{effect[1:]} ({Norm.LATE})."

    def _request(self) -> str:
        in_time = self.timeliness is Timeliness.IN_TIME
        why = "pois a impugnação já foi apresentada" if in_time else "depois do fim do prazo"
        return (
            f"A disponibilização do processo no e-CAC pode ser solicitada a partir de {brazilian(self.request_from)}, {why}. "
            f"{Paragraph.SOLICITAR_ATRASO.says}"
        )


def find_ciencia(info: CienciaInfo, off: frozenset[date] = frozenset()) -> Ciencia | None:
    """The day of the ciência; None if the sidecar lacks its date or mode. ``off``: days without work, except weekends.

    In person: the day of the signature. By post: the date on the AR, or 15 days after posting (``envio``) if
    the AR has no date. By edital: 15 days after publication (``data``).
    """
    if info.modo is Modo.POSTAL and info.data is None and info.envio is not None:
        day = info.envio + timedelta(days=PRESUMED_DAYS)
        sent = brazilian(info.envio)
        text = f"AR sem data: ciência em {brazilian(day)}, {PRESUMED_DAYS} dias depois da expedição, em {sent} ({Norm.PRESUMED})."
        return Ciencia(day, day, text)
    if info.modo is None or info.data is None:
        return None
    if info.modo is Modo.EDITAL:
        day = info.data + timedelta(days=PRESUMED_DAYS)
        published = brazilian(info.data)
        text = f"Ciência por edital em {brazilian(day)}, {PRESUMED_DAYS} dias depois da publicação, em {published} ({Norm.PRESUMED})."
        return Ciencia(day, day, text)
    if info.modo is Modo.PESSOAL:
        return Ciencia(info.data, info.data, f"Ciência pessoal em {brazilian(info.data)}, dia da assinatura.")
    latest = info.data
    while not works(latest, off):
        latest += timedelta(days=1)
    return Ciencia(info.data, latest, f"Ciência postal em {brazilian(info.data)}, data do AR.")


def find_deadline(
    ciencia: CienciaInfo | None, impugnacao: ImpugnacaoInfo | None, calendar: Calendar
) -> Deadline | None:
    """The deadline; None if the mode or the date of the ciência is missing (then show `UNKNOWN`)."""
    certain, all_off = calendar.off(doubtful=False), calendar.off(doubtful=True)
    known = find_ciencia(ciencia, all_off) if ciencia else None
    if known is None:
        return None
    # Extremes: the earlier ciência with certain holidays only, the later one with all holidays.
    earliest, latest = last_day(known.day, certain), last_day(known.latest, all_off)
    filed = impugnacao.data if impugnacao else None
    timeliness = _timeliness(filed, earliest, latest) if filed else None
    return Deadline(
        ciencia=known,
        regime=regime_of(known.day),
        earliest=earliest,
        latest=latest,
        calendar=calendar.made_of,
        counted=_counted(known.day, latest, calendar),
        doubts=tuple(_doubts(known, earliest, latest, calendar)),
        filed=filed,
        timeliness=timeliness,
        request_from=filed if filed and timeliness is Timeliness.IN_TIME else latest + timedelta(days=1),
    )


def days_left(deadline: Deadline, today: date) -> str:
    """The state of the period today: “termina em 15/09/2026, faltam 5 dias”, “termina hoje, …”, “terminou em …”."""
    left = (deadline.earliest - today).days
    same = deadline.earliest == deadline.latest
    if today > deadline.latest:
        return f"terminou em {deadline.last_day}" if same else f"terminou {deadline.last_day}"
    if not same and left <= 0:
        return f"termina {deadline.last_day}: confira"
    if left == 0:
        return f"termina hoje, {deadline.last_day}"
    days = "falta 1 dia" if left == 1 else f"faltam {left} dias"
    return f"termina em {deadline.last_day}, {days}" if same else f"termina {deadline.last_day}, {days}"


def _timeliness(filed: date, earliest: date, latest: date) -> Timeliness:
    if filed <= earliest:
        return Timeliness.IN_TIME
    return Timeliness.LATE if filed > latest else Timeliness.UNCLEAR


def _days(after: date, until: date) -> list[date]:
    return [after + timedelta(days=n) for n in range(1, (until - after).days + 1)]


def _counted(after: date, until: date, calendar: Calendar) -> tuple[Holiday, ...]:
    # From the day after the ciência, which does not count, to the last day inclusive.
    first, end = (bisect_right(calendar.holidays, day, key=lambda holiday: holiday.day) for day in (after, until))
    within = calendar.holidays[first:end]
    return tuple(holiday for holiday in within if holiday.day.weekday() < 5 and not suspended(holiday.day))


def _doubts(ciencia: Ciencia, earliest: date, latest: date, calendar: Calendar) -> list[str]:
    if earliest == latest:
        return []
    doubts = []
    # Whether the later ciência alone, with the same holidays, changes the last day.
    if last_day(ciencia.latest, calendar.off(doubtful=False)) != earliest:
        day = brazilian(ciencia.day)
        doubts.append(
            f"O AR traz um dia sem expediente, {day}: não há regra escrita que diga se a ciência é nesse dia ou no dia "
            f"útil seguinte, {brazilian(ciencia.latest)}."
        )
    # Whether the doubtful holidays alone change it.
    if last_day(ciencia.latest, calendar.off(doubtful=False)) != latest:
        days = ", ".join(str(day) for day in _counted(ciencia.day, latest, calendar) if not day.certain)
        doubts.append(f"Não há regra escrita que diga se estes dias contam como feriado para o prazo: {days}.")
    return doubts
