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
"""The most findings of one severity that are reported. Chosen: with more, the file is something else, or one slip is repeated."""


_MANY = {Severity.ERROR: "erros", Severity.WARNING: "avisos", Severity.REMINDER: "lembretes"}


class FindingCollector:
    """Collects what there is to say about one file, so that all of it is said at once.

    With the ``lines`` of the file, each finding shows its own; ``fix`` says how it should read.
    """

    def __init__(self, file_name: str, lines: Sequence[str] = ()) -> None:
        self.file_name = file_name
        self._lines = lines
        self._findings: list[Finding] = []
        self._count: Counter[Severity] = Counter()

    def error(self, place: Place, message: str, fix: Fix = "", code: Code = Code.SIDECAR_FAULT) -> None:
        """Notes what keeps the case from being published."""
        self._add(Severity.ERROR, place, message, fix, code)

    def warning(self, place: Place, message: str, fix: Fix = "", code: Code = Code.SIDECAR_DOUBT) -> None:
        """Note a warning."""
        self._add(Severity.WARNING, place, message, fix, code)

    def reminder(self, place: Place, message: str, fix: Fix = "", code: Code = Code.SIDECAR_UNDERSTOOD) -> None:
        """Notes what was understood although it was not written as it should."""
        self._add(Severity.REMINDER, place, message, fix, code)

    def findings(self) -> tuple[Finding, ...]:
        """The findings in the order of the file, at most `MOST_FINDINGS` of each severity."""
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
        """Whether the limit is reached, so that reading can stop."""
        return self._count[Severity.ERROR] > MOST_FINDINGS

    def mark(self) -> tuple[int, Counter[Severity]]:
        """What has been noted until now, to `forget` what comes after it."""
        return len(self._findings), self._count.copy()

    def forget(self, mark: tuple[int, Counter[Severity]]) -> None:
        """Take back what was noted since ``mark``."""
        del self._findings[mark[0] :]
        self._count = mark[1]

    def is_line_of(self, key: Scalar, value: Node) -> bool:
        """Whether a line of the file is this pair and nothing else, so that the line may go."""
        line = self.line(key.place)
        alone = line.lstrip().startswith(key.text) and len(line) - len(line.lstrip()) == key.place.column - 1
        return alone and isinstance(value, Scalar) and (value.empty or value.place.line == key.place.line)

    def below(self, head: str, place: Place) -> Fix:
        """The line at ``place`` with ``head`` above it, or in front of it where ``head`` ends with a dash."""
        line = self.line(place)
        return Replacement(f"{head}{line}" if head.endswith("- ") else f"{head}\n{line}") if line else ""

    def inner(self, place: Place, usual: int) -> int:
        """How far in the keys of the item above ``place`` stand; ``usual`` if there is no item."""
        for line in reversed(self._lines[: place.line - 1]):
            if found := re.match(r" *- +", line):
                return found.end() if usual > len(TAB) else usual
            if line[:1].strip() and usual <= len(TAB):
                return usual
        return usual

    def line(self, place: Place) -> str:
        """The line of the file at ``place``; empty if the file is not known."""
        return self._lines[place.line - 1] if 0 < place.line <= len(self._lines) else ""

    def commented(self, place: Place) -> str:
        """The line of the file as a comment."""
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
        # What is said of the whole file is no fault of its first line.
        self._findings.append(finding if place is START else illustrated(finding, self._lines, fix))
