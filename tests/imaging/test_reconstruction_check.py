"""The check of the coded page: every kind of damage, done on purpose to a good page, is found; a good page is let through."""

from io import BytesIO

import cv2
import numpy as np
import pytest
import zxingcpp
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from itrwatch.core.encoded_page import Box, Layer
from itrwatch.core.pages import Encoding, Rung
from itrwatch.imaging.encoding import encode
from itrwatch.imaging.encoding.codecs import encode_ink
from itrwatch.imaging.encoding.damage import Damage, DamageKind
from itrwatch.imaging.encoding.encode import encode_page
from itrwatch.imaging.encoding.reconstruction_check import Original, find_damage
from itrwatch.imaging.encoding.region import picture_layer
from itrwatch.imaging.encoding.rendering import decode_stencil
from itrwatch.imaging.raster import Raster

SIZE = (1200, 1000)
PAPER, PENCIL, GREY, RED, GREEN = (250, 249, 246), (165, 165, 168), (105, 105, 105), (200, 60, 70), (205, 228, 200)
PRINT, PENCILLED, GREY_PRINT, STAMP, FILL = (slice(top, top + 90) for top in (40, 180, 300, 430, 600))
"""The rows of each mark."""
POINT = (slice(75, 83), slice(330, 338))
"""Where a full stop of the print lies."""


def drawn():
    """Black print with a full stop at `POINT`, a pencilled line, grey print, a stamp and a filled area."""
    picture = Image.new("RGB", SIZE, PAPER)
    pen, face = ImageDraw.Draw(picture), ImageFont.load_default(42)
    pen.text((60, 45), "fazenda", (20, 20, 20), face)
    pen.text((360, 45), "hectares de terra nua", (20, 20, 20), face)
    pen.rectangle((POINT[1].start, POINT[0].start, POINT[1].stop, POINT[0].stop), (20, 20, 20))
    pen.text((60, 190), "conferir a folha 38", PENCIL, face)
    pen.text((60, 310), "demonstrativo do imposto devido", GREY, face)
    pen.rectangle((60, 440, 420, 510), outline=RED, width=7)
    pen.text((80, 452), "RECEBIDO", RED, face)
    pen.rectangle((60, 620, 420, 760), fill=GREEN)
    for line in range(4):
        pen.text((60, 780 + 50 * line), "utilização limitada e reserva legal, 12,5 ha", (20, 20, 20), face)
    return picture


def scanned(picture):
    """As from a scanner: softened, with grain, coded."""
    soft = np.asarray(picture.filter(ImageFilter.GaussianBlur(0.7)), np.float32)
    grain = np.random.default_rng(3).normal(0, 2.5, soft.shape)
    file = BytesIO()
    Image.fromarray(np.clip(soft + grain, 0, 255).astype(np.uint8)).save(file, "JPEG", quality=88)
    return Raster(np.asarray(Image.open(file)), 300.0)


SCAN = scanned(drawn())


def coded(change):
    """The scan as one picture, after ``change`` did something to its pixels."""
    pixels = SCAN.pixels.copy()
    change(pixels)
    return (picture_layer(Raster(pixels, 300.0), 300, 90, fine_colour=True),)


def towards(pixels, rows, share, columns=slice(None)):
    """The marks of these rows ``share`` times as dark as they are."""
    place = pixels[rows, columns]
    place[:] = np.clip(250 - share * (250 - place.astype(np.float32)), 0, 255)


def erase_a_full_stop(pixels):
    pixels[POINT[0].start - 5 : POINT[0].stop + 5, POINT[1].start - 5 : POINT[1].stop + 5] = PAPER


def erase_a_word(pixels):
    pixels[PENCILLED, 250:] = PAPER


def pale_the_pencil(pixels):
    towards(pixels, PENCILLED, 0.58)


def blacken_the_pencil(pixels):
    towards(pixels, PENCILLED, 2.6)


def spill_ink(pixels):
    pixels[680:692, 900:912] = 20


def blacken_half_a_line(pixels):
    towards(pixels, GREY_PRINT, 1.65, slice(0, 330))


