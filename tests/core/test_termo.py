"""“Texto para o termo”, the index and the steps in e-CAC: the manual's worked example, in exact words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from itrwatch.core.ecac import Field, case_index, ecac_steps
from itrwatch.core.findings import error, warning
from itrwatch.core.manifest import FileEntry, Manifest, PageEntry, SectionSpan
from itrwatch.core.pages import CUT_OFF, ILLEGIBLE, Reason
from itrwatch.core.sections import FileKind, Section
from itrwatch.core.termo import enumerated, folhas, folhas_of, termo_text
from itrwatch.imaging.analysis.legibility import Flaw
from itrwatch.sidecar.events import Via
from itrwatch.sidecar.sidecar import read_sidecar
from itrwatch.sidecar.yaml_tree import read
from tests.worked_example import SPANS

WORKED = (
    "Encaminha-se à Receita Federal do Brasil o processo nº 13153.720210/2019-34, do contribuinte Fazenda Boa Vista Ltda, "
    "NIRF 1234567, exercício 2019, com folhas numeradas de 1 a 76, assim formado: Capa (sem numeração); Notificação de Lançamento "
    "(folhas 1 a 5); Ciência da Notificação de Lançamento (folhas 6 a 7); DITR (folhas 8 a 11); Termo de Intimação Fiscal "
    "(folhas 12 a 23); Termo de Constatação e Intimação Fiscal (folhas 24 a 49); Impugnação (folhas 50 a 75); e este Termo "
    "de Encaminhamento (folha 76)."
)
FILED = "Houve impugnação, apresentada em 20/10/2023, que está nas folhas 50 a 75 e segue em arquivo separado (IMPUGNA.pdf)."
KEPT = "Os originais em papel permanecem arquivados neste Município."


def file(name, title="", pages=50):
    kind = FileKind.IMPUGNA if name.startswith("IMPUGNA") else FileKind.NOTI
    return FileEntry(name, 1000, "0" * 64, pages, kind.document_type, title, None)


def case(spans=SPANS, files=("NOTI.pdf", "IMPUGNA.pdf"), capa=True, more=(), findings=()):
    """The manifest of a published case: one scan page for each folha of ``spans``."""
    pages = [
        PageEntry("scan.pdf", n, section, "published", folha=n, output="IMPUGNA.pdf" if section is Section.IMPUGNACAO else "NOTI.pdf")
        for section, span in spans.items()
        for n in range(span[0], span[1] + 1)
    ]  # fmt: skip
    sections = [SectionSpan(section, span) for section, span in spans.items()]
    if capa:
        sections.insert(0, SectionSpan(Section.CAPA, None))
        pages.insert(0, PageEntry("capa.pdf", 1, Section.CAPA, "published", output="NOTI.pdf"))
    return Manifest(
        "13153.720210/2019-34", "x", "a:b", "1",
        files=tuple(entry if isinstance(entry, FileEntry) else file(entry) for entry in files),
        sections=tuple(sections), pages=(*pages, *more), findings=tuple(findings),
    )  # fmt: skip


def sidecar(more=""):
    text = f"""\
secoes:
  - notificacao: scan.pdf
