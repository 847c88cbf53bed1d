"""The separator sheets to print: what `itrwatch separators` makes."""

from __future__ import annotations

from pathlib import Path

from itrwatch.core.sections import Section
from itrwatch.core.separators import SEPARATORS, VERSO, Separator
from itrwatch.imaging.analysis.separator import make_code
from itrwatch.pdf.accents import program
from itrwatch.pdf.separator_sheets import SeparatorSheet, write_sheets
from itrwatch.pdf.typeface import read_typeface
from itrwatch.pdf.values import DocumentInfo

_INSTRUCTION = "Ponha esta folha antes da primeira página da seção e digitalize tudo junto; ela não é publicada."
_BACK = "Imprima no verso das folhas separadoras quando o scanner lê frente e verso; não é publicada."


def write_separators(path: Path, *, duplex: bool = False) -> int:
    """Write the sheets into ``path``, a page each, and return how many; `OSError`.

    One for every section, then the back. ``duplex``: for printing on both sides, the back follows every sheet.
    """
    fronts = [separator for separator in SEPARATORS if separator is not VERSO]
    order = [side for front in fronts for side in (front, VERSO)] if duplex else [*fronts, VERSO]
    info = DocumentInfo(
        "Folhas separadoras do itrwatch", "de qualquer número", tuple(section.heading for section in Section)
    )
    write_sheets(path, [_sheet(separator) for separator in order], read_typeface(program()), info)
    return len(order)


def _sheet(separator: Separator) -> SeparatorSheet:
    instruction = _INSTRUCTION if separator.section else _BACK
    word = f"seção {separator.section}" if separator.section else "não começa nenhuma seção"
    return SeparatorSheet(separator.name.upper(), word, instruction, make_code(separator.code))
