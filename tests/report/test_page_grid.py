"""The contact sheet: every scanned page with what became of it, and how to bring a removed one back."""

import pytest

from itrwatch.core.codes import Code
from itrwatch.core.findings import reminder, warning
from itrwatch.core.manifest import PageEntry
from itrwatch.core.pages import PageRef, Reason
from itrwatch.core.sections import Section
from itrwatch.report.page_grid import tiles
from itrwatch.sidecar import yaml_tree
from itrwatch.sidecar.sidecar import read_sidecar
from tests.reports import manifest, pages, report, result, sidecar


def cure(written, page=2, file="scan 001.pdf"):
    """How to keep a page that was removed as blank from a case with this sidecar."""
    removed = PageEntry(file, page, Section.NOTIFICACAO, "removed", Reason.BLANK)
    (tile,) = tiles(result(manifest(pages=(removed,)), sidecar=sidecar(written)))
    return tile.cure


def test_the_pages_add_up():
    assert "4 páginas digitalizadas = 2 publicadas + 1 retirada + 1 fora de todas as seções" in report().text
    one = report(result(manifest(pages=pages()[:1]))).text
    assert "1 página digitalizada = 1 publicada + 0 retiradas + 0 fora de todas as seções" in one


def test_every_page_says_where_it_came_from_and_what_became_of_it():
    page = report()
    assert "Notificação de Lançamento (folhas 1 a 2)" in page.text
    assert "folha 1 scan 001.pdf, página 1" in page.text
    assert "retirada: em branco scan 001.pdf, página 2" in page.text
    assert "folha 2, girada para a esquerda scan 001.pdf, página 3" in page.text
    assert "Sem seção (1 página) fora de todas as seções scan 001.pdf, página 4" in page.text
    assert {"NOTI.pdf#page=1", "NOTI.pdf#page=2"} <= set(page.links)


@pytest.mark.parametrize(
    ("reason", "fate"),
    [
        (Reason.BLANK, "retirada: em branco"),
        (Reason.BLANK_STAMP, "retirada: só tem o carimbo “em branco”"),
        (Reason.ASKED, "retirada a pedido"),
        (Reason.SEPARATOR, "retirada: folha separadora"),
    ],
)
def test_a_removed_page_says_why(reason, fate):
    assert (
        f"{fate} a.pdf, página 1"
        in report(result(manifest(pages=(PageEntry("a.pdf", 1, Section.DITR, "removed", reason),)))).text
    )


@pytest.mark.parametrize(
    ("turn", "fate"),
    [(90, "girada para a direita"), (180, "virada de cabeça para cima"), (270, "girada para a esquerda")],
)
def test_a_turned_page_says_how(turn, fate):
    page = PageEntry("a.pdf", 1, Section.CAPA, "published", None, None, "NOTI.pdf", 1, turn)
    assert (
        f"Capa (sem número) sem imagem sem número, {fate} a.pdf, página 1"
        in report(result(manifest(pages=(page,)))).text
    )


def test_a_page_that_was_flagged_says_so_under_its_picture():
    findings = (
        warning(Code.OUT_OF_FOCUS, file="scan 001.pdf", page=3, folha=2),
        reminder(Code.PAGE_TURN_UNSURE, file="scan 001.pdf", page=3, folha=2),
    )
    text = report(result(manifest(findings=findings))).text
    assert (
        "scan 001.pdf, página 3 a imagem está fora de foco não deu para saber se a página está na posição de leitura"
        in text
    )


def test_removed_pages_are_shown_large_with_what_was_seen_on_them():
    page = report(result(evidence={PageRef("scan 001.pdf", 2): "página em branco: só sujeira do papel"}))
    assert (
        "Páginas retiradas 1 página não foi para os PDFs. Olhe-a: se houver nela algo escrito, um carimbo ou uma "
        "assinatura, ela deve ficar. Depois de salvar o processo.yaml na entrada, os PDFs são refeitos automaticamente."
    ) in page.text
    assert "Realçar marcas fracas nas imagens" in page.text
    assert "scan 001.pdf, página 2 (Notificação de Lançamento) página em branco: só sujeira do papel" in page.text
    assert "manter: [2]" in page.text
    assert page.tags.count("img") == 5


def test_a_page_without_a_picture_says_so():
    assert "sem imagem: a página não pôde ser lida" in report(result(thumbnails={})).text


