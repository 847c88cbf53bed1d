"""A page stays text and lines only if all of it is understood: what is not known and right has its reason, and is drawn."""

import pikepdf
import pytest
from pikepdf import Dictionary, Name, Object

from itrwatch.born_digital.colours import space
from itrwatch.born_digital.content import Copy
from itrwatch.born_digital.drawn_fonts import drawn_font
from itrwatch.born_digital.entries import UnfitError
from itrwatch.born_digital.fonts import font
from itrwatch.born_digital.gradients import pattern, shading
from itrwatch.born_digital.images import image
from itrwatch.scans.image.jbig2 import complete, judge_sizes
from itrwatch.scans.values import ScanError

FUNCTION = "<< /FunctionType 2 /Domain [0 1] /N 1 >>"


DRAWN = "/FirstChar 0 /LastChar 0 /Widths [9] /FontBBox [0 0 1 1] /FontMatrix [1 0 0 1 0 0]"


MANY = " ".join(f"/a{number} 7" for number in range(257))


def drawn(pdf, source):
    return drawn_font(pdf, source, lambda letter, _: (letter, {}))


def value(text):
    """A value as PDF writes it."""
    return Object.parse(text.encode())


def refused(message, make, *arguments):
    with pytest.raises(UnfitError) as wrong:
        make(*arguments)
    assert message in str(wrong.value)


def form(content, resources="<< >>", bounds="[0 0 100 100]"):
    """The instructions that are left of ``content``."""
    with pikepdf.new() as source, pikepdf.new() as target:
        stream = source.make_stream(content.encode())
        made = Copy(target).form(stream, value(resources), value(bounds), None)
        return made.read_bytes().decode()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("1 2 m 3 l", "l with 1 operands"),
        ("1 2 XY", "XY with 2 operands"),
        ("/a 2 m", "is no number"),
        ("true 2 m", "is no number"),
        ("9999999999 0 m", "is no number"),
        ("BT (a) Tj ET", "text in a font from outside"),
        ("BT (a) ' ET", "text in a font from outside"),
        ('BT 1 2 (a) " ET', "text in a font from outside"),
        ("BT /F 9 Tf (a) Tj ET", "/F is missing"),
        ("/G gs", "/G is missing"),
        ("(a) gs", "is no name"),
        ("/X Do", "/X is missing"),
        ("/S cs", "/S is missing"),
        ("/P scn", "/P is missing"),
        ("/Wish ri", "is none of"),
        ("[(a) /b] 0 d", "is no string"),
        ("7 0 d", "is no array"),
        ("9 d0", "d0 with 1 operands"),
        ("1 w 9 0 d0", "d0 with 2 operands"),
        ("q " * 60 + "Q " * 60, "saved too often"),
        ("/OC /L BDC EMC", "a layer of another kind"),
        ("EMC", "a mark that does not begin"),
        ("BI /W 1 /H 1 /BPC 8 /CS /G /I true ID a EI", "unknown entries"),
        ("BI /W 1 /H 1 /BPC 8 /CS /G /X 1 ID a EI", "unknown entries"),
        ("BI /W 1 /H 1 /BPC 8 /CS /G /F /LZW ID a EI", "LZW in the content"),
        ("BI /W 1 /H 1 /BPC 8 /CS /Mine ID a EI", "/Mine is missing"),
        ("BI /W 1 /H 1 /BPC 8 /CS [/I /Mine 0 <00>] ID a EI", "with colours of"),
    ],
)
def test_instructions_that_are_not_understood(content, message):
    refused(message, form, content)


def test_an_unknown_operator_is_passed_over_only_where_the_page_says_so():
    assert form("BX 1 2 XY EX 3 w").split() == ["3", "w"]
    refused("XY with 2 operands", form, "BX EX 1 2 XY")
    refused("w with 0 operands", form, "w")


def test_what_a_page_leaves_open_is_closed():
    kept = form("q /Span << /ActualText (a) >> BDC 1 w")
    assert kept.split() == ["q", "/Span", "<<", "/ActualText", "(a)", ">>", "BDC", "1", "w", "EMC", "Q"]
    assert form("/P << /MCID 1 >> BDC 1 w EMC").split() == ["1", "w"]  # a mark that means nothing


def test_what_a_page_closes_too_often_is_passed_over():
    """As readers do; the state after it is that before."""
    assert form("2 w Q q 1 w Q Q 3 w").split() == ["2", "w", "q", "1", "w", "Q", "3", "w"]


def test_the_meaning_of_plain_colours_goes_with_them():
    with pikepdf.new() as source, pikepdf.new() as target:
        own = value("<< /ColorSpace << /DefaultGray [/CalGray << /WhitePoint [0.9 1 1.1] >>] >> >>")
        made = Copy(target).form(source.make_stream(b"0.5 g"), own, value("[0 0 9 9]"), None)
        assert made.Resources.ColorSpace.DefaultGray[0] == Name.CalGray


