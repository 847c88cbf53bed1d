"""A part of a case as readers that are not ours find it, and as `verify_part` finds it when it is damaged."""

import functools
import os
import re
import subprocess
import sys
import zlib
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pikepdf
import pypdfium2 as pdfium
import pytest

from itrwatch.core.pages import Encoding
from itrwatch.core.settings import StampConfig
from itrwatch.core.sheets import Box, Layer, Sheet
from itrwatch.imaging.coding import encode_ink, encode_jpeg
from itrwatch.pdf.typeface import stamp_box, typeface
from itrwatch.pdf.values import Bookmark, DocumentInfo, fixed_bytes, page_bytes
from itrwatch.pdf.verifying import VerifyError, measure, verify_part
from itrwatch.pdf.writing import PartPage, write_part
from tests.pdf_tools import (
    pdf_info,
    pdf_metadata,
    preflight,
    qpdf_check,
    render_gs,
    render_pdfium,
    render_poppler,
    words,
)

DPI = 150
WIDTH, HEIGHT = 576.0, 864.0
"""8 × 12 inches: whole pixels at every resolution of these tests, so that readers cannot round differently."""
PAPER = Box(0, 0, WIDTH, HEIGHT)
NUMBER = Box(WIDTH - 70, 24, WIDTH - 24, 24 + stamp_box("Fls. {n}", 11, 999)[1])
PATCH = Box(144, 288, 288, 432)
SMALL_PATCH = Box(30, 30, 60, 60)
STYLE = StampConfig()
FORMATS = ("Fls. {n}", "{n}", "Folha {n}/ITR", "(fls. {n}) «j»", "Fls.  {n} ")
READERS = pytest.mark.parametrize("render", [render_pdfium, render_poppler, render_gs])

