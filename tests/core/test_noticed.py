"""What the words of the pages give away is reported; what may be otherwise is not."""

from datetime import date

import pytest

from itrwatch.core.case_description import START, CienciaInfo, ImpugnacaoInfo, Modo, Sidecar, Via
from itrwatch.core.codes import Code
from itrwatch.core.encoded_page import Box, Word
from itrwatch.core.findings import Severity
from itrwatch.core.noticed import noticed
from itrwatch.core.page_says import PageSays, page_says
from itrwatch.core.pages import PageRef
from itrwatch.core.processo import Processo
from itrwatch.core.sections import Section

OWN = Processo("13153720210201934")
OTHER = "10120.002180/2016-27"
HERE = PageRef("scan.pdf", 1)


def says(*lines, doubtful=()):
    """What a page says with these lines of sure words."""
    words = [Word(text, Box(0, 0, 1, 1), number) for number, line in enumerate(lines) for text in line.split()]
    return page_says(words, doubtful)


def counted_pages(counters, section=Section.NOTIFICACAO, file="scan.pdf"):
    return [(PageRef(file, at + 1), section, PageSays(counter=counter)) for at, counter in enumerate(counters)]


@pytest.mark.parametrize(
    ("line", "counter"),
    [
        ("Página 2 de 5", (2, 5)),
        ("Pág. 3/12", (3, 12)),
        ("Prefeitura de Serra do Ipê PÁGINA 1 DE 2", (1, 2)),
        ("Página 7 de 5", None),
        ("Página 1 de 1", None),
        ("página de 5", None),
        ("Página 2 de 5/2023", None),
        ("subpágina 2 de 5", None),
        ("folha 2 de 5", None),
    ],
)
def test_a_printed_counter_is_recognised(line, counter):
    assert says(line).counter == counter


@pytest.mark.parametrize(
    ("line", "top", "counter"),
    [
        ("Página 2 de 5", 400, (2, 5)),
        ("– Página 2 de 5 –", 400, (2, 5)),
        ("conforme o laudo, pág. 2 de 5, o imóvel tem", 400, None),
        ("pág. 2 de 5 do laudo", 400, None),
        ("do laudo, pág. 2 de 5", 400, None),
        ("Secretaria da Fazenda Página 2 de 5", 800, (2, 5)),
        ("Página 2 de 5 | Impresso em 03/10/2023", 800, (2, 5)),
        ("conforme o laudo, pág. 2 de 5, o imóvel tem", 800, None),
        ("do laudo (pág. 2 de 5)", 800, None),
        ("do laudo, pág. 2 de 5", 800, None),
    ],
)
def test_a_counter_that_a_text_cites_is_not_that_of_the_page(line, top, counter):
    words = [Word(text, Box(at * 40, top, at * 40 + 38, top + 12), 0) for at, text in enumerate(line.split())]
    assert page_says(words).counter == counter


def test_a_page_with_two_counters_has_none():
    assert says("Página 2 de 5", "Página 3 de 5").counter is None


@pytest.mark.parametrize(
    ("counters", "found"),
    [
        ([(1, 5), (2, 5), (4, 5)], [("1 página", 2, 3)]),
        ([(1, 9), (6, 9)], [("4 páginas", 1, 2)]),
        ([(1, 5), None, (3, 5)], []),  # the page between has a counter that was not read
        ([(1, 5), None, (4, 5)], [("1 página", 1, 3)]),
        ([(1, 5), None, None, (2, 5)], []),  # backs of the sheets that were kept
        ([(1, 3), (3, 4)], []),  # two documents
        ([(3, 4), (1, 4)], []),
        ([None, (5, 5)], []),
    ],
)
def test_a_page_that_is_missing_between_two_is_reported_at_the_second(counters, found):
    messages = [
        f"a contagem impressa no papel (“Página … de …”) salta {missing} entre a página {before} do arquivo e esta: "
        "procure no papel, digitalize e ponha no lugar"
        for missing, before, _ in found
    ]
    assert [(f.message, f.page) for f in noticed(counted_pages(counters), OWN)] == [
        (message, page) for message, (*_, page) in zip(messages, found, strict=True)
    ]


