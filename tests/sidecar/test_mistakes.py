"""The table of slips: what is unambiguous is understood, what is not is shown with a proposal that works."""

from __future__ import annotations

import pytest

from itrwatch.core.findings import Finding
from itrwatch.sidecar import yaml_tree
from itrwatch.sidecar.sidecar import read_sidecar
from tests.sidecar.mistakes import SLIPS

NAME = "processo.yaml"
ROWS = [pytest.param(*row, id=f"{group} {number}") for group, rows in SLIPS.items() for number, row in enumerate(rows)]


def findings(text: str) -> list[Finding]:
    parsed = yaml_tree.read(text.encode(), NAME)
    read = read_sidecar(parsed.node, NAME, parsed.lines) if parsed.node else None
    return [*parsed.findings, *(read.findings if read else ())]


def said(text: str) -> list[str]:
    """All that the fiscal sees, as in PENDENTE.txt."""
    lines = []
    for finding in findings(text):
        lines += [f"{finding.severity.value} {finding}".replace(f"{NAME}:", ""), *finding.picture()]
    return lines


def with_proposals(text: str) -> str:
    """``text`` after the fiscal copied every proposal over its line."""
    lines = text.split("\n")
    for finding in findings(text):
        if finding.proposal and finding.line:
            lines[finding.line - 1] = finding.proposal
            if "apague aquela" in finding.message:
                lines[finding.line] = ""
    return "\n".join(lines)


@pytest.mark.parametrize(("text", "expected"), ROWS)
def test_what_is_said(text: str, expected: list[str]) -> None:
    assert said(text) == expected


@pytest.mark.parametrize(("text", "expected"), ROWS)
def test_a_proposal_is_taken_without_a_word_about_its_line(text: str, expected: list[str]) -> None:
    proposals = [(finding.line, finding.message) for finding in findings(text) if finding.proposal]
    again = [(finding.line, finding.message) for finding in findings(with_proposals(text))]
    assert not set(proposals) & set(again), expected


def test_the_table_is_long_enough_and_shows_both_answers() -> None:
    assert len(ROWS) >= 60
    answers = {row.values[1][0].split()[0] for row in ROWS if row.values[1]}
    assert answers == {"error", "warning", "reminder"}
