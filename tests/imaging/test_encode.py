"""What becomes of a page: every mark on paper is still there, and the file is small."""

import zlib

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from bench.truth import TRUTH
from itrwatch.core.pages import Encoding, Rung
from itrwatch.core.settings import StampConfig
from itrwatch.demo.drawing import PageKind, draw
from itrwatch.demo.paper import scan
from itrwatch.imaging.analysis.analyse import analyse
from itrwatch.imaging.analysis.scanner_artefacts import find_artefacts
from itrwatch.imaging.encoding.codecs import encode_ink
from itrwatch.imaging.encoding.encode import Wanted, encode_page, turned
from itrwatch.imaging.encoding.rendering import decode_stencil, render
from itrwatch.imaging.raster import Raster
from itrwatch.imaging.resample import extremes, shrink
from itrwatch.pdf.part_info import DocumentInfo
from itrwatch.pdf.writing import PartPage, write_part
from tests.pdf_tools import render_pdfium

NUMBER_MM = (16.0, 4.0)
WITH_CONTENT = [kind for kind in PageKind if not TRUTH[kind].blank and not TRUTH[kind].blank_stamp]


def scanned(kind, seed=3, dpi=300):
    return Raster(np.asarray(scan(draw(kind, seed, dpi), seed, dpi).convert("RGB")), float(dpi))


def sheet_of(raster):
    return encode_page(raster, NUMBER_MM, Wanted(ink_dpi=300, tone_dpi=200, quality=60))


def shown(sheet, folder, dpi=100):
    """The sheet as a reader draws it: ``(height, width, 3)`` at ``dpi``."""
    path = folder / "page.pdf"
    write_part(path, [PartPage(sheet, None, "1")], (), DocumentInfo("t", "p"), StampConfig())
    return render_pdfium(path, 0, dpi)


def whitened(raster):
    """The page over the lightest within a centimetre, which is paper on the pages drawn here."""
    small = shrink(raster.pixels, raster.dpi, 50)
    paper = cv2.blur(cv2.dilate(cv2.medianBlur(small, 3), np.ones((19, 19), np.uint8)), (19, 19))
    return cv2.divide(raster.pixels, cv2.resize(paper, raster.pixels.shape[1::-1]), scale=255)


def lost(raster, drawn):
    """Share of the page that was clearly darker on paper, by half as much again, than anything within half a millimetre is now.

    At 100 dpi, blurred to a stroke's width; the half millimetre is for the edges of pixels, which
    fall differently when a page is drawn again.
    """
    before = extremes(np.atleast_3d(shrink(whitened(raster), raster.dpi, 100)))[0]
    now = cv2.resize(extremes(drawn)[0], (before.shape[1], before.shape[0]), interpolation=cv2.INTER_AREA)
    near = cv2.erode(cv2.GaussianBlur(now, (0, 0), 1.0), np.ones((5, 5), np.uint8))
    was = 255 - cv2.GaussianBlur(before, (0, 0), 1.0).astype(int)
    return float((was - (255 - near.astype(int)) > np.maximum(12, was / 3)).mean())


def colour(picture):
    """How much colour there is on a page, whatever its resolution: the sum of what is clearly coloured, in mm2."""
    darkest, lightest = extremes(picture)
    chroma = (lightest - darkest).astype(float)
    return chroma[chroma > 30].sum() / chroma.size * 62370


@pytest.mark.parametrize("kind", WITH_CONTENT)
def test_every_mark_on_paper_is_still_there(kind, tmp_path):
    raster = scanned(kind)
    assert lost(raster, shown(sheet_of(raster), tmp_path)) < 0.0001


def test_the_measure_notices_a_lost_stamp(tmp_path):
    """The check above can fail: without its patch the stamp is gone, and it says so."""
    raster = scanned(PageKind.LONE_STAMP)
    sheet = sheet_of(raster)
    without = type(sheet)(sheet.width, sheet.height, sheet.layers[1:], sheet.encoding, sheet.number)
    assert lost(raster, shown(without, tmp_path)) > 0.0005


@pytest.mark.parametrize(
    "kind", [PageKind.LONE_STAMP, PageKind.SIGNED, PageKind.STAMPED, PageKind.AR_CARD, PageKind.PHOTO]
)
def test_coloured_marks_keep_their_colour(kind, tmp_path):
    raster = scanned(kind)
    drawn = Raster(shown(sheet_of(raster), tmp_path, 150), 150.0)
    before, now = colour(shrink(whitened(raster), raster.dpi, 150)), colour(whitened(drawn))
    assert 0.8 * before < now < 1.2 * before


