"""Numbering: the manual's worked example, blanks, and paper that was numbered before."""

from itertools import chain

from itrwatch.core.case_description import Numeracao
from itrwatch.core.folhas import missing_numbers, number_folhas, of_file, span
from itrwatch.core.pages import Kept, PageRef, Reason, Removed
from itrwatch.core.sections import FileKind, Section
from tests.worked_example import SPANS

MANUAL = {
    Section.CAPA: 1,
    Section.NOTIFICACAO: 5,
    Section.CIENCIA: 2,
    Section.DITR: 4,
    Section.TIF: 12,
    Section.TCIF: 26,
    Section.IMPUGNACAO: 26,
    Section.TERMO: 1,
}


def pages_of(sections):
    return [(PageRef(f"{section}.pdf", n), section) for section, count in sections.items() for n in range(1, count + 1)]


def numbers(folhas):
    return [folha.number for folha in folhas]


def numbered(sections, removed=None, numeracao=Numeracao.SEQUENCIAL):
    pages = pages_of(sections)
    verdicts = {ref: Kept() for ref, _ in pages} | (removed or {})
    return number_folhas(pages, verdicts, numeracao)


def test_the_worked_example_of_the_manual_page_by_page():
    folhas = numbered(MANUAL)
    assert numbers(of_file(folhas, FileKind.NOTI)) == [None, *range(1, 50), 76]
    assert numbers(of_file(folhas, FileKind.IMPUGNA)) == list(range(50, 76))
    spans = {section: span(f for f in folhas if f.section is section) for section in MANUAL}
    assert spans == {Section.CAPA: None, **SPANS}


def test_the_two_files_share_no_number_and_leave_none_out():
    folhas = numbered(MANUAL)
    both = chain(numbers(of_file(folhas, FileKind.NOTI)), numbers(of_file(folhas, FileKind.IMPUGNA)))
    assert sorted(n for n in both if n is not None) == list(range(1, 77))
    assert missing_numbers(folha.number for folha in folhas) == ()


def test_a_blank_page_takes_no_number():
    blank = {PageRef("notificacao.pdf", 2): Removed(Reason.BLANK)}
    folhas = numbered({Section.NOTIFICACAO: 3, Section.TERMO: 1}, blank)
    assert [(f.ref.page, f.number) for f in folhas] == [(1, 1), (3, 2), (1, 3)]


def test_on_numbered_paper_a_blank_leaves_a_hole_that_is_listed():
    blank = {PageRef("notificacao.pdf", 2): Removed(Reason.BLANK_STAMP)}
    folhas = numbered({Section.NOTIFICACAO: 3, Section.TERMO: 1}, blank, Numeracao.PAPEL)
    assert numbers(folhas) == [1, 3, 4]
    assert missing_numbers(folha.number for folha in folhas) == (2,)


def test_on_numbered_paper_a_page_removed_on_request_never_had_a_number():
    asked = {PageRef("notificacao.pdf", 2): Removed(Reason.ASKED)}
    assert numbers(numbered({Section.NOTIFICACAO: 3}, asked, Numeracao.PAPEL)) == [1, 2]


def test_without_numbering_no_page_has_a_number():
    folhas = numbered(MANUAL, numeracao=Numeracao.NENHUMA)
    assert set(numbers(folhas)) == {None}
    assert len(folhas) == 77


def test_a_hole_may_be_the_first_number_and_the_last_but_one():
    blank = {PageRef("notificacao.pdf", n): Removed(Reason.BLANK) for n in (1, 3)}
    folhas = numbered({Section.NOTIFICACAO: 3, Section.TERMO: 1}, blank, Numeracao.PAPEL)
    assert numbers(folhas) == [2, 4]
    assert missing_numbers(folha.number for folha in folhas) == (1, 3)


def test_where_nothing_is_numbered_there_is_no_hole():
    assert missing_numbers(folha.number for folha in numbered(MANUAL, numeracao=Numeracao.NENHUMA)) == ()
    assert missing_numbers([]) == ()
