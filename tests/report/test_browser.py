"""Report and panel in a real browser, opened from the disk as with a double click."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

import numpy as np
import pypdfium2
import pytest

from itrwatch.core.codes import Code
from itrwatch.core.findings import reminder
from itrwatch.core.pages import PageRef
from itrwatch.core.status import CaseStatus, StatusSnapshot
from itrwatch.daemon.panel import Panel
from itrwatch.imaging.encoding.codecs import thumbnail
from itrwatch.report.report import report_html
from itrwatch.store.outbox import Outbox
from tests.browser import needs_axe, needs_browser, serious_faults
from tests.many_cases import NOW, fill, with_work
from tests.many_cases import office as many_office
from tests.office import CASE, Office, blank_page, scan_bytes
from tests.reports import manifest, result
from tests.reports import pages as report_pages
from tests.waiting import until

EVIL = "<img src=x onerror=alert(1)>.pdf"
PENDING = "10265.226695-2023-03"
SIDECAR = f"""\
secoes:
  - notificacao: scan 001.pdf 1-3
  - impugnacao: "{EVIL}"
  - termo: termo.pdf
contribuinte: "<script>alert(2)</script> & Filhos"
ciencia: {{modo: postal, data: 02/10/2023, documentos: [ar]}}
impugnacao: {{data: 20/10/2023, via: protocolo, documentos: [protocolo, identidade]}}
"""
pytestmark = needs_browser


@pytest.fixture(scope="module")
def outbox(tmp_path_factory, pool):
    """A divided case, published twice, with names that would do harm; a pending one; the panel of both."""
    office = Office(tmp_path_factory.mktemp("navegador"), pool)
    scans = {"termo.pdf": scan_bytes("T"), EVIL: scan_bytes("I1", "I2", "I3"), "sobra.pdf": scan_bytes("S")}
    folder = office.case(SIDECAR)
    for name, data in (scans | {"scan 001.pdf": scan_bytes("N1", blank_page(), "N2")}).items():
        (folder / name).write_bytes(data)
    office.do()
    size = (office.out() / "IMPUGNA.pdf").stat().st_size
    office.set(max_file_bytes=size - 1000)
    office.do()
    office.case("secoes:\n  - notificasao: noti.pdf\n", name=PENDING, noti_pdf=scan_bytes("N"))
    office.do(PENDING)
    places = (CaseStatus(CASE, "publicadas"), CaseStatus(PENDING, "pendentes"))
    Panel(Outbox(office.outbox), office.config).show(StatusSnapshot(NOW, cases=places))
    return office.outbox


def pages_of(outbox):
    return outbox / CASE / "relatorio.html", outbox / PENDING / "relatorio.html", outbox / "index.html"


def links_of(page):
    return page.eval_on_selector_all("a[href]", "all => all.map(one => one.href)")


def test_nothing_is_loaded_from_elsewhere_nothing_complains_and_no_text_runs(outbox, reader):
    someone = reader()
    for path in pages_of(outbox):
        page = someone.open(path)
        page.wait_for_load_state("load")
        assert page.locator("img[onerror]").count() == 0
        assert page.locator("body script").count() == 1  # ours
    assert EVIL in someone.open(pages_of(outbox)[0]).inner_text("main")
    assert "<script>alert(2)</script> & Filhos" in someone.open(pages_of(outbox)[2]).inner_text("main")
    assert someone.trouble == []
    assert {urlsplit(url).scheme for url in someone.requests} <= {"file", "data"}
    fetched = {unquote(urlsplit(url).path) for url in someone.requests if url.startswith("file")}
    assert fetched == {str(path) for path in pages_of(outbox)}


def test_every_link_opens(outbox, reader):
    someone = reader()
    for path in pages_of(outbox):
        page = someone.open(path)
        for url in links_of(page):
            target = urlsplit(url)
            file = Path(unquote(target.path))
            assert target.scheme == "file", url
            assert file.exists(), url
            if file == path:
                assert page.locator(f"[id='{target.fragment}']").count() == 1, url
            elif file.suffix in (".html", ".txt") or file.is_dir():
                other = someone.context.new_page()
                other.goto(url)
                assert other.inner_text("body").strip(), url
                other.close()


def test_from_the_panel_to_a_page_of_a_pdf_and_back(outbox, reader):
    page = reader().open(outbox / "index.html")
    page.click("text=13153.720210/2019-34")
    assert page.inner_text("h1") == "13153.720210/2019-34"
    thumbnail = page.locator(".sheet a").nth(1)
    name, _, number = thumbnail.get_attribute("href").partition("#page=")
    with pypdfium2.PdfDocument(outbox / CASE / name) as pdf:
        assert f"Fls. {number}" in pdf[int(number) - 1].get_textpage().get_text_range()
    page.click("text=Todos os processos")
    assert page.inner_text("h1") == "Processos de ITR"


def test_a_divided_case_has_a_step_for_each_part(outbox, reader):
    # the phases that are not due are folded: their text is there, not drawn
    phases = reader().open(outbox / CASE / "relatorio.html").locator(".steps").all_text_contents()
    (steps,) = [phase for phase in phases if "IMPUGNA1.pdf" in phase]
    assert "Parte 1 de 2" in steps
    assert "Parte 2 de 2" in steps
    assert steps.index("NOTI.pdf") < steps.index("IMPUGNA1.pdf") < steps.index("IMPUGNA2.pdf")


def test_what_is_to_be_typed_is_copied(outbox, reader):
    someone = reader()
    someone.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = someone.open(outbox / CASE / "relatorio.html")
    for button, text in (
        ("Copiar Número do processo, passo 4", "13153.720210/2019-34"),
        ("Copiar o item para manter a página 2", "manter: [2]"),
        ("Copiar o texto para o termo", "13153.720210/2019-34"),
    ):
        page.evaluate("for (const each of document.querySelectorAll('details')) { each.open = true; }")
        page.get_by_role("button", name=button).click()
        page.get_by_role("status").get_by_text("Copiado").wait_for(state="attached")
        assert text in page.evaluate("navigator.clipboard.readText()")
    draft = page.locator("#texto-termo").text_content()
    left = draft.count("[CONFIRA: ") + draft.count("__/__/____")  # the place, the day and the name are one
    assert f"{left} pontos a resolver no texto" in page.locator("#termo").text_content()
    page.get_by_role("status").get_by_text(f"Copiado: falta resolver {left} pontos").wait_for(state="attached")


def test_without_a_clipboard_the_text_is_selected_for_the_keys(outbox, reader):
    page = reader().open(outbox / CASE / "relatorio.html")
    page.evaluate("navigator.clipboard.writeText = () => Promise.reject(); document.execCommand = () => false;")
    button = page.get_by_role("button", name="Copiar o texto para o termo")
    button.click()
    page.get_by_text("Selecionado: use Ctrl+C").first.wait_for()
    assert "13153.720210/2019-34" in page.evaluate("getSelection().toString()")


def test_ticks_are_remembered_for_this_very_set(outbox, reader):
    someone = reader()
    page = someone.open(outbox / CASE / "relatorio.html")
    page.locator(".steps input").nth(1).check()
    page.locator("#conferir input").first.check()
    page.reload()
    assert page.locator(".steps input").nth(1).is_checked()
    assert page.locator("#conferir input").first.is_checked()
    assert not page.locator(".steps input").first.is_checked()
    (old,) = (outbox / CASE / "anteriores").iterdir()
    assert not someone.open(old / "relatorio.html").locator(".steps input").nth(1).is_checked()


def test_a_report_of_an_older_set_says_so_and_still_leads_home(outbox, reader):
    (old,) = (outbox / CASE / "anteriores").iterdir()
    page = reader().open(old / "relatorio.html")
    warning = "Este é um relatório anterior, guardado para consulta. Não junte estes arquivos ao processo: use os da pasta de cima."
    assert page.get_by_text(warning).is_visible()
    page.click("text=Todos os processos")
    assert page.inner_text("h1") == "Processos de ITR"
    assert not reader().open(outbox / CASE / "relatorio.html").get_by_text(warning).is_visible()


def test_weak_marks_can_be_brought_out(outbox, reader):
    page = reader().open(outbox / CASE / "relatorio.html")
    filtered = "getComputedStyle(document.querySelector('.removed img')).filter"
    assert page.evaluate(filtered) == "none"
    page.get_by_label("Realçar marcas fracas nas imagens").check()
    assert "contrast" in page.evaluate(filtered)


def test_everything_can_be_read_without_script(outbox, reader):
    someone = reader(java_script_enabled=False)
    page = someone.open(outbox / CASE / "relatorio.html")
    assert not page.get_by_role("button", name="Copiar").first.is_visible()
    assert page.get_by_text("Todas as páginas digitalizadas").is_visible()
    assert page.locator(".sheet figure").count() == 8
    panel = someone.open(outbox / "index.html")
    assert panel.locator("tbody tr:visible").count() == 2
    assert not panel.get_by_role("searchbox").is_visible()


@pytest.mark.parametrize("width", [1366, 1024, 390])
def test_nothing_sticks_out_on_an_office_screen_or_a_phone(outbox, reader, width):
    someone = reader(viewport={"width": width, "height": 768})
    for path in pages_of(outbox):
        assert someone.open(path).evaluate("document.documentElement.scrollWidth") <= width, path


def test_the_report_prints_on_a4_with_every_picture(outbox, reader, tmp_path):
    page = reader().open(outbox / CASE / "relatorio.html")
    page.pdf(path=tmp_path / "r.pdf", prefer_css_page_size=True)
    with pypdfium2.PdfDocument(tmp_path / "r.pdf") as pdf:
        assert [round(side) for side in pdf[0].get_size()] in ([595, 842], [596, 842])
        text = " ".join(sheet.get_textpage().get_text_range() for sheet in pdf)
        pictures = sum(1 for sheet in pdf for _ in sheet.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE]))
    assert "Passos no e-CAC" in text
    assert "Copiar" not in text
    assert pictures == 9  # eight pages, and the removed one large


@needs_axe
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_serious_fault(outbox, reader, scheme):
    someone = reader(color_scheme=scheme, bypass_csp=True)  # axe is put into the page, which the page forbids
    for path in pages_of(outbox):
        page = someone.open(path)
        assert serious_faults(page) == [], path


@pytest.fixture
def many(tmp_path):
    """The panel of an office with many cases; ``show`` draws it anew."""
    config = many_office(tmp_path)
    status = with_work(fill(config, 60))
    panel = Panel(Outbox(config.outbox), config)
    panel.show(status)
    return config.outbox / "index.html", status, panel


def names(page):
    return [text.splitlines()[0] for text in page.locator("tbody tr:visible th").all_inner_texts()]


def test_cases_are_found_by_number_and_name_whatever_the_accents(many, reader):
    page = reader().open(many[0])
    page.get_by_role("searchbox").fill("sitio joao")
    assert page.locator("tbody tr:visible").count() == 12
    page.get_by_role("searchbox").fill("13153720007")
    assert names(page) == ["13153.720007/2026-07"]
    page.get_by_role("searchbox").fill("nada assim")
    assert page.get_by_text("Nenhum processo com essas palavras.").is_visible()


@pytest.mark.parametrize("width", [1920, 1366, 1280, 1024])
def test_no_cell_of_the_panel_runs_into_the_next(many, reader, width):
    page = reader(viewport={"width": width, "height": 768}).open(many[0])
    too_full = "cells => cells.filter(cell => cell.scrollWidth > cell.clientWidth + 1).map(cell => cell.textContent)"
    assert page.eval_on_selector_all(".cases th, .cases td", too_full) == []


def test_cases_are_picked_by_what_they_need_and_sorted(many, reader):
    page = reader().open(many[0])
    assert page.locator("tbody tr:visible").count() == 62
    page.get_by_role("button", name="Com atraso").click()
    late = page.locator("tbody tr:visible").count()
    assert f"Com atraso ({late})" in page.inner_text(".chips")
    assert 0 < late < 62
    page.get_by_role("button", name="Com atraso").click()
    page.get_by_role("button", name="Processo", exact=True).click()
    assert names(page) == sorted(names(page))
    page.get_by_role("button", name="Processo", exact=True).click()
    assert names(page) == sorted(names(page), reverse=True)
    assert page.locator("th[aria-sort=descending]").inner_text().startswith("Processo")


def test_an_open_panel_looks_again_and_keeps_what_was_searched_for(many, reader):
    path, status, panel = many
    someone = reader()
    someone.page.clock.install()
    page = someone.open(path)
    page.get_by_role("searchbox").fill("13153720009992026")
    assert "12 de 76 páginas" in page.inner_text("tbody")
    panel.show(
        StatusSnapshot(
            NOW,
            status.roots,
            (*status.cases[:-2], CaseStatus(status.cases[-2].folder, "em trabalho", done=50, total=76)),
        )
    )
    page.clock.fast_forward(61_000)
    page.get_by_text("50 de 76 páginas").wait_for()
    assert page.get_by_role("searchbox").input_value() == "13153720009992026"
    assert page.locator("tbody tr:visible").count() == 1


def test_the_panel_of_thousands_lays_out_what_is_looked_at(tmp_path, reader):
    config = many_office(tmp_path)
    Panel(Outbox(config.outbox), config).show(fill(config, 700))
    page = reader().open(config.outbox / "index.html")
    assert page.locator("tbody tr").count() == 700
    assert 100 <= page.locator("tbody tr:visible").count() < 300
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    until(lambda: page.evaluate("[...document.querySelectorAll('tbody tr')].filter(row => !row.hidden).length") >= 200)
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("tbody tr:visible").count() == 700
    plain = reader(java_script_enabled=False).open(config.outbox / "index.html")
    assert plain.locator("tbody tr:visible").count() == 700


def test_an_office_screen_shows_eight_cases_and_the_hits_are_counted(many, reader):
    page = reader().open(many[0])
    seen = "rows => rows.filter(row => row.getBoundingClientRect().bottom <= 768).length"
    assert page.eval_on_selector_all("tbody tr", seen) >= 8
    assert page.inner_text("thead").count("(a conferir)") == 1
    assert "(a conferir)" not in page.inner_text("tbody td[data-label=Prazo]")
    page.get_by_role("searchbox").fill("sitio joao")
    assert page.inner_text("#quantos").startswith("12 de 62 processos.")
    page.get_by_role("searchbox").fill("")
    page.get_by_role("button", name="Processo", exact=True).click()
    assert page.inner_text("#quantos") == "Por ordem de “Processo”."
    assert page.locator("tbody a", has_text="NOTI.pdf").first.get_attribute("href").endswith("/NOTI.pdf")


def test_an_enlarged_page_has_the_frame_of_its_finding_and_its_own_number(tmp_path, reader):
    """The sentence about page 3 begins with a number: the line to turn the page was offered for page 32."""
    found = reminder(
        Code.FOLHAS_ON_PAPER, pages="2 páginas", stamped=2, file="scan 001.pdf", page=3, spot=(0.7, 0.05, 0.9, 0.08)
    )
    jpeg = thumbnail(np.full((297, 210, 3), 250, np.uint8))
    pictures = {PageRef(page.file, page.page): jpeg for page in report_pages()}
    path = tmp_path / "relatorio.html"
    path.write_bytes(report_html(result(manifest(findings=(found,)), thumbnails=pictures)))
    page = reader().open(path)
    page.locator("#paginas").get_by_role("button", name="Ampliar: Folha 2: scan 001.pdf, página 3").click()
    dialog = page.get_by_role("dialog")
    assert dialog.locator("code").inner_text() == "girar: {3: 90}"
    assert "scan 001.pdf, página 3, 2 páginas já trazem" in dialog.inner_text()
    red = """image => { const canvas = document.createElement("canvas"); canvas.width = 210; canvas.height = 297;
        const paper = canvas.getContext("2d", { willReadFrequently: true }); paper.drawImage(image, 0, 0, 210, 297);
        const seen = (x, y) => { const [r, g] = paper.getImageData(x, y, 1, 1).data; return r - g > 60; };
        return [147 - 4, 190 + 3].every(x => [20, 21, 22].some(y => seen(x, y))) && !seen(100, 150) && !seen(168, 19); }"""
    assert dialog.locator("img").evaluate(red)
    assert not page.locator("#paginas img").first.evaluate(red)
