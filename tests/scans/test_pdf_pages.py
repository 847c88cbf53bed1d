"""Pages as odd programs put them together: each is read whole, or refused in words; none becomes blank or another page."""

import io
import zlib

import numpy as np
import pytest
from PIL import Image

from itrwatch.scans.opening import inspect, read_page
from itrwatch.scans.pdf.document import open_document
from itrwatch.scans.values import ScanError
from tests.hostile_files import one_page, raw_pdf, stream, with_image

WIDTH, HEIGHT = 827, 1170
WHOLE = b"595 0 0 842 0 0 cm /I Do"


def picture():
    """A page with a black field in its upper left quarter."""
    pixels = np.full((HEIGHT, WIDTH), 255, np.uint8)
    pixels[100:500, 100:400] = 0
    return pixels


def image(entries=b"", pixels=None, kind=b"Image"):
    data = zlib.compress((picture() if pixels is None else pixels).tobytes(), 1)
    size = b"/Type/XObject/Subtype/%s/Width %d/Height %d" % (kind, WIDTH, HEIGHT)
    if b"/BitsPerComponent" not in entries:
        size += b"/BitsPerComponent 8"
    if b"/ColorSpace" not in entries:
        size += b"/ColorSpace/DeviceGray"
    return stream(size + b"/Filter/FlateDecode" + entries, data)


@pytest.fixture
def read(tmp_path):
    """Page 1 of a PDF, read."""

    def do(data, page=1):
        (tmp_path / "a.pdf").write_bytes(data)
        return read_page(tmp_path / "a.pdf", page)

    return do


def shows_the_picture(page):
    high, wide = page.raster.pixels.shape[:2]
    grey = page.raster.pixels if page.raster.pixels.ndim == 2 else page.raster.pixels.min(axis=2)
    dark = grey[round(high * 0.15) : round(high * 0.35), round(wide * 0.2) : round(wide * 0.4)]
    return dark.max() < 128 and grey[round(high * 0.6) :].min() > 128


# How the picture is put on the page


RESOURCES = b"/XObject<</I 5 0 R/F 6 0 R>>"


@pytest.mark.parametrize(
    ("content", "drawn"),
    [
        (WHOLE, False),
        (b"Q q %s Q Q" % WHOLE, False),  # one more restored than was saved
        (b"/Gone gs /Pattern cs /Gone scn %s" % WHOLE, False),  # states and patterns that are not there
        (b"q 0 0 595 842 re W n %s Q" % WHOLE, False),
        (b"q 0 0 595 500 re 0 400 595 442 re W n %s Q" % WHOLE, True),  # clipped to two fields
        (b"q 0.7 0.7 -0.7 0.7 0 -500 cm 0 0 2000 2000 re W n 0.7 -0.7 0.7 0.7 350 350 cm Q %s" % WHOLE, True),
        (b"q 595 0 0 842 2000 0 cm /I Do Q %s" % WHOLE, True),  # a second one beside the page
        (b"%s /F Do" % WHOLE, False),  # a thing that is neither picture nor form
    ],
)
def test_what_other_programs_say_around_a_scan(read, content, drawn):
    page = read(one_page(stream(b"", content), image(), image(kind=b"PS"), resources=RESOURCES))
    assert page.drawn is drawn
    assert shows_the_picture(page)


def test_a_picture_beside_the_page_leaves_it_white(read):
    page = read(one_page(stream(b"", b"595 0 0 842 2000 0 cm /I Do"), image(), resources=RESOURCES))
    assert page.drawn
    assert page.raster.pixels.min() == 255


def test_a_drawing_that_comes_out_white_is_told_and_its_page_is_not_blank(read):
    """pdfium says nothing of a shading whose function it cannot read."""
    shading = b"<</ShadingType 2/ColorSpace/DeviceGray/Coords[0 0 500 0]/Function<</FunctionType 9/Domain[0 1]>>>>"
    page = read(one_page(stream(b"", b"/S sh"), shading, resources=b"/Shading<</S 5 0 R>>"))
    assert page.raster.pixels.min() == 255
    assert page.never_blank
    assert [remark.partition(":")[0] for remark in page.remarks] == [
        "A página tem texto ou desenho no PDF, mas saiu toda branca"
    ]


def test_a_drawing_that_shows_is_told_of_nothing(read):
    page = read(one_page(stream(b"", b"0.9 g 100 100 50 50 re f")))
    assert (page.raster.pixels.min() < 255, page.never_blank, page.remarks) == (True, False, ())


