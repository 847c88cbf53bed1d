"""Rewrites born-digital pages for PDF/A-3b, so that they stay text, lines and images.

    vector_page(Path("a.pdf"), 1, turn=0) -> VectorPage(data, width, height, …), or the reason why not

The page is rewritten from its known instructions (`content`) into a PDF of its own. For other content `vector_page`
returns the reason, and the page is rendered to pixels: fonts that are neither embedded nor standard,
gradients in colours of inks. Annotations
and form fields are painted from their appearance streams; without one as what draws them here (`note_drawings`).
Scripts and actions are not copied: what they might change on a screen is not on a drawn page either.
"""

from __future__ import annotations

import io
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pikepdf
from pikepdf import Array, Dictionary, Matrix, Name, Object, ObjectStreamMode, Rectangle, StreamDecodeLevel

from itrwatch.born_digital.content import Copy
from itrwatch.born_digital.entries import UnfitError
from itrwatch.born_digital.font_mending import mend_fonts
from itrwatch.born_digital.layers import Layers
from itrwatch.born_digital.note_drawings import Drawing, drawings
from itrwatch.born_digital.standard_fonts import embed
from itrwatch.born_digital.states import without_blending
from itrwatch.born_digital.stream_writer import MAX_CONTENT_BYTES
from itrwatch.core.encoded_page import VectorPage
from itrwatch.pdf.content import packed
from itrwatch.pdf.forms import form_of
from itrwatch.pdf.standard_subsets import shrink
from itrwatch.scans.pdf.annotation_drawing import opaque_lines, placed
from itrwatch.scans.pdf.annotations import Annotation, visible_annotations
from itrwatch.scans.pdf.document import Document, open_document
from itrwatch.scans.pdf.frame import Frame, frame_of, inherited
from itrwatch.scans.pdf.proof import content_streams
from itrwatch.scans.pdf.streams import read
from itrwatch.scans.values import ScanError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from itrwatch.core.pages import Turn

_DOUBTS = (
    *(pikepdf.PikepdfError, ScanError, UnfitError, OSError, RuntimeError, UserWarning),
    # An entry has a wrong type.
    *(ValueError, TypeError, AttributeError, LookupError, ArithmeticError),
)
_SHARED = ("/FontFile", "/FontFile2", "/FontFile3")


def vector_page(path: Path, page: int, turn: Turn) -> VectorPage | str:
    """Page ``page`` (from 1) of a PDF that `read_page` has read completely, rotated clockwise by ``turn`` degrees.

    Returns a string if the page must be drawn: the reason, in English. A page of several images and nothing else is returned, too
    (``pictures``): whoever publishes it as it is does without the cleaning of a scan.
    """
    try:
        document = open_document(path)
        made = _made(document, page, turn)
        document.check(page)
    except _DOUBTS as why:
        return f"{type(why).__name__}: {why}"
    return made


