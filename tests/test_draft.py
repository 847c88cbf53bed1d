"""A folder without a sidecar: the draft that is written, what it proposes, and that it is accepted as it stands."""

import re
from threading import Event

import numpy as np
import pikepdf
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import validate

from itrwatch import yamltree
from itrwatch.cli import main
from itrwatch.core.draft import MARK, draft_text, unconfirmed, untouched
from itrwatch.core.filenames import Found, match_name
from itrwatch.core.findings import Severity
from itrwatch.core.pages import PageRef
from itrwatch.core.proposal import Confidence, Heading, Proposed, Source, propose
from itrwatch.core.ranges import resolve
from itrwatch.core.schema import schema, schema_text
from itrwatch.core.sections import Section
from itrwatch.core.sidecar import read_sidecar
from itrwatch.core.titles import name_section, title_section
from itrwatch.demo.drawing import Kind, draw
from itrwatch.drafting import make_draft
from itrwatch.inbox import take_snapshot
from itrwatch.survey import SurveyTask
from itrwatch.survey_work import see_page
from tests.office import CASE, scan_bytes

NL, AR, DITR, TIF, TCIF, IMP, TERMO, CAPA = (
    Section.NOTIFICACAO,
    Section.CIENCIA,
    Section.DITR,
    Section.TIF,
    Section.TCIF,
    Section.IMPUGNACAO,
    Section.TERMO,
    Section.CAPA,
)


def draft(office):
    return (office.out() / "processo.yaml").read_text("utf-8-sig").replace("\r\n", "\n")


def proposed(scans, titles=()):
    headings = {PageRef(file, page): Heading(section, section.heading) for file, page, section in titles}
    return propose(scans, {}, headings)


def said(proposal):
    return [(entry.section, entry.file, entry.ranges) for entry in proposal.sections]


def test_a_folder_of_scans_gets_a_draft_that_is_accepted_unchanged(office):
    scans = {"capa_pdf": scan_bytes("capa"), "scan_pdf": scan_bytes("a", "b", "c"), "impugna_pdf": scan_bytes("i")}
    folder = office.case(None, **scans)
    manifest = office.do()
    assert not manifest.published
    assert "deixa um rascunho dele" in office.pending()
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


def test_what_was_only_guessed_is_told_until_somebody_has_looked(office):
    folder = office.case(None, scan_pdf=scan_bytes("a", "b"))
    office.do()
    text = draft(office)
    line = next(number for number, line in enumerate(text.splitlines(), 1) if "- notificacao:" in line)
    assert f"{MARK}: confiança baixa" in text.splitlines()[line - 1]
    (folder / "processo.yaml").write_text(text, "utf-8")
    told = [f for f in office.do().findings if MARK in f.message]
    assert [(f.severity, f.file, f.line) for f in told] == [(Severity.WARNING, "processo.yaml", line)]
    (folder / "processo.yaml").write_text(text.replace(f"# {MARK}: ", "# "), "utf-8")
    assert not [f for f in office.do().findings if MARK in f.message]


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
    assert f"{MARK}: confiança baixa" in figures[2]
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


def test_a_folder_that_lacks_the_notificacao_is_told_so_in_the_draft(office):
    office.case(None, tif_pdf=scan_bytes("b"))
    office.do()
    assert re.search(r"^#  - notificacao: .*OBRIGATÓRIA", draft(office), re.MULTILINE)


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
    ("name", "section"),
    [
        ("capa.pdf", CAPA),
        ("NOTI.PDF", NL),
        ("02 - Notificação de Lançamento.pdf", NL),
        ("nl2019.tif", NL),
        ("AR.jpg", AR),
        ("ar da nl.pdf", AR),
        ("Ciência.pdf", AR),
        ("edital 3-2023.pdf", AR),
        ("DITR_2019.pdf", DITR),
        ("tif.tif", TIF),
        ("AR do TIF.pdf", TIF),
        ("termo de intimação.pdf", TIF),
        ("TCIF 2.pdf", TCIF),
        ("Termo de Constatação e Intimação Fiscal.pdf", TCIF),
        ("IMPUGNAÇÃO.pdf", IMP),
        ("impugnacao da notificacao.pdf", IMP),
        ("termo.jpg", TERMO),
        ("Termo de Encaminhamento.pdf", TERMO),
        ("scan 001.tif", None),
        ("Digitalização_2023.pdf", None),
        ("escapamento.pdf", None),
        ("arquivo.pdf", None),
    ],
)
def test_what_file_names_say(name, section):
    found = name_section(name)
    assert (found and found[0]) is section


