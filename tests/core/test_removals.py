"""From what was seen on the pages to what becomes of them: nothing goes away unseen."""

from itrwatch.core.codes import Code
from itrwatch.core.pages import Kept, PageOverride, PageRef, Reason, Removed
from itrwatch.core.plan import PlannedPage
from itrwatch.core.removals import emptied_sections, only_pages, removal_findings
from itrwatch.core.sections import Section

BLANK, STAMPED, ASKED, SHEET = (
    Removed(reason) for reason in (Reason.BLANK, Reason.BLANK_STAMP, Reason.ASKED, Reason.SEPARATOR)
)


def case(**sections):
    """Pages and verdicts of a case with these ``sections``, each a scan of its own."""
    pages, verdicts = [], {}
    for section, given in sections.items():
        for number, verdict in enumerate(given, start=1):
            ref = PageRef(f"{section}.pdf", number)
            pages.append(PlannedPage(ref, Section(section), PageOverride()))
            verdicts[ref] = verdict
    return pages, verdicts


def refs(pages):
    return [(page.ref.file, page.ref.page) for page in pages]


def test_a_section_in_which_everything_looks_blank_keeps_its_first_page():
    pages, verdicts = case(notificacao=[Kept(), BLANK], ciencia=[SHEET, STAMPED, BLANK], ditr=[BLANK], tif=[BLANK])
    assert refs(only_pages(pages, verdicts)) == [("ciencia.pdf", 2), ("ditr.pdf", 1), ("tif.pdf", 1)]


def test_what_the_fiscal_asked_to_remove_is_not_brought_back():
    pages, verdicts = case(notificacao=[Kept()], ciencia=[ASKED, ASKED])
    assert only_pages(pages, verdicts) == ()
    assert emptied_sections(pages, verdicts) == (Section.CIENCIA,)


def test_every_doubt_is_reported_at_its_page():
    pages, verdicts = case(notificacao=[Kept(), Kept(Code.PAGE_SPECKS), BLANK, Kept()])
    assert [str(finding) for finding in removal_findings(pages, verdicts)] == [
        (
            "notificacao.pdf, página 2: quase em branco, mas com pontos que podem ser escrita: a página foi mantida; confira "
            "(Manual, Durante a digitalização)"
        )
    ]


def test_more_than_a_third_removed_as_blank_is_reported_once():
    pages, verdicts = case(notificacao=[Kept(), Kept(), BLANK], ciencia=[Kept(), STAMPED], ditr=[BLANK, Kept(), ASKED])
    assert [str(finding) for finding in removal_findings(pages, verdicts)] == [
        (
            "3 das 8 páginas foram retiradas por estarem em branco, mais de um terço do processo; "
            "confira no relatório se alguma delas tem conteúdo (Manual, Durante a digitalização)"
        )
    ]


def test_a_third_exactly_is_an_ordinary_case_and_other_removals_do_not_count():
    pages, verdicts = case(notificacao=[Kept(), BLANK, Kept()], ciencia=[Kept(), BLANK, ASKED])
    assert list(removal_findings(pages, verdicts)) == []
