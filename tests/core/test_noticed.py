"""What the words of the pages give away is reported; what may be otherwise is not."""

import pytest

from itrwatch.core.encoded_page import Box, Word
from itrwatch.core.noticed import PageSays, noticed, page_says
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


def told(counters, section=Section.NOTIFICACAO, file="scan.pdf"):
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


def test_a_page_with_two_counters_has_none():
    assert says("Página 2 de 5", "Página 3 de 5").counter is None


@pytest.mark.parametrize(
    ("counters", "found"),
    [
        ([(1, 5), (2, 5), (4, 5)], [("2 de 5", "4 de 5", "1 página", 3)]),
        ([(1, 9), (6, 9)], [("1 de 9", "6 de 9", "4 páginas", 2)]),
        ([(1, 5), None, (3, 5)], []),  # the page between has a counter that was not read
        ([(1, 5), None, (4, 5)], [("1 de 5", "4 de 5", "1 página", 3)]),
        ([(1, 5), None, None, (2, 5)], []),  # backs of the sheets that were kept
        ([(1, 3), (3, 4)], []),  # two documents
        ([(3, 4), (1, 4)], []),
        ([None, (5, 5)], []),
    ],
)
def test_a_page_that_is_missing_between_two_is_reported_at_the_second(counters, found):
    messages = [
        f"o papel tem as páginas {first} e {second}, e entre elas falta o que foi impresso ({missing}): "
        "procure no papel, digitalize e ponha no lugar"
        for first, second, missing, _ in found
    ]
    assert [(f.message, f.page) for f in noticed(told(counters), OWN)] == [
        (message, page) for message, (*_, page) in zip(messages, found, strict=True)
    ]


def test_counters_of_two_sections_or_two_scans_are_not_compared():
    pages = [*told([(1, 5)]), *told([(4, 5)], Section.TIF), *told([(1, 5)]), *told([(4, 5)], file="b.pdf")]
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
