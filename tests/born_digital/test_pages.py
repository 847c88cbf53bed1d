"""Born-digital pages: their text stays text where PDF/A-3b allows it, and is drawn as before where not."""

import functools
import io
import shutil
import subprocess
import zlib
from pathlib import Path

import numpy as np
import pikepdf
import pypdfium2 as pdfium
import pytest
from fontTools.ttLib import TTFont
from pikepdf import Array, Dictionary, Name, String
from PIL import Image, ImageCms

from itrwatch.born_digital.font_check import judge_fonts
from itrwatch.born_digital.page import vector_page
from itrwatch.core.pages import Encoding, PageOverride, PageRef
from itrwatch.core.settings import ImageConfig, StampConfig
from itrwatch.pdf.letters import FontError
from itrwatch.pdf.part_info import DocumentInfo, page_bytes
from itrwatch.pdf.stamp_font import font_of
from itrwatch.pdf.standard_subsets import top_of
from itrwatch.pdf.typeface import letters, typeface
from itrwatch.pdf.verifying import VerifyError, verify_part
from itrwatch.pdf.writing import PartPage, write_part
from itrwatch.workers.page_task import work_page
from itrwatch.workers.tasks import PageDone, PageTask, unspooled
from tests.hostile_files import shorter
from tests.office import scan_bytes
from tests.pdf_tools import preflight, qpdf_check, render_gs, render_pdfium, render_poppler, words

WIDTH, HEIGHT = 600, 840  # whole pixels at 75 dpi, however the page is turned
SIDECAR = "secoes:\n  - notificacao: noti.pdf\n"
LINES = [f"linha {n}: a Fazenda Boa Vista tem 1.2{n:02d},5 hectares de area sem uso" for n in range(24)]
ALPHABET = StampConfig(format="".join(sorted(set("".join(LINES)))).replace("{", "").replace("}", "") + "Processo {n}")
PART_1_ONLY = ("Invalid version of the ICCProfile", "part must be 1", "The Charset entry is missing", "CIDSet")
"""What preflight, which knows PDF/A-1 only, says against PDF/A-3: ICC profiles of version 4 came with part 2, where
part 2 and 3 say so in the metadata, and list the letters of a subset (CharSet, CIDSet) only if they like."""


def encoded(text):
    return text.encode("cp1252").hex()


def lines(font="F", size=11, top=700, codes=encoded):
    """Twenty-four lines of text that begin under the header."""
    shown = [f"BT /{font} {size} Tf 60 {top - 22 * n} Td <{codes(line)}> Tj ET" for n, line in enumerate(LINES)]
    return "\n".join(shown)


DRAWING = "q 0.8 0.1 0.1 rg 60 120 120 40 re f Q q 0.1 0.1 0.7 RG 2 w 220 120 m 330 160 l S Q"
PAGE = f"{lines()}\n{DRAWING}"


class Book:
    """A born-digital PDF in the making; ``font`` is embedded whole."""

    def __init__(self):
        self.pdf = pikepdf.new()
        self.font = font_of(self.pdf, typeface(), letters(ALPHABET.format))

    def page(self, content=PAGE, **resources):
        """Another page; ``resources`` beside the font F."""
        made = self.pdf.add_blank_page(page_size=(WIDTH, HEIGHT))
        fonts = {"/F": self.font, **resources.pop("Font", {})}
        made.obj.Resources = Dictionary(Font=Dictionary(fonts), **{k: Dictionary(v) for k, v in resources.items()})
        made.obj.Contents = self.pdf.make_stream(content.encode("latin-1") if isinstance(content, str) else content)
        return made.obj

    def image(self, pixels, **entries):
        image = Dictionary(Type=Name.XObject, Subtype=Name.Image, BitsPerComponent=8, Filter=Name.FlateDecode)
        image.Width, image.Height = pixels.shape[1], pixels.shape[0]
        image.ColorSpace = Name.DeviceRGB if pixels.ndim == 3 else Name.DeviceGray
        for key, value in entries.items():
            image[f"/{key}"] = value
        return self.pdf.make_stream(zlib.compress(pixels.tobytes()), image)

    def save(self, path):
        self.pdf.save(path)
        return path

    def bytes(self):
        out = io.BytesIO()
        self.pdf.save(out)
        return out.getvalue()


@functools.cache
def small_picture():
    down, across = np.mgrid[0:60, 0:90]
    return np.stack([down * 4, across * 2, 255 - down * 4], axis=2).astype(np.uint8)


@pytest.fixture
def book():
    return Book()


@pytest.fixture
def done(tmp_path):
    """A page of a PDF done as a worker does it: the `PageDone` and its sheet."""

    def do(path, page=1, turn=0, **image):
        override = PageOverride(turn=turn, keep=True)
        spool = tmp_path / f"spool{page}"
        answer = work_page(
            PageTask(path.parent, PageRef(path.name, page), override, StampConfig(), 999, ImageConfig(**image), spool)
        )
        assert isinstance(answer, PageDone), answer
        return unspooled(spool)

    return do


@pytest.fixture
def part(tmp_path, done):
    """All pages of a PDF written as NOTI.pdf and verified; the path, and the encodings of the pages."""

    def make(source, turn=0, stamped=True):
        path = source if isinstance(source, Path) else source.save(tmp_path / "scan.pdf")
        with pikepdf.open(path) as pdf:
            sheets = [done(path, number, turn) for number in range(1, len(pdf.pages) + 1)]
        pages = [PartPage(sheet, number if stamped else None, "x") for number, sheet in enumerate(sheets, 1)]
        out = tmp_path / "NOTI.pdf"
        write_part(out, pages, (), DocumentInfo("t", "p"), StampConfig())
        stamps = [f"Fls. {page.folha}" if stamped else "" for page in pages]
        verify_part(out, [(sheet.width, sheet.height) for sheet in sheets], stamps)
        assert out.stat().st_size <= 9000 + sum(map(page_bytes, sheets))
        return out, [sheet.encoding for sheet in sheets]

    return make


