"""Pages of a PDF: the scanner's own pixels when a page is one plain image, else drawn.

    read_pdf_page(document, 3) -> ScannedPage(Raster(…), notes, drawn=False, …), or `ScanError`

A plain page keeps every pixel: the image is turned, cropped and padded to what a viewer shows
of it, and not resampled, unless its two resolutions differ. What else there may be on a page
(strips, text, stamps set by programs, forms, transparency) is for pdfium, after proof that all
of it can be read.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pikepdf
from pikepdf import Dictionary, Name

from itrwatch.core.encoded_page import Box, SourcePicture
from itrwatch.core.filenames import printable
from itrwatch.imaging.raster import Pixels, Raster
from itrwatch.scans.image.paper_size import MM_PER_INCH, settle_sheet, sheet_believable
from itrwatch.scans.image.pixels import same_dpi, square, squared_size, strict
from itrwatch.scans.pdf import images
from itrwatch.scans.pdf.annotations import Note, visible_notes, within
from itrwatch.scans.pdf.content import DrawnContent, Placed, read_content
from itrwatch.scans.pdf.document import WHAT, Document
from itrwatch.scans.pdf.drawing import draw_page
from itrwatch.scans.pdf.frame import (
    WHITE,
    Frame,
    Rect,
    Window,
    box,
    frame_of,
    framed,
    inherited,
    intersect,
    quarter_turn,
    turned,
    upright,
    window,
)
from itrwatch.scans.pdf.missing_letters import missing_letters
from itrwatch.scans.pdf.proof import content_streams, prove
from itrwatch.scans.remarks import collected, remark
from itrwatch.scans.values import MAX_PIXELS, REDO, ScanError, ScannedPage, damaged, judge_size

if TYPE_CHECKING:
    from collections.abc import Iterator

_MIN_DPI, _MAX_DPI = 150, 300  # chosen
_SAME_MM = 0.5
"""A raster is a whole number of pixels; its sheet may be so much larger than the page. Chosen."""
_EMPTY = "A página está vazia no próprio PDF: não tem imagem, texto nem desenho."
_NOT_SHOWN = (
    "A página tem uma imagem que o PDF não mostra; a página apareceria em branco. "
    f"{REDO} Se ela aparece em outro programa, imprima em PDF e use o PDF impresso."
)


_NOT_DRAWN = (
    "A página tem uma anotação do PDF ({}) que não pôde ser desenhada e não aparece no que foi publicado. Se ela faz parte do "
    "processo, abra o arquivo num leitor de PDF, imprima em PDF com as anotações e ponha o PDF impresso no lugar dele."
)
_ONLY_AN_ICON = (
    "A página tem uma nota adesiva do PDF, de que só o ícone aparece no que foi publicado{}. Se o texto faz parte do processo, "
    "imprima o arquivo em PDF com o texto das notas e ponha o PDF impresso no lugar dele."
)
_MOST_LETTERS, _MOST_REPORTED = 200, 10  # chosen


def read_pdf_page(document: Document, number: int) -> ScannedPage:
    """Page ``number`` (from 1) as displayed; raises `ScanError` for anything that cannot be read."""
    page = document.page(number)
    try:
        with strict(WHAT, page=number), collected() as remarks:
            scanned = _read(document, page.obj, number)
    except pikepdf.PikepdfError as wrong:
        raise damaged(WHAT, page=number) from wrong
    except ScanError as wrong:
        wrong.page = number
        raise
    document.check(number)
    # what a decoder has doubts about may be gone from the page: it is not blank
    return replace(scanned, notes=(*scanned.notes, *remarks), noted=scanned.noted or bool(remarks))


def judge_page(document: Document, number: int) -> None:
    """Judge the declared sizes of all images within reach of a page, before any is decoded."""
    try:
        for image in _images_within(inherited(document.page(number).obj, Name.Resources)):
            images.declared_size(image, number)
    except (pikepdf.PikepdfError, TypeError, ValueError, AttributeError) as wrong:
        raise damaged(WHAT, page=number) from wrong
    document.check(number)


def _read(document: Document, page: pikepdf.Object, number: int) -> ScannedPage:
    frame = frame_of(page)
    resources = inherited(page, Name.Resources) or Dictionary()
    reading = DrawnContent()
    if content_streams(document, page):
        read_content(page, resources, reading)
    notes = [note for note in visible_notes(page) if within(note, frame.rect)]
    if not reading.images and not reading.obstacle and not notes:
        if any(True for _ in _images_within(resources)):
            raise ScanError(_NOT_SHOWN)
        return _empty(frame)
    if len(reading.images) == 1 and not reading.obstacle and not notes:
        plain = _plain(reading.images[0], frame)
        if plain is not None:
            return plain
    prove(document, reading, [note.look for note in notes if note.look is not None])
    for sentence in missing_letters(reading)[:_MOST_REPORTED]:
        remark(sentence)
    return _drawn(document, number, frame, reading, notes)


def _plain(placed: Placed, frame: Frame) -> ScannedPage | None:
    """The page when its one image can be taken as it is; None when it has to be drawn."""
    image, matrix = placed.image, placed.ctm @ frame.to_display
    stencil = bool(image.get(Name.ImageMask, False))
    if _masked(image) or not upright(matrix) or (stencil and not placed.painted_black):
        return None
    width, height = images.declared_size(image, None)
    # The image lies on its side: its width runs down the page.
    if abs(matrix.a) < abs(matrix.b):
        width, height = height, width
    area = box(matrix, 0, 0, 1, 1)
    dpi_x = width * 72 / ((area[2] - area[0]) * frame.unit)
    dpi_y = height * 72 / ((area[3] - area[1]) * frame.unit)
    size = squared_size(width, height, dpi_x, dpi_y)
    clip = box(frame.to_display, *placed.clip) if placed.clip else None
    view = window(area, size, frame, clip)
    if view is None or max(math.prod(size), math.prod(view.size)) > MAX_PIXELS:
        return None
    scanned = _framed_scan(image, matrix, view, (dpi_x, dpi_y))
    whole = clip is None or all(abs(one - other) <= 1 for one, other in zip(intersect(clip, area), area, strict=True))
    return replace(scanned, source=_source(image, matrix, area, frame, scanned)) if whole else scanned


def _source(
    image: pikepdf.Object, matrix: pikepdf.Matrix, area: Rect, frame: Frame, scanned: ScannedPage
) -> SourcePicture | None:
    """The page's one image as the PDF has it, if it lies on the page with all of itself, not mirrored."""
    turn = quarter_turn(matrix)
    raster, sides = scanned.raster, [side * MM_PER_INCH for side in frame.inches]
    same_size = all(
        abs(one - other) < _SAME_MM for one, other in zip((raster.width_mm, raster.height_mm), sides, strict=True)
    )
    within_page = min(area[:2]) >= -1 and area[2] <= frame.size[0] + 1 and area[3] <= frame.size[1] + 1
    if turn is None or not same_size or not within_page:
        return None
    code = images.as_it_is(image)
    if code is None:
        return None
    width, height = images.declared_size(image, None)
    left, top, right, bottom = (side * frame.unit for side in area)
    return SourcePicture(*code, width, height, Box(left, top, right, bottom), turn)


