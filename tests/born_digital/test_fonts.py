"""The typefaces of born-digital pages, as Word, LaTeX, LibreOffice and printers embed them: a page stays text only if every
letter that it sets is in the program, as wide as the page says, and found there without a guess."""

import contextlib

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from itrwatch.born_digital.content import Copy
from itrwatch.born_digital.entries import UnfitError
from itrwatch.born_digital.font_check import judge_fonts
from itrwatch.pdf.letters import FontError
from tests.typefaces import CODES, compact, truetype, type1

SYMBOLIC, LETTERS = 4, 32
HEXADECIMAL = "BT /F 12 Tf <{}> Tj ET"
ARRAY = "BT /F 12 Tf [<{}> -30 <{}>] TJ ET"


class Page:
    """A page in the making that sets letters in one font, /F."""

    def __init__(self):
        self.pdf = pikepdf.new()
        self.font = Dictionary()

    def descriptor(self, flags=LETTERS, **program):
        made = Dictionary(Type=Name.FontDescriptor, FontName=Name.Casa, Flags=flags, FontBBox=Array([0, 0, 700, 500]))
        for key, stream in program.items():
            made[f"/{key}"] = stream
        return self.pdf.make_indirect(made)

    def letters(self, kind, widths=(600, 700), *, first=65, flags=LETTERS, encoding=None, **program):
        """A font of one byte a letter; ``encoding`` by name, or the changes to one."""
        self.font = Dictionary(Type=Name.Font, Subtype=Name(f"/{kind}"), BaseFont=Name.Casa, FirstChar=first)
        self.font.LastChar, self.font.Widths = first + len(widths) - 1, Array(widths)
        self.font.FontDescriptor = self.descriptor(flags, **program)
        if encoding is not None:
            self.font.Encoding = encoding
        return self

    def numbers(self, kind, widths, program, *, places=None):
        """A font of two bytes a letter."""
        descendant = Dictionary(Type=Name.Font, Subtype=Name(f"/{kind}"), BaseFont=Name.Casa, W=Array(widths))
        descendant.CIDSystemInfo = Dictionary(Registry=String("Adobe"), Ordering=String("Identity"), Supplement=0)
        descendant.FontDescriptor = self.descriptor(**program)
        if places is not None:
            descendant.CIDToGIDMap = places
        self.font = Dictionary(Type=Name.Font, Subtype=Name.Type0, BaseFont=Name.Casa, Encoding=Name("/Identity-H"))
        self.font.DescendantFonts = Array([self.pdf.make_indirect(descendant)])
        return self

    def judge(self, text, content=HEXADECIMAL):
        """Take the page over as a worker does, and judge what was made."""
        resources = Dictionary(Font=Dictionary(F=self.pdf.make_indirect(self.font)))
        instructions = self.pdf.make_stream(content.replace("{}", text.encode("latin-1").hex()).encode())
        with pikepdf.new() as target:
            judge_fonts(Copy(target).form(instructions, resources, Array([0, 0, 600, 800]), None))

    def stream(self, data, **entries):
        return self.pdf.make_stream(data, Dictionary(**entries))


@pytest.fixture
def page():
    return Page()


@contextlib.contextmanager
def drawn_for(reason, error=FontError):
    with pytest.raises(error, match=reason):
        yield


def changed(*differences, base=None):
    made = Dictionary(Differences=Array(differences))
    if base:
        made.BaseEncoding = base
    return made


# Letters of one byte: Word, LaTeX, old printers


def latex(page, *how, **program):
    data, lengths = type1(*how, **program)
    return {"FontFile": page.stream(data, **{f"Length{n}": length for n, length in enumerate(lengths, 1)})}


def test_latex_with_a_program_of_type_1(page):
    page.letters("Type1", **latex(page)).judge("AB")
    page.letters("Type1", encoding=changed(1, Name.A, Name.B), first=1, **latex(page)).judge("\1\2")
    with drawn_for("code 67 is None wide"):
        page.letters("Type1", (600, 700, 600), **latex(page)).judge("ABC")


