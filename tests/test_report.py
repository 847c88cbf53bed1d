"""relatorio.html: one file that tells everything, and that nothing written by others can break."""

from html.parser import HTMLParser

from itrwatch.core.findings import error, warning
from itrwatch.core.manifest import FileEntry, Manifest, PageEntry, SectionSpan, from_json
from itrwatch.core.pages import Encoding, PageRef, Reason
from itrwatch.core.sections import Section
from itrwatch.report.pending import pending_text
from itrwatch.report.report import report_html, state_sentence
from itrwatch.report.result import Result

EVIL = "<img src=x onerror=alert(1)>.pdf"


def manifest(**changes):
    values = {
        "processo": "13153.720210/2019-34",
        "folder": "13153.720210-2019-34",
        "fingerprint": "a:b",
        "version": "0.1.0",
        "files": (FileEntry("NOTI.pdf", 620_000, "0" * 64, 2, "NOTIFICAÇÃO DE LANÇAMENTO", "", (1, 2)),),
        "sections": (SectionSpan(Section.NOTIFICACAO, (1, 2)),),
        "pages": (
            PageEntry(EVIL, 1, Section.NOTIFICACAO, "published", None, 1, "NOTI.pdf", 1, 0, Encoding.BITONAL),
            PageEntry(EVIL, 2, Section.NOTIFICACAO, "removed", Reason.BLANK),
            PageEntry(EVIL, 3, Section.NOTIFICACAO, "published", None, 2, "NOTI.pdf", 2, 270, Encoding.MIXED),
        ),
    }
    return Manifest(**values | changes)


class Tags(HTMLParser):
    def __init__(self, html):
        super().__init__()
        self.tags, self.links = [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.links += [value for name, value in attrs if name in ("src", "href")]


def test_the_report_shows_files_steps_index_and_every_page():
    html = report_html(Result(manifest(), thumbnails={PageRef(EVIL, 1): b"jpeg"}))
    for text in (
        "Pronto para a juntada no e-CAC.",
        "NOTIFICAÇÃO DE LANÇAMENTO (folhas 1 a 2)",
        "deixe o Título vazio, marque «Cópia Simples» e anexe <strong>NOTI.pdf</strong>",
        "3 digitalizadas = 2 publicadas + 1 retiradas + 0 que nenhuma seção usa",
        "retirada: em branco",
        "manter: [2]",
        "folha 2, girada à esquerda",
        "605 KB",
    ):
        assert text in html, text


def test_names_are_escaped_and_nothing_is_loaded_from_elsewhere():
    parsed = Tags(report_html(Result(manifest(), thumbnails={PageRef(EVIL, 1): b"jpeg"})))
    assert "script" not in parsed.tags
    assert parsed.tags.count("img") == 1
    assert all(link == "NOTI.pdf" or link.startswith("data:image/jpeg;base64,") for link in parsed.links)


def test_the_state_is_said_in_one_sentence_with_what_to_do():
    assert state_sentence(manifest())[0] == "pronto"
    assert state_sentence(manifest(findings=(warning("x"),)))[0] == "ressalvas"
    pending = manifest(files=(), findings=(error("x"),))
    assert state_sentence(pending) == (
        "pendente",
        "Pendente: nada foi publicado. Corrija na pasta da entrada o que está marcado abaixo.",
    )


def test_a_divided_file_shows_its_title_in_the_steps():
    files = tuple(
        FileEntry(name, 1, "0" * 64, 1, "IMPUGNAÇÃO", title, None)
        for name, title in (("IMPUGNA1.pdf", "Parte 1 de 2"), ("IMPUGNA2.pdf", "Parte 2 de 2"))
    )
    html = report_html(Result(manifest(files=files)))
    assert "escreva o Título «Parte 2 de 2»" in html


def test_a_manifest_reads_back_as_it_was_written():
    written = manifest(findings=(warning("mensagem", "Manual, 2", file="a.pdf", line=3), error("outra")))
    assert from_json(written.to_json()) == written


def test_the_page_of_a_finding_is_said_in_the_manifest():
    read = from_json(manifest(findings=(warning("muito clara", file="a.pdf", page=7),)).to_json())
    assert read.findings[0].message == "página 7: muito clara"


def test_the_note_lists_what_is_wrong_and_shows_a_sidecar_that_would_be_accepted():
    faults = (error("palavra desconhecida", file="processo.yaml", line=3, column=5), warning("falta o termo"))
    text = pending_text(manifest(files=(), findings=faults), ["scan 001.pdf"])
    assert "  1. processo.yaml:3:5: palavra desconhecida" in text
    assert "Aproveite para conferir:\n  1. falta o termo" in text
    assert "  - notificacao: scan 001.pdf 1-5" in text
