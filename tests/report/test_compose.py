"""A fiscal composes ``processo.yaml`` by clicking, in a real browser, and the file that was downloaded publishes the case."""

from __future__ import annotations

import pytest
from loguru import logger

from itrwatch.core.case_summary import state_sentence
from tests.browser import needs_axe, needs_browser, serious_faults
from tests.office import CASE, Office, blank_page, scan_bytes

pytestmark = needs_browser

BACKS = "13153.720211-2019-89 frente e verso"
DONE = "13153.720212-2019-23 publicado"
LARGE = "#compor-grande"
UNUSUAL = "laudo d'água, nº 1 #2.pdf"
SIDECAR = """\
secoes:
  - notificacao: [scan.pdf 3-1, scan.pdf 4]
  - tipo: impugnacao
    arquivo: impugna.pdf
    girar: {1: 90}
    manter: [3]
    remover: [2]
contribuinte: 'D''Ávila & Filhos: espólio'
ciencia: {modo: postal, data: 02/10/2023, documentos: [ar, carta]}
impugnacao: {data: 20/10/2023, via: protocolo, documentos: [protocolo]}
numeracao: papel
andamento:
  - requerimento: 10/02/2024
"""


@pytest.fixture(scope="module")
def office(tmp_path_factory, pool):
    """A folder of scans without a sidecar, one with fronts and backs apart, one that is published."""
    office = Office(tmp_path_factory.mktemp("montar"), pool)
    folder = office.case(None, scan_pdf=scan_bytes("N1", "N2", "C1", "D1", "X"), impugna_pdf=scan_bytes("I1", "I2"))
    (folder / UNUSUAL).write_bytes(scan_bytes("L1"))
    office.do()
    office.case(
        None, name=BACKS, **{"noti frente_pdf": scan_bytes("F1", "F2"), "noti verso_pdf": scan_bytes("V2", "V1")}
    )
    office.do(BACKS)
    scans = {"scan_pdf": scan_bytes("3", "2", "1", "4", "5"), "impugna_pdf": scan_bytes("I1", "I2", blank_page())}
    office.case(SIDECAR, name=DONE, **scans)
    office.do(DONE)
    return office


def opened(office, reader, name=CASE):
    page = reader.open(office.out(name) / "relatorio.html")
    if page.locator("#t-compor").count():
        # By key: while thumbnails are still laid out the page moves, and a click may end beside where it began.
        page.locator("details:has(#compor) > summary").press("Enter")
    return page


def text(page):
    return page.input_value("#compor-texto")


def items(page):
    """The lines of ``secoes``."""
    lines = text(page).split("\n")
    return lines[lines.index("secoes:") + 1 : lines.index("")]


def begins(page, file, number, section):
    """Click the page and say in the large view which section begins on it."""
    page.get_by_role("button", name=f"Ampliar {file}, página {number}", exact=True).click()
    page.locator(f"{LARGE} button[value={section}]").click()
    page.keyboard.press("Escape")


def downloaded(page, folder):
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Baixar processo.yaml").click()
    assert waiting.value.suggested_filename == "processo.yaml"
    waiting.value.save_as(folder / "processo.yaml")
    return (folder / "processo.yaml").read_bytes()