def text_of(path, index=0):
    with pdfium.PdfDocument(path) as pdf:
        return " ".join(pdf[index].get_textpage().get_text_range().split())


def said(path, index=0):
    return " ".join(word.text for word in words(path, index))


def seen(render, path, index=0, dpi=75):
    """The page at ``dpi`` from a drawing four times as fine, so that it matters little on which pixels letters lie."""
    picture = render(path, index, 4 * dpi)
    high, wide = (side // 4 for side in picture.shape[:2])
    return picture[: 4 * high, : 4 * wide].reshape(high, 4, wide, 4, 3).mean(axis=(1, 3))


def same_picture(one, other, tolerance=40):
    """Whether two drawings differ only in how edges are smoothed, the number's corner apart."""
    assert abs(one.shape[0] - other.shape[0]) <= 1, (one.shape, other.shape)
    assert abs(one.shape[1] - other.shape[1]) <= 1, (one.shape, other.shape)
    high, wide = np.minimum(one.shape, other.shape)[:2]
    one, other = (picture[:high, :wide].astype(int) for picture in (one, other))
    apart = np.abs(one - other)
    apart[: high // 9, 2 * wide // 3 :] = 0
    return apart.max() <= tolerance


# Whole cases


def test_a_case_keeps_the_text_of_a_born_digital_page(office, book):
    book.page()
    book.page(f"{lines(top=600)} {DRAWING}")
    office.case(SIDECAR, noti_pdf=book.bytes())
    manifest = office.do()
    assert [page.encoding for page in manifest.pages] == [Encoding.VECTOR] * 2
    noti = office.out() / "NOTI.pdf"
    for index in range(2):
        for text in (text_of(noti, index), said(noti, index)):
            assert all(line in text for line in LINES)
            assert f"Fls. {index + 1}" in text
    assert noti.read_bytes().startswith(b"%PDF-1.7\n")
    assert noti.stat().st_size < 40_000
    assert qpdf_check(noti) == []


def test_the_same_case_gives_the_same_bytes(office, book):
    book.page(XObject={"/I": book.image(small_picture())}, content=f"{PAGE} q 90 0 0 60 400 120 cm /I Do Q")
    office.case(SIDECAR, noti_pdf=book.bytes())
    office.do()
    first = (office.out() / "NOTI.pdf").read_bytes()
    shutil.rmtree(office.out())
    assert office.do().pages[0].encoding is Encoding.VECTOR
    assert (office.out() / "NOTI.pdf").read_bytes() == first


def test_pages_of_pixels_and_pages_of_text_live_in_one_file(office, book):
    book.page()
    scan = scan_bytes("A", dpi=200)
    office.case("secoes:\n  - notificacao: [noti.pdf, scan.pdf]\n", noti_pdf=book.bytes(), scan_pdf=scan)
    vector, pixels = office.do().pages
    assert vector.encoding is Encoding.VECTOR
    assert pixels.encoding is not Encoding.VECTOR
    assert text_of(office.out() / "NOTI.pdf", 1) == "Fls. 2"


def test_a_file_without_text_pages_stays_pdf_1_4(office):
    office.case(SIDECAR, noti_pdf=scan_bytes("A", dpi=200))
    office.do()
    assert (office.out() / "NOTI.pdf").read_bytes().startswith(b"%PDF-1.4\n")


def test_turning_what_lies_on_its_side(office, book):
    book.page().Rotate = 90
    office.case("secoes:\n  - tipo: notificacao\n    arquivo: noti.pdf\n    girar: {1: 270}\n", noti_pdf=book.bytes())
    assert office.do().pages[0].encoding is Encoding.VECTOR
    picture = seen(render_pdfium, office.out() / "NOTI.pdf")
    original = Book()
    original.page()
    plain = seen(render_pdfium, original.save(office.out().parent / "upright.pdf"))
    assert same_picture(picture, plain)


# What is shown


@pytest.mark.parametrize("render", [render_pdfium, render_poppler, render_gs])
def test_every_reader_shows_the_original(render, book, part, tmp_path):
    book.page()
    out, encodings = part(book, stamped=False)
    assert encodings == [Encoding.VECTOR]
    assert same_picture(seen(render, out), seen(render, tmp_path / "scan.pdf"))


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_every_turn(rotate, turn, book, part, tmp_path):
    page = book.page()
    page.Rotate = rotate
    out, encodings = part(book, turn, stamped=False)
    assert encodings == [Encoding.VECTOR]
    page.Rotate = (rotate + turn) % 360
    turned = book.save(tmp_path / "turned.pdf")
    for render in (render_pdfium, render_poppler):
        assert same_picture(seen(render, out), seen(render, turned))
    assert all(line in said(out) for line in LINES)


def test_boxes_and_units(book, part, tmp_path):
    page = book.page(f"{PAGE} 1 0 0 rg -100 -100 300 160 re f")
    page.MediaBox, page.CropBox, page.UserUnit = Array([-50, -20, 700, 900]), Array([20, 30, 580, 1000]), 1.5
    page.Rotate = 90
    out, encodings = part(book, stamped=False)
    assert encodings == [Encoding.VECTOR]
    with pdfium.PdfDocument(out) as pdf:
        assert pdf[0].get_size() == pytest.approx((870 * 1.5, 560 * 1.5))
    larger = seen(render_pdfium, tmp_path / "scan.pdf", dpi=75 * 1.5)  # pdfium leaves the unit to its callers
    assert same_picture(seen(render_pdfium, out), larger)


def test_a_full_corner_gives_a_strip_above(book, part):
    header = "\n".join(f"BT /F 16 Tf 0 {y} Td <{encoded('muita linha ' * 9)}> Tj ET" for y in range(740, 830, 12))
    book.page(f"{header}\n{PAGE}")
    out, encodings = part(book)
    assert encodings == [Encoding.VECTOR]
    with pdfium.PdfDocument(out) as pdf:
        assert pdf[0].get_height() > HEIGHT + 10
    (fls,) = [word for word in words(out, 0) if word.text == "Fls."]
    first = min(word.top for word in words(out, 0) if word.text == "muita")
    assert (fls.top + fls.bottom) / 2 < first


def test_pictures_stencils_palettes_and_gradients_stay(book, part, tmp_path):
    grey = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    profile = Array([Name.ICCBased, book.pdf.make_stream(grey, N=3)])
    stencil = book.pdf.make_stream(
        bytes([0xAA] * 32),
        Dictionary(Type=Name.XObject, Subtype=Name.Image, Width=16, Height=16, BitsPerComponent=1, ImageMask=True),
    )
    palette = Array([Name.Indexed, Name.DeviceRGB, 1, String(b"\xff\x00\x00\x00\x00\xff")])
    indexed = book.image(np.indices((20, 20)).sum(0).astype(np.uint8) % 2, ColorSpace=palette)
    fade = Dictionary(FunctionType=2, Domain=Array([0, 1]), C0=Array([1, 0, 0]), C1=Array([0, 0, 1]), N=1)
    axial = Dictionary(ShadingType=2, ColorSpace=profile, Function=fade, Coords=Array([0, 0, 100, 0]))
    inner = book.pdf.make_stream(
        b"/Pattern cs /P1 scn 0 0 50 50 re f 0.5 g 5 5 10 10 re f",
        Dictionary(
            Type=Name.XObject,
            Subtype=Name.Form,
            BBox=Array([0, 0, 60, 60]),
            Matrix=Array([0, 1, -1, 0, 60, 0]),
            Group=Dictionary(S=Name.Transparency),
            Resources=Dictionary(Pattern=Dictionary(P1=Dictionary(PatternType=2, Shading=axial))),
        ),
    )
    soft = book.image(np.full((60, 90), 255, np.uint8))
    picture = book.image(small_picture(), Interpolate=True, SMask=soft, ColorSpace=profile)
    objects = {"/I": picture, "/S": stencil, "/N": indexed, "/X": inner}
    content = (
        f"/Artifact <</MCID 3>> BDC {lines(top=720)} EMC q 90 0 0 60 60 20 cm /I Do Q q 40 0 0 40 170 20 cm /S Do Q "
        "q 40 0 0 40 230 20 cm /N Do Q q 1 0 0 1 300 20 cm /X Do Q q 1 0 0 1 400 20 cm 0 0 90 60 re W n /A sh Q "
        "q /CS0 cs 0 0.5 0 sc 500 20 30 30 re f Q /G gs q 20 0 0 20 540 20 cm "
        "BI /W 2 /H 2 /BPC 8 /CS /G /F /AHx ID 00FF80C0> EI Q q"
    )
    state = Dictionary(LW=2, ca=1, CA=1, BM=Name.Normal, SMask=Name("/None"), OP=True, SA=True)
    resources = {"XObject": objects, "Shading": {"/A": axial}, "ColorSpace": {"/CS0": profile}}
    page = book.page(content, **resources, ExtGState={"/G": state})
    page.Group = Dictionary(S=Name.Transparency, CS=Name.DeviceRGB)
    out, encodings = part(book, stamped=False)
    assert encodings == [Encoding.VECTOR]
    for render in (render_pdfium, render_poppler):
        assert same_picture(seen(render, out), seen(render, tmp_path / "scan.pdf"))
    assert_fit(out)


# PDF/A


def test_black_of_cmyk_is_black(book, part, tmp_path):
    book.page(f"0 0 0 1 k {PAGE} 0 0 0 0.5 k 300 60 30 30 re f 0 0 0 1 K 350 60 30 30 re S")
    out, encodings = part(book)
    assert encodings == [Encoding.VECTOR]
    assert same_picture(seen(render_pdfium, out), seen(render_pdfium, tmp_path / "scan.pdf"))
    assert_fit(out)


FILLED = "/Pattern cs /P scn 60 40 80 60 re f"


def cell(book, paint=1, **entries):
    """A pattern of tiles of 8 pt: a blue square with a picture in it, or a square in the colour that is given."""
    tile = Dictionary(PatternType=1, PaintType=paint, TilingType=1, BBox=Array([0, 0, 8, 8]), XStep=8, YStep=8)
    for key, value in entries.items():
        tile[f"/{key}"] = value
    picture = book.image(np.full((4, 4, 3), (250, 120, 20), np.uint8))
    tile.Resources = Dictionary(XObject=Dictionary(I=picture)) if paint == 1 else Dictionary()
    inner = b"0 0 1 rg 0 0 5 5 re f q 2 0 0 2 1 1 cm /I Do Q" if paint == 1 else b"0 0 5 5 re f"
    return book.pdf.make_indirect(book.pdf.make_stream(inner, tile))


@pytest.mark.parametrize("render", [render_pdfium, render_poppler, render_gs])
@pytest.mark.parametrize("rotate", [0, 90])
@pytest.mark.parametrize("coloured", [True, False])
def test_areas_filled_with_tiles_stay(coloured, rotate, render, book, part, tmp_path):
    """Hatchings and screens of word processors; a stencil that is filled with a picture."""
    askew = Array([0.9, 0.2, -0.2, 0.9, 3, 0])
    if coloured:
        spaces, filled = {"/C": Name.Pattern}, FILLED.replace("/Pattern cs", "/C cs")
    else:
        spaces, filled = (
            {"/C": Array([Name.Pattern, Name.DeviceRGB])},
            FILLED.replace("/Pattern cs /P", "/C cs 0 0.5 0 /P"),
        )
    pattern = cell(book, 1 if coloured else 2, Matrix=askew)
    page = book.page(f"{PAGE} {filled}", ColorSpace=spaces, Pattern={"/P": pattern})
    page.Rotate = rotate
    out, encodings = part(book)
    assert encodings == [Encoding.VECTOR]
    assert same_picture(seen(render, out), seen(render, tmp_path / "scan.pdf"), tolerance=60)
    assert_fit(out)


def assert_fit(path):
    """Nothing that PDF/A-3 forbids, as far as PDFBox's validator of part 1 can tell, and nothing of the old page."""
    complaints = [line for line in preflight(path) if not any(rule in line for rule in PART_1_ONLY)]
    assert complaints == []
    with pikepdf.open(path) as pdf:
        for item in pdf.objects:
            if isinstance(item, pikepdf.Stream | Dictionary):
                assert not set(item.keys()) & FORBIDDEN, item.keys()


FORBIDDEN = {
    *("/StructParents", "/StructParent", "/PieceInfo", "/Thumb", "/AA", "/Group", "/SMask", "/Interpolate", "/OC"),
    *("/Alternates", "/OPI", "/Annots", "/JavaScript", "/JS", "/URI", "/EmbeddedFiles", "/ca", "/CA", "/BM", "/TR"),
    *("/CharSet", "/CIDSet", "/LastModified", "/Rotate", "/CropBox"),
}


def test_preflight_says_nothing_that_concerns_part_3(book, part):
    book.page()
    out, encodings = part(book)
    assert encodings == [Encoding.VECTOR]
    assert_fit(out)


def test_what_hangs_on_a_page_does_not_come_along(book, part):
    page = book.page()
    page.StructParents, page.PieceInfo = 0, Dictionary(X=Dictionary(Private=String("secret")))
    page.Thumb, page.Metadata = book.image(small_picture()), book.pdf.make_stream(b"<x/>")
    link = Dictionary(S=Name.URI, URI=String("https://example.org"))
    page.Annots = Array([Dictionary(Subtype=Name.Link, Rect=Array([60, 700, 200, 712]), A=link)])
    page.Resources.XObject = Dictionary(Unused=book.image(np.zeros((500, 500), np.uint8)))
    out, encodings = part(book)
    assert encodings == [Encoding.VECTOR]
    assert_fit(out)
    assert out.stat().st_size < 30_000
    assert b"secret" not in out.read_bytes()


def test_lzw_becomes_flate(book, part):
    page = book.page()
    raw = page.Contents.read_bytes()
    page.Contents = book.pdf.make_stream(raw.hex().encode() + b">", Filter=Name.ASCIIHexDecode)
    table = "80 0B 60 50 22 0C 0C 85 01"  # the example of ISO 32000-1, 7.4.4.2: nine samples
    lzw = Dictionary(Type=Name.XObject, Subtype=Name.Image, Width=9, Height=1, BitsPerComponent=8)
    lzw.ColorSpace, lzw.Filter = Name.DeviceGray, Name.LZWDecode
    page.Resources.XObject = Dictionary(L=book.pdf.make_stream(bytes.fromhex(table), lzw))
    page.Contents = Array([page.Contents, book.pdf.make_stream(b" q 90 0 0 10 60 60 cm /L Do Q")])
    out, encodings = part(book)
    assert encodings == [Encoding.VECTOR]
    assert b"LZW" not in out.read_bytes()
    assert_fit(out)


def composite(book):
    """The same typeface as a CID font, two bytes a letter; codes by character."""
    program = book.font.FontDescriptor.FontFile2.read_bytes()
    with TTFont(io.BytesIO(program)) as font:
        places = {chr(code): font.getGlyphID(name) for code, name in font.getBestCmap().items()}
    face = typeface()
    widths = {place: face.width(letter, 1000) for letter, place in places.items()}
    descendant = Dictionary(
        Type=Name.Font,
        Subtype=Name.CIDFontType2,
        BaseFont=book.font.BaseFont,
        CIDSystemInfo=Dictionary(Registry=String("Adobe"), Ordering=String("Identity"), Supplement=0),
        FontDescriptor=book.font.FontDescriptor,
        W=Array([item for place, width in sorted(widths.items()) for item in (place, Array([round(width)]))]),
    )
    font = Dictionary(Type=Name.Font, Subtype=Name.Type0, BaseFont=book.font.BaseFont, Encoding=Name("/Identity-H"))
    font.DescendantFonts = Array([book.pdf.make_indirect(descendant)])
    pairs = "\n".join(f"<{place:04x}> <{ord(letter):04x}>" for letter, place in list(places.items())[:99])
    cmap = (
        f"1 begincodespacerange <0000> <ffff> endcodespacerange {len(pairs.splitlines())} beginbfchar {pairs} endbfchar"
    )
    font.ToUnicode = book.pdf.make_stream(f"begincmap {cmap} endcmap".encode())
    return book.pdf.make_indirect(font), places


def test_fonts_of_two_bytes_a_letter(book, part):
    font, places = composite(book)
    content = lines("C", codes=lambda text: "".join(f"{places[letter]:04x}" for letter in text))
    book.page(f"{content} {DRAWING}", Font={"/C": font})
    out, encodings = part(book)
    assert encodings == [Encoding.VECTOR]
    assert all(line in said(out) for line in LINES)
    assert_fit(out)


@pytest.fixture(scope="module")
def ghostscripts(tmp_path_factory):
    """Type 1 letters in compact form, as Ghostscript writes them."""
    if not shutil.which("gs"):
        pytest.skip("Ghostscript is not installed")
    folder = tmp_path_factory.mktemp("gs")
    shown = "".join(f"60 {700 - 20 * n} moveto (Linha {n} em outra letra) show\n" for n in range(30))
    (folder / "page.ps").write_text(f"%!PS\n/Helvetica findfont 12 scalefont setfont\n{shown} showpage\n")
    out = folder / "gs.pdf"
    how = ["-q", "-dBATCH", "-dNOPAUSE", "-sDEVICE=pdfwrite", "-dPDFSETTINGS=/prepress", "-sPAPERSIZE=a4"]
    subprocess.run(["gs", *how, "-o", str(out), str(folder / "page.ps")], check=True, timeout=60)
    return out


def test_type_1_letters(ghostscripts, part):
    out, encodings = part(ghostscripts)
    assert encodings == [Encoding.VECTOR]
    assert "Linha 29 em outra letra" in said(out)
    assert_fit(out)


def test_a_typeface_is_in_the_file_once(book, part):
    for n in range(5):
        book.page(f"{PAGE} BT /F 30 Tf 60 50 Td <{encoded(f'Processo {n}')}> Tj ET")
    out, encodings = part(book)
    assert encodings == [Encoding.VECTOR] * 5
    with pikepdf.open(out) as pdf:
        programs = [item for item in pdf.objects if isinstance(item, pikepdf.Stream) and "/Length1" in item]
        assert len(programs) == 2  # the pages' and the number's


def test_shared_typefaces_do_not_weigh_on_every_page(book, done, tmp_path):
    book.page()
    sheet = done(book.save(tmp_path / "scan.pdf"))
    (layer,) = sheet.layers
    assert layer.coding == "form"
    assert layer.shared > 2000
    assert sheet.bytes == len(layer.data) - layer.shared
    assert page_bytes(sheet) > len(layer.data)


# The standard fonts, which most programs leave to the reader

FEW_LETTERS = "Notificação nº 7: “área” de 1.234,5 ha"


def standard(book, base_font, subtype=Name.Type1, text=FEW_LETTERS, **entries):
    """A page of 30 lines in a font whose program is not in the file."""
    font = Dictionary(Type=Name.Font, Subtype=subtype, BaseFont=base_font, Encoding=Name.WinAnsiEncoding)
    for key, value in entries.items():
        font[f"/{key}"] = value
    shown = text.encode("cp1252").hex()
    book.page(" ".join(f"BT /H 12 Tf 60 {700 - 20 * n} Td <{shown}> Tj ET" for n in range(30)), Font={"/H": font})


@pytest.mark.parametrize(
    ("base_font", "subtype", "program"),
    [
        (Name.Helvetica, Name.Type1, "ChromSansOTF"),
        (Name("/Arial,Bold"), Name.TrueType, "ChromSansOTF-Bold"),
        (Name("/Courier-Oblique"), Name.Type1, "ChromFixedOTF-Italic"),
    ],
)
def test_a_standard_font_gets_the_program_that_draws_it(base_font, subtype, program, book, part, tmp_path):
    standard(book, base_font, subtype)
    out, encodings = part(book)
    assert encodings == [Encoding.VECTOR]
    assert text_of(out).count(FEW_LETTERS) == 30
    with pikepdf.open(out) as pdf:
        assert any(str(item.get("/FontName")).endswith(f"+{program}") for item in pdf.objects if "/FontFile3" in item)
    ours, theirs = (seen(render_pdfium, path) for path in (out, tmp_path / "scan.pdf"))
    assert same_picture(ours, theirs, tolerance=1)
    assert same_picture(
        seen(render_poppler, out), ours, tolerance=100
    )  # edges; a stroke that is missing makes 150 and more
    assert out.stat().st_size < 14_000  # the whole program alone has 13 to 19 KB
    assert_fit(out)


def test_a_standard_font_without_encoding_or_with_its_own_letters(book, part):
    """Without one the codes are those of the standard encoding, in which 0xFA is “œ”."""
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    own = Dictionary(Type=Name.Encoding, Differences=Array([1, Name.ccedilla, Name.atilde, Name.o]))
    named = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name("/Times-Bold"), Encoding=own)
    shown = " ".join(f"BT /H 12 Tf 60 {700 - 40 * n} Td <63FA7572> Tj /N 12 Tf <010203> Tj ET" for n in range(15))
    book.page(shown, Font={"/H": font, "/N": named})
    out, encodings = part(book)
    assert encodings == [Encoding.VECTOR]
    assert text_of(out).count("cœurção") == 15


def test_letters_that_few_fonts_name_keep_their_page(book, part, tmp_path):
    """Superscripts and unused codes of WinAnsi, as in “m²”: a page with one became a picture of many times the size."""
    standard(book, Name.Helvetica, text="720 m² e 5³ · 1¹ \x7f")
    out, encodings = part(book)
    assert encodings == [Encoding.VECTOR]
    assert text_of(out).count("720 m² e 5³ · 1¹") == 30
    assert same_picture(seen(render_pdfium, out), seen(render_pdfium, tmp_path / "scan.pdf"), tolerance=1)


def test_a_font_for_every_line_is_one_font(book, part):
    """Some producers write it so: each weighed as much as a typeface, and the page became a picture."""
    fonts = {f"/H{n}": Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica) for n in range(40)}
    made = {key: book.pdf.make_indirect(font) for key, font in fonts.items()}
    book.page(" ".join(f"BT /H{n} 12 Tf 60 {800 - 19 * n} Td (linha {n}) Tj ET" for n in range(40)), Font=made)
    out, encodings = part(book)
    assert encodings == [Encoding.VECTOR]
    assert text_of(out).count("linha") == 40
    with pikepdf.open(out) as pdf:
        assert sum(item.get("/Type") == Name.Font for item in pdf.objects if isinstance(item, Dictionary)) < 5