def test_a_page_of_print_is_a_stencil_and_small():
    """Its address line in grey and pale specks beside the print are kept as they are, in regions that weigh little."""
    sheet = sheet_of(scanned(PageKind.LETTER))
    assert sheet.layers[-1].coding == "g4"
    assert sum(len(layer.data) for layer in sheet.layers[:-1]) < 15_000
    assert sheet.bytes < 80_000


def test_print_under_a_stamp_stays_at_scan_resolution():
    sheet = sheet_of(scanned(PageKind.STAMPED))
    ink = sheet.layers[-1]
    assert sheet.encoding is Encoding.MIXED
    assert (ink.coding, ink.width, ink.height) == ("g4", 2480, 3508)


@pytest.mark.parametrize(("level", "scan_it"), [(221, False), (205, True)])
def test_the_palest_rules_of_a_form_stay(level, scan_it, tmp_path):
    """Two pixels wide, an eighth of black (on a scan with grain a fifth): no cell of the map is as dark as a mark, but they are long."""
    drawing = Image.new("RGB", (2480, 3508), "white")
    pen = ImageDraw.Draw(drawing)
    for line in [(300, 3300, 1500, 3300), (300, 400, 2000, 400), (600, 900, 600, 1600)]:
        pen.line(line, (level,) * 3, 2)
    page = scan(drawing, 3, 300).convert("RGB") if scan_it else drawing
    picture = extremes(shown(sheet_of(Raster(np.asarray(page), 300.0)), tmp_path, 300))[0].astype(int)
    strip = picture.shape[0] - 3508  # room for the number may be added on top
    for row, columns in [(3300, slice(320, 1480)), (400, slice(320, 1980))]:
        assert np.median(picture[strip + row - 12 : strip + row + 12, columns].min(axis=0)) < 243
    assert np.median(picture[strip + 920 : strip + 1580, 588:612].min(axis=1)) < 243


