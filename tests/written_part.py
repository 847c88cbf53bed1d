"""A part of six pages as the page engine hands them to `write_part`, and copies of it that are damaged."""

import zlib
from pathlib import Path

import numpy as np
import pikepdf
import pytest

from itrwatch.core.encoded_page import Box, EncodedPage, Layer
from itrwatch.core.pages import Encoding
from itrwatch.core.settings import StampConfig
from itrwatch.imaging.encoding.codecs import encode_ink, encode_jpeg
from itrwatch.pdf.part_info import Bookmark, DocumentInfo
from itrwatch.pdf.typeface import stamp_box
from itrwatch.pdf.verifying import verify_part
from itrwatch.pdf.writing import PartPage, write_part
from tests.pdf_tools import render_gs, render_pdfium, render_poppler

DPI = 150
WIDTH, HEIGHT = 576.0, 864.0
"""8 × 12 inches: whole pixels at every resolution of these tests, so that readers cannot round differently."""
PAPER = Box(0, 0, WIDTH, HEIGHT)
NUMBER = Box(WIDTH - 70, 24, WIDTH - 24, 24 + stamp_box("Fls. {n}", 11, 999)[1])
PATCH = Box(144, 288, 288, 432)
SMALL_PATCH = Box(30, 30, 60, 60)
STYLE = StampConfig()
FORMATS = ("Fls. {n}", "{n}", "Folha {n}/ITR", "(fls. {n}) “j”", "Fls.  {n} ")
READERS = pytest.mark.parametrize("render", [render_pdfium, render_poppler, render_gs])

INFO = DocumentInfo(
    "Notificação de Lançamento – 13153.720210/2019-34 – Parte 1 de 2",
    "13153.720210/2019-34",
    ("Capa", "Notificação de Lançamento (folhas 1 a 49)", "Termo de Constatação & Intimação (folha 76)"),
    ("Fazenda “Boa Vista” <sede>",),
)
BOOKMARKS = (
    Bookmark("Capa", 0),
    Bookmark("Notificação de Lançamento (folhas 1 a 49)", 1),
    Bookmark("Termo de Constatação & Intimação (folha 76)", 5),
)
CAPA, BITONAL, STAMPED, GREY, PICTURE, STRIP = range(6)
LABELS = ["Capa", "1", "2", "3", "49", "76"]
STAMPS = ["", "Fls. 1", "Fls. 2", "Fls. 3", "Fls. 49", "Fls. 76"]


def ink():
    """Lines of print and a frame, ``(1800, 1200)``; the frame's left side crosses `PATCH`."""
    page = np.zeros((int(HEIGHT * DPI / 72), int(WIDTH * DPI / 72)), bool)
    for row in range(240, 1600, 40):
        page[row : row + 8, 160:1040] = np.repeat(np.random.default_rng(row).random(220) < 0.6, 4)
    page[200:1700, 400:410] = True
    return page


def in_px(box):
    """``box`` as slices of a picture at `DPI`."""
    top, bottom, left, right = (round(side * DPI / 72) for side in (box.top, box.bottom, box.left, box.right))
    return slice(top, bottom), slice(left, right)


def stencil(box=PAPER):
    page = ink()
    return Layer("g4", encode_ink(page), page.shape[1], page.shape[0], box)


def flat(colour, size=(200, 200)):
    """``size`` (height, width) px of one grey or RGB value."""
    return np.full((*size, *np.shape(colour)), colour, np.uint8)


def photograph():
    """A smooth colour picture of the whole page, ``(900, 600, 3)``, in which every place has its own colour."""
    down, across = np.mgrid[0:900, 0:600]
    return np.stack([down * 255 // 899, across * 255 // 599, (down + across) * 255 // 1498], axis=2).astype(np.uint8)


def jpeg(pixels, box):
    coding = "jpeg-rgb" if pixels.ndim == 3 else "jpeg-grey"
    return Layer(coding, encode_jpeg(pixels, 90), pixels.shape[1], pixels.shape[0], box)


def bare(pixels, box):
    coding = "flate-rgb" if pixels.ndim == 3 else "flate-grey"
    return Layer(coding, zlib.compress(pixels.tobytes()), pixels.shape[1], pixels.shape[0], box)


def sheet(*layers, encoding=Encoding.MIXED, number=NUMBER):
    return EncodedPage(WIDTH, HEIGHT, layers, encoding, number)


def strip_sheet():
    """A landscape scan to the very edge under a white strip of 30 pt."""
    scan = Layer("flate-1bit", zlib.compress(bytes(60 * 900)), 480, 900, Box(0, 30, HEIGHT, 30 + WIDTH))
    return EncodedPage(
        HEIGHT, WIDTH + 30, (scan,), Encoding.BITONAL, Box(HEIGHT - 70, 10, HEIGHT - 24, 18.25), strip=30.0
    )


def example():
    """A capa, four sheets as the page engine makes them, and after a jump one with a strip."""
    return [
        PartPage(sheet(jpeg(flat(120), PATCH), stencil()), None, "Capa"),
        PartPage(sheet(stencil(), encoding=Encoding.BITONAL), 1),
        PartPage(sheet(jpeg(flat((200, 30, 30)), PATCH), stencil()), 2),
        PartPage(sheet(bare(flat(150), PATCH), bare(flat((30, 30, 200), (9, 7)), SMALL_PATCH), stencil()), 3),
        PartPage(sheet(jpeg(photograph(), PAPER), encoding=Encoding.PICTURE), 49),
        PartPage(strip_sheet(), 76),
    ]


def write_example(path):
    write_part(Path(path), iter(example()), BOOKMARKS, INFO, STYLE)


def sizes(pages):
    return [(page.sheet.width, page.sheet.height) for page in pages]


def write_pages(path, pages, style=STYLE):
    write_part(path, pages, (), DocumentInfo("t", "p"), style)
    return path


def close(picture, colour, tolerance):
    return bool((np.abs(picture.astype(int) - colour) <= tolerance).all())


def verify_example(path, stamps=STAMPS):
    verify_part(path, sizes(example()), stamps)


def damage_copy(part, path, change, pdf=False):
    """Copy ``part`` to ``path`` and give ``change`` its bytes or, with ``pdf``, the document."""
    if pdf:
        with pikepdf.Pdf.open(part) as document:
            change(document)
            document.save(path, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)
    else:
        path.write_bytes(change(part.read_bytes()))
    return path