@pytest.mark.parametrize(
    ("form", "drawn"),
    [
        (b"", False),  # no BBox, which must be there
        (b"/BBox[0 0 595 842]", False),
        (b"/BBox[-2000 -2000 2000 2000]/Matrix[0.7 0.7 -0.7 0.7 0 0]", True),
        (b"/BBox[0 0 595 842]/OC<</Type/OCG/Name(camada)>>", True),
    ],
)
def test_a_scan_inside_a_form(read, form, drawn):
    inner = b"0.714 -0.714 0.714 0.714 0 0 cm " + WHOLE if b"0.7" in form else WHOLE
    outer = stream(b"/Type/XObject/Subtype/Form/Resources<</XObject<</I 5 0 R>>>>" + form, inner)
    page = read(one_page(stream(b"", b"/F Do"), image(), outer, resources=RESOURCES))
    assert page.drawn is drawn
    assert form == b"" or shows_the_picture(page)  # pdfium shows nothing of a form without BBox; we show the scan


def test_a_form_that_shows_itself_shows_the_rest_of_it(read):
    """Written by programs that give every form the resources of the page; viewers stop where a form comes again."""
    outer = stream(b"/Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<<%s>>" % RESOURCES, WHOLE + b" /F Do")
    page = read(one_page(stream(b"", b"/F Do"), image(), outer, resources=RESOURCES))
    assert shows_the_picture(page)


def test_a_page_of_very_many_lines_is_drawn(read):
    """A map: more instructions than are worth following one by one."""
    page = read(one_page(stream(b"", b"1 w 0 0 m " * 220_000 + WHOLE), image(), resources=RESOURCES))
    assert page.drawn
    assert shows_the_picture(page)


def test_instructions_that_are_too_many_together(read):
    half = stream(b"/Filter/FlateDecode", zlib.compress(b" " * (9 << 20)))
    data = raw_pdf(
        b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents[4 0 R 5 0 R]>>", half, half,
    )  # fmt: skip
    with pytest.raises(ScanError):
        read(data)


# The page


def test_a_page_too_small_to_be_one(read):
    small = b"/CropBox[0 0 0.2 0.2]"
    with pytest.raises(ScanError):
        read(one_page(stream(b"", WHOLE), image(), resources=RESOURCES, page=small))


def test_a_page_that_hangs_on_a_node_that_hangs_on_itself(read):
    """Asked for what the page may inherit, such a tree answers without end."""
    data = raw_pdf(
        b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 5 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>>", stream(b"", b""), b"<</Parent 5 0 R>>",
    )  # fmt: skip
    assert read(data).raster.pixels.min() == 255


def test_a_picture_of_few_pixels_on_a_sheet_of_fifty_metres(read):
    page = read(one_page(stream(b"", WHOLE), image(b"/Mask[7 7]"), LOOKS, resources=RESOURCES, page=b"/UserUnit 200"))
    assert shows_the_picture(page)
    assert page.remarks


def test_a_page_that_is_not_there(read):
    with pytest.raises(ScanError, match=r"1 página; a página 9 não existe"):
        read(one_page(stream(b"", WHOLE), image(), resources=RESOURCES), page=9)


def test_more_pages_than_any_case_has(tmp_path):
    count = 10_001
    kids = b" ".join(b"%d 0 R" % number for number in range(3, count + 3))
    pages = [b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"] * count
    (tmp_path / "a.pdf").write_bytes(
        raw_pdf(b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, count), *pages)
    )
    with pytest.raises(ScanError, match="páginas demais"):
        inspect(tmp_path / "a.pdf")


def test_a_state_that_names_more_objects_than_any_page_needs(read):
    count = 20_001
    names = b" ".join(b"%d 0 R" % number for number in range(6, count + 6))
    state = b"<</Type/ExtGState/Font[%s]>>" % names
    with pytest.raises(ScanError):
        read(
            one_page(stream(b"", b"/G gs 0 0 9 9 re f"), state, *[b"<<>>"] * count, resources=b"/ExtGState<</G 5 0 R>>")
        )


