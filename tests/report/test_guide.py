"""The fiscal's guide lies in the outbox, with the name that the office's inbox has."""

from dataclasses import replace
from pathlib import Path

from itrwatch.core.settings import Config
from itrwatch.core.status import StatusSnapshot
from itrwatch.daemon.panel import Panel
from itrwatch.report.guide import guide_html
from itrwatch.store.outbox import Outbox
from tests.many_cases import NOW
from tests.reports import Page


def test_the_guide_says_where_the_inbox_is_as_windows_names_it():
    config = Config(Path("/srv/itr/entrada"), Path("/srv/itr/saida"))
    assert "A entrada fica em: /srv/itr/entrada" in Page(guide_html(config)).text
    text = Page(guide_html(replace(config, share_name=r"\\servidor\entrada <b>"))).text
    assert r"A entrada fica em: \\servidor\entrada <b>" in text
    assert "/srv/itr" not in text
    assert "Diga o que é cada página, clicando." in text
    assert "{{" not in text


def test_the_guide_stands_alone_and_is_written_beside_the_panel_when_it_changed(config):
    outbox = Outbox(config.outbox)
    panel = Panel(outbox, config)
    panel.show(StatusSnapshot(NOW))
    guide = config.outbox / "LEIA-ME.html"
    page = Page(guide.read_bytes())
    assert page.sources == []
    assert page.links == ["#conteudo", "index.html"]
    written = guide.stat().st_mtime_ns
    panel.show(StatusSnapshot(NOW.replace(day=23)))
    assert guide.stat().st_mtime_ns == written
    Panel(outbox, replace(config, share_name=r"\\s\e")).show(StatusSnapshot(NOW))
    assert r"\\s\e" in guide.read_text("utf-8")
