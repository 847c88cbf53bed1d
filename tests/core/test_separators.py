"""What separator sheets say of a stack: which pages stand behind which sheet, and where the sidecar disagrees."""

from itrwatch.core.pages import PageOverride, PageRef
from itrwatch.core.plan import PlannedPage
from itrwatch.core.proposal import Basis, Confidence, Heading
from itrwatch.core.propose import propose
from itrwatch.core.sections import Section
from itrwatch.core.separators import SEPARATORS, VERSO, Separator, announced, disagreements, is_ours, parse_code

NL, AR, TIF, IMP = Section.NOTIFICACAO, Section.CIENCIA, Section.TIF, Section.IMPUGNACAO


def sheets(**given):
    """Separators by scan and page: ``a={1: NL}`` is a sheet on page 1 of ``a.pdf``."""
    return {
        PageRef(f"{name}.pdf", page): Separator(section) for name, own in given.items() for page, section in own.items()
    }


def behind(scans, separators):
    return [
        (separators[sheet].section, [(ref.file, ref.page) for ref in pages])
        for sheet, pages in announced(scans, separators)
    ]


def proposed(scans, separators, headings=None):
    found = propose(scans, separators, headings or {})
    return [(entry.section, entry.file, entry.ranges) for entry in found.sections], found.complete


def test_every_code_is_read_back_and_known_as_ours():
    assert [parse_code(separator.code) for separator in SEPARATORS] == list(SEPARATORS)
    assert all(is_ours(separator.code) for separator in SEPARATORS)
    assert is_ours("ITRWATCH:2:SECAO:RECURSO")
    assert not is_ours("https://example.org/ITRWATCH:1")


def test_pages_belong_to_the_sheet_before_them_and_backs_to_none():
    scans, stack = {"a.pdf": 6}, sheets(a={2: NL, 4: None, 5: AR})
    assert behind(scans, stack) == [(NL, [("a.pdf", 3)]), (AR, [("a.pdf", 6)])]
    assert proposed(scans, stack) == ([(NL, "a.pdf", "3"), (AR, "a.pdf", "6")], False)  # page 1 is nobody's


def test_a_stack_in_several_files_is_read_on():
    scans, stack = (
        {"s 9.pdf": 2, "s 10.pdf": 3, "outro.pdf": 1},
        {
            PageRef("s 9.pdf", 1): Separator(NL),
            PageRef("s 10.pdf", 2): Separator(AR),
        },
    )
    assert behind(scans, stack) == [(NL, [("s 9.pdf", 2), ("s 10.pdf", 1)]), (AR, [("s 10.pdf", 3)])]
    found, complete = proposed(scans, stack)
    assert found == [(NL, "s 9.pdf", "2"), (NL, "s 10.pdf", "1"), (AR, "s 10.pdf", "3")]
    assert not complete
    assert proposed({name: scans[name] for name in ("s 9.pdf", "s 10.pdf")}, stack)[1]


def test_sheets_that_say_all_are_complete_only_with_the_notificacao_and_a_page_behind_each():
    assert proposed({"a.pdf": 4}, sheets(a={1: AR, 3: NL}))[1]
    assert not proposed({"a.pdf": 4}, sheets(a={1: AR, 3: TIF}))[1]
    assert not proposed({"a.pdf": 4}, sheets(a={1: NL, 3: TIF, 4: AR}))[1]
    assert not proposed({"a.pdf": 2}, {})[1]


def test_neither_titles_nor_names_speak_against_a_sheet():
    titles = {PageRef("tif.pdf", 2): Heading(IMP, "IMPUGNAÇÃO"), PageRef("tif.pdf", 4): Heading(AR, "AR")}
    found = propose({"tif.pdf": 4}, sheets(tif={1: NL, 3: TIF}), titles)
    assert [(e.section, e.ranges, e.confidence, e.basis) for e in found.sections] == [
        (NL, "2", Confidence.HIGH, Basis.SEPARATOR),
        (TIF, "4", Confidence.HIGH, Basis.SEPARATOR),
    ]
    assert [e.why for e in found.sections] == ["folha separadora na página 1", "folha separadora na página 3"]
    assert found.sheets == (PageRef("tif.pdf", 1), PageRef("tif.pdf", 3))


def test_a_cover_behind_its_sheet_is_as_long_as_it_is():
    assert proposed({"noti.pdf": 3}, sheets(noti={1: Section.CAPA}))[0] == [(Section.CAPA, "noti.pdf", "2-3")]


def messages(scans, separators, **sections):
    """What is reported when the sidecar puts pages (scan → section by page) elsewhere than the sheets do."""
    planned = [
        PlannedPage(PageRef(f"{name}.pdf", page), section, PageOverride())
        for name, own in sections.items()
        for page, section in own.items()
    ]
    return [str(finding) for finding in disagreements(scans, separators, planned)]


def test_a_sheet_and_a_sidecar_that_agree_need_no_word():
    stack = sheets(a={1: NL, 3: AR})
    assert messages({"a.pdf": 4}, stack, a={2: NL, 4: AR}) == []
    assert messages({"a.pdf": 4}, stack) == []  # pages that no section lists are messages elsewhere


def test_each_sheet_that_is_not_followed_is_reported_with_the_pages_of_each_scan():
    scans = {"s1.pdf": 4, "s2.pdf": 2}
    stack = {PageRef("s1.pdf", 1): Separator(NL), PageRef("s2.pdf", 2): VERSO}
    end = "vale o processo.yaml: confira qual dos dois está certo"
    assert messages(scans, stack, s1={2: NL, 3: AR, 4: TIF}, s2={1: TIF}) == [
        (
            "s1.pdf, página 1: a folha separadora anuncia “notificacao”, mas o processo.yaml põe as páginas 3-4 em "
            f"“ciencia” e “tif”; {end}"
        ),
        (
            "s1.pdf, página 1: a folha separadora anuncia “notificacao”, mas o processo.yaml põe a página 1 de "
            f"“s2.pdf” em “tif”; {end}"
        ),
    ]