@pytest.mark.parametrize(
    ("read", "blank", "found"),
    [
        ({1: (1, 3), 3: (3, 3)}, (), []),  # the second was removed by order, or is in another section
        ({3: (3, 3), 1: (1, 3)}, (), []),
        ({1: (1, 3), 3: (3, 3)}, (2,), [3]),  # only the back of the first lies between them
        ({1: (1, 5), 3: (2, 5), 5: (4, 5)}, (2, 4), [5]),
    ],
)
def test_a_page_that_was_scanned_and_is_not_published_is_not_missing(read, blank, found):
    pages = [(PageRef("scan.pdf", at), Section.NOTIFICACAO, PageSays(counter=counter)) for at, counter in read.items()]
    backs = {PageRef("scan.pdf", at) for at in blank}
    assert [f.page for f in noticed(pages, OWN, blank=backs)] == found


def test_counters_of_two_sections_or_two_scans_are_not_compared():
    pages = [
        *counted_pages([(1, 5)]),
        *counted_pages([(4, 5)], Section.TIF),
        *counted_pages([(1, 5)]),
        *counted_pages([(4, 5)], file="b.pdf"),
    ]
    assert noticed(pages, OWN) == ()


@pytest.mark.parametrize(
    ("lines", "doubtful", "section", "reported"),
    [
        ([f"Processo nº {OTHER}"], (), Section.NOTIFICACAO, True),
        ([f"PROCESSO ADMINISTRATIVO FISCAL Nº: {OTHER}"], (), Section.CAPA, True),
        ([f"Processo nº {OTHER}"], (), Section.IMPUGNACAO, False),  # it cites other cases
        ([f"Processo nº {OTHER}"], (), Section.DITR, False),
        ([OTHER], (), Section.NOTIFICACAO, False),  # not called a process number
        ([f"Processo nº {OTHER}", "Processo nº 13153.720210/2019-34"], (), Section.NOTIFICACAO, False),
        ([f"Processo nº {OTHER}", "13153.720210/2019-84"], (), Section.NOTIFICACAO, False),  # its own, misprinted
        ([f"Processo nº {OTHER}"], ("1315372O210/2019-34",), Section.NOTIFICACAO, False),  # may be its own
        (["Processo nº 10120.002180/2016-89"], (), Section.NOTIFICACAO, False),  # check digits
        (["Processo nº 13153.720210/2019-34"], (), Section.NOTIFICACAO, False),
    ],
)
def test_a_page_of_another_case_is_reported_only_if_it_names_it_and_not_its_own(lines, doubtful, section, reported):
    found = noticed([(HERE, section, says(*lines, doubtful=doubtful))], OWN)
    assert [finding.severity for finding in found] == ["warning"] * reported
    assert not any(OTHER in finding.message for finding in found)  # what a page says stays with the page


def of_pages(*pages):
    told = [(PageRef("scan.pdf", number), section, says(line)) for number, (section, line) in enumerate(pages, 1)]
    return [(finding.code, finding.page) for finding in noticed(told, OWN)]


def test_a_licence_in_the_answer_to_a_tif_bears_the_number_of_its_own_case():
    licence = (Section.TIF, f"IBAMA Processo nº {OTHER}")
    assert of_pages((Section.TIF, "Termo de Intimação Fiscal"), licence) == []
    assert of_pages((Section.NOTIFICACAO, ""), licence) == [(Code.PAGE_OF_ANOTHER, 2)]  # a TIF that begins so


def test_an_edital_for_many_is_not_of_another_case():
    line = f"Processo nº {OTHER} Processo nº 13153.720211/2019-89"
    assert len(says(line).processos) == 2
    assert of_pages((Section.CIENCIA, line)) == []


TEXT = "Encaminha-se à Receita Federal do Brasil o processo em epígrafe, do contribuinte acima, que será arquivado neste Município"
BEFORE = [(PageRef("noti.pdf", at), Section.NOTIFICACAO, PageSays()) for at in (1, 2, 3)]
DEFENCE = [(PageRef("defesa.pdf", at), Section.IMPUGNACAO, PageSays()) for at in (1, 2)]
TERMO = PageRef("termo.pdf", 1)


def of_termo(*lines, doubtful=(), defence=DEFENCE):
    """What is found in a case of three folhas, an impugnação in folhas 4 and 5, and a termo with these lines, folha 6."""
    pages = [*BEFORE, *defence, (TERMO, Section.TERMO, says(TEXT, TEXT, *lines, doubtful=doubtful))]
    folhas = {ref: number for number, (ref, *_) in enumerate(pages, 1)}
    return [(finding.severity, finding.code) for finding in noticed(pages, OWN, folhas)]


