"""A folder without a sidecar: the draft that is written, what it proposes, and that it is accepted as it stands."""

import re
from threading import Event

import numpy as np
import pikepdf
import pytest
import yaml
from jsonschema import validate

from itrwatch.commands.cli import main
from itrwatch.core.findings import Severity
from itrwatch.core.pages import PageRef
from itrwatch.core.proposal import Confidence, Heading, Proposed
from itrwatch.core.sections import Section
from itrwatch.demo.drawing import PageKind, draw
from itrwatch.demo.scanner import write_pdf
from itrwatch.demo.sheet import Sheet
from itrwatch.job.drafting import make_draft
from itrwatch.sidecar.draft import CONFIRM
from itrwatch.sidecar.schema import schema, schema_text
from itrwatch.store.inbox import take_snapshot
from itrwatch.workers.survey_task import see_page
from itrwatch.workers.tasks import SurveyTask
from tests.office import CASE, scan_bytes


def draft(office):
    return (office.out() / "processo.yaml").read_text("utf-8-sig").replace("\r\n", "\n")


def test_a_folder_of_scans_gets_a_draft_that_is_accepted_unchanged(office):
    scans = {"capa_pdf": scan_bytes("capa"), "scan_pdf": scan_bytes("a", "b", "c"), "impugna_pdf": scan_bytes("i")}
    folder = office.case(None, **scans)
    manifest = office.do()
    assert not manifest.published
    assert office.pending().startswith("RASCUNHO PRONTO: ")
    assert "seria aceito" not in office.pending()  # the draft is the example
    text = draft(office)
    assert text.splitlines()[0] == "# yaml-language-server: $schema=../../saida/processo.schema.json"
    assert (office.outbox / "processo.schema.json").read_text("utf-8") == schema_text()
    validate(yaml.safe_load(text), schema())
    assert "#   scan.pdf: 3 páginas" in text
    assert "  - capa: capa.pdf " in text
    assert "  - notificacao: scan.pdf " in text
    assert re.search(r"^#  - ditr: .*não encontrei DITR", text, re.MULTILINE)
    (folder / "processo.yaml").write_bytes((office.out() / "processo.yaml").read_bytes())
    manifest = office.do()
    assert [(f.name, f.pages) for f in manifest.files] == [("NOTI.pdf", 4), ("IMPUGNA.pdf", 1)]
    assert not (office.out() / "processo.yaml").exists()
    assert not (office.out() / "anteriores").exists()  # an untouched draft is nobody's work


def test_a_section_that_was_not_found_is_filled_in_without_deleting_its_remark(office):
    folder = office.case(None, noti_pdf=scan_bytes("a"), scan2_pdf=scan_bytes("b"))
    office.do()
    filled = re.sub(r"^#(  - ditr:) ", r"\1 scan2.pdf ", draft(office), flags=re.MULTILINE)
    filled = "\n".join(line for line in filled.split("\n") if "scan2.pdf" not in line or "- ditr:" in line)
    assert "  - ditr: scan2.pdf " in filled
    (folder / "processo.yaml").write_text(filled, "utf-8")
    assert office.do().published


def test_a_guess_is_reported_until_the_fiscal_confirms_it(office):
    folder = office.case(None, scan_pdf=scan_bytes("a", "b"))
    office.do()
    text = draft(office)
    line = next(number for number, line in enumerate(text.splitlines(), 1) if "- notificacao:" in line)
    assert f"{CONFIRM}: confiança baixa" in text.splitlines()[line - 1]
    (folder / "processo.yaml").write_text(text, "utf-8")
    marked = [f for f in office.do().findings if CONFIRM in f.message]
    assert [(f.severity, f.file, f.line) for f in marked] == [(Severity.WARNING, "processo.yaml", line)]
    (folder / "processo.yaml").write_text(text.replace(f"# {CONFIRM}: ", "# "), "utf-8")
    assert not [f for f in office.do().findings if CONFIRM in f.message]


def test_a_draft_that_was_worked_on_in_the_outbox_by_mistake_is_kept(office):
    folder = office.case(None, scan_pdf=scan_bytes("a", "b"))
    office.do()
    mine = office.out() / "processo.yaml"
    mine.write_bytes(mine.read_bytes().replace(b"scan.pdf", b"scan.pdf 1-2", 1))
    (folder / "processo.yaml").write_text("secoes:\n  - notificacao: scan.pdf\n")
    assert office.do().published
    (kept,) = (office.out() / "anteriores").glob("*/processo.yaml")
    assert b"scan.pdf 1-2" in kept.read_bytes()


def test_the_report_shows_the_proposal_beside_the_pages(office):
    office.case(None, ar_pdf=scan_bytes("a"), scan_pdf=scan_bytes("b", "c"))
    office.do()
    report = (office.out() / "relatorio.html").read_text("utf-8")
    figures = re.findall(r"<figure.*?</figure>", report, re.DOTALL)
    assert len(figures) == 3
    assert all("data:image/jpeg" in figure for figure in figures)
    assert "Ciência da Notificação de Lançamento" in figures[0]
    assert "confiança alta (nome do arquivo)" in figures[0]
    assert f"{CONFIRM}: confiança baixa" in figures[2]
    assert 'href="processo.yaml"' in report


def test_the_inbox_is_only_read(office):
    folder = office.case(None, scan_pdf=scan_bytes("a"))
    before = {path: path.stat().st_mtime_ns for path in (folder, *folder.iterdir())}
    office.do()
    assert {path: path.stat().st_mtime_ns for path in (folder, *folder.iterdir())} == before


def test_a_scan_that_does_not_open_is_named_and_the_rest_is_proposed(office):
    office.case(None, noti_pdf=scan_bytes("a"), tif_pdf=scan_bytes("b")[:400])
    office.do()
    assert re.search(r"^#   tif\.pdf: não pôde ser lido\. ", draft(office), re.MULTILINE)
    assert "  - notificacao: noti.pdf " in draft(office)