def test_from_a_folder_of_scans_to_its_pdfs_without_writing_a_line(office, reader):
    page = opened(office, reader())
    assert page.inner_text(".state") == "Rascunho pronto: confira e salve na entrada."
    assert "O que corrigir" not in page.inner_text("main")
    begins(page, "scan.pdf", 1, "notificacao")
    begins(page, "scan.pdf", 3, "ciencia")
    begins(page, "scan.pdf", 4, "ditr")
    page.get_by_label("Seção que começa em scan.pdf, página 5").select_option("fora")
    page.get_by_label(f"Seção que começa em {UNUSUAL}, página 1").select_option("impugnacao")
    page.get_by_role("button", name="Ampliar scan.pdf, página 2").click()
    page.get_by_role("button", name="Girar").click()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Ampliar impugna.pdf, página 2").click()
    page.get_by_role("button", name="Retirar só esta página").click()
    page.keyboard.press("Escape")
    page.get_by_label("Contribuinte").fill("Fazenda Boa Vista: espólio")
    page.get_by_label("Como foi").select_option("postal")
    page.get_by_label("Dia da ciência").fill("02/10/2023")
    page.get_by_label("aviso de recebimento (AR)").check()
    page.get_by_label("Dia do protocolo, ou da postagem").fill("20/10/2023")
    page.get_by_label("Como chegou").select_option("protocolo")
    assert items(page) == [
        *("  - tipo: notificacao", "    arquivo: scan.pdf", "    paginas: 1-2", "    girar: {2: 90}"),
        *("  - ciencia: scan.pdf 3", "  - ditr: scan.pdf 4"),
        *("  - tipo: impugnacao", "    arquivo: impugna.pdf", "    remover: [2]"),
        "  - impugnacao: 'laudo d''água, nº 1 #2.pdf'",
    ]
    assert page.inner_text("#compor-falta") == "Fora de todas as seções, não entra nos PDFs: scan.pdf (5)."
    data = downloaded(page, office.inbox / CASE)
    assert data.startswith(b"\xef\xbb\xbf# processo.yaml montado")
    assert data.count(b"\n") == data.count(b"\r\n") > 10
    manifest = office.do()
    assert manifest.published
    assert [(entry.file, entry.page, entry.section, entry.outcome, entry.turn) for entry in manifest.pages] == [
        ("scan.pdf", 1, "notificacao", "published", 0),
        ("scan.pdf", 2, "notificacao", "published", 90),
        ("scan.pdf", 3, "ciencia", "published", 0),
        ("scan.pdf", 4, "ditr", "published", 0),
        ("impugna.pdf", 1, "impugnacao", "published", 0),
        ("impugna.pdf", 2, "impugnacao", "removed", 0),
        (UNUSUAL, 1, "impugnacao", "published", 0),
        ("scan.pdf", 5, None, "unclaimed", 0),
    ]
    (office.inbox / CASE / "processo.yaml").unlink()  # the next test begins with the draft again
    office.do()


def test_a_folder_that_waits_for_its_sidecar_is_no_error_in_the_journal(office):
    journal = []
    sink = logger.add(lambda line: journal.append((line.record["level"].name, line.record["message"])), level="INFO")
    office.do()
    logger.remove(sink)
    assert [message for level, message in journal if level in ("ERROR", "WARNING")] == []
    assert journal[-1] == ("INFO", f"{CASE}: rascunho pronto: confira e salve na entrada")
    assert office.pending().startswith("RASCUNHO PRONTO: ")
    manifest = office.manifest()
    assert (manifest.draft, manifest.published) == (True, False)
    assert state_sentence(manifest)[1] == "Rascunho pronto: confira e salve na entrada."
    assert [finding.severity for finding in manifest.findings] == ["error"]  # the contract: a pending case has one


def test_a_doubt_is_amber_until_it_is_confirmed(office, reader):
    page = opened(office, reader())
    doubtful = page.locator("#compor .doubt")
    assert doubtful.count() == 6  # the guessed notificação, and the file that nothing is known of
    assert "CONFIRA" in text(page)
    assert "É palpite, olhe e confirme: laudo d'água, nº 1 #2.pdf (1), scan.pdf (1-5)." in page.inner_text(
        "#compor-falta"
    )
    page.get_by_role("button", name="Ampliar scan.pdf, página 1").click()
    page.get_by_role("button", name="Está certo").click()
    page.keyboard.press("Escape")
    assert doubtful.count() == 1  # the run was confirmed as a whole
    page.get_by_label(f"Seção que começa em {UNUSUAL}, página 1").select_option("fora")
    assert doubtful.count() == 0
    assert "CONFIRA" not in text(page)


