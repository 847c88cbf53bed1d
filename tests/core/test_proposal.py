"""What names, titles and separator sheets say together, and the draft that it is written down in."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from itrwatch.core.body_matching import body_section
from itrwatch.core.filenames import Found, match_name
from itrwatch.core.findings import Severity
from itrwatch.core.pages import PageRef
from itrwatch.core.proposal import Basis, Confidence, Heading
from itrwatch.core.propose import propose
from itrwatch.core.ranges import resolve
from itrwatch.core.sections import Section
from itrwatch.core.title_matching import cover_section, last_of_stacks, name_section, stacks, title_section
from itrwatch.sidecar import yaml_tree
from itrwatch.sidecar.draft import draft_text, unconfirmed, untouched
from itrwatch.sidecar.sidecar import read_sidecar

NL, AR, DITR, TIF, TCIF, IMP, TERMO, CAPA = (
    Section.NOTIFICACAO,
    Section.CIENCIA,
    Section.DITR,
    Section.TIF,
    Section.TCIF,
    Section.IMPUGNACAO,
    Section.TERMO,
    Section.CAPA,
)


def proposed(scans, titles=()):
    headings = {PageRef(file, page): Heading(section, section.heading) for file, page, section in titles}
    return propose(scans, {}, headings)


def said(proposal):
    return [(entry.section, entry.file, entry.ranges) for entry in proposal.sections]


@pytest.mark.parametrize(
    ("name", "section"),
    [
        ("capa.pdf", CAPA),
        ("NOTI.PDF", NL),
        ("02 - Notificação de Lançamento.pdf", NL),
        ("nl2019.tif", NL),
        ("AR.jpg", AR),
        ("ar da nl.pdf", AR),
        ("Ciência.pdf", AR),
        ("edital 3-2023.pdf", AR),
        ("DITR_2019.pdf", DITR),
        ("tif.tif", TIF),
        ("AR do TIF.pdf", TIF),
        ("termo de intimação.pdf", TIF),
        ("TCIF 2.pdf", TCIF),
        ("Termo de Constatação e Intimação Fiscal.pdf", TCIF),
        ("IMPUGNAÇÃO.pdf", IMP),
        ("impugnacao da notificacao.pdf", IMP),
        ("termo.jpg", TERMO),
        ("Termo de Encaminhamento.pdf", TERMO),
        ("scan 001.tif", None),
        ("Digitalização_2023.pdf", None),
        ("escapamento.pdf", None),
        ("arquivo.pdf", None),
    ],
)
def test_what_file_names_say(name, section):
    found = name_section(name)
    assert (found and found[0]) is section


@pytest.mark.parametrize(
    ("name", "sure"),
    [
        ("notificação.pdf", True),
        ("resposta à notificação.pdf", False),  # an impugnação
        ("contestação NL.pdf", False),
        ("resposta ao TIF.pdf", True),  # stands in the section of the TIF
        ("intimação.pdf", True),
        ("edital de intimação.pdf", False),  # a ciência
        ("declaração ITR 2019.pdf", True),
        ("declaração de residência.pdf", False),
        ("aviso de recebimento.pdf", True),
        ("aviso de cobrança.pdf", False),
        ("comprovante recebimento da 2a via.pdf", False),
    ],
)
def test_a_name_that_may_be_that_of_another_paper_is_not_sure(name, sure):
    assert name_section(name)[1] is sure


@pytest.mark.parametrize(
    ("line", "section"),
    [
        ("NOTIFICAÇÃO DE LANÇAMENTO", NL),
        ("NOTIFICACAO DE LANCAMENTO Nº 9304/00012/2023", NL),
        ("NOTIFICAGAO DE LANÇAMENT0", NL),
        ("N O T I F I C A Ç Ã O  D E  L A N Ç A M E N T O", NL),
        ("AVISO DE RECEBIMENTO – AR", AR),
        ("(AR) Aviso de Recebimento", AR),
        ("EDITAL DE INTIMAÇÃO Nº 3", AR),
        ("DITR – DECLARAÇÃO DO IMPOSTO SOBRE A PROPRIEDADE TERRITORIAL RURAL", DITR),
        ("Termo de Intimação Fiscal nº 17/2022", TIF),
        ("TERMO DE CONSTATAÇÃO E INTIMAÇÃO FISCAL", TCIF),
        ("TERMO DE CONSTATAÇÃO FISCAL", TCIF),
        ("IMPUGNAÇÃO", IMP),
        ("ILUSTRÍSSIMO SENHOR DELEGADO DA RECEITA FEDERAL", IMP),
        ("TERMO DE ENCAMINHAMENTO", TERMO),
        ("Impugnação apresentada em 20/10/2023 contra a Notificação de Lançamento cuja ciência", None),
        ("Notificação de Lançamento cuja ciência se deu por via postal em 02/10/2023. Foram", None),
        ("contra a Notificação de Lançamento", None),
        ("Referência: Termo de Intimação Fiscal nº 17", None),
        ("PREFEITURA MUNICIPAL DE SERRA DO IPÊ", None),
        ("DECLARAÇÃO DE CONTEÚDO", None),
        ("NOTIFICAÇÃO DE LANÇAMENTO Nº 9304/00012/2023 - IMPOSTO SOBRE A PROPRIEDADE", NL),
        ("Notificação de Lançamento nº 9304/00012/2023 - Imposto sobre a Propriedade", None),
        ("EDITAL Nº 3 – RETIFICA O EDITAL Nº 2", AR),
        ("EDITAL DE CITAÇÃO Nº 3", AR),
        ("Nº 12 TERMO DE CIÊNCIA", AR),
        ("Nº 123 TERMO DE CIÊNCIA", None),
        ("DIAC 2019", DITR),
        ("DIAT 2", DITR),
        ("DITR DO EXERCÍCIO 2019", DITR),
        ("IMPUGNAÇÃO AO LANÇAMENTO", IMP),
        ("CAPANEMA 2019", None),
        ("Capacidade de uso", None),
        ("", None),
    ],
)
def test_what_titles_say(line, section):
    assert title_section(line) is section


@pytest.mark.parametrize(
    ("lines", "section"),
    [
        (("PREFEITURA", "PROCESSO Nº 13153.720210/2019-34", "INTERESSADO:"), CAPA),
        (("Processo", "Contribuinte"), CAPA),
        (("PROCESSO", "Interessado: Fazenda Boa Vista"), None),
        (("INTERESSADO", "REQUERENTE"), None),
        (("o processo", "contribuinte"), None),
        ((), None),
    ],
)
def test_a_cover_is_known_by_two_of_its_words(lines, section):
    assert cover_section(lines) is section


def test_one_stack_is_divided_at_its_titles():
    titles = [
        ("scan.pdf", 1, CAPA),
        ("scan.pdf", 2, NL),
        ("scan.pdf", 5, AR),
        ("scan.pdf", 6, DITR),
        ("scan.pdf", 9, TERMO),
    ]
    proposal = proposed({"scan.pdf": 9}, titles)
    expected = [(CAPA, "1"), (NL, "2-4"), (AR, "5"), (DITR, "6-8"), (TERMO, "9")]
    assert said(proposal) == [(section, "scan.pdf", pages) for section, pages in expected]
    assert {entry.confidence for entry in proposal.sections} == {Confidence.MEDIUM}


def test_copies_inside_a_document_begin_nothing():
    titles = [
        ("s.pdf", 1, NL),
        ("s.pdf", 3, TIF),
        ("s.pdf", 4, AR),
        ("s.pdf", 6, IMP),
        ("s.pdf", 8, NL),
        ("s.pdf", 9, DITR),
    ]
    assert said(proposed({"s.pdf": 10}, titles)) == [
        (NL, "s.pdf", "1-2"),
        (TIF, "s.pdf", "3-5"),
        (IMP, "s.pdf", "6-10"),
    ]


def test_a_name_and_a_title_that_agree_are_surer_than_a_name_and_a_title_that_do_not():
    agreed = proposed({"tif.pdf": 3}, [("tif.pdf", 1, TIF)]).sections[0]
    assert (agreed.confidence, agreed.basis, agreed.whole) == (Confidence.HIGH, Basis.BOTH, True)
    against = proposed({"tif.pdf": 3}, [("tif.pdf", 1, IMP)]).sections[0]
    assert (against.section, against.confidence) == (TIF, Confidence.LOW)


def test_termo_alone_in_a_name_is_sure_only_with_the_title():
    assert proposed({"termo.pdf": 1}).sections[-1].confidence is Confidence.LOW
    agreed = proposed({"termo.pdf": 1}, [("termo.pdf", 1, TERMO)]).sections[-1]
    assert (agreed.section, agreed.confidence, agreed.basis) == (TERMO, Confidence.HIGH, Basis.BOTH)


def test_a_title_that_comes_late_says_nothing_of_the_pages_before_it():
    """They may be a cover that was not recognised: the file is not proposed as sure."""
    late = proposed({"noti.pdf": 3}, [("noti.pdf", 2, NL)]).sections[0]
    assert (late.ranges, late.confidence, late.basis) == ("1-3", Confidence.MEDIUM, Basis.BOTH)
    assert "confira o que vem antes dela (1 página)" in late.why


@pytest.mark.parametrize(
    ("scans", "page", "termo"),
    [
        ({"NOTI.pdf": 5, "impugna.pdf": 3}, ("NOTI.pdf", 5), ("NOTI.pdf", "5", Confidence.MEDIUM, Basis.BODY)),
        ({"scan 1.pdf": 4, "scan 2.pdf": 2}, ("scan 2.pdf", 2), ("scan 2.pdf", "2", Confidence.MEDIUM, Basis.BODY)),
        ({"noti.pdf": 2, "termo.pdf": 1}, ("termo.pdf", 1), ("termo.pdf", "1", Confidence.HIGH, Basis.BOTH)),
        ({"noti.pdf": 2, "impugna.pdf": 3}, ("impugna.pdf", 3), None),
        ({"noti.pdf": 2, "tif.pdf": 3}, ("tif.pdf", 3), None),
    ],
)
def test_a_termo_without_its_title_is_proposed_from_its_text(scans, page, termo):
    """But a name that says something else counts for more."""
    proposal = propose(scans, {}, {PageRef(*page): Heading(TERMO, body=True)})
    found = [(e.file, e.ranges, e.confidence, e.basis) for e in proposal.sections if e.section is TERMO]
    assert found == ([termo] if termo else [])


SENT = "Encaminho a essa Delegacia da Receita Federal os autos do processo em epígrafe, com 76 folhas numeradas. "


@pytest.mark.parametrize(
    ("text", "termo"),
    [
        (SENT + "A impugnação está nas folhas 50 a 75.", True),
        (SENT + "O contribuinte foi notificado em 12/03/2023 e não apresentou defesa.", True),
        ("Encaminha-se à RFB o processo nº 1, assim formado: DITR (folhas 1 a 3). Até o fim do prazo não houve impugnação. " + "x" * 20, True),
        (SENT + "O processo em papel será arquivado neste Município.", False),  # says nothing of an impugnação
        (SENT + "Em sua impugnação, a interessada requer a nulidade do lançamento.", False),
        ("Requer o encaminhamento do processo à Receita Federal, que esta impugnação, às folhas 3, seja provida. " * 2, False),
        ("Fica o contribuinte intimado a apresentar defesa; encaminhe-se o processo à Receita Federal, fls. 3. " * 2, False),
        ("Encaminhamos anexa a sua declaração, conforme pedido feito à Receita Federal, com as folhas em ordem. " * 2, False),
        ("Encaminho o processo à RFB, fls. 3; defesa.", False),
        (SENT + "Impugnação. " * 600, False),
    ],
)  # fmt: skip
def test_a_termo_is_known_by_what_the_manual_says_that_it_contains(text, termo):
    assert (body_section(text) is TERMO) is termo


@pytest.mark.parametrize(
    ("text", "section"),
    [
        ("O Município notifica o lançamento suplementar do ITR de 2019: imposto R$ 9.310,00, multa 75 %, juros. Pague ou impugne em 30 dias.", NL),
        ("Aos 3 de maio compareceu o proprietário, que recebeu cópia do lançamento e tomou ciência do seu prazo, assinando abaixo. Serra do Ipê.", AR),
        ("Cib 1.234.567-8. Área total 310,0 ha. Área tributável 290,1. VTN 1.200.000,00. Alíquota 0,30. Imposto devido 3.600,00. Quotas 2. Retificadora.", DITR),
        ("Para revisão da DITR de 2019 do imóvel Santa Rita, solicito a entrega, no prazo de 20 dias, de laudo de avaliação e da certidão.", TIF),
        ("Para a revisão da declaração do ITR de 2019, Vossa Senhoria intimado a comprovar, em 22 dias, com documentos hábeis, as áreas e os valores informados.", TIF),
        ("Nada foi entregue. Constatou-se que a terra nua vale mais. Concedem-se 20 dias para retificar a DITR ou manifestar-se sobre isto.", TCIF),
        ("Venho pedir a revisão: não concordo com o lançamento de 2019, pelas razões abaixo, e requeiro o cancelamento da multa de ofício. " * 2, IMP),
        # Papers that come with others, or are two things at once.
        ("Em atenção ao pedido, venho apresentar o laudo de avaliação do imóvel e a certidão, dentro do prazo de 20 dias, e requerer a sua juntada.", None),
        ("Decido: julgo improcedente a impugnação e mantenho o lançamento, com multa e juros, que deve ser pago em 30 dias: R$ 9.310,00.", None),
        ("Laudo: a fazenda tem área total de 310 ha, reserva legal de 62 ha e grau de utilização alto; constatamos que o VTN é menor. Alíquota.", None),
        ("Certidão de matrícula do imóvel rural Santa Rita, com área total de 310 ha, registrada no livro 2, com reserva legal averbada.", None),
    ],
)  # fmt: skip
def test_a_paper_headed_with_words_that_say_nothing_is_known_by_what_it_must_say(text, section):
    assert body_section(text) is section


@pytest.mark.parametrize(
    ("headings", "sections"),
    [
        ([(1, NL), (3, "tif"), (4, IMP)], [(NL, "1-2"), (TIF, "3"), (IMP, "4-6")]),
        ([(1, NL), (2, TCIF), (4, "tif")], [(NL, "1"), (TCIF, "2-6")]),  # a copy that the TCIF has with it
        ([(1, NL), (3, IMP), (4, "ditr")], [(NL, "1-2"), (IMP, "3-6")]),
    ],
)
def test_the_text_of_a_page_begins_a_section_with_low_confidence_and_only_in_the_manuals_order(headings, sections):
    by_text = {"tif": TIF, "ditr": DITR}
    read = {PageRef("scan.pdf", page): Heading(by_text.get(s, s), body=s in by_text) for page, s in headings}
    proposal = propose({"scan.pdf": 6}, {}, read)
    assert [(e.section, e.ranges) for e in proposal.sections] == sections
    assert all(e.confidence is Confidence.LOW for e in proposal.sections if e.basis is Basis.BODY)


def test_the_last_pages_of_each_stack_may_be_the_termo():
    scans = {"scan 1.pdf": 2, "scan 2.pdf": 2, "impugna.pdf": 1}
    refs = [PageRef(name, page) for name, pages in scans.items() for page in range(1, pages + 1)]
    assert last_of_stacks(refs) == {refs[1], refs[2], refs[3], refs[4]}


def test_termo_alone_in_a_name_gives_way_to_the_title():
    assert said(proposed({"nl.pdf": 1, "termo.pdf": 2}, [("termo.pdf", 1, TIF)]))[1] == (TIF, "termo.pdf", "1-2")


def test_a_title_that_says_again_what_is_known_divides_nothing():
    assert said(proposed({"noti.pdf": 3}, [("noti.pdf", 2, NL)])) == [(NL, "noti.pdf", "1-3")]
    proposal = proposed({"scan.pdf": 3}, [("scan.pdf", 1, NL), ("scan.pdf", 2, NL)])
    assert said(proposal) == [(NL, "scan.pdf", "1-3")]
    assert proposal.sections[0].basis is Basis.HEADING


def test_a_stack_goes_on_in_the_next_file():
    scans = {"doc 9.pdf": 2, "doc 10.pdf": 3}
    proposal = proposed(scans, [("doc 9.pdf", 1, NL), ("doc 10.pdf", 2, AR)])
    assert said(proposal) == [(NL, "doc 9.pdf", "1-2"), (NL, "doc 10.pdf", "1"), (AR, "doc 10.pdf", "2-3")]


def test_pages_nobody_knows_are_listed_and_only_the_first_are_guessed():
    proposal = proposed({"a.pdf": 2, "b.pdf": 1, "ditr.pdf": 1})
    guess = proposal.sections[0]
    assert (guess.section, guess.file, guess.confidence, guess.basis) == (NL, "a.pdf", Confidence.LOW, Basis.GUESS)
    assert guess.why == "nada nestas páginas diz o que são; a notificação é obrigatória e costuma vir primeiro"
    assert proposal.undecided == (("b.pdf", (1,)),)
    assert "#  - QUAL SEÇÃO?: b.pdf 1 " in draft_text(proposal, None, {})


names = st.text(st.characters(exclude_characters="/\0\n\r", exclude_categories=("Cs",)), min_size=1, max_size=40)


@settings(deadline=None, derandomize=True)
@given(st.lists(names, min_size=1, max_size=4, unique=True), st.integers(1, 9), st.data())
def test_whatever_files_are_called_the_draft_is_read_and_claims_only_what_it_says(stems, pages, data):
    scans = {f"{stem}.{data.draw(st.sampled_from(['pdf', 'TIF', 'jpg']))}": pages for stem in stems}
    from itrwatch.job.drafting import _taken  # noqa: PLC0415 the filter that drafts go through

    proposal = proposed(scans)
    refused = [entry for entry in proposal.sections if not _taken(entry, proposal)]
    text = draft_text(proposal, None, {}, refused=refused)
    parsed = yaml_tree.read(text.encode("utf-8", "replace"), "processo.yaml")
    if len(refused) < len(proposal.sections) and proposal.sections[0] not in refused:
        read = read_sidecar(parsed.node, "processo.yaml")
        wrong = [f.message for f in (*parsed.findings, *read.findings) if f.severity is Severity.ERROR]
        if any(e.section is NL for e in proposal.sections if e not in refused):
            assert wrong == []
            sources = [source for entry in read.sidecar.sections for source in entry.sources]
            claimed = [(match_name(scans, source.file), resolve(source.spans, pages)) for source in sources]
            assert claimed == [(Found(e.file), e.pages) for e in proposal.sections if e not in refused]
        else:  # every file says by its name that it is something else: there is a fault, and so no sidecar
            assert [message.split(",")[0] for message in wrong] == [f"falta a seção “notificacao” ({NL.heading})"]


def test_the_seal_knows_a_draft_that_was_touched():
    text = draft_text(proposed({"noti.pdf": 2}), None, {})
    assert untouched(text)
    assert untouched("\ufeff" + text.replace("\n", "\r\n"))
    assert not untouched(text.replace("noti.pdf", "noti.pdf 1"))
    assert not untouched("secoes:\n")
    assert list(unconfirmed(text, "processo.yaml")) == []


def test_stacks_are_counted_as_people_count():
    names = ["scan 10.jpg", "scan 9.jpg", "capa.pdf", "Scan 8.JPG", "tif 1.pdf", "tif 2.tif"]
    assert stacks(names) == (("capa.pdf",), ("Scan 8.JPG", "scan 9.jpg", "scan 10.jpg"), ("tif 1.pdf",), ("tif 2.tif",))


def test_a_number_that_is_missing_or_a_year_ends_a_stack():
    assert stacks(["a.b1.pdf", "a.c2.pdf"]) == (("a.b1.pdf",), ("a.c2.pdf",))
    assert stacks(["s1.pdf", "s2.pdf", "s4.pdf"]) == (("s1.pdf", "s2.pdf"), ("s4.pdf",))
    assert stacks(["ITR 2019.pdf", "ITR 2020.pdf"]) == (("ITR 2019.pdf",), ("ITR 2020.pdf",))


def test_the_grounds_of_every_proposal_are_reported():
    titles = [
        ("noti.pdf", 1, NL),
        ("tif.pdf", 1, IMP),
        ("s 1.pdf", 1, DITR),
        ("s 3.pdf", 1, TERMO),
        ("s 3.pdf", 2, IMP),
    ]
    scans = {"noti.pdf": 2, "tif.pdf": 1, "s 1.pdf": 1, "s 2.pdf": 1, "s 3.pdf": 2, "ar.pdf": 1, "termo.pdf": 1}
    found = proposed(scans, titles)
    assert [(e.section, e.file, e.confidence, e.basis, e.why) for e in found.sections] == [
        (
            NL,
            "noti.pdf",
            Confidence.HIGH,
            Basis.BOTH,
            "nome do arquivo e título “Notificação de Lançamento” na página 1",
        ),
        (AR, "ar.pdf", Confidence.HIGH, Basis.NAME, "nome do arquivo"),
        (DITR, "s 1.pdf", Confidence.MEDIUM, Basis.HEADING, "título “DITR” na página 1"),
        (DITR, "s 2.pdf", Confidence.LOW, Basis.HEADING, "continua o arquivo anterior; título “DITR” na página 1"),
        (
            TIF,
            "tif.pdf",
            Confidence.LOW,
            Basis.NAME,
            "o nome do arquivo diz isto, mas há o título “Impugnação” na página 1",
        ),
        (IMP, "s 3.pdf", Confidence.LOW, Basis.HEADING, "título “Impugnação” na página 2"),
        (TERMO, "s 3.pdf", Confidence.MEDIUM, Basis.HEADING, "título “Termo de Encaminhamento” na página 1"),
        (TERMO, "termo.pdf", Confidence.LOW, Basis.NAME, "nome do arquivo"),
    ]
    assert found.missing == (CAPA, TCIF)


def test_what_goes_on_over_many_files_says_so_once_and_grows_doubtful():
    scans = {f"s {n}.pdf": 1 for n in range(1, 5)}
    found = proposed(scans, [("s 1.pdf", 1, NL)])
    assert [(e.file, e.confidence) for e in found.sections] == [
        ("s 1.pdf", Confidence.MEDIUM),
        ("s 2.pdf", Confidence.LOW),
        ("s 3.pdf", Confidence.LOW),
        ("s 4.pdf", Confidence.LOW),
    ]
    assert found.sections[3].why == "continua o arquivo anterior; título “Notificação de Lançamento” na página 1"


def test_a_long_title_is_cut():
    headings = {PageRef("s.pdf", 1): Heading(NL, "N" * 61)}
    assert propose({"s.pdf": 1}, {}, headings).sections[0].why == f"título “{'N' * 60}” na página 1"


def test_a_cover_in_a_file_named_otherwise_is_its_first_page():
    assert said(proposed({"noti.pdf": 3}, [("noti.pdf", 1, CAPA)])) == [
        (CAPA, "noti.pdf", "1"),
        (NL, "noti.pdf", "2-3"),
    ]
    assert said(proposed({"capa.pdf": 2}, [("capa.pdf", 1, CAPA)])) == [(CAPA, "capa.pdf", "1-2")]


@pytest.mark.parametrize(
    ("titles", "blank", "sections"),
    [
        ([CAPA], {2}, [(CAPA, "1-2"), (NL, "3-5")]),
        ([CAPA, None, NL], {2}, [(CAPA, "1-2"), (NL, "3-5")]),
        ([NL, None, AR], {2, 4}, [(NL, "1-2"), (AR, "3-5")]),
        (
            [CAPA],
            set(),
            [(CAPA, "1"), (NL, "2-5")],
        ),  # what goes on without a title is not the cover: it would have no folha
    ],
)
def test_a_blank_page_is_the_back_of_the_one_before_it(titles, blank, sections):
    headings = {PageRef("noti.pdf", page): Heading(s, s.heading) for page, s in enumerate(titles, 1) if s}
    proposal = propose({"noti.pdf": 5}, {}, headings, blank={PageRef("noti.pdf", page) for page in blank})
    assert said(proposal) == [(section, "noti.pdf", pages) for section, pages in sections]


@pytest.mark.parametrize(
    ("name", "body", "expected"),
    [
        ("noti.pdf", NL, (NL, "2-3", Confidence.HIGH, Basis.BOTH)),
        ("noti.pdf", DITR, (DITR, "2-3", Confidence.LOW, Basis.BODY)),
        ("scan.pdf", NL, (NL, "2-3", Confidence.LOW, Basis.BODY)),
    ],
)
def test_behind_the_cover_a_text_is_held_against_the_name_of_the_file(name, body, expected):
    headings = {PageRef(name, 1): Heading(CAPA, "Processo"), PageRef(name, 2): Heading(body, body=True)}
    found = {e.section: (e.section, e.ranges, e.confidence, e.basis) for e in propose({name: 3}, {}, headings).sections}
    assert found[CAPA][1] == "1"
    assert found[body] == expected


def test_a_text_that_another_file_is_named_after_does_not_lengthen_the_cover():
    headings = {PageRef("noti.pdf", 1): Heading(CAPA, "Processo"), PageRef("noti.pdf", 2): Heading(IMP, body=True)}
    proposal = propose({"noti.pdf": 3, "impugna.pdf": 1}, {}, headings)
    assert said(proposal) == [(CAPA, "noti.pdf", "1"), (NL, "noti.pdf", "2-3"), (IMP, "impugna.pdf", "1")]


def test_behind_the_cover_anything_may_begin():
    found = proposed({"s.pdf": 4, "noti.pdf": 1}, [("s.pdf", 1, CAPA), ("s.pdf", 2, NL), ("s.pdf", 3, TERMO)])
    assert [(s, pages) for s, file, pages in said(found) if file == "s.pdf"] == [(CAPA, "1"), (NL, "2"), (TERMO, "3-4")]


def test_the_ar_belongs_to_the_notificacao_or_stands_behind_the_ditr_and_is_else_a_paper_of_another():
    after_ditr = proposed({"s.pdf": 3}, [("s.pdf", 1, NL), ("s.pdf", 2, DITR), ("s.pdf", 3, AR)])
    assert said(after_ditr)[1:] == [(AR, "s.pdf", "3"), (DITR, "s.pdf", "2")]
    assert {e.section: e.confidence for e in after_ditr.sections}[AR] is Confidence.LOW  # not the manual's place for it
    assert said(proposed({"s.pdf": 2}, [("s.pdf", 1, TCIF), ("s.pdf", 2, AR)])) == [(TCIF, "s.pdf", "1-2")]


def test_tif_and_tcif_may_take_turns():
    titles = [("s.pdf", 1, NL), ("s.pdf", 2, TIF), ("s.pdf", 3, TCIF), ("s.pdf", 4, TIF), ("s.pdf", 5, NL)]
    assert said(proposed({"s.pdf": 5}, titles)) == [
        (NL, "s.pdf", "1"),
        (TIF, "s.pdf", "2"),
        (TIF, "s.pdf", "4-5"),
        (TCIF, "s.pdf", "3"),
    ]


def test_behind_an_impugnacao_only_the_termo_begins():
    titles = [("s.pdf", 1, IMP), ("s.pdf", 2, TIF), ("s.pdf", 3, TERMO)]
    assert said(proposed({"s.pdf": 3}, titles)) == [(IMP, "s.pdf", "1-2"), (TERMO, "s.pdf", "3")]


def test_papers_behind_a_notificacao_are_not_part_of_it_although_other_files_are_named_after_them():
    scans = {"noti.pdf": 6, "ar.pdf": 1, "ditr.pdf": 2}
    titles = [("noti.pdf", 1, NL), ("noti.pdf", 4, AR), ("noti.pdf", 5, DITR)]
    inside = [
        (entry.section, entry.ranges, entry.confidence)
        for entry in proposed(scans, titles).sections
        if entry.file == "noti.pdf"
    ]
    assert inside == [
        (NL, "1-3", Confidence.HIGH),
        (AR, "4-6", Confidence.LOW),  # to be looked at: the DITR may be a copy
    ]
