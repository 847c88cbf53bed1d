"""The line of a slip as the fiscal sees it: cut where it is too long, signs made visible, and as it should read."""

from itrwatch.core.codes import Code
from itrwatch.core.excerpts import corrected, excerpt, illustrated
from itrwatch.core.findings import Severity, error, reminder, unrepeated, warning

LONG = "".join(chr(ord("a") + number % 26) for number in range(300))


def test_a_usual_line_is_shown_as_it_is():
    assert excerpt("  - notificacao: n.pdf", 18) == ("  - notificacao: n.pdf", 18)


def test_a_line_of_just_the_width_is_not_cut_and_one_more_is():
    assert excerpt(LONG[:100], 1) == (LONG[:100], 1)
    assert excerpt(LONG[:101], 1) == (LONG[:100] + "…", 1)
    assert excerpt(LONG[:100], 61) == (LONG[:100], 61)
    assert excerpt(LONG[:101], 61) == (LONG[:100] + "…", 61)


def test_a_slip_far_in_is_shown_with_what_is_around_it():
    shown, caret = excerpt(LONG, 201)
    assert shown == "…" + LONG[140:240] + "…"
    assert shown[caret - 1] == LONG[200]
    assert excerpt(LONG, 62) == ("…" + LONG[1:101] + "…", 62)


def test_signs_that_nobody_sees_are_shown():
    assert excerpt("a\tb\u00a0c\u200bd e", 1) == ("a→b␣c□d e", 1)


def test_only_the_first_of_two_slips_from_the_place_on_is_mended():
    assert corrected("a: x; b: x; c: x", 7, ("x", "y")) == "a: x; b: y; c: x"
    assert corrected("a: x\tb  ", 1, ("x", "y")) == "a: y b"


def test_what_would_not_help_is_not_proposed():
    assert corrected("a: x", 1, ("z", "y")) == ""
    assert corrected("a: x", 1, ("x", "x")) == ""
    assert corrected("a: x  ", 1, "a: x") == ""
    assert corrected("a: x", 1, "b" * 300) == "b" * 300
    assert corrected("a: x", 1, "b" * 301) == ""


def test_a_finding_gets_the_line_that_it_is_about():
    lines = ("um", "dois", "tres x")
    found = illustrated(error(Code.OTHER, text="não", line=3, column=6), lines, ("x", "y"))
    assert (found.excerpt, found.caret, found.proposal) == ("tres x", 6, "tres y")
    assert found.picture() == ("está:    tres x", " " * 14 + "^", "escreva: tres y")
    assert illustrated(error(Code.OTHER, text="não", line=1, column=1), lines).proposal == ""
    for place in ({"line": 4, "column": 1}, {"line": 0, "column": 1}, {"line": 1}, {"column": 1}):
        assert illustrated(error(Code.OTHER, text="não", **place), lines) == error(Code.OTHER, text="não", **place)
    assert illustrated(found, ("x",) * 9, ("x", "z")) == found  # it has its line already
    assert illustrated(error(Code.OTHER, text="não", line=1, column=1), ("",)) == error(
        Code.OTHER, text="não", line=1, column=1
    )


def test_what_is_found_twice_is_reported_once_and_errors_come_first():
    findings = [
        reminder(Code.OTHER, text="r"),
        warning(Code.OTHER, text="w", rule="Manual, 2"),
        error(Code.OTHER, text="e"),
        warning(Code.OTHER, text="w", rule="Manual, 2"),
        warning(Code.OTHER, text="v"),
        error(Code.OTHER, text="a"),
    ]
    kept = unrepeated(findings)
    assert [str(finding) for finding in kept] == ["e", "a", "w (Manual, 2)", "v", "r"]
    assert [finding.severity for finding in kept] == [
        *([Severity.ERROR] * 2),
        *([Severity.WARNING] * 2),
        Severity.REMINDER,
    ]
