"""Composing anew a sidecar that is there already: one that is at fault, and one whose case is published."""

from __future__ import annotations

import pytest

from tests.browser import needs_browser
from tests.office import Office, blank_page, scan_bytes
from tests.report.test_compose import downloaded, items, text

pytestmark = needs_browser

FAULTY = "13153.720213-2019-78 com erro"
BROKEN = "13153.720214-2019-12 sem pe nem cabeca"
COUNTED = "13153.720215-2019-67 contado"
MISCOUNTED = "13153.720216-2019-10 mal contado"
FAULTY_TEXT = """\
secoes:
  - tipo: notificacao
    arquivo: scan.pdf
    paginas: 1-2
    girar: {2: 180}
  - ciencia: scan.pdf 3
  - ditr: declaracao.pdf
contribuinte: Fazenda Boa Vista
ciencia: {modo: postal, data: 31/02/2023}
andamento:
  - requerimento: 10/02/2024
"""
COUNTED_TEXT = """\
secoes:
  - tipo: notificacao
    arquivo: frente.pdf
    versos: verso.pdf
    folhas: 6
  - {tipo: ditr, arquivo: scan.pdf, paginas: 1-2, folhas: 2}
  - {tipo: ditr, arquivo: scan.pdf, paginas: 3, folhas: 1, manter: [3]}
  - {tipo: impugnacao, arquivo: scan.pdf, paginas: 4-6, versos: scan.pdf 7-9, ordem_versos: direta}
numeracao: sequencial
exercicio: 2019
nirf: '0012345'
andamento:
  - requerimento: 10/02/2024
"""


@pytest.fixture(scope="module")
def office(tmp_path_factory, pool):
    office = Office(tmp_path_factory.mktemp("de novo"), pool)
    scan = {"scan_pdf": scan_bytes("N1", "N2", "C1", "D1"), "laudo_pdf": scan_bytes("L")}
    office.case(FAULTY_TEXT, FAULTY, **scan)
    office.case("secoes: [notificacao: {scan.pdf\n", BROKEN, **scan)
    fronts = {"frente_pdf": scan_bytes("F1", "F2", "F3"), "verso_pdf": scan_bytes("V3", "V2", "V1")}
    pages = ["D1", "D2", blank_page(), "I1", "I3", "I5", "I2", "I4", "I6"]
    office.case(COUNTED_TEXT, COUNTED, **fronts, scan_pdf=scan_bytes(*pages))
    counted = "secoes:\n  - {tipo: notificacao, arquivo: scan.pdf, paginas: 1-3, folhas: 3}\n"
    office.case(counted, MISCOUNTED, scan_pdf=scan_bytes("N1", blank_page(), "N3", "N4"))
    for name in (FAULTY, BROKEN, COUNTED, MISCOUNTED):
        office.do(name)
    return office


def opened(office, someone, name):
    page = someone.open(office.out(name) / "relatorio.html")
    page.locator("details:has(#compor)").evaluate("block => { block.open = true; }")
    return page


def choose(page, where, section):
    page.get_by_label(f"Seção que começa em {where}").select_option(section)


def test_a_sidecar_at_fault_is_composed_from_what_could_be_read_of_it(office, reader):
    assert not office.manifest(FAULTY).published
    page = opened(office, reader(), FAULTY)
    assert items(page) == [
        *("  - tipo: notificacao", "    arquivo: scan.pdf", "    paginas: 1-2", "    girar: {2: 180}"),
        "  - ciencia: scan.pdf 3",
    ]
    assert "Fora de todas as seções, não entra nos PDFs: laudo.pdf (1), scan.pdf (4)." in page.inner_text(
        "#compor-falta"
    )
    assert "contribuinte: Fazenda Boa Vista" in text(page)
    assert "ciencia: {modo: postal}" in text(page)  # the day that there is not has to be said again
    choose(page, "scan.pdf, página 4", "ditr")
    choose(page, "laudo.pdf, página 1", "impugnacao")
    page.get_by_label("Dia da ciência").fill("02/10/2023")
    downloaded(page, office.inbox / FAULTY)
    made = office.do(FAULTY)
    assert [(entry.file, entry.page, entry.section, entry.turn) for entry in made.pages] == [
        ("scan.pdf", 1, "notificacao", 0),
        ("scan.pdf", 2, "notificacao", 180),
        ("scan.pdf", 3, "ciencia", 0),
        ("scan.pdf", 4, "ditr", 0),
        ("laudo.pdf", 1, "impugnacao", 0),
    ]
    written = (office.inbox / FAULTY / "processo.yaml").read_text("utf-8-sig")
    assert "andamento:\n  - requerimento: 10/02/2024" in written