def test_latex_with_letters_in_finer_units_slanted_and_condensed(page):
    for matrix in ("0.0005 0 0 0.0005 0 0", "0.0005 0 0 0.001 0 0", "0.0005 0 0.0001 0.0005 0 0"):
        page.letters("Type1", (300, 350), **latex(page, matrix=matrix)).judge("AB")
        with drawn_for("code 65 is 300.0 wide, 600.0"):
            page.letters("Type1", **latex(page, matrix=matrix)).judge("AB")
    for matrix in ("0.001 0.0001 0 0.001 0 0", "0.001 0 0 0.001 5 0"):
        with drawn_for("climb"):
            page.letters("Type1", **latex(page, matrix=matrix)).judge("AB")


def test_latex_with_letters_that_share_nothing(page):
    """A subset of few letters may come without subroutines."""
    page.letters("Type1", **latex(page, subroutines=False)).judge("AB")


def test_an_encoding_of_the_programs_own(page):
    own = "256 array\n0 1 255 {1 index exch /.notdef put} for\ndup 1 /A put\ndup 2 /B put\nreadonly"
    page.letters("Type1", first=1, **latex(page, own)).judge("\1\2")
    with drawn_for("code 65 is None wide"):
        page.letters("Type1", **latex(page, own)).judge("A")


@pytest.mark.parametrize("encoding", [None, Name.WinAnsiEncoding, changed(65, Name.A, base=Name.MacRomanEncoding)])
def test_ghostscript_with_a_compact_program(page, encoding):
    program = {"FontFile3": page.stream(compact(), Subtype=Name.Type1C)}
    page.letters("Type1", encoding=encoding, **program).judge("AB")
    page.judge("B", ARRAY)
    page.font.Widths = Array([600, 650])
    page.judge("A")
    with drawn_for("code 66 is 700.0 wide, 650.0"):
        page.judge("AB")


def test_a_compact_program_in_finer_units(page):
    program = {"FontFile3": page.stream(compact(em=2048), Subtype=Name.Type1C)}
    page.letters("Type1", (293,), **program).judge("A")
    with drawn_for("wide, 600.0"):
        page.letters("Type1", (600,), **program).judge("A")


def test_widths_that_the_page_does_not_list(page):
    """Such a letter is as wide as MissingWidth says; without one it is a letter of no width."""
    page.letters("Type1", (600,), **latex(page))
    with drawn_for("code 66 is 700.0 wide, 0.0"):
        page.judge("AB")
    page.font.FontDescriptor.MissingWidth = 700
    page.judge("AB")


def test_word_with_letters_of_truetype(page):
    program = page.stream(truetype())
    page.letters("TrueType", encoding=Name.WinAnsiEncoding, FontFile2=program).judge("AB")
    page.letters("TrueType", encoding=changed(1, Name.B, base=Name.WinAnsiEncoding), FontFile2=program)
    page.font.FirstChar, page.font.Widths = 1, Array([700])
    page.judge("\1")
    page.font.Widths = Array([600])
    with drawn_for("code 1 is 700.0 wide, 600.0"):
        page.judge("\1")


def test_letters_that_truetype_programs_have_only_for_a_macintosh(page):
    program = page.stream(truetype(_1_0=CODES))
    page.letters("TrueType", encoding=Name.MacRomanEncoding, FontFile2=program).judge("AB")
    with drawn_for("without a table of letters"):
        page.letters("TrueType", encoding=changed(1, Name.B, base=Name.MacRomanEncoding), FontFile2=program).judge("B")
    with drawn_for("without a table of letters"):
        program = page.stream(truetype(_3_0=CODES))
        page.letters("TrueType", encoding=Name.WinAnsiEncoding, FontFile2=program).judge("B")


@pytest.mark.parametrize("encoding", [None, Name.StandardEncoding, changed(65, Name.A)])
def test_letters_of_truetype_that_would_have_to_be_guessed(page, encoding):
    with drawn_for("without an encoding"):
        page.letters("TrueType", encoding=encoding, FontFile2=page.stream(truetype())).judge("AB")


