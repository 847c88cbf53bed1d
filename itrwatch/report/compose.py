"""The data of the page on which a fiscal composes ``processo.yaml`` by clicking; ``compor.js`` does the rest.

A folder without a sidecar begins with the proposal; a published case begins with what its sidecar says.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from itrwatch.core.calendar import brazilian
from itrwatch.core.case_description import Modo, Numeracao, Sidecar, Source, Via
from itrwatch.core.complement import named_complement
from itrwatch.core.filenames import printable
from itrwatch.core.manifest import PageEntry
from itrwatch.core.pages import PageRef, Reason
from itrwatch.core.proposal import Confidence, Proposal, Proposed
from itrwatch.core.sections import Section
from itrwatch.core.text_matching import counted
from itrwatch.core.title_matching import in_order
from itrwatch.report.page_grid import scan_of
from itrwatch.report.result import Result
from itrwatch.sidecar.keys import DOCUMENTS

OUTSIDE = "fora"
"""What a page begins that belongs to no section."""
_HEAD = "# processo.yaml montado no relatorio.html do itrwatch. O que vem depois de # é explicação."
_NOTHING = ("", "(não sei)")
_PAPERS = {
    "assinatura": "assinatura de quem recebeu",
    "identidade": "documento de identidade",
    "procuracao": "procuração",
    "ar": "aviso de recebimento (AR)",
    "juntada": "termo de juntada do AR",
    "edital": "edital",
    "protocolo": "protocolo do recebimento",
    "envelope": "envelope",
    "rastreamento": "rastreamento dos Correios",
}
_OF_CIENCIA = ("ar", "juntada", "assinatura", "identidade", "procuracao", "edital")
_OF_IMPUGNACAO = ("protocolo", "identidade", "procuracao", "envelope", "rastreamento")


@dataclass(frozen=True, slots=True)
class Compose:
    """What the template needs: choices with their words, and ``data`` for the script as JSON in ASCII."""

    data: str
    rest: str
    """The lines of ``andamento``, JSON in ASCII, too: they change after the page was made."""
    sections: tuple[tuple[str, str], ...] = tuple((section.value, section.heading) for section in Section)
    numbering: tuple[tuple[str, str], ...] = (
        ("", "sequencial (o normal)"),
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
    papers_ciencia: tuple[tuple[str, str], ...] = tuple((word, _PAPERS[word]) for word in _OF_CIENCIA)
    papers_impugnacao: tuple[tuple[str, str], ...] = tuple((word, _PAPERS[word]) for word in _OF_IMPUGNACAO)


@dataclass(frozen=True, slots=True)
class _Page:
    """A page as the script has it; ``picture`` is the id of the figure with its image."""

    file: int
    page: int
    picture: str
    proposed: str = ""
    why: str = ""
    guess: bool = False
    shows: int = 0
    girar: int | None = None
    keep: bool = False
    removed: bool = False
    separator: bool = False

    def json(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}


def compose(result: Result) -> Compose | None:
    """The page for this case; None when no page of it was seen."""
    if result.proposal is not None:
        return Compose(_json(_from_proposal(result.proposal, result)), _json(result.rest))
    if result.manifest.published and result.sidecar is not None:
        return Compose(_json(_from_manifest(result.sidecar, result)), _json(result.rest))
    return None


def _json(data: dict[str, Any] | tuple[str, ...]) -> str:
    return json.dumps(data, separators=(",", ":"))


def _common(result: Result, files: list[str], totals: dict[str, int], pages: list[_Page]) -> dict[str, Any]:
    names = "".join(f"{name}:{totals[name]};" for name in files)
    sidecar = result.sidecar
    return {
        "key": hashlib.sha256(f"{result.manifest.folder};{names}".encode("utf-8", "surrogateescape")).hexdigest()[:16],
        "sections": [[section.value, section.heading] for section in Section],
        "required": Section.NOTIFICACAO.value,
        "processo": result.manifest.processo or "",
        "files": [
            {"name": name, "shown": printable(name), "pages": totals[name], "refused": name in result.unwritable}
            for name in files
        ],
        "pages": [page.json() for page in pages],
        "head": [_HEAD],
        "fields": _fields(sidecar, result.manifest.folder),
        **_lists(sidecar),
    }


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
    if sidecar.numeracao is not Numeracao.SEQUENCIAL:
        fields["numeracao"] = sidecar.numeracao.value
    if ciencia := sidecar.ciencia:
        days = {"ciencia.data": ciencia.data, "ciencia.envio": ciencia.envio}
        fields |= {word: brazilian(day) for word, day in days.items() if day} | {"ciencia.modo": ciencia.modo or ""}
    if impugnacao := sidecar.impugnacao:
        fields["impugnacao.data"] = brazilian(impugnacao.data) if impugnacao.data else ""
        fields["impugnacao.via"] = impugnacao.via or ""
    return fields


def _lists(sidecar: Sidecar | None) -> dict[str, Any]:
    """The documents that have a box, and those that have none (``more``), by the list that they stand in."""
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


def _from_proposal(proposal: Proposal, result: Result) -> dict[str, Any]:
    files = list(in_order(proposal.scans))
    shown = [PageRef(name, number) for name in files for number in range(1, proposal.scans[name] + 1)]
    position = {ref: number for number, ref in enumerate(shown)}
    entries = {ref: entry for entry in proposal.sections for ref in entry.sides}
    pages: dict[PageRef, _Page] = {}
    groups: list[dict[str, Any]] = []
    for name, refs in proposal.in_order():
        before: Proposed | None = None
        for ref in refs:
            sheet, entry = ref in proposal.sheets, entries.get(ref)
            begins = not sheet and (ref == refs[0] or entry is not before)
            start = (entry.section.value if entry else OUTSIDE) if begins else ""
            guess = not sheet and (entry is None or entry.confidence is Confidence.LOW)
            why = entry.why if entry else "não descobri o que é esta página"
            picture = f"c{position[ref]}"
            pages[ref] = _Page(files.index(ref.file), ref.page, picture, start, why, guess, separator=sheet)
            before = before if sheet else entry
        groups.append({"title": _title(name, proposal, len(refs)), "pages": [position[ref] for ref in refs]})
    common = _common(result, files, dict(proposal.scans), [pages[ref] for ref in shown])
    return common | {"groups": groups, "movable": True}


def _title(name: str, proposal: Proposal, pages: int) -> str:
    backs = proposal.pairs.get(name)
    names = f"{printable(name)} e {printable(backs)}, frente e verso" if backs else printable(name)
    return f"{names} ({counted(pages, 'página', 'páginas')})"


def _from_manifest(sidecar: Sidecar, result: Result) -> dict[str, Any]:
    entries = result.manifest.pages
    files = list(in_order({entry.file for entry in entries}))
    totals = {name: max(entry.page for entry in entries if entry.file == name) for name in files}
    pages: list[_Page] = []
    groups: dict[str, list[int]] = {}
    for number, entry in enumerate(entries):
        title = entry.section.heading if entry.section else "Fora de todas as seções"
        own = groups.setdefault(title, [])
        start = "" if own else (entry.section.value if entry.section else OUTSIDE)
        own.append(number)
        pages.append(_of_entry(entry, files.index(entry.file), f"p{number + 1}", start, sidecar))
    listed = [{"title": title, "pages": own} for title, own in groups.items()]
    return _common(result, files, totals, pages) | {"groups": listed, "movable": False}


def _of_entry(entry: PageEntry, file: int, picture: str, start: str, sidecar: Sidecar) -> _Page:
    source = next(_sources(entry, sidecar), None)
    return _Page(
        file,
        entry.page,
        picture,
        start,
        shows=entry.turn,
        girar=dict(source.turns).get(entry.page) if source else None,
        keep=source is not None and entry.page in source.keep,
        removed=entry.reason is Reason.ASKED,
        separator=entry.reason is Reason.SEPARATOR,
    )


def _sources(entry: PageEntry, sidecar: Sidecar) -> Iterator[Source]:
    for item in sidecar.sections:
        if item.section is entry.section:
            yield from (scan for source in item.sources if (scan := scan_of(source, entry)))


assert set(_PAPERS) == set(DOCUMENTS)
