"""What the recognisers say of pages drawn here and of real scans: what may go, what must stay, which way is up."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pypdfium2
import pytest
from PIL import Image, ImageDraw, ImageFont, ImageSequence

from itrwatch.core.codes import Code
from itrwatch.imaging.analysis import analyse as looking
from itrwatch.imaging.analysis import blank_stamp as stamp_reading
from itrwatch.imaging.analysis.analyse import analyse
from itrwatch.imaging.analysis.background import BACK, BackgroundModel, reduce_page
from itrwatch.imaging.analysis.blank import FAINT_MM, Blank, Content, Doubt, Evidence, blank_sentence, judge_blank
from itrwatch.imaging.analysis.blank_stamp import BlankStamp, find_stamp, letters_of
from itrwatch.imaging.analysis.creases import CREASE
from itrwatch.imaging.analysis.faint_rows import PERHAPS_ROWS, ROWS, row_rhythm
from itrwatch.imaging.analysis.models import ORIENTATION, ModelFile, RecogniserMissing, load
from itrwatch.imaging.analysis.orientation import TurnAnswer, detect_turn
from itrwatch.imaging.raster import Raster

if TYPE_CHECKING:
    from collections.abc import Iterator

    from itrwatch.core.pages import Turn

DPI = 200
SHEET = (round(210 / 25.4 * DPI), round(297 / 25.4 * DPI))
CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
FIELD_PAGES = CORPUS.parent / "field" / "pages"
BLUE, RED, BLACK = (40, 50, 150), (170, 30, 40), (25, 25, 30)
needs_corpus = pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus of real scans is not here")


def px(mm: float) -> int:
    return round(mm / 25.4 * DPI)


def letters(mm: float) -> ImageFont.FreeTypeFont:
    font = ImageFont.load_default(px(mm))
    assert isinstance(font, ImageFont.FreeTypeFont)
    return font


def sheet() -> tuple[Image.Image, ImageDraw.ImageDraw]:
    page = Image.new("RGB", SHEET, (255, 255, 255))
    return page, ImageDraw.Draw(page)


def is_blank_stamp(raster: Raster) -> BlankStamp | None:
    """The stamp, when it is all that there is on the page."""
    found = find_stamp(raster)
    return found if found and found.alone else None


def scanned(
    page: Image.Image, seed: int = 0, dust: int = 20, *, holes: bool = False, scanner_edge: bool = False
) -> Raster:
    """Tint, fall of light, grain, dust; punch holes and a strip of the scanner's edge where wanted."""
    rng = np.random.default_rng(seed)
    draw = ImageDraw.Draw(page)
    for _ in range(dust):
        x, y = (int(rng.integers(0, side)) for side in SHEET)
        draw.ellipse((x, y, x + int(rng.integers(0, 3)), y + int(rng.integers(0, 3))), fill=(60, 60, 60))
    for middle in (SHEET[1] // 2 - px(40), SHEET[1] // 2 + px(40)) if holes else ():
        draw.ellipse((px(9), middle - px(3), px(15), middle + px(3)), fill=(20, 20, 22))
    if scanner_edge:
        draw.polygon([(0, 0), (SHEET[0], 0), (SHEET[0], px(4)), (0, px(1))], fill=(15, 15, 18))
    light = np.array([0.97, 0.96, 0.90]) * np.linspace(1.0, 0.96, SHEET[1])[:, None, None]
    pixels = np.asarray(page) * light + rng.normal(0, 2.5, (SHEET[1], SHEET[0], 1))
    return Raster(np.clip(pixels, 0, 255).astype(np.uint8), DPI)


def turned(raster: Raster, clockwise: int) -> Raster:
    return Raster(np.ascontiguousarray(np.rot90(raster.pixels, -clockwise // 90)), raster.dpi, raster.bilevel)


def stamped(
    text: str, angle: float = 0.0, colour: tuple[int, ...] = BLUE, mm: float = 9.0, frame: int = 6
) -> Image.Image:
    """A page with a stamp turned by ``angle``, letters ``mm`` high."""
    font = letters(mm)
    lines = text.split("\n")
    width = max(round(font.getlength(line)) for line in lines) + 2 * px(5)
    height = px(mm * 1.3) * len(lines) + 2 * px(4)
    mask = Image.new("L", (width, height), 0)
    draw = ImageDraw.Draw(mask)
    if frame:
        draw.rectangle((2, 2, width - 3, height - 3), outline=255, width=frame)
    for row, line in enumerate(lines):
        draw.text(
            (width / 2, px(4) + px(mm * 1.3) * (row + 0.5)), line, fill=255, font=font, anchor="mm", stroke_width=1
        )
    page, _ = sheet()
    mask = mask.rotate(angle, resample=Image.Resampling.BICUBIC, expand=True).point(lambda level: level * 0.85)
    page.paste(Image.new("RGB", mask.size, colour[:3]), ((SHEET[0] - mask.width) // 2, px(80)), mask)
    return page


def typed(lines: int, mm: float = 4.0) -> Image.Image:
    words = "O contribuinte impugna o lançamento do imposto sobre a propriedade territorial rural do exercício."
    page, draw = sheet()
    for line in range(lines):
        draw.text((px(25), px(30 + 8 * line)), words[line % 7 :], fill=BLACK, font=letters(mm))
    return page


def scrawl(length_mm: float, grey: tuple[int, ...] = BLUE, width: int = 4) -> Image.Image:
    page, draw = sheet()
    along = np.linspace(0, 1, 200)
    points = np.stack(
        [px(60) + along * px(length_mm), px(150) + px(6) * np.sin(along * 19) * np.cos(along * 7)], axis=1
    )
    draw.line([(float(x), float(y)) for x, y in points], fill=grey[:3], width=width, joint="curve")
    return page


def corpus_pages(pattern: str) -> Iterator[tuple[str, Raster]]:
    for path in sorted(CORPUS.glob(pattern)):
        if path.suffix == ".pdf":
            with pypdfium2.PdfDocument(path) as pdf:
                for page in pdf:
                    yield path.name, Raster(np.array(page.render(scale=150 / 72).to_pil().convert("RGB")), 150)
            continue
        with Image.open(path) as image:
            for frame in ImageSequence.Iterator(image):
                dpi = float(frame.info.get("dpi", (0,))[0]) or max(frame.size) / 11.69
                yield path.name, Raster(np.array(frame.convert("RGB")), dpi)


# A blank page


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("clockwise", [0, 90, 180, 270])
def test_a_sheet_with_grain_dust_holes_and_scanner_edge_is_blank(seed: int, clockwise: int) -> None:
    page, _ = sheet()
    seen = analyse(turned(scanned(page, seed, holes=True, scanner_edge=True), clockwise))
    assert isinstance(seen.blank, Blank)
    assert seen.stamp is None
    assert not seen.turn.sure
    assert seen.blank.sentence.startswith("página em branco: ")


def test_a_clean_sheet_says_that_nothing_is_on_it() -> None:
    page, _ = sheet()
    verdict = judge_blank(reduce_page(scanned(page, dust=0)))
    assert isinstance(verdict, Blank)
    assert verdict.sentence == "página em branco: nenhuma marca no papel"


@pytest.mark.parametrize("grey", [150, 190, 215, 230, 238])
def test_a_single_stroke_of_pencil_keeps_the_page(grey: int) -> None:
    seen = judge_blank(reduce_page(scanned(scrawl(40, (grey, grey, grey)), holes=True, scanner_edge=True)))
    assert not isinstance(seen, Blank)


def test_the_faintest_pencil_is_a_doubt() -> None:
    seen = judge_blank(reduce_page(scanned(scrawl(40, (230, 230, 230)))))
    assert isinstance(seen, Doubt)
    assert seen.code is Code.PAGE_FAINT


@pytest.mark.parametrize("seed", range(3))
def test_a_pale_thin_line_that_grain_breaks_into_pieces_keeps_the_page(seed: int) -> None:
    page, draw = sheet()
    draw.line((px(80), px(140), px(95), px(142)), fill=(255, 232, 233), width=2)

    assert not isinstance(judge_blank(reduce_page(scanned(page, seed))), Blank)


@pytest.mark.parametrize(("number", "mm"), [("7", 3.0), ("12", 4.0), ("fl. 2", 2.2)])
def test_a_number_alone_keeps_the_page(number: str, mm: float) -> None:
    page, draw = sheet()
    draw.text((px(185), px(12)), number, fill=BLACK, font=letters(mm))
    assert not isinstance(judge_blank(reduce_page(scanned(page))), Blank)


def test_dots_in_a_row_are_not_dust() -> None:
    page, draw = sheet()
    for dot in range(6):
        draw.ellipse((px(90 + dot), px(100), px(90 + dot) + 3, px(100) + 3), fill=BLACK)
    assert not isinstance(judge_blank(reduce_page(scanned(page))), Blank)


def test_a_lone_disc_near_the_margin_is_not_taken_for_a_punch_hole() -> None:
    page, draw = sheet()
    draw.ellipse((px(9), px(100), px(15), px(106)), fill=BLACK)
    assert isinstance(judge_blank(reduce_page(scanned(page))), Content)


def test_a_note_that_runs_off_the_sheet_is_not_taken_for_the_scanner_edge() -> None:
    page, draw = sheet()
    draw.text((-px(2), px(120)), "ver fls. 12", fill=BLUE, font=letters(5))
    assert isinstance(judge_blank(reduce_page(scanned(page))), Content)


def test_small_print_along_the_border_is_not_taken_for_the_scanner_edge() -> None:
    """Its letters run together into one mark that is as long and as thin as a line of shadow; a strip of 6 mm was removed as blank."""
    page, draw = sheet()
    draw.text((px(60), px(289)), "documentoassinadoeletronicamente", fill=BLACK, font=letters(2.1))
    assert isinstance(judge_blank(reduce_page(scanned(page))), Content)
    ruled, draw = sheet()
    draw.line((0, px(289), SHEET[0], px(289)), fill=BLACK, width=px(0.8))
    assert isinstance(judge_blank(reduce_page(scanned(ruled))), Blank)


@pytest.mark.parametrize("darkest", [0.15, 0.8])
def test_what_is_written_in_the_shadow_of_the_lid_keeps_the_page(darkest: float) -> None:
    """The shadow joins it to the border: a page with only its number there was removed as blank."""
    depth = np.arange(SHEET[1])[:, None, None] / px(12)
    shadow = 1 - darkest * np.clip(1 - depth, 0, 1) ** 1.5
    numbered, draw = sheet()
    draw.text((px(170), px(3)), "Fls. 38", fill=BLUE, font=letters(4))
    for page, kind in ((numbered, Content), (sheet()[0], Blank)):
        light = (np.asarray(page) * shadow).astype(np.uint8)
        assert isinstance(judge_blank(reduce_page(scanned(Image.fromarray(light)))), kind)


@pytest.mark.parametrize("clockwise", [0, 90, 180, 270])
@pytest.mark.parametrize("level", [10, 110])
def test_light_letters_on_a_dark_band_along_a_side_keep_the_page(level: int, clockwise: int) -> None:
    """A last page with nothing but its dark foot: it was taken for the scanner's edge and removed as blank."""
    page, draw = sheet()
    draw.rectangle((0, 0, SHEET[0], px(7)), fill=(level,) * 3)
    assert isinstance(judge_blank(reduce_page(turned(scanned(page), clockwise))), Blank)
    draw.text((px(30), px(1)), "fl. 12", fill=(255, 255, 255), font=letters(3))
    assert isinstance(judge_blank(reduce_page(turned(scanned(page), clockwise))), Content)


@pytest.mark.parametrize("light", ["strip beside the lid", "corner of the sheet", "sheet askew"])
def test_light_places_of_the_scanner_edge_are_no_letters(light: str) -> None:
    page, draw = sheet()
    draw.polygon(
        [(0, 0), (SHEET[0], 0), (SHEET[0], px(6)), (0, px(3) if light == "sheet askew" else px(6))], fill=(20,) * 3
    )
    if light == "strip beside the lid":
        draw.rectangle((0, px(2), SHEET[0], px(4)), fill=(200,) * 3)
    if light == "corner of the sheet":
        draw.polygon([(px(80), px(7)), (px(84), px(2)), (px(88), px(7))], fill=(255,) * 3)
    assert isinstance(judge_blank(reduce_page(scanned(page))), Blank)


def test_a_dark_sheet_is_a_doubt() -> None:
    seen = judge_blank(reduce_page(Raster(np.full((1100, 800, 3), 90, np.uint8), 100)))
    assert isinstance(seen, Doubt)
    assert seen.code is Code.PAGE_DARK_SHEET


@pytest.mark.parametrize("shape", [(1, 1), (2, 900), (40, 40, 3), (300, 5, 3)])
def test_a_scrap_of_a_page_is_looked_at_without_error(shape: tuple[int, ...]) -> None:
    seen = analyse(Raster(np.full(shape, 255, np.uint8), 300))
    assert not seen.trouble
    assert not seen.turn.sure


def stained(page: Image.Image) -> Raster:
    """Damp has run into the sheet from two sides: brown, soft, three times as dark as what keeps a page."""
    raster = scanned(page, dust=0)
    damp = np.zeros(raster.pixels.shape[:2], np.float32)
    for x, y, width, height in ((60, 60, 35, 22), (130, 190, 30, 45)):
        cv2.ellipse(damp, (px(x), px(y)), (px(width), px(height)), 20, 0, 360, 1.0, -1)
    damp = cv2.GaussianBlur(damp, (0, 0), px(5))[..., None] * np.array([0.10, 0.14, 0.22], np.float32)
    return Raster(np.clip(raster.pixels * (1 - damp), 0, 255).astype(np.uint8), DPI)


def test_soft_stains_do_not_keep_a_page() -> None:
    page, _ = sheet()
    verdict = judge_blank(reduce_page(stained(page)))
    assert isinstance(verdict, Blank)
    assert verdict.sentence == "página em branco: só manchas claras do papel, sem traço de escrita"


@pytest.mark.parametrize("what", ["stamp", "pencil", "number"])
def test_what_is_written_on_a_stain_keeps_the_page(what: str) -> None:
    page, draw = sheet()
    if what == "pencil":
        page.paste(scrawl(25, (225, 225, 225)).crop((0, 0, px(90), px(150))), (px(20), px(10)))
    elif what == "stamp":  # an eighth of the ink
        draw.text((px(40), px(55)), "RECEBIDO 12 MAR 2019", fill=(228, 228, 240), font=letters(4))
    else:
        draw.text((px(55), px(60)), "53", fill=(215, 215, 215), font=letters(4))
    assert not isinstance(judge_blank(reduce_page(stained(page))), Blank)


@pytest.mark.parametrize("sideways", [0, 90])
def test_rows_too_pale_to_be_seen_stroke_by_stroke_keep_the_page(sideways: int) -> None:
    page, draw = sheet()
    for row in range(40):  # a worn thermal copy: five grey levels, no stroke as long as FAINT_MM
        for word in range(9):
            draw.text(
                (px(25 + 18 * word), px(30 + 6 * row)), f"{row}.{word}7,31", fill=(249, 249, 249), font=letters(2.2)
            )
    raster = turned(scanned(page, dust=0), sideways)
    seen = judge_blank(reduce_page(raster))
    assert isinstance(seen, Doubt)
    assert seen.evidence.faint_mm < FAINT_MM
    assert seen.evidence.rhythm >= ROWS


@pytest.mark.parametrize("seed", range(3))
def test_grain_dust_and_a_shade_have_no_rows(seed: int) -> None:
    page, _ = sheet()
    assert row_rhythm(reduce_page(scanned(page, seed, holes=True)).contrast, 0.254) < PERHAPS_ROWS


@pytest.mark.parametrize(
    ("evidence", "background", "sentence"),
    [
        (Evidence(), (), "página em branco: nenhuma marca no papel"),
        (Evidence(dust=3), (), "página em branco: só poeira do papel ou do scanner"),
        (
            Evidence(largest_mm=1.1, specks=1, dust=9),
            (),
            "página em branco: só sujeira do papel ou do scanner (a maior mancha tem 1,1 mm)",
        ),
        (Evidence(dust=3, rhythm=0.3), (), "página em branco: o verso transparece; nada foi escrito deste lado"),
        (Evidence(), (BACK,), "página em branco: o verso transparece; nada foi escrito deste lado"),
        (Evidence(), (CREASE,), "página em branco: só a dobra do papel"),
        (
            Evidence(dust=1),
            (CREASE, BACK),
            "página em branco: há a dobra do papel e o verso transparece; nada foi escrito deste lado",
        ),
    ],
)
def test_a_page_that_goes_says_why(evidence: Evidence, background: tuple[str, ...], sentence: str) -> None:
    nothing = np.zeros((2, 2), np.float32)
    assert blank_sentence(evidence, BackgroundModel(nothing, nothing, background) if background else None) == sentence


# The EM BRANCO stamp


@pytest.mark.parametrize("angle", [0, 90, 180, 270, 12, -35, 63, 157])
def test_the_stamp_is_found_at_any_angle(angle: float) -> None:
    seen = analyse(scanned(stamped("EM BRANCO", angle)))
    assert seen.stamp
    assert seen.stamp.sentence == f"só o carimbo “{seen.stamp.text}”"
    assert not seen.turn.sure


@pytest.mark.parametrize("colour", [BLACK, RED, (30, 120, 60), (110, 90, 160)])
@pytest.mark.parametrize(("mm", "frame"), [(5.0, 0), (8.0, 4), (14.0, 9), (18.0, 0)])
def test_the_stamp_is_found_in_any_colour_and_size(colour: tuple[int, ...], mm: float, frame: int) -> None:
    assert is_blank_stamp(scanned(stamped("EM BRANCO", 4, colour, mm, frame), holes=True))


@pytest.mark.parametrize("text", ["PAGINA EM BRANCO", "FOLHA EM BRANCO", "VERSO EM BRANCO", "EM\nBRANCO", "Em branco"])
def test_the_stamp_may_say_it_in_these_words(text: str) -> None:
    assert is_blank_stamp(scanned(stamped(text, -7, mm=7)))


@pytest.mark.parametrize(
    "text",
    [
        "TEM BRANCO",
        "EM BANCO",
        "EM BRANCO ATE FLS. 37",
        "RIO BRANCO",
        "EM BRANCA",
        "VOTO EM BRANCO",
        "NAO ESTA EM BRANCO",
    ],
)
def test_a_stamp_that_says_anything_else_stays(text: str) -> None:
    assert is_blank_stamp(scanned(stamped(text, 3, mm=6))) is None


def test_a_protocol_stamp_stays() -> None:
    assert is_blank_stamp(scanned(stamped("PREFEITURA MUNICIPAL\nPROTOCOLO\nRECEBIDO 12/05/2024", 5, mm=5))) is None


def by_hand(what: str) -> Image.Image:
    page = stamped("EM BRANCO", frame=6 if "frame" in what else 0)
    draw = ImageDraw.Draw(page)
    middle = SHEET[0] // 2
    strokes = {
        "rubric across": [
            (middle - 120, px(78)),
            (middle - 40, px(104)),
            (middle + 30, px(76)),
            (middle + 120, px(102)),
        ],
        "line through": [(middle - 250, px(90)), (middle + 250, px(90))],
        "tick beside": [(middle + 260, px(90)), (middle + 275, px(93)), (middle + 300, px(86))],
        "line under": [(middle - 200, px(100)), (middle + 200, px(101))],
        "rubric on the frame": [
            (middle - 60, px(97)),
            (middle, px(108)),
            (middle + 40, px(94)),
            (middle + 90, px(108)),
        ],
        "far away": [(px(40), px(250)), (px(60), px(243)), (px(75), px(255))],
    }
    draw.line(strokes[what], fill=BLUE, width=4, joint="curve")
    return page


@pytest.mark.parametrize(
    "what", ["rubric across", "line through", "tick beside", "line under", "rubric on the frame", "far away"]
)
def test_a_stamp_with_anything_by_hand_stays(what: str) -> None:
    assert is_blank_stamp(scanned(by_hand(what))) is None


def test_a_stamp_with_a_sheet_number_stays() -> None:
    page = stamped("EM BRANCO")
    ImageDraw.Draw(page).text((px(190), px(12)), "7", fill=BLUE, font=letters(4))
    assert is_blank_stamp(scanned(page)) is None


@pytest.mark.parametrize("what", ["signature", "pencil", "line"])
def test_what_cannot_be_the_stamp_is_not_read(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def read(*_: object) -> None:
        raise AssertionError("it was read")

    monkeypatch.setattr(stamp_reading, "read_lines", read)
    page, draw = sheet()
    if what == "line":
        draw.text((px(40), px(70)), "Fim do documento.", fill=BLACK, font=letters(4.5))
    elif what == "signature":
        page = scrawl(70)
    else:
        page = stamped("EM BRANCO", colour=(205, 205, 205))
    assert is_blank_stamp(scanned(page)) is None


def test_accents_blanks_and_a_nought_for_an_o_are_folded_and_nothing_else() -> None:
    assert letters_of(" Página em branc0.") == "PAGINAEMBRANCO"
    assert letters_of("EM BRANCO?") == "EMBRANCO?"
    assert letters_of("EM BRANCO 乙") == "EMBRANCO乙"


# Which way is up


@pytest.mark.parametrize("clockwise", [0, 90, 180, 270])
def test_a_typed_page_is_turned_upright(clockwise: int) -> None:
    answer = detect_turn(turned(scanned(typed(20), scanner_edge=True), clockwise))
    assert answer.sure
    assert (answer.turn + clockwise) % 360 == 0


@pytest.mark.parametrize("clockwise", [0, 90, 180, 270])
@pytest.mark.parametrize("text", ["Segue anexo o comprovante.", "Verso: recibo do contador"])
def test_a_page_with_one_line_is_turned_by_reading_it(text: str, clockwise: int) -> None:
    page, draw = sheet()
    draw.text((px(40), px(70)), text, fill=BLACK, font=letters(4.5))
    seen = analyse(turned(scanned(page), clockwise))
    assert seen.turn.sure
    assert (seen.turn.turn + clockwise) % 360 == 0


def says(monkeypatch: pytest.MonkeyPatch, turn: Turn) -> None:
    """The orientation model is as sure as it can be, of this."""
    monkeypatch.setattr(looking, "detect_turn", lambda _: TurnAnswer(turn, 0.92, sure=True))


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_page_whose_lines_are_readable_is_not_turned_whatever_the_model_says(
    turn: Turn, monkeypatch: pytest.MonkeyPatch
) -> None:
    says(monkeypatch, turn)
    seen = analyse(scanned(typed(20)))
    assert (seen.turn.turn, seen.turn.sure) == (0, False)


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_page_whose_lines_read_better_turned_is_turned(turn: Turn, monkeypatch: pytest.MonkeyPatch) -> None:
    says(monkeypatch, turn)
    seen = analyse(turned(scanned(typed(20)), 360 - turn))
    assert (seen.turn.turn, seen.turn.sure) == (turn, True)


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_drawing_by_hand_is_not_turned_however_sure_the_model_is(turn: Turn, monkeypatch: pytest.MonkeyPatch) -> None:
    page, draw = sheet()
    for place in range(24):  # boxes with a squiggle each, joined by lines: a family tree, a sketch of the farm
        x, y = px(25 + 45 * (place % 4)), px(30 + 38 * (place // 4))
        draw.rectangle((x, y, x + px(30), y + px(14)), outline=BLUE, width=3)
        squiggle = [(x + px(4) + px(1.5) * step, y + px(5 + 3 * (step % 2))) for step in range(14)]
        draw.line(squiggle, fill=BLUE, width=3)
        draw.line((x + px(15), y + px(14), x + px(15), y + px(38)), fill=BLUE, width=3)
    says(monkeypatch, turn)
    seen = analyse(scanned(page))
    assert (seen.turn.turn, seen.turn.sure) == (0, False)


@pytest.mark.skipif(not FIELD_PAGES.is_dir(), reason="the field cases are not here")
def test_the_real_drawing_that_was_turned_without_a_doubt_lies_as_it_lay() -> None:
    picture = Image.open(FIELD_PAGES / "real_upright_drawing_turned.jpg").convert("RGB")
    raster = Raster(np.asarray(picture), 200.0)
    assert detect_turn(raster).turn  # the model alone would turn it
    seen = analyse(raster)
    assert (seen.turn.turn, seen.turn.sure) == (0, False)


@pytest.mark.parametrize("clockwise", [0, 180])
@pytest.mark.parametrize("text", ["96", "- 69 -", "SOS", "1961"])
def test_what_reads_either_way_up_is_left_as_it_is(text: str, clockwise: int) -> None:
    page, draw = sheet()
    draw.text((px(100), px(270)), text, fill=BLACK, font=letters(5))
    assert analyse(turned(scanned(page), clockwise)).turn.turn == 0


@pytest.mark.parametrize("clockwise", [0, 90])
@pytest.mark.parametrize("kind", ["signature", "pencil", "photograph", "blank"])
def test_a_page_without_print_is_left_as_it_is(kind: str, clockwise: int) -> None:
    page = {"signature": scrawl(70), "pencil": scrawl(40, (200, 200, 200))}.get(kind, sheet()[0])
    raster = scanned(page, scanner_edge=True)
    if kind == "photograph":
        clouds = np.random.default_rng(3).random((9, 7, 3)).astype(np.float32) * 230
        size = (raster.pixels.shape[1], raster.pixels.shape[0])
        raster = Raster(np.clip(cv2.resize(clouds, size, interpolation=cv2.INTER_CUBIC), 0, 255).astype(np.uint8), DPI)
    answer = detect_turn(turned(raster, clockwise))
    assert not answer.sure
    assert answer.turn == 0


def test_a_missing_or_damaged_model_is_reported(tmp_path: Path) -> None:
    with pytest.raises(RecogniserMissing, match="falta o modelo"):
        load(ORIENTATION, tmp_path)
    (tmp_path / ORIENTATION.name).write_bytes(b"half a model")
    with pytest.raises(RecogniserMissing, match="está danificado"):
        load(ModelFile(ORIENTATION.name, ORIENTATION.sha256), tmp_path / ".")


def test_without_recognisers_the_page_stays_as_it_is_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*_: object) -> None:
        raise RecogniserMissing("falta o modelo x")

    monkeypatch.setattr(looking, "detect_turn", missing)
    seen = analyse(scanned(typed(20)))
    assert isinstance(seen.blank, Content)
    assert (seen.turn.turn, seen.turn.sure, seen.stamp) == (0, False, None)
    assert seen.trouble == "a página não foi reconhecida nem girada: falta o modelo x"


# Real scans


@needs_corpus
def test_real_pages_with_little_on_them_are_kept() -> None:
    for name, raster in corpus_pages("blank/KEEP_*"):
        seen = analyse(raster)
        assert not isinstance(seen.blank, Blank), name
        assert seen.stamp is None, name


@needs_corpus
def test_real_blank_pages_are_looked_at_without_error() -> None:
    for name, raster in corpus_pages("blank/BLANK_*"):
        assert analyse(raster).stamp is None, name


@needs_corpus
@pytest.mark.parametrize(
    ("name", "turn"),
    [
        ("typescript_fr_cw000.png", 0),
        ("typescript_fr_cw090.png", 270),
        ("typescript_fr_cw180.png", 180),
        ("typescript_fr_cw270.png", 90),
        ("docling_ocr_test_rotated_180.pdf", 180),
        ("docling_ocr_test_rotated_270.pdf", 270),
        ("docling_ocr_test_rotated_90.pdf", 90),
    ],
)
def test_real_turned_pages_are_brought_upright(name: str, turn: int) -> None:
    for _, raster in corpus_pages(f"rotated/{name}"):
        seen = analyse(raster)
        assert isinstance(seen.blank, Content)
        assert (seen.turn.sure, seen.turn.turn) == (True, turn)


@needs_corpus
def test_real_upright_pages_are_not_turned() -> None:
    for name, raster in corpus_pages("real/*"):
        if not name.startswith("qpdf_boxes"):  # its pages are turned by the PDF
            assert analyse(raster).turn.turn == 0, name