def _masked(image: pikepdf.Object) -> bool:
    """Whether something of the image may be transparent; a soft mask that is all opaque is for show."""
    if any(key in image for key in (Name.Mask, Name.SMaskInData, Name.OC)):
        return True
    soft = image.get(Name.SMask)
    return isinstance(soft, pikepdf.Stream) and (Name.Matte in soft or int(images.decode(soft)[0].min()) < WHITE)


def _framed_scan(image: pikepdf.Object, matrix: pikepdf.Matrix, view: Window, dpi: tuple[float, float]) -> ScannedPage:
    pixels, bilevel = images.decode(image)
    pixels, square_dpi = square(turned(pixels, matrix), *dpi, bilevel=bilevel)
    pixels = framed(pixels, view)
    settled, notes = settle_sheet(pixels.shape[1], pixels.shape[0], square_dpi)
    if not same_dpi(*dpi):
        notes += (
            f"Resolução diferente na largura ({dpi[0]:.0f} dpi) e na altura ({dpi[1]:.0f} dpi); a página foi ajustada.",
        )
    return ScannedPage(Raster(pixels, settled, bilevel), notes)


def _drawn(document: Document, number: int, frame: Frame, reading: DrawnContent, marks: list[Note]) -> ScannedPage:
    finest = max((_ppi(placed, frame) for placed in reading.images), default=0.0)
    across, down = frame.inches
    if 0 < finest <= _MIN_DPI and not sheet_believable(across * MM_PER_INCH, down * MM_PER_INCH, finest):
        dpi = finest  # the page is as absurd as its resolution; both are settled below
    elif reading.obstacle or not finest:
        dpi = _MAX_DPI
    else:
        dpi = min(_MAX_DPI, max(_MIN_DPI, finest))
    # An area of A inches² has A · dpi² pixels; 1 % is left for rounding up.
    dpi = min(dpi, math.sqrt(MAX_PIXELS * 0.99 / (across * down)))
    size = max(1, round(across * dpi)), max(1, round(down * dpi))
    judge_size(*size)
    pixels, missing = draw_page(document, number, size, frame, marks)
    settled, notes = settle_sheet(*size, dpi) if finest else (dpi, ())
    notes = (*notes, *_not_shown(marks, missing))
    return ScannedPage(Raster(pixels, settled), notes, drawn=True, noted=any(mark.is_content for mark in marks))