def test_the_draft_of_a_folder_without_notificacao_says_so(office):
    office.case(None, tif_pdf=scan_bytes("b"))
    office.do()
    assert re.search(r"^#  - notificacao: .*OBRIGATÓRIA", draft(office), re.MULTILINE)


@pytest.mark.slow
def test_new_prints_the_draft_and_writes_it_only_when_asked(tmp_path, capsys):
    folder = tmp_path / CASE
    folder.mkdir()
    (folder / "noti.pdf").write_bytes(scan_bytes("a", "b"))
    assert main(["new", str(folder)]) == 0
    printed = capsys.readouterr().out
    assert "  - notificacao: noti.pdf " in printed
    assert [path.name for path in folder.iterdir()] == ["noti.pdf"]
    assert main(["new", "--write", str(folder)]) == 0
    assert (folder / "processo.yaml").read_text("utf-8-sig") == printed
    assert main(["new", "--write", str(folder)]) == 64
    assert "já tem processo.yaml" in capsys.readouterr().err


def test_for_a_folder_of_the_inbox_new_writes_into_the_outbox(office, tmp_path):
    office.case(None, noti_pdf=scan_bytes("a"))
    config = tmp_path / "config.yaml"
    config.write_text(f"inbox: {office.inbox}\noutbox: {office.outbox}\n")
    assert main(["new", "--config", str(config), "--write", CASE]) == 0
    assert [path.name for path in (office.inbox / CASE).iterdir()] == ["noti.pdf"]
    assert "notificacao: noti.pdf" in draft(office)


@pytest.mark.parametrize(
    ("kind", "section"),
    [
        (PageKind.NOTIFICATION, Section.NOTIFICACAO),
        (PageKind.AR_CARD, Section.CIENCIA),
        (PageKind.FORM, Section.DITR),
        (PageKind.LETTER, Section.TIF),
        (PageKind.PETITION, Section.IMPUGNACAO),
        (PageKind.TERMO, Section.TERMO),
        (PageKind.CAPA, Section.CAPA),
        (PageKind.PHOTO, None),
        (PageKind.SHORT_LINE, None),
    ],
)
def test_titles_are_read_from_scans_lying_on_their_side(tmp_path, kind, section):
    draw(kind, 4, 150).rotate(90, expand=True).save(tmp_path / "p.png", dpi=(150, 150))
    seen = see_page(SurveyTask(tmp_path, PageRef("p.png", 1), headings=True))
    assert (seen.heading and seen.heading.section) is section


def test_the_text_layer_is_read_where_there_is_one(tmp_path):
    text = "TERMO DE ENCAMINHAMENTO " + "encaminho o processo com as folhas conferidas e assinadas " * 5
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(595, 842))
        font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
        pdf.pages[0].Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F=font))
        lines = [text[:23], *(text[start : start + 60] for start in range(24, len(text), 60))]
        shows = " ".join(f"1 0 0 1 60 {800 - 20 * n} Tm ({line}) Tj" for n, line in enumerate(lines))
        pdf.pages[0].Contents = pdf.make_stream(f"BT 3 Tr /F 11 Tf {shows} ET".encode())
        pdf.save(tmp_path / "t.pdf")
    seen = see_page(SurveyTask(tmp_path, PageRef("t.pdf", 1), headings=True))
    assert seen.heading == Heading(Section.TERMO, "TERMO DE ENCAMINHAMENTO")


def test_a_termo_with_another_heading_is_proposed_from_what_it_says(office, pool):
    sheet = Sheet(np.random.default_rng(2), 150)
    sheet.write(105, 40, "OFÍCIO DE REMESSA", 14, bold=True, anchor="ms")
    text = (
        "Remetemos à Receita Federal do Brasil o processo do contribuinte, com 18 folhas numeradas e rubricadas. A impugnação foi recebida "
        "em 20/10/2023 e está nas folhas 14 a 17. O original fica arquivado neste Município."
    )
    sheet.paragraph(25, 70, 160, text, 12)
    folder = office.case(None, scan_pdf=scan_bytes("a", sheet.image.convert("L"), dpi=150))
    made = make_draft(take_snapshot(folder), {"scan.pdf": 2}, {}, pool, Event())
    (termo,) = (entry for entry in made.proposal.sections if entry.section is Section.TERMO)
    assert (termo.pages, termo.confidence) == ((2,), Confidence.MEDIUM)
    assert "o texto da página 2 encaminha o processo" in made.text.decode("utf-8-sig")


def test_pictures_come_with_the_draft(office, pool):
    folder = office.case(None, noti_pdf=scan_bytes("a", "b"))
    made = make_draft(take_snapshot(folder), {"noti.pdf": 2}, {}, pool, Event())
    assert {ref.page for ref in made.thumbnails} == {1, 2}
    assert all(picture.startswith(b"\xff\xd8") for picture in made.thumbnails.values())
    assert isinstance(made.proposal.sections[0], Proposed)
    assert np.frombuffer(made.text[:3], np.uint8).tolist() == [0xEF, 0xBB, 0xBF]


def test_the_blank_back_of_a_cover_stays_with_the_cover(office):
    pages = [draw(kind, 4, 200) for kind in (PageKind.CAPA, PageKind.BLANK, PageKind.NOTIFICATION, PageKind.BLANK)]
    folder = office.case(None)
    write_pdf(folder / "NOTI.pdf", pages, 200)
    office.do()
    assert re.search(
        r"^  - capa: NOTI.pdf 1-2 .*^  - notificacao: NOTI.pdf 3-4 ", draft(office), re.MULTILINE | re.DOTALL
    )
