"""Words are read where they stand, and what may be cut off or misread is not believed."""

import hashlib
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw

from itrwatch.demo.drawing import PageKind, draw
from itrwatch.demo.paper import scan
from itrwatch.demo.sheet import Sheet
from itrwatch.imaging.analysis import models
from itrwatch.imaging.analysis.models import RecogniserMissing
from itrwatch.imaging.raster import Raster
from itrwatch.reading import page, recognise
from itrwatch.reading.ink import see_ink
from itrwatch.reading.lines import find_lines
from itrwatch.reading.words import is_plausible, with_capital_i
from itrwatch.scans.opening import read_page

TEXT = (
    "O lançamento do ITR, exercício 2021, não considerou a área de preservação permanente de 1.878,6 ha, "
    "averbada à margem da matrícula nº 35.031 do Cartório de Registro de Imóveis (livro 2, folha 457). Requer o "
    "cancelamento do crédito de R$ 190.084,55 e a juntada desta IMPUGNAÇÃO ao processo nº 13153.720210/2019-34."
)
NUMBER = "13153.720210/2019-34"


def sheet():
    return Sheet(np.random.default_rng(3), 300)


def words_on(image, **facts):
    return page.read_text(Raster(np.asarray(scan(image, 3, 300, **facts)), 300.0)).words


def test_a_paragraph_is_read_word_for_word_in_its_order_and_place():
    paper = sheet()
    paper.write(30, 40, "IMPUGNAÇÃO", 16, bold=True)
    paper.paragraph(30, 60, 150, TEXT, 11)
    words = words_on(paper.image, tint=0.06, grain=4.0)
    read, wanted = [word.text for word in words], ["IMPUGNAÇÃO", *TEXT.split()]
    assert len(read) >= 0.95 * len(wanted)
    at = iter(wanted)
    assert all(any(text.strip(".,") == other.strip(".,") for other in at) for text in read), read
    title = words[0]
    assert (title.box.left / 72 * 25.4, title.box.bottom / 72 * 25.4) == (
        pytest.approx(30, abs=1),
        pytest.approx(41, abs=1),
    )
    assert title.line == 0
    assert words[-1].line == len({word.line for word in words}) - 1 > 3


@pytest.mark.parametrize("cut", ["stroke", "letter"])
def test_a_number_that_is_covered_in_part_is_not_believed(cut):
    """Its rest is read as surely as a whole number: a seal over the first figures, or ink that runs into them."""
    paper = sheet()
    paper.write(60, 60, f"Processo nº {NUMBER} de 2019", 12)
    seen = np.asarray(paper.image).copy()
    left, base = paper.px(60) + round(paper.font(12).getlength("Processo nº ")), paper.px(60)
    if cut == "stroke":
        cv2.line(seen, (left + 30, base - 200), (left + 70, base + 150), (20, 20, 120), 9)
        cv2.line(seen, (left + 30, base - 200), (left + 230, base - 190), (20, 20, 120), 9)
    else:
        cv2.rectangle(seen, (left - 6, base - 40), (left + 40, base + 8), (30, 30, 30), -1)
    texts = {word.text for word in page.read_text(Raster(seen, 300.0)).words}
    assert "2019" in texts
    assert not {text for text in texts if text != NUMBER and "/2019" in text}, texts


def test_of_a_pale_number_no_part_is_believed_where_darker_ink_hides_the_rest():
    """A signature under a pale stamp: what is ink is judged by the darkest print nearby, and its points were none."""
    paper = sheet()
    left, base = paper.px(60), paper.px(60)
    paper.write(60, 60, NUMBER, 12)
    seen = np.asarray(paper.image.convert("L")) // 2 + 128
    whole = {word.text for word in page.read_text(Raster(seen, 300.0)).words}
    assert whole == {NUMBER}
    signed = seen.copy()
    cv2.line(signed, (left - 60, base + 28), (left + 200, base + 18), 0, 10)
    assert {word.text for word in page.read_text(Raster(signed, 300.0)).words} <= whole


def test_of_a_number_whose_last_figure_faded_to_a_speck_nothing_is_believed():
    paper = sheet()
    paper.write(60, 60, "4.81", 12)
    seen = np.asarray(paper.image.convert("L")).copy()
    assert [word.text for word in page.read_text(Raster(seen, 300.0)).words] == ["4.81"]
    right, base = int(np.flatnonzero((seen < 128).any(axis=0))[-1]), paper.px(60)
    seen[base - 12 : base - 3, right + 18 : right + 25] = 60
    assert page.read_text(Raster(seen, 300.0)).words == ()


def test_the_tall_letters_of_an_old_book_stay_in_their_line(corpus):
    """Its ascenders and descenders are long, and its lines bend: “along a path” was read as “a ong a jat”."""
    words = " ".join(
        word.text for word in page.read_text(read_page(corpus / "real/ocrmypdf_c02-22.pdf", 1).raster).words
    )
    for phrase in (
        "went tip-toeing along a path amongst",
        "was passing by the kitchen",
        "trying to go to sleep when you",
    ):
        assert phrase in words