def _not_shown(marks: list[Note], missing: list[Note]) -> tuple[str, ...]:
    """What the published page does not show of its notes: each kind once."""
    kinds = dict.fromkeys(mark.name for mark in missing)
    sentences = [_NOT_DRAWN.format(kind) for kind in kinds]
    for mark in marks:
        if mark.kind == "/Text" and mark not in missing:
            text = mark.text[:_MOST_LETTERS]
            sentences.append(_ONLY_AN_ICON.format(f"; o texto dela é “{printable(text)}”" if text else ""))
    return tuple(dict.fromkeys(sentences))[:_MOST_REPORTED]


def _ppi(placed: Placed, frame: Frame) -> float:
    """The finest of an image's resolutions on the page, dpi; the text of a mixed raster page is in its mask."""
    ctm = placed.ctm
    across, down = math.hypot(ctm.a, ctm.b) * frame.unit, math.hypot(ctm.c, ctm.d) * frame.unit
    masks = [placed.image.get(key) for key in (Name.Mask, Name.SMask)]
    finest = 0.0
    for image in (placed.image, *(mask for mask in masks if isinstance(mask, pikepdf.Stream))):
        width, height = images.declared_size(image, None)
        finest = max(finest, width * 72 / across if across else 0, height * 72 / down if down else 0)
    return finest


def _empty(frame: Frame) -> ScannedPage:
    width, height = (max(1, round(side * _MIN_DPI)) for side in frame.inches)
    judge_size(width, height)
    white: Pixels = np.full((height, width), WHITE, np.uint8)
    return ScannedPage(Raster(white, _MIN_DPI), (_EMPTY,), drawn=True)


def _images_within(resources: pikepdf.Object | None) -> Iterator[pikepdf.Object]:
    """The images that resources name, and those that their forms name."""
    waiting, seen = [resources], set()
    # An explicit stack, for forms may name each other in a circle.
    while waiting:
        objects = (waiting.pop() or Dictionary()).get(Name.XObject, Dictionary())
        for value in objects.values():
            if not isinstance(value, pikepdf.Stream) or value.objgen in seen:
                continue
            seen.add(value.objgen)
            if value.get(Name.Subtype) == Name.Image:
                yield value
            elif value.get(Name.Subtype) == Name.Form:
                waiting.append(value.get(Name.Resources))
