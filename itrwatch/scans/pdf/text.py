"""Extracts the text layer of a PDF page: text set by a program, or the OCR text of a scanner.

text_lines(Path("scan.pdf"), 1) -> ("Notificação de Lançamento", …)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pypdfium2 as pdfium

from itrwatch.scans.file_types import HEAD_BYTES, recognise
from itrwatch.scans.pdf.document import open_document
from itrwatch.scans.plain_file import open_plain
from itrwatch.scans.values import ScanKind

if TYPE_CHECKING:
    from pathlib import Path

MOST_LINES, MOST_LETTERS = 25, 200
"""Most lines, and most letters of a line, that are returned. Chosen: the upper third of a dense page; titles are shorter."""


def text_lines(path: Path, page: int) -> tuple[str, ...]:
    """The first lines of text of page ``page`` (from 1), in the order of the file; () without text or for files that are not PDF.

    Raises `ScanError` for a file that cannot be opened.
    """
    with open_plain(path) as file:
        kind, _ = recognise(path, file.read(HEAD_BYTES))
    if kind is not ScanKind.PDF:
        return ()
    try:
        drawn = open_document(path).drawing[page - 1]
    except pdfium.PdfiumError:
        return ()
    try:
        text = drawn.get_textpage().get_text_range()
    finally:
        drawn.close()
    lines = (" ".join(line.split()) for line in text.splitlines())
    return tuple(line[:MOST_LETTERS] for line in lines if line)[:MOST_LINES]