def test_letters_without_a_width_of_their_own_have_that_of_the_descriptor(book, part, tmp_path):
    """Old programs count from the first visible letter: the blank has /MissingWidth, and was left out."""
    described = Dictionary(Type=Name.FontDescriptor, FontName=Name.Helvetica, Flags=32, MissingWidth=278)
    described.update({"/FontBBox": Array([-166, -225, 1000, 931])})
    widths = {"FirstChar": 65, "LastChar": 66, "Widths": Array([667, 667])}
    standard(book, Name.Helvetica, text="A B A B", FontDescriptor=described, **widths)
    out, encodings = part(book)
    assert encodings == [Encoding.VECTOR]
    assert text_of(out).count("A B A B") == 30
    assert same_picture(seen(render_pdfium, out), seen(render_pdfium, tmp_path / "scan.pdf"), tolerance=1)


def test_letters_of_other_widths_are_placed_as_they_are_drawn(book, part, done, tmp_path):
    """The width of “@” is 975 everywhere but in pdfium's program; a page with it does not share that program with others."""
    widths = {"A": 500, "B": 900, "@": 975}
    spread = Array([widths.get(chr(code), 0) for code in range(64, 67)])
    standard(book, Name("/Helvetica-Bold"), text="A@AB@", FirstChar=64, LastChar=66, Widths=spread)
    out, encodings = part(book)
    assert encodings == [Encoding.VECTOR]
    assert text_of(out).count("A@AB@") == 30
    assert same_picture(seen(render_pdfium, out), seen(render_pdfium, tmp_path / "scan.pdf"), tolerance=8)
    for _ in range(4):
        book.page("")
    assert done(book.save(tmp_path / "many.pdf")).encoding is Encoding.VECTOR


