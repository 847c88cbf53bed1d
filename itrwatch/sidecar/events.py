"""Reads the blocks ``ciencia`` and ``impugnacao`` of the sidecar.

read_ciencia(fields.get("ciencia"), collector) -> CienciaInfo(Modo.POSTAL, date(2023, 10, 2), ("ar",), …)
"""

from __future__ import annotations

import re
from datetime import date

from itrwatch.core.case_description import CienciaInfo, ImpugnacaoInfo, Modo, Via
from itrwatch.core.dates import parse_date, proposed_date
from itrwatch.core.finding_collector import MOST_FINDINGS, FindingCollector
from itrwatch.core.manual import PAPERS
from itrwatch.core.text_matching import cited, fold, match, nearest
from itrwatch.core.tree import Node, Place, Scalar, Sequence, is_empty
from itrwatch.sidecar.keys import CIENCIA, DOCUMENTS, IMPUGNACAO
from itrwatch.sidecar.reading import keyed, mapping_of, text_of, word_of

_CIENCIA_EXAMPLE = "ciencia: {modo: postal, data: 02/10/2023, documentos: [ar]}; as páginas ficam em “secoes”"
_IMPUGNACAO_EXAMPLE = (
    "impugnacao: {data: 20/10/2023, via: protocolo, documentos: [protocolo, identidade]}; as páginas ficam em “secoes”"
)

_SAME_AS = {other: word for word, paper in PAPERS.items() for other in (fold(paper.name), *paper.also)}
"""Other names of a paper: the tutorial's own words, and synonyms."""

_PARTINGS = tuple(map(re.compile, (r"\s*[;/+]\s*", r"\s+e\s+", r"\s+")))
"""Separators that users write between two documents instead of a comma."""
_LONGEST_DOCUMENT = 80  # characters; chosen: folding a long text takes time

Entry = tuple[Scalar, Node] | None


def read_ciencia(entry: Entry, collector: FindingCollector) -> CienciaInfo | None:
    """The block ``ciencia``; None if it is missing, empty or (noted) not a block."""
    block = mapping_of(entry, _CIENCIA_EXAMPLE, collector)
    if entry is None or block is None:
        return None
    place = entry[0].place
    fields = keyed(block.pairs, CIENCIA.words, collector)
    modo = word_of(fields.get("modo"), tuple(Modo), collector)
    return CienciaInfo(
        modo=Modo(modo) if modo else None,
        data=_date(fields.get("data"), collector),
        documentos=_documents(fields.get("documentos"), collector),
        place=place,
        data_place=_place(fields.get("data"), place),
        documentos_place=_place(fields.get("documentos"), place),
        envio=_date(fields.get("envio"), collector),
    )


def read_impugnacao(entry: Entry, collector: FindingCollector) -> ImpugnacaoInfo | None:
    """The block ``impugnacao``; None if it is missing, empty or (noted) not a block."""
    block = mapping_of(entry, _IMPUGNACAO_EXAMPLE, collector)
    if entry is None or block is None:
        return None
    place = entry[0].place
    fields = keyed(block.pairs, IMPUGNACAO.words, collector)
    via = word_of(fields.get("via"), tuple(Via), collector)
    return ImpugnacaoInfo(
        data=_date(fields.get("data"), collector),
        via=Via(via) if via else None,
        documentos=_documents(fields.get("documentos"), collector),
        place=place,
        data_place=_place(fields.get("data"), place),
        documentos_place=_place(fields.get("documentos"), place),
    )


def _place(entry: Entry, default: Place) -> Place:
    return entry[1].place if entry else default


def _date(entry: Entry, collector: FindingCollector) -> date | None:
    value = text_of(entry, collector)
    if value is None:
        return None
    day = parse_date(value.text)
    if isinstance(day, date):
        return day
    collector.error(value.place, day, fix=(value.text, proposed_date(value.text)))
    return None


def _documents(entry: Entry, collector: FindingCollector) -> tuple[str, ...]:
    """The documents by the manual's words if known, otherwise as written, without accents."""
    if entry is None or is_empty(entry[1]):
        return ()
    items = entry[1].items if isinstance(entry[1], Sequence) else (entry[1],)
    words = []
    for item in items[:MOST_FINDINGS]:
        if not isinstance(item, Scalar):
            collector.error(
                item.place, "em “documentos” escreva só as palavras, por exemplo “documentos: [ar, edital]”"
            )
            continue
        pieces = (
            _run_together(item, isinstance(entry[1], Sequence), collector)
            or item.text.split(",", MOST_FINDINGS)[:MOST_FINDINGS]
        )
        words += [_document(piece, item.place, collector) for piece in pieces if piece.strip()]
    return tuple(dict.fromkeys(words))


def _run_together(item: Scalar, listed: bool, collector: FindingCollector) -> list[str]:
    """The documents of ``ar e edital`` or ``ar edital`` if each part is a document; else none. ``listed``: whether the item is in brackets."""
    if len(item.text) > _LONGEST_DOCUMENT or _known(item.text):
        return []
    for parting in _PARTINGS:
        pieces = parting.split(item.text.strip())
        if len(pieces) > 1 and all(map(_known, pieces)):
            parted = ", ".join(pieces) if listed else f"[{', '.join(pieces)}]"
            message = f"documentos {cited(item.text)} entendidos como {cited(parted)}; prefira escrever assim"
            collector.reminder(item.place, message, fix=(item.text, parted))
            return pieces
    return []


def _known(text: str) -> str | None:
    return _SAME_AS.get(fold(text)) or match(text, DOCUMENTS)


def _document(text: str, place: Place, collector: FindingCollector) -> str:
    text = text[:_LONGEST_DOCUMENT]
    if known := _known(text):
        return known
    if near := nearest(text, DOCUMENTS):
        collector.warning(
            place, f"não conheço o documento {cited(text)}; você quis dizer “{near}”?", fix=(text.strip(), near)
        )
    return fold(text)
