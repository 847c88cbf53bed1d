"""The fiscal counted the paper, and says so: ``folhas: 5``."""

import pytest

from tests.office import blank_page, scan_bytes
from tests.sidecar.test_followed_hints import Reading


def item(folhas, pages="1-3", more=""):
    return f"secoes:\n  - tipo: notificacao\n    arquivo: scan.pdf\n    paginas: {pages}\n    folhas: {folhas}\n{more}"


def published_and_errors(office, text, *pages):
    office.case(text, scan_pdf=scan_bytes(*pages))
    manifest = office.do()
    return manifest.published, [str(finding) for finding in manifest.findings if finding.severity == "error"]


def test_a_count_that_is_right_is_not_spoken_of(office):
    assert published_and_errors(office, item(3), "a", "b", "c") == (True, [])


def test_a_page_that_went_as_blank_is_missed(office):
    published, errors = published_and_errors(office, item(3), "a", blank_page(), "c")
    assert not published
    assert errors == [
        (
            "processo.yaml:5: este item devia ter 3 folhas, e ficou com 2, pois de 3 páginas 1 foi retirada: página 2 de "
            "“scan.pdf” (em branco); se uma delas deve ficar, use “manter”; se a conta está certa assim, escreva “folhas: 2”"
        )
    ]
    assert published_and_errors(office, item(2), "a", blank_page(), "c") == (True, [])
    assert published_and_errors(office, item(3, more="    manter: [2]\n"), "a", blank_page(), "c") == (True, [])


def test_a_page_too_many_is_refused(office):
    published, errors = published_and_errors(office, item(2), "a", "b", "c")
    assert not published
    assert errors == [
        "processo.yaml:5: este item devia ter 2 folhas, e ficou com 3; confira as páginas do item, ou escreva “folhas: 3”"
    ]


def test_too_few_scanned_pages_are_reported_before_any_is_looked_at():
    (fault,) = Reading(item(5), {"scan.pdf": 9}).errors
    assert fault.message == (
        "este item devia ter 5 folhas, e só há 3 páginas digitalizadas; confira se a digitalização está completa, ou corrija “folhas”"
    )


@pytest.mark.parametrize("text", ["cinco", "0", "-3", "5-7", "1.5", "99999"])
def test_a_count_is_a_number(text):
    (fault,) = Reading(item(f"'{text}'"), {"scan.pdf": 9}).errors
    assert fault.message == f"não entendi “{text}” em “folhas”; escreva quantas são, por exemplo “folhas: 5”"


@pytest.mark.parametrize("text", ["3", "003", "3 folhas", "3 fls."])
def test_a_count_may_say_what_it_counts(text):
    reading = Reading(item(text), {"scan.pdf": 9})
    assert reading.errors == []
    assert [expected.count for expected in reading.plan.expected] == [3]


def test_a_wrong_page_hides_the_finding_about_the_count():
    faults = Reading(item(5, pages="1-30"), {"scan.pdf": 9}).errors
    assert len(faults) == 1
    assert "a página 30 não existe" in faults[0].message


def test_the_count_stands_below_a_section_word_too():
    text = "secoes:\n  - notificacao:\n      arquivo: scan.pdf 1-3\n      folhas: 3\n"
    assert [expected.count for expected in Reading(text, {"scan.pdf": 9}).plan.expected] == [3]