def take_the_colour(pixels):
    pixels[STAMP] = cv2.cvtColor(cv2.cvtColor(pixels[STAMP], cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)


def turn_the_stamp_blue(pixels):
    pixels[STAMP] = pixels[STAMP, :, ::-1]


def empty_the_area(pixels):
    pixels[630:750, 70:410] = PAPER


DAMAGES = {
    erase_a_full_stop: DamageKind.LOST,
    erase_a_word: DamageKind.LOST,
    pale_the_pencil: DamageKind.WEAKER,
    blacken_the_pencil: DamageKind.DARKER,
    spill_ink: DamageKind.FALSE_DARK,
    blacken_half_a_line: DamageKind.TWO_INKS,
    take_the_colour: DamageKind.COLOUR,
    turn_the_stamp_blue: DamageKind.COLOUR,
    empty_the_area: DamageKind.HOLLOW,
}


def kinds(found):
    return {damage.kind for damage in found}


@pytest.mark.parametrize("quality", [60, 85])
def test_a_plain_picture_of_the_page_is_let_through(quality):
    assert find_damage(Original(SCAN), (picture_layer(SCAN, 200, quality),)) == ()


@pytest.mark.parametrize(("change", "kind"), DAMAGES.items(), ids=lambda value: getattr(value, "__name__", str(value)))
def test_each_damage_is_found_and_named(change, kind):
    assert kind in kinds(find_damage(Original(SCAN), coded(change)))


def test_damage_is_reported_where_it_is():
    (damage,) = (
        found for found in find_damage(Original(SCAN), coded(spill_ink)) if found.kind is DamageKind.FALSE_DARK
    )
    middle = ((damage.left + damage.width / 2) / 25.4 * 300, (damage.top + damage.height / 2) / 25.4 * 300)
    assert middle == pytest.approx((906, 686), abs=6)
    assert damage.mm2 == pytest.approx(1.0, abs=0.6)


def test_what_the_scanner_left_is_not_missed():
    edge = np.zeros((500, 600), np.bool_)
    edge[85:150] = True
    assert DamageKind.LOST in kinds(find_damage(Original(SCAN), coded(erase_a_word)))
    assert DamageKind.LOST not in kinds(find_damage(Original(SCAN, edge), coded(erase_a_word)))


def test_what_is_ignored_in_one_place_hides_nothing_elsewhere():
    edge = np.zeros((500, 600), np.bool_)
    edge[:15] = True
    assert DamageKind.LOST in kinds(find_damage(Original(SCAN, edge), coded(erase_a_word)))


def erase_the_stamp(pixels):
    pixels[STAMP, 40:440] = PAPER


def test_a_colour_is_never_what_the_scanner_left():
    edge = np.zeros((500, 600), np.bool_)
    edge[210:265] = True
    assert DamageKind.COLOUR in kinds(find_damage(Original(SCAN, edge), coded(erase_the_stamp)))


def specks(pixels, darker):
    """Three specks of 0.2 mm² in the margin."""
    for left in (600, 700, 800):
        cv2.circle(pixels, (left, 560), 3, tuple(level - darker for level in PAPER), -1)


def test_a_speck_hardly_darker_than_paper_may_go_and_a_full_stop_of_its_size_may_not():
    for darker, missed in ((30, False), (60, True)):
        pixels = SCAN.pixels.copy()
        specks(pixels, darker)
        found = kinds(find_damage(Original(Raster(pixels, 300.0)), (picture_layer(SCAN, 300, 90, fine_colour=True),)))
        assert (DamageKind.LOST in found) is missed


def test_grain_that_a_picture_smooths_is_no_mark():
    rng = np.random.default_rng(5)
    coarse = cv2.resize(rng.normal(0, 18, (166, 200)), SIZE, interpolation=cv2.INTER_LINEAR)
    grainy = Raster(np.clip(215 + coarse, 0, 255).astype(np.uint8), 300.0)
    smooth = Raster(cv2.GaussianBlur(grainy.pixels, (0, 0), 4), 300.0)
    assert find_damage(Original(grainy), (picture_layer(smooth, 200, 66),)) == ()


def test_dark_grey_print_of_low_resolution_is_of_one_ink_too():
    """As on a receipt: thin strokes are darker in their middle than on average, and nearly as dark as black."""
    picture = Image.new("RGB", (900, 400), PAPER)
    pen, face = ImageDraw.Draw(picture), ImageFont.load_default(28)
    for line in range(8):
        pen.text((40, 30 + 40 * line), "required to make necessary adjustments to its value", (30, 30, 30), face)
    receipt = Raster(scanned(picture).pixels, 196.0)
    pixels = receipt.pixels.copy()
    half = pixels[140:190, 450:]
    half[half < 170] = 5
    page = (picture_layer(Raster(pixels, 196.0), 196, 95, fine_colour=True),)
    assert kinds(find_damage(Original(receipt), page)) == {DamageKind.TWO_INKS}
    assert find_damage(Original(receipt), (picture_layer(receipt, 196, 71, fine_colour=True),)) == ()


def printed_only():
    """A page of nothing but black print, and its stencil."""
    picture = Image.new("L", SIZE, 250)
    pen = ImageDraw.Draw(picture)
    for line in range(9):
        pen.text(
            (50, 50 + line * 95),
            f"o imposto suplementar de {line * 137} reais e a multa",
            25,
            ImageFont.load_default(40),
        )
    raster = Raster(scanned(picture.convert("RGB")).pixels[..., 1].copy(), 300.0)
    page = encode_page(raster, (16.0, 4.0))
    assert [layer.coding for layer in page.layers] == ["g4"]
    return raster, decode_stencil(page.layers[0])


def stencil(ink):
    return (Layer("g4", encode_ink(ink), ink.shape[1], ink.shape[0], Box(0, 0, SIZE[0] * 0.24, SIZE[1] * 0.24)),)


def cut_strokes(ink):
    """A white hair through a line of print every 2 mm: no area is lost."""
    ink[200:300, ::24] = False


def fill_letters(ink):
    """Every letter of a line closed, as a threshold too low does."""
    closed = cv2.morphologyEx(ink[100:400].astype(np.uint8), cv2.MORPH_CLOSE, np.ones((11, 11), np.uint8))
    ink[100:400] |= closed > 0


@pytest.mark.parametrize("change", [cut_strokes, fill_letters])
def test_strokes_in_pieces_and_letters_filled_are_found(change):
    raster, ink = printed_only()
    assert find_damage(Original(raster), stencil(ink)) == ()
    change(ink)
    assert DamageKind.BROKEN in kinds(find_damage(Original(raster), stencil(ink)))


def with_codes(smallest):
    """A page with two codes, and what their marks become when they are coded ``smallest`` dpi coarse."""
    picture = Image.new("RGB", SIZE, PAPER)
    for text, kind, left in (("13153720210201934", zxingcpp.Code128, 60), ("itr 2019", zxingcpp.QRCode, 800)):
        code = zxingcpp.write_barcode_to_image(zxingcpp.create_barcode(text, kind), scale=3, add_quiet_zones=True)
        code = np.repeat(np.asarray(code), 60, axis=0) if kind == zxingcpp.Code128 else np.asarray(code)
        picture.paste(Image.fromarray(code[:200]).convert("RGB"), (left, 300))
    raster = scanned(picture)
    return raster, (picture_layer(raster, smallest, 60),)


def test_codes_that_can_be_read_on_the_scan_can_be_read_on_the_page():
    raster, fine = with_codes(200)
    assert DamageKind.CODE not in kinds(find_damage(Original(raster), fine))
    raster, coarse = with_codes(45)
    assert [damage.kind for damage in find_damage(Original(raster), coarse)].count(DamageKind.CODE) == 2


def test_a_small_code_that_only_a_picture_can_lose_is_found_too():
    """Print is as dark as a code of 3.6 mm."""
    code = np.asarray(zxingcpp.write_barcode_to_image(zxingcpp.create_barcode("1715-4", zxingcpp.QRCode), scale=2))
    picture = Image.new("L", SIZE, 250)
    picture.paste(Image.fromarray(np.where(code < 128, 110, 250).astype(np.uint8)), (800, 300))
    raster = Raster(np.asarray(picture), 300.0)
    for dpi, lost in ((300, set()), (110, {DamageKind.CODE})):
        assert kinds(find_damage(Original(raster), (picture_layer(raster, dpi, 90),))) & {DamageKind.CODE} == lost


class Blind:
    """A check that finds something so many times, then nothing."""

    def __init__(self, times):
        self.times = times

    def __call__(self, *_):
        self.times -= 1
        return (Damage(DamageKind.LOST, 10.0, 5.0, 3.0, 3.0, 9.0),) if self.times >= 0 else ()


LADDER = [
    (0, Rung.LAYERS, Encoding.MIXED, ""),
    (1, Rung.MORE_TONE, Encoding.MIXED, "1 lost"),
    (2, Rung.PICTURE, Encoding.PICTURE, "1 lost"),
    (3, Rung.FINE_PICTURE, Encoding.PICTURE, "1 lost"),
    (4, Rung.SCAN, Encoding.PICTURE, "1 lost"),
]


@pytest.fixture(scope="module")
def sheet():
    """The page in the upper part of a sheet, so that regions do not cover most of it."""
    picture = Image.new("RGB", (SIZE[0], 4 * SIZE[1]), PAPER)
    picture.paste(drawn())
    return scanned(picture)


@pytest.mark.parametrize(("times", "rung", "encoding", "why"), LADDER, ids=[str(step[1]) for step in LADDER])
def test_what_fails_the_check_is_coded_more_carefully(sheet, times, rung, encoding, why, monkeypatch):
    monkeypatch.setattr(encode, "find_damage", Blind(times))
    page = encode_page(sheet, (16.0, 4.0))
    assert (page.rung, page.encoding, page.why) == (rung, encoding, why)


def test_a_page_of_which_regions_cover_much_is_one_picture(sheet):
    assert (encode_page(sheet, (16.0, 4.0)).encoding, encode_page(SCAN, (16.0, 4.0)).encoding) == (
        Encoding.MIXED,
        Encoding.PICTURE,
    )


def test_each_rung_is_finer_than_the_one_before(sheet, monkeypatch):
    sizes = []
    for times in (2, 3, 4):
        monkeypatch.setattr(encode, "find_damage", Blind(times))
        (layer,) = encode_page(sheet, (16.0, 4.0)).layers
        sizes.append((layer.width, len(layer.data)))
    assert [width for width, _ in sizes] == [800, 1200, 1200]
    assert sizes[0][1] < sizes[1][1] < sizes[2][1]