def test_of_a_line_that_ends_under_a_stamp_that_lies_askew_the_rest_is_read():
    """Stamp and line touch, and were linked to one line of three times the height, of which nothing was read."""
    paper = sheet()
    paper.write(30, 60, f"Processo nº {NUMBER}, Notificação nº 4217/2023", 12)
    stamp = Image.new("L", paper.image.size, 255)
    at = (paper.px(139), paper.px(62.5))
    ImageDraw.Draw(stamp).text(at, "RECEBIDO EM 22/09/2023", 40, paper.font(14), anchor="ls")
    stamp = np.asarray(stamp.rotate(7, center=at, fillcolor=255))
    seen = np.minimum(np.asarray(paper.image.convert("L")), stamp)
    texts = {word.text.strip(",") for word in page.read_text(Raster(seen, 300.0)).words}
    assert {"Processo", NUMBER} <= texts <= {"Processo", "nº", NUMBER, "Notificação", "EM", "22/09/2023"}


def test_figures_by_hand_that_stand_apart_are_not_one_number():
    paper = sheet()
    for at, figure in zip((60, 63.4, 67.4, 70.8, 74.8, 78.2), "021023", strict=True):
        paper.write(at, 60, figure, 15)
    texts = {word.text for word in page.read_text(Raster(np.asarray(paper.image), 300.0)).words}
    assert texts <= {"02", "10", "23"}


@pytest.mark.parametrize("dpi", [150, 300])
def test_of_the_rows_that_the_model_does_not_get_none_has_ink(dpi):
    """They are the margin that every picture of a line is cut with; with a narrower one accents and the ends of letters would be lost."""
    scanned = scan(draw(PageKind.NOTIFICATION, 5, dpi), 5, dpi)
    lines = find_lines(see_ink(Raster(np.asarray(scanned), float(dpi))))
    assert len(lines) > 20
    for line in lines:
        margin = round(len(line.picture) * (recognise.SCALED_PX - recognise.ROWS) / 2 / recognise.SCALED_PX)
        rows = np.concatenate([line.picture[:margin], line.picture[-margin:]])
        assert np.count_nonzero(rows < 128) <= 3  # the edge of a stroke, by rounding


def test_a_1_after_a_comma_is_part_of_its_number_and_a_list_remains_a_list():
    """Beside a 1 the recogniser sees a space: 34,12 was read as “34,” and “12”, of which neither was believed."""
    number = "34,12"
    read = dict.fromkeys((False, True), 0)
    for bold in read:
        for place in range(8):
            paper = sheet()
            paper.write(30, 60, f"O grau de utilização passou de {number} % para 96,41 %", 10.5 + place / 4, bold=bold)
            paper.write(30, 80, "conforme as folhas 34, 12 e 15 deste processo", 10.5 + place / 4, bold=bold)
            first, second = ({w.text for w in words_on(paper.image) if w.line == line} for line in (0, 1))
            read[bold] += number in first
            assert number not in second
            assert not {"34,", "12"} & first
    assert min(read.values()) >= 7, read


@pytest.mark.parametrize("text", [".817", "9.39Z", "paRte", "1O", "t", "10,1º"])
def test_a_word_that_is_made_like_none_is_not_believed(text):
    assert not is_plausible(text)


@pytest.mark.parametrize("text", ["nº", "9.393/1996", "Lei", "e", "1º", "R$", "IMPUGNAÇÃO", "II"])
def test_a_word_that_is_made_like_one_may_be_believed(text):
    assert is_plausible(text)


def test_columns_are_read_one_after_another_and_rows_from_left_to_right():
    paper = sheet()
    for row in range(6):
        paper.write(20, 40 + 7 * row, f"esquerda linha {'abcdef'[row] * 3}", 11)
        paper.write(110, 40 + 7 * row, f"direita linha {'abcdef'[row] * 3}", 11)
    paper.write(20, 120, "valor", 11)
    paper.write(150, 120.4, "novecentos", 11)
    texts = [word.text for word in page.read_text(Raster(np.asarray(paper.image), 300.0)).words]
    sides = [text for text in texts if text in ("esquerda", "direita")]
    assert sides == ["esquerda"] * 6 + ["direita"] * 6
    assert texts[-2:] == ["valor", "novecentos"]


def test_of_a_page_that_lies_on_its_side_nothing_is_read():
    """Its figures would be read one by one, each of them surely."""
    paper = sheet()
    for row in range(12):
        paper.write(30, 40 + 8 * row, f"{1234567 + 7919 * row}  {7654321 + 104729 * row}", 11)
    upright = Raster(np.asarray(paper.image), 300.0)
    aside = Raster(np.ascontiguousarray(np.rot90(upright.pixels)), 300.0)
    assert len(page.read_text(upright).words) == 24
    assert page.read_text(aside) == page.PageText()