ALL, ITS = (
    "com folhas numeradas de 1 a 6, inclusive este termo",
    "Houve impugnação, nas folhas 4 a 5, em arquivo separado",
)
OTHER_FOLHAS, SILENT = [("reminder", Code.TERMO_OTHER_FOLHAS)], [("reminder", Code.TERMO_SILENT)]


@pytest.mark.parametrize(
    ("lines", "doubtful", "found"),
    [
        ((ALL, ITS), (), []),
        ((ALL.replace("6", "7"), ITS), (), OTHER_FOLHAS),
        ((ALL.replace("6", "5"), ITS), (), OTHER_FOLHAS),
        (("com folhas numeradas de 1 a 5", ITS), (), []),  # without the termo itself
        ((ALL.replace("6", "7"), ITS), ("1B",), []),  # some number was read with doubt: it may be the right one
        ((ALL, ITS.replace("5", "6")), (), OTHER_FOLHAS),
        ((ALL, ITS.replace("4 a 5", "14 a 17")), (), OTHER_FOLHAS),
        ((ALL, ITS, "com a notificação nas folhas 1 a 3"), (), []),
        ((ALL, ITS.replace("folhas", "fls."), "laudo de fls. 3"), (), []),
        ((ALL, "Houve impugnação em 20/10/2023"), (), []),
        ((ALL, "Houve impugnação, de fls. 4/5, à notificação, nas folhas 1 a 3"), (), []),
        ((ALL, "Houve impugnação, de fls. 4-5, à notificação, nas folhas 1 a 3"), (), []),
        ((ALL, "Houve impugnação, nas folhas 4 e 5, à notificação, nas folhas 1 a 3"), (), []),
        ((ALL,), (), SILENT),
        ((ALL, "A defesa segue em arquivo separado"), (), []),
        ((ALL,), ("imPugnac",), []),
    ],
)
def test_a_termo_that_cites_other_folhas_or_does_not_speak_of_the_impugnacao_is_reported(lines, doubtful, found):
    assert of_termo(*lines, doubtful=doubtful) == found


def test_a_termo_of_a_case_without_impugnacao_need_not_speak_of_one():
    assert of_termo("com folhas numeradas de 1 a 4, inclusive este termo", defence=[]) == []


def test_a_number_that_is_missing_from_a_phrase_does_not_join_two_others():
    """“folhas 1 a [read with doubt] 20”: the gap is wider than a space."""
    words = [Word(text, Box(at, 0, at + 10, 10), 0) for text, at in (("folhas", 0), ("1", 14), ("a", 28), ("20", 70))]
    assert page_says(words).cited == ()


@pytest.mark.parametrize(
    ("text", "left", "top", "folha"),
    [
        ("Fls. 12", 500, 30, 12),
        ("Folha nº 7", 480, 30, 7),
        ("Fls. 12", 60, 30, None),
        ("Fls. 12", 500, 300, None),
        ("laudo de fls. 12", 480, 30, None),
    ],
)
def test_a_folha_number_on_the_paper_stands_alone_in_its_corner(text, left, top, folha):
    words = [Word(word, Box(left, top, left + 10, top + 10), 0) for word in text.split()]
    assert page_says(words).folha == folha


@pytest.mark.parametrize(
    ("printed", "found"),
    [
        ((None, 12, 13), True),
        ((1, 2, 3), False),  # as they are stamped
        ((None, 12, None), False),  # one may be a copy
        ((None, 13, 12), False),
    ],
)
def test_other_folha_numbers_on_the_paper_are_reported_if_the_sidecar_does_not_speak_of_them(printed, found):
    pages = [(PageRef("tif.pdf", at), Section.TIF, PageSays(folha=folha)) for at, folha in enumerate(printed, 1)]
    folhas = {ref: number for number, (ref, *_) in enumerate(pages, 1)}
    findings = noticed(pages, OWN, folhas, numbered_here=True)
    assert [(finding.code, finding.page) for finding in findings] == [(Code.FOLHAS_ON_PAPER, 2)] * found
    assert noticed(pages, OWN, folhas) == ()
    assert all("2 páginas já trazem" in finding.message for finding in findings)


