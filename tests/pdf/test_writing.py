"""A part of a case as readers that are not ours find it: its structure, its numbers, its bytes and its size."""

import io
import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pikepdf
import pypdfium2 as pdfium
import pytest
from fontTools.ttLib import TTFont
from pikepdf import Dictionary

from itrwatch.core.encoded_page import Box, EncodedPage, Layer
from itrwatch.core.pages import Encoding
from itrwatch.core.settings import StampConfig
from itrwatch.pdf.part_info import Bookmark, DocumentInfo, fixed_bytes, page_bytes
from itrwatch.pdf.typeface import stamp_box, typeface
from itrwatch.pdf.verifying import VerifyError, verify_part
from itrwatch.pdf.writing import PartPage, write_part
from tests.pdf_tools import pdf_info, pdf_metadata, preflight, qpdf_check, render_pdfium, render_poppler, words
from tests.written_part import (
    BOOKMARKS,
    FORMATS,
    GREY,
    HEIGHT,
    INFO,
    LABELS,
    NUMBER,
    PAPER,
    STAMPS,
    STYLE,
    WIDTH,
    example,
    sheet,
    sizes,
    stencil,
    write_example,
    write_pages,
)

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
    info = pdf_info(part)
    assert (info["JavaScript"], info["Form"], info["Encrypted"]) == ("no", "none", "no")
    banned = "EmbeddedFiles AF JavaScript JS OpenAction AA AcroForm Annots SMask Group CA ca BM ExtGState Encrypt"
    names = set(re.findall(rb"/(\w+)", re.sub(rb"\nstream\n.*?\nendstream", b"", part.read_bytes(), flags=re.DOTALL)))
    assert names & set(banned.encode().split()) == set()
    assert {b"XObject", b"Outlines", b"PageLabels"} <= names


def test_information_and_xmp_say_the_same(part):
    info, packet = pdf_info(part), ET.fromstring(pdf_metadata(part))

    def xmp(name):
        return "".join(next(packet.iter(name)).itertext())

    dc, adobe = "{http://purl.org/dc/elements/1.1/}", "{http://ns.adobe.com/pdf/1.3/}"
    assert info["Title"] == xmp(f"{dc}title") == INFO.title
    assert info["Subject"] == xmp(f"{dc}description") == "Processo 13153.720210/2019-34"
    assert info["Keywords"] == xmp(f"{adobe}Keywords") == "; ".join((*INFO.sections, *INFO.keywords))
    assert info["Creator"] == xmp("{http://ns.adobe.com/xap/1.0/}CreatorTool")
    assert info["Producer"] == xmp(f"{adobe}Producer")
    assert info["Creator"].startswith("itrwatch ")
    pdfaid = "{http://www.aiim.org/pdfa/ns/id/}"
    assert (xmp(f"{pdfaid}part"), xmp(f"{pdfaid}conformance")) == ("3", "B")
    assert not {"CreationDate", "ModDate"} & set(info)


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
    small = EncodedPage(420, 80, (), Encoding.BITONAL, box)
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
    with pytest.raises(VerifyError, match="page 1 says"):
        verify_part(path, [(WIDTH, HEIGHT)], [form.format(n=54)])


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
    root = str(Path(__file__).parents[2])
    surroundings = {"PYTHONPATH": root, "PYTHONHASHSEED": "77", "TZ": "Pacific/Kiritimati", "LC_ALL": "C"}
    program = f"from tests.written_part import write_example; write_example({str(tmp_path / 'NOTI.pdf')!r})"
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
    page = EncodedPage(*size, (), Encoding.BITONAL, NUMBER)
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
    """``count`` pages of a patch and a stencil that together weigh ``data`` bytes, each its own, as scanned pages do."""

    def layers(index):
        own = index.to_bytes(4, "big") + bytes(max(0, data // 2 - 4))
        yield Layer("jpeg-rgb", own, 2480, 3508, Box(123.456, 234.567, 345.678, 456.789))
        yield Layer("g4", own, 2480, 3508, PAPER)

    return [PartPage(sheet(*layers(index)), first + step * index) for index in range(count)]


def test_a_picture_that_several_pages_show_is_in_the_part_once(tmp_path):
    (page,) = heavy(1)
    once = weight(tmp_path / "one.pdf", [page], (), INFO, STYLE)
    assert weight(tmp_path / "ten.pdf", [page] * 10, (), INFO, STYLE) < once + 10_000


@pytest.mark.parametrize(("folha", "letters"), [(1, " .1Fls"), (300, " .03Fls")])
def test_only_letters_that_the_numbers_show_are_in_the_part(folha, letters, tmp_path):
    """A page of a few lines has less than ten digits, and came out larger than it went in for them."""
    (page,) = heavy(1, first=folha)
    weight(tmp_path / "part.pdf", [page], (), INFO, STYLE)
    with pikepdf.open(tmp_path / "part.pdf") as pdf:
        (font,) = [item for item in pdf.objects if isinstance(item, Dictionary) and item.get("/Type") == "/Font"]
        program = TTFont(io.BytesIO(font.FontDescriptor.FontFile2.read_bytes()))
    assert "".join(map(chr, program.getBestCmap())) == letters
    assert [chr(font.FirstChar), chr(font.LastChar)] == [letters[0], letters[-1]]
    assert words(tmp_path / "part.pdf", 0)[-1].text == str(folha)
    with pdfium.PdfDocument(tmp_path / "part.pdf") as document:
        assert document[0].get_textpage().get_text_range() == f"Fls. {folha}"


def test_the_estimated_size_is_never_too_small_and_hardly_too_large(tmp_path):
    pages = heavy(200)
    estimated = sum(page_bytes(page.sheet) for page in pages) + fixed_bytes(len(BOOKMARKS), INFO)
    really = weight(tmp_path / "part.pdf", pages, BOOKMARKS, INFO, STYLE)
    assert really <= estimated < 1.01 * really


DENSEST = "@g©$B&S“”%Ram?sGbdpqQeCDPUM[]chu…#jnt{n}"
"""The 40 letters whose outlines take most room."""


@pytest.mark.parametrize("style", [None, STYLE, StampConfig(DENSEST, 36)])
@pytest.mark.parametrize("text", ["", "x", "ç", "&", "(", "☃", "𝄞"])
def test_the_estimated_size_holds_for_texts_and_stamps_of_every_kind(text, style, tmp_path):
    info = DocumentInfo(text * 300, "13153.720210/2019-34", (text * 200,))
    marks = [Bookmark("Termo de Constatação e Intimação Fiscal (folhas 1000 a 1111)", 0)] * 8
    pages = heavy(20, first=100_000, step=3, data=10)
    estimated = sum(page_bytes(page.sheet) for page in pages) + fixed_bytes(len(marks), info)
    assert weight(tmp_path / "part.pdf", pages, marks, info, style) <= estimated