@pytest.mark.parametrize(
    ("line", "section"),
    [
        ("NOTIFICAÇÃO DE LANÇAMENTO", NL),
        ("NOTIFICACAO DE LANCAMENTO Nº 9304/00012/2023", NL),
        ("NOTIFICAGAO DE LANÇAMENT0", NL),
        ("N O T I F I C A Ç Ã O  D E  L A N Ç A M E N T O", NL),
        ("AVISO DE RECEBIMENTO – AR", AR),
        ("(AR) Aviso de Recebimento", AR),
        ("EDITAL DE INTIMAÇÃO Nº 3", AR),
        ("DITR – DECLARAÇÃO DO IMPOSTO SOBRE A PROPRIEDADE TERRITORIAL RURAL", DITR),
        ("Termo de Intimação Fiscal nº 17/2022", TIF),
        ("TERMO DE CONSTATAÇÃO E INTIMAÇÃO FISCAL", TCIF),
        ("TERMO DE CONSTATAÇÃO FISCAL", TCIF),
        ("IMPUGNAÇÃO", IMP),
        ("ILUSTRÍSSIMO SENHOR DELEGADO DA RECEITA FEDERAL", IMP),
        ("TERMO DE ENCAMINHAMENTO", TERMO),
        ("Impugnação apresentada em 20/10/2023 contra a Notificação de Lançamento cuja ciência", None),
        ("Notificação de Lançamento cuja ciência se deu por via postal em 02/10/2023. Foram", None),
        ("contra a Notificação de Lançamento", None),
        ("Referência: Termo de Intimação Fiscal nº 17", None),
        ("PREFEITURA MUNICIPAL DE SERRA DO IPÊ", None),
        ("DECLARAÇÃO DE CONTEÚDO", None),
        ("Capacidade de uso", None),
        ("", None),
    ],
)
def test_what_titles_say(line, section):
    assert title_section(line) is section


def test_one_stack_is_divided_at_its_titles():
    titles = [
        ("scan.pdf", 1, CAPA),
        ("scan.pdf", 2, NL),
        ("scan.pdf", 5, AR),
        ("scan.pdf", 6, DITR),
        ("scan.pdf", 9, TERMO),
    ]
    proposal = proposed({"scan.pdf": 9}, titles)
    expected = [(CAPA, "1"), (NL, "2-4"), (AR, "5"), (DITR, "6-8"), (TERMO, "9")]
    assert said(proposal) == [(section, "scan.pdf", pages) for section, pages in expected]
    assert {entry.confidence for entry in proposal.sections} == {Confidence.MEDIUM}


def test_copies_inside_a_document_begin_nothing():
    titles = [
        ("s.pdf", 1, NL),
        ("s.pdf", 3, TIF),
        ("s.pdf", 4, AR),
        ("s.pdf", 6, IMP),
        ("s.pdf", 8, NL),
        ("s.pdf", 9, DITR),
    ]
    assert said(proposed({"s.pdf": 10}, titles)) == [
        (NL, "s.pdf", "1-2"),
        (TIF, "s.pdf", "3-5"),
        (IMP, "s.pdf", "6-10"),
    ]


def test_a_name_and_a_title_that_agree_are_surer_than_a_name_and_a_title_that_do_not():
    agreed = proposed({"tif.pdf": 3}, [("tif.pdf", 1, TIF)]).sections[0]
    assert (agreed.confidence, agreed.source, agreed.whole) == (Confidence.HIGH, Source.BOTH, True)
    against = proposed({"tif.pdf": 3}, [("tif.pdf", 1, IMP)]).sections[0]
    assert (against.section, against.confidence) == (TIF, Confidence.LOW)


