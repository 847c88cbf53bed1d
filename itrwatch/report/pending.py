"""PENDENTE.txt: the errors that prevent publication, with place and correction.

UTF-8 with BOM and CRLF, which Notepad of any Windows displays correctly.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from pathlib import Path

from itrwatch.core.filenames import NOTE, printable
from itrwatch.core.findings import Severity
from itrwatch.core.grouped_findings import GroupedFinding, grouped_findings
from itrwatch.core.text_matching import counted
from itrwatch.report.result import Result
from itrwatch.sidecar.example import example_sidecar

HOW = (
    "Nenhum PDF foi publicado. Corrija o que está abaixo na pasta da ENTRADA e salve; o itrwatch tenta de novo "
    "automaticamente. Não é preciso apagar nem mexer nesta pasta."
)
_CHECKED = (
    "O processo.yaml foi conferido e está em ordem. Não é preciso fazer nada: os PDFs são feitos automaticamente, assim que a "
    "pasta da ENTRADA ficar um tempo sem mudanças."
)
_DRAFT = (
    "As digitalizações estão na ENTRADA; falta o processo.yaml, que diz o que é cada página. Abra o relatorio.html desta "
    "pasta: nele você clica na primeira página de cada seção e baixa o processo.yaml pronto. Salve-o na pasta deste "
    "processo na ENTRADA, junto das digitalizações; os PDFs são feitos em seguida. Se preferir o Bloco de Notas, use o "
    "rascunho processo.yaml que está nesta pasta."
)
WIDTH = 80
"""Columns that fit into a window of Notepad as it opens. Chosen."""


def write_pending(staged: Path, result: Result) -> None:
    """Write the note into the staged folder; `OSError`."""
    text = (
        waiting_text(result)
        if result.waiting
        else draft_ready_text(result)
        if result.manifest.draft
        else pending_text(result)
    )
    (staged / NOTE).write_bytes(text.replace("\n", "\r\n").encode("utf-8-sig", "replace"))


def waiting_text(result: Result) -> str:
    """The note for a case with a valid sidecar whose PDFs are not made yet."""
    warnings = grouped_findings(result.manifest.findings, Severity.WARNING)
    parts = [f"AGUARDANDO: {printable(result.manifest.folder)}", textwrap.fill(_CHECKED, WIDTH)]
    parts += [_listed("Aproveite para conferir:", warnings)] if warnings else []
    return "\n\n".join(parts) + "\n"


def draft_ready_text(result: Result) -> str:
    """The note for a folder that lacks only its sidecar."""
    others = grouped_findings(result.manifest.findings, Severity.WARNING)
    parts = [
        f"RASCUNHO PRONTO: {printable(result.manifest.folder)}",
        textwrap.fill(_DRAFT, WIDTH),
        _listed("Aproveite para conferir:", others) if others else "",
        _scans(result),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def pending_text(result: Result) -> str:
    """The note; every fault says where, what is wrong and what to do."""
    findings = result.manifest.findings
    errors, others = grouped_findings(findings, Severity.ERROR), grouped_findings(findings, Severity.WARNING)
    parts = [
        f"PENDENTE: {printable(result.manifest.folder)}",
        textwrap.fill(HOW, WIDTH),
        _listed("O que impede a publicação:", errors),
        _listed("Aproveite para conferir:", others) if others else "",
        _scans(result),
        _example(result),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _listed(title: str, findings: Sequence[GroupedFinding]) -> str:
    return "\n".join([title, *(_item(number, group) for number, group in enumerate(findings, start=1))])


def _item(number: int, group: GroupedFinding) -> str:
    return "\n".join([f"  {number}. {group}", *(f"     {line}" for line in group.findings[0].picture())])


def _scans(result: Result) -> str:
    if not result.scans:
        return ""
    lines = (f"  {printable(scan.name)}: {_pages(scan.pages)}" for scan in result.scans)
    return "\n".join(["As digitalizações que estão na pasta:", *lines])


def _pages(pages: int | None) -> str:
    return "não abre" if pages is None else counted(pages, "página", "páginas")


def _example(result: Result) -> str:
    if result.proposal:  # the draft is the example, with the sections that were found
        return ""
    sidecar = example_sidecar([(scan.name, scan.pages) for scan in result.scans])
    return f"Um processo.yaml que seria aceito (troque as seções e as páginas):\n\n{sidecar.rstrip()}"
