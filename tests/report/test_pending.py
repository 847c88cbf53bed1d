"""A case that cannot be carried out: the note for Notepad and the page for the browser say the same."""

from dataclasses import replace

import pytest

from itrwatch.core.codes import Code
from itrwatch.core.excerpts import yaml_text
from itrwatch.core.findings import error, warning
from itrwatch.core.pages import PageRef
from itrwatch.core.plan import plan_case
from itrwatch.core.sections import Section
from itrwatch.report.pending import pending_text, waiting_text
from itrwatch.report.result import ScanFile
from itrwatch.sidecar import yaml_tree
from itrwatch.sidecar.example import example_sidecar
from itrwatch.sidecar.sidecar import read_sidecar
from tests.reports import EVIL, pending, report, result

FAULT = replace(
    error(
        Code.OTHER,
        text="palavra desconhecida “notificasao”; você quis dizer “notificacao”?",
        rule="Manual, 2",
        file="processo.yaml",
        line=3,
        column=5,
    ),
    excerpt="  - notificasao: scan 001.pdf",
    caret=5,
    proposal="  - notificacao: scan 001.pdf",
)
SCANS = (ScanFile("scan 001.pdf", 9_000_000, 14), ScanFile("Impugnação.pdf", 2_000_000, 6), ScanFile("x.tif", 10, None))


def note(*findings, scans=SCANS):
    return pending_text(result(pending(*findings), scans=scans))


def test_the_note_has_each_fault_with_its_line_and_the_corrected_one():
    assert note(FAULT, warning(Code.OTHER, text="falta o termo")).startswith(
        """\
PENDENTE: 13153.720210-2019-34 Fazenda Boa Vista

Nenhum PDF foi publicado. Corrija o que está abaixo na pasta da ENTRADA e salve;
o itrwatch tenta de novo automaticamente. Não é preciso apagar nem mexer nesta
pasta.

O que impede a publicação:
  1. processo.yaml:3:5: palavra desconhecida “notificasao”; você quis dizer “notificacao”? (Manual, 2)
     está:      - notificasao: scan 001.pdf
                  ^
     escreva:   - notificacao: scan 001.pdf

Aproveite para conferir:
  1. falta o termo

As digitalizações que estão na pasta:
  scan 001.pdf: 14 páginas
  Impugnação.pdf: 6 páginas
  x.tif: não abre

Um processo.yaml que seria aceito (troque as seções e as páginas):

secoes:
"""
    )


def test_the_page_says_the_same():
    page = report(result(pending(FAULT, warning(Code.OTHER, text="falta o termo")), scans=SCANS))
    for sentence in (
        "Pendente: nada foi publicado. Corrija na pasta da entrada o que está marcado abaixo.",
        "Nenhum PDF foi publicado. Corrija o que está abaixo na pasta da ENTRADA e salve; o itrwatch tenta de novo automaticamente.",
        "O que corrigir",
        "processo.yaml, linha 3 Palavra desconhecida “notificasao”; você quis dizer “notificacao”? (Manual, 2)",
        "está: - notificasao: scan 001.pdf ^ escreva: - notificacao: scan 001.pdf",
        "Aproveite para conferir Falta o termo",
        "Um processo.yaml que seria aceito Os nomes e o número de páginas são os desta pasta. ",
        "Troque as seções e as páginas pelo que há em cada arquivo.",
        "secoes: - notificacao: scan 001.pdf 1-14",
        "O que há na pasta Digitalizações na entrada",
        "x.tif não abre 10 bytes",
    ):
        assert sentence in page.text, sentence
    assert "PENDENTE.txt" in page.links


def test_pages_that_were_seen_before_it_stopped_are_shown():
    pictures = {PageRef("scan 001.pdf", 1): b"jpeg", PageRef("scan 001.pdf", 2): b"jpeg"}
    fault = error(Code.OTHER, text="só há a metade da imagem", file="scan 001.pdf", page=2)
    page = report(result(pending(fault), scans=SCANS, thumbnails=pictures))
    assert (
        "scan 001.pdf página 1 scan 001.pdf, página 1 página 2 scan 001.pdf, página 2 só há a metade da imagem"
        in page.text
    )


def test_nothing_in_the_page_is_taken_for_html():
    fault = replace(error(Code.OTHER, text=EVIL, file=EVIL, line=1, column=1), excerpt=EVIL, proposal=EVIL)
    page = report(result(pending(fault), scans=(ScanFile(EVIL, 1, 1),), thumbnails={}))
    assert "img" not in page.tags
    assert page.text.count("onerror") == 6