def test_termo_alone_in_a_name_gives_way_to_the_title():
    assert said(proposed({"nl.pdf": 1, "termo.pdf": 2}, [("termo.pdf", 1, TIF)]))[1] == (TIF, "termo.pdf", "1-2")


def test_a_stack_goes_on_in_the_next_file():
    scans = {"doc 9.pdf": 2, "doc 10.pdf": 3}
    proposal = proposed(scans, [("doc 9.pdf", 1, NL), ("doc 10.pdf", 2, AR)])
    assert said(proposal) == [(NL, "doc 9.pdf", "1-2"), (NL, "doc 10.pdf", "1"), (AR, "doc 10.pdf", "2-3")]


def test_pages_nobody_knows_are_listed_and_only_the_first_are_guessed():
    proposal = proposed({"a.pdf": 2, "b.pdf": 1, "ditr.pdf": 1})
    guess = proposal.sections[0]
    assert (guess.section, guess.file, guess.confidence, guess.source) == (NL, "a.pdf", Confidence.LOW, Source.GUESS)
    assert proposal.undecided == (("b.pdf", (1,)),)
    assert "#  - QUAL SEÇÃO?: b.pdf 1 " in draft_text(proposal, None, {})


@pytest.mark.parametrize(
    ("kind", "section"),
    [
        (Kind.NOTIFICATION, NL),
        (Kind.AR_CARD, AR),
        (Kind.FORM, DITR),
        (Kind.LETTER, TIF),
        (Kind.PETITION, IMP),
        (Kind.TERMO, TERMO),
        (Kind.CAPA, CAPA),
        (Kind.PHOTO, None),
        (Kind.SHORT_LINE, None),
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
    assert seen.heading == Heading(TERMO, "TERMO DE ENCAMINHAMENTO")


names = st.text(st.characters(exclude_characters="/\0\n\r", exclude_categories=("Cs",)), min_size=1, max_size=40)


@settings(deadline=None)
@given(st.lists(names, min_size=1, max_size=4, unique=True), st.integers(1, 9), st.data())
def test_whatever_files_are_called_the_draft_is_read_and_claims_only_what_it_says(stems, pages, data):
    scans = {f"{stem}.{data.draw(st.sampled_from(['pdf', 'TIF', 'jpg']))}": pages for stem in stems}
    from itrwatch.drafting import _taken  # noqa: PLC0415 the filter that drafts go through

    proposal = proposed(scans)
    refused = [entry for entry in proposal.sections if not _taken(entry, proposal)]
    text = draft_text(proposal, None, {}, refused=refused)
    parsed = yamltree.read(text.encode("utf-8", "replace"), "processo.yaml")
    if len(refused) < len(proposal.sections) and proposal.sections[0] not in refused:
        read = read_sidecar(parsed.node, "processo.yaml")
        assert [f for f in (*parsed.findings, *read.findings) if f.severity is Severity.ERROR] == []
        sources = [source for entry in read.sidecar.sections for source in entry.sources]
        claimed = [(match_name(scans, source.file), resolve(source.spans, pages)) for source in sources]
        assert claimed == [(Found(e.file), e.pages) for e in proposal.sections if e not in refused]


def test_the_seal_knows_a_draft_that_was_touched():
    text = draft_text(proposed({"noti.pdf": 2}), None, {})
    assert untouched(text)
    assert untouched("\ufeff" + text.replace("\n", "\r\n"))
    assert not untouched(text.replace("noti.pdf", "noti.pdf 1"))
    assert not untouched("secoes:\n")
    assert list(unconfirmed(text, "processo.yaml")) == []


def test_pictures_come_with_the_draft(office, pool):
    folder = office.case(None, noti_pdf=scan_bytes("a", "b"))
    made = make_draft(take_snapshot(folder), {"noti.pdf": 2}, {}, pool, Event())
    assert {ref.page for ref in made.thumbnails} == {1, 2}
    assert all(picture.startswith(b"\xff\xd8") for picture in made.thumbnails.values())
    assert isinstance(made.proposal.sections[0], Proposed)
    assert np.frombuffer(made.text[:3], np.uint8).tolist() == [0xEF, 0xBB, 0xBF]
