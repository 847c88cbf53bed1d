"""``itrwatch separators``: writes the separator sheets as a PDF to print."""

from __future__ import annotations

import argparse
from pathlib import Path

from rich.console import Console

from itrwatch.core.sections import Section
from itrwatch.core.separators import SEPARATORS, VERSO, Separator
from itrwatch.core.text_matching import counted
from itrwatch.errors import Exit, ItrwatchError, UsageError
from itrwatch.imaging.analysis.separator import make_code
from itrwatch.pdf.accents import program
from itrwatch.pdf.part_info import DocumentInfo
from itrwatch.pdf.separator_sheets import SeparatorSheet, write_sheets
from itrwatch.pdf.typeface import read_typeface


def separators(options: argparse.Namespace) -> Exit:
    """Write the separator sheets as a PDF; an existing file is not replaced."""
    target: Path = options.file
    if target.exists():
        raise UsageError(f"“{target}” já existe", "apague-o ou dê outro nome: itrwatch separators ARQUIVO")
    try:
        count = write_separators(target, duplex=options.duplex)
    except OSError as fault:
        raise ItrwatchError(
            f"não consegui salvar “{target}”: {fault.strerror}", "confira a pasta e as permissões"
        ) from fault
    Console().print(
        f"{counted(count, 'folha', 'folhas')} em {target}; imprima em A4, em tamanho real, só o que for usar",
        markup=False,
        highlight=False,
        soft_wrap=True,
    )
    return Exit.OK


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