def test_everything_can_be_done_with_the_keyboard(office, reader):
    page = opened(office, reader())
    page.get_by_label(f"Seção que começa em {UNUSUAL}, página 1").select_option("fora")
    page.get_by_role("button", name="Ampliar scan.pdf, página 1").focus()
    for key in ("Enter", "2", "ArrowRight", "ArrowRight", "3", "g", "ArrowRight", "4", "ArrowRight", "r", "Escape"):
        page.keyboard.press(key)
    assert not page.locator(LARGE).is_visible()
    # The page hears of the end of the large view a moment after the key.
    page.locator("[aria-label='Ampliar scan.pdf, página 5']:focus").wait_for()
    assert items(page)[:8] == [
        "  - notificacao: scan.pdf 1-2",
        *("  - tipo: ciencia", "    arquivo: scan.pdf", "    paginas: 3", "    girar: {3: 90}"),
        *("  - tipo: ditr", "    arquivo: scan.pdf", "    paginas: 4-5"),
    ]
    for key in ("Enter", "0", "ArrowLeft", "f", "Escape"):
        page.keyboard.press(key)
    assert "ditr" not in text(page)


def test_what_was_clicked_is_there_after_a_reload_and_can_be_taken_back(office, reader):
    someone = reader()
    page = opened(office, someone)
    proposed = text(page)
    begins(page, "scan.pdf", 3, "termo")
    page.get_by_label("Contribuinte").fill("Fazenda")
    changed = text(page)
    assert changed != proposed
    page.reload()
    assert text(page) == changed
    page.get_by_role("button", name="Voltar à proposta").click()
    assert text(page) == proposed


def test_files_are_moved_and_a_section_goes_on_over_them(office, reader):
    page = opened(office, reader())
    page.get_by_label("Seção que começa em impugna.pdf, página 1").select_option("")
    page.get_by_label("Seção que começa em scan.pdf, página 1").select_option("notificacao")
    page.get_by_role("button", name="Pôr antes: scan.pdf (5 páginas)").click()
    page.get_by_role("button", name="Pôr antes: scan.pdf (5 páginas)").click()
    assert items(page)[:2] == ["  - notificacao: scan.pdf", "  - notificacao: impugna.pdf"]


def test_a_day_that_is_none_is_reported_and_left_out(office, reader):
    page = opened(office, reader())
    page.get_by_label("Dia da ciência").fill("31/02/2023")
    assert page.get_by_text("Escreva dia, mês e ano: 02/10/2023.").is_visible()
    assert "ciencia:" not in text(page).replace("- ciencia:", "")
    page.get_by_label("Dia da ciência").fill("28/02/2023")
    assert "ciencia: {data: 28/02/2023}" in text(page)


def test_the_text_is_copied(office, reader):
    someone = reader()
    someone.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = opened(office, someone)
    page.locator("#compor-copiar").click()
    page.get_by_role("status").get_by_text("Copiado").wait_for(state="attached")
    assert page.evaluate("navigator.clipboard.readText()").replace("\r", "") == text(page)


def test_fronts_and_backs_are_shown_in_the_order_of_the_sheets(office, reader):
    page = opened(office, reader(), BACKS)
    shown = [caption.split("\n")[0] for caption in page.locator("#compor .compose .muted").all_inner_texts()]
    assert shown == [
        f"noti {side}.pdf, página {number}"
        for side, number in (("frente", 1), ("verso", 2), ("frente", 2), ("verso", 1))
    ]
    assert items(page)[1:] == ["    arquivo: noti frente.pdf", "    versos: noti verso.pdf"]
    page.get_by_role("button", name="Ampliar noti verso.pdf, página 2").click()
    page.get_by_role("button", name="Retirar só esta página").click()
    page.keyboard.press("Escape")
    assert items(page)[-1] == "    remover_versos: [2]"
    downloaded(page, office.inbox / BACKS)
    pages = [(entry.file, entry.page, entry.outcome) for entry in office.do(BACKS).pages]
    assert pages == [
        *(("noti frente.pdf", 1, "published"), ("noti verso.pdf", 2, "removed")),
        *(("noti frente.pdf", 2, "published"), ("noti verso.pdf", 1, "published")),
    ]


