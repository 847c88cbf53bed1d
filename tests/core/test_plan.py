"""The plan: every scanned page claimed once, in the manual's order; what does not fit is reported by line and page."""

from itrwatch.core.filenames import Found, match_name
from itrwatch.core.findings import Severity
from itrwatch.core.named_scans import NoSuchFile
from itrwatch.core.pages import PageOverride, PageRef
from itrwatch.core.plan import Plan, plan_case, set_apart, unclaimed_findings
from itrwatch.core.ranges import compact
from itrwatch.core.sections import Section
from itrwatch.sidecar.sidecar import read_sidecar
from itrwatch.sidecar.yaml_tree import read


def planned(sections, scans, *, more=()):
    """What is made of these lines of ``secoes`` and these scans; ``more``: scans in the folder that do not open."""
    text = "secoes:\n" + "".join(f"  - {line}\n" for line in sections)
    parsed = read(text.encode(), "processo.yaml")
    sidecar = read_sidecar(parsed.node, "processo.yaml", parsed.lines).readable

    def find(written):
        match = match_name([*scans, *more], written)
        return match.name if isinstance(match, Found) else NoSuchFile(f"não há {written}", *match.nearest[:1])

    return plan_case(sidecar, scans, find, "processo.yaml", parsed.lines)


def claimed(plan):
    return [(page.section.value, page.ref.file, page.ref.page) for page in plan.pages]


def texts(findings):
    return [f"{finding.severity.value} {finding}" for finding in findings]


def test_sections_stand_in_the_manuals_order_and_their_sources_in_the_sidecars():
    sections = ["termo: t.pdf", "tif: b.pdf 2", "tif: [a.pdf 1, b.pdf 1]", "notificacao: n.pdf 2,1"]
    plan, findings = planned(sections, {"n.pdf": 2, "a.pdf": 1, "b.pdf": 2, "t.pdf": 1})
    assert claimed(plan) == [
        ("notificacao", "n.pdf", 2),
        ("notificacao", "n.pdf", 1),
        ("tif", "b.pdf", 2),
        ("tif", "a.pdf", 1),
        ("tif", "b.pdf", 1),
        ("termo", "t.pdf", 1),
    ]
    assert plan.sections == (Section.NOTIFICACAO, Section.TIF, Section.TERMO)
    assert (plan.unclaimed, plan.separators, findings) == ((), (), ())


def test_what_no_section_lists_is_unclaimed_page_by_page():
    plan, findings = planned(["notificacao: n.pdf 2-3"], {"n.pdf": 4, "a.pdf": 2})
    refs = [("a.pdf", 1), ("a.pdf", 2), ("n.pdf", 1), ("n.pdf", 4)]
    assert plan.unclaimed == tuple(PageRef(*ref) for ref in refs)
    assert findings == ()


def test_what_is_asked_for_a_page_goes_with_that_page_only():
    orders = "{tipo: notificacao, arquivo: n.pdf, girar: {2: 90}, manter: [1], remover: [3]}"
    plan, findings = planned([orders], {"n.pdf": 4})
    assert findings == ()
    assert [page.override for page in plan.pages] == [
        PageOverride(keep=True),
        PageOverride(turn=90),
        PageOverride(remove=True),
        PageOverride(),
    ]


def test_an_order_for_a_page_that_the_item_does_not_name_is_reported_when_it_is_read_and_not_again():
    orders = "{tipo: notificacao, arquivo: n.pdf, paginas: '1-2,4-', manter: [3], girar: {9: 90}}"
    _, findings = planned([orders], {"n.pdf": 5})
    assert [f.message[:11] for f in findings] == ["a página 9 "]