@pytest.mark.parametrize("pages", [2, 6])
def test_pages_share_the_letters_of_a_standard_font(pages, book, part, tmp_path):
    """One program for all pages, with the letters of all of them and no others; and one for a page with other widths."""
    for number in range(pages):
        standard(book, Name.Helvetica, text=f"Folha {number}")
    standard(book, Name.Helvetica, text="WW", FirstChar=87, LastChar=87, Widths=Array([700]))
    out, encodings = part(book)
    assert encodings == [Encoding.VECTOR] * (pages + 1)
    with pikepdf.open(out) as pdf:
        programs = [
            item for item in pdf.objects if isinstance(item, pikepdf.Stream) and item.get("/Subtype") == "/Type1C"
        ]
        letters = {frozenset(top_of(program.read_bytes()).charset) - {".notdef"} for program in programs}
        figures = ["zero", "one", "two", "three", "four", "five"][:pages]
        assert letters == {frozenset("W"), frozenset(("F", "o", "l", "h", "a", "space", *figures))}
        assert len(programs) == 2
        assert not any("Whole" in key for item in pdf.objects if isinstance(item, Dictionary) for key in item)
        (fonts,) = {
            font.objgen
            for index in range(pages)
            for font in pdf.pages[index].Resources.XObject.I0.Resources.Font.values()
        }
        assert len(pdf.get_object(fonts).Widths) == ord("o") - ord(" ") + 1
    for index in range(pages + 1):
        ours, theirs = (seen(render_pdfium, path, index) for path in (out, tmp_path / "scan.pdf"))
        assert same_picture(ours, theirs, tolerance=8)
        for render in (render_poppler, render_gs):
            assert same_picture(seen(render, out, index), ours, tolerance=120)  # edges
    assert out.stat().st_size < 9_000 + 600 * pages  # a whole program has 13 KB
    assert_fit(out)


