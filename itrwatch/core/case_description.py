"""What the fiscal says of a case, as values: sections with their sources, ciência, impugnação, andamento.

`itrwatch.sidecar` reads these from ``processo.yaml``; the rules in `itrwatch.core` need nothing of that language.
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
    """Counted and stamped by itrwatch."""
    PAPEL = "papel"
    """The paper was numbered by hand: the stamp follows it, so that removed blanks leave holes."""
    NENHUMA = "nenhuma"
    """Nothing is stamped."""


class OrdemVersos(StrEnum):
    """How the backs lay in the feeder when they were scanned after the fronts."""

    INVERSA = "inversa"
    """The stack was turned over as it came out: the last sheet's back is the first."""
    DIRETA = "direta"


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
    """Pages of one scan; no ``spans`` means all of them.

    ``turns`` are (page, degrees clockwise); ``keep`` and ``remove`` are pages; all count from 1
    in the scan, and what is written here overrides what is detected.
    """

    file: str
    spans: tuple[Span, ...]
    place: Place
    turns: tuple[tuple[int, Turn], ...] = ()
    keep: tuple[int, ...] = ()
    remove: tuple[int, ...] = ()
    pages_place: Place | None = None
    """Where ``spans`` are written, if they are."""
    backs: Source | None = None
    """The backs of these pages, scanned after them: front, back, front, back."""
    direct: bool = False
    """Whether the backs lie in the order of the fronts, and not from the last to the first."""

    @property
    def scans(self) -> tuple[Source, ...]:
        """The source itself, and its backs if it has some."""
        return (self,) if self.backs is None else (self, self.backs)


@dataclass(frozen=True, slots=True)
class SectionEntry:
    """One item of ``secoes``; the same section may come again in another item."""

    section: Section
    sources: tuple[Source, ...]
    place: Place
    folhas: int | None = None
    """How many folhas the item must have; ``folhas_place`` is where that is written."""
    folhas_place: Place = START


@dataclass(frozen=True, slots=True)
class CienciaInfo:
    """``ciencia`` of the sidecar; each place is the value's own, or the block's if it was not written.

    ``data``: of the signature, on the AR, or of the publication of the edital. ``envio``: when a letter was sent whose AR
    has no date.
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
    """``impugnacao`` of the sidecar; ``data`` is the day of filing, or of posting if sent by post."""

    data: date | None
    via: Via | None
    documentos: tuple[str, ...]
    place: Place
    data_place: Place
    documentos_place: Place


@dataclass(frozen=True, slots=True)
class Complement:
    """``juntada``: 2 for the first complement. ``first_folha``: the number after the last that was sent; None: not written."""

    juntada: int
    first_folha: int | None = None
    place: Place = START


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
class Andamento:
    """``events`` as far as they were understood, in the order written; ``findings``: what was not, never an error."""

    events: tuple[Event, ...] = ()
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Sidecar:
    """A sidecar without errors; texts keep their place for later checks.

    ``sections`` stand in the order written. ``numeracao_written``: it stands in the sidecar, and is not only the default.
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
