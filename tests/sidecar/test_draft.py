"""The draft as it lies in the outbox: what is proposed to copy, what is not known to fill in, all of it to learn from."""

import pytest

from itrwatch.core.pages import PageRef
from itrwatch.core.processo import find_processo
from itrwatch.core.proposal import Basis, Confidence, Heading, Proposed
from itrwatch.core.propose import propose
from itrwatch.core.sections import Section
from itrwatch.core.separators import VERSO, Separator
from itrwatch.sidecar.draft import CONFIRM, draft_text, source_text, unconfirmed, untouched

SCANS = {"lote.pdf": 9, "scan 10.pdf": 2, "scan 9.pdf": 1, "termo.pdf": 3, "tif: 1.pdf": 1, "x#y.pdf": 3}
SHEETS = {
    PageRef("lote.pdf", 1): Separator(Section.NOTIFICACAO),
    PageRef("lote.pdf", 4): VERSO,
    PageRef("lote.pdf", 6): Separator(Section.CIENCIA),
    PageRef("x#y.pdf", 2): VERSO,
}
TITLES = {PageRef("termo.pdf", 2): Heading(Section.IMPUGNACAO, "IMPUGNAÇÃO")}
UNREADABLE = {"ruim.pdf": "O arquivo está cortado.", "aruim.tif": "Falta a página 2."}
WHOLE = """\
# $schema=x
# RASCUNHO do processo.yaml, feito pelo itrwatch a partir das digitalizações.
#
# Como usar:
#   1. Confira cada linha de “secoes” com as páginas (o relatorio.html mostra a miniatura de cada uma).
#   2. Corrija o que não estiver certo; apague o que sobrar.
#   3. Salve com o nome processo.yaml na pasta do processo na ENTRADA, junto das digitalizações.
#      Mudar este arquivo aqui na saída não tem efeito.
#
# Como se escreve:  - seção: ARQUIVO PÁGINAS
#   As páginas contam a partir de 1 em cada arquivo: 7 ou 1-5 ou 1-3,8 ou 10- (da 10 até o fim).
#   Sem páginas, vale o arquivo inteiro. A ordem das linhas não importa.
#   As seções: capa notificacao ciencia ditr tif tcif impugnacao termo.
#   O que vem depois do sinal # é explicação: não precisa ser apagado.
#
# As digitalizações desta pasta:
#   lote.pdf: 9 páginas
#   scan 9.pdf: 1 página
#   scan 10.pdf: 2 páginas
#   termo.pdf: 3 páginas
#   tif: 1.pdf: 1 página
#   x#y.pdf: 3 páginas
#   aruim.tif: não pôde ser lido. Falta a página 2.
#   ruim.pdf: não pôde ser lido. O arquivo está cortado.
#   lote.pdf, página 1: folha separadora, não é publicada
#   lote.pdf, página 4: folha separadora, não é publicada
#   lote.pdf, página 6: folha separadora, não é publicada
#   x#y.pdf, página 2: folha separadora, não é publicada

secoes:
  - notificacao: 'lote.pdf 2-3,5'             # confiança alta (folha separadora na página 1)
  - ciencia: lote.pdf 7-9                     # confiança alta (folha separadora na página 6)
  - tif: 'tif: 1.pdf'                         # confiança alta (nome do arquivo)
  - impugnacao: termo.pdf 2-3                 # CONFIRA: confiança baixa (título “IMPUGNAÇÃO” na página 2)
#  - termo: termo.pdf 1  # o nome deste arquivo não pode ser escrito aqui: renomeie-o
#  - QUAL SEÇÃO?: scan 9.pdf 1  # não descobri; diga a seção e apague o primeiro #
#  - QUAL SEÇÃO?: scan 10.pdf 1-2  # não descobri; diga a seção e apague o primeiro #
#  - QUAL SEÇÃO?: x#y.pdf 1,3  # não descobri; diga a seção e apague o primeiro #
#  - capa:   # não encontrei Capa
#  - ditr:   # não encontrei DITR
#  - tcif:   # não encontrei Termo de Constatação e Intimação Fiscal

processo: 13153.720210/2019-34
# Se quiser, apague o # do início e preencha:
# contribuinte: Nome do contribuinte
# ciencia: {modo: postal, data: 02/10/2023, documentos: [ar]}
# impugnacao: {data: 20/10/2023, via: protocolo, documentos: [protocolo, identidade]}
# rascunho """