def test_a_standard_font_that_shows_nothing_leaves_no_trace(book, part):
    helvetica = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, Encoding=Name.WinAnsiEncoding)
    book.page(f"{PAGE} BT /H 9 Tf ET", Font={"/H": helvetica})
    out, encodings = part(book)
    assert encodings == [Encoding.VECTOR]
    assert_fit(out)
    with pikepdf.open(out) as pdf:
        assert not any("Whole" in key for item in pdf.objects if isinstance(item, Dictionary) for key in item)


def test_letters_of_a_pattern_get_their_program_as_well(book, part):
    helvetica = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, Encoding=Name.WinAnsiEncoding)
    tile = cell(book)
    tile.Resources = Dictionary(Font=Dictionary(H=helvetica))
    tile.write(b"BT /H 6 Tf 1 1 Td (x) Tj ET")
    book.page(f"{PAGE} {FILLED}", Pattern={"/P": tile})
    out, encodings = part(book)
    assert encodings == [Encoding.VECTOR]
    assert_fit(out)


# What is drawn as before


def unembedded(book):
    font = Dictionary(Type=Name.Font, Subtype=Name.TrueType, BaseFont=Name.Verdana, Encoding=Name.WinAnsiEncoding)
    book.page(f"{PAGE} BT /H 20 Tf 60 60 Td (Verdana) Tj ET", Font={"/H": font})


