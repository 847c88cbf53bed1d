"""The page on which ``processo.yaml`` is composed, in Firefox: opened with a double click, and its file downloaded without a server."""

import pytest

from tests.firefox import FIREFOX, firefox
from tests.office import scan_bytes

pytestmark = pytest.mark.skipif(FIREFOX is None, reason="firefox is not installed")


def test_the_file_that_was_composed_in_firefox_publishes_the_case(office, tmp_path):
    folder = office.case(None, scan_pdf=scan_bytes("N1", "N2", "C1"))
    office.do()
    with firefox(tmp_path / "profile") as browser:
        browser.open(office.out() / "relatorio.html")
        browser.click("#compor li:nth-child(3) .look-at")
        browser.click("#compor-grande button[value=ciencia]")
        browser.click("#compor-grande [data-do=close]")
        browser.click("#compor li:nth-child(1) .look-at")
        browser.type("#compor-grande", "2")  # the key of the notificação
        browser.click("#compor-grande [data-do=close]")
        browser.type("#compor-contribuinte", "Fazenda Boa Vista")
        assert browser.run("return document.getElementById('compor-falta').textContent") == ""
        browser.click("#compor-baixar")
        (folder / "processo.yaml").write_bytes(browser.downloaded("processo.yaml"))
    manifest = office.do()
    assert [(entry.page, entry.section, entry.outcome) for entry in manifest.pages] == [
        (1, "notificacao", "published"),
        (2, "notificacao", "published"),
        (3, "ciencia", "published"),
    ]
    assert "contribuinte: Fazenda Boa Vista" in (folder / "processo.yaml").read_text("utf-8-sig")
