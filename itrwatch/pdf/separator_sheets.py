"""Writes the separator sheets as a PDF to print: the name in large letters, one line of instruction, the code twice.

    write_sheets(Path("folhas.pdf"), [SeparatorSheet("DITR", …)], face, info) -> one A4 page per sheet

The code is printed twice so that a stain, a staple or a punch hole damages only one of them. Codes are filled squares
and text is text, so that printers of any resolution print them sharply.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pikepdf import Array, Dictionary, Name, Object, ObjectStreamMode, Page, Pdf

from itrwatch.pdf.archival import declare
from itrwatch.pdf.content import content, operand, show
from itrwatch.pdf.part_info import DocumentInfo
from itrwatch.pdf.stamp_font import font_of
from itrwatch.pdf.typeface import CODEC, Typeface

WIDTH, HEIGHT = 595.276, 841.89
"""Size of A4, pt. Physical."""
CODE_PT = 170.0
"""Side of a code, pt: 60 mm, with modules of about 2 mm, which are about ten pixels at 150 dpi. Chosen."""
MARGIN_PT = 62.0
"""Margin, pt. Chosen: more than the quiet zone of four modules around a code (ISO 18004, 9.1) and than the unprintable margin of printers."""
NAME_PT, NAME_LEAST_PT, LINE_PT = 60.0, 24.0, 11.0
"""Font size of the name, its least size (twice that on a single line) before more lines are used, and font size of the instruction, pt. Chosen."""


@dataclass(frozen=True, slots=True)
class SeparatorSheet:
    """The content of a sheet; ``code``: its modules, True for dark. Texts in Portuguese, one line each."""

    name: str
    word: str
    instruction: str
    code: NDArray[np.bool_]


def write_sheets(path: Path, sheets: Sequence[SeparatorSheet], face: Typeface, info: DocumentInfo) -> None:
    """Write a PDF with one page per sheet to ``path``; raises `OSError`, and `KeyError` for letters that ``face`` lacks."""
    letters = "".join(sorted({letter for sheet in sheets for letter in sheet.name + sheet.word + sheet.instruction}))
    with Pdf.new() as pdf:
        font = font_of(pdf, face, letters)
        for sheet in sheets:
            pdf.pages.append(Page(_page(pdf, sheet, face, font)))
        declare(pdf, info)
        pdf.save(
            path,
            force_version="1.4",
            fix_metadata_version=False,
            compress_streams=False,
            object_stream_mode=ObjectStreamMode.disable,
            deterministic_id=True,
        )


def _page(pdf: Pdf, sheet: SeparatorSheet, face: Typeface, font: Object) -> Object:
    far = (WIDTH - MARGIN_PT - CODE_PT, HEIGHT - MARGIN_PT - CODE_PT)
    operators = [*_code(sheet.code, (MARGIN_PT, MARGIN_PT)), *_code(sheet.code, far)]
    # The lines grow downwards from the middle of the sheet. All distances here are chosen.
    y = HEIGHT / 2 - NAME_PT / 2
    for line, size in _lines(sheet.name, face):
        operators.append(_centred(line, size, y, face))
        y += 1.15 * size
    operators.append(_centred(sheet.word, 1.5 * LINE_PT, y, face))
    operators.append(_centred(sheet.instruction, _fitted(sheet.instruction, LINE_PT, face), y + 30, face))
    return pdf.make_indirect(
        Dictionary(
            Type=Name.Page,
            MediaBox=Array([0, 0, operand(WIDTH), operand(HEIGHT)]),
            Resources=Dictionary(Font=Dictionary(F=font)),
            Contents=content(pdf, operators),
        )
    )


def _code(modules: NDArray[np.bool_], corner: tuple[float, float]) -> list[str]:
    """The operators for a code as one path; each run of dark modules in a row is one rectangle."""
    left, top = corner
    side = CODE_PT / len(modules)
    path = []
    for row, line in enumerate(modules):
        # Zeros at both ends give every run of dark modules a start and an end; `edges` has one (start, end) per run.
        edges = np.flatnonzero(np.diff(np.concatenate([[0], line.astype(np.int8), [0]]))).reshape(-1, 2)
        y = HEIGHT - top - (row + 1) * side
        for start, end in edges:
            x, width = left + start * side, (end - start) * side
            path.append(f"{operand(x)} {operand(y)} {operand(width)} {operand(side)} re")
    return ["0 g", *path, "f"]


def _lines(name: str, face: Typeface) -> list[tuple[str, float]]:
    """The name on the fewest lines that keep it large, each with its font size in pt."""
    words = name.split()
    for count in range(1, len(words) + 1):
        lines = _broken(words, count)
        size = min(_fitted(line, NAME_PT, face) for line in lines)
        if size >= NAME_LEAST_PT * (2 if count == 1 else 1):
            return [(line, size) for line in lines]
    return [(name, _fitted(name, NAME_PT, face))]


def _broken(words: list[str], count: int) -> list[str]:
    """The words on about ``count`` lines of similar length."""
    whole = sum(map(len, words))
    lines: list[list[str]] = [[]]
    set_so_far = 0
    for word in words:
        # A word belongs to the line that contains its middle.
        if lines[-1] and set_so_far + len(word) / 2 > whole * len(lines) / count:
            lines.append([])
        lines[-1].append(word)
        set_so_far += len(word)
    return [" ".join(line) for line in lines]


def _fitted(text: str, most: float, face: Typeface) -> float:
    """The largest font size in pt, at most ``most``, at which ``text`` fits between the margins."""
    return min(most, (WIDTH - 2 * MARGIN_PT) / face.width(text, 1))


def _centred(text: str, size: float, y: float, face: Typeface) -> str:
    return show("F", size, ((WIDTH - face.width(text, size)) / 2, y), HEIGHT, text.encode(CODEC))
