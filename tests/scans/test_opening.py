"""Scans opened: every format exact, every page as a viewer shows it, nothing incomplete let through."""

from __future__ import annotations

import io
import pickle
import subprocess
import sys
import zlib
from pathlib import Path

import numpy as np
import pikepdf
import pypdfium2 as pdfium
import pytest
from pikepdf import Array, Dictionary, Name
from PIL import Image, ImageDraw

from itrwatch.imaging.g4 import encode_g4
from itrwatch.scans.image import fax
from itrwatch.scans.image.paper_size import from_paper, settle
from itrwatch.scans.opening import inspect, read_page
from itrwatch.scans.pdf.document import open_document
from itrwatch.scans.values import AGAIN, ELSEWHERE, SMALLER, ScanError, ScanKind

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
DAMAGED = "está danificado ou incompleto e não pode ser lido inteiro"
CUT = "termina antes do fim"


def drawing(mode="L", size=(620, 876)):
    """An asymmetric page: lines of text, a frame, a corner mark."""
    image = Image.new("RGB", size, (252, 250, 245))
    pen = ImageDraw.Draw(image)
    for line, y in enumerate(range(60, size[1] - 60, 24)):
        pen.text((40, y), f"{line:03} Imposto Territorial Rural 0123456789", fill=(20, 20, 90 + line), font_size=18)
    pen.rectangle((8, 8, 70, 40), fill=(180, 30, 30))
    return image.convert("1", dither=Image.Dither.NONE) if mode == "1" else image.convert(mode)


def coded(image, form, **options):
    buffer = io.BytesIO()
    image.save(buffer, form, **options)
    return buffer.getvalue()


def written(path, data):
    path.write_bytes(data)
    return path


def image_of(pdf, image, **keys):
    """An image XObject: Flate, or as ``keys`` say (``data`` coded already)."""
    raw = keys.pop("data", None) or zlib.compress(image.tobytes())
    spaces = {"1": Name.DeviceGray, "L": Name.DeviceGray, "RGB": Name.DeviceRGB, "CMYK": Name.DeviceCMYK}
    facts = {
        "Type": Name.XObject, "Subtype": Name.Image, "Width": image.width, "Height": image.height,
        "BitsPerComponent": 1 if image.mode == "1" else 8, "ColorSpace": spaces[image.mode], "Filter": Name.FlateDecode,
    }  # fmt: skip
    return pdf.make_stream(raw, **(facts | keys))


def pdf_of(path, content, image=None, *, size=(297.6, 420.48), page=None, images=None, **keys):
    """One page with ``content``; ``image`` is /Im0, A5 at 150 dpi unless ``size`` (pt) says otherwise."""
    with pikepdf.new() as pdf:
        sheet = pdf.add_blank_page(page_size=size)
        sources = images or ([image] if image is not None else [])
        named = {f"/Im{number}": image_of(pdf, one, **keys) for number, one in enumerate(sources)}
        sheet.obj.Resources = Dictionary(XObject=Dictionary(named))
        sheet.obj.Contents = pdf.make_stream(content.encode())
        for key, value in (page or {}).items():
            sheet.obj[f"/{key}"] = value(pdf) if callable(value) else value
        pdf.save(path)
    return path


def viewer(path, scale):
    with pdfium.PdfDocument(path) as document:  # a hair less, or it rounds 620.0 px up to 621
        return document[0].render(scale=scale * (1 - 1e-6)).to_pil().convert("RGB")


def refused(path, page=1):
    """The error of `inspect` or else of `read_page`; fails when both succeed."""
    with pytest.raises(ScanError) as caught:
        read_all(path, page)
    return caught.value


def read_all(path, last):
    for page in range(1, max(inspect(path).pages, last) + 1):
        read_page(path, page)


FULL = "q 297.6 0 0 420.48 0 0 cm /Im0 Do Q"
TIFFS = [
    *(("1", how) for how in ("raw", "group3", "group4", "tiff_ccitt", "packbits", "tiff_lzw", "tiff_deflate")),
    *((mode, how) for mode in ("L", "RGB", "P", "CMYK", "RGBA", "I;16") for how in ("raw", "tiff_lzw", "packbits")),
]


@pytest.mark.parametrize(("mode", "how"), TIFFS)
def test_tiff_pixels_are_exact(tmp_path, mode, how):
    image = drawing(mode) if mode != "I;16" else Image.fromarray(np.asarray(drawing("L")).astype(np.uint16) * 257)
    path = tmp_path / "scan.tif"
    image.save(path, compression=how, dpi=(150, 150), save_all=True, append_images=[image])
    assert inspect(path).pages == 2
    raster = read_page(path, 2).raster
    expected = drawing("L") if mode == "I;16" else image.convert("L" if mode in ("1", "L") else "RGB")
    assert np.array_equal(raster.pixels, np.asarray(expected))
    assert (raster.dpi, raster.bilevel) == (150, mode == "1")


