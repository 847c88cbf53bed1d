"""What the fiscal is answered, to the column and to the proposed line: each case was a change to the rules that no test noticed."""

import pytest

from itrwatch.core.case_description import SectionEntry
from itrwatch.core.sections import Section
from itrwatch.core.text_matching import cited, match, nearest, stem
from itrwatch.core.tree import Place
from itrwatch.sidecar.sidecar import read_sidecar
from itrwatch.sidecar.yaml_tree import read

NAME = "processo.yaml"
NOTI = "secoes:\n  - notificacao: n.pdf\n"
KNOWN = "secoes, processo, contribuinte, exercicio, nirf, ciencia, impugnacao, numeracao, complemento, primeira_folha, andamento"
PAGES = "não entendi as páginas “{}”; escreva, por exemplo, 7 ou 1-5 ou 1-3,8 ou 10- (da 10 até o fim)"
DEGREES = "não sei girar “{}”; use 0, 90, 180 ou 270 graus no sentido do relógio, como girar: {{3: 90}}"
OUTSIDE = "a página {} em “{}” não está entre as páginas deste item ({}); confira o número (conta a partir de 1, no arquivo digitalizado)"
SPACE = "“{0}:{1}” entendido como “{0}: {1}”; prefira pôr um espaço depois dos dois-pontos"
ITEM = "“notificacao” junto de outras palavras entendida como “tipo: notificacao”; prefira escrever “tipo” e “arquivo” em linhas separadas"
COMMENT = "se a linha não faz falta, ponha # na frente dela"
PAPER = "estas páginas vão na seção do documento que acompanham, {}, depois das outras"
TWICE = "“{}” aparece duas vezes, {}; deixe só uma, ou comece cada item com um traço se for uma lista"
PATH = "“x/y/b.pdf” não serve: o arquivo deve estar na própria pasta do processo, sem caminho; escreva “b.pdf”"
IMPUGNACAO = "não entendi o valor de “impugnacao”; escreva, por exemplo, impugnacao: {data: 20/10/2023, via: protocolo, documentos: [protocolo, identidade]}; as páginas ficam em “secoes”"
NO_NL = "falta a seção “notificacao” (Notificação de Lançamento), sem a qual não há processo; acrescente em “secoes” um item como “notificacao: scan 001.pdf 1-5” (se a pasta é só o complemento de um processo cuja juntada já foi aceita, escreva “complemento: 2” numa linha própria)"


def reading(text):
    parsed = read(text.encode(), NAME)
    return parsed, read_sidecar(parsed.node, NAME, parsed.lines)


def findings(text):
    parsed, got = reading(text)
    return [*parsed.findings, *got.findings]


def said(text):
    """Each finding as ``line:column message`` and the line that is proposed, if any."""
    return [(f"{f.line}:{f.column} {f.message}", f.proposal.strip()) for f in findings(text)]


def item(text):
    return f"secoes:\n  - {{tipo: notificacao, arquivo: n.pdf, {text}}}\n"


