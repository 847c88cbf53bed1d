"""Collects the findings about one text file, each with its place, so that all are reported at once."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from itrwatch.core.codes import Code
from itrwatch.core.excerpts import TAB, Fix, Replacement, illustrated
from itrwatch.core.findings import Finding, Severity, find
from itrwatch.core.sentences import Fact
from itrwatch.core.tree import START, Node, Place, Scalar

MOST_FINDINGS = 50
"""Most findings of one severity that are reported. Chosen: a file with more is not a sidecar, or repeats one error."""


_MANY = {Severity.ERROR: "erros", Severity.WARNING: "avisos", Severity.REMINDER: "lembretes"}


class FindingCollector:
    """Collects the findings about one file; with the ``lines`` of the file, each finding quotes its line.

        collector.error(Place(14, 3), "a página 0 não existe", fix=("0", "1")); collector.findings() -> (Finding(…),)

    ``fix``: the correction of the line (`Fix`), or empty.
    """

    def __init__(self, file_name: str, lines: Sequence[str] = ()) -> None:
        self.file_name = file_name
        self._lines = lines
        self._findings: list[Finding] = []
        self._count: Counter[Severity] = Counter()

    def error(self, place: Place, message: str, fix: Fix = "", code: Code = Code.SIDECAR_FAULT) -> None:
        """Note an error, which prevents publication."""
        self._add(Severity.ERROR, place, message, fix, code)

    def warning(self, place: Place, message: str, fix: Fix = "", code: Code = Code.SIDECAR_DOUBT) -> None:
        """Note a warning."""
        self._add(Severity.WARNING, place, message, fix, code)

    def reminder(self, place: Place, message: str, fix: Fix = "", code: Code = Code.SIDECAR_UNDERSTOOD) -> None:
        """Note an unusual spelling that was understood."""
        self._add(Severity.REMINDER, place, message, fix, code)

    def findings(self) -> tuple[Finding, ...]:
        """The findings in file order, at most `MOST_FINDINGS` of each severity, and last one for each severity that has more."""
        ordered = sorted(self._findings, key=lambda finding: (finding.line or 0, finding.column or 0))
        for severity, count in sorted(self._count.items()):
            if count > MOST_FINDINGS:
                more: dict[str, Fact | None] = {
                    "kind": _MANY[severity],
                    "file": self.file_name,
                    "line": ordered[-1].line,
                }
                ordered.append(find(severity, Code.SIDECAR_MORE, more))
        return tuple(ordered)

    def full(self) -> bool:
        """Whether there are more errors than are reported, so that reading can stop."""
        return self._count[Severity.ERROR] > MOST_FINDINGS

    def checkpoint(self) -> tuple[int, Counter[Severity]]:
        """The current state; `roll_back` returns to it."""
        return len(self._findings), self._count.copy()

    def roll_back(self, checkpoint: tuple[int, Counter[Severity]]) -> None:
        """Remove the findings noted since ``checkpoint``."""
        del self._findings[checkpoint[0] :]
        self._count = checkpoint[1]

    def is_line_of(self, key: Scalar, value: Node) -> bool:
        """Whether a line of the file contains only this pair, so that the line can be deleted."""
        line = self.line(key.place)
        alone = line.lstrip().startswith(key.text) and len(line) - len(line.lstrip()) == key.place.column - 1
        return alone and isinstance(value, Scalar) and (value.empty or value.place.line == key.place.line)

    def below(self, head: str, place: Place) -> Fix:
        """The line at ``place`` with ``head`` above it, or before it on the same line if ``head`` ends with a dash; "" if there is no such line."""
        line = self.line(place)
        return Replacement(f"{head}{line}" if head.endswith("- ") else f"{head}\n{line}") if line else ""

    def inner(self, place: Place, usual: int) -> int:
        """The column (from 0) for a key that is added above ``place``, in the file's own indentation.

        ``usual``: the column in a file indented as our drafts are; returned if the lines above show no other.
        """
        for line in reversed(self._lines[: place.line - 1]):
            if found := re.match(r" *- +", line):
                return found.end() if usual > len(TAB) else usual
            if line[:1].strip() and usual <= len(TAB):
                return usual
        return usual

    def line(self, place: Place) -> str:
        """The line of the file at ``place``; empty if the lines are unknown."""
        return self._lines[place.line - 1] if 0 < place.line <= len(self._lines) else ""

    def commented(self, place: Place) -> str:
        """The line at ``place`` as a comment."""
        line = self.line(place)
        return f"{line[: place.column - 1]}# {line[place.column - 1 :]}"

    def failed(self) -> bool:
        """Whether an error was noted."""
        return self._count[Severity.ERROR] > 0

    def _add(self, severity: Severity, place: Place, message: str, fix: Fix, code: Code) -> None:
        self._count[severity] += 1
        if self._count[severity] > MOST_FINDINGS:
            return
        values: dict[str, Fact | None] = {
            "text": message,
            "file": self.file_name,
            "line": place.line,
            "column": place.column,
        }
        finding = find(severity, code, values)
        # A finding about the whole file has no line to show.
        self._findings.append(finding if place is START else illustrated(finding, self._lines, fix))