@pytest.mark.parametrize("white_is_zero", [True, False])
@pytest.mark.parametrize("how", ["group3", "group4"])
def test_fax_in_both_polarities(tmp_path, how, white_is_zero):
    bits = ~np.asarray(drawing("1")) if white_is_zero else np.asarray(drawing("1"))
    data = bytearray(coded(Image.fromarray(bits), "TIFF", compression=how, dpi=(150, 150), tiffinfo={278: 876}))
    at = data.find(b"\x06\x01\x03\0\x01\0\0\0")  # PhotometricInterpretation
    data[at + 8] = 0 if white_is_zero else 1
    raster = read_page(written(tmp_path / "fax.tif", bytes(data)), 1).raster
    assert np.array_equal(raster.pixels == 255, np.asarray(drawing("1")))


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("name", ["scan.tif", "scan.jpg"])
def test_orientation_as_pillow_turns_it(tmp_path, name, orientation):
    path = tmp_path / name
    image = drawing()
    if name == "scan.tif":
        image.save(path, compression="tiff_lzw", dpi=(150, 150), tiffinfo={274: orientation})
    else:
        exif = Image.Exif()
        exif[274] = orientation
        image.save(path, quality=95, dpi=(150, 150), exif=exif)
    exact = [None, Image.Transpose.FLIP_LEFT_RIGHT, Image.Transpose.ROTATE_180, Image.Transpose.FLIP_TOP_BOTTOM,
             Image.Transpose.TRANSPOSE, Image.Transpose.ROTATE_270, Image.Transpose.TRANSVERSE, Image.Transpose.ROTATE_90]  # fmt: skip
    turn = exact[orientation - 1]
    expected = np.asarray(image if turn is None else image.transpose(turn)).astype(int)
    pixels = read_page(path, 1).raster.pixels
    assert pixels.shape == expected.shape
    assert np.abs(pixels - expected).mean() < (3 if name == "scan.jpg" else 0.001)


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "LA", "I;16"])
def test_png_pixels_are_exact(tmp_path, mode):
    path = tmp_path / "scan.png"
    image = Image.fromarray(np.asarray(drawing("L")).astype(np.uint16) << 8) if mode == "I;16" else drawing(mode)
    if mode in ("RGBA", "LA"):
        image.putalpha(0)
    image.save(path, dpi=(150, 150))
    raster = read_page(path, 1).raster
    if mode in ("RGBA", "LA"):
        assert raster.pixels.min() == 255  # see-through is paper
    else:
        same = drawing("L") if mode == "I;16" else image.convert("L" if mode in ("1", "L") else "RGB")
        assert np.array_equal(raster.pixels, np.asarray(same))
    assert (round(raster.dpi), raster.bilevel) == (150, mode == "1")


@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"subsampling": 0, "optimize": True}])
@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
def test_jpeg_pixels_are_those_of_libjpeg(tmp_path, mode, options):
    path = tmp_path / "scan.jpg"
    drawing(mode).save(path, dpi=(150, 150), **options)
    with Image.open(path) as plain:
        expected = np.asarray(plain.convert("L" if mode == "L" else "RGB"))
    assert np.array_equal(read_page(path, 1).raster.pixels, expected)


def test_fax_lines_are_doubled_not_blended(tmp_path):
    path = tmp_path / "fax.tif"
    drawing("1", (1728, 1145)).save(path, compression="group3", dpi=(204, 98))
    page = read_page(path, 1)
    assert page.raster.pixels.shape == (2383, 1728)
    assert set(np.unique(page.raster.pixels)) == {0, 255}
    assert page.remarks == ("Resolução diferente na largura (204 dpi) e na altura (98 dpi); a página foi ajustada.",)


@pytest.mark.parametrize(
    ("size", "stated", "dpi", "remark"),
    [
        ((2480, 3508), (300, 300), 300, None),
        ((2480, 3508), None, 300, "O arquivo não diz a resolução; pelo número de pixels, foi tratado como A4 a 300 dpi. Se a folha de papel tem outro tamanho, digitalize de novo."),
        ((2480, 3508), (72, 72), 300, "O arquivo diz 72 dpi, o que daria uma folha de 875 × 1238 mm; foi tratado como A4 a 300 dpi. Se a folha de papel tem outro tamanho, digitalize de novo."),
        ((1654, 2339), (96, 96), 200, "O arquivo diz 96 dpi, o que daria uma folha de 438 × 619 mm; foi tratado como A4 a 200 dpi. Se a folha de papel tem outro tamanho, digitalize de novo."),
        ((2480, 3508), (0, 0), 300, "O arquivo diz 0 dpi, o que é impossível; foi tratado como A4 a 300 dpi. Se a folha de papel tem outro tamanho, digitalize de novo."),
        ((2550, 4200), (1, 1), 300, "O arquivo diz 1 dpi, o que daria uma folha de 64770 × 106680 mm; foi tratado como Ofício (Legal) a 300 dpi. Se a folha de papel tem outro tamanho, digitalize de novo."),
        ((4032, 3024), (72, 72), 344.8, "O arquivo diz 72 dpi, o que daria uma folha de 1422 × 1067 mm; foi tratado como folha com o lado maior de um A4 (345 dpi). Se a folha de papel tem outro tamanho, digitalize de novo."),
        ((595, 842), (72, 72), 72, None),  # a true A4 at 72 dpi
        ((6622, 4677), (200, 200), 200, None),  # an A1 plan
        ((900, 1800), (300, 300), 300, None),  # a receipt
    ],
)  # fmt: skip
def test_resolution_is_taken_from_the_file_or_estimated(size, stated, dpi, remark):
    found, _, remarks = settle(*size, stated)
    assert round(found, 1) == dpi
    assert remarks == ((remark,) if remark else ())


