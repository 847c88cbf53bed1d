"""The text layer of a PDF page: what a program set, or what a scanner's own reader put behind the picture."""

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
"""The upper third of a dense page; no title is longer. Chosen."""


def text_lines(path: Path, page: int) -> tuple[str, ...]:
    """The first lines of text of page ``page`` (from 1), in the order of the file; none where there is no text.

    Raises `ScanError` for a file that does not open.
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