def test_an_order_for_a_page_that_the_section_does_not_have_is_an_error_for_each():
    orders = "{tipo: notificacao, arquivo: n.pdf, girar: {9: 90}, manter: [3], remover: [2, 4]}"
    _, findings = planned([orders], {"n.pdf": 2})
    end = (
        "de “n.pdf”, citada em “girar”, “manter” ou “remover”, não faz parte desta seção; "
        "confira o número (conta a partir de 1, no arquivo digitalizado)"
    )
    assert [f.message for f in findings] == [f"a página {number} {end}" for number in (3, 4, 9)]
    assert {f.severity for f in findings} == {Severity.ERROR}
    assert {f.line for f in findings} == {2}


def test_a_page_claimed_twice_is_reported_with_the_line_that_had_it_first():
    sections = ["notificacao: n.pdf 1-3", "ciencia: n.pdf 4", "ditr: n.pdf 2-5", "tif: n.pdf 3-4", "termo: n.pdf 1"]
    plan, findings = planned(sections, {"n.pdf": 5})
    end = "cada página entra uma vez só: corrija um dos dois intervalos"
    assert texts(findings) == [
        f"error processo.yaml:4:11: as páginas 2-3 de “n.pdf” já foram usadas na linha 2; {end}",
        f"error processo.yaml:4:11: a página 4 de “n.pdf” já foi usada na linha 3; {end}",
        f"error processo.yaml:5:10: a página 3 de “n.pdf” já foi usada na linha 2; {end}",
        f"error processo.yaml:5:10: a página 4 de “n.pdf” já foi usada na linha 3; {end}",
        f"error processo.yaml:6:12: a página 1 de “n.pdf” já foi usada na linha 2; {end}",
    ]
    assert [page for _, _, page in claimed(plan)] == [1, 2, 3, 4, 5]  # each page once all the same


def test_a_file_that_is_not_there_is_reported_with_the_line_as_it_should_read():
    plan, findings = planned(["notificacao: n.pdf", "ciencia: avizo.pdf 1-2"], {"n.pdf": 1, "aviso.pdf": 2})
    assert texts(findings) == ["error processo.yaml:3:14: não há avizo.pdf"]
    assert findings[0].proposal == "  - ciencia: aviso.pdf 1-2"
    assert claimed(plan) == [("notificacao", "n.pdf", 1)]
    assert {ref.file for ref in plan.unclaimed} == {"aviso.pdf"}


def test_a_page_that_is_not_there_is_an_error_and_the_rest_of_the_file_is_not_called_unused():
    plan, findings = planned(["notificacao: n.pdf 1-4", "ditr: d.pdf"], {"d.pdf": 1, "n.pdf": 3, "z.pdf": 1})
    sentence = "“n.pdf”: a página 4 não existe: o arquivo só tem 3 páginas; confira o número da página, e se a digitalização está completa"
    assert texts(findings) == [f"error processo.yaml:2:24: {sentence}"]
    assert plan.unclaimed == (PageRef("z.pdf", 1),)
    assert claimed(plan) == [("ditr", "d.pdf", 1)]


def test_a_scan_that_does_not_open_is_reported_elsewhere_and_passed_over_here():
    plan, findings = planned(["notificacao: n.pdf 1-9", "ditr: d.pdf"], {"d.pdf": 1}, more=["n.pdf"])
    assert findings == ()
    assert claimed(plan) == [("ditr", "d.pdf", 1)]


def test_a_name_without_the_ending_that_windows_hides_is_understood_and_noted():
    scans = {"Scan 001.pdf": 5, "tif.tif": 2}
    plan, findings = planned(["notificacao: scan 001 1-3,5", "tif: TIF"], scans)
    whole = "prefira escrever o nome inteiro do arquivo"
    assert texts(findings) == [
        f"reminder processo.yaml:2:18: “scan 001 1-3,5” entendido como “Scan 001.pdf 1-3,5”; {whole}",
        f"reminder processo.yaml:3:10: “TIF” entendido como “tif.tif”; {whole}",
    ]
    assert [f.proposal for f in findings] == ["  - notificacao: Scan 001.pdf 1-3,5", "  - tif: tif.tif"]
    assert [page for _, _, page in claimed(plan)] == [1, 2, 3, 5, 1, 2]