def test_papers():
    cases = [(2550, 3300), (2551, 3898), (3508, 4961), (1748, 2480), (2339, 1654), (1240, 1754), (4960, 7016)]
    assert [from_paper(*size)[1] for size in cases] == [
        "Carta a 300 dpi", "Ofício a 300 dpi", "A3 a 300 dpi", "A5 a 300 dpi", "A4 a 200 dpi", "A4 a 150 dpi", "A4 a 600 dpi",
    ]  # fmt: skip


G4 = {"Filter": Name.CCITTFaxDecode}


@pytest.mark.parametrize(
    ("mode", "keys"),
    [
        ("1", {}),
        ("1", {"Decode": Array([1, 0])}),
        ("1", {"ImageMask": True}),
        ("1", {"ColorSpace": Array([Name.Indexed, Name.DeviceGray, 1, b"\xff\x00"])}),
        ("1", {**G4, "DecodeParms": Dictionary(K=-1, Columns=620, Rows=876)}),
        ("1", {**G4, "DecodeParms": Dictionary(K=-1, Columns=620, Rows=876, BlackIs1=True)}),
        ("L", {}),
        ("L", {"Decode": Array([1, 0])}),
        ("L", {"ColorSpace": Array([Name.Indexed, Name.DeviceRGB, 255, bytes(range(256)) * 3])}),
        ("L", {"data": coded(drawing("L"), "JPEG"), "Filter": Name.DCTDecode}),
        ("L", {"data": zlib.compress(coded(drawing("L"), "JPEG")), "Filter": Array([Name.FlateDecode, Name.DCTDecode])}),
        ("RGB", {}),
        ("RGB", {"data": coded(drawing("RGB"), "JPEG"), "Filter": Name.DCTDecode}),
        ("RGB", {"data": coded(drawing("RGB"), "JPEG2000"), "Filter": Name.JPXDecode}),
        ("CMYK", {}),
        ("CMYK", {"data": coded(drawing("CMYK"), "JPEG"), "Filter": Name.DCTDecode, "Decode": Array([1, 0] * 4)}),
    ],
)  # fmt: skip
def test_plain_pdf_page_has_the_images_pixels(tmp_path, mode, keys):
    image = drawing(mode)
    if keys.get("Filter") == Name.CCITTFaxDecode:
        keys = {**keys, "data": encode_g4(~np.asarray(image))}
    path = pdf_of(tmp_path / "scan.pdf", FULL, image, **keys)
    page = read_page(path, 1)
    assert inspect(path).kind is ScanKind.PDF
    assert not page.drawn
    assert page.raster.pixels.shape[:2] == (876, 620)
    assert page.raster.dpi == pytest.approx(150, abs=0.1)
    assert page.raster.bilevel == (mode == "1")
    shown = np.asarray(Image.fromarray(page.raster.pixels).convert("RGB")).astype(int)
    assert np.abs(shown - np.asarray(viewer(path, 150 / 72).resize((620, 876)))).mean() < 1
    if mode == "1" and not {"Decode", "ColorSpace"} & set(keys) and "/BlackIs1" not in keys.get("DecodeParms", {}):
        assert np.array_equal(page.raster.pixels == 255, np.asarray(image))


