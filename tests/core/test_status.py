"""The service in one line, as systemd's status shows it."""

from datetime import datetime

from itrwatch.core.status import WORKING, CaseStatus, Root, StatusSnapshot, summary

NOON = datetime(2026, 11, 22, 12).astimezone()


def test_an_office_without_cases_says_so():
    assert summary(StatusSnapshot(NOON)) == "nenhuma pasta"


def test_what_is_wrong_comes_first_then_what_is_done_then_how_many_wait():
    roots = (Root("entrada", "/e", trouble="a entrada não responde"), Root("saída", "/s", mode="inotify"))
    places = (
        CaseStatus("B", "publicado"),
        CaseStatus("C", "pendente"),
        CaseStatus("A\nx", WORKING, done=3, total=40),
        CaseStatus("D", "publicado"),
    )
    assert summary(StatusSnapshot(NOON, roots, places, ("o disco está cheio",))) == (
        "a entrada não responde; o disco está cheio; em trabalho: “A\\nx” (página 3 de 40), pendente: 1, publicado: 2"
    )


def test_a_case_whose_pages_are_not_yet_counted_is_being_worked_on_all_the_same():
    assert summary(StatusSnapshot(NOON, cases=(CaseStatus("A", WORKING),))) == "em trabalho: “A”"
    assert summary(StatusSnapshot(NOON, cases=(CaseStatus("A", "outro", done=1, total=2),))).startswith(
        "em trabalho: “A” (página 1 de 2)"
    )
