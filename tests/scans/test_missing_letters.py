"""Text in fonts that are not in the PDF: what pdfium cannot draw, or draws as other letters, is reported and never blank."""

import io

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from itrwatch.scans.opening import read_page
from itrwatch.scans.pdf.drawing import draw_codes
from tests.hostile_files import one_page, stream
from tests.typefaces import truetype

MEANINGS = (
    b"/CIDInit /ProcSet findresource begin begincmap 1 begincodespacerange <0000> <ffff> endcodespacerange "
    b"1 beginbfrange <0003> <0080> <0020> endbfrange endcmap end"
)
TEXT = "NOTIFICACAO 123"
GLYPHS = b"".join((ord(letter) - 29).to_bytes(2, "big") for letter in TEXT)
"""As printer drivers number the glyphs of Arial."""


@pytest.fixture
def page_with(tmp_path):
    """A page that shows ``codes`` in a composite font that is not embedded."""

    def do(codes, encoding, collection="Identity", meanings=None, mode=0, name="/Times"):
        with pikepdf.new() as pdf:
            page = pdf.add_blank_page(page_size=(400, 200))
            font = {"Type": Name.Font, "BaseFont": pikepdf.Object.parse(name.encode())}
            described = Dictionary(
                Type=Name.FontDescriptor, FontName=Name.Times, Flags=32, FontBBox=[0, -300, 900, 900]
            )
            system = Dictionary(Registry=String("Adobe"), Ordering=String(collection), Supplement=0)
            inner = Dictionary(Subtype=Name.CIDFontType2, CIDSystemInfo=system, FontDescriptor=described, **font)
            whole = Dictionary(Subtype=Name.Type0, Encoding=Name(encoding), DescendantFonts=Array([inner]), **font)
            if meanings:
                whole[Name.ToUnicode] = pdf.make_stream(meanings)
            page.obj[Name.Resources] = Dictionary(Font=Dictionary(F=pdf.make_indirect(whole)))
            page.obj[Name.Contents] = pdf.make_stream(f"BT {mode} Tr /F 30 Tf 20 100 Td <{codes.hex()}> Tj ET".encode())
            buffer = io.BytesIO()
            pdf.save(buffer)
        (tmp_path / "a.pdf").write_bytes(buffer.getvalue())
        return read_page(tmp_path / "a.pdf", 1)

    return do


def test_letters_whose_meaning_is_written_are_drawn_in_another_font(page_with):
    page = page_with(GLYPHS, "/Identity-H", meanings=MEANINGS)
    assert page.raster.pixels.min() < 100
    assert not page.remarks


@pytest.mark.parametrize("encoding", ["/Identity-H", "/Identity-V"])
def test_letters_of_which_only_the_place_in_a_missing_font_is_known_are_reported(page_with, encoding):
    page = page_with(GLYPHS, encoding)
    (said,) = page.remarks
    assert "fonte Times, que não está no PDF" in said
    assert page.never_blank  # so it is not blank, whatever was drawn


@pytest.mark.parametrize(
    ("text", "encoding", "coded"),
    [
        ("\u7a05\u52a1", "/UniGB-UTF16-H", "utf-16-be"),
        ("ITR \u7a0e", "/90ms-RKSJ-H", "cp932"),
        (TEXT, "/NoSuchThing", "ascii"),
    ],
)
def test_letters_that_nothing_can_draw_are_reported(page_with, text, encoding, coded):
    page = page_with(text.encode(coded), encoding, "GB1" if "GB" in encoding else "Japan1")
    (said,) = page.remarks
    assert "não puderam ser desenhadas e faltam no que foi publicado" in said
    assert "imprima em PDF" in said
    assert page.never_blank


def test_a_picture_letter_is_one_letter():
    """Telephones write emoji, which UTF-16 has in two halves: a page whose emoji are not drawn was called damaged."""
    meaning = (
        b"begincmap 1 begincodespacerange <00> <ff> endcodespacerange 1 beginbfchar <21> <d83d dc51> endbfchar endcmap"
    )
    with pikepdf.new() as pdf:
        described = Dictionary(Type=Name.FontDescriptor, FontName=Name.Emoji, Flags=4, FontBBox=[0, -300, 900, 900])
        font = Dictionary(Type=Name.Font, Subtype=Name.TrueType, BaseFont=Name.Emoji, FirstChar=33, LastChar=33)
        font[Name.FontDescriptor], font[Name.Widths] = described, Array([1000])
        font[Name.ToUnicode] = pdf.make_stream(meaning)
        ((_, letter),) = draw_codes(pdf.make_indirect(font), [b"!"])
    assert letter == "\N{CROWN}"


@pytest.mark.parametrize(("name", "told"), [("/AAAAAB+Vazia", True), ("/AAAAAD+AppleColorEmoji", False)])
def test_a_typeface_in_the_file_without_outlines_is_reported_unless_it_is_one_of_emoji(tmp_path, name, told):
    """Emoji are drawn as pictures beside their text, which is there to be searched."""
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(400, 200))
        described = Dictionary(Type=Name.FontDescriptor, FontName=Name(name), Flags=4, FontBBox=[0, -300, 900, 900])
        described[Name.FontFile2] = pdf.make_stream(truetype(outlines=False))
        font = Dictionary(Type=Name.Font, Subtype=Name.TrueType, BaseFont=Name(name), FirstChar=65, LastChar=68)
        font[Name.FontDescriptor], font[Name.Widths] = described, Array([600] * 4)
        page.obj[Name.Resources] = Dictionary(Font=Dictionary(F=pdf.make_indirect(font)))
        page.obj[Name.Contents] = pdf.make_stream(b"0 0 90 90 re f BT /F 30 Tf 20 100 Td (ABCD) Tj ET")
        pdf.save(tmp_path / "a.pdf")
    remarks = read_page(tmp_path / "a.pdf", 1).remarks
    assert any("não puderam ser desenhadas" in said for said in remarks) == told


def test_a_space_and_hidden_text_leave_no_gap(page_with):
    assert not page_with(b"\0 \x30\0", "/UniGB-UTF16-H", "GB1").remarks
    hidden = page_with("\u7a05".encode("utf-16-be"), "/UniGB-UTF16-H", "GB1", mode=3)
    assert not any("desenhadas" in said for said in hidden.remarks)


@pytest.mark.parametrize(("letters", "told"), [(b"(NOTIFICACAO)", True), (b"(  )", False)])
def test_text_that_comes_out_white_is_reported_and_keeps_its_page(tmp_path, letters, told):
    """White letters, or a font whose glyphs are empty; a word processor's empty page has a blank or two."""
    fonts = b"/Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>"
    (tmp_path / "a.pdf").write_bytes(
        one_page(stream(b"", b"1 g BT /F 30 Tf 50 50 Td %s Tj ET" % letters), resources=fonts)
    )
    page = read_page(tmp_path / "a.pdf", 1)
    assert any("saiu toda branca" in said for said in page.remarks) == page.never_blank == told


def test_the_name_of_a_font_need_not_be_text(page_with):
    """Printer drivers of East Asia write names in their own encodings."""
    (said,) = page_with(GLYPHS, "/Identity-H", name="/#cb#ce#cc#e5-Times").remarks
    assert "fonte -Times, que não está no PDF" in said
