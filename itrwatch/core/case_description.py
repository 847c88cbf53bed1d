"""The fiscal's description of a case as values: sections with their sources, ciência, impugnação, andamento.

`itrwatch.sidecar` reads them from ``processo.yaml``; the rules in `itrwatch.core` do not depend on YAML.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from itrwatch.core.findings import Finding
from itrwatch.core.pages import Turn
from itrwatch.core.ranges import Span
from itrwatch.core.sections import Section
from itrwatch.core.tree import START, Place, Scalar


class Numeracao(StrEnum):
    """Where the folha numbers come from."""

    SEQUENCIAL = "sequencial"
    """itrwatch counts and stamps."""
    PAPEL = "papel"
    """The paper was numbered by hand: the stamp repeats those numbers, so a removed blank page leaves a gap."""
    NENHUMA = "nenhuma"
    """Nothing is stamped."""


class OrdemVersos(StrEnum):
    """The order of the backs when they were scanned after the fronts."""

    INVERSA = "inversa"
    """The whole stack was turned over: the back of the last sheet was scanned first."""
    DIRETA = "direta"
    """The backs were scanned in the order of the fronts."""


class Modo(StrEnum):
    """How the taxpayer learned of the notificação (Manual, 2.1. Comprovação do recebimento da NL)."""

    PESSOAL = "pessoal"
    POSTAL = "postal"
    EDITAL = "edital"


class Via(StrEnum):
    """How the impugnação came in (Manual, 6. Impugnação)."""

    PROTOCOLO = "protocolo"
    CORREIOS = "correios"


@dataclass(frozen=True, slots=True)
class Source:
    """Pages of one scan; without ``spans``, all of them.

    ``turns`` are (page, degrees clockwise); ``keep`` and ``remove`` are pages. All pages count from 1
    in the scan. These values override detection.
    """

    file: str
    spans: tuple[Span, ...]
    place: Place
    turns: tuple[tuple[int, Turn], ...] = ()
    keep: tuple[int, ...] = ()
    remove: tuple[int, ...] = ()
    pages_place: Place | None = None
    """The place where ``spans`` are written; None without spans."""
    backs: Source | None = None
    """The backs of these pages, scanned separately; the published order alternates front and back."""
    direct: bool = False
    """Whether the backs are in the order of the fronts, not from the last to the first."""

    @property
    def scans(self) -> tuple[Source, ...]:
        """The source itself, and its backs if it has any."""
        return (self,) if self.backs is None else (self, self.backs)


@dataclass(frozen=True, slots=True)
class SectionEntry:
    """One item of ``secoes``; several items may have the same section."""

    section: Section
    sources: tuple[Source, ...]
    place: Place
    folhas: int | None = None
    """The number of folhas that the item must have; ``folhas_place``: where it is written."""
    folhas_place: Place = START


@dataclass(frozen=True, slots=True)
class CienciaInfo:
    """``ciencia`` of the sidecar; each place is that of the value, or of the block if the value is not written.

    ``data``: the day of the signature, the day on the AR, or the day of publication of the edital. ``envio``: the day of
    posting, for an AR without a date.
    """

    modo: Modo | None
    data: date | None
    documentos: tuple[str, ...]
    place: Place
    data_place: Place
    documentos_place: Place
    envio: date | None = None


@dataclass(frozen=True, slots=True)
class ImpugnacaoInfo:
    """``impugnacao`` of the sidecar; ``data``: the day of filing, or of posting if it was sent by post."""

    data: date | None
    via: Via | None
    documentos: tuple[str, ...]
    place: Place
    data_place: Place
    documentos_place: Place


@dataclass(frozen=True, slots=True)
class Complement:
    """``juntada``: 2 for the first complement. ``first_folha``: the number after the last folha sent; None if not written."""

    juntada: int
    first_folha: int | None = None
    place: Place = START


class Evento(StrEnum):
    """The words of ``andamento``, in the usual order of the events."""

    REQUERIMENTO = "requerimento"
    DISPONIBILIZADO = "disponibilizado"
    JUNTADA = "juntada"
    ACEITA = "aceita"
    REJEITADA = "rejeitada"


@dataclass(frozen=True, slots=True)
class Event:
    """One event; ``protocolo`` belongs to a juntada, ``motivo`` to a rejection; otherwise empty."""

    evento: Evento
    data: date | None
    place: Place
    protocolo: str = ""
    motivo: str = ""


@dataclass(frozen=True, slots=True)
class Andamento:
    """``events``: those understood, in the order written; ``findings``: warnings about the others, never errors."""

    events: tuple[Event, ...] = ()
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Sidecar:
    """A sidecar without errors; texts keep their place for later checks.

    ``sections`` are in the order written. ``numeracao_written``: whether the sidecar has the key, or the default applies.
    """

    sections: tuple[SectionEntry, ...]
    processo: Scalar | None = None
    contribuinte: Scalar | None = None
    exercicio: Scalar | None = None
    nirf: Scalar | None = None
    ciencia: CienciaInfo | None = None
    impugnacao: ImpugnacaoInfo | None = None
    numeracao: Numeracao = Numeracao.SEQUENCIAL
    numeracao_written: bool = False
    andamento: Andamento | None = None
    complemento: Complement | None = None
