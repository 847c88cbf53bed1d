"""``andamento`` of the sidecar: events that the fiscal notes after the PDFs were made.

    read_andamento(node, "processo.yaml") -> Andamento(events=(Event(Evento.JUNTADA, …), …), findings=())

Usually a list of ``EVENT: DATE``, or ``EVENT: DATE, details``; details may also have their own keys, in braces
or on separate lines. Faults are warnings, never errors: the PDFs do not depend on ``andamento``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from itrwatch.core.case_description import Andamento, Event, Evento
from itrwatch.core.dates import parse_date
from itrwatch.core.finding_collector import FindingCollector
from itrwatch.core.findings import Severity
from itrwatch.core.text_matching import cited, fold, match, suggestion
from itrwatch.core.tree import Mapping, Node, Scalar, Sequence, is_empty
from itrwatch.sidecar.reading import keyed, text_of, unknown_key

WORDS = tuple(evento.value for evento in Evento)
DETAILS = ("data", "protocolo", "motivo")
LONG = "evento"
EXAMPLE = "“- requerimento: 10/02/2024” ou “- juntada: {data: 16/02/2024, protocolo: 123456}”"
_SAME_AS = {
    "requerido": Evento.REQUERIMENTO,
    "requerida": Evento.REQUERIMENTO,
    "pedido": Evento.REQUERIMENTO,
    "solicitacao": Evento.REQUERIMENTO,
    "disponibilizada": Evento.DISPONIBILIZADO,
    "disponibilizacao": Evento.DISPONIBILIZADO,
    "disponivel": Evento.DISPONIBILIZADO,
    "juntado": Evento.JUNTADA,
    "aceito": Evento.ACEITA,
    "aceite": Evento.ACEITA,
    "rejeitado": Evento.REJEITADA,
    "rejeicao": Evento.REJEITADA,
    "recusada": Evento.REJEITADA,
    "recusado": Evento.REJEITADA,
}
_AFTER_DATE = re.compile(r"(\S+?)[,;:]?\s+(.+)")
_LABEL = re.compile(r"^(?:[-,;:(]\s*)?(?:(?:protocolo|motivo)\b[:.]?\s*)?(?:n[º°.o]?\.?\s*(?=[0-9]))?", re.IGNORECASE)

Pairs = list[tuple[Scalar, Node]]


def read_andamento(node: Node | None, file_name: str) -> Andamento:
    """The events of `Sidecar.andamento`. Faults are warnings: they never prevent publication."""
    if node is None or is_empty(node):
        return Andamento()
    collector = FindingCollector(file_name)
    events = tuple(_events(node, collector))
    findings = (
        replace(finding, severity=Severity.WARNING) if finding.severity is Severity.ERROR else finding
        for finding in collector.findings()
    )
    return Andamento(events, tuple(findings))


def _events(node: Node, collector: FindingCollector) -> Iterator[Event]:
    items = node.items if isinstance(node, Sequence) else (node,)
    for item in items:
        if isinstance(item, Mapping):
            yield from _of_item(item, collector)
        elif isinstance(item, Scalar):
            collector.warning(item.place, _loose(item))
        else:
            collector.warning(
                item.place, f"há um traço ou colchete a mais em “andamento”; escreva, por exemplo, {EXAMPLE}"
            )


def _of_item(item: Mapping, collector: FindingCollector) -> Iterator[Event]:
    """The events of one item. An event begins with its word or with ``evento``; details after it, or before the first, belong to it."""
    begun: list[tuple[Scalar, Evento, Node | None, Pairs]] = []
    early: Pairs = []
    for key, value in item.pairs:
        evento = _evento(key.text)
        if evento:
            begun.append((key, evento, value, []))
        elif match(key.text, (LONG,)):
            named = _named(value, collector)
            if named:
                begun.append((key, named, None, early))
            early = []
        elif match(key.text, DETAILS):
            (begun[-1][3] if begun else early).append((key, value))
        else:
            collector.warning(key.place, unknown_key(key, WORDS))
    if early:
        collector.warning(item.place, f"falta dizer o que aconteceu; escreva, por exemplo, {EXAMPLE}")
    for word, evento, first, details in begun:
        yield _event(word, evento, first, details, collector)


def _event(key: Scalar, evento: Evento, value: Node | None, details: Pairs, collector: FindingCollector) -> Event:
    day, rest = None, ""
    if isinstance(value, Mapping):
        details = [*value.pairs, *details]
    elif isinstance(value, Sequence):
        collector.warning(value.place, f"não entendi o valor de {cited(key.text)}; escreva, por exemplo, {EXAMPLE}")
    elif value and not value.empty:
        day, rest = _dated(value, collector)
    fields = keyed(details, DETAILS, collector)
    texts = {word: text for word in DETAILS if (text := text_of(fields.get(word), collector))}
    if "data" in texts:
        day, _ = _dated(texts["data"], collector)
    elif value is None or isinstance(value, Mapping) or is_empty(value):
        collector.warning(key.place, f"falta a data de “{evento}”; escreva, por exemplo, “{evento}: 16/02/2024”")
    said = {word: text.text for word, text in texts.items()}
    if rest:
        said.setdefault("motivo" if evento is Evento.REJEITADA else "protocolo", rest)
    event = Event(evento, day, key.place, said.get("protocolo", ""), said.get("motivo", ""))
    return _complete(event, collector)


def _complete(event: Event, collector: FindingCollector) -> Event:
    """The event with its permitted details; missing and unsuitable details are noted."""
    if event.evento is Evento.JUNTADA and not event.protocolo:
        collector.reminder(event.place, "anote também o número do protocolo, que está no recibo: “protocolo: 123456”")
    if event.evento is Evento.REJEITADA and not event.motivo:
        collector.reminder(event.place, "anote também o motivo da rejeição: “motivo: tipo do documento errado”")
    if event.evento in (Evento.JUNTADA, Evento.REJEITADA):
        return event
    for unused in filter(None, (event.protocolo, event.motivo)):
        collector.reminder(event.place, f"{cited(unused)} não é usado; em “{event.evento}” basta a data")
    return replace(event, protocolo="", motivo="")


def _dated(value: Scalar, collector: FindingCollector) -> tuple[date | None, str]:
    """The date at the beginning of a text, and the rest without its label."""
    day = parse_date(value.text)
    if isinstance(day, date):
        return day, ""
    parts = _AFTER_DATE.fullmatch(" ".join(value.text.split()))
    first = parse_date(parts[1]) if parts else day
    rest = _LABEL.sub("", parts[2]).rstrip(" )") if parts else ""
    if isinstance(first, date):
        return first, rest
    looks_like_one = parts is not None and "/" in parts[1]
    collector.warning(value.place, first if looks_like_one else day)
    return None, rest if looks_like_one else ""


def _evento(text: str) -> Evento | None:
    word = match(text, WORDS)
    return Evento(word) if word else _SAME_AS.get(fold(text))


def _named(value: Node, collector: FindingCollector) -> Evento | None:
    if not isinstance(value, Scalar):
        collector.warning(value.place, f"“{LONG}” leva uma palavra só; escreva, por exemplo, {EXAMPLE}")
        return None
    evento = _evento(value.text)
    if evento is None:
        collector.warning(
            value.place, f"valor desconhecido {cited(value.text)} em “{LONG}”; {suggestion(value.text, WORDS)}"
        )
    return evento


def _loose(item: Scalar) -> str:
    """The sentence about an item without ``: ``."""
    head, sign, rest = re.split(r"([:\s])\s*", item.text.strip() + " ", maxsplit=1)
    if _evento(head) and rest.strip():
        fixed = cited(f"{head}: {rest.strip()}")
        if item.quoted:
            return f"as aspas em volta de {cited(item.text)} juntam tudo num texto só; tire-as e escreva {fixed}"
        fault = "falta um espaço depois dos dois-pontos" if sign == ":" else "faltam os dois-pontos"
        return f"{fault}; escreva {fixed}"
    return f"não entendi {cited(item.text)} em “andamento”; escreva, por exemplo, {EXAMPLE}"
