"""Numbering: the only module that makes folhas (Manual, Numeração das Páginas).

    number_folhas([(ref, Section.CAPA), (ref, Section.NOTIFICACAO)], verdicts, Numeracao.SEQUENCIAL) -> folhas None and 1

Numbers count the kept pages of the whole case in the manual's order, before the pages are divided into
files: the impugnação keeps its numbers in its own file, and the termo is the last folha although it is
in NOTI.pdf.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from itrwatch.core.case_description import Numeracao, Sidecar
from itrwatch.core.pages import Kept, PageRef, Verdict
from itrwatch.core.sections import FileKind, Section


@dataclass(frozen=True, slots=True)
class Folha:
    """A published page: its scanned page, its section, its number (None: unnumbered)."""

    ref: PageRef
    section: Section
    number: int | None


def number_folhas(
    pages: Iterable[tuple[PageRef, Section]],
    verdicts: dict[PageRef, Verdict],
    numeracao: Numeracao,
    first: int = 1,
) -> tuple[Folha, ...]:
    """The published pages, numbered; ``pages`` in the manual's order.

    sequencial: 1, 2, 3 … over the published pages. papel: the paper was numbered before scanning, so a
    removed blank sheet leaves a gap. nenhuma: no numbers. Pages that the fiscal asked to remove, and
    separator sheets, have no number on paper. ``first``: the first number; in a complement, the numbers
    continue those of the case.
    """
    folhas: list[Folha] = []
    last = first - 1
    for ref, section in pages:
        verdict = verdicts[ref]
        if isinstance(verdict, Kept):
            numbered = section.numbered and numeracao is not Numeracao.NENHUMA
            last += numbered
            folhas.append(Folha(ref, section, last if numbered else None))
        # The blank sheet has a number on paper; no other page may get it.
        elif numeracao is Numeracao.PAPEL and section.numbered and verdict.reason.is_blank:
            last += 1
    return tuple(folhas)


def first_folha(sidecar: Sidecar | None) -> int:
    """The number of the first folha: 1, or for a complement the number in its sidecar."""
    return (sidecar and sidecar.complemento and sidecar.complemento.first_folha) or 1


def missing_numbers(folhas: Iterable[int | None], first: int = 1) -> tuple[int, ...]:
    """The numbers from ``first`` to the last that no published page has: ``[1, None, 2, 5]`` → ``(3, 4)``."""
    numbers = {number for number in folhas if number is not None}
    return tuple(n for n in range(first, max(numbers, default=0) + 1) if n not in numbers)


def of_file(folhas: Sequence[Folha], kind: FileKind) -> tuple[Folha, ...]:
    """The folhas that go into one of the two files."""
    return tuple(folha for folha in folhas if folha.section.file_kind is kind)


def span(folhas: Iterable[Folha]) -> tuple[int, int] | None:
    """First and last number, or None when nothing is numbered."""
    numbers = [folha.number for folha in folhas if folha.number is not None]
    return (numbers[0], numbers[-1]) if numbers else None
