"""relatorio.html: what was done with a case, page by page, for the fiscal; one file, no server."""

from __future__ import annotations

import base64
from collections import Counter
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from itrwatch.core.filenames import shown
from itrwatch.core.findings import Severity
from itrwatch.core.manifest import Manifest, PageEntry
from itrwatch.core.naming import folhas_phrase
from itrwatch.core.pages import PageRef, Reason
from itrwatch.report.proposal import proposed_pages
from itrwatch.report.result import Result

REPORT = "relatorio.html"

_BECAUSE = {
    Reason.BLANK: "em branco",
    Reason.BLANK_STAMP: "só o carimbo “em branco”",
    Reason.ASKED: "a pedido",
    Reason.SEPARATOR: "folha separadora",
}
_TURNED = {0: "", 90: ", girada à direita", 180: ", desvirada", 270: ", girada à esquerda"}
_SEVERITIES = {
    Severity.ERROR: "Impede a publicação",
    Severity.WARNING: "Para conferir",
    Severity.REMINDER: "Lembretes",
}


def write_report(staged: Path, result: Result) -> None:
    """Write the report into the staged folder; `OSError`."""
    (staged / REPORT).write_text(report_html(result), "utf-8", errors="backslashreplace")


def report_html(result: Result) -> str:
    """The report as one self-contained page; everything from names and sidecar is escaped."""
    manifest = result.manifest
    return (
        _templates()
        .get_template("relatorio.html")
        .render(
            manifest=manifest,
            sidecar=result.sidecar,
            state=("ressalvas", result.waiting) if result.waiting else state_sentence(manifest),
            pages=[_page(page, result) for page in manifest.pages],
            proposed=proposed_pages(result),
            tally=Counter(page.outcome for page in manifest.pages),
            findings=[
                (title, [f for f in manifest.findings if f.severity is level]) for level, title in _SEVERITIES.items()
            ],
        )
    )


def state_sentence(manifest: Manifest) -> tuple[str, str]:
    """A word for the state (pronto, ressalvas, pendente) and the sentence with what to do next."""
    if not manifest.published:
        return "pendente", "Pendente: nada foi publicado. Corrija na pasta da entrada o que está marcado abaixo."
    warnings = sum(finding.severity is Severity.WARNING for finding in manifest.findings)
    if warnings:
        what = "um ponto" if warnings == 1 else f"{warnings} pontos"
        return "ressalvas", f"Pronto, com ressalvas: confira {what} abaixo antes de juntar os arquivos no e-CAC."
    return "pronto", "Pronto para a juntada no e-CAC."


def _templates() -> Environment:
    environment = Environment(
        loader=PackageLoader("itrwatch.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"kb": _kilobytes, "shown": shown, "folhas": _folhas}
    return environment


def _page(page: PageEntry, result: Result) -> dict[str, Any]:
    picture = result.thumbnails.get(PageRef(page.file, page.page), b"")
    return {
        "entry": page,
        "picture": f"data:image/jpeg;base64,{base64.b64encode(picture).decode()}" if picture else "",
        "fate": _fate(page),
    }


def _fate(page: PageEntry) -> str:
    if page.outcome == "unclaimed":
        return "nenhuma seção usa"
    if page.reason is not None:
        return f"retirada: {_BECAUSE[page.reason]}"
    number = "sem número" if page.folha is None else f"folha {page.folha}"
    return number + _TURNED[page.turn]


def _kilobytes(size: int) -> str:
    return f"{size / 1024:,.0f} KB".replace(",", ".")


def _folhas(numbers: tuple[int, int] | None) -> str:
    return folhas_phrase(*numbers) if numbers else "sem número"