def unembedded_but_unused(book):
    """Not refused: what is not used is not taken along."""
    book.page(Font={"/H": Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Verdana)})


def no_such_letter(book):
    standard(book, Name.Helvetica, text="1 =", Encoding=Dictionary(Differences=Array([32, Name.summation])))


def masked_state(book):
    """A soft mask whose group says not what kind it is."""
    group = book.pdf.make_stream(b"q Q", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 9, 9]))
    mask = Dictionary(S=Name.Luminosity, G=group)
    book.page(f"{PAGE} /G gs", ExtGState={"/G": Dictionary(SMask=mask)})


def tiles_of_themselves(book):
    book.page(f"{PAGE} {FILLED}", Pattern={"/P": cell(book)})
    pattern = book.pdf.pages[0].obj.Resources.Pattern.P
    pattern.write(b"/Pattern cs /P scn 0 0 2 2 re f")
    pattern.Resources = Dictionary(Pattern=Dictionary(P=pattern))


def file_attached(book):
    """A paper clip that every viewer draws otherwise, and pdfium not at all."""
    book.page().Annots = Array([Dictionary(Subtype=Name.FileAttachment, Rect=Array([60, 40, 80, 60]))])


def missing_letters(book):
    """The page sets a letter that the embedded subset lacks."""
    book.page(f"{PAGE} BT /F 20 Tf 60 60 Td <{encoded('@')}> Tj ET")
    book.font.Widths, book.font.LastChar = Array([*book.font.Widths, *[0] * 20]), int(book.font.LastChar) + 20