def test_a_file_that_is_no_sidecar_at_all_is_composed_from_the_proposal(office, reader):
    page = opened(office, reader(), BROKEN)
    assert not (office.out(BROKEN) / "processo.yaml").exists()  # a draft would look like the way to go on
    assert page.locator("#compor .compose img").count() == 5
    assert "  - notificacao: laudo.pdf" in text(page)  # a guess, and marked as one
    assert "CONFIRA" in text(page)
    choose(page, "laudo.pdf, página 1", "impugnacao")
    choose(page, "scan.pdf, página 1", "notificacao")
    downloaded(page, office.inbox / BROKEN)
    assert office.do(BROKEN).published


def test_nothing_that_was_written_is_lost_when_a_published_case_is_composed_again(office, reader):
    before = office.manifest(COUNTED)
    page = opened(office, reader(), COUNTED)
    assert items(page) == [
        *("  - tipo: notificacao", "    arquivo: frente.pdf", "    versos: verso.pdf", "    folhas: 6"),
        *("  - tipo: ditr", "    arquivo: scan.pdf", "    paginas: 1-2", "    folhas: 2"),
        *("  - tipo: ditr", "    arquivo: scan.pdf", "    paginas: 3", "    manter: [3]", "    folhas: 1"),
        *("  - tipo: impugnacao", "    arquivo: scan.pdf", "    paginas: 4-6"),
        *("    versos: scan.pdf 7-9", "    ordem_versos: direta"),
    ]
    for line in ("exercicio: 2019", "nirf: 0012345", "numeracao: sequencial", "  - requerimento: 10/02/2024"):
        assert line in text(page).split("\n")
    downloaded(page, office.inbox / COUNTED)
    again = office.do(COUNTED)
    assert (again.files, again.pages, again.findings) == (before.files, before.pages, before.findings)


def test_a_count_that_no_longer_fits_is_reported_and_left_out(office, reader):
    page = opened(office, reader(), COUNTED)
    choose(page, "scan.pdf, página 2", "tif")
    assert "    folhas: 2" not in items(page)
    assert "O item que tinha “folhas: 2” ficou com outras páginas" in page.inner_text("#compor-falta")


def test_a_count_that_was_wrong_is_mended_by_clicking(office, reader):
    page = opened(office, reader(), MISCOUNTED)
    choose(page, "scan.pdf, página 4", "notificacao")
    page.get_by_role("button", name="Baixar processo.yaml").wait_for()
    downloaded(page, office.inbox / MISCOUNTED)
    # Of the first three pages, as it was counted: the fault stays until somebody looks.
    assert "folhas: 3" in text(page)
    assert not office.do(MISCOUNTED).published


def test_what_the_browser_remembers_of_another_beginning_is_not_put_into_this_one(office, reader):
    page = opened(office, reader(), FAULTY)
    assert "  - tipo: notificacao" in items(page)
    choose(page, "scan.pdf, página 1", "capa")
    (office.inbox / FAULTY / "processo.yaml").write_text("secoes:\n  - notificacao: scan.pdf\n  - termo: laudo.pdf\n")
    office.do(FAULTY)
    assert items(opened(office, reader(), FAULTY)) == ["  - notificacao: scan.pdf", "  - termo: laudo.pdf"]


def test_a_page_outside_that_is_blank_says_so_where_it_is_reported(office, reader):
    office.case("secoes:\n  - notificacao: scan.pdf 1\n", FAULTY, scan_pdf=scan_bytes("N1", blank_page(), "X"))
    office.do(FAULTY)
    page = reader().open(office.out(FAULTY) / "relatorio.html")
    row = page.locator("#conferir li").filter(has_text="de “scan.pdf”")
    assert "scan.pdf, páginas 2 (em branco), 3" in row.inner_text()
    assert (
        page.get_by_role("img", name="Fora de todas as seções (em branco): scan.pdf, página 2", exact=True).count() == 1
    )