@pytest.mark.parametrize(
    ("text", "answers"),
    [
        # the list of sections
        ("secoes: {}\n", [(f"1:1 {NO_NL}", ""), ("1:9 “secoes” entendida sem os traços; prefira começar cada item com um traço (- )", "")]),
        ("secoes:\n  - - notificacao: n.pdf\n", [
            (f"1:1 {NO_NL}", ""),
            ("2:5 há um traço ou colchete a mais; escreva a seção e o arquivo, como “notificacao: scan 001.pdf 1-5”", ""),
        ]),
        (NOTI + "    ciencia: c.pdf\n", [("3:5 “ciencia” entendida como outro item da lista; prefira pôr um traço na frente (- )", "- ciencia: c.pdf")]),
        ("secoes: [notificacao:n.pdf]\n", [("1:10 falta um espaço depois dos dois-pontos; escreva “notificacao: n.pdf”", "secoes: [notificacao: n.pdf]")]),
        ("secoes:\n  - notificacao:\n    arquivo: n.pdf\n    paginas: 1\n", [(f"2:5 {ITEM}", "")]),
        (NOTI + "    tipo: ditr\n", [(f"2:5 {ITEM}", ""), (f"3:5 {TWICE.format('tipo', 'nas linhas 2 e 3')}", "")]),
        (NOTI + "    arquivo: m.pdf\n", [(f"2:5 {ITEM}", ""), (f"3:5 {TWICE.format('arquivo', 'nas linhas 2 e 3')}", "")]),
        ("secoes:\n  - {tipo: , arquivo: n.pdf}\n", [
            (f"1:1 {NO_NL}", ""),
            ("2:5 falta “tipo” neste item; escreva “tipo:” com uma destas palavras: capa, notificacao, ciencia, ditr, tif, tcif, impugnacao, termo", ""),
        ]),
        # files
        ("secoes:\n  - notificacao: [1-3, n.pdf]\n", []),  # a file may be called so
        ("secoes:\n  - notificacao: [[a], x/y/b.pdf]\n", [
            ("2:19 cada arquivo da lista é um texto simples, como em [tif.tif, resposta.pdf 1-3]", ""), (f"2:24 {PATH}", "- notificacao: [[a], b.pdf]"),
        ]),
        ("secoes:\n  - notificacao: [n.pdf 1, 3, x/y/b.pdf]\n", [
            ('2:28 “3” ficou separado do arquivo por uma vírgula; use aspas: “"n.pdf 1,3"”', ""), (f"2:31 {PATH}", "- notificacao: [n.pdf 1, 3, b.pdf]"),
        ]),
        ("secoes:\n  - {tipo: notificacao, arquivo: }\n", [("2:5 falta “arquivo” neste item; escreva, por exemplo, “arquivo: scan 001.pdf”", "")]),
        (f"secoes:\n  - notificacao: {'x' * 251}.pdf\n", []),
        (f"secoes:\n  - notificacao: {'x' * 252}.pdf\n", [
            (f"2:18 “{'x' * 60}…” é longo demais para o nome de um arquivo; confira se falta fechar aspas ou separar itens", ""),
        ]),
        # pages
        (item("paginas: "), []),
        (item("paginas: [3 e 4,8]"), [("2:50 páginas “3 e 4,8” entendidas como 3,4,8; prefira escrever assim", "- {tipo: notificacao, arquivo: n.pdf, paginas: [3,4,8]}")]),
        (item("remover: [x], manter: [y]"), [(f"2:50 {PAGES.format('x')}", ""), (f"2:63 {PAGES.format('y')}", "")]),
        (item("manter: 1-999"), []),
        (item("manter: 1-1000"), [("2:49 em “manter” há mais de 999 páginas; confira os números", "")]),
        (item("girar: {1: 45, 2: 91}"), [(f"2:52 {DEGREES.format(45)}", ""), (f"2:59 {DEGREES.format(91)}", "")]),
        (item("girar: {x: 90}"), [(f"2:49 {PAGES.format('x')}", "")]),
        # orders for pages that the item does not use
        (item("paginas: '1-2,5', manter: [3], remover: [9]"), [
            (f"2:59 {OUTSIDE.format(3, 'manter', '1-2,5')}", ""), (f"2:72 {OUTSIDE.format(9, 'remover', '1-2,5')}", ""),
        ]),
        (item("paginas: '1-2,5-7', girar: {2: 90, 5: 90, 6: 90, 7: 90}"), []),
        (item("paginas: 5-7, girar: {1: 90}"), [(f"2:55 {OUTSIDE.format(1, 'girar', '5-7')}", "")]),
        (item("paginas: 5-, girar: {5: 90}"), []),
        # events and what else the file says
        (NOTI + "ciencia: {envio: ontem}\n", [("3:18 não entendi a data “ontem”; escreva dia/mês/ano, por exemplo 02/10/2023", "")]),
        (NOTI + "impugnacao: 20/10/2023\n", [(f"3:13 {IMPUGNACAO}", "")]),
        (NOTI + "impugnacao: {data: [1, 2]}\n", [("3:20 “data” leva um valor só; escreva o texto depois dos dois-pontos", "")]),
        (NOTI + "ciencia: {documentos: [protocollo]}\n", [
            ("3:24 não conheço o documento “protocollo”; você quis dizer “protocolo”?", "ciencia: {documentos: [protocolo]}"),
        ]),
        (NOTI + "ciencia: {modo:posta1, data:31/02/2023}\n", [
            (f"3:11 {SPACE.format('modo', 'posta1')}", "ciencia: {modo: posta1, data:31/02/2023}"),
            ("3:16 valor desconhecido “posta1” em “modo”; você quis dizer “postal”?", "ciencia: {modo:postal, data:31/02/2023}"),
            (f"3:24 {SPACE.format('data', '31/02/2023')}", "ciencia: {modo:posta1, data: 31/02/2023}"),
            ("3:29 a data “31/02/2023” não existe no calendário; confira o dia e o mês", ""),
        ]),
        (NOTI + "ciencia: {modo:postal: x}\n", [("3:11 palavra desconhecida “modo:postal”; as palavras que existem são: modo, data, documentos, envio", "")]),
        (NOTI + "ciencia: {modo:postal, modo: edital}\n", [
            (f"3:11 {SPACE.format('modo', 'postal')}", "ciencia: {modo: postal, modo: edital}"), (f"3:24 {TWICE.format('modo', 'na linha 3')}", ""),
        ]),
        (NOTI + "processo:\n", []),
        (NOTI + "ciencia: {modo: , data: }\n", []),
        (NOTI + "zzzz: 3\n", [(f"3:1 palavra desconhecida “zzzz”; as palavras que existem são: {KNOWN}; {COMMENT}", "# zzzz: 3")]),
        (NOTI + "situacao: ok\n", [(f"3:1 palavra desconhecida “situacao”; as palavras que existem são: {KNOWN}; {COMMENT}", "# situacao: ok")]),
        (NOTI + "  - tipo: tif\n    arquivo: t.pdf\n    girar {3: 90}\n", [
            ("5:5 faltam os dois-pontos depois de “girar”; escreva “girar: {3: 90}”", "girar: {3: 90}"),
        ]),
        # papers that are no section
        (NOTI + "  - impugnacao: i.pdf\n  - laudo: l.pdf 2-3\n", [
            ("4:5 “laudo” não é uma seção: " + PAPER.format("“impugnacao”, “tif” ou “tcif”"), "- impugnacao: l.pdf 2-3"),
        ]),
        (NOTI + "  - procuração: p.pdf\n  - impugnacao: i.pdf\n", [("3:5 “procuração” não é uma seção: " + PAPER.format("“impugnacao” ou “ciencia”"), "")]),
        (NOTI + "  - tif: t.pdf\n  - {tipo: resposta, arquivo: r.pdf}\n", [
            ("4:12 “resposta” não é uma seção: " + PAPER.format("“tif” ou “tcif”"), "- {tipo: tif, arquivo: r.pdf}"),
        ]),
        (NOTI + "  - documentos: d.pdf\n", [("3:5 “documentos” não é uma seção: " + PAPER.format("“impugnacao”, “tif” ou “tcif”"), "")]),
        (NOTI + "  - AR: a.pdf\n", [("3:5 “AR” não é uma seção: " + PAPER.format("“ciencia”, “tif” ou “tcif”"), "- ciencia: a.pdf")]),
    ],
)  # fmt: skip
def test_the_answer(text, answers):
    assert said(text) == answers