def test_a_rule_is_whole_where_it_is_paler():
    """A pale rule across a foreign receipt was kept in pieces: where it was paler, no cell of the map was as dark as a mark."""
    page = np.full((3508, 2480), 255, np.uint8)
    cv2.putText(page, "RECIBO 1234", (300, 300), cv2.FONT_HERSHEY_SIMPLEX, 3, 20, 8)
    along = np.arange(200, 2300)
    page[1200, 200:2300] = np.where(along // 150 % 2, 180, 220)
    layers = sheet_of(Raster(page, 300.0)).layers
    inks = [decode_stencil(layer) for layer in layers if layer.coding == "g4"]
    drawn = render(layers, inks, page.shape, 300 / 72, colour=False)
    stroke = cv2.blur(255 - drawn[1190:1211, 220:2280].astype(np.float32), (21, 1)).sum(axis=0)
    assert stroke.min() > 0.5 * 35  # the paler places have 35 levels on one row


def test_a_photograph_is_one_patch_without_ink_over_it():
    sheet = sheet_of(scanned(PageKind.PHOTO))
    photos = [layer for layer in sheet.layers if layer.coding == "jpeg-rgb"]
    assert len(photos) == 1
    assert photos[0].width * photos[0].height > 500_000


def test_a_bilevel_scan_keeps_every_pixel():
    rng = np.random.default_rng(1)
    pixels = np.where(rng.random((700, 500)) < 0.1, 0, 255).astype(np.uint8)
    sheet = sheet_of(Raster(pixels, 100.0, bilevel=True))
    assert sheet.layers[0].data == encode_ink(pixels == 0)


def test_a_page_that_is_only_perhaps_blank_is_kept_as_a_picture_of_itself():
    """What made us doubt must be there for the fiscal to see."""
    raster = scanned(PageKind.BLANK)
    sheet = encode_page(raster, NUMBER_MM, careful=True)
    assert sheet.encoding is Encoding.PICTURE
    assert [(layer.width, layer.height) for layer in sheet.layers] == [(1653, 2339)]


def test_scanner_edge_and_punch_holes_are_not_ink(tmp_path):
    page = np.asarray(scan(draw(PageKind.LETTER, 3), 3, 300, holes=True, scanner_edge=True).convert("RGB"))
    darkest = extremes(shown(sheet_of(Raster(page, 300.0)), tmp_path, 50))[0]
    border = np.concatenate(
        [darkest[:6].ravel(), darkest[-6:].ravel(), darkest[:, :6].ravel(), darkest[:, -6:].ravel()]
    )
    assert (border < 128).mean() < 0.001
    assert (darkest[:, 12:32] < 128).sum() == 0


def test_what_is_written_in_the_shadow_of_the_scanner_edge_is_ink(tmp_path):
    """Only the part of the edge above it is removed: the upper half of a number stood in the dark part and was erased."""
    drawing = draw(PageKind.LETTER, 3, 300).convert("RGB")
    ImageDraw.Draw(drawing).text((300, 40), "Fls. 38", (20, 20, 20), ImageFont.load_default(70))
    depth = np.arange(drawing.height)[:, None, None] / 142
    shadow = 1 - 0.8 * np.clip(1 - depth, 0, 1)
    page = (np.asarray(drawing) * shadow * 0.96).astype(np.uint8)
    picture = extremes(shown(sheet_of(Raster(page, 300.0)), tmp_path, 300))[0].astype(int)
    strip = picture.shape[0] - drawing.height  # room for the number may be added on top
    rows, before = picture[strip:][45:110, 290:560], page[45:110, 290:560, 1].astype(int)
    for top in (0, 20, 40):
        step = np.ptp(before[top : top + 20], axis=1).mean()
        assert np.ptp(rows[top : top + 20], axis=1).mean() > 0.7 * step
    assert picture[strip : strip + 5].min() > 200 > page[:5].max()  # the edge itself


def test_writing_in_the_shadow_of_two_edges_is_not_a_part_of_either():
    """A number in the corner of a sheet with the lid's edge above and beside it."""
    mm = 0.34
    down, across = np.mgrid[:600, :600] * mm
    corner = np.minimum(down, across[:, ::-1])
    edge = np.where(corner < 2, 0.9, 0.6 * np.clip(1 - (corner - 2) / 8, 0, 1) ** 1.5).astype(np.float32)
    assert find_artefacts(edge, mm)[:6, :].all()
    assert find_artefacts(edge, mm)[:, -6:].all()
    number = (down > 3) & (down < 6) & (across > 204 - 9) & (across < 204 - 4) & (across % 2 < 0.7)
    written = np.where(number, np.maximum(edge, 0.9), edge)
    assert not (find_artefacts(written, mm) & number).any()


@pytest.mark.parametrize("thick", [3, 8, 30])
@pytest.mark.parametrize("drawn", [True, False])
def test_a_frame_drawn_at_the_very_edge_stays(thick, drawn):
    """A picture of a screen, a slide or a table: thin, sharp and of one thickness all around is no scanner's edge."""
    pixels = np.full((1170, 827), 255, np.uint8)
    pixels[:thick], pixels[-thick:], pixels[:, :thick], pixels[:, -thick:] = 0, 0, 0, 0
    sheet = encode_page(Raster(pixels, 300.0), NUMBER_MM, drawn=drawn)
    assert sheet.layers[-1].coding == "g4"
    assert len(zlib.decompress(sheet.layers[-1].data)) > 60


@pytest.mark.parametrize("fault", ["askew", "out of the middle", "shadow", "three sides"])
def test_the_scanner_edge_around_a_sheet_is_no_frame(fault):
    mm = 0.17
    down, across = np.mgrid[:1750, :1240] * mm
    nearest = [down, down[::-1], across, across[:, ::-1]]
    if fault == "askew":
        nearest[0] = down - across / 200
    depths = [1.0, 1.0, 1.0, 2.0 if fault == "out of the middle" else 0.0 if fault == "three sides" else 1.0]
    dark = np.any([side < depth for side, depth in zip(nearest, depths, strict=True)], axis=0)
    page = np.where(dark, 0.9, 0.0)
    if fault == "shadow":
        page = np.maximum(page, 0.3 * np.clip(2 - np.min(nearest, axis=0), 0, 1))
    found = find_artefacts(page.astype(np.float32), mm)
    assert found[dark].mean() > 0.95


@pytest.mark.parametrize("turns", range(4))
@pytest.mark.parametrize("level", [10, 110])
def test_light_letters_on_a_dark_band_along_a_side_stay(level, turns, tmp_path):
    """The bar of a window or web page, a form's coloured head: it was erased as the scanner's edge, with what stands in it."""
    page = Image.new("L", (1654, 2339), 250)
    pen = ImageDraw.Draw(page)
    pen.rectangle((0, 0, 1654, 60), fill=level)
    pen.text((200, 14), "Recibo 1.347/2019", 255, ImageFont.load_default(32))
    soft = np.asarray(page.filter(ImageFilter.GaussianBlur(0.8))).astype(float)
    grain = np.random.default_rng(5).normal(0, 3, soft.shape)
    pixels = np.rot90(np.clip(soft + grain, 0, 255).astype(np.uint8), turns)
    sheet = sheet_of(Raster(np.ascontiguousarray(pixels), 200.0))
    picture = np.rot90(extremes(shown(sheet, tmp_path, 200))[0][-pixels.shape[0] :], -turns)
    band = picture[16:46, 200:460].astype(int)
    assert np.percentile(band, 20) < level + 50
    assert np.percentile(band, 95) > 200


def test_turning_is_clockwise():
    pixels = np.zeros((2, 3), np.uint8)
    pixels[0, 0] = 9
    assert turned(Raster(pixels, 300.0), 90).pixels.tolist() == [[0, 9], [0, 0], [0, 0]]
    assert turned(Raster(pixels, 300.0), 180).pixels[1, 2] == 9
    assert turned(Raster(pixels, 300.0), 270).pixels.tolist() == [[0, 0], [0, 0], [9, 0]]


def test_the_number_never_stands_on_ink():
    """A frame up to the very edge leaves no room: the sheet grows a white strip above."""
    pixels = np.full((3508, 2480), 255, np.uint8)
    pixels[40:3460:12] = 0
    sheet = sheet_of(Raster(pixels, 300.0))
    assert sheet.strip > 0
    assert sheet.number.bottom <= sheet.strip
    assert sheet.height == pytest.approx(3508 * 72 / 300 + sheet.strip)
    assert min(layer.box.top for layer in sheet.layers) == pytest.approx(sheet.strip)


@pytest.mark.parametrize(("level", "added"), [(75, True), (160, False)])
def test_the_number_does_not_stand_on_dark_paper(level, added):
    """A dark cover with hardly anything on it: black on dark grey could not be read."""
    pixels = np.full((1400, 1000), level, np.uint8)
    pixels[600:1100:40, 200:800] = 20
    assert (sheet_of(Raster(pixels, 120.0)).strip > 0) is added


def test_the_number_moves_aside_for_what_is_written_in_the_corner():
    pixels = np.full((3508, 2480), 255, np.uint8)
    pixels[60:200, 2000:2400] = 0
    sheet = sheet_of(Raster(pixels, 300.0))
    assert sheet.strip == 0
    ink = (2000 * 72 / 300, 60 * 72 / 300, 2400 * 72 / 300, 200 * 72 / 300)
    number = sheet.number
    assert number.right < ink[0] or number.left > ink[2] or number.top > ink[3] or number.bottom < ink[1]
    assert number.right > sheet.width / 2
    assert number.bottom < sheet.height / 6


def test_a_pale_rule_that_black_strokes_cross_is_whole_between_them():
    """The rule under a signature: what is black covers a rim of one pixel around its strokes, which was taken from the rule."""
    page = np.full((1200, 1600), 245, np.uint8)
    page[600:602, 100:1500] = 90
    for x in (400, 520, 760, 900):
        cv2.ellipse(page, (x, 590), (90, 50), 20, 0, 360, 20, 4)
    sheet = sheet_of(Raster(cv2.blur(page, (2, 2)), 300.0))
    assert sheet.rung is Rung.LAYERS
    drawn = render(
        sheet.layers,
        [decode_stencil(layer) for layer in sheet.layers if layer.coding == "g4"],
        page.shape,
        300 / 72,
        colour=False,
    )
    between = drawn[595:607, 120:1480].min(axis=0)
    assert between.max() < 200


@pytest.mark.parametrize("kind", [PageKind.FORM, PageKind.CAPA])
@pytest.mark.parametrize("skew", [0.1, -0.2])
def test_a_form_of_hairlines_that_lies_askew_needs_no_picture(kind, skew):
    """Hairlines that fall on two pixels here and on three there are one ink for the check."""
    pixels = np.asarray(scan(draw(kind, 3, 300), 3, 300, skew=skew).convert("RGB"))
    assert sheet_of(Raster(pixels, 300.0)).rung is Rung.LAYERS


@pytest.mark.parametrize("shape", [(32, 32), (200, 120, 3)])
@pytest.mark.parametrize("dpi", [2.0, 6.0, 16.0, 300.0])
@pytest.mark.parametrize("tone", [30, 215])
def test_a_picture_of_a_few_dots_is_analysed_and_coded(shape: tuple[int, ...], dpi: float, tone: int) -> None:
    """Icons and screenshots are so: tiles, windows and punch holes are then smaller than a pixel, or larger than the page."""
    pixels = np.full(shape, 240, np.uint8)
    pixels[shape[0] // 4 : shape[0] // 2, shape[1] // 4 : shape[1] // 2] = tone
    assert encode_page(Raster(pixels, dpi), NUMBER_MM).width == pytest.approx(shape[1] * 72 / dpi, abs=0.1)
    assert not analyse(Raster(pixels, dpi)).trouble