INFO = DocumentInfo(
    "Notificação de Lançamento – 13153.720210/2019-34 – Parte 1 de 2",
    "13153.720210/2019-34",
    ("Capa", "Notificação de Lançamento (folhas 1 a 49)", "Termo de Constatação & Intimação (folha 76)"),
    ("Fazenda «Boa Vista» <sede>",),
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
    return Sheet(WIDTH, HEIGHT, layers, encoding, number)


def strip_sheet():
    """A landscape scan to the very edge under a white strip of 30 pt."""
    scan = Layer("flate-1bit", zlib.compress(bytes(60 * 900)), 480, 900, Box(0, 30, HEIGHT, 30 + WIDTH))
    return Sheet(HEIGHT, WIDTH + 30, (scan,), Encoding.BITONAL, Box(HEIGHT - 70, 10, HEIGHT - 24, 18.25), strip=30.0)


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


@pytest.fixture(scope="module")
def part(tmp_path_factory):
    path = tmp_path_factory.mktemp("part") / "NOTI.pdf"
    write_example(path)
    return path


@pytest.fixture(scope="module")
def drawn(part):
    """A function that draws a page of the part with ``render``, once."""
    return functools.cache(lambda render, index, dpi=DPI: render(part, index, dpi))


@pytest.fixture
def damaged(part, tmp_path):
    """A function that copies the part and gives ``change`` its bytes or, with ``pdf``, the document."""

    def damage(change, pdf=False):
        path = tmp_path / "NOTI.pdf"
        if pdf:
            with pikepdf.Pdf.open(part) as document:
                change(document)
                document.save(path, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)
        else:
            path.write_bytes(change(part.read_bytes()))
        return path

    return damage


def verify_example(path, stamps=STAMPS):
    verify_part(path, sizes(example()), stamps)


# What it is


def test_preflight_finds_nothing_but_that_it_is_part_3(part):
    """The validator knows only PDF/A-1: it wants part 1 and a colour profile of version 2."""
    assert preflight(part) == [
        "2.1.6 : Invalid graphics object, Invalid version of the ICCProfile",
        "7.11.2 : Error on MetaData, part must be 1",
    ]


def test_preflight_finds_nothing_at_all_once_it_calls_itself_part_1(part, tmp_path):
    """Nothing hides behind the two complaints above."""
    path = tmp_path / "part1.pdf"
    with pikepdf.Pdf.open(part) as pdf:
        pdf.Root.Metadata.write(pdf.Root.Metadata.read_bytes().replace(b"part>3<", b"part>1<"))
        profile = pdf.Root.OutputIntents[0].DestOutputProfile
        data = bytearray(profile.read_bytes())
        data[8:10] = 2, 0x10
        profile.write(bytes(data))
        pdf.save(path, force_version="1.4", compress_streams=False, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    assert preflight(path) == []


def test_preflight_would_complain_of_a_transparent_page(damaged):
    def make_transparent(pdf):
        pdf.pages[1].Group = pikepdf.Dictionary(S=pikepdf.Name.Transparency)

    assert any("transparency" in complaint for complaint in preflight(damaged(make_transparent, pdf=True)))


def test_qpdf_finds_it_sound(part):
    assert qpdf_check(part) == []


def test_it_is_a_plain_pdf_1_4(part):
    data = part.read_bytes()
    assert data.startswith(b"%PDF-1.4\n%")
    assert b"\nxref\n0 " in data
    assert b"/ObjStm" not in data
    assert b"/XRef" not in data


def test_it_brings_nothing_but_pages(part):
    """No attachments, no JavaScript, no actions, no forms, nothing transparent."""
    told = pdf_info(part)
    assert (told["JavaScript"], told["Form"], told["Encrypted"]) == ("no", "none", "no")
    banned = "EmbeddedFiles AF JavaScript JS OpenAction AA AcroForm Annots SMask Group CA ca BM ExtGState Encrypt"
    names = set(re.findall(rb"/(\w+)", re.sub(rb"\nstream\n.*?\nendstream", b"", part.read_bytes(), flags=re.DOTALL)))
    assert names & set(banned.encode().split()) == set()
    assert {b"XObject", b"Outlines", b"PageLabels"} <= names


def test_information_and_xmp_say_the_same(part):
    told, packet = pdf_info(part), ET.fromstring(pdf_metadata(part))

    def xmp(name):
        return "".join(next(packet.iter(name)).itertext())

    dc, adobe = "{http://purl.org/dc/elements/1.1/}", "{http://ns.adobe.com/pdf/1.3/}"
    assert told["Title"] == xmp(f"{dc}title") == INFO.title
    assert told["Subject"] == xmp(f"{dc}description") == "Processo 13153.720210/2019-34"
    assert told["Keywords"] == xmp(f"{adobe}Keywords") == "; ".join((*INFO.sections, *INFO.keywords))
    assert told["Creator"] == xmp("{http://ns.adobe.com/xap/1.0/}CreatorTool")
    assert told["Producer"] == xmp(f"{adobe}Producer")
    assert told["Creator"].startswith("itrwatch ")
    pdfaid = "{http://www.aiim.org/pdfa/ns/id/}"
    assert (xmp(f"{pdfaid}part"), xmp(f"{pdfaid}conformance")) == ("3", "B")
    assert not {"CreationDate", "ModDate"} & set(told)


def test_control_characters_stay_out_of_the_xmp(tmp_path):
    path = tmp_path / "page.pdf"
    write_part(path, example()[:1], (), DocumentInfo("Título\x00\n de\ud800 teste\ufffe", "p"), STYLE)
    assert pdf_info(path)["Title"] == "Título de teste"
    assert ET.fromstring(pdf_metadata(path)) is not None


def test_it_is_in_portuguese_and_opens_with_its_bookmarks(part):
    with pikepdf.Pdf.open(part) as pdf:
        assert str(pdf.Root.Lang) == "pt-BR"
        assert pdf.Root.PageMode == "/UseOutlines"
        assert pdf.Root.ViewerPreferences.DisplayDocTitle


def test_the_reader_counts_in_folhas(part):
    with pdfium.PdfDocument(part) as document:
        assert [document.get_page_label(index) for index in range(len(document))] == LABELS


def test_bookmarks_keep_their_accents_and_lead_to_their_pages(part):
    with pdfium.PdfDocument(part) as document:
        marks = [(mark.get_title(), mark.get_dest().get_index()) for mark in document.get_toc()]
    assert marks == [(mark.title, mark.page_index) for mark in BOOKMARKS]


def test_a_part_without_bookmarks_is_sound_too(tmp_path):
    path = write_pages(tmp_path / "page.pdf", example()[:1])
    assert qpdf_check(path) == []
    assert len(preflight(path)) == 2


# What it looks like


@READERS
def test_ink_is_drawn_pixel_for_pixel(drawn, render):
    picture = drawn(render, BITONAL)
    meant = np.where(ink(), 0, 255)
    rows = slice(round(NUMBER.bottom * DPI / 72) + 2, None)
    assert close(picture[rows], meant[rows, :, None], 0)


@READERS
@pytest.mark.parametrize(
    ("index", "colour", "tolerance"),
    [(STAMPED, (200, 30, 30), 3), (GREY, (150, 150, 150), 0), (CAPA, (120, 120, 120), 1)],
)
def test_a_patch_shows_between_the_ink_and_the_ink_is_black(drawn, render, index, colour, tolerance):
    picture, black = drawn(render, index)[in_px(PATCH)], ink()[in_px(PATCH)]
    assert 0.1 < black.mean() < 0.5
    assert close(picture[black], 0, 0)
    assert close(picture[~black], colour, tolerance)


@READERS
def test_a_patch_lies_where_its_box_lies(drawn, render):
    """Readers may round the edges of an enlarged picture outwards, by one pixel."""
    picture = drawn(render, STAMPED)
    rows, columns = np.nonzero((picture[..., 0] > 150) & (picture[..., 1] < 100))
    box = [side * DPI / 72 for side in (PATCH.top, PATCH.bottom, PATCH.left, PATCH.right)]
    assert np.abs(np.subtract(box, (rows.min(), rows.max() + 1, columns.min(), columns.max() + 1))).max() <= 1


@READERS
def test_a_patch_of_a_few_pixels_lies_where_its_box_lies(drawn, render):
    assert close(drawn(render, GREY)[in_px(SMALL_PATCH)], (30, 30, 200), 0)


@READERS
def test_a_picture_fills_its_page_the_right_way_up(drawn, render):
    below = slice(60, None)  # the number
    assert close(drawn(render, PICTURE, 75)[below], photograph()[below], 6)


@READERS
def test_a_landscape_scan_stands_under_its_white_strip(drawn, render):
    picture = drawn(render, STRIP, 72)
    assert picture.shape == (WIDTH + 30, HEIGHT, 3)
    assert close(picture[30:], 0, 0)
    assert close(picture[:30, : int(HEIGHT) - 72], 255, 0)


@pytest.mark.parametrize("index", range(6))
def test_three_readers_draw_the_same(drawn, index):
    """Apart from the grades at the edges of the number's letters, one row at the edge of a box, JPEG's rounding."""
    pictures = [drawn(render, index).astype(int) for render in (render_pdfium, render_poppler, render_gs)]
    for other in pictures[1:]:
        difference = np.abs(pictures[0] - other).max(axis=2)
        assert (difference > 8).mean() < 0.001
        assert difference.mean() < 0.5


def test_image_data_stands_in_the_file_as_it_was_handed_in(part):
    data = part.read_bytes()
    assert all(layer.data in data for page in example() for layer in page.sheet.layers)


# The number


def test_the_number_is_found_as_text_in_the_upper_right(part):
    first, second = words(part, GREY)
    assert (first.text, second.text) == ("Fls.", "3")
    assert first.left > 0.8 * WIDTH
    assert second.bottom < 0.06 * HEIGHT
    assert second.right == pytest.approx(NUMBER.right, abs=0.01)


def test_every_page_bears_its_own_number_and_the_capa_none(part):
    assert [" ".join(word.text for word in words(part, index)) for index in range(6)] == STAMPS


def test_without_a_stamp_style_nothing_is_stamped_and_the_reader_still_counts_in_folhas(tmp_path):
    path = write_pages(tmp_path / "page.pdf", example(), style=None)
    verify_part(path, sizes(example()), [""] * 6)
    assert b"/Font" not in path.read_bytes()
    with pdfium.PdfDocument(path) as document:
        assert [document.get_page_label(index) for index in range(6)] == LABELS


@pytest.mark.parametrize("render", [render_pdfium, render_poppler])
@pytest.mark.parametrize("style", [STYLE, *(StampConfig(form, size) for form in FORMATS[1:] for size in (6.0, 36.0))])
def test_the_drawn_number_stays_inside_its_box(render, style, tmp_path):
    """Looked at in pixels: the ink of every number lies in the box that `stamp_box` asked for."""
    numbers = (7, 88, 999)
    width, height = stamp_box(style.format, style.size, max(numbers))
    box = Box(400 - width, 20, 400, 20 + height)
    small = Sheet(420, 80, (), Encoding.BITONAL, box)
    path = write_pages(tmp_path / "page.pdf", [PartPage(small, number) for number in numbers], style)
    dpi, pixel = 288, 72 / 288
    for index in range(len(numbers)):
        rows, columns = np.nonzero(render(path, index, dpi).min(axis=2) < 128)
        # a letter's ink may lean over its advance by some thousandths of its size
        lean = 0.01 * style.size + pixel
        assert box.left - lean <= columns.min() * pixel
        assert (columns.max() + 1) * pixel <= box.right + lean
        assert box.top - pixel <= rows.min() * pixel
        assert (rows.max() + 1) * pixel <= box.bottom + pixel
        # and fills it: the text is as large as configured, and right-aligned
        assert (columns.max() + 1) * pixel > box.right - 0.2 * style.size - style.format.endswith(
            " "
        ) * 0.3 * style.size
        assert rows.max() - rows.min() > 0.6 * style.size / pixel


@pytest.mark.parametrize("form", FORMATS)
def test_the_box_is_wide_enough_for_every_number(form):
    for highest in (9, 10, 999, 2000):
        width, _ = stamp_box(form, 11, highest)
        widest = max(typeface().width(form.format(n=number), 11) for number in range(1, highest + 1))
        assert widest <= width < widest + 0.2


def test_the_baseline_does_not_jump_from_folha_to_folha(tmp_path):
    path = write_pages(tmp_path / "page.pdf", [PartPage(sheet(), number) for number in (1, 47, 180)])
    assert len({(word.top, word.bottom) for index in range(3) for word in words(path, index)}) == 1


@pytest.mark.parametrize("form", FORMATS)
def test_a_written_number_is_found_again(form, tmp_path):
    style = StampConfig(form)
    path = write_pages(tmp_path / "page.pdf", [PartPage(sheet(stencil()), 53)], style)
    verify_part(path, [(WIDTH, HEIGHT)], [form.format(n=53)])


@pytest.mark.parametrize(
    ("form", "letters"), [("Fôlha {n}", "ô"), ("№ {n}", "№"), ("f.\t{n}", r"\\t"), ("Fl. {n}º", "º")]
)
def test_letters_that_the_typeface_lacks_are_refused(form, letters, tmp_path):
    with pytest.raises(ValueError, match=f"lacks '{letters}'"):
        write_pages(tmp_path / "page.pdf", example(), StampConfig(form))
    with pytest.raises(ValueError, match=f"lacks '{letters}'"):
        stamp_box(form, 11, 999)
    assert not list(tmp_path.iterdir())


# The same bytes


def test_the_same_case_gives_the_same_bytes(part, tmp_path):
    write_example(tmp_path / "other name.pdf")
    assert (tmp_path / "other name.pdf").read_bytes() == part.read_bytes()


def test_another_process_in_another_place_gives_the_same_bytes(part, tmp_path):
    root = str(Path(__file__).parents[1])
    surroundings = {"PYTHONPATH": root, "PYTHONHASHSEED": "77", "TZ": "Pacific/Kiritimati", "LC_ALL": "C"}
    program = f"from tests.test_pdf_writing import write_example; write_example({str(tmp_path / 'NOTI.pdf')!r})"
    subprocess.run([sys.executable, "-c", program], cwd=tmp_path, env=os.environ | surroundings, check=True)
    assert (tmp_path / "NOTI.pdf").read_bytes() == part.read_bytes()


def test_another_case_gives_another_file_identifier(part, tmp_path):
    write_part(tmp_path / "NOTI.pdf", example(), BOOKMARKS, replace(INFO, title="Outra"), STYLE)
    with pikepdf.Pdf.open(part) as one, pikepdf.Pdf.open(tmp_path / "NOTI.pdf") as other:
        assert one.trailer.ID[0] != other.trailer.ID[0]


# What cannot be written


def test_a_part_without_pages_is_refused(tmp_path):
    with pytest.raises(ValueError, match="at least one page"):
        write_pages(tmp_path / "page.pdf", [])


@pytest.mark.parametrize("size", [(2.9, 800), (595, 14400.1)])
def test_a_page_that_pdf_a_does_not_allow_is_refused(size, tmp_path):
    page = Sheet(*size, (), Encoding.BITONAL, NUMBER)
    with pytest.raises(ValueError, match="is outside 3 to 14400 pt"):
        write_pages(tmp_path / "page.pdf", [PartPage(page, 1)])


@pytest.mark.parametrize("index", [-1, 6])
def test_a_bookmark_outside_the_part_is_refused(index, tmp_path):
    with pytest.raises(IndexError, match="outside the part"):
        write_part(tmp_path / "page.pdf", example(), [Bookmark("?", index)], INFO, STYLE)


# What it weighs


def weight(path, pages, bookmarks, info, style):
    write_part(path, pages, bookmarks, info, style)
    return path.stat().st_size


def heavy(count, first=1, step=1, data=40_000):
    """``count`` pages of a patch and a stencil that together weigh ``data`` bytes, as a scanned page does."""
    layers = [
        Layer("jpeg-rgb", bytes(data // 2), 2480, 3508, Box(123.456, 234.567, 345.678, 456.789)),
        Layer("g4", bytes(data // 2), 2480, 3508, PAPER),
    ]
    return [PartPage(sheet(*layers), first + step * index) for index in range(count)]


def test_the_foretold_size_is_never_too_small_and_hardly_too_large(tmp_path):
    pages = heavy(200)
    foretold = sum(page_bytes(page.sheet) for page in pages) + fixed_bytes(len(BOOKMARKS), INFO)
    really = weight(tmp_path / "part.pdf", pages, BOOKMARKS, INFO, STYLE)
    assert really <= foretold < 1.01 * really


DENSEST = "@g©$B&S«»%Ram?sGbdpqQeCDPUM[]chu…#jnt{n}"
"""The 40 letters whose outlines take most room."""


@pytest.mark.parametrize("style", [None, STYLE, StampConfig(DENSEST, 36)])
@pytest.mark.parametrize("text", ["", "x", "ç", "&", "(", "☃", "𝄞"])
def test_the_foretold_size_holds_for_texts_and_stamps_of_every_kind(text, style, tmp_path):
    info = DocumentInfo(text * 300, "13153.720210/2019-34", (text * 200,))
    marks = [Bookmark("Termo de Constatação e Intimação Fiscal (folhas 1000 a 1111)", 0)] * 8
    pages = heavy(20, first=100_000, step=3, data=10)
    foretold = sum(page_bytes(page.sheet) for page in pages) + fixed_bytes(len(marks), info)
    assert weight(tmp_path / "part.pdf", pages, marks, info, style) <= foretold


# Verified


def test_a_whole_part_is_accepted(part):
    verify_example(part)
    verify_part(part, sizes(example()))
    size, digest = measure(part)
    assert size == part.stat().st_size
    assert len(digest) == 64


def test_patches_of_a_few_pixels_are_accepted(tmp_path):
    """A patch may be narrower than the eighth at which JPEGs are decoded."""
    layers = [jpeg(flat((9, 9, 9), size), PATCH) for size in ((1, 1), (5, 300), (300, 7))]
    path = write_pages(tmp_path / "page.pdf", [PartPage(sheet(*layers), None, "x")])
    verify_part(path, [(WIDTH, HEIGHT)], [""])


@pytest.mark.parametrize("density", [0, 0.1, 1])
@pytest.mark.parametrize("size", [(1, 1), (3, 1), (1, 17), (9, 64), (700, 501)])
def test_any_bitonal_picture_is_accepted_and_drawn(size, density, tmp_path):
    black = np.random.default_rng(7).random(size) < density
    box = Box(0, 0, size[1], size[0])
    layer = Layer("g4", encode_ink(black), size[1], size[0], box)
    page = Sheet(max(3, size[1]), max(3, size[0]), (layer,), Encoding.BITONAL, box)
    path = write_pages(tmp_path / "page.pdf", [PartPage(page, None, "x")])
    verify_part(path, sizes([PartPage(page, None)]))
    picture = render_pdfium(path, 0, 72)[: size[0], : size[1], 0]
    assert ((picture < 128) == black).all()


def test_a_missing_page_is_noticed(damaged):
    def lose_page(pdf):
        del pdf.pages[2]

    with pytest.raises(VerifyError, match="5 pages, 6 expected"):
        verify_example(damaged(lose_page, pdf=True))


def test_a_page_too_many_is_noticed(part):
    with pytest.raises(VerifyError, match="6 pages, 5 expected"):
        verify_part(part, sizes(example())[:-1])


@pytest.mark.parametrize("place", [0.05, 0.25, 0.5, 0.75, 0.95])
def test_a_flipped_bit_in_ink_is_noticed(damaged, place):
    ink_data = stencil().data

    def flip(data):
        at = data.index(ink_data) + int(place * len(ink_data))
        return data[:at] + bytes([data[at] ^ 4]) + data[at + 1 :]

    with pytest.raises(VerifyError, match="page 1: ValueError: damaged G4 data"):
        verify_example(damaged(flip))


@pytest.mark.parametrize("entry", [b"/Length1", b"/N 3"])
def test_a_flipped_bit_in_the_typeface_or_the_colour_profile_is_noticed(part, damaged, entry):
    """qpdf and pdfium pass over it: the letters come out in another shape."""
    start = re.search(re.escape(entry) + rb"[^>]*>>\nstream\n", part.read_bytes()).end()
    for place in (50, 150, 250):
        with pytest.raises(VerifyError):
            verify_example(damaged(lambda data, at=start + place: data[:at] + bytes([data[at] ^ 8]) + data[at + 1 :]))


def layers_of(pdf, index):
    return pdf.pages[index].resources.XObject


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
@pytest.mark.parametrize(
    ("index", "name"), [(CAPA, "/I0"), (STAMPED, "/I0"), (GREY, "/I0"), (PICTURE, "/I0"), (BITONAL, "/I0")]
)
def test_a_cut_image_is_noticed(damaged, index, name, share):
    def cut(pdf):
        image = layers_of(pdf, index)[name]
        data, method = image.read_raw_bytes(), image.Filter
        image.write(data[: int(share * len(data))], filter=method, decode_parms=image.get("/DecodeParms"))

    with pytest.raises(VerifyError, match=f"^page {index + 1}: "):
        verify_example(damaged(cut, pdf=True))


def lose_image(pdf):
    del layers_of(pdf, STAMPED)["/I0"]


def lose_images(pdf):
    del pdf.pages[STAMPED].Resources["/XObject"]


def lose_content(pdf):
    pdf.pages[STAMPED].Contents = pdf.make_stream(b"")


def lose_font(pdf):
    del pdf.pages[STAMPED].Resources["/Font"]


def lose_width(pdf):
    del layers_of(pdf, STAMPED)["/I0"]["/Width"]


def change_height(pdf):
    layers_of(pdf, STAMPED)["/I0"].Height = 199


def change_columns(pdf):
    layers_of(pdf, STAMPED)["/I1"].DecodeParms[1].Columns = 1199


def change_filter(pdf):
    layers_of(pdf, GREY)["/I0"].Filter = pikepdf.Name.LZWDecode


def change_colours(pdf):
    layers_of(pdf, STAMPED)["/I0"].ColorSpace = pikepdf.Name.DeviceGray


def change_bits(pdf):
    layers_of(pdf, GREY)["/I0"].BitsPerComponent = 4


def change_kind(pdf):
    layers_of(pdf, GREY)["/I0"].Subtype = pikepdf.Name.Form


DAMAGE = [
    lose_image,
    lose_images,
    lose_content,
    lose_font,
    lose_width,
    change_height,
    change_columns,
    change_filter,
    change_colours,
    change_bits,
    change_kind,
]


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_page_that_would_show_less_is_noticed(damaged, damage):
    with pytest.raises(VerifyError, match=r"^page [34]: "):
        verify_example(damaged(damage, pdf=True))


def test_a_page_of_another_size_is_noticed(part):
    with pytest.raises(VerifyError, match=r"page 3 measures .* expected"):
        verify_part(part, [(WIDTH, HEIGHT + (index == 2)) for index in range(5)] + sizes(example())[5:])


@pytest.mark.parametrize("wrong", ["Fls. 4", "Fls. 33", ""])
def test_another_number_is_noticed(part, wrong):
    with pytest.raises(VerifyError, match=f"page 4 says 'Fls. 3', '{wrong}' expected"):
        verify_example(part, [*STAMPS[:3], wrong, *STAMPS[4:]])


def test_a_number_on_the_capa_is_noticed(part):
    with pytest.raises(VerifyError, match=r"page 1 says '', 'Fls\. 1' expected"):
        verify_example(part, ["Fls. 1", *STAMPS[1:]])


@pytest.mark.parametrize("share", [0, 0.01, 0.5, 0.999])
def test_a_file_that_was_cut_short_is_noticed(damaged, share):
    with pytest.raises(VerifyError, match="does not open"):
        verify_example(damaged(lambda data: data[: int(share * len(data))]))


def test_a_file_that_is_not_there_is_an_error_of_the_disk(tmp_path):
    with pytest.raises(FileNotFoundError):
        verify_part(tmp_path / "NOTI.pdf", [])


def test_no_damage_makes_the_verifier_fail_in_another_way(tmp_path):
    """A wrong bit anywhere between the images is noticed or harms nothing; never another exception."""
    path = tmp_path / "NOTI.pdf"
    layers = [jpeg(flat((9, 9, 9), (4, 4)), PATCH), Layer("g4", encode_ink(np.eye(9, dtype=bool)), 9, 9, PATCH)]
    page = PartPage(sheet(*layers), 3)
    good = write_pages(path, [page]).read_bytes()
    noticed = 0
    for at in range(0, len(good), 11):
        path.write_bytes(good[:at] + bytes([good[at] ^ 1 << at % 7]) + good[at + 1 :])
        try:
            verify_part(path, sizes([page]), ["Fls. 3"])
        except VerifyError:
            noticed += 1
    assert noticed > len(good) / 11 / 3