def test_how_to_keep_a_page_is_the_very_item_of_this_sidecar():
    said = cure("secoes:\n  - termo: t.pdf\n  - notificacao: scan 001.pdf 1-5\n")
    assert said.line == "manter: [2]"
    assert (
        said.sentence
        == "Se esta página deve ficar, troque no processo.yaml o item “notificacao” que começa na linha 3 por:"
    )
    assert said.block == "  - tipo: notificacao\n    arquivo: scan 001.pdf\n    paginas: 1-5\n    manter: [2]"


def test_under_a_picture_stands_what_was_seen_and_what_to_do_about_it_only_above():
    seen = warning(Code.LOW_RESOLUTION, file="scan 001.pdf", page=3, folha=2)
    text = report(result(manifest(findings=(seen,)))).text
    assert text.count("esolução abaixo de 200 dpi: confira se dá para ler tudo") == 1
    assert "scan 001.pdf, página 3 resolução abaixo de 200 dpi " in text


@pytest.mark.parametrize("margin", ["", "  ", "    "])
def test_the_item_stands_in_the_column_of_the_others_so_that_it_is_taken_as_pasted(margin):
    written = f"secoes:\n{margin}- termo: t.pdf\n{margin}- notificacao: scan 001.pdf 1-5\n"
    lines = written.splitlines()
    pasted = "\n".join([*lines[:-1], cure(written).block])
    read = read_sidecar(yaml_tree.read(pasted.encode(), "processo.yaml").node, "processo.yaml")
    assert read.findings == ()
    assert [entry.sources[0].keep for entry in read.sidecar.sections] == [(), (2,)]


def test_two_pages_taken_out_of_one_item_are_kept_with_one_line():
    also = PageEntry("scan 001.pdf", 4, Section.NOTIFICACAO, "removed", Reason.BLANK_STAMP)
    written = sidecar("secoes:\n  - notificacao: scan 001.pdf 1-5\n")
    text = report(result(manifest(pages=(*pages()[:3], also)), sidecar=written)).text
    line = "para manter todas as que foram retiradas dele, escreva “manter: [2, 4]”"
    assert text.count(line) == 2


def test_what_was_ordered_for_the_item_before_stays():
    written = (
        "secoes:\n  - tipo: notificacao\n    arquivo: scan 001\n    girar: {3: 90}\n    manter: [4]\n    remover: [5]\n"
    )
    assert cure(written).block == (
        "  - tipo: notificacao\n    arquivo: scan 001\n    girar: {3: 90}\n    manter: [2, 4]\n    remover: [5]"
    )


def test_an_item_of_several_files_becomes_several_items():
    said = cure("secoes:\n  - notificacao: [capa: x.pdf, scan 001.pdf 1-3]\n".replace("capa: ", ""))
    assert said.block == (
        "  - notificacao: x.pdf\n  - tipo: notificacao\n    arquivo: scan 001.pdf\n    paginas: 1-3\n    manter: [2]"
    )


def test_the_item_reads_back_with_the_page_kept():
    block = cure('secoes:\n  - notificacao: "ab: b\'s.pdf 1-3"\n', file="ab: b's.pdf").block
    read = read_sidecar(yaml_tree.read(f"secoes:\n{block}\n".encode(), "processo.yaml").node, "processo.yaml")
    assert read.findings == ()
    (source,) = read.sidecar.sections[0].sources
    assert (source.file, source.keep) == ("ab: b's.pdf", (2,))


def test_without_its_item_only_the_line_is_reported():
    said = cure("secoes:\n  - notificacao: other.pdf\n")
    assert said.sentence == "Se esta página deve ficar, ponha “manter: [2]” no item dela no processo.yaml."
    assert said.block == ""


def test_what_the_fiscal_took_out_comes_back_the_way_it_went():
    page = PageEntry("a.pdf", 3, Section.DITR, "removed", Reason.ASKED)
    text = report(result(manifest(pages=(page,)))).text
    assert "Se esta página deve ficar, tire o 3 de “remover” no processo.yaml." in text


def test_a_separator_sheet_cannot_be_kept():
    page = PageEntry("a.pdf", 3, None, "removed", Reason.SEPARATOR)
    assert "Uma folha separadora nunca entra nos PDFs." in report(result(manifest(pages=(page,)))).text
