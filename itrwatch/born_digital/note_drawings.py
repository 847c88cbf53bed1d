"""Notes and fields without an appearance stream: the streams that pdfium makes when it draws the page, and our own drawings.

    with drawings(document, 3, frame, notes) as found: {note: Drawing(appearance, box), …}, or `UnfitError`

What is published of a note is what the drawn page shows, as lines and letters: highlights, sticky notes, lines, frames and the values of
fields by pdfium, text boxes and stamps by `scans.pdf.annotation_drawing`. Without them one sticky note made a picture of a page of text.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream
from pypdfium2 import raw as pdfium_c

from itrwatch.born_digital.entries import UnfitError
from itrwatch.scans.pdf.annotation_drawing import drawn_here, overlay
from itrwatch.scans.pdf.annotations import Annotation, appearance_of
from itrwatch.scans.pdf.document import Document
from itrwatch.scans.pdf.frame import Frame, Rect

_MOST_BYTES = 20 << 20
"""Largest document that is written once more for the appearances of a page. Chosen: a tenth of a second."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """An appearance stream, and the rectangle of its note; ``whole``: it is in the user space of the page, and without a rectangle of its own."""

    appearance: Any
    box: Rect
    whole: bool = False


@contextmanager
def drawings(
    document: Document, page: int, frame: Frame, notes: Sequence[Annotation]
) -> Iterator[dict[Annotation, Drawing]]:
    """The drawings of ``notes``, valid within the block; raises `UnfitError` for one that nobody draws."""
    ours = [note for note in notes if drawn_here(note)]
    theirs = [note for note in notes if note not in ours]
    with ExitStack() as opened:
        made = {}
        for note in ours:
            sheet = opened.enter_context(pikepdf.open(io.BytesIO(overlay([note], frame) or b"")))
            made[note] = Drawing(sheet.pages[0].obj, frame.rect, whole=True)
        if theirs:
            copy = opened.enter_context(pikepdf.open(io.BytesIO(_drawn(document, page))))
            made |= {note: drawing for note in theirs if (drawing := _of_pdfium(copy, page, note))}
        yield made


def _drawn(document: Document, page: int) -> bytes:
    """The document as pdfium has it in memory after it has drawn ``page``: with the appearances it made."""
    if document.opened_as[0] > _MOST_BYTES:
        raise UnfitError("notes in a large document")
    sheet = document.drawing[page - 1]
    try:
        sheet.render(scale=0.02, draw_annots=True, may_draw_forms=True)
        buffer = io.BytesIO()
        document.drawing.save(buffer, flags=pdfium_c.FPDF_REMOVE_SECURITY)
    finally:
        sheet.close()
    return buffer.getvalue()


def _of_pdfium(pdf: pikepdf.Pdf, page: int, note: Annotation) -> Drawing | None:
    """None for a box that is not ticked, of which no program shows anything."""
    notes: Any = pdf.pages[page - 1].obj.get(Name.Annots, Array())
    found: Any = notes[note.index] if note.index < len(notes) else Dictionary()
    appearance = appearance_of(found) if str(found.get(Name.Subtype)) == note.kind else None
    if not isinstance(appearance, Stream):
        if note.certain:
            raise UnfitError(f"a note: {note.kind}")
        return None
    # pdfium draws the marks of text where the text is, and its boxes are not always those of the notes.
    x0, y0, x1, y1 = (float(side) for side in (appearance.BBox if Name.QuadPoints in found else found.Rect))
    return Drawing(appearance, (min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)))
