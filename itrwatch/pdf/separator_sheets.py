"""The separator sheets as a PDF to print: the name large, one line of instruction, the code twice.

    write_sheets(Path("folhas.pdf"), [SeparatorSheet("DITR", …)], face, info) -> one A4 page a sheet

Twice, because a stain, a staple or a punch hole then has to hit both. Codes are filled squares and the
text is text, so that a printer of any resolution draws them sharp.
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
"""A4, pt. Chosen."""
CODE_PT = 170.0
"""Side of a code, 60 mm: a module of 2 mm, which 150 dpi and a copier's copy leave ten pixels of. Chosen."""
MARGIN_PT = 62.0
"""More than four modules of white round each code (ISO 18004, 9.1) and outside every printer's dead border."""
NAME_PT, NAME_LEAST_PT, LINE_PT = 60.0, 24.0, 11.0  # chosen


@dataclass(frozen=True, slots=True)
class SeparatorSheet:
    """What stands on a sheet; ``code``: its modules, True for dark. Texts in Portuguese, one line each."""

    name: str
    word: str
    instruction: str
    code: NDArray[np.bool_]


def write_sheets(path: Path, sheets: Sequence[SeparatorSheet], face: Typeface, info: DocumentInfo) -> None:
    """Write ``path``, a page for each of ``sheets``; `OSError`, `KeyError` for letters that ``face`` lacks."""
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
    """A code as one path of squares, each run of dark modules in a row one rectangle."""
    left, top = corner
    side = CODE_PT / len(modules)
    path = []
    for row, line in enumerate(modules):
        # Zeros at both ends, so that every run of dark modules has a beginning and an end.
        edges = np.flatnonzero(np.diff(np.concatenate([[0], line.astype(np.int8), [0]]))).reshape(-1, 2)
        y = HEIGHT - top - (row + 1) * side
        for start, end in edges:
            x, width = left + start * side, (end - start) * side
            path.append(f"{operand(x)} {operand(y)} {operand(width)} {operand(side)} re")
    return ["0 g", *path, "f"]


def _lines(name: str, face: Typeface) -> list[tuple[str, float]]:
    """The name on as many lines as keep it large, with its letter size in pt."""
    words = name.split()
    for count in range(1, len(words) + 1):
        lines = _broken(words, count)
        size = min(_fitted(line, NAME_PT, face) for line in lines)
        if size >= NAME_LEAST_PT * (2 if count == 1 else 1):
            return [(line, size) for line in lines]
    return [(name, _fitted(name, NAME_PT, face))]


def _broken(words: list[str], count: int) -> list[str]:
    """The words on ``count`` lines of about the same length."""
    whole = sum(map(len, words))
    lines: list[list[str]] = [[]]
    set_so_far = 0
    for word in words:
        # A word goes to the line in which its middle falls.
        if lines[-1] and set_so_far + len(word) / 2 > whole * len(lines) / count:
            lines.append([])
        lines[-1].append(word)
        set_so_far += len(word)
    return [" ".join(line) for line in lines]


def _fitted(text: str, most: float, face: Typeface) -> float:
    """The letter size in pt, at most ``most``, at which ``text`` fits between the margins."""
    return min(most, (WIDTH - 2 * MARGIN_PT) / face.width(text, 1))


def _centred(text: str, size: float, y: float, face: Typeface) -> str:
    return show("F", size, ((WIDTH - face.width(text, size)) / 2, y), HEIGHT, text.encode(CODEC))