def test_a_page_that_stands_inside_the_list_of_pages(read):
    """No object of its own, as it must be: qpdf makes one up, and the file is not trusted."""
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>"
    with pytest.raises(ScanError):
        read(raw_pdf(b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[%s]/Count 1>>" % page))


def test_a_file_that_changes_under_the_reader(tmp_path):
    path = tmp_path / "a.pdf"
    path.write_bytes(one_page(stream(b"", WHOLE), image(), resources=RESOURCES))
    document = open_document(path)
    document.check(1)
    with path.open("ab") as file:
        file.write(b"more")
    with pytest.raises(ScanError) as cut:
        document.check(1)
    assert cut.value.incomplete


def test_a_pdf_larger_than_any_scan(tmp_path):
    path = tmp_path / "a.pdf"
    path.write_bytes(one_page(stream(b"", WHOLE), image(), resources=RESOURCES))
    with path.open("r+b") as file:
        file.truncate((1 << 30) + 1)  # a file of holes takes no room
    with pytest.raises(ScanError, match="grande demais"):
        read_page(path, 1)


def test_a_form_of_xml_that_has_fields_of_its_own_is_read(read):
    """Static forms of XML have true pages; only those made up by the reader (“Please wait…”) are refused."""
    form = b"/AcroForm<</XFA(x)/Fields[6 0 R]>>"
    field = b"<</FT/Tx/T(nome)>>"
    content = stream(b"", WHOLE)
    assert shows_the_picture(read(one_page(content, image(), field, resources=RESOURCES, catalogue=form)))
    with pytest.raises(ScanError):
        read(one_page(content, image(), field, resources=RESOURCES, catalogue=form.replace(b"6 0 R", b"")))


# FindingCollector and fields


LOOKS = stream(b"/Type/XObject/Subtype/Form/BBox[0 0 100 100]", b"0 g 0 0 100 100 re f")
NOTES = {
    "null": b"null",
    "popup": b"<</Subtype/Popup/Rect[0 0 100 100]>>",
    "ticked": b"<</Subtype/Widget/FT/Btn/Rect[100 600 300 800]/AS/On/AP<</N<</On 6 0 R>>>>>>",
    "unticked": b"<</Subtype/Widget/FT/Btn/Rect[100 600 300 800]/AS/Off/AP<</N<</On 6 0 R>>>>>>",
    "without looks": b"<</Subtype/Widget/FT/Tx/V(x)/T(x)/Rect[100 600 300 800]>>",
}


@pytest.mark.parametrize("kind", NOTES)
def test_notes_and_fields_on_a_scan(read, kind):
    page = read(
        one_page(stream(b"", WHOLE), image(), LOOKS, resources=RESOURCES, page=b"/Annots[%s]" % NOTES[kind]),
    )
    assert page.drawn is (kind in ("ticked", "without looks"))
    assert shows_the_picture(page) or kind == "ticked"


def test_a_hundred_pictures_that_are_each_allowed(read):
    size = b"/Type/XObject/Subtype/Image/Width 15000/Height 15000/BitsPerComponent 1/ColorSpace/DeviceGray"
    images = [stream(size + b"/Filter/FlateDecode", b"x") for _ in range(3)]
    names = b"".join(b"/I%d %d 0 R" % (number, number + 5) for number in range(3))
    with pytest.raises(ScanError, match="imagens demais"):
        read(one_page(stream(b"", b"/I0 Do /I1 Do /I2 Do"), *images, resources=b"/XObject<<%s>>" % names))


# The picture


def pack(pixels, bits):
    """Samples of ``bits`` bits each, every line begun on a byte."""
    levels = pixels >> (8 - bits)
    each = np.unpackbits(levels[:, :, None], axis=2)[:, :, 8 - bits :]
    return np.packbits(each.reshape(len(pixels), -1), axis=1)


def coded(entries, pixels=None):
    return one_page(stream(b"", WHOLE), image(entries, pixels), LOOKS, resources=RESOURCES)


def test_a_picture_of_sixteen_greys(read):
    page = read(coded(b"/BitsPerComponent 4", pack(picture(), 4)))
    assert shows_the_picture(page)


@pytest.mark.parametrize("mask", [b"/Mask[7 7]", b"/SMask 6 0 R"])
def test_a_picture_of_sixteen_greys_that_is_masked(read, mask):
    opaque = image(pixels=np.full((HEIGHT, WIDTH), 255, np.uint8))
    data = one_page(
        stream(b"", WHOLE), image(b"/BitsPerComponent 4" + mask, pack(picture(), 4)), opaque, resources=RESOURCES
    )
    assert shows_the_picture(read(data))


def test_greys_between_other_ends(read):
    page = read(coded(b"/Decode[0.1 0.9]"))
    assert shows_the_picture(page)


def test_a_stencil_between_other_ends(read):
    stencil = np.packbits(picture() > 0, axis=1)
    entries = b"/ImageMask true/BitsPerComponent 1/Decode[0.1 0.9]"
    assert shows_the_picture(read(coded(entries, stencil)))


def test_two_inks(read):
    """Cyan and black, as printers' programs write them."""
    how = b"/FunctionType 4/Domain[0 1 0 1]/Range[0 1 0 1 0 1 0 1]"
    both = np.stack([np.zeros_like(picture()), 255 - picture()], axis=2)
    entries = b"/ColorSpace[/DeviceN[/Cyan/Black]/DeviceCMYK 6 0 R]"
    data = one_page(stream(b"", WHOLE), image(entries, both), stream(how, b"{ 0 exch 0 exch }"), resources=RESOURCES)
    assert shows_the_picture(read(data))


def test_a_palette_cut_short(read):
    with pytest.raises(ScanError):
        read(coded(b"/ColorSpace[/Indexed/DeviceRGB 255(abc)]"))


def fax(width):
    """G4 code of `picture`, ``width`` columns."""
    pixels = np.full((HEIGHT, width), 255, np.uint8)
    pixels[:, :WIDTH] = picture()
    buffer = io.BytesIO()
    Image.fromarray(pixels > 0).save(buffer, "TIFF", compression="group4", tiffinfo={278: HEIGHT})
    with Image.open(buffer) as written:
        (start,), (size,) = written.tag_v2[273], written.tag_v2[279]
    return buffer.getvalue()[start : start + size]


FAX = b"/Width 827/Height 1170/Filter/CCITTFaxDecode/DecodeParms<</K -1/Columns %d/Rows 1170%s>>%s"


@pytest.mark.parametrize(
    ("width", "more"), [(WIDTH, b""), (WIDTH, b"/ColorSpace/DeviceGray"), (1728, b"/ColorSpace/DeviceGray")]
)
def test_a_fax_whose_lines_are_longer_than_its_picture_or_without_colours(read, width, more):
    assert shows_the_picture(read(with_image(FAX % (width, b"/BlackIs1 true", more), fax(width))))
    assert not shows_the_picture(read(with_image(FAX % (width, b"/BlackIs1 false", more), fax(width))))


def test_a_fax_in_colours_whose_lines_are_longer_than_its_picture(read):
    pixels = read(
        with_image(FAX % (1728, b"", b"/ColorSpace[/Indexed/DeviceRGB 1<ff000000ff00>]"), fax(1728))
    ).raster.pixels
    assert {tuple(colour) for colour in pixels.reshape(-1, 3)[::97]} == {(255, 0, 0), (0, 255, 0)}


def test_a_jpeg_of_another_size_than_the_pdf_says(read):
    buffer = io.BytesIO()
    Image.fromarray(picture()).save(buffer, "JPEG")
    entries = b"/Width 800/Height 1170/BitsPerComponent 8/ColorSpace/DeviceGray/Filter/DCTDecode"
    with pytest.raises(ScanError):
        read(with_image(entries, buffer.getvalue()))


def test_a_jpeg_2000_turned_into_its_negative(read):
    buffer = io.BytesIO()
    Image.fromarray(255 - picture()).save(buffer, "JPEG2000", no_jp2=True)
    entries = b"/Width 827/Height 1170/BitsPerComponent 8/ColorSpace/DeviceGray/Decode[1 0]/Filter/JPXDecode"
    assert shows_the_picture(read(with_image(entries, buffer.getvalue())))


@pytest.mark.parametrize(("ink", "black"), [(b"0 0 0 1", True), (b"1 1 0 0", False)])
def test_lines_of_black_ink_are_black_and_white(read, ink, black):
    """Multifunction devices name black as an ink, which viewers show as a dark grey: 38 times the bytes when it is kept."""
    bits = np.packbits(picture() < 128, axis=1)
    colours = b"[/Separation/Black/DeviceCMYK<</FunctionType 2/Domain[0 1]/C0[0 0 0 0]/C1[%s]/N 1>>]" % ink
    page = read(
        one_page(stream(b"", WHOLE), image(b"/BitsPerComponent 1/ColorSpace" + colours, bits), resources=RESOURCES)
    )
    assert page.raster.bilevel is black
    if black:
        assert np.array_equal(page.raster.pixels, np.where(picture() < 128, 0, 255))


def test_a_picture_with_too_few_lines_says_how_many(read):
    """Readers paint the rest in some colour and say nothing."""
    with pytest.raises(ScanError, match="das 1170 linhas que declara, traz só as primeiras 1000"):
        read(one_page(stream(b"", WHOLE), image(pixels=picture()[:1000]), resources=RESOURCES))


def test_a_soft_mask_that_is_none_masks_nothing(read):
    page = read(one_page(stream(b"", WHOLE), image(b"/SMask/None"), resources=RESOURCES))
    assert shows_the_picture(page)
    assert not page.drawn


def test_the_name_of_a_picture_need_not_be_utf_8(read):
    """A program of the last century calls it “Página” in its own code page."""
    name = "/Página".encode("latin-1")
    content = stream(b"", b"q 595 0 0 842 0 0 cm %s Do Q" % name)
    assert shows_the_picture(read(one_page(content, image(), resources=b"/XObject<<%s 5 0 R>>" % name)))