@pytest.mark.parametrize(
    "tables",
    [
        {"_3_0": {0xF041: "A", 0xF142: "B", 0x2022: "A"}},  # the bullets of Word
        {"_3_0": CODES, "_1_0": {}},
        {"_1_0": CODES},  # the subsets of LibreOffice
    ],
)
def test_signs_of_truetype(page, tables):
    program = page.stream(truetype(**tables))
    page.letters("TrueType", flags=SYMBOLIC, FontFile2=program).judge("AB")
    with drawn_for("code 67 is None wide"):
        page.judge("C")


def test_signs_of_truetype_that_would_have_to_be_guessed(page):
    with drawn_for("symbolic"):
        program = page.stream(truetype(_3_1=CODES, _1_0=CODES))
        page.letters("TrueType", flags=SYMBOLIC, FontFile2=program).judge("A")
    with drawn_for("symbolic"):
        page.letters(
            "TrueType", flags=SYMBOLIC, encoding=Name.WinAnsiEncoding, FontFile2=page.stream(truetype())
        ).judge("A")


# Letters of two bytes: Word's newer ways, typesetters


def test_numbers_of_truetype(page):
    program = {"FontFile2": page.stream(truetype())}
    page.numbers("CIDFontType2", [1, Array([600, 700])], program).judge("\0\1\0\2")
    page.numbers("CIDFontType2", [1, 1, 600, 2, 9, 700], program, places=Name.Identity).judge("\0\1\0\2")
    with drawn_for("code 3 is None wide"):
        page.judge("\0\1\0\3")
    places = page.stream(bytes([0, 0, 0, 2, 0, 1]))
    page.numbers("CIDFontType2", [1, Array([700, 600])], program, places=places).judge("\0\1\0\2")
    with drawn_for("is None wide, 1000.0"):
        page.judge("\0\0")
    with drawn_for("a map of /Mine", UnfitError):
        page.numbers("CIDFontType2", [], program, places=Name.Mine).judge("\0\1")


@pytest.mark.parametrize("cids", [False, True])
def test_numbers_of_compact_programs(page, cids):
    program = {"FontFile3": page.stream(compact(cids=cids), Subtype=Name.CIDFontType0C)}
    page.numbers("CIDFontType0", [1, Array([600, 700])], program).judge("\0\1\0\2")
    for code in ("\0\0", "\0\3"):
        with drawn_for("is None wide"):
            page.judge(code)


def test_numbers_of_compact_programs_in_finer_units(page):
    program = {"FontFile3": page.stream(compact(em=2048), Subtype=Name.CIDFontType0C)}
    page.numbers("CIDFontType0", [1, Array([293])], program).judge("\0\1")
    parts = {"FontFile3": page.stream(compact(em=2048, cids=True), Subtype=Name.CIDFontType0C)}
    with drawn_for("another size"):
        page.numbers("CIDFontType0", [1, Array([293])], parts).judge("\0\1")


def test_a_letter_cut_in_half(page):
    program = {"FontFile2": page.stream(truetype())}
    with drawn_for("half a code"):
        page.numbers("CIDFontType2", [1, Array([600, 700])], program).judge("\0\1\0")


# Programs that are not there


@pytest.mark.parametrize("kind", ["CIDFontType0", "CIDFontType2", "Type3Composite"])
def test_numbers_without_their_program(page, kind):
    with drawn_for("/Casa is not embedded", UnfitError):
        page.numbers(kind, [], {"FontFile": page.stream(b"x")}).judge("\0\1")


def test_text_before_any_font_was_chosen():
    """Never made by `Copy`, which refuses it; the judge does not take its word for it."""
    with pikepdf.new() as pdf, drawn_for("text without a font"):
        judge_fonts(pdf.make_stream(b"BT (A) Tj ET", Resources=Dictionary()))