SHOWN = {
    "turned page": (FULL, {}, {"Rotate": 90}),
    "turned twice": (FULL, {}, {"Rotate": 180}),
    "turned back": (FULL, {}, {"Rotate": -90}),
    "image upside down": ("q -297.6 0 0 -420.48 297.6 420.48 cm /Im0 Do Q", {}, {}),
    "image mirrored": ("q -297.6 0 0 420.48 297.6 0 cm /Im0 Do Q", {}, {}),
    "image on its side": ("q 0 297.6 -420.48 0 420.48 0 cm /Im0 Do Q", {"size": (420.48, 297.6)}, {}),
    "image on its other side, page turned": ("q 0 -297.6 420.48 0 0 297.6 cm /Im0 Do Q", {"size": (420.48, 297.6)}, {"Rotate": 270}),
    "crop box": (FULL, {}, {"CropBox": Array([48, 48, 204, 396])}),
    "crop box, turned": (FULL, {}, {"CropBox": Array([48, 48, 204, 396]), "Rotate": 90}),
    "crop box beyond the sheet": (FULL, {}, {"CropBox": Array([-100, 96, 204, 999])}),
    "media box away from zero": ("q 297.6 0 0 420.48 100 -50 cm /Im0 Do Q", {}, {"MediaBox": Array([100, -50, 397.6, 370.48])}),
    "small on the sheet": ("q 148.8 0 0 210.24 48 96 cm /Im0 Do Q", {}, {}),
    "beyond the sheet": ("q 595.2 0 0 840.96 -96 -192 cm /Im0 Do Q", {}, {}),
    "clipped": ("q 48 48 96 192 re W n 297.6 0 0 420.48 0 0 cm /Im0 Do Q", {}, {}),
    "two resolutions": ("q 297.6 0 0 210.24 0 0 cm /Im0 Do Q", {"size": (297.6, 210.24)}, {}),
    "in steps": ("q 2 0 0 2 0 0 cm /S BMC 148.8 0 0 210.24 0 0 cm /Im0 Do EMC Q", {}, {}),
    "with invisible text": (FULL + " BT 3 Tr /F1 9 Tf (x) Tj ET", {}, {}),
}  # fmt: skip


@pytest.mark.parametrize("case", SHOWN)
def test_plain_pdf_page_looks_as_in_a_viewer(tmp_path, case):
    content, options, keys = SHOWN[case]
    path = pdf_of(tmp_path / "scan.pdf", content, drawing("L"), page=keys, **options)
    page = read_page(path, 1)
    assert not page.drawn
    expected = viewer(path, page.raster.dpi / 72).resize(page.raster.pixels.shape[1::-1]).convert("L")
    assert np.abs(page.raster.pixels.astype(int) - np.asarray(expected)).mean() < 2
    assert abs(expected.width / page.raster.dpi - viewer(path, 1).width / 72) < 0.02


@pytest.mark.parametrize("alpha", [255, 128])
def test_a_soft_mask_counts_only_when_something_shows_through(tmp_path, alpha):
    def masked(pdf):
        soft = image_of(pdf, Image.new("L", (62, 88), alpha))
        return Dictionary(XObject=Dictionary({"/Im0": image_of(pdf, drawing(), SMask=soft)}))

    page = read_page(pdf_of(tmp_path / "scan.pdf", FULL, page={"Resources": masked}), 1)
    assert page.drawn == (alpha < 255)
    assert (page.raster.pixels.min() > 100) == (alpha < 255)


def test_user_unit_and_absurd_page(tmp_path):
    page = read_page(pdf_of(tmp_path / "a.pdf", FULL, drawing(), page={"UserUnit": 2}), 1)
    assert round(page.raster.dpi) == 75
    huge = pdf_of(tmp_path / "b.pdf", "q 2480 0 0 3508 0 0 cm /Im0 Do Q", drawing("1", (2480, 3508)), size=(2480, 3508))
    page = read_page(huge, 1)
    assert (page.raster.dpi, page.raster.bilevel) == (300, True)
    assert page.remarks == ("A página do PDF mede 875 × 1238 mm; foi tratada como A4 a 300 dpi.",)


@pytest.mark.parametrize(("drawn", "wide"), [((360, 130), 892), ((892, 1302), 576)])
def test_a_large_page_of_lines_with_a_small_picture_has_the_size_it_says(tmp_path, drawn, wide):
    """Plots have a scale of colours with a pixel for each point, and were made as small as A4 for it; a scan is the page."""
    content = f"q {drawn[0]} 0 0 {drawn[1]} 0 0 cm /Im0 Do Q 0 0 m 99 99 l S"
    page = read_page(pdf_of(tmp_path / "a.pdf", content, drawing("L", drawn), size=(892, 1302)), 1)
    assert page.drawn
    assert page.raster.width_mm / 25.4 * 72 == pytest.approx(wide, abs=1)
    assert bool(page.remarks) is (wide < 892)


def form(pdf):
    """A form XObject around the page's image, which itself names nothing else."""
    inner = image_of(pdf, drawing())
    return pdf.make_stream(b"/Im0 Do", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 1, 1]),
                           Resources=Dictionary(XObject=Dictionary(Im0=inner)))  # fmt: skip


def test_a_scan_whose_name_went_to_another_file_while_it_was_opened_is_still_the_one_that_is_read(
    tmp_path, monkeypatch
):
    scan = written(tmp_path / "um.pdf", coded(drawing(), "PDF"))
    other = written(tmp_path / "dois.pdf", coded(drawing(), "PDF", save_all=True, append_images=[drawing()]))
    opened = pikepdf.open

    def replaced(*arguments, **keys):
        other.replace(scan)
        return opened(*arguments, **keys)

    monkeypatch.setattr(pikepdf, "open", replaced)
    document = open_document(scan)
    assert (document.pages, len(document.drawing)) == (1, 1)


