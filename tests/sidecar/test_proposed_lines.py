"""A line of the sidecar that was not taken is shown as it should read, and so written it is taken."""

import pytest

from itrwatch.core.dates import proposed_date
from itrwatch.sidecar.sidecar import read_sidecar
from itrwatch.sidecar.yaml_tree import read


def findings_of(item):
    parsed = read(f"secoes:\n  {item}\n".encode(), "processo.yaml")
    return [*parsed.findings, *read_sidecar(parsed.node, "processo.yaml", parsed.lines).findings]


@pytest.mark.parametrize(
    ("written", "column", "right"),
    [
        ("- notificacao: pasta/dia/n.pdf 1-2", 18, "- notificacao: n.pdf 1-2"),
        ("- notificacao: n.pdf 2,,5", 24, "- notificacao: n.pdf 2,5"),
        ("- notificacao: 'n.pdf 2,,5'", 25, "- notificacao: 'n.pdf 2,5'"),
        ("- {tipo: notificacao, arquivo: n.pdf, paginas: 5.}", 50, "- {tipo: notificacao, arquivo: n.pdf, paginas: 5}"),
        ("- {tipo: notificacao, arquivo: n.pdf, paginas: [1,5.]}", 50, "- {tipo: notificacao, arquivo: n.pdf, paginas: [1,5]}"),
        ("- {tipo: notificasao, arquivo: n.pdf}", 12, "- {tipo: notificacao, arquivo: n.pdf}"),
        ("- notificacao: a.pdf, b.pdf", 18, "- notificacao: [a.pdf, b.pdf]"),
        ("- notificacao; scan.pdf 1-5", 5, "- notificacao: scan.pdf 1-5"),
        ("- notificacao= scan.pdf", 5, "- notificacao: scan.pdf"),
    ],
)  # fmt: skip
def test_the_one_error_shows_the_line_as_it_should_read(written, column, right):
    (finding,) = findings_of(written)
    assert (finding.severity.value, finding.line, finding.column) == ("error", 2, column)
    assert finding.proposal.strip() == right
    assert findings_of(right) == []


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("- notificacao: pasta/..", "escreva só o nome do arquivo"),
        ("- notificacao: a.pdf; b e c.pdf, d", "ponha a lista entre colchetes"),
        (f"- notificacao: {'x' * 300}.pdf", "é longo demais para o nome de um arquivo"),
        ("- {tipo: notificacao, arquivo: n.pdf, paginas: [1, [2]]}", "não entendi as páginas em “paginas”"),
        ("- {tipo: notificacao, arquivo: n.pdf, girar: {3: [90]}}", "não sei girar a lista"),
        ("- 'notificacao: n.pdf'", "tire-as e escreva “notificacao: n.pdf”"),
        ("- 'notificacao:n.pdf 1'", "tire-as e escreva “notificacao: n.pdf 1”"),
    ],
)
def test_where_it_is_not_known_what_was_meant_no_line_is_made_up(written, sentence):
    (finding,) = findings_of(written)
    assert sentence in finding.message
    assert finding.proposal == ""


def test_a_kind_that_is_no_word_is_reported_for_itself():
    missing, wrong = findings_of("- {tipo: [notificacao], arquivo: n.pdf}")
    assert missing.message.startswith("falta a seção “notificacao”")
    assert wrong.message == "“tipo” leva um valor só; escreva o texto depois dos dois-pontos"


def test_a_lone_word_is_answered_with_an_example():
    assert "faltam os dois-pontos depois de “capa”; escreva “capa: capa.pdf”" in findings_of("- capa")[-1].message


def test_degrees_may_be_called_so():
    assert findings_of("- {tipo: notificacao, arquivo: n.pdf, girar: {3: 90 graus, 4: 180°, 5: 270o, 6: -90}}") == []


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("02102023", "02/10/2023"),
        ("dia 2/10/2023", "2/10/2023"),
        ("05/12/23", "05/12/2023"),
        ("05/12/89", "05/12/2089"),
        ("05/12/90", "05/12/1990"),
        ("12/13/2023", "13/12/2023"),
        ("31/02/2023", ""),
        ("05/12/0203", ""),
        ("ontem", ""),
    ],
)
def test_the_date_that_was_probably_meant(written, meant):
    assert proposed_date(written) == meant