@pytest.mark.parametrize(
    "scans",
    [
        [],
        [("scan 001.pdf", 1)],
        [("scan 001.pdf", 2)],
        [("scan 001.pdf", 14)],
        [("scan.pdf", None)],
        [("impugnacao.pdf", 6), ("ditr 2019.pdf", 4), ("AR.pdf", 1), ("scan.pdf", 9), ("Termo.jpg", 1)],
        [("só o termo.jpg", 1), ("impugna.pdf", 3)],
        [("- a.pdf", 2), ("'aspas' b.pdf", 3), ("ab: c.pdf", 1), ("#1.pdf", 1), ("{d}.pdf", 2), ("[e].pdf", 2)],
        [("Peti\udce7\udce3o.pdf", 3), ("boa.pdf", 2)],
        [("a: b.pdf", 2), ("boa.pdf", 2)],
        [("100%.pdf", 2), ("@x.pdf", 2), ("R$ 10, nota.pdf", 2), ("a #b.pdf", 4), ("*z.pdf", 1), ("&z.pdf", 1)],
    ],
)
def test_the_example_would_be_accepted_as_it_stands(scans):
    real = {name: pages or 1 for name, pages in scans} or {"scan 001.pdf": 8}
    parsed = yaml_tree.read(example_sidecar(scans).encode("utf-8-sig"), "processo.yaml")
    read = read_sidecar(parsed.node, "processo.yaml")
    assert (*parsed.findings, *read.findings) == ()
    plan, findings = plan_case(read.sidecar, real, lambda name: name, "processo.yaml")
    assert [finding for finding in findings if finding.severity == "error"] == []
    assert Section.NOTIFICACAO in plan.sections
    assert {ref.file for ref in plan.unclaimed} <= {
        name for name in real if not name.isprintable() or name == "a: b.pdf"
    }


def test_the_example_says_what_the_names_say():
    scans = [("impugnacao.pdf", 6), ("ditr 2019.pdf", 4), ("AR.pdf", 1), ("scan.pdf", 9), ("Termo.jpg", 1)]
    assert example_sidecar(scans) == (
        "secoes:\n  - notificacao: scan.pdf 1-9\n  - ciencia: AR.pdf 1\n  - ditr: ditr 2019.pdf 1-4\n"
        "  - impugnacao: impugnacao.pdf 1-6\n  - termo: Termo.jpg 1\n"
    )
    assert example_sidecar([("s.pdf", 2)]) == "secoes:\n  - notificacao: s.pdf 1-2\n"
    assert example_sidecar([("s.pdf", 3)]) == (
        "secoes:\n  - notificacao: s.pdf 1\n  - ciencia: s.pdf 2\n  - termo: s.pdf 3\n"
    )
    assert "x.tif" not in example_sidecar([("a.pdf", 2), ("b.pdf", 3), ("x.tif", None)])  # it does not open
    assert example_sidecar([("scan 001.pdf", 14)]) == (
        "secoes:\n  - notificacao: scan 001.pdf 1-12\n  - ciencia: scan 001.pdf 13\n  - termo: scan 001.pdf 14\n"
    )


def test_a_name_is_quoted_only_where_yaml_needs_it():
    assert yaml_text("Petição (2ª via).pdf") == "Petição (2ª via).pdf"
    assert yaml_text("d'água.pdf") == "'d''água.pdf'"


def test_a_case_that_is_in_order_and_waits_asks_for_nothing():
    waiting = "O processo.yaml foi conferido; os PDFs são feitos quando a pasta ficar 30 s sem mudanças"
    with_faults = result(
        pending(error(Code.OTHER, text=waiting), warning(Code.OTHER, text="falta o termo")),
        scans=SCANS,
        waiting=waiting,
    )
    page = report(with_faults)
    assert waiting in page.text
    assert "Aproveite para conferir Falta o termo" in page.text
    assert "O que corrigir" not in page.text
    assert "seria aceito" not in page.text
    assert pending_text(with_faults) != waiting_text(with_faults)
    assert waiting_text(with_faults).startswith(
        "AGUARDANDO: 13153.720210-2019-34 Fazenda Boa Vista\n\nO processo.yaml foi conferido e está em ordem."
    )