def drafted():
    proposal = propose(SCANS, SHEETS, TITLES)
    number = find_processo("13153.720210-2019-34")
    return draft_text(proposal, number, UNREADABLE, first_line="# $schema=x", refused=proposal.sections[-1:])


def test_the_whole_draft_stands_as_it_is_meant_to_be_read():
    text = drafted()
    assert text.startswith(WHOLE)
    seal = text.removeprefix(WHOLE)
    assert len(seal) == len("f0d91bd3e6a3\n")
    assert untouched(text)
    assert not untouched(text.replace(seal, "0" * 12 + "\n"))
    assert not untouched(text + "# meu\n")


def test_without_a_number_and_a_schema_their_lines_are_not_there():
    text = draft_text(propose({"a.pdf": 1}, {}, {}), None, {})
    assert text.startswith("# RASCUNHO do processo.yaml")
    assert "\n\n# Se quiser, apague o # do início" in text
    assert "processo:" not in text


def test_a_name_that_is_no_text_is_no_reason_to_write_no_draft():
    text = draft_text(propose({"Peti\udce7\udce3o.pdf": 1}, {}, {}), None, {})
    assert "#   Peti\\xe7\\xe3o.pdf: 1 página" in text
    assert untouched(text)


def test_that_the_notificacao_is_missing_is_said_in_capitals():
    text = draft_text(propose({"ditr.pdf": 1}, {}, {}), None, {})
    assert (
        "#  - notificacao:   # não encontrei Notificação de Lançamento: OBRIGATÓRIA, digitalize-a e salve-a nesta pasta\n"
        in text
    )


def test_every_line_that_still_has_the_mark_is_reported():
    lines = drafted().split("\n")
    (found,) = unconfirmed(drafted(), "processo.yaml")
    assert (found.severity.value, found.file, lines[found.line - 1].split()[1]) == (
        "warning",
        "processo.yaml",
        "impugnacao:",
    )
    assert str(found) == (
        f"processo.yaml:{found.line}: a linha “impugnacao: termo.pdf 2-3” veio do rascunho como palpite (CONFIRA); "
        "compare-a com as páginas e apague a marca"
    )
    written = f"# {CONFIRM}: x\n  # {CONFIRM} y\na: b # a {CONFIRM}\nc: d #{CONFIRM}\ne: f # # {CONFIRM}\n"
    assert [finding.line for finding in unconfirmed(written, "x")] == [4]


@pytest.mark.parametrize(
    ("file", "pages", "whole", "text"),
    [
        ("scan 001.pdf", (1, 2, 3), False, "scan 001.pdf 1-3"),
        ("scan 001.pdf", (1, 2, 3), True, "scan 001.pdf"),
        ("scan 001.pdf", (1, 3), False, "'scan 001.pdf 1,3'"),
        ("(2ª via).pdf", (1,), True, "(2ª via).pdf"),
        ("d'água.pdf", (1,), True, "'d''água.pdf'"),
        ("-x.pdf", (1,), True, "'-x.pdf'"),
        ("fim.", (1,), True, "fim."),
        ("a #1.pdf", (1,), True, "'a #1.pdf'"),
    ],
)
def test_a_source_stands_bare_where_yaml_takes_it_so(file, pages, whole, text):
    assert source_text(Proposed(Section.TIF, file, pages, Confidence.HIGH, Basis.NAME, "", whole)) == text