def _made(document: Document, number: int, turn: Turn) -> VectorPage:
    page = document.page(number).obj
    _judge_page(page)
    layers = Layers(document.pdf.Root)
    notes = _notes(page, layers)
    if sum(len(read(stream).data) for stream in content_streams(document, page)) > MAX_CONTENT_BYTES:
        raise UnfitError("too many instructions")
    frame = frame_of(page)
    bare = [note for note in notes if note.appearance is None and not opaque_lines(note)]
    # Our turn is added to /Rotate, so that the form is written upright and the page needs no /Rotate.
    upright = replace(frame, quarters=(frame.quarters + turn // 90) % 4)
    width, height = (side * 72 for side in upright.inches)
    with drawings(document, number, frame, bare) as found, pikepdf.new() as pdf:
        copy = Copy(pdf, layers)
        resources = inherited(page, Name.Resources) or Dictionary()
        matrix = Array([_short(value) for value in _upright(upright).shorthand])
        bounds = Array([_short(value) for value in frame.rect])
        form = copy.form(page, resources, bounds, None if notes else matrix)
        pictures = not copy.seen.drawn
        if notes:
            form = _with_notes(copy, form, {note: found.get(note) for note in notes}, bounds, matrix)
        if copy.seen.replaced and copy.seen.outside:
            raise UnfitError("a colour space from outside a form")
        if not copy.seen.blends:
            without_blending(pdf)
        embed(pdf, form)
        mend_fonts(pdf, form)
        sheet = pdf.add_blank_page(page_size=(width, height))
        sheet.obj.Resources = Dictionary(XObject=Dictionary(P=form))
        sheet.obj.Contents = pdf.make_stream(b"/P Do")
        data = _saved(pdf)
        spare = _spare(data) if pictures else 0
        return VectorPage(data, width, height, _shared_bytes(pdf), document.pages, pictures, spare)


def _notes(page: Any, layers: Layers) -> list[Annotation]:
    """The annotations and fields to be painted; raises `UnfitError` for one on a hidden layer."""
    notes = visible_annotations(page)
    for note in notes:
        if Name.OC in note.source and not layers.visible(note.source.OC):
            raise UnfitError(f"a note: {note.kind}")
    return notes


def _with_notes(
    copy: Copy, form: Object, notes: Mapping[Annotation, Drawing | None], bounds: Array, matrix: Array
) -> Object:
    """A form that paints ``form`` and then ``notes``, each into its rectangle."""
    objects, parts = {"/P": form}, ["q /P Do Q"]
    for index, (note, made) in enumerate(notes.items()):
        drawing = made or (_own(note) if note.appearance is not None else None)
        if drawing is None:
            parts.append(f"q {opaque_lines(note)} Q")
        elif drawing.whole:
            objects[f"/N{index}"] = copy.other().form(drawing.appearance, drawing.appearance.Resources, bounds, None, 1)
            parts.append(f"/N{index} Do")
        elif part := placed(drawing.appearance, drawing.box, f"/N{index}"):
            source = copy.other() if made else copy
            objects[f"/N{index}"] = source.nested(drawing.appearance, Dictionary(), 1)
            parts.append(f"q {part} Q")
    content = packed(copy.pdf, "\n".join(parts).encode("ascii"))
    for key, value in (("Type", Name.XObject), ("Subtype", Name.Form), ("BBox", bounds), ("Matrix", matrix)):
        content[f"/{key}"] = value
    content.Resources = Dictionary(XObject=Dictionary(objects))
    return content


def _own(note: Annotation) -> Drawing:
    rect = Rectangle(note.source.Rect)
    return Drawing(note.appearance, (float(rect.llx), float(rect.lly), float(rect.urx), float(rect.ury)))


def _upright(frame: Frame) -> Matrix:
    """The matrix from user space to the displayed page, in pt from its lower left corner."""
    flipped = Matrix(1, 0, 0, -1, 0, frame.size[1])
    # Display space has y downwards, forms have y upwards; the last matrix converts units to points.
    return frame.to_display @ flipped @ Matrix(frame.unit, 0, 0, frame.unit, 0, 0)


def _short(number: float) -> Any:
    return int(number) if float(number).is_integer() else round(float(number), 6)


def _saved(pdf: pikepdf.Pdf) -> bytes:
    buffer = io.BytesIO()
    pdf.save(
        buffer,
        deterministic_id=True,
        compress_streams=False,
        stream_decode_level=StreamDecodeLevel.none,
        object_stream_mode=ObjectStreamMode.disable,
    )
    return buffer.getvalue()


def _spare(data: bytes) -> int:
    """What a part leaves out of ``data``: a tick has not the whole typeface, and the page is held against our picture of it."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        shrink(pdf, [form_of(pdf)])
        return len(data) - len(_saved(pdf))


def _shared_bytes(pdf: pikepdf.Pdf) -> int:
    """The bytes of font programs and ICC profiles, which other pages of the document probably share."""
    total = 0
    for item in pdf.objects:
        if isinstance(item, Dictionary):
            total += sum(len(item[key].read_raw_bytes()) for key in _SHARED if key in item)
        # /N is only in ICC profiles (and in object streams, which are not written here).
        if isinstance(item, pikepdf.Stream) and Name.N in item:
            total += len(item.read_raw_bytes())
    return total


def _judge_page(page: Any) -> None:
    """Raise `UnfitError` for a page whose parts knock each other out."""
    if page.get(Name.Group, Dictionary()).get(Name.K, False):
        raise UnfitError("a page that is a knockout group")
