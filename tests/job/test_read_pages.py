"""Pages are read unless the administrator forbids it: the PDFs can be searched; what was read stays in them, and nothing else changes."""

import base64
import io
import re
from dataclasses import replace

import numpy as np
import pypdfium2 as pdfium
import pytest
from loguru import logger
from PIL import Image

from itrwatch.core.codes import Code
from itrwatch.core.pages import PageOverride, PageRef
from itrwatch.core.settings import ImageConfig, StampConfig
from itrwatch.demo.paper import scan
from itrwatch.demo.scanner import write_pdf
from itrwatch.demo.sheet import Sheet
from itrwatch.reading import recognise
from itrwatch.workers.page_task import work_page
from itrwatch.workers.tasks import PageTask, unspooled
from tests.office import scan_bytes

RARE = "XILOGRAVURA"
SIDECAR = "secoes:\n  - notificacao: noti.pdf\n"


def texts(path):
    with pdfium.PdfDocument(path) as pdf:
        return [" ".join(page.get_textpage().get_text_range().split()) for page in pdf]


def test_what_is_read_is_in_the_pdf_and_nowhere_else(office):
    lines = []
    sink = logger.add(lines.append, level=0)
    office.set(image=ImageConfig())
    office.case(SIDECAR, noti_pdf=scan_bytes(RARE, "segunda"))
    office.do()
    logger.remove(sink)
    first, second = texts(office.out() / "NOTI.pdf")
    assert RARE in first
    assert first.endswith("Fls. 1")
    assert "linha" in second
    assert_secret(office, lines, RARE)


def numbered(number):
    """A page of text that bears a folha number of the paper."""
    sheet = Sheet(np.random.default_rng(number), 150)
    sheet.write(165, 15, f"Fls. {number}", 12)
    sheet.paragraph(25, 60, 160, f"Lavoura e pasto da gleba {number}, que se situa à margem do rio. " * 4, 12)
    return sheet.image


def test_what_is_found_on_pages_says_nothing_of_what_stands_there(office):
    """A termo that cites folhas the case has not and does not speak of its impugnação, and papers numbered otherwise: three findings."""
    sheet = Sheet(np.random.default_rng(1), 150)
    text = (
        f"Encaminha-se à Receita Federal o processo de {RARE} Agropecuária, com folhas numeradas de 1 a 7613, inclusive este termo. Foram "
        "retiradas da digitalização as páginas em branco. O processo em papel será arquivado neste Município, e dele nada mais consta."
    )
    sheet.paragraph(25, 60, 160, text, 12)
    lines = []
    sink = logger.add(lines.append, level=0)
    office.set(image=ImageConfig())
    office.case(
        SIDECAR + "  - impugnacao: impugna.pdf\n  - termo: termo.pdf\n",
        noti_pdf=scan_bytes(numbered(5824), numbered(5825), dpi=150),
        impugna_pdf=scan_bytes("A"),
        termo_pdf=scan_bytes(sheet.image, dpi=150),
    )
    found = {finding.code for finding in office.do().findings}
    logger.remove(sink)
    assert found >= {Code.TERMO_SILENT, Code.TERMO_OTHER_FOLHAS, Code.FOLHAS_ON_PAPER}
    assert_secret(office, lines, RARE, "7613", "5824", "5825")


def test_the_report_frames_on_the_picture_what_a_finding_is_about(office):
    """The frame is where the date stands, and a page without a finding has its picture alone."""
    sheet = Sheet(np.random.default_rng(1), 150)
    sheet.paragraph(
        25, 60, 160, "O contribuinte foi notificado do lançamento, que lhe foi entregue na sede da fazenda. " * 5, 12
    )
    sheet.write(25, 200, "Recebido em 03/10/2023", 14)
    office.set(image=ImageConfig())
    office.case(
        SIDECAR + "  - ciencia: ar.pdf\nciencia: {modo: postal, data: 02/10/2023, documentos: [ar]}\n",
        noti_pdf=scan_bytes("a"),
        ar_pdf=scan_bytes(sheet.image, dpi=150),
    )
    (found,) = (f for f in office.do().findings if f.code is Code.DATE_ON_PAPER)
    assert (found.file, found.page) == ("ar.pdf", 1)
    assert "não é a do processo.yaml (02/10/2023)" in found.message
    report = (office.out() / "relatorio.html").read_text("utf-8")
    plain, framed = (len(re.findall(rf"<img src=\"data:image/{kind}", report)) for kind in ("jpeg", r"svg\+xml"))
    assert (plain, framed) == (1, 1)
    (svg,) = (base64.b64decode(data).decode() for data in re.findall(r"svg\+xml;base64,([^\"]+)", report))
    width, height = (float(re.search(rf'{side}="(\d+)"', svg)[1]) for side in ("width", "height"))
    left, top, wide, high = (
        float(re.search(rf'<rect.*? {side}="([\d.]+)"', svg)[1]) for side in ("x", "y", "width", "height")
    )
    # 25 to about 75 mm from the left, at 200 of 297 mm: within the frame with its 4 pixels.
    assert left < 25 / 210 * width < left + wide
    assert 0.2 < wide / width < 0.5
    assert top < 199 / 297 * height < 200 / 297 * height < top + high
    assert high / height < 0.08


def assert_secret(office, log, *words):
    """None of the words that were read is in the log, whatever its level, nor in report, manifest (of which the panel is drawn) or the name of a file."""
    others = [path for path in office.outbox.rglob("*") if path.is_file() and path.suffix != ".pdf"]
    assert {path.name for path in others} >= {"manifesto.json", "relatorio.html", "processo.log"}
    for word in words:
        for path in others:
            assert word.encode() not in path.read_bytes().upper(), (word, path)
            assert word not in path.name.upper()
        assert word not in "".join(log).upper()