def test_image_inside_a_form_is_plain(tmp_path):
    path = pdf_of(
        tmp_path / "scan.pdf", FULL, page={"Resources": lambda pdf: Dictionary(XObject=Dictionary(Im0=form(pdf)))}
    )
    page = read_page(path, 1)
    assert not page.drawn
    assert np.array_equal(page.raster.pixels, np.asarray(drawing()))


STAMP = b"0 0 1 rg 0 0 100 50 re f"


def stamp(pdf):
    look = pdf.make_stream(STAMP, Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 100, 50]))
    return Array(
        [Dictionary(Type=Name.Annot, Subtype=Name.Stamp, Rect=Array([150, 350, 250, 400]), F=4, AP=Dictionary(N=look))]
    )


DRAWN = {
    "strips": ("q 297.6 0 0 210.24 0 210.24 cm /Im0 Do Q q 297.6 0 0 210.24 0 0 cm /Im1 Do Q", {}, 150),
    "stamp": (FULL, {"Annots": stamp}, 300),
    "vector": (FULL + " 1 0 0 RG 10 10 100 100 re S", {}, 300),
    "slanted": ("q 290 5 -5 410 5 5 cm /Im0 Do Q", {}, 300),
}


@pytest.mark.parametrize("case", DRAWN)
def test_everything_else_is_drawn(tmp_path, case):
    content, keys, dpi = DRAWN[case]
    images = [drawing().crop((0, 0, 620, 438)), drawing().crop((0, 438, 620, 876))] if case == "strips" else [drawing()]
    path = pdf_of(tmp_path / "scan.pdf", content, images=images, page=keys)
    page = read_page(path, 1)
    assert page.drawn
    assert not page.raster.bilevel
    assert page.raster.pixels.shape[:2] == (round(5.84 * dpi), round(297.6 / 72 * dpi)) or case == "slanted"
    if case == "stamp":
        assert tuple(page.raster.pixels[150, 800]) == (0, 0, 255)
    if case == "strips":
        assert np.abs(page.raster.pixels.astype(int) - np.asarray(drawing())).mean() < 1


def jbig2(image, cut=0):
    """A JBIG2 stream of one generic region coded as T.6, which G4 is too."""
    width, height = image.width.to_bytes(4, "big"), image.height.to_bytes(4, "big")
    region = width + height + bytes(9) + b"\x01" + encode_g4(~np.asarray(image))
    info = width + height + bytes(11)
    segments = [(0, 48, info), (1, 38, region), (2, 49, b"")]
    data = b"".join(
        n.to_bytes(4, "big") + bytes([kind, 0, 1]) + len(d).to_bytes(4, "big") + d for n, kind, d in segments
    )
    return data[: len(data) - cut]


def test_jbig2(tmp_path):
    keys = {"Filter": Name.JBIG2Decode}
    page = read_page(pdf_of(tmp_path / "a.pdf", FULL, drawing("1"), data=jbig2(drawing("1")), **keys), 1)
    assert page.raster.bilevel
    assert np.array_equal(page.raster.pixels == 255, np.asarray(drawing("1")))
    assert DAMAGED in str(
        refused(pdf_of(tmp_path / "b.pdf", FULL, drawing("1"), data=jbig2(drawing("1"), 900), **keys))
    )


HALF = {
    "flate": ("L", {"data": zlib.compress(drawing("L").tobytes())[:-3000]}),
    "flate, too few lines": ("L", {"data": zlib.compress(drawing("L").tobytes()[:-6200])}),
    "jpeg": ("L", {"Filter": Name.DCTDecode, "data": coded(drawing("L"), "JPEG")[:-3000]}),
    "jpeg, closed again": ("L", {"Filter": Name.DCTDecode, "data": coded(drawing("L"), "JPEG")[:-3000] + b"\xff\xd9"}),
    "jpeg, zeros": ("L", {"Filter": Name.DCTDecode, "data": coded(drawing("L"), "JPEG")[:-3000] + bytes(3000)}),
    "jpeg 2000": ("RGB", {"Filter": Name.JPXDecode, "data": coded(drawing("RGB"), "JPEG2000")[:-3000]}),
    "g4": ("1", {**G4, "DecodeParms": Dictionary(K=-1, Columns=620), "data": encode_g4(~np.asarray(drawing("1")))[:-3000]}),
    "g4, zeros": ("1", {**G4, "DecodeParms": Dictionary(K=-1, Columns=620), "data": encode_g4(~np.asarray(drawing("1")))[:-3000] + bytes(3000)}),
    "unknown filter": ("L", {"Filter": Name.Crypt}),
}  # fmt: skip


