"""The data of the page on which a fiscal composes ``processo.yaml`` by clicking; ``compor.js`` does the rest.

    compose(result) -> Compose(data='{"key":…,"files":[…],"pages":[…],…}', …)

The initial state is made in `compose_start`.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from itrwatch.core.calendar import brazilian
from itrwatch.core.case_description import Modo, Numeracao, Sidecar, Via
from itrwatch.core.complement import named_complement
from itrwatch.core.filenames import printable
from itrwatch.core.manual import PAPERS
from itrwatch.core.sections import Section
from itrwatch.report.compose_start import Start, beginning
from itrwatch.report.result import Result

_HEAD = "# processo.yaml montado no relatorio.html do itrwatch. O que vem depois de # é explicação."
_NOTHING = ("", "(não sei)")
_OF_CIENCIA = ("ar", "juntada", "assinatura", "identidade", "procuracao", "edital")
_OF_IMPUGNACAO = ("protocolo", "identidade", "procuracao", "envelope", "rastreamento")


@dataclass(frozen=True, slots=True)
class Compose:
    """The data for the template: choices with their words, and ``data`` for the script as JSON in ASCII."""

    data: str
    andamento: str
    """The lines of ``andamento``, also JSON in ASCII; separate, because they change after the page was made."""
    sections: tuple[tuple[str, str], ...] = tuple((section.value, section.heading) for section in Section)
    numbering: tuple[tuple[str, str], ...] = (
        ("", "sequencial (o normal)"),
        (Numeracao.SEQUENCIAL.value, "sequencial, e já escrita no papel"),
        (Numeracao.PAPEL.value, "a do papel, já numerado à mão"),
        (Numeracao.NENHUMA.value, "nenhuma: nada é carimbado"),
    )
    ways: tuple[tuple[str, str], ...] = (
        _NOTHING,
        (Modo.PESSOAL.value, "pessoal, com assinatura"),
        (Modo.POSTAL.value, "postal, com AR"),
        (Modo.EDITAL.value, "por edital"),
    )
    channels: tuple[tuple[str, str], ...] = (
        _NOTHING,
        (Via.PROTOCOLO.value, "no protocolo"),
        (Via.CORREIOS.value, "pelos Correios"),
    )
    papers_ciencia: tuple[tuple[str, str], ...] = tuple((word, PAPERS[word].name) for word in _OF_CIENCIA)
    papers_impugnacao: tuple[tuple[str, str], ...] = tuple((word, PAPERS[word].name) for word in _OF_IMPUGNACAO)


def compose(result: Result) -> Compose | None:
    """The data for this case; None if no page was analysed."""
    start = beginning(result)
    if start is None:
        return None
    return Compose(json.dumps(_data(start, result), separators=(",", ":")), json.dumps(result.andamento))


def _data(start: Start, result: Result) -> dict[str, Any]:
    named = {
        "sections": [[section.value, section.heading] for section in Section],
        "required": Section.NOTIFICACAO.value,
        "processo": result.manifest.processo or "",
        "files": [
            {"name": name, "shown": printable(name), "pages": start.totals[name], "refused": name in result.unwritable}
            for name in start.files
        ],
        "pages": [page.json() for page in start.pages],
        "groups": [{"title": title, "pages": list(pages)} for title, pages in start.groups],
        "movable": start.movable,
        "expected": _expected(start, result),
        "head": [_HEAD],
        "fields": _fields(result.sidecar, result.manifest.folder),
        **_lists(result.sidecar),
    }
    # The browser stores choices per initial state: pages have consecutive numbers, and another sidecar is another initial state.
    identity = json.dumps([result.manifest.folder, named], separators=(",", ":")).encode("utf-8", "surrogateescape")
    return {"key": hashlib.sha256(identity).hexdigest()[:16]} | named


def _expected(start: Start, result: Result) -> list[dict[str, Any]]:
    """``folhas: 5`` of an item, with the pages that it counts."""
    places = {(start.files[page.file], page.page): number for number, page in enumerate(start.pages)}
    return [
        {"folhas": each.count, "pages": sorted(places[ref.file, ref.page] for ref in each.refs)}
        for each in (result.plan.expected if result.plan else ())
        if all((ref.file, ref.page) in places for ref in each.refs)
    ]


def _fields(sidecar: Sidecar | None, folder: str) -> dict[str, str]:
    if sidecar is None:
        named = named_complement(folder)
        return {"complemento": str(named)} if named else {}
    fields = {
        word: text.text
        for word in ("contribuinte", "exercicio", "nirf")
        if (text := getattr(sidecar, word)) is not None
    }
    if complement := sidecar.complemento:
        fields["complemento"] = str(complement.juntada)
        fields["primeira_folha"] = str(complement.first_folha or "")
    if sidecar.numeracao_written:
        fields["numeracao"] = sidecar.numeracao.value
    if ciencia := sidecar.ciencia:
        days = {"ciencia.data": ciencia.data, "ciencia.envio": ciencia.envio}
        fields |= {word: brazilian(day) for word, day in days.items() if day} | {"ciencia.modo": ciencia.modo or ""}
    if impugnacao := sidecar.impugnacao:
        fields["impugnacao.data"] = brazilian(impugnacao.data) if impugnacao.data else ""
        fields["impugnacao.via"] = impugnacao.via or ""
    return fields


def _lists(sidecar: Sidecar | None) -> dict[str, Any]:
    """For each list of documents (``ciencia.documentos``, …): those with a checkbox, and those without (``more``)."""
    written = {
        "ciencia.documentos": (sidecar.ciencia.documentos if sidecar and sidecar.ciencia else (), _OF_CIENCIA),
        "impugnacao.documentos": (
            sidecar.impugnacao.documentos if sidecar and sidecar.impugnacao else (),
            _OF_IMPUGNACAO,
        ),
    }
    return {
        "lists": {word: [one for one in own if one in boxes] for word, (own, boxes) in written.items()},
        "more": {word: [one for one in own if one not in boxes] for word, (own, boxes) in written.items()},
    }
