"""Reads pages of a PDF: the stored pixels if a page is one plain image, otherwise drawn by pdfium.

    read_pdf_page(document, 3) -> ScannedPage(Raster(…), remarks, drawn=False, …), or `ScanError`

A plain page keeps every pixel: the image is rotated, cropped and padded as a viewer shows it, and
resampled only if its horizontal and vertical resolutions differ. Pages with other content (several images,
text, stamps added by programs, forms, transparency) are drawn by pdfium after proof that all of it can be read.
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
from itrwatch.scans.pdf.annotations import Annotation, visible_annotations, within
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
from itrwatch.scans.pdf.missing_letters import missing_letters, shows_letters
from itrwatch.scans.pdf.proof import content_streams, prove
from itrwatch.scans.pdf.streams import codec_of
from itrwatch.scans.remarks import collected, remark
from itrwatch.scans.values import MAX_PIXELS, REDO, ScanError, ScannedPage, damaged, judge_size

if TYPE_CHECKING:
    from collections.abc import Iterator

_MIN_DPI, _MAX_DPI = 150, 300
"""Range of the resolution of drawn pages, dpi. Chosen."""
_SAME_MM = 0.5
"""Largest difference between the raster, a whole number of pixels, and the page at which they have the same size, mm. Chosen."""
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
_DRAWN_WHITE = (
    "A página tem texto ou desenho no PDF, mas saiu toda branca: ou ele é branco, ou não pôde ser desenhado. Compare-a com o papel; se falta "
    "algo, abra o arquivo em outro leitor de PDF, imprima em PDF e use o PDF impresso."
)
_SCAN_SHARE = 0.5
"""Least share of a page that the images of a scan cover together. Chosen."""
_MOST_LETTERS, _MOST_REPORTED = 200, 10
"""Most letters quoted from a note, and most notes about a page. Chosen."""


def read_pdf_page(document: Document, number: int) -> ScannedPage:
    """Page ``number`` (from 1) as displayed; raises `ScanError` if any part of it cannot be read."""
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
    # Content that a decoder doubts may be missing from the pixels, so the page must not count as blank.
    never_blank = scanned.never_blank or bool(remarks) or document.doubtful
    return replace(scanned, remarks=(*scanned.remarks, *remarks), never_blank=never_blank)


def judge_page(document: Document, number: int) -> None:
    """Check the declared sizes of all images a page can use, before any is decoded; raises `ScanError`."""
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
    found = [each for each in visible_annotations(page) if within(each, frame.rect)]
    if not reading.images and not reading.obstacle and not found:
        if any(True for _ in _images_within(resources)):
            raise ScanError(_NOT_SHOWN)
        return _empty(frame)
    if len(reading.images) == 1 and not reading.obstacle and not found:
        plain = _plain(reading.images[0], frame)
        if plain is not None:
            return plain
    prove(document, reading, [each.appearance for each in found if each.appearance is not None])
    for sentence in missing_letters(reading)[:_MOST_REPORTED]:
        remark(sentence)
    return _drawn(document, number, frame, reading, found)


def _plain(placed: Placed, frame: Frame) -> ScannedPage | None:
    """The page if its only image can be used as stored; None if the page must be drawn."""
    image, matrix = placed.image, placed.ctm @ frame.to_display
    stencil = bool(image.get(Name.ImageMask, False))
    if _masked(image) or not upright(matrix) or (stencil and not placed.painted_black):
        return None
    width, height = images.declared_size(image, None)
    # The image is rotated by a quarter turn: its width runs down the page.
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
    """The coded image of the page, if it lies completely on the page, not mirrored, and may be copied; else None."""
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
    """Whether a part of the image may be transparent; a fully opaque soft mask without /Matte does not count."""
    if any(key in image for key in (Name.Mask, Name.SMaskInData, Name.OC)):
        return True
    soft = image.get(Name.SMask)
    return isinstance(soft, pikepdf.Stream) and (Name.Matte in soft or int(images.decode(soft)[0].min()) < WHITE)


def _framed_scan(image: pikepdf.Object, matrix: pikepdf.Matrix, view: Window, dpi: tuple[float, float]) -> ScannedPage:
    pixels, bilevel = images.decode(image)
    pixels, square_dpi = square(turned(pixels, matrix), *dpi, bilevel=bilevel)
    pixels = framed(pixels, view)
    settled, remarks = settle_sheet(pixels.shape[1], pixels.shape[0], square_dpi)
    if not same_dpi(*dpi):
        remarks += (
            f"Resolução diferente na largura ({dpi[0]:.0f} dpi) e na altura ({dpi[1]:.0f} dpi); a página foi ajustada.",
        )
    coded = 0 if codec_of(image) else len(image.read_raw_bytes())
    return ScannedPage(Raster(pixels, settled, bilevel), remarks, coded_bytes=coded)


def _drawn(
    document: Document, number: int, frame: Frame, reading: DrawnContent, found: list[Annotation]
) -> ScannedPage:
    finest = max((_ppi(placed, frame) for placed in reading.images), default=0.0)
    across, down = frame.inches
    # A scan is an image of the page, or strips of one; the size of a page with small ones was chosen by whoever wrote on it.
    scan = sum(_share(placed, frame) for placed in reading.images) >= _SCAN_SHARE
    if scan and 0 < finest <= _MIN_DPI and not sheet_believable(across * MM_PER_INCH, down * MM_PER_INCH, finest):
        dpi = finest  # page size and resolution are both implausible; `settle_sheet` corrects them below
    elif reading.obstacle or not finest:
        dpi = _MAX_DPI
    else:
        dpi = min(_MAX_DPI, max(_MIN_DPI, finest))
    # An area of A inch² has A · dpi² pixels; 1 % is reserved for rounding up.
    dpi = min(dpi, math.sqrt(MAX_PIXELS * 0.99 / (across * down)))
    size = max(1, round(across * dpi)), max(1, round(down * dpi))
    judge_size(*size)
    pixels, missing = draw_page(document, number, size, frame, found)
    if not (pixels < WHITE).any() and (reading.painted or shows_letters(reading)):
        remark(_DRAWN_WHITE)  # pdfium leaves out in silence what it cannot draw, such as a shading without its function
    settled, remarks = settle_sheet(*size, dpi) if scan else (dpi, ())
    remarks = (*remarks, *_not_shown(found, missing))
    content, own = any(each.is_content for each in found), _own_bytes(reading, found)
    return ScannedPage(Raster(pixels, settled), remarks, drawn=True, never_blank=content, coded_bytes=own)


def _own_bytes(reading: DrawnContent, found: list[Annotation]) -> int:
    """The bytes that the images and the annotations of a drawn page have in the file; its instructions are few beside them."""
    images_once = {placed.image.objgen: placed.image for placed in reading.images}
    streams = [*images_once.values(), *(each.appearance for each in found if each.appearance is not None)]
    return sum(len(stream.read_raw_bytes()) for stream in streams)


def _not_shown(found: list[Annotation], missing: list[Annotation]) -> tuple[str, ...]:
    """The messages about annotations that the published page does not show: undrawn kinds, and the text of sticky notes."""
    kinds = dict.fromkeys(each.name for each in missing)
    sentences = [_NOT_DRAWN.format(kind) for kind in kinds]
    for each in found:
        if each.kind == "/Text" and each not in missing:
            text = each.text[:_MOST_LETTERS]
            sentences.append(_ONLY_AN_ICON.format(f"; o texto dela é “{printable(text)}”" if text else ""))
    return tuple(dict.fromkeys(sentences))[:_MOST_REPORTED]


def _share(placed: Placed, frame: Frame) -> float:
    """The area of an image, as a share of that of the page."""
    ctm = placed.ctm
    return abs(ctm.a * ctm.d - ctm.b * ctm.c) / (frame.size[0] * frame.size[1])


def _ppi(placed: Placed, frame: Frame) -> float:
    """The highest resolution of an image and its masks on the page, dpi; in mixed raster content the mask has the text."""
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
    """The images named by ``resources`` and by the resources of their forms, each once."""
    waiting, seen = [resources], set()
    # A stack and a set of seen objects, because forms may refer to each other in a cycle.
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