def test_nothing_but_a_rule_of_the_manual_stands_behind_a_sentence():
    for text in (item("paginas: 5-7, girar: {1: 90}"), NOTI + "    ciencia: c.pdf\n"):
        assert [finding.rule for finding in findings(text)] == [""]


def test_documents_are_read_on_behind_one_that_is_none():
    _, got = reading(NOTI + "ciencia: {documentos: [[x], ar]}\n")
    assert len(got.findings) == 1
    assert got.readable.ciencia.documentos == ("ar",)
    assert reading(NOTI + "ciencia:\n  documentos: ar, edital\n")[1].sidecar.ciencia.documentos == ("ar", "edital")


def test_what_was_not_written_is_missed_where_its_block_begins():
    _, got = reading(NOTI + "ciencia: {modo: postal}\nimpugnacao: {via: protocolo}\n")
    ciencia, impugnacao = got.sidecar.ciencia, got.sidecar.impugnacao
    assert {ciencia.data_place, ciencia.documentos_place} == {Place(3, 1)}
    assert {impugnacao.data_place, impugnacao.documentos_place} == {Place(4, 1)}


def test_a_section_is_not_missed_beside_the_fault_in_it():
    _, got = reading("secoes:\n  - notificacao n.pdf\n")
    assert len(got.findings) == 1
    assert got.readable.sections == (SectionEntry(Section.NOTIFICACAO, (), Place(2, 5)),)


@pytest.mark.parametrize(("faults", "more"), [(50, False), (51, True), (70, True)])
def test_of_many_faults_the_first_fifty_are_reported_and_that_there_are_more(faults, more):
    messages = said(NOTI + "".join(f"palavra{n}: x\n" for n in range(faults)))
    assert len(messages) == 50 + more
    assert messages[49][0].startswith("52:1 palavra desconhecida “palavra49”")
    if more:
        last = findings(NOTI + "".join(f"palavra{n}: x\n" for n in range(faults)))[-1]
        assert (last.severity.value, last.file, last.line) == ("error", NAME, 52)
        assert last.message == "há mais erros neste arquivo; veja primeiro os que estão acima"


def test_words_at_the_edges_of_the_rules():
    assert match("ARs", ("ar",)) == "ar"
    assert [stem(word) for word in ("s", "as", "ars")] == ["s", "as", "ar"]  # two letters must be left
    assert match("a" * 40, ("a" * 40,)) == "a" * 40
    assert match("a" * 41, ("a" * 41,)) is None
    assert nearest("tcifxxx", ("tif", "tcif")) is None
    assert nearest("tcifxx", ("tif", "tcif")) == "tcif"
    assert nearest("impug", ("impugnacao", "notificacao")) == "impugnacao"  # a beginning of four letters
    assert nearest("not", ("impugnacao", "notificacao")) is None
    assert nearest("situacao", ("impugnacao", "notificacao")) is None  # it only ends alike
    assert cited("x" * 60) == f"“{'x' * 60}”"
    assert cited("x" * 61) == f"“{'x' * 60}…”"
