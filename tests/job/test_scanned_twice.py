"""The same sheet in two places of a case is reported with both."""

import pytest

from itrwatch.core.pages import PageRef
from itrwatch.core.same_sheets import same_sheet_findings
from tests.office import scan_bytes


def ref(text):
    file, _, page = text.partition(" ")
    return PageRef(f"{file}.pdf", int(page))


def test_a_sheet_that_was_scanned_again_is_reported_beside_the_page_that_it_repeats(office):
    office.case(
        "secoes:\n  - notificacao: a.pdf\n  - ditr: b.pdf\n", a_pdf=scan_bytes("N1", "N2"), b_pdf=scan_bytes("D1", "N2")
    )
    same_sheet = [finding for finding in office.do().findings if "mesma folha" in finding.message]
    assert [(finding.severity, finding.file, finding.message) for finding in same_sheet] == [
        (
            "warning",
            "b.pdf",
            "parece a mesma folha que a página 2 de “a.pdf”, digitalizada duas vezes; se for, acrescente “remover: [2]” ao item desta página",
        )
    ]
    assert office.manifest().published


@pytest.mark.parametrize(
    ("pairs", "messages"),
    [
        ([("a 1", "a 3")], ["a.pdf 3: parece a mesma folha que a página 1, digitalizada duas vezes; se for, acrescente “remover: [3]” ao item desta página"]),
        (
            [("a 1", "b 1"), ("a 2", "b 2"), ("a 3", "b 3")],
            ["b.pdf None: as 3 páginas de “b.pdf” parecem as mesmas de “a.pdf”: a pilha foi digitalizada duas vezes? Se foi, deixe em “secoes” só um dos dois arquivos"],
        ),
        (
            [("a 1", "b 1"), ("a 2", "b 2")],
            [
                "b.pdf 1: parece a mesma folha que a página 1 de “a.pdf”, digitalizada duas vezes; se for, acrescente “remover: [1]” ao item desta página",
                "b.pdf 2: parece a mesma folha que a página 2 de “a.pdf”, digitalizada duas vezes; se for, acrescente “remover: [2]” ao item desta página",
            ],
        ),
        ([], []),
    ],
)  # fmt: skip
def test_pages_and_whole_stacks_that_are_there_twice(pairs, messages):
    found = same_sheet_findings([(ref(one), ref(other)) for one, other in pairs], {"a.pdf": 3, "b.pdf": 3})
    assert [f"{finding.file} {finding.page}: {finding.message}" for finding in found] == messages


def test_a_sheet_scanned_three_times_is_reported_with_its_first_scan():
    one, two, three = (PageRef("a.pdf", page) for page in (1, 2, 3))
    found = list(same_sheet_findings([(one, two), (one, three), (two, three)], {"a.pdf": 3}))
    assert [(finding.page, "a página 1" in finding.message) for finding in found] == [(2, True), (3, True)]
