"""Separator sheets: printed, put between the papers, scanned; they say where sections begin and never go out."""

import cv2
import numpy as np
import pikepdf
import pypdfium2
import pytest
from PIL import Image

from itrwatch.commands.cli import main
from itrwatch.commands.separators import write_separators
from itrwatch.core.findings import Severity
from itrwatch.core.pages import Reason
from itrwatch.core.sections import Section
from itrwatch.core.separators import SEPARATORS, VERSO, Separator, parse_code
from itrwatch.demo.paper import scan
from itrwatch.imaging.analysis.background import reduce_page
from itrwatch.imaging.analysis.separator import make_code, see_separator
from itrwatch.imaging.raster import Raster
from tests.office import blank_page, page, scan_bytes

NOTIFICACAO, CIENCIA, TIF = (Separator(s) for s in (Section.NOTIFICACAO, Section.CIENCIA, Section.TIF))


@pytest.fixture(scope="module")
def sheets(tmp_path_factory):
    """Every sheet as it comes off the printer, 100 dpi grey."""
    pdf = tmp_path_factory.mktemp("folhas") / "separadores.pdf"
    write_separators(pdf)
    with pypdfium2.PdfDocument(pdf) as document:
        printed = [document[number].render(scale=100 / 72).to_pil().convert("L") for number in range(len(document))]
    return dict(zip(SEPARATORS, printed, strict=True))


def warnings(manifest):
    return [str(f) for f in manifest.findings if f.severity is Severity.WARNING]


def sheets_in(manifest):
    return [(entry.file, entry.page) for entry in manifest.pages if entry.reason is Reason.SEPARATOR]


def test_the_command_prints_a_sheet_for_every_section_and_the_back(tmp_path, capsys):
    target = tmp_path / "folhas.pdf"
    assert main(["separators", str(target)]) == 0
    assert str(target) in capsys.readouterr().out
    with pypdfium2.PdfDocument(target) as document:
        texts = [" ".join(page.get_textpage().get_text_range().split()) for page in document]
        assert {tuple(round(side) for side in page.get_size()) for page in document} == {(595, 842)}
    for section, text in zip(Section, texts, strict=False):
        assert text.startswith(section.heading.upper())
        assert "ela não é publicada" in text
    assert texts[-1].startswith("VERSO EM BRANCO")
    assert len(texts) == len(Section) + 1


def test_the_sheets_are_the_same_bytes_every_time_and_nothing_is_overwritten(tmp_path, capsys):
    for name in ("a.pdf", "b.pdf"):
        assert main(["separators", str(tmp_path / name)]) == 0
    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()
    assert main(["separators", str(tmp_path / "a.pdf")]) == 64
    assert "já existe" in capsys.readouterr().err


def test_for_both_sides_the_back_follows_every_sheet(tmp_path):
    assert main(["separators", "--duplex", str(tmp_path / "duplex.pdf")]) == 0
    with pikepdf.open(tmp_path / "duplex.pdf") as pdf:
        assert len(pdf.pages) == 2 * len(Section)


@pytest.mark.parametrize("separator", SEPARATORS, ids=lambda separator: separator.code)
@pytest.mark.parametrize("turn", [0, 1, 2, 3])
def test_a_sheet_is_read_at_any_turn_askew_and_dirty(sheets, separator, turn):
    dirty = scan(sheets[separator].convert("RGB"), turn, 100, skew=3.5 - 2 * turn, holes=True, dust=80, crease=True)
    turned = np.ascontiguousarray(np.rot90(np.asarray(dirty), turn))
    assert see_separator(reduce_page(Raster(turned, 100.0)))[0] == separator


