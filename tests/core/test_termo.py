"""“Texto para o termo”, the index and the steps in e-CAC: the manual's worked example, in exact words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from itrwatch.core.calendar import Calendar, Holiday
from itrwatch.core.case_description import CienciaInfo, Modo
from itrwatch.core.codes import Code
from itrwatch.core.deadline import find_deadline
from itrwatch.core.ecac import Field, Phase, case_index, ecac_steps
from itrwatch.core.findings import error, reminder, warning
from itrwatch.core.manifest import FileEntry, Manifest, PageEntry, SectionSpan
from itrwatch.core.pages import Reason
from itrwatch.core.sections import FileKind, Section
from itrwatch.core.settings import PortalConfig
from itrwatch.core.termo import draft_termo, enumerated, folhas, folhas_of, numbers_for_paper
from itrwatch.core.tree import START
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
KEPT = "O processo em papel será arquivado neste Município."
SIGNED = "_____, __/__/____.\n(nome e cargo)"
UNKNOWN = "Até o fim do prazo, em ___/___/_____, não houve impugnação. [CONFIRA: se até lá nenhuma impugnação foi apresentada]"


def termo_text(manifest, sidecar, deadline=None):
    return draft_termo(manifest, sidecar, deadline).text


def period(day="2023-10-02"):
    """From 02/10/2023 it ends on 01/11/2023, with weekends only."""
    info = CienciaInfo(Modo.PESSOAL, date.fromisoformat(day), (), START, START, START)
    return lambda filed=None: find_deadline(info, filed, Calendar())


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
    for name in ("NOTI.pdf", "IMPUGNA.pdf"):
        own = [at for at, page in enumerate(pages) if page.output == name]
        for place, at in enumerate(own, start=1):
            pages[at] = replace(pages[at], output_page=place)
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
    assert termo_text(case(), sidecar()) == f"{WORKED}\n\n{FILED}\n\n{KEPT}\n\n{SIGNED}"


def test_a_case_without_impugnacao_whose_termo_is_still_to_be_written():
    spans = without(Section.IMPUGNACAO, Section.TERMO, Section.TIF, Section.TCIF)
    assert termo_text(case(spans, ["NOTI.pdf"], capa=False), None) == (
        "Encaminha-se à Receita Federal do Brasil o processo nº 13153.720210/2019-34, com folhas numeradas de 1 a 12, assim "
        "formado: Notificação de Lançamento (folhas 1 a 5); Ciência da Notificação de Lançamento (folhas 6 a 7); DITR "
        "(folhas 8 a 11); e este Termo de Encaminhamento (folha 12).\n\n"
        f"{UNKNOWN}\n\n{KEPT}\n\n{SIGNED}"
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


def test_what_a_machine_doubts_is_never_said_as_a_fact():
    """Advice, a page that may lie on its side and removed pages do not get in; the fiscal confirms the mark or deletes it."""
    hard = (Code.LOW_RESOLUTION, Code.DARK, Code.PALE, Code.OUT_OF_FOCUS)
    doubts = [warning(code, file="scan.pdf", page=n, folha=n) for n, code in zip((30, 12, 13, 14), hard, strict=True)]
    others = [
        reminder(Code.PAGE_TURN_UNSURE, file="scan.pdf", page=3, folha=3),
        warning(Code.OTHER, text="pouco legível", file="scan.pdf", page=4),
        error(Code.OTHER, text="pouco legível"),
    ]
    assert third_paragraph(case(findings=[*doubts, *others])) == (
        "[CONFIRA: as folhas 12 a 14 e 30 estão pouco legíveis, e não foi possível melhorar a digitalização]"
    )
    assert third_paragraph(case(findings=doubts[:1])) == (
        "[CONFIRA: a folha 30 está pouco legível, e não foi possível melhorar a digitalização]"
    )
    capa = warning(Code.PALE, file="capa.pdf", page=1)
    assert third_paragraph(case(findings=[capa])) == (
        "[CONFIRA: a página 1 de “capa.pdf”, sem numeração, está pouco legível, e não foi possível melhorar a digitalização]"
    )


def test_pages_that_are_cut_are_to_be_confirmed():
    cut = [warning(Code.CUT_OFF, file="scan.pdf", page=n, folha=n) for n in (12, 13)]
    assert third_paragraph(case(findings=cut)) == (
        "[CONFIRA: as folhas 12 e 13 estão cortadas na margem, e não foi possível melhorar a digitalização]"
    )
    assert third_paragraph(case(findings=cut[:1])) == (
        "[CONFIRA: a folha 12 está cortada na margem, e não foi possível melhorar a digitalização]"
    )


PAPERS = {
    Code.SIGNATURE_MISSING: "a assinatura do sujeito passivo ou do procurador na notificação",
    Code.SIGNER_IDENTITY_MISSING: "o documento de identificação com foto do signatário da notificação",
    Code.AR_MISSING: "o Aviso de Recebimento (AR)",
    Code.TRACKING_REFUSED: "o Aviso de Recebimento (AR)",
    Code.POSTING_REFUSED: "o Aviso de Recebimento (AR)",
    Code.AR_RETURNED_MISSING: "o Aviso de Recebimento devolvido pelos Correios",
    Code.EDITAL_MISSING: "o Edital",
    Code.PROTOCOLO_MISSING: "o protocolo do recebimento da impugnação",
    Code.IDENTITY_MISSING: "a cópia do documento de identificação do signatário da impugnação",
    Code.ENVELOPE_MISSING: "o envelope da impugnação enviada pelos Correios",
}


@pytest.mark.parametrize(("code", "name"), PAPERS.items())
def test_every_paper_that_the_checklist_misses_stands_in_the_draft(code, name):
    found = case(findings=[warning(code, word="x", file="processo.yaml", line=3)])
    assert third_paragraph(found) == f"[CONFIRA: não consta do processo {name}]"


def test_no_code_of_a_missing_paper_is_forgotten():
    assert {code for code in Code if code.name.endswith("_MISSING") or code.name.endswith("_REFUSED")} - set(
        PAPERS
    ) == {
        Code.PROCESSO_MISSING,
        Code.SIDECAR_MISSING,
        Code.NOTIFICACAO_MISSING,
        Code.CIENCIA_MISSING,
        Code.DITR_MISSING,
        Code.TIF_MISSING,
        Code.TERMO_MISSING,
        Code.NUMBERS_MISSING,
        Code.ENTRY_REFUSED,
    }


def test_papers_are_missed_together():
    two = [warning(code, word="x") for code in (Code.PROTOCOLO_MISSING, Code.EDITAL_MISSING)]
    assert third_paragraph(case(findings=two)) == (
        "[CONFIRA: não constam do processo o protocolo do recebimento da impugnação e o Edital]"
    )


def test_no_impugnacao_is_denied_before_the_end_of_the_period():
    spans = without(Section.IMPUGNACAO)
    none = case(spans, ["NOTI.pdf"])
    quiet = replace(sidecar(), impugnacao=None)
    draft = draft_termo(none, quiet, period()())
    assert draft.text.split("\n\n")[1] == (
        "Até o fim do prazo, em 01/11/2023, não houve impugnação. [CONFIRA: o último dia, que o itrwatch calculou, e se "
        "até lá nenhuma impugnação foi apresentada]"
    )
    assert draft.remarks[-1] == "Só assine depois de 01/11/2023."
    unknown = draft_termo(none, quiet)
    assert unknown.text.split("\n\n")[1] == UNKNOWN
    assert unknown.remarks[-1] == "Só assine depois do fim do prazo da impugnação."
    holiday = Holiday(date(2023, 11, 1), "feriado municipal", certain=False)
    info = CienciaInfo(Modo.PESSOAL, date(2023, 10, 2), (), START, START, START)
    unclear = draft_termo(none, quiet, find_deadline(info, None, Calendar((holiday,))))
    assert unclear.text.split("\n\n")[1] == (
        "Até o fim do prazo, em ___/___/_____, não houve impugnação. [CONFIRA: o último dia, 01/11/2023 ou 02/11/2023, e se "
        "até lá nenhuma impugnação foi apresentada]"
    )
    assert all("Não houve impugnação" not in draft.text for draft in (draft, unknown, unclear))


def test_data_of_an_impugnacao_without_pages_are_not_contradicted():
    text = termo_text(case(without(Section.IMPUGNACAO), ["NOTI.pdf"]), sidecar())
    assert "Houve impugnação, apresentada em 20/10/2023 (folhas ___ a ___)." in text


def test_a_late_petition_is_not_called_an_impugnacao():
    late = replace(sidecar(), impugnacao=replace(sidecar().impugnacao, data=date(2023, 12, 20)))
    text = termo_text(case(), late, period()(late.impugnacao))
    assert "Houve impugnação" not in text
    assert "petição apresentada fora do prazo (folhas 50 a 75); e este Termo" in text
    assert text.split("\n\n")[1] == (
        "Foi apresentada em 20/12/2023, depois do fim do prazo, em 01/11/2023, petição que está nas folhas 50 a 75 e segue em arquivo "
        "separado (IMPUGNA.pdf). [CONFIRA: o fim do prazo, que o itrwatch calculou, e se a petição suscita a tempestividade, "
        "como preliminar]"
    )


def test_what_is_left_to_confirm_is_counted():
    signed = draft_termo(case(), sidecar())
    assert signed.open_points == 1  # the place, the day and the name
    assert signed.advice == "1 ponto a resolver no texto: preencha a lacuna."
    cut = warning(Code.CUT_OFF, file="scan.pdf", page=12, folha=12)
    missing = warning(Code.EDITAL_MISSING, word="edital")
    doubted = draft_termo(case(findings=[cut, missing]), sidecar())
    assert doubted.open_points == 3
    assert doubted.advice == "3 pontos a resolver no texto: confirme ou apague cada [CONFIRA: …] e preencha a lacuna."
    spans = without(Section.IMPUGNACAO)
    none = draft_termo(case(spans, ["NOTI.pdf"]), None)
    assert none.open_points == 3
    assert none.advice == "3 pontos a resolver no texto: confirme ou apague o [CONFIRA: …] e preencha cada lacuna."


def test_the_fiscal_is_asked_to_tell_what_is_relevant():
    remark = draft_termo(case(), sidecar()).remarks[0]
    assert remark.startswith(
        "Confira também o conteúdo previsto na NE Cofis nº 2/2013, e relate aqui o que considerar relevante"
    )


def test_the_numbers_to_write_on_the_paper():
    assert numbers_for_paper(case().sections) == (
        "Notificação de Lançamento 1 a 5; Ciência da Notificação de Lançamento 6 a 7; DITR 8 a 11; Termo de Intimação Fiscal 12 a "
        "23; Termo de Constatação e Intimação Fiscal 24 a 49; Impugnação 50 a 75; Termo de Encaminhamento 76"
    )


def test_documents_that_are_missing_are_said_to_be():
    """They may stand among the pages of another section: nobody has established that they are not there."""
    lacking = [warning(code) for code in (Code.CIENCIA_MISSING, Code.DITR_MISSING)] + [reminder(Code.TIF_MISSING)]
    assert third_paragraph(case(without(Section.DITR), findings=lacking[1:2])).startswith(
        "[CONFIRA: não consta do processo a DITR do exercício fiscalizado]"
    )
    assert third_paragraph(case(without(Section.DITR, Section.CIENCIA, Section.TIF), findings=lacking)).startswith(
        "[CONFIRA: não constam do processo a comprovação da ciência da Notificação de Lançamento, a DITR do exercício fiscalizado e "
        "o Termo de Intimação Fiscal (TIF), com a sua ciência e, se houve, a resposta]"
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
        "CAPA (não é necessário numerar)",
        "NOTIFICAÇÃO DE LANÇAMENTO (sem numeração)",
    ]


def test_a_pending_case_has_neither_text_nor_steps():
    pending = Manifest(None, "x", "", "1", findings=(error(Code.OTHER, text="x"),))
    assert (termo_text(pending, None), ecac_steps(pending, PortalConfig()), case_index(pending)) == ("", {}, ())


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
    assert [line.text for line in case_index(case())] == [
        "CAPA (não é necessário numerar)",
        "NOTIFICAÇÃO DE LANÇAMENTO (folhas 1 a 5)",
        "DOCUMENTOS DE CIÊNCIA DA NL (folhas 6 a 7)",
        "DITR (folhas 8 a 11)",
        "TIF + CIÊNCIA + RESPOSTA AO TIF (folhas 12 a 23)",
        "TCIF + CIÊNCIA + RESPOSTA AO TCIF (folhas 24 a 49)",
        "IMPUGNAÇÃO (folhas 50 a 75)",
        "TERMO DE ENCAMINHAMENTO À RFB (folha 76)",
    ]


def test_each_line_of_the_index_leads_to_its_first_page():
    places = {line.section: line.places for line in case_index(case())}
    assert places[Section.CAPA] == (("NOTI.pdf", 1),)
    assert places[Section.NOTIFICACAO] == (("NOTI.pdf", 2),)
    assert places[Section.IMPUGNACAO] == (("IMPUGNA.pdf", 1),)
    assert places[Section.TERMO] == (("NOTI.pdf", 51),)


def attach(manifest):
    return ecac_steps(manifest, PortalConfig())[Phase.ATTACH]


def test_the_steps_for_two_files():
    steps = attach(case())
    draft = "Na tela de Rascunho, clique em “Adicionar Documento para Rascunho”. Preencha como abaixo, clique em “Selecionar”, indique"
    assert [step.text for step in steps] == [
        "Acesse o Portal e-CAC (https://cav.receita.fazenda.gov.br) e clique em “Entrar com gov.br”. O acesso é com o CPF do fiscal.",
        "Clique em “Legislação e Processo” e depois em “Processos Digitais (e-Processo)”.",
        "Clique no quadro “Processos que tenho Autorização para Acessar”. O quadro só aparece se o seu CPF já foi autorizado a acessar algum processo.",
        "Localize o processo na lista; se há vários, use os botões no final da página. Se o processo não consta na lista, solicite antes a disponibilização.",
        "Clique no símbolo + ao lado do processo e escolha “Solicitar Juntada de Documento”.",
        f"{draft} NOTI.pdf e clique em “Salvar”.",
        f"{draft} IMPUGNA.pdf e clique em “Salvar”.",
        "Confira a lista do rascunho: primeiro o TERMO DE SOLICITAÇÃO DE JUNTADA (DOCUMENTO-TERMO.pdf), que o próprio sistema inclui; depois, NOTI.pdf e IMPUGNA.pdf, nesta ordem e com o tipo correto. Não são aceitos documentos com outro tipo; não use “Documentos Comprobatórios - Outros”.",
        "Clique em “Enviar Solicitação”. O botão só aparece depois que o sistema analisa o documento pelo antivírus. O documento fica só em rascunho: sem “Enviar Solicitação”, a juntada não é efetivada.",
        "Guarde o recibo em PDF (“Protocolo de Envio de Solicitação de Juntada de Documento”). Ele é a prova de que a solicitação de juntada foi enviada. Pode ficar na pasta deste processo na entrada, com o nome que o portal lhe dá.",
        "Anote no processo.yaml o dia e o número do protocolo da juntada; se já há nele um “andamento”, acrescente só a segunda linha. Isso não refaz os PDFs.",
    ]
    assert steps[3].fields == (Field("Número do processo", "13153.720210/2019-34", copy=True),)
    assert [step.file for step in steps if step.file] == ["NOTI.pdf", "IMPUGNA.pdf"]
    glass = "se nada for sugerido, clique na lupa ao lado do campo e escolha na lista"
    assert steps[5].fields == (
        Field("Tipo do Documento", f"Digite devagar NOTI e escolha NOTIFICAÇÃO DE LANÇAMENTO; {glass}"),
        Field("Título", "deixe em branco"),
        Field("Data Documento", "deixe em branco (opcional)"),
        Field("Cópia Simples", "marque, por se tratar de documento digitalizado"),
        Field("Arquivo", "NOTI.pdf", copy=True),
    )
    assert steps[6].fields[0] == Field("Tipo do Documento", f"Digite devagar IMPU e escolha IMPUGNAÇÃO; {glass}")
    assert steps[-1].fields == (
        Field(
            "Linhas para o processo.yaml", "andamento:\n  - juntada: {data: DIA/MÊS/ANO, protocolo: NÚMERO}", copy=True
        ),
    )


def test_a_title_only_when_a_file_was_divided():
    steps = attach(case(files=(file("NOTI.pdf", "Parte 1 de 2"), file("NOTI2.pdf", "Parte 2 de 2"), "IMPUGNA.pdf")))
    titles = {step.file: step.fields[1] for step in steps if step.file}
    assert titles == {
        "NOTI.pdf": Field("Título", "Parte 1 de 2", copy=True),
        "NOTI2.pdf": Field("Título", "Parte 2 de 2", copy=True),
        "IMPUGNA.pdf": Field("Título", "deixe em branco"),
    }
    assert any("NOTI.pdf, NOTI2.pdf e IMPUGNA.pdf, nesta ordem" in step.text for step in steps)


def test_a_case_of_one_file():
    steps = attach(case(without(Section.IMPUGNACAO), ["NOTI.pdf"]))
    assert any("que o próprio sistema inclui; depois, só NOTI.pdf, com o tipo correto." in step.text for step in steps)


def test_what_the_tutorial_shows_only_as_a_picture_is_never_guessed():
    def choices(portal):
        return next(step.fields for step in ecac_steps(case(), portal)[Phase.REQUEST] if step.fields)

    unread = "escolha na tela (o manual mostra este valor só em imagem)"
    assert [field.value for field in choices(PortalConfig())] == [unread, unread]
    assert choices(PortalConfig("ITR", "Convênio")) == (
        Field("Área de Concentração de Serviço", "ITR", copy=True),
        Field("Serviço", "Convênio", copy=True),
    )


def test_the_folhas_of_a_file_leave_out_those_that_are_in_another():
    assert folhas_of(case(), "NOTI.pdf") == "folhas 1 a 49 e 76"
    assert folhas_of(case(), "IMPUGNA.pdf") == "folhas 50 a 75"
    assert folhas_of(case(), "NOTI2.pdf") == ""
    one_apart = case(spans={Section.NOTIFICACAO: (1, 2), Section.IMPUGNACAO: (3, 3), Section.TERMO: (4, 4)})
    assert folhas_of(one_apart, "NOTI.pdf") == "folhas 1, 2 e 4"
