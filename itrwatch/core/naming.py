"""Names and titles of the PDFs (Manual, 4 «Nome dos arquivos»)."""

from __future__ import annotations

from itrwatch.core.sections import FileKind


def file_name(kind: FileKind, part: int, parts: int) -> str:
    """``part`` counts from 1: NOTI.pdf, NOTI2.pdf, …; IMPUGNA.pdf alone, or IMPUGNA1.pdf, IMPUGNA2.pdf."""
    unnumbered = parts == 1 if kind is FileKind.IMPUGNA else part == 1
    return f"{kind}.pdf" if unnumbered else f"{kind}{part}.pdf"


def part_title(part: int, parts: int) -> str:
    """The «Título» to type in e-CAC: empty for a single file, else «Parte 1 de 2»."""
    return f"Parte {part} de {parts}" if parts > 1 else ""


def folhas_phrase(first: int, last: int) -> str:
    """«folhas 1 a 5», or «folha 76» for a single one."""
    return f"folha {first}" if first == last else f"folhas {first} a {last}"
