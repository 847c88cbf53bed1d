"""A scan that is small already is published as it came: it looks the same, lies the same way, and has not grown."""

import io
import zlib
from pathlib import Path

import numpy as np
import pikepdf
import pypdfium2 as pdfium
import pytest
from pikepdf import Array, Dictionary, Name
from PIL import Image

from itrwatch.core.codes import Code
from itrwatch.core.pages import Encoding, PageOverride, PageRef, Rung
from itrwatch.core.settings import ImageConfig, StampConfig
from itrwatch.imaging.encoding import encode
from itrwatch.imaging.encoding.damage import Damage, DamageKind
from itrwatch.pdf.part_info import DocumentInfo
from itrwatch.pdf.verifying import verify_part
from itrwatch.pdf.writing import PartPage, write_part
from itrwatch.workers.page_task import work_page
from itrwatch.workers.tasks import PageTask, unspooled
from tests.hostile_files import one_page, shorter, stream
from tests.office import page

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
UPRIGHT = {
    "a": (595, 0, 0, 842, 0, 0),
    "turned left": (0, 595, -842, 0, 842, 0),
    "upside down": (-595, 0, 0, -842, 595, 842),
    "with a margin": (535, 0, 0, 782, 30, 30),
}


def grainy():
    """A page whose grain costs whoever codes it again more than the scanner, which was harder."""
    pixels = np.asarray(page(dpi=150), float) + np.random.default_rng(1).normal(0, 14, (1753, 1240))
    return Image.fromarray(pixels.clip(0, 255).astype(np.uint8))


def coded(form, mode="L", **how):
    buffer = io.BytesIO()
    grainy().convert(mode).save(buffer, form, **how)
    return buffer.getvalue()


CODES = {
    "jpeg": (lambda: coded("JPEG", quality=12), Name.DCTDecode, Name.DeviceGray),
    "jpeg in colour": (lambda: coded("JPEG", "RGB", quality=12), Name.DCTDecode, Name.DeviceRGB),
    "jpeg 2000": (
        lambda: coded("JPEG2000", quality_mode="rates", quality_layers=[80], irreversible=True), Name.JPXDecode, Name.DeviceGray,
    ),
}  # fmt: skip


def scan(path, data, codec, colours, matrix, rotate=0):
    with pikepdf.new() as pdf:
        sheet = pdf.add_blank_page(page_size=(842, 595) if matrix[0] == 0 else (595, 842)).obj
        image = pdf.make_stream(
            data, Subtype=Name.Image, Width=1240, Height=1753, ColorSpace=colours, BitsPerComponent=8
        )
        image.Filter = codec
        sheet.Resources = Dictionary(XObject=Dictionary(I=image))
        sheet.Contents = pdf.make_stream(f"q {' '.join(map(str, matrix))} cm /I Do Q".encode())
        sheet.Rotate = rotate
        pdf.save(path)
    return path


def worked(path, turn=0, *, straighten=False):
    """What a worker answers about a scan's first page."""
    task = PageTask(
        path.parent, PageRef(path.name, 1), PageOverride(turn=turn, keep=True), StampConfig(), 9, ImageConfig(straighten=straighten),
        path.parent / "spool",
    )  # fmt: skip
    return work_page(task)


def published(path, turn=0, *, straighten=False):
    """The sheet that was made of a scan's first page, and the PDF of it."""
    sheet = unspooled(worked(path, turn, straighten=straighten).spool)
    part = path.parent / "NOTI.pdf"
    write_part(part, [PartPage(sheet, None, "Capa")], (), DocumentInfo("t", "13153.720210/2019-34"), None)
    verify_part(part, [(sheet.width, sheet.height)])
    return sheet, part


def drawn(path, scale=0.5):
    with pdfium.PdfDocument(path) as document:
        return np.asarray(document[0].render(scale=scale, grayscale=True).to_numpy(), float).squeeze()