@pytest.mark.parametrize("entry", ["/Ref << >>", "/PS << >>", "/Subtype2 /PS"])
def test_a_form_of_another_kind(entry):
    with pikepdf.new() as pdf:
        inner = pdf.make_stream(b"", value(f"<< /Subtype /Form /BBox [0 0 9 9] {entry} >>"))
        resources = Dictionary(XObject=Dictionary(X=inner))
        refused(
            "another kind", Copy(pikepdf.new()).form, pdf.make_stream(b"/X Do"), resources, value("[0 0 9 9]"), None
        )


def test_a_form_that_shows_itself_ends():
    with pikepdf.new() as pdf:
        inner = pdf.make_stream(b"/X Do", value("<< /Subtype /Form /BBox [0 0 9 9] >>"))
        resources = Dictionary(XObject=Dictionary(X=inner))
        refused("forms within forms", Copy(pikepdf.new()).form, inner, resources, value("[0 0 9 9]"), None)


@pytest.mark.parametrize(
    ("make", "text", "message"),
    [
        (space, "/Mine", "colours of"),
        (space, "7", "colours of"),
        (space, "[/Separation /Gold /DeviceRGB << >>]", "colours of /Separation"),
        (space, "[/CalGray << /BlackPoint [0 0 0] >>]", "no ['/WhitePoint']"),
        (space, "[/CalGray 7]", "is no dictionary"),
        (space, "[/Indexed [/Indexed /DeviceRGB 0 (abc)] 0 (a)]", "a palette of a palette"),
        (space, "[/Indexed /DeviceRGB 0.5 (abc)]", "is no integer"),
        (space, "[/Indexed /DeviceRGB 0 7]", "is no string"),
        (space, f"[/Indexed /DeviceRGB 0 ({'a' * 32768})]", "is no string"),
        (shading, "<< /ShadingType 1 >>", "no ['/ColorSpace', '/Function']"),
        (shading, "<< /ShadingType 8 >>", "a gradient of another kind"),
        (shading, "<< /ShadingType 4 /ColorSpace /DeviceRGB /Decode [0 1] >>", "no stream"),
        (shading, "<< /ShadingType 1 /ColorSpace /DeviceCMYK /Function 7 >>", "colours of"),
        (shading, "7", "no gradient"),
        (shading, "<< /ShadingType 2 /ColorSpace /DeviceGray /Coords [0 0 1 1] >>", "no ['/Function']"),
        (shading, "<< /ShadingType 2 /ColorSpace /DeviceGray /Coords [0 0 1 1] /Extend [1] >>", "no ['/Function']"),
        (
            shading,
            f"<< /ShadingType 2 /ColorSpace /DeviceGray /Coords [0 0 1 1] /Extend [1] /Function {FUNCTION} >>",
            "is not true or false",
        ),
        (shading, "<< /ShadingType 2 /ColorSpace /DeviceGray /Coords [0] /Function 7 >>", "no function"),
        (
            shading,
            "<< /ShadingType 2 /ColorSpace /DeviceGray /Coords [0] /Function << /FunctionType 5 >> >>",
            "a function of another kind",
        ),
        (
            shading,
            "<< /ShadingType 2 /ColorSpace /DeviceGray /Coords [0] /Function [<< /FunctionType 0 /Domain [0 1] >>] >>",
            "no ['/Range', '/Size']",
        ),
        (pattern, "<< /PatternType 1 >>", "a pattern of tiles"),
        (pattern, "<< /PatternType 2 /ExtGState << >> >>", "a pattern of tiles"),
        (font, "7", "no font"),
        (font, "<< /Subtype /Type3 >>", "a font of /Type3"),
        (drawn, "<< /FirstChar 0 >>", "no ['/FontBBox'"),
        (drawn, f"<< {DRAWN} >>", "without an encoding"),
        (drawn, f"<< {DRAWN} /Encoding << >> /CharProcs << /a 7 >> >>", "without instructions"),
        (drawn, f"<< {DRAWN} /Encoding << >> /CharProcs << {MANY} >> >>", "too many drawings"),
        (font, "<< /Subtype /TrueType >>", "no ['/"),
        (font, "<< /Subtype /Type0 >>", "not one descendant font"),
        (font, "<< /Subtype /Type0 /DescendantFonts [1 2] >>", "not one descendant font"),
        (font, "<< /Subtype /Type0 /DescendantFonts [1] /BaseFont /A /Encoding /Mine >>", "is none of"),
        (image, "7", "no picture"),
    ],
)
def test_values_that_are_not_understood(make, text, message):
    with pikepdf.new() as pdf:
        refused(message, make, pdf, value(text))