def test_pages_that_are_written_under_their_own_word_are_not_looked_for_in_the_name():
    scans = {"scan.pdf": 4}
    _, findings = planned(["{tipo: notificacao, arquivo: scan 1, paginas: 2-3}"], scans)
    assert [f.message for f in findings] == ["não há scan 1"]
    plan, findings = planned(["{tipo: notificacao, arquivo: scan, paginas: 2-3}"], scans)
    assert [page for _, _, page in claimed(plan)] == [2, 3]
    assert findings[0].message == "“scan” entendido como “scan.pdf”; prefira escrever o nome inteiro do arquivo"


def test_only_capitals_that_differ_are_not_worth_a_word():
    plan, findings = planned(["notificacao: SCAN.PDF 2"], {"scan.pdf": 2})
    assert (claimed(plan), findings) == ([("notificacao", "scan.pdf", 2)], ())


def test_pages_written_apart_belong_to_the_file_before_them_however_many_words_that_has():
    plan, findings = planned(["notificacao: o meu scan novo 1 a 3"], {"o meu scan novo.pdf": 4})
    assert [page for _, _, page in claimed(plan)] == [1, 2, 3]
    assert "“o meu scan novo 1 a 3” entendido como “o meu scan novo.pdf 1-3”" in findings[0].message


def test_where_a_number_may_be_of_the_name_or_of_the_page_nothing_is_guessed():
    plan, findings = planned(["notificacao: tif 1 a 3"], {"tif.pdf": 9, "tif 1 a.pdf": 9})
    assert claimed(plan) == []
    assert texts(findings) == ["error processo.yaml:2:18: não há tif 1 a 3"]


def test_separator_sheets_that_no_section_lists_are_no_forgotten_pages():
    sheet, forgotten, claimed_sheet = PageRef("s.pdf", 1), PageRef("s.pdf", 3), PageRef("s.pdf", 2)
    plan = set_apart(Plan((), (sheet, forgotten)), {sheet, claimed_sheet})
    assert plan == Plan((), (forgotten,), (sheet,))


def test_forgotten_pages_are_reported_scan_by_scan():
    scans = {"a.pdf": 5, "b.pdf": 2, "c.pdf": 1, "recibo.pdf": 1, "recibo e mais.pdf": 2}
    gone = {"a.pdf": (1, 2, 5), "b.pdf": (2,), "c.pdf": (1,), "recibo.pdf": (1,), "recibo e mais.pdf": (2,)}
    unclaimed = tuple(PageRef(name, page) for name, pages in gone.items() for page in pages)
    left = "estão fora de todas as seções e não foram para os PDFs. Se faz parte do processo, inclua em “secoes”"
    one = "está fora de todas as seções e não foi para os PDFs. Se faz parte do processo, inclua em “secoes”"
    whole = "está fora de todas as seções e não foi para os PDFs. Se faz parte do processo, inclua-o em “secoes”"
    assert texts(unclaimed_findings(unclaimed, scans)) == [
        f"warning a.pdf: as páginas 1-2, 5 de “a.pdf” {left}",
        f"warning b.pdf: a página 2 de “b.pdf” {one}",
        f"warning c.pdf: o arquivo “c.pdf” {whole}",
        (
            "reminder recibo.pdf: “recibo.pdf” parece ser o recibo da solicitação de juntada, que não entra nos PDFs; "
            "se faz parte do processo, inclua-o em “secoes” (Manual, Juntar, passo 10)"
        ),
        f"warning recibo e mais.pdf: a página 2 de “recibo e mais.pdf” {one}",
    ]


def test_pages_are_written_as_the_sidecar_writes_them():
    assert compact([1, 2, 3, 8, 10, 11]) == "1-3, 8, 10-11"
    assert compact([3, 1, 2]) == "3, 1-2"
    assert compact([]) == ""