def test_a_sheet_with_one_code_torn_off_is_read_by_the_other(sheets):
    torn = np.asarray(sheets[TIF]).copy()
    torn[: torn.shape[0] // 3] = 90
    assert see_separator(reduce_page(Raster(torn, 100.0)))[0] == TIF


def test_black_and_white_at_150_dpi_copied_hard(sheets):
    grey = cv2.resize(np.asarray(sheets[CIENCIA]), None, fx=1.5, fy=1.5, interpolation=cv2.INTER_LINEAR)
    noise = np.random.default_rng(3).normal(0, 60, grey.shape)
    black = np.where(cv2.GaussianBlur(grey, (0, 0), 1.5) + noise < 120, 0, 255).astype(np.uint8)
    assert see_separator(reduce_page(Raster(black, 150.0, bilevel=True)))[0] == CIENCIA


@pytest.mark.parametrize(
    "text",
    [
        "00020126580014BR.GOV.BCB.PIX0136123e4567-e12b-12d1-a456-426655440000",
        "https://www.nfe.fazenda.gov.br/qrcode?p=52230112345678000195",
        "ITRWATCH:2:SECAO:NOTIFICACAO",
        "ITRWATCH:1:SECAO:NOTIFICACAO ",
        "ITRWATCH:1:SECAO:RECURSO",
        "itrwatch:1:secao:tif",
    ],
)
def test_the_codes_of_others_are_no_separators(text):
    assert parse_code(text) is None
    assert see_separator(reduce_page(Raster(np.asarray(with_code(text, 60)), 100.0)))[0] is None


def test_a_picture_of_a_sheet_in_a_manual_is_no_sheet():
    assert see_separator(reduce_page(Raster(np.asarray(with_code(TIF.code, 60)), 100.0)))[0] == TIF
    assert see_separator(reduce_page(Raster(np.asarray(with_code(TIF.code, 20)), 100.0)))[0] is None


def with_code(text, side_mm):
    """A page of text with a code on it."""
    side = round(side_mm / 25.4 * 100)
    code = Image.fromarray(np.where(make_code(text), 0, 255).astype(np.uint8)).resize((side, side), 0)
    picture = page("nota fiscal").copy()
    picture.paste(255, (380, 600, 440 + side, 660 + side))
    picture.paste(code, (410, 630))
    return picture


def test_with_a_sidecar_the_sheets_stay_out_whether_a_section_claims_them_or_not(office, sheets):
    pages = [sheets[NOTIFICACAO], "nl", sheets[VERSO], "nl 2", sheets[CIENCIA], "ar"]
    office.case("secoes:\n  - notificacao: lote.pdf 1-4\n  - ciencia: lote.pdf 6\n", lote_pdf=scan_bytes(*pages))
    manifest = office.do()
    assert sheets_in(manifest) == [("lote.pdf", 1), ("lote.pdf", 3), ("lote.pdf", 5)]
    assert [(f.name, f.pages) for f in manifest.files] == [("NOTI.pdf", 3)]
    assert [entry.outcome for entry in manifest.pages].count("published") == 3
    assert not [text for text in warnings(manifest) if "fora de todas as seções" in text or "separadora" in text]
    assert "folha separadora" in (office.out() / "relatorio.html").read_text("utf-8")


def test_a_sheet_is_not_published_even_when_the_sidecar_asks_to_keep_it(office, sheets):
    sidecar = "secoes:\n  - tipo: notificacao\n    arquivo: lote.pdf\n    manter: [1]\n"
    office.case(sidecar, lote_pdf=scan_bytes(sheets[NOTIFICACAO], "nl"))
    manifest = office.do()
    assert sheets_in(manifest) == [("lote.pdf", 1)]


def test_the_sidecar_wins_and_the_disagreement_is_reported(office, sheets):
    pages = [sheets[NOTIFICACAO], "nl", sheets[TIF], "a", "b"]
    office.case("secoes:\n  - notificacao: lote.pdf 1-2\n  - tcif: lote.pdf 3-5\n", lote_pdf=scan_bytes(*pages))
    manifest = office.do()
    assert [s.kind for s in manifest.sections] == [Section.NOTIFICACAO, Section.TCIF]
    messages = [text for text in warnings(manifest) if "anuncia" in text]
    said = "a folha separadora anuncia “tif”, mas o processo.yaml põe as páginas 4-5 em “tcif”"
    assert messages == [f"lote.pdf, página 3: {said}; vale o processo.yaml: confira qual dos dois está certo"]


def test_complete_separators_need_no_sidecar_when_so_configured(office, sheets):
    office.set(separators="publish")
    pages = [sheets[CIENCIA], "ar", sheets[NOTIFICACAO], blank_page(), "nl", "nl 2"]
    office.case(None, lote_pdf=scan_bytes(*pages))
    manifest = office.do()
    assert manifest.published
    assert manifest.processo == "13153.720210/2019-34"
    assert [(s.kind, s.folhas) for s in manifest.sections] == [(Section.NOTIFICACAO, (1, 2)), (Section.CIENCIA, (3, 3))]
    assert sheets_in(manifest) == [("lote.pdf", 1), ("lote.pdf", 3)]
    assert any("não tem processo.yaml" in str(f) for f in manifest.findings)
    assert not (office.out() / "processo.yaml").exists()


def test_by_default_complete_separators_are_only_proposed(office, sheets):
    office.case(None, lote_pdf=scan_bytes(sheets[NOTIFICACAO], "nl"))
    assert not office.do().published
    assert "  - notificacao: lote.pdf 2" in (office.out() / "processo.yaml").read_text("utf-8-sig")


@pytest.mark.parametrize("missing", ["first sheet", "notificacao", "pages", "another file", "unreadable code"])
def test_incomplete_separators_are_never_published_without_a_sidecar(office, sheets, missing):
    office.set(separators="publish")
    stack = [sheets[NOTIFICACAO], "nl", sheets[CIENCIA], "ar"]
    if missing == "first sheet":
        stack.insert(0, "o que é isto")
    elif missing == "notificacao":
        stack[0] = sheets[TIF]
    elif missing == "pages":
        stack.append(sheets[TIF])
    elif missing == "unreadable code":
        stack.insert(3, spoiled(sheets[TIF]))
    office.case(None, lote_pdf=scan_bytes(*stack))
    if missing == "another file":
        office.case(None, capa_pdf=scan_bytes("capa"))
    manifest = office.do()
    assert not manifest.published
    assert (office.out() / "processo.yaml").exists()


def test_a_sheet_that_cannot_be_read_is_reported_when_a_section_claims_it(office, sheets):
    sidecar = "secoes:\n  - notificacao: lote.pdf\n"
    office.case(sidecar, lote_pdf=scan_bytes("nl", spoiled(sheets[TIF]), with_code("https://www.gov.br/itr", 60)))
    messages = [text for text in warnings(office.do()) if "não pôde ser lido" in text]
    assert len(messages) == 1
    assert "“remover: [2]”" in messages[0]


@pytest.mark.parametrize("code", ["ITRWATCH:2:SECAO:NOTIFICACAO", "ITRWATCH:1:SECAO:RECURSO"])
def test_a_sheet_of_a_later_itrwatch_is_a_doubt_and_no_page_of_the_case(code):
    assert see_separator(reduce_page(Raster(np.asarray(with_code(code, 60)), 100.0))) == (None, True)


def spoiled(sheet):
    """A sheet on whose codes somebody has drawn: they are seen, and cannot be read."""
    picture = np.asarray(sheet).copy()
    for top, left in ((86, 86), (847, 505)):
        picture[top + 75 : top + 236, left + 75 : left + 236] = 0
        picture[top + 60 : top + 160, left + 80 : left + 160] = 255
    return Image.fromarray(picture)


def test_a_scanner_that_writes_a_file_for_every_page_is_one_stack(office, sheets):
    office.set(separators="publish")
    feed = [sheets[NOTIFICACAO], "nl", "nl 2", sheets[CIENCIA], "ar"]
    office.case(None, **{f"scan{number:03}_pdf": scan_bytes(item) for number, item in enumerate(feed, start=8)})
    manifest = office.do()
    assert [(s.kind, s.folhas) for s in manifest.sections] == [(Section.NOTIFICACAO, (1, 2)), (Section.CIENCIA, (3, 3))]
    assert len(sheets_in(manifest)) == 2
