"""PENDENTE.txt: what keeps a case from being published, where, and what to do.

UTF-8 with BOM and CRLF, so that the Notepad of any Windows shows it right.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from itrwatch.core.filenames import shown
from itrwatch.core.findings import Finding, Severity
from itrwatch.core.manifest import Manifest

NOTE = "PENDENTE.txt"

_HOW = """\
Nenhum PDF foi publicado. Corrija o que está abaixo na pasta da ENTRADA e grave;
o itrwatch tenta de novo sozinho. Não é preciso apagar nem mexer nesta pasta."""

_CHECKED = """\
O processo.yaml foi conferido e está em ordem. Não é preciso fazer nada: os PDFs
são feitos sozinhos, assim que a pasta da ENTRADA ficar um tempo sem mudanças."""

_EXAMPLE = """\
secoes:
  - notificacao: {scan} 1-5
  - ciencia: {scan} 6-7
  - termo: termo.pdf
"""


def write_pending(staged: Path, manifest: Manifest, scans: Sequence[str]) -> None:
    """Write the note into the staged folder; ``scans`` are the names in the case folder, for the example."""
    (staged / NOTE).write_bytes(pending_text(manifest, scans).replace("\n", "\r\n").encode("utf-8-sig", "replace"))


def write_checked(staged: Path, manifest: Manifest) -> None:
    """Write the note of a case whose sidecar is in order and whose PDFs are still to come."""
    look = [finding for finding in manifest.findings if finding.severity is Severity.WARNING]
    parts = [f"AGUARDANDO: {shown(manifest.folder)}", _CHECKED]
    parts += [_listed("Aproveite para conferir:", look)] if look else []
    text = "\n\n".join(parts) + "\n"
    (staged / NOTE).write_bytes(text.replace("\n", "\r\n").encode("utf-8-sig", "replace"))


def pending_text(manifest: Manifest, scans: Sequence[str]) -> str:
    """The note; every line says where, what is wrong and what to do."""
    errors = [finding for finding in manifest.findings if finding.severity is Severity.ERROR]
    others = [finding for finding in manifest.findings if finding.severity is Severity.WARNING]
    parts = [
        f"PENDENTE: {shown(manifest.folder)}",
        _HOW,
        _listed("O que impede a publicação:", errors),
    ]
    if others:
        parts.append(_listed("Aproveite para conferir:", others))
    if not any(finding.file and finding.file.lower().endswith((".yaml", ".yml")) for finding in errors):
        return "\n\n".join(parts) + "\n"
    return "\n\n".join([*parts, _example(scans)]) + "\n"


def _listed(title: str, findings: Sequence[Finding]) -> str:
    return "\n".join([title, *(f"  {number}. {finding}" for number, finding in enumerate(findings, start=1))])


def _example(scans: Sequence[str]) -> str:
    scan = shown(scans[0]) if scans else "scan 001.pdf"
    return "Um processo.yaml que seria aceito (troque os nomes e as páginas):\n\n" + _EXAMPLE.format(scan=scan).rstrip()
