"""What is wrong with many pages in the same way is reported once, and counted once, everywhere."""

from datetime import date

from itrwatch.core.calendar import Calendar
from itrwatch.core.case_summary import case_summary
from itrwatch.core.codes import Code
from itrwatch.core.findings import Severity, error, warning
from itrwatch.core.grouped_findings import grouped_findings
from itrwatch.core.manifest import from_json
from itrwatch.report.panel_page import _counts
from itrwatch.report.pending import pending_text
from tests.reports import manifest, pending, report, result

POOR = "resolução abaixo de 200 dpi: confira se dá para ler tudo"
FINDINGS = (
    warning(Code.OTHER, text="impugnação sem o protocolo", file="processo.yaml", line=9),
    warning(Code.OTHER, text=POOR, file="scan 001.pdf", page=1, folha=1),
    warning(Code.OTHER, text=POOR, file="scan 001.pdf", page=3, folha=2),
    warning(Code.OTHER, text=POOR, file="capa.pdf", page=1),
    warning(Code.OTHER, text="quase em branco", file="scan 001.pdf", page=3, folha=2),
)


def test_pages_scanned_with_too_few_dots_are_one_point():
    grouped = [str(point) for point in grouped_findings(FINDINGS, Severity.WARNING)]
    assert grouped == [
        "processo.yaml:9: impugnação sem o protocolo",
        f"scan 001.pdf, páginas 1 e 3; capa.pdf, página 1: folhas 1 e 2: {POOR}",
        "scan 001.pdf, página 3: folha 2: quase em branco",
    ]


def test_the_report_and_the_panel_count_what_is_shown():
    written = manifest(findings=FINDINGS)
    text = report(result(written)).text
    assert "PDFs prontos, com ressalvas: confira 3 pontos abaixo" in text
    assert f"Folhas 1 e 2: {POOR} scan 001.pdf, páginas 1, 3 capa.pdf, página 1" in text
    assert "#p1" in report(result(written)).links
    assert "#p3" in report(result(written)).links
    summary = case_summary(written, None, Calendar(), date(2026, 11, 23))
    assert summary.todo.startswith("Confira 3 pontos no relatório.")
    assert _counts(written) == "3 a conferir"
    assert _counts(from_json(written.to_json())) == "3 a conferir"  # the panel knows the case from its manifest


def test_pages_that_cannot_be_read_are_one_point_to_correct():
    broken = [
        error(Code.OTHER, text="a página não pôde ser lida; digitalize de novo", file="scan 001.pdf", page=n)
        for n in (2, 4)
    ]
    text = pending_text(result(pending(*broken)))
    assert "  1. scan 001.pdf, páginas 2 e 4: a página não pôde ser lida; digitalize de novo\n" in text
    assert "  2. " not in text


def test_what_is_said_of_lines_is_never_put_together():
    twice = [
        error(Code.OTHER, text="a página 2 de “a.pdf” já foi usada", file="processo.yaml", line=line) for line in (3, 5)
    ]
    assert len(grouped_findings(twice, Severity.ERROR)) == 2


def test_a_point_of_several_pages_cites_the_rule_of_all_of_them():
    alike = [warning(Code.OTHER, text=POOR, file="a.pdf", page=page, rule="Manual, 2") for page in (1, 2)]
    (point,) = grouped_findings(alike, Severity.WARNING)
    assert str(point) == f"a.pdf, páginas 1 e 2: {POOR} (Manual, 2)"