contribuinte: Fazenda Boa Vista Ltda
nirf: 1234567
exercicio: 2019
impugnacao: {{data: 20/10/2023, via: protocolo}}
{more}"""
    got = read_sidecar(read(text.encode(), "x").node, "x")
    assert got.sidecar, got.findings
    return got.sidecar


def without(*sections):
    return {section: span for section, span in SPANS.items() if section not in sections}


def test_the_worked_example_is_written_as_in_the_manual():
    assert termo_text(case(), sidecar()) == f"{WORKED}\n\n{FILED}\n\n{KEPT}"


def test_a_case_without_impugnacao_whose_termo_is_still_to_be_written():
    spans = without(Section.IMPUGNACAO, Section.TERMO, Section.TIF, Section.TCIF)
    assert termo_text(case(spans, ["NOTI.pdf"], capa=False), None) == (
        "Encaminha-se à Receita Federal do Brasil o processo nº 13153.720210/2019-34, com folhas numeradas de 1 a 12, assim "
        "formado: Notificação de Lançamento (folhas 1 a 5); Ciência da Notificação de Lançamento (folhas 6 a 7); DITR "
        "(folhas 8 a 11); e este Termo de Encaminhamento (folha 12).\n\n"
        f"Não houve impugnação.\n\n{KEPT}"
    )


def test_an_impugnacao_by_post_in_two_files():
    known = sidecar()
    posted = replace(known, impugnacao=replace(known.impugnacao, via=Via.CORREIOS))
    text = termo_text(case(files=("NOTI.pdf", "IMPUGNA1.pdf", "IMPUGNA2.pdf")), posted)
    assert (
        "Houve impugnação, postada em 20/10/2023, que está nas folhas 50 a 75 e segue em arquivo separado (IMPUGNA1.pdf e "
        "IMPUGNA2.pdf)." in text
    )


def test_an_impugnacao_of_one_folha_without_a_known_day():
    text = termo_text(case({**without(Section.TERMO), Section.IMPUGNACAO: (50, 50)}), None)
    assert "Houve impugnação, que está na folha 50 e segue em arquivo separado (IMPUGNA.pdf)." in text


def third_paragraph(manifest, more=""):
    return termo_text(manifest, sidecar(more)).split("\n\n")[2]


def test_pages_that_can_hardly_be_read():
    """The sentence of each finding asks for it; what it says of removed pages, or of other things, does not count."""
    doubts = [
        warning(f"folha {n}: {flaw}", file="scan.pdf", page=n)
        for n, flaw in zip((30, 12, 13, 14), (flaw for flaw in Flaw if flaw is not Flaw.CUT), strict=True)
    ]
    others = [warning("folha 3: pode não estar de pé", file="scan.pdf", page=3), error("pouco legível")]
    assert third_paragraph(case(findings=[*doubts, *others])) == (
        "As folhas 12 a 14 e 30 estão pouco legíveis, e não foi possível melhorar a digitalização."
    )
    assert third_paragraph(case(findings=doubts[:1])) == (
        "A folha 30 está pouco legível, e não foi possível melhorar a digitalização."
    )
    capa = warning(Flaw.PALE, file="capa.pdf", page=1)
    assert third_paragraph(case(findings=[capa])) == (
        "A página 1 de “capa.pdf”, sem numeração, está pouco legível, e não foi possível melhorar a digitalização."
    )


def test_every_flaw_of_a_page_speaks_the_words_that_the_termo_looks_for():
    assert all((CUT_OFF if flaw is Flaw.CUT else ILLEGIBLE) in flaw for flaw in Flaw)


def test_pages_that_are_cut_are_said_to_be_cut():
    cut = [warning(f"folha {n}: {Flaw.CUT}", file="scan.pdf", page=n) for n in (12, 13)]
    assert third_paragraph(case(findings=cut)) == (
        "As folhas 12 e 13 estão cortadas na margem, e não foi possível melhorar a digitalização."
    )
    assert third_paragraph(case(findings=cut[:1])) == (
        "A folha 12 está cortada na margem, e não foi possível melhorar a digitalização."
    )


def test_documents_that_are_missing_are_said_to_be():
    assert third_paragraph(case(without(Section.DITR))).startswith("Não consta do processo: DITR.")
    assert third_paragraph(case(without(Section.DITR, Section.CIENCIA))).startswith(
        "Não constam do processo: Ciência da Notificação de Lançamento e DITR."
    )


def test_blank_pages_that_were_removed_are_counted():
    blank = PageEntry("verso.pdf", 1, Section.DITR, "removed", Reason.BLANK)
    stamp = PageEntry("verso.pdf", 2, Section.DITR, "removed", Reason.BLANK_STAMP)
    asked = PageEntry("verso.pdf", 3, Section.DITR, "removed", Reason.ASKED)
    assert third_paragraph(case(more=[blank, asked])) == "Foi retirada da digitalização 1 página em branco."
    assert third_paragraph(case(more=[blank, stamp])) == "Foram retiradas da digitalização 2 páginas em branco."
    assert third_paragraph(case(more=[asked])) == KEPT


def test_holes_in_the_numbers_of_the_paper():
    spans = {**SPANS, Section.DITR: (8, 10)}
    blank = PageEntry("verso.pdf", 1, Section.DITR, "removed", Reason.BLANK)
    assert third_paragraph(case(spans, more=[blank]), "numeracao: papel\n") == (
        "Foi retirada da digitalização 1 página em branco. Não há a folha 11, que era folha em branco."
    )
    spans = {**SPANS, Section.DITR: (8, 9)}
    assert third_paragraph(case(spans), "numeracao: papel\n") == "Não há as folhas 10 e 11, que eram folhas em branco."
    spans = {**SPANS, Section.NOTIFICACAO: (2, 5), Section.IMPUGNACAO: (50, 74)}
    assert third_paragraph(case(spans), "numeracao: papel\n") == "Não há as folhas 1 e 75, que eram folhas em branco."
    assert third_paragraph(case(), "numeracao: papel\n") == KEPT


def test_a_case_without_numbers_leaves_blanks_to_fill_in():
    manifest = case()
    bare = Manifest(
        manifest.processo, "x", "", "1", manifest.files, tuple(SectionSpan(s.kind, None) for s in manifest.sections),
        tuple(PageEntry(p.file, p.page, p.section, "published", output=p.output) for p in manifest.pages),
    )  # fmt: skip
    text = termo_text(bare, None)
    assert "Capa (sem numeração); Notificação de Lançamento (folhas ___ a ___); " in text
    assert "e este Termo de Encaminhamento (folhas ___ a ___)." in text
    assert "Houve impugnação, que está nas folhas ___ a ___ e segue em arquivo separado (IMPUGNA.pdf)." in text
    assert text.startswith(
        "Encaminha-se à Receita Federal do Brasil o processo nº 13153.720210/2019-34, assim formado: Capa"
    )
    assert [line.text for line in case_index(bare)][:2] == [
        "CAPA (sem numeração)",
        "NOTIFICAÇÃO DE LANÇAMENTO (sem numeração)",
    ]


def test_a_pending_case_has_neither_text_nor_steps():
    pending = Manifest(None, "x", "", "1", findings=(error("x"),))
    assert (termo_text(pending, None), ecac_steps(pending), case_index(pending)) == ("", (), ())


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        ([3], "folha 3"),
        ([3, 4], "folhas 3 e 4"),
        ([3, 5], "folhas 3 e 5"),
        ([5, 4, 3], "folhas 3 a 5"),
        ([3, 8, 9, 10, 12], "folhas 3, 8 a 10 e 12"),
        ([3, 4, 12], "folhas 3, 4 e 12"),
    ],
)
def test_folhas_are_said_in_words(numbers, said):
    assert folhas(numbers) == said


def test_an_enumeration_ends_with_e():
    assert [enumerated(list(letters)) for letters in ("a", "ab", "abc")] == ["a", "a e b", "a, b e c"]


def test_the_index_is_written_as_in_the_manual():
    assert [line.section for line in case_index(case())] == list(Section)
    assert [(line.text, *line.files) for line in case_index(case())] == [
        ("CAPA (sem numeração)", "NOTI.pdf"),
        ("NOTIFICAÇÃO DE LANÇAMENTO (folhas 1 a 5)", "NOTI.pdf"),
        ("CIÊNCIA DA NOTIFICAÇÃO DE LANÇAMENTO (folhas 6 a 7)", "NOTI.pdf"),
        ("DITR (folhas 8 a 11)", "NOTI.pdf"),
        ("TERMO DE INTIMAÇÃO FISCAL (folhas 12 a 23)", "NOTI.pdf"),
        ("TERMO DE CONSTATAÇÃO E INTIMAÇÃO FISCAL (folhas 24 a 49)", "NOTI.pdf"),
        ("IMPUGNAÇÃO (folhas 50 a 75)", "IMPUGNA.pdf"),
        ("TERMO DE ENCAMINHAMENTO (folha 76)", "NOTI.pdf"),
    ]


def test_the_steps_for_two_files():
    steps = ecac_steps(case())
    assert [step.text for step in steps] == [
        "Entre no e-CAC e abra “Legislação e Processo” e, dentro dele, “Processos Digitais (e-Processo)”.",
        "Em “Meus Processos”, procure o processo e confira o número. Se ele ainda não está lá, requeira-o antes à Receita.",
        "Clique no ícone à esquerda do número e escolha “Solicitar Juntada de Documento”.",
        "Clique em “Adicionar Documento para Rascunho”, preencha como abaixo, escolha o arquivo NOTI.pdf e clique em “Salvar”.",
        "Clique em “Adicionar Documento para Rascunho”, preencha como abaixo, escolha o arquivo IMPUGNA.pdf e clique em “Salvar”.",
        "Confira a lista do rascunho: NOTI.pdf e IMPUGNA.pdf, nesta ordem, cada arquivo com o seu tipo (“Documentos Comprobatórios - Outros” não serve). Espere o antivírus terminar.",
        "Clique em “Enviar Solicitação”.",
        "Guarde o recibo em PDF, que prova o envio; pode ser nesta mesma pasta da entrada, com um nome que comece com “recibo”.",
        (
            "Anote no processo.yaml o dia e o número do protocolo da juntada; se já há nele um “andamento”, acrescente só a "
            "segunda linha. Isso não refaz os PDFs."
        ),
        "Acompanhe a análise no e-CAC. Se a juntada for aceita, guarde o Termo de Análise, que prova a aceitação; se for rejeitada, corrija o que a Receita apontou e junte de novo.",
    ]
    assert steps[1].fields == (Field("Número do processo", "13153.720210/2019-34", copy=True),)
    assert [step.file for step in steps if step.file] == ["NOTI.pdf", "IMPUGNA.pdf"]
    assert steps[3].fields == (
        Field("Tipo do Documento", "NOTIFICAÇÃO DE LANÇAMENTO", copy=True),
        Field("Título", "deixe em branco"),
        Field("Cópia Simples", "marque"),
        Field("Arquivo", "NOTI.pdf", copy=True),
    )
    assert steps[4].fields[0] == Field("Tipo do Documento", "IMPUGNAÇÃO", copy=True)
    assert steps[8].fields == (
        Field(
            "Linhas para o processo.yaml", "andamento:\n  - juntada: {data: DIA/MÊS/ANO, protocolo: NÚMERO}", copy=True
        ),
    )


def test_a_title_only_when_a_file_was_divided():
    steps = ecac_steps(case(files=(file("NOTI.pdf", "Parte 1 de 2"), file("NOTI2.pdf", "Parte 2 de 2"), "IMPUGNA.pdf")))
    titles = {step.file: step.fields[1] for step in steps if step.file}
    assert titles == {
        "NOTI.pdf": Field("Título", "Parte 1 de 2", copy=True),
        "NOTI2.pdf": Field("Título", "Parte 2 de 2", copy=True),
        "IMPUGNA.pdf": Field("Título", "deixe em branco"),
    }
    assert any("NOTI.pdf, NOTI2.pdf e IMPUGNA.pdf, nesta ordem" in step.text for step in steps)


def test_a_case_of_one_file():
    steps = ecac_steps(case(without(Section.IMPUGNACAO), ["NOTI.pdf"]))
    assert any(step.text.startswith("Confira a lista do rascunho: só NOTI.pdf, cada arquivo") for step in steps)


def test_the_folhas_of_a_file_leave_out_those_that_are_in_another():
    assert folhas_of(case(), "NOTI.pdf") == "folhas 1 a 49 e 76"
    assert folhas_of(case(), "IMPUGNA.pdf") == "folhas 50 a 75"
    assert folhas_of(case(), "NOTI2.pdf") == ""
    one_apart = case(spans={Section.NOTIFICACAO: (1, 2), Section.IMPUGNACAO: (3, 3), Section.TERMO: (4, 4)})
    assert folhas_of(one_apart, "NOTI.pdf") == "folhas 1, 2 e 4"