def damaged_typeface(book):
    book.page()
    program = book.font.FontDescriptor.FontFile2
    program.write(program.read_bytes()[:500])


def words_under_the_number(book):
    hidden = encoded("Processo linha linha linha linha")
    rows = "\n".join(f"BT 3 Tr /F 9 Tf 420 {y} Td <{hidden}> Tj 0 Tr ET" for y in range(760, 842, 8))
    book.page(f"{rows}\n{PAGE}")


def heavy_picture(book):
    noise = np.random.default_rng(1).integers(0, 256, (400, 600, 3)).astype(np.uint8)
    picture = book.image(np.repeat(np.repeat(noise, 2, 0), 2, 1))
    book.page(f"{PAGE} q 120 0 0 80 60 40 cm /I Do Q", XObject={"/I": picture})


def damaged_jpeg(book):
    """A flipped bit with which the code ends early: readers show a picture, and the strict one that verifies the part refuses it."""
    code = io.BytesIO()
    Image.fromarray(small_picture()).save(code, "JPEG", quality=95)
    picture = book.image(small_picture())
    picture.write(next(shorter(code.getvalue())), filter=Name.DCTDecode)
    book.page(f"{PAGE} q 90 0 0 60 60 40 cm /I Do Q", XObject={"/I": picture})


FALLBACKS = [
    *(
        unembedded,
        masked_state,
        tiles_of_themselves,
    ),
    file_attached,
    *(
        missing_letters,
        no_such_letter,
        damaged_typeface,
        words_under_the_number,
        heavy_picture,
        damaged_jpeg,
    ),
]


@pytest.mark.parametrize("spoil", FALLBACKS)
def test_what_is_doubtful_is_drawn(spoil, book, part, tmp_path):
    spoil(book)
    out, encodings = part(book)
    assert encodings[0] in (Encoding.BITONAL, Encoding.MIXED, Encoding.PICTURE)
    assert text_of(out).endswith("Fls. 1")
    assert keeps_the_ink(tmp_path / "scan.pdf", out)


@pytest.mark.parametrize("spare", [unembedded_but_unused])
def test_what_is_not_used_does_no_harm(spare, book, part):
    spare(book)
    assert part(book)[1] == [Encoding.VECTOR]


def script_and_note(book):
    page = book.page()
    action = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))
    page.Annots = Array([Dictionary(Subtype=Name.Link, Rect=Array([60, 700, 200, 712]), A=action)])


def script_of_the_document(book):
    book.page()
    book.pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))


def script_of_the_page(book):
    book.page().AA = Dictionary(O=Dictionary(S=Name.JavaScript, JS=String("app.alert(1)")))


@pytest.mark.parametrize("script", [script_and_note, script_of_the_document, script_of_the_page])
def test_scripts_stay_behind(script, book, part):
    """Forms of offices are full of them; drawn, the page would show the same, and be larger."""
    script(book)
    out, encodings = part(book)
    assert encodings == [Encoding.VECTOR]
    assert_fit(out)
    assert b"app.alert" not in out.read_bytes()


def test_every_refusal_has_its_reason(tmp_path):
    """Each of the pages above but the last is refused for what is wrong with it, not by chance."""
    reasons = {}
    for spoil in FALLBACKS[:4]:
        book = Book()
        spoil(book)
        reasons[spoil.__name__] = vector_page(book.save(tmp_path / f"{spoil.__name__}.pdf"), 1, 0)
    assert all(isinstance(reason, str) for reason in reasons.values()), reasons
    assert len(set(reasons.values())) >= 4, reasons
    assert "Verdana is not embedded" in reasons["unembedded"]
    assert "/FileAttachment" in reasons["file_attached"]
    assert "without a group" in reasons["masked_state"]


def test_a_scan_is_no_vector_page(tmp_path, done):
    path = tmp_path / "scan.pdf"
    path.write_bytes(scan_bytes("A", dpi=200))
    assert done(path).encoding is not Encoding.VECTOR
    assert vector_page(path, 1, 0).pictures