def test_specks_all_over_a_fax_do_not_hide_its_print():
    paper = sheet()
    paper.paragraph(30, 60, 150, TEXT, 11)
    seen = np.where(np.asarray(paper.image.convert("L")) < 128, 0, 255).astype(np.uint8)
    places = np.random.default_rng(2).integers(0, (1800, 2400), (30_000, 2))
    seen[places[:, 0] + 1600, places[:, 1]] = 0
    assert len(page.read_text(Raster(seen, 300.0, bilevel=True)).words) >= 0.9 * len(TEXT.split())


def test_a_coarse_halftone_is_no_print():
    """Dots as large as letters, each apart from the others: sorting them would take the page's time."""
    dots = np.full((1750, 1240), 255, np.uint8)
    for top in range(20, 1730, 22):
        for left in range(20 + top % 3, 1220, 22):
            dots[top : top + 8, left : left + 8] = 0
    assert find_lines(see_ink(Raster(dots, 200.0, bilevel=True))) == ()


def test_blank_paper_grain_and_more_print_than_there_is_time_for(monkeypatch):
    assert page.read_text(Raster(np.full((900, 700), 255, np.uint8), 100.0)) == page.PageText()
    noise = np.random.default_rng(1).integers(0, 255, (1800, 1400)).astype(np.uint8)
    assert page.read_text(Raster(noise, 200.0)).words == ()
    paper = sheet()
    paper.paragraph(30, 60, 150, TEXT, 11)
    monkeypatch.setattr(page, "MOST_COLUMNS", 1000)
    with pytest.raises(page.TooMuchToReadError):
        page.read_text(Raster(np.asarray(paper.image), 300.0))


def test_a_model_that_is_missing_or_damaged_is_reported(tmp_path, monkeypatch):
    monkeypatch.setattr(recognise, "FOLDER", tmp_path)
    with pytest.raises(RecogniserMissing, match="falta o modelo"):
        recognise.model()
    (tmp_path / recognise.PORTUGUESE.name).write_bytes(b"ONNX")
    with pytest.raises(RecogniserMissing, match="danificado"):
        recognise.model()


def test_the_model_in_the_package_is_the_one_that_was_measured():
    data = (recognise.FOLDER / recognise.PORTUGUESE.name).read_bytes()
    assert hashlib.sha256(data).hexdigest() == recognise.PORTUGUESE.sha256
    assert len(data) < 4_500_000
    assert (Path(models.MODELS) / "PP-OCRv6_rec_small.LICENSE.txt").is_file()  # the notice beside it refers to it


def test_the_model_is_made_again_byte_for_byte():
    pytest.importorskip("onnx", reason="needed only to make the model (release/reader_model.py)")
    from release.reader_model import made  # noqa: PLC0415  needs onnx

    assert hashlib.sha256(made()).hexdigest() == recognise.PORTUGUESE.sha256


def test_channels_that_others_can_stand_in_for_are_left_out_and_missed_by_none():
    pytest.importorskip("onnx", reason="needed only to make the model (release/reader_pruning.py)")
    from release import reader_pruning  # noqa: PLC0415  needs onnx

    chance = np.random.default_rng(5)
    alone = chance.normal(size=(5000, 112))
    given = np.hstack([alone, 3 * alone[:, 80:96] - alone[:, 96:] + 1])  # 128 channels of which 112 would do
    weights, offsets = chance.normal(size=(4, 128)), np.array([1.0, 2.0, 3.0, 4.0])
    wanted = given @ weights.T + offsets
    mean, target = given.mean(axis=0), wanted.mean(axis=0)
    covariance, products = ((given - mean).T @ (other - other.mean(axis=0)) / len(given) for other in (given, wanted))
    fitted = reader_pruning.fit(weights, mean, target, covariance, products, lambda exact: exact)
    assert len(fitted.kept) == 112
    assert set(range(80)) <= set(fitted.kept)  # nothing stands in for these
    assert (
        np.abs(given[:, fitted.kept] @ fitted.weights.T + fitted.offsets - wanted).max() < 0.05 * np.abs(wanted).max()
    )
    as_they_were = given[:, fitted.kept] @ weights[:, fitted.kept].T + offsets
    assert np.abs(as_they_were - wanted).max() > 0.15 * np.abs(wanted).max()


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        *(("lPÊ", "IPÊ"), ("(lTR),", "(ITR),"), ("RESlDENTE", "RESIDENTE"), ("lpê,", "Ipê,"), ("lmposto", "Imposto"), ("Il.", "II.")),
        *((word, word) for word in ("lhe", "lote", "ltda.", "l", "lt", "Vl", "Al", "Hel", "Isabel")),
    ],
)  # fmt: skip
def test_an_l_that_can_only_be_a_capital_i_is_one(read, meant):
    assert with_capital_i(read) == meant