def test_a_published_case_is_composed_again_from_what_its_sidecar_says(office, reader):
    before = office.manifest(DONE)
    page = opened(office, reader(), DONE)
    downloaded(page, office.inbox / DONE)
    again = office.do(DONE)
    assert again.files == before.files
    assert again.pages == before.pages
    written = (office.inbox / DONE / "processo.yaml").read_text("utf-8-sig")
    for line in (
        "contribuinte: 'D''Ávila & Filhos: espólio'",
        "ciencia: {modo: postal, data: 02/10/2023, documentos: [ar, carta]}",
        "impugnacao: {data: 20/10/2023, via: protocolo, documentos: [protocolo]}",
        "numeracao: papel",
        "andamento:\n  - requerimento: 10/02/2024",
    ):
        assert line in written
    page = opened(office, reader(), DONE)
    page.get_by_label("Seção que começa em scan.pdf, página 5").select_option("termo")
    assert "  - termo: scan.pdf 5" in items(page)


def test_without_script_the_proposal_is_read_as_before(office, reader):
    page = reader(java_script_enabled=False).open(office.out() / "relatorio.html")
    assert not page.locator("#compor").is_visible()
    assert page.get_by_text("abra este arquivo em um navegador com JavaScript ligado").is_visible()
    assert page.locator("[data-without-script] figure").count() == 8


@pytest.mark.parametrize("width", [1366, 390])
def test_nothing_sticks_out(office, reader, width):
    someone = reader(viewport={"width": width, "height": 768})
    for name in (CASE, DONE):
        page = opened(office, someone, name)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.locator("#compor .look-at").first.click()
        assert page.locator(LARGE).evaluate("dialog => dialog.scrollWidth <= dialog.clientWidth")


@needs_axe
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_serious_fault_on_the_page_nor_in_the_large_view(office, reader, scheme):
    someone = reader(color_scheme=scheme, bypass_csp=True)  # axe is put into the page, which the page forbids
    for name in (CASE, DONE):
        page = opened(office, someone, name)
        page.get_by_label("Dia da ciência").fill("ontem")
        for _ in ("page", "large"):
            assert serious_faults(page) == [], name
            if not page.locator(LARGE).is_visible():
                page.locator("#compor .look-at").first.click()


def test_pictures_enlarge_everywhere_with_the_line_that_turns_the_page(office, reader):
    someone = reader()
    someone.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = someone.open(office.out(DONE) / "relatorio.html")
    page.locator("#paginas").get_by_role("button", name="Ampliar: Folha 1: scan.pdf, página 3").click()
    dialog = page.get_by_role("dialog")
    assert "scan.pdf, página 3" in dialog.inner_text()
    assert dialog.get_by_role("link", name="Abrir esta página no PDF").get_attribute("href").endswith("NOTI.pdf#page=1")
    dialog.get_by_role("button", name="Copiar").click()
    page.get_by_role("status").get_by_text("Copiado").wait_for(state="attached")
    assert page.evaluate("navigator.clipboard.readText()") == "girar: {3: 90}"
    page.keyboard.press("ArrowRight")
    assert "scan.pdf, página 2" in dialog.inner_text()
    page.keyboard.press("Escape")
    assert not dialog.is_visible()


def test_the_files_are_on_the_first_screen_and_a_page_is_shown_beside_what_is_said_of_it(office, reader):
    page = reader().open(office.out(DONE) / "relatorio.html")
    files = page.locator("#arquivos tbody").bounding_box()
    assert files["y"] + files["height"] <= 768
    left_out = page.locator("#conferir li").filter(has_text="página 5 de")
    assert (
        left_out.locator(".beside button").get_attribute("aria-label")
        == "Ampliar: Fora de todas as seções: scan.pdf, página 5"
    )