def test_a_page_whose_letters_are_all_there_is_sound(book):
    book.page()
    form = book.pdf.make_stream(PAGE.encode("latin-1"), Resources=Dictionary(Font=Dictionary(F=book.font)))
    judge_fonts(form)
    book.font.Widths[ord("l") - int(book.font.FirstChar)] = 1
    with pytest.raises(FontError, match="wide"):
        judge_fonts(form)


# Real files


def keeps_the_ink(original, written, index=0, dpi=75, edge=0):
    """Whether everything clearly coloured or dark in the original is still there, near the same place.

    ``edge`` px at the rim are not looked at.
    """
    one, other = (render_pdfium(path, index, dpi).astype(int) for path in (original, written))
    shift = other.shape[0] - one.shape[0]
    other = other[max(0, shift) :, : one.shape[1]]
    one = one[: other.shape[0], : other.shape[1]]
    near = other.copy()
    for down in range(-2, 3):
        for across in range(-2, 3):
            near = np.minimum(near, np.roll(other, (down, across), (0, 1)))
    lost = (near - one > 110).any(axis=2)[edge : one.shape[0] - edge, edge : one.shape[1] - edge]
    return lost.mean() < 0.0005


def test_coloured_pages_in_helvetica_stay_text(corpus, office):
    """Eight pages of coloured frames and Helvetica, whose program no reader has from the file; drawn, they had 115 KB each."""
    original = corpus / "real" / "qpdf_boxes.pdf"
    office.case(SIDECAR, noti_pdf=original.read_bytes())
    manifest = office.do()
    assert [page.encoding for page in manifest.pages] == [Encoding.VECTOR] * 8
    for index, page in enumerate(manifest.pages):
        if page.turn == 0:
            assert keeps_the_ink(original, office.out() / "NOTI.pdf", index, edge=8)
        assert "page is cropped at crop" in text_of(office.out() / "NOTI.pdf", index)
    assert manifest.files[0].bytes < original.stat().st_size + 20_000


def test_a_visible_signature_stays_as_the_page_shows_it(corpus, part):
    original = corpus / "hostile" / "qpdf_digitally-signed.pdf"
    out, encodings = part(original)
    assert encodings == [Encoding.VECTOR]
    assert keeps_the_ink(original, out)
    assert_fit(out)


def test_a_court_page_with_a_scan_and_a_header_of_text(corpus, part):
    original = corpus / "real" / "doctor_ca4_17.pdf"
    out, encodings = part(original)
    assert encodings == [Encoding.VECTOR]
    assert "Appeal: 17-2218 Doc: 17 Filed: 10/31/2017 Pg: 1 of 1" in said(out)
    assert same_picture(seen(render_pdfium, out), seen(render_pdfium, original))
    assert out.stat().st_size < original.stat().st_size + 6000


# Verified


@pytest.fixture
def written(book, part, tmp_path):
    """A good part with one page of text and a picture, and a way to damage it."""
    picture = Image.fromarray(small_picture())
    data = io.BytesIO()
    picture.save(data, "JPEG")
    how = Dictionary(Type=Name.XObject, Subtype=Name.Image, Width=90, Height=60, BitsPerComponent=8)
    how.ColorSpace, how.Filter = Name.DeviceRGB, Name.DCTDecode
    jpeg = book.pdf.make_stream(data.getvalue(), how)
    book.page(f"{PAGE} q 90 0 0 60 60 40 cm /I Do Q", XObject={"/I": jpeg})
    out, encodings = part(book)
    assert encodings == [Encoding.VECTOR]

    def damage(change):
        path = tmp_path / "damaged.pdf"
        with pikepdf.open(out) as pdf:
            size = tuple(float(side) for side in pdf.pages[0].mediabox[2:])
            change(pdf, pdf.pages[0].Resources.XObject.I0)
            pdf.save(path, force_version="1.7", object_stream_mode=pikepdf.ObjectStreamMode.disable)
        return path, [size]

    return damage


def lose_the_content(_, form):
    form.write(b"")


def lose_the_picture(_, form):
    del form.Resources.XObject["/I"]


def lose_the_font(_, form):
    del form.Resources.Font["/F"]


def cut_the_picture(_, form):
    picture = form.Resources.XObject.I
    picture.write(picture.read_raw_bytes()[:900], filter=Name.DCTDecode)


def lose_the_number(pdf, _):
    pdf.pages[0].Contents = pdf.make_stream(b"q 1 0 0 1 0 0 cm /I0 Do Q")


def change_the_number(pdf, _):
    content = pdf.pages[0].Contents.read_bytes()
    pdf.pages[0].Contents = pdf.make_stream(content.replace(encoded("Fls. 1").encode(), encoded("Fls. 2").encode()))


DAMAGE = [lose_the_content, lose_the_picture, lose_the_font, cut_the_picture, lose_the_number, change_the_number]


@pytest.mark.parametrize("change", DAMAGE)
def test_damage_is_noticed(change, written):
    path, sizes = written(change)
    with pytest.raises(VerifyError):
        verify_part(path, sizes, ["Fls. 1"])


def test_what_is_whole_is_accepted(written):
    path, sizes = written(lambda _, __: None)
    verify_part(path, sizes, ["Fls. 1"])
    with pytest.raises(VerifyError, match=r"page 1 says 'Fls\. 1', 'Fls\. 11' expected"):
        verify_part(path, sizes, ["Fls. 11"])
    with pytest.raises(VerifyError, match=r"page 1 says 'Fls\. 1', '' expected"):
        verify_part(path, sizes, [""])