@pytest.mark.parametrize("content", [FULL, FULL + " 0 0 9 9 re f"], ids=["plain", "drawn"])
@pytest.mark.parametrize("case", HALF)
def test_half_an_image_in_a_whole_pdf_is_an_error(tmp_path, case, content):
    mode, keys = HALF[case]
    wrong = refused(pdf_of(tmp_path / "scan.pdf", content, drawing(mode), **keys))
    assert (wrong.damage, wrong.page) == (True, 1)
    said = (DAMAGED, "código de fax da página está danificado na linha", "traz só as primeiras")
    assert any(part in str(wrong) for part in said)


def raw_pdf(*pages, extra=b""):
    """A PDF written by hand: ``pages`` are the entries of page dictionaries."""
    kids = b" ".join(b"%d 0 R" % number for number in range(3, 3 + len(pages)))
    objects = [b"<</Type/Catalog/Pages 2 0 R%s>>" % extra, b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, len(pages))]
    objects += [b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]%s>>" % page for page in pages]
    out, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    count = len(objects) + 1
    return out + b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (
        count, table, count, len(out))  # fmt: skip


def test_a_page_without_contents_is_white_but_lost_contents_are_an_error(tmp_path):
    page = read_page(written(tmp_path / "a.pdf", raw_pdf(b"")), 1)
    assert page.remarks == ("A página está vazia no próprio PDF: não tem imagem, texto nem desenho.",)
    assert page.raster.pixels.min() == 255
    for lost in (b"/Contents 9 0 R", b"/Contents null", b"/Contents[9 0 R]"):
        wrong = refused(written(tmp_path / "b.pdf", raw_pdf(b"", lost)), page=2)
        assert (DAMAGED in str(wrong), wrong.page) == (True, 2)
    with pikepdf.open(tmp_path / "a.pdf") as pdf:  # the same in an object stream
        pdf.save(tmp_path / "c.pdf", object_stream_mode=pikepdf.ObjectStreamMode.generate)
    assert read_page(tmp_path / "c.pdf", 1).remarks == page.remarks


@pytest.mark.parametrize(
    "kids", [b"[3 0 R 9 0 R]", b"[3 0 R null ]", b"[3 0 R      ]", b"[3 0 R 3 0 R]", b"[3 0 R 2 0 R]"]
)
def test_a_lost_page_is_an_error(tmp_path, kids):
    data = raw_pdf(b"/Resources<<>>", b"/Resources<<>>").replace(b"[3 0 R 4 0 R]", kids)
    assert "danificado ou incompleto" in str(refused(written(tmp_path / "scan.pdf", data)))


def test_a_revision_that_was_not_written_to_its_end_is_an_error(tmp_path):
    data = raw_pdf(b"/Resources<<>>")
    for rest in (b"3 0 obj\n<</Type/Page", bytes(100)):
        assert refused(written(tmp_path / "scan.pdf", data + rest)).incomplete
    assert inspect(written(tmp_path / "padded.pdf", data + b"\n\0\0\r\n")).pages == 1


def test_lost_images_are_errors(tmp_path):
    assert "imagem que não está no PDF" in str(
        refused(pdf_of(tmp_path / "a.pdf", "q 99 0 0 99 0 0 cm /Gone Do Q", drawing()))
    )
    assert "tem uma imagem que o PDF não mostra" in str(refused(pdf_of(tmp_path / "b.pdf", "q Q", drawing())))
    assert DAMAGED in str(refused(pdf_of(tmp_path / "c.pdf", FULL + " q (never closed", drawing())))


def portfolio(path, key):
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        if key == "xfa":
            pdf.Root.AcroForm = Dictionary(XFA=pdf.make_stream(b"<xdp/>"), Fields=Array())
        elif key == "collection":
            pdf.Root.Collection = Dictionary()
        pdf.save(path, encryption=pikepdf.Encryption(user="segredo", owner="x") if key == "password" else None)
    return path.read_bytes()