def test_without_it_not_a_byte_is_different(office):
    office.case(SIDECAR, noti_pdf=scan_bytes("A", "B"))
    office.set(image=ImageConfig(read_pages=False))
    office.do()
    before = (office.out() / "NOTI.pdf").read_bytes()
    assert texts(office.out() / "NOTI.pdf") == ["Fls. 1", "Fls. 2"]
    office.set(image=ImageConfig())
    office.do()
    assert len((office.out() / "NOTI.pdf").read_bytes()) > len(before)
    office.set(image=ImageConfig(read_pages=False))
    office.do()
    assert (office.out() / "NOTI.pdf").read_bytes() == before


@pytest.fixture
def crooked(tmp_path):
    """A sheet that lies on its side and askew in the scanner, with one word to find."""
    sheet = Sheet(np.random.default_rng(4), 200)
    for row in range(14):
        sheet.write(25, 60 + 8 * row, "considerado o rebanho ajustado e a área de pastagem", 12)
    sheet.write(60, 250, RARE, 14, bold=True)
    picture = np.asarray(scan(sheet.image, 4, 200, skew=1.3))
    write_pdf(tmp_path / "scan.pdf", [Image.fromarray(np.ascontiguousarray(np.rot90(picture)))], 200)
    return PageTask(
        tmp_path,
        PageRef("scan.pdf", 1),
        PageOverride(),
        StampConfig(),
        999,
        ImageConfig(),
        tmp_path / "spool",
    )


def test_words_stand_on_the_published_page_where_their_ink_is(crooked):
    done = work_page(crooked)
    assert done.turn == 90
    (word,) = (word for word in unspooled(done.spool).words if word.text == RARE)
    left, base = word.box.left / 72 * 25.4, word.box.bottom / 72 * 25.4
    # Turned back about the middle of the page.
    assert (left, base) == (pytest.approx(60, abs=4), pytest.approx(250, abs=4))
    assert 2.5 < (word.box.bottom - word.box.top) / 72 * 25.4 < 6  # upright: a line that is askew is higher


def test_a_page_in_black_and_white_that_lies_askew_is_read_and_keeps_its_pixels(office):
    """Such scans are not straightened; of the words of one that leans by 2 degrees only a quarter was certain."""
    sheet = Sheet(np.random.default_rng(4), 300)
    for row in range(30):
        sheet.write(20, 60 + 5 * row, "considerado o rebanho ajustado e a área de pastagem, nos termos da lei", 12)
    sheet.write(20, 250, RARE, 14, bold=True)
    sheet.write(150, 250, RARE, 14, bold=True)
    picture = scan(sheet.image, 4, 300, skew=2.0).convert("L").point(lambda level: 255 * (level > 128)).convert("1")
    buffer = io.BytesIO()
    picture.save(buffer, "TIFF", dpi=(300, 300), compression="group4")
    office.case("secoes:\n  - notificacao: noti.tif\n", noti_tif=buffer.getvalue())
    office.set(image=ImageConfig())
    office.do()
    with pdfium.PdfDocument(office.out() / "NOTI.pdf") as pdf:
        page = pdf[0]
        text = page.get_textpage()
        ink = np.asarray(page.render(scale=2).to_numpy()).min(axis=2) < 128
        assert text.get_text_range().split().count("rebanho") >= 28
        search = text.search(RARE)
        places = [search.get_next() for _ in range(2)]
        assert None not in places
        for start, letters in places:
            boxes = [text.get_charbox(at) for at in range(start, start + letters)]
            left, right = boxes[0][0], boxes[-1][2]
            bottom, top = boxes[0][1], boxes[0][3]
            rows = slice(round(2 * (page.get_height() - top)), round(2 * (page.get_height() - bottom)))
            word = ink[rows, round(2 * left) : round(2 * right)]
            assert word.mean() > 0.2
            # Of its own columns, the ink of no other line is nearer: nearly all lies within the box.
            near = ink[rows.start - 20 : rows.stop + 20, round(2 * left) : round(2 * right)]
            assert word.sum() > 0.9 * near.sum()


def test_a_page_that_cannot_be_read_is_published_as_if_it_had_not_been_tried(crooked, tmp_path, monkeypatch):
    monkeypatch.setattr(recognise, "FOLDER", tmp_path / "nothing")
    done = work_page(crooked)
    assert [(finding.code, finding.severity) for finding in done.findings] == [(Code.PAGE_UNREAD, "reminder")]
    assert "o texto desta página não foi lido (" in done.findings[0].message
    assert "falta o modelo" in done.findings[0].message
    unread = unspooled(done.spool)
    plain = work_page(replace(crooked, image=ImageConfig(read_pages=False)))
    assert (unread, done.overhead) == (unspooled(plain.spool), plain.overhead)
    assert plain.findings == ()


def test_a_page_that_the_printed_counters_miss_is_reported(office):
    """At the page before which it is missing; the counters stay on the paper."""
    scans = {"noti_pdf": scan_bytes("Pag. 1 de 4", "Pag. 2 de 4", "Pag. 4 de 4")}
    lines = []
    sink = logger.add(lines.append, level=0)
    office.set(image=ImageConfig())
    office.case(SIDECAR, **scans)
    missing = [finding for finding in office.do().findings if finding.code is Code.PAGE_NOT_SCANNED]
    assert [(finding.severity, finding.file, finding.page) for finding in missing] == [("warning", "noti.pdf", 3)]
    assert "salta 1 página entre a página 2 do arquivo e esta" in missing[0].message
    assert "salta 1 página entre a página 2 do arquivo e esta" in (office.out() / "relatorio.html").read_text("utf-8")
    assert office.manifest().published
    logger.remove(sink)
    assert_secret(office, lines, "2 DE 4", "4 DE 4")