@pytest.mark.parametrize(
    ("line", "received", "filed"),
    [
        ("Recebido em 02/10/2023", [date(2023, 10, 2)], []),
        ("Data do recebimento: 2 de outubro de 2023", [date(2023, 10, 2)], []),
        ("Data de entrega 02.10.2023 às 10h", [date(2023, 10, 2)], []),
        ("tomei ciência em 02/10/2023", [date(2023, 10, 2)], []),
        ("PROTOCOLO Nº 1234/2023 20 OUT 2023", [], [date(2023, 10, 20)]),
        ("Protocolado em 20/10/2023 às 14:32", [], [date(2023, 10, 20)]),
        ("Protocolo geral nº 88 Data: 20/10/2023", [], [date(2023, 10, 20)]),
        ("PROTOCOLADO EM 20/10/2023 ÀS 14:32 HORAS", [], [date(2023, 10, 20)]),
        ("como disse na resposta protocolada em 05/06/2022", [], []),  # of another paper
        ("protocolada em 05/06/2022, na qual provou a área", [], []),
        ("Serra do Ipê, 20/10/2023", [], []),
        ("ciente de que o prazo termina em 05/11/2023", [], []),
        ("Data de postagem: 28/09/2023", [], []),
        ("recebido em 31/02/2023", [], []),
        ("protocolo 20/10/20231", [], []),
    ],
)
def test_a_date_counts_only_with_the_word_that_says_what_it_is(line, received, filed):
    page = says(line)
    assert (list(page.received), list(page.filed)) == (received, filed)


def case_dated(*, modo=Modo.POSTAL, via=Via.PROTOCOLO, ciencia=date(2023, 10, 2), impugnacao=date(2023, 10, 20)):
    return Sidecar(
        sections=(),
        ciencia=CienciaInfo(modo, ciencia, (), START, START, START),
        impugnacao=ImpugnacaoInfo(impugnacao, via, (), START, START, START),
    )


AR, PETITION = Section.CIENCIA, Section.IMPUGNACAO


@pytest.mark.parametrize(
    ("pages", "sidecar", "found"),
    [
        ([(AR, "Recebido em 03/10/2023")], case_dated(), [("do recebimento", 1)]),
        ([(AR, "Recebido em 02/10/2023")], case_dated(), []),
        ([(AR, "Recebido em 29/09/2023"), (AR, "Recebido em 02/10/2023")], case_dated(), []),  # refused, then delivered
        ([(AR, "Recebido em 03/10/2023")], case_dated(modo=Modo.EDITAL), []),
        ([(AR, "Recebido em 03/10/2023")], case_dated(ciencia=None), []),
        ([(AR, "02/10/2024")], case_dated(), []),
        ([(PETITION, "Protocolado em 21/10/2023")], case_dated(), [("do protocolo", 1)]),
        ([(PETITION, "Protocolado em 20/10/2023")], case_dated(), []),
        ([(PETITION, "Protocolado em 21/10/2023")], case_dated(via=Via.CORREIOS), []),
        ([(PETITION, ""), (PETITION, "Protocolo nº 9 de 05/03/2012")], case_dated(), []),  # an annex of a registry
    ],
)
def test_a_date_on_paper_that_is_not_the_sidecars_is_a_reminder(pages, sidecar, found):
    told = [(PageRef("scan.pdf", number), section, says(line)) for number, (section, line) in enumerate(pages, 1)]
    findings = noticed(told, OWN, sidecar=sidecar)
    assert [(f.code, dict(f.facts)["what"], f.page) for f in findings] == [(Code.DATE_ON_PAPER, *one) for one in found]
    assert all(f.severity is Severity.REMINDER and "2023" in f.message for f in findings)


def test_a_finding_has_the_place_of_the_line_that_it_is_about():
    words = [
        Word(text, Box(left, 421, left + 50, 442.1), 1)
        for text, left in (("Página", 119), ("4", 178.5), ("de", 238), ("5", 297.5))
    ]
    other = [(HERE, Section.TIF, PageSays(counter=(2, 5))), (PageRef("scan.pdf", 2), Section.TIF, page_says(words))]
    (finding,) = noticed(other, OWN)
    assert [round(side, 3) for side in finding.spot] == [0.2, 0.5, 0.584, 0.525]
