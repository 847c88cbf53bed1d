"""The tutorial as a value, held against the tutorial: every quote and every noun stands there, every line has its paragraph."""

import re
from collections import Counter
from pathlib import Path

import pytest

from itrwatch.core.manual import PORTAL, SECTIONS, TEAM, TYPES, Filter, Paragraph, Screen

TUTORIAL = Path(__file__).parents[3] / "shared" / "manual.md"
needs_tutorial = pytest.mark.skipif(not TUTORIAL.exists(), reason="the Receita's tutorial is not at hand")

HEADINGS = (
    "Benefícios da Entrega",
    "Como Funcionará?",
    "INSTRUÇÃO DO PROCESSO FÍSICO",
    "IMPORTANTE",
    "EXEMPLO",
    "DIGITALIZAR O PROCESSO",
    "A. Antes de digitalizar",
    "B. Durante a digitalização",
    "SOLICITAR A DISPONIBILIZAÇÃO",
    "Quando Solicitar?",
    "Quem Poderá Solicitar?",
    "Como Solicitar?",
    "JUNTAR OS DOCUMENTOS",
    "CONSULTAR RESULTADO",
    "GESTÃO DOS PROCESSOS",
)
SCREENS = (
    "The screenshot shows",
    "Processos em que sou o Interessado",
    "Ativos | Inativos",
    "Filtro por qualquer campo",
    "Ações Número",
    "Ação: Número",
    "+ 13153.",
    "13153.720210/2019-34",
    "- Consultar ",
    "- Solicitar Juntada de Documento",
    "Mostrando 1 a 1",
    "Rascunho da Solicitação",
    "RASCUNHO",
    "SOLICITAÇÃO DE JUNTADA DE DOCUMENTOS",
    "PROCESSO/PROCEDIMENTO",
    "Processo/Procedimento",
    "Tipo do Documento",
    "- Tipo do Documento: A dropdown",
    "- Título (Opcional): A text",
    "- Cópia Simples: A checkbox",
    "- A date selection",
    "Tipo do Arquivo Conteúdo",
    "TERMO DE SOLICITAÇÃO DE JUNTADA DOCUMENTO",
    "NOTIFICAÇÃO DE LANÇAMENTO NOTI.PDF",
    "IMPUGNAÇÃO - PARTE",
    "Total incluído",
    "Dados do Documento",
    "Título (Opcional):",
    "- Data Documento",
    "Cópia Simples:",
    "Excluir Rascunho",
    "Adicionar Documento para Rascunho",
    "Protocolo",
    "Solicitação enviada",
    "Solicitações de Juntada",
    "O Protocolo de Envio",
    "Data/Hora do Envio",
    "Data/Hora de Envio",
    "Solicitante:",
    "Relação do Solicitante",
    "Responsável pelo Envio",
    "Papel Perfil",
    "Avalie este serviço",
    "Marque esta opção",
    "Fechar",
    "documentos juntados",
    "18/10/2023",
    "Exportar CSV",
)
"""How the lines begin that ask for nothing: the tutorial's headings, and the screens as it draws them."""
LINKS = ("Atualmente, os documentos", "Por meio desta nova funcionalidade")
"""What is left of a line that asks when its quotes are taken out: words that lead up to them."""


def plain(text):
    """Without marks of emphasis, links and doubled blanks; for the rest letter by letter."""
    return re.sub(r"\s+", " ", re.sub(r"</?i>|[*<>]", "", text)).strip()


def tutorial():
    return TUTORIAL.read_text("utf-8")


@needs_tutorial
@pytest.mark.parametrize("paragraph", Paragraph, ids=lambda paragraph: paragraph.name)
def test_every_quote_stands_in_the_tutorial_letter_by_letter(paragraph):
    text = plain(tutorial())
    for line in paragraph.quote.split("\n"):
        assert plain(line) in text


@needs_tutorial
def test_every_line_of_the_tutorial_that_asks_for_something_has_its_paragraph():
    quotes = sorted(
        {plain(line) for paragraph in Paragraph for line in paragraph.quote.split("\n")}, key=len, reverse=True
    )
    lines = [plain(line) for line in tutorial().split("INTRODUÇÃO\n", 1)[1].split("\n")]
    left = []
    for rest in lines:
        for quote in quotes:
            rest = rest.replace(quote, "")  # noqa: PLW2901 - what no quote has taken
        rest = plain(rest)  # noqa: PLW2901
        if rest.strip(" -.;:") and not rest.startswith((*HEADINGS, *SCREENS, *LINKS)):
            left.append(rest)
    assert left == []


@needs_tutorial
def test_no_words_of_the_tutorial_have_two_paragraphs():
    """But for the steps that stand in it several times: they are quoted once for each."""
    text = plain(tutorial())
    for line, count in Counter(line for paragraph in Paragraph for line in paragraph.quote.split("\n")).items():
        assert count == 1 or count == text.count(plain(line)), line


@needs_tutorial
@pytest.mark.parametrize("noun", [*Screen, *Filter, TEAM, PORTAL, *(kind.name for kind in TYPES.values())])
def test_every_noun_of_the_portal_stands_in_the_tutorial(noun):
    wanted, text = plain(noun), plain(tutorial())
    assert wanted in text or (noun is Screen.OUTROS and wanted.upper() in text)


@needs_tutorial
def test_the_sections_stand_in_the_order_and_with_the_words_of_the_example():
    example = Paragraph.EXEMPLO.quote.split("\n")
    assert [rule.index for rule in SECTIONS.values()] == [line.split(" (")[0] for line in example]


def test_every_paragraph_is_used_or_says_why_not():
    for paragraph in Paragraph:
        assert paragraph.says or paragraph.why, paragraph


def test_the_titles_name_no_chapter_that_the_tutorial_does_not_have():
    assert {paragraph.title for paragraph in Paragraph if re.match(r"2\.2|8\.", paragraph.title)} == set()