def apart(sheet, part, theirs):
    """How much the published page differs from the scan below its strip, of 255; upside down it would be 40."""
    ours = drawn(part)[round(sheet.strip * 0.5) :]
    assert all(abs(one - other) <= 1 for one, other in zip(ours.shape, theirs.shape, strict=True))
    high, wide = (min(one, other) for one, other in zip(ours.shape, theirs.shape, strict=True))
    return np.abs(ours[:high, :wide] - theirs[:high, :wide]).mean()


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("lies", UPRIGHT)
def test_it_looks_and_lies_as_in_the_scan(tmp_path, code, lies):
    make, codec, colours = CODES[code]
    path = scan(tmp_path / "a.pdf", make(), codec, colours, UPRIGHT[lies])
    sheet, part = published(path)
    assert len(sheet.layers) == 1
    assert sheet.bytes <= path.stat().st_size * 1.05 + 2048
    assert apart(sheet, part, drawn(path)) < 8


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize("rotate", [0, 90])
def test_it_is_turned_with_the_page(tmp_path, turn, rotate):
    make, codec, colours = CODES["jpeg"]
    path = scan(tmp_path / "a.pdf", make(), codec, colours, UPRIGHT["with a margin"], rotate)
    sheet, part = published(path, turn)
    assert sheet.layers[0].coding == "jpeg-grey"
    assert apart(sheet, part, np.rot90(drawn(path), -turn // 90)) < 8


def test_what_ours_makes_smaller_is_ours(tmp_path):
    buffer = io.BytesIO()
    page(dpi=200).save(buffer, "JPEG", quality=98, dpi=(200, 200))
    (tmp_path / "a.jpg").write_bytes(buffer.getvalue())
    sheet, _ = published(tmp_path / "a.jpg")
    assert sheet.bytes < len(buffer.getvalue()) / 2


@pytest.mark.parametrize(("name", "colours", "turn"), [("a.tif", 200, 0), ("a.png", 6, 90)])
def test_a_palette_is_published_without_loss_and_does_not_grow(tmp_path, name, colours, turn):
    """Colours dithered pixel by pixel: as JPEG they are twice as large, and others."""
    dice = np.random.default_rng(1)
    plain = np.where(np.asarray(page(dpi=150)) < 128, 0, 255).astype(np.uint8)
    noise = dice.integers(0, 8, (*plain.shape[:2], 1), np.uint8) * np.array([9, 5, 2], np.uint8)
    dots = np.where(dice.random((*plain.shape, 1)) < 0.04, noise, 0)
    picture = Image.fromarray(plain[..., None] ^ dots.astype(np.uint8)).quantize(colours)
    picture.save(tmp_path / name, dpi=(150, 150), **({"compression": "tiff_lzw"} if name == "a.tif" else {}))
    _, part = published(tmp_path / name, turn)
    assert part.stat().st_size <= (tmp_path / name).stat().st_size * 1.05 + 2048 + 4096
    with pikepdf.open(part) as pdf:
        found = np.asarray(pikepdf.PdfImage(pdf.pages[0].obj.Resources.XObject.I0).as_pil_image().convert("RGB"))
    assert np.array_equal(found, np.rot90(np.asarray(picture.convert("RGB")), -turn // 90))


@pytest.mark.parametrize("coding", ["png-grey", "png-rgb"])
def test_shades_that_change_slowly_do_not_grow(tmp_path, coding):
    """A picture of a screen: as it is, or as a JPEG that is as faithful, it has several times the bytes of the PNG."""
    down, across = np.mgrid[:1123, :794]
    # Steep shades with hard borders, as on buttons and bars: neither a palette nor a JPEG suits them.
    steep = down * down // 300 + across * across // 200
    shades = np.stack([steep % 120 + 100, (steep + across) % 90 + 120, (steep + down) % 250], axis=2)
    shades = np.where(np.asarray(page(dpi=96).resize((794, 1123)))[..., None] < 128, 0, shades).astype(np.uint8)
    pixels = shades if coding == "png-rgb" else shades[..., 1]
    Image.fromarray(pixels).save(tmp_path / "a.png", dpi=(96, 96))
    sheet, part = published(tmp_path / "a.png")
    assert [layer.coding for layer in sheet.layers] == [coding]
    assert part.stat().st_size <= (tmp_path / "a.png").stat().st_size * 1.05 + 2048 + 4096
    with pikepdf.open(part) as pdf:
        found = pikepdf.PdfImage(pdf.pages[0].obj.Resources.XObject.I0).as_pil_image()
    assert np.array_equal(np.asarray(found), pixels)


def told(path):
    """Which picture of the page was published, as the fiscal is told."""
    (finding,) = (each for each in worked(path).findings if each.code is Code.PAGE_AS_SCANNED)
    return finding.message.partition("; ")[2].partition(", ")[0]


def test_a_drawn_page_that_nothing_smaller_shows_truly_is_no_scan(tmp_path, monkeypatch):
    monkeypatch.setattr(encode, "find_damage", lambda *_: (Damage(DamageKind.LOST, 10.0, 5.0, 3.0, 3.0, 9.0),))
    path = scan(tmp_path / "a.pdf", coded("JPEG", quality=90), Name.DCTDecode, Name.DeviceGray, UPRIGHT["a"])
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        note = Dictionary(Type=Name.Annot, Subtype=Name.Line, Rect=[100, 100, 400, 110], L=[100, 105, 400, 105])
        pdf.pages[0].Annots = Array([note])
        pdf.save(path)
    assert told(path) == "foi publicado o desenho dela"


@pytest.mark.parametrize("skew", [0.0, 1.0])
def test_a_page_that_nothing_smaller_shows_truly_is_the_scan_byte_for_byte(tmp_path, monkeypatch, skew):
    buffer = io.BytesIO()
    page(dpi=200).convert("RGB").rotate(skew, fillcolor="white").save(buffer, "JPEG", quality=98, dpi=(200, 200))
    (tmp_path / "a.jpg").write_bytes(buffer.getvalue())
    false = Damage(DamageKind.LOST, 10.0, 5.0, 3.0, 3.0, 9.0)
    monkeypatch.setattr(encode, "find_damage", lambda *_: (false,))
    sheet, part = published(tmp_path / "a.jpg", straighten=True)
    (layer,) = sheet.layers
    assert (sheet.rung, layer.data) == (Rung.SCAN, buffer.getvalue())
    assert told(tmp_path / "a.jpg") == "foi publicada a própria imagem da digitalização"
    assert apart(sheet, part, np.asarray(Image.open(buffer).convert("L").resize((298, 421)), float)) < 8


@pytest.mark.parametrize("change", ["mirrored", "cropped", "inverted", "masked"])
def test_what_a_page_does_not_show_as_it_is_is_not_published_as_it_is(tmp_path, change):
    make, codec, colours = CODES["jpeg"]
    matrix = (-595, 0, 0, 842, 595, 0) if change == "mirrored" else UPRIGHT["a"]
    path = scan(tmp_path / "a.pdf", make(), codec, colours, matrix)
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        image = pdf.pages[0].Resources.XObject.I
        if change == "cropped":
            pdf.pages[0].CropBox = Array([0, 100, 595, 842])
        if change == "inverted":
            image.Decode = Array([1, 0])
        if change == "masked":
            image.Mask = Array([250, 255])
        pdf.save(path)
    sheet, _ = published(path)
    data = path.read_bytes()
    assert all(layer.data not in data for layer in sheet.layers)


def test_a_picture_with_damage_that_readers_pass_over_is_coded_and_does_not_end_its_case(tmp_path, monkeypatch):
    """A flipped bit with which the code ends early: the strict reader that verifies the part refuses it."""
    code = io.BytesIO()
    grainy().crop((300, 300, 380, 380)).save(code, "JPEG", quality=95, dpi=(30, 30))
    flipped = next(shorter(code.getvalue()))
    (tmp_path / "a.jpg").write_bytes(flipped)
    false = Damage(DamageKind.LOST, 10.0, 5.0, 3.0, 3.0, 9.0)
    monkeypatch.setattr(encode, "find_damage", lambda *_: (false,))
    sheet, _ = published(tmp_path / "a.jpg")
    (layer,) = sheet.layers
    assert (sheet.rung, layer.coding, layer.data == flipped) == (Rung.SCAN, "jpeg-grey", False)


def in_strips(path, *, soft=False):
    """A scan that its scanner cut into strips of hard JPEG, and over it, as mixed raster content, a line of print in a mask."""
    with pikepdf.new() as pdf:
        sheet = pdf.add_blank_page(page_size=(595.2, 840.96)).obj  # 1240 by 1752 px of 150 dpi
        strips = {}
        for index in range(2):
            buffer = io.BytesIO()
            grainy().crop((0, 876 * index, 1240, 876 * (index + 1))).save(buffer, "JPEG", quality=12)
            how = {"Width": 1240, "Height": 876, "ColorSpace": Name.DeviceGray, "BitsPerComponent": 8}
            strips[f"/S{index}"] = pdf.make_stream(buffer.getvalue(), Subtype=Name.Image, Filter=Name.DCTDecode, **how)
        print_ = np.asarray(page("B", dpi=100)) < 128
        samples = (print_ * np.uint8(255 if not soft else 128)).tobytes()
        how = {
            "Width": print_.shape[1],
            "Height": print_.shape[0],
            "ColorSpace": Name.DeviceGray,
            "BitsPerComponent": 8,
        }
        mask = pdf.make_stream(samples, Subtype=Name.Image, **how)
        ink = {"Width": 1, "Height": 1, "ColorSpace": Name.DeviceRGB, "BitsPerComponent": 8}
        strips["/M"] = pdf.make_stream(b"\xc8\x14\x14", Subtype=Name.Image, SMask=mask, **ink)
        sheet.Resources = Dictionary(XObject=Dictionary(strips))
        sheet.Contents = pdf.make_stream(
            b"q 595.2 0 0 420.48 0 420.48 cm /S0 Do Q q 595.2 0 0 420.48 0 0 cm /S1 Do Q q 595.2 0 0 840.96 0 0 cm /M Do Q"
        )
        pdf.save(path, compress_streams=True)
    return path


@pytest.mark.parametrize("turn", [0, 90])
def test_a_page_of_several_pictures_does_not_grow_either(tmp_path, turn):
    """The mask is wholly opaque or wholly transparent, and so a stencil, which needs no transparency in the PDF/A."""
    path = in_strips(tmp_path / "a.pdf")
    sheet, part = published(path, turn)
    assert [layer.coding for layer in sheet.layers] == ["form"]
    assert sheet.encoding is Encoding.PICTURE
    assert sheet.bytes <= path.stat().st_size * 1.05 + 2048
    assert apart(sheet, part, np.rot90(drawn(path), -turn // 90)) < 2
    assert b"SMask" not in part.read_bytes()


@pytest.mark.parametrize("turn", [0, 90])
def test_a_page_that_is_half_see_through_does_not_grow_either(tmp_path, turn):
    """PDF/A-3 allows soft masks; such a page had been coded anew, as one JPEG."""
    path = in_strips(tmp_path / "a.pdf", soft=True)
    sheet, part = published(path, turn)
    assert [layer.coding for layer in sheet.layers] == ["form"]
    assert sheet.bytes <= path.stat().st_size * 1.05 + 2048
    assert apart(sheet, part, np.rot90(drawn(path), -turn // 90)) < 2
    assert b"SMask" in part.read_bytes()


def test_coloured_text_that_must_be_drawn_is_coded_without_loss_where_that_is_smaller(tmp_path):
    """A typeface that is not embedded, in coloured frames: as JPEG it was four times as large."""
    content = (
        b"4 w 1 0 0 RG 50 90 500 720 re S 0 0 1 RG 70 110 400 600 re S 0 0 1 rg BT /F 12 Tf 80 400 Td (Quadro) Tj ET"
    )
    fonts = b"/Font<</F<</Type/Font/Subtype/Type1/BaseFont/Verdana>>>>"
    (tmp_path / "a.pdf").write_bytes(one_page(stream(b"", content), resources=fonts))
    sheet, part = published(tmp_path / "a.pdf")
    assert all(layer.coding.startswith("flate") for layer in sheet.layers)
    assert apart(sheet, part, drawn(tmp_path / "a.pdf")) < 1


def test_a_note_on_a_page_of_few_colours_does_not_make_it_grow(tmp_path):
    """It must be drawn, and the drawn pixels are as few colours as before: as JPEG they were four times the scan."""
    dots = np.random.default_rng(1).random((1753, 1240)) < 0.03
    samples = np.where(dots, 190, np.asarray(page(dpi=150)) // 85 * 85).astype(np.uint8)
    path = scan(
        tmp_path / "a.pdf", zlib.compress(samples.tobytes(), 9), Name.FlateDecode, Name.DeviceGray, UPRIGHT["a"]
    )
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        note = Dictionary(Type=Name.Annot, Subtype=Name.Line, Rect=[100, 100, 400, 110], L=[100, 105, 400, 105])
        pdf.pages[0].Annots = Array([note])
        pdf.pages[0].MediaBox = Array([0, 0, 595.2, 841.44])  # exactly 150 dpi: drawn, no pixel is mixed
        pdf.pages[0].Contents = pdf.make_stream(b"q 595.2 0 0 841.44 0 0 cm /I Do Q")
        pdf.save(path)
    sheet, part = published(path)
    assert sheet.bytes <= path.stat().st_size * 1.05 + 2048
    assert drawn(part)[round((842 - 105 + sheet.strip) / 2), 60:190].max() < 200


def test_the_place_of_a_photograph_is_not_published(tmp_path):
    exif = Image.Exif()
    exif[0x010F] = "Geheim"
    data = coded("JPEG", quality=9, exif=exif, dpi=(150, 150))
    (tmp_path / "a.jpg").write_bytes(data)
    sheet, part = published(tmp_path / "a.jpg")
    assert b"Geheim" in data
    assert sheet.layers[0].coding == "jpeg-grey"
    assert sheet.bytes <= len(data)
    assert b"Geheim" not in part.read_bytes()


def test_a_page_whose_picture_asks_for_smoothing_stays_text_and_lines(tmp_path):
    """As word processors write it. PDF/A forbids to ask; held against the original, an edge was taken for another page."""
    edges = np.random.default_rng(1).integers(0, 2, (24, 24), np.uint8) * 255
    with pikepdf.new() as pdf:
        sheet = pdf.add_blank_page(page_size=(595, 842)).obj
        entries = {"Width": 24, "Height": 24, "ColorSpace": Name.DeviceGray, "BitsPerComponent": 8, "Interpolate": True}
        picture = pdf.make_stream(edges.tobytes(), Subtype=Name.Image, **entries)
        sheet.Resources = Dictionary(XObject=Dictionary(I=picture))
        sheet.Contents = pdf.make_stream(b"2 w 72 700 m 500 700 l 500 600 l S q 300 0 0 300 100 200 cm /I Do Q")
        pdf.save(tmp_path / "a.pdf")
    sheet, _ = published(tmp_path / "a.pdf")
    assert sheet.encoding is Encoding.VECTOR