@pytest.mark.parametrize(
    ("entries", "message"),
    [
        ("/Subtype /Form", "no picture"),
        ("/SMaskInData 1", "may be see-through"),
        ("/Width 1", "no ['/Height']"),
        ("/Width 1 /Height 1 /ColorSpace /DeviceGray /Mask 7", "a mask that is no stencil"),
        ("/Width 1 /Height 1 /ColorSpace /DeviceGray /Mask [0.5]", "is no integer"),
        ("/Width 1 /Height 1 /ColorSpace /Mine", "colours of"),
        ("/Width 1 /Height 1 /ColorSpace /DeviceCMYK /Mask [0 1 0 1 0 1 0 1]", "colours of"),
    ],
)
def test_pictures_that_are_not_understood(entries, message):
    with pikepdf.new() as pdf:
        refused(message, image, pdf, pdf.make_stream(b"a", value(f"<< {entries} >>")))


def test_what_is_understood_is_taken_and_nothing_else():
    with pikepdf.new() as pdf:
        made = image(
            pdf, pdf.make_stream(b"a", value("<< /Width 1 /Height 1 /ColorSpace [/DeviceGray] /Mask [1 2] /X 1 >>"))
        )
        assert set(made.keys()) == {
            "/Type",
            "/Subtype",
            "/Width",
            "/Height",
            "/ColorSpace",
            "/Mask",
            "/Filter",
        }
        assert made.read_bytes() == b"a"
        stitched = f"<< /FunctionType 3 /Domain [0 1] /Functions [{FUNCTION}] /Bounds [] /Encode [0 1] /X 1 >>"
        gradient = value(
            f"<< /ShadingType 2 /ColorSpace /DeviceGray /Coords [0 0 1 1] /Extend [true false] /Function [{stitched}] >>"
        )
        kept = pattern(pdf, Dictionary(PatternType=2, Shading=gradient, XUID=7))
        assert set(kept.keys()) == {"/PatternType", "/Shading"}
        assert "/X" not in kept.Shading.Function[0]
        table = pdf.make_stream(b"abc")
        indexed = space(pdf, pikepdf.Array([Name.Indexed, Name.DeviceRGB, 0, table]))
        assert indexed[3].read_bytes() == b"abc"


@pytest.mark.parametrize("size", [10, 200])
def test_a_profile_that_is_not_what_it_says(size):
    with pikepdf.new() as pdf:
        profile = pdf.make_stream(b"\0" * size, Dictionary(N=3))
        refused("an ICC profile that does not fit", space, pdf, pikepdf.Array([Name.ICCBased, profile]))


def segment(kind, data=b"", *, long=False, referred=0, length=None):
    """A JBIG2 segment as it stands in a PDF; ``long``: the number of its page takes four bytes."""
    refers = bytes([referred << 5]) + bytes(referred) if referred < 5 else (7 << 29 | referred).to_bytes(4, "big")
    refers += bytes((referred + 8) // 8 + referred) if referred >= 5 else b""
    page = b"\0\0\0\1" if long else b"\1"
    size = len(data) if length is None else length
    return b"\0\0\0\1" + bytes([kind | (0x40 if long else 0)]) + refers + page + size.to_bytes(4, "big") + data


PAGE, REGION = 48, 38


@pytest.mark.parametrize(
    ("data", "whole"),
    [
        (segment(PAGE, b"p" * 19) + segment(REGION, b"r" * 30), True),
        (segment(PAGE, b"p" * 19, long=True) + segment(REGION, b"r" * 30, long=True, referred=2), True),
        (segment(PAGE, b"p" * 19) + segment(REGION, b"r" * 30, referred=9), True),
        (segment(REGION, b"r" * 30) + b"\0\r\n", True),
        (segment(REGION, b"r" * 30, length=0xFFFFFFFF), True),
        (segment(PAGE, b"p" * 19), False),
        (segment(REGION, b"r" * 30)[:-1], False),
        (segment(REGION, b"r" * 30) + segment(REGION, b"r")[:9], False),
        (segment(REGION, b"r" * 30) + segment(REGION, long=True, referred=4)[:12], False),
        (b"", False),
    ],
)
def test_a_jbig2_picture_is_whole_when_all_its_segments_are_there(data, whole):
    assert complete(data) is whole


@pytest.mark.parametrize(
    "data",
    [
        segment(PAGE, (40_000).to_bytes(4, "big") * 2),
        segment(REGION, (20_000).to_bytes(4, "big") * 2) * 20,
    ],
)
def test_a_jbig2_picture_larger_than_a_page_may_be(data):
    with pytest.raises(ScanError, match="grande demais"):
        judge_sizes(data)


def test_a_jbig2_page_that_is_striped_says_its_height_elsewhere():
    """Height FFFFFFFF (ITU-T T.88, 7.4.8.2) is no height: the regions of such a page are judged, and it is not."""
    striped = segment(PAGE, (2_000).to_bytes(4, "big") + b"\xff" * 4)
    judge_sizes(striped + segment(REGION, b"r"))
    judge_sizes(striped + segment(REGION, (100).to_bytes(4, "big") * 2, length=0xFFFFFFFF))
    with pytest.raises(ScanError, match="grande demais"):
        judge_sizes(striped + segment(REGION, (40_000).to_bytes(4, "big") * 2))