PNG_BOMB = b"\x89PNG\r\n\x1a\n" + b"".join(
    len(body).to_bytes(4, "big") + kind + body + zlib.crc32(kind + body).to_bytes(4, "big")
    for kind, body in ((b"IHDR", b"\0\1\x86\xa0\0\1\x86\xa0\x08\x02\0\0\0"), (b"IDAT", b"x"), (b"IEND", b""))
)
REFUSED = {
    "a.pdf empty": (b"", "O arquivo está vazio (0 bytes). Copie-o de novo; se continuar vazio, digitalize de novo.", True),
    "a.pdf zeros": (bytes(5000), "O arquivo só tem zeros no começo: a cópia ainda não acabou ou falhou. Espere a cópia acabar ou copie o arquivo inteiro de novo.", True),
    "a.pdf text": (b"Ola, mundo", f"O nome diz PDF, mas o conteúdo não é PDF, TIFF, JPEG, PNG, HEIC nem WebP. Copie o arquivo original outra vez, ou digitalize de novo. {ELSEWHERE}", False),
    "a.pdf html": (b"\n<!DOCTYPE html><p>", "O nome diz PDF, mas o arquivo é uma página da internet (HTML ou XML), que o itrwatch não lê. Abra-o, salve ou imprima como PDF e ponha o PDF no lugar dele.", False),
    "a.avif": (b"\0\0\0\x18ftypavif" + bytes(40), "O arquivo é uma imagem AVIF, que o itrwatch não lê. Abra-o, salve ou imprima como PDF e ponha o PDF no lugar dele.", False),
    "a.tif docx": (b"PK\x03\x04" + bytes(26) + b"[Content_Types].xml", "O nome diz TIFF, mas o arquivo é um documento do Word ou parecido (DOCX), que o itrwatch não lê. Abra-o, salve ou imprima como PDF e ponha o PDF no lugar dele.", False),
    "a.zip": (b"PK\x03\x04" + bytes(26) + b"a.pdf", "O arquivo é um pacote ZIP, que o itrwatch não lê. Extraia os arquivos e ponha-os na pasta, fora do pacote.", False),
    "a.pdf password": ("password", "O PDF está protegido por senha. Digitalize de novo sem senha, ou abra-o com a senha, imprima em PDF e ponha o PDF impresso no lugar dele.", False),
    "a.pdf collection": ("collection", "O PDF é um portfólio: os documentos estão dentro dele como anexos. Abra-o no Adobe Reader, salve cada documento como PDF comum e ponha-os na pasta.", False),
    "a.pdf xfa": ("xfa", "O PDF é um formulário dinâmico (XFA), que só o Adobe Reader mostra. Abra-o nele, imprima em PDF e ponha o PDF impresso no lugar dele.", False),
    "a.pdf no pages": (raw_pdf(), f"O PDF não tem nenhuma página. {AGAIN}", False),
    "a.png bomb": (PNG_BOMB, f"A imagem é grande demais (100000 × 100000 pixels). {SMALLER}", False),
    "a.pdf no end": (raw_pdf(b"")[:-8], "O PDF termina antes do fim: a cópia ainda não acabou ou foi interrompida. Espere a cópia acabar; se o aviso continuar: digitalize de novo e copie o arquivo inteiro. " + ELSEWHERE, True),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_refusals_say_what_to_do(tmp_path, case):
    data, sentence, incomplete = REFUSED[case]
    path = tmp_path / case.split()[0]
    wrong = refused(written(path, portfolio(path, data) if isinstance(data, str) else data))
    assert (str(wrong), wrong.incomplete) == (sentence, incomplete)
    again = pickle.loads(pickle.dumps(wrong))
    assert (again.message_pt, again.incomplete, again.page) == (sentence, incomplete, wrong.page)


def test_a_wrong_name_and_a_signature_are_reported(tmp_path):
    data = coded(drawing(), "JPEG", dpi=(150, 150))
    info = inspect(written(tmp_path / "a.PDF", data))
    assert (info.kind, info.remarks) == (ScanKind.JPEG, ("O nome diz PDF, mas o arquivo é JPEG; foi lido como JPEG.",))
    signed = raw_pdf(b"", extra=b"/AcroForm<</SigFlags 3/Fields[]>>")
    remark = "O PDF diz que tem assinatura digital, mas não diz de quem. Guarde o arquivo original: a assinatura só vale nele. O PDF do processo é refeito página por página e não a leva."
    assert inspect(written(tmp_path / "b.pdf", signed)).remarks == (remark,)
    assert "a página 2 não existe" in str(refused(tmp_path / "a.PDF", 2))
    assert refused(tmp_path / "nowhere.pdf").incomplete


def whole(kind):
    pages = [drawing(), drawing().transpose(Image.Transpose.ROTATE_180)]
    options = {
        "PDF": ("PDF", {"save_all": True, "append_images": pages[1:], "resolution": 150}),
        "PNG": ("PNG", {}), "JPEG": ("JPEG", {}), "progressive": ("JPEG", {"progressive": True}),
    }  # fmt: skip
    if kind in options:
        form, keys = options[kind]
        return coded(pages[0], form, **keys)
    fax_codes = kind in ("group3", "group4")
    pages = [page.convert("1") for page in pages] if fax_codes else pages
    return coded(pages[0], "TIFF", compression=kind, save_all=True, append_images=pages[1:])


@pytest.mark.parametrize("part", [0.3, 0.6, 0.9, 0.99])
@pytest.mark.parametrize("kind", ["PDF", "PNG", "JPEG", "progressive", "raw", "tiff_lzw", "jpeg", "group3", "group4"])
def test_what_is_cut_is_never_read(tmp_path, kind, part):
    data = whole(kind)
    for filled in (b"", bytes(len(data) - int(len(data) * part))):  # cut, or space reserved and not written
        path = written(tmp_path / "scan", data[: int(len(data) * part)] + filled)
        if kind == "raw" and filled and part > 0.5:
            continue  # zeros are pixels there
        assert refused(path)


@pytest.mark.parametrize(("left", "told"), [(b"\0\0\0", False), (b"\xff\xff", False), (b"\x12\0\x34", True)])
def test_bytes_left_before_the_end_of_a_jpeg_are_forgiven_and_told_unless_they_are_padding(tmp_path, left, told):
    data = coded(drawing(), "JPEG", dpi=(150, 150))
    clean = read_page(written(tmp_path / "a.jpg", data), 1)
    stray = read_page(written(tmp_path / "b.jpg", data[:-2] + left + data[-2:]), 1)
    assert np.array_equal(clean.raster.pixels, stray.raster.pixels)
    assert (stray.never_blank, any("bytes a mais no fim" in remark for remark in stray.remarks)) == (told, told)


@pytest.mark.parametrize("how", ["group3", "group4", "tiff_ccitt", "jpeg", "tiff_lzw", "tiff_deflate"])
def test_a_strip_that_ends_in_zeros_is_an_error(tmp_path, how):
    data = bytearray(coded(drawing("L" if how == "jpeg" else "1"), "TIFF", compression=how, tiffinfo={278: 876}))
    with Image.open(io.BytesIO(data)) as tiff:
        start, size = tiff.tag_v2[273][0], tiff.tag_v2[279][0]
    data[start + size * 6 // 10 : start + size] = bytes(size - size * 6 // 10)
    wrong = refused(written(tmp_path / "scan.tif", bytes(data)))
    assert wrong.damage
    assert DAMAGED in str(wrong) or "código de fax da página está danificado na linha" in str(wrong)


def test_a_tiff_with_space_for_more_pages_is_still_growing(tmp_path):
    pages = [
        coded(drawing("1"), "TIFF", compression="group4", save_all=True, append_images=more)
        for more in ([], [drawing("1")])
    ]
    assert inspect(written(tmp_path / "scan.tif", pages[0])).pages == 1
    wrong = refused(written(tmp_path / "scan.tif", pages[0] + bytes(len(pages[1]) - len(pages[0]))))
    assert wrong.incomplete


def test_fax_proof_is_tight():
    """Lines that the code does not hold are white only where an end mark says that there are no more."""
    white = np.asarray(drawing("1"))
    data, (rows, columns) = encode_g4(~np.asarray(drawing("1"))), white.shape
    lines, missing = fax.read(data, fax.FaxCode(-1, columns, rows=rows))
    assert (missing, np.array_equal(lines, white)) == (0, True)
    lines, missing = fax.read(data, fax.FaxCode(-1, columns, rows=rows + 48))
    assert (missing, lines[rows:].all()) == (48, True)
    unmarked = data.rstrip(b"\0")[:-3]
    with pytest.raises(fax.FaxError, match=rf"line {rows - 1}|line {rows}"):
        fax.read(unmarked, fax.FaxCode(-1, columns, rows=rows + 48))


READ = """
import resource, sys
from pathlib import Path
resource.setrlimit(resource.RLIMIT_AS, (3 << 30, 3 << 30))
from itrwatch.scans.opening import inspect, read_page
from itrwatch.scans.values import ScanError
try:
    pages = inspect(Path(sys.argv[1])).pages
    for page in range(1, pages + 1):
        read_page(Path(sys.argv[1]), page)
    print("pages", pages)
except ScanError as wrong:
    print("refused", wrong.incomplete, wrong)
"""
HOSTILE_PAGES = {
    "bad-xref": 1,
    "leading-junk": 30,
    "vector-alloc": 30,
    "O=master": 30,
    "digitally-signed": 1,
    "damaged-stream": 1,
    "pages-loop": 1,  # the tree names itself beside its one page, which every viewer shows
}


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not here")
@pytest.mark.parametrize("path", sorted((CORPUS / "hostile").glob("*")), ids=lambda path: path.name)
def test_hostile_files_are_answered(path):
    run = [sys.executable, "-W", "error", "-c", READ, str(path)]
    done = subprocess.run(run, capture_output=True, text=True, timeout=20, check=False, cwd=Path(__file__).parents[2])
    pages = next((n for name, n in HOSTILE_PAGES.items() if name in path.name and "U=view" not in path.name), None)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"pages {pages}\n" if pages else "refused")


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not here")
@pytest.mark.parametrize(
    "path", sorted(p for d in ("real", "blank", "rotated") for p in (CORPUS / d).glob("*")), ids=lambda path: path.name
)
def test_real_scans_are_read(path):
    pages = {"multipage": 6, "boxes": 8, "g4-multi": 3, "tiny_lines": 4}
    expected = next((count for name, count in pages.items() if name in path.name), 1)
    assert inspect(path).pages == expected
    for page in range(1, expected + 1):
        raster = read_page(path, page).raster
        assert raster.pixels.std() > 0
        assert 50 < raster.width_mm < 800
