"""What itrwatch has to say about a case: faults, warnings, reminders."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from itrwatch.core.filenames import printable


class Severity(StrEnum):
    """How much a finding weighs; the order of definition is the order of display."""

    ERROR = "error"
    """The case cannot be carried out as written; nothing is published."""
    WARNING = "warning"
    """Published, but somebody should look."""
    REMINDER = "reminder"
    """What no machine can see: a box for the fiscal to tick."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence in Portuguese for the fiscal, with its place and its rule.

    ``rule`` cites the source (“Manual, 2.1”) or is empty; ``file`` is the name inside the
    case folder; ``line`` and ``column`` count from 1, in the sidecar only; ``page`` counts
    from 1 in the scan ``file``. ``excerpt`` is the line as written (tabs and odd blanks made
    visible, a very long line cut), ``caret`` the place of the slip in it from 1, ``proposal`` the
    whole line as it should read, or the lines that it should become; each is empty where it would not help.
    ``replaces``: how many lines from ``line`` on the proposal stands for; a proposal that is empty and
    replaces a line asks to delete it. The manifest carries none of these.
    """

    severity: Severity
    message: str
    rule: str = ""
    file: str | None = None
    line: int | None = None
    column: int | None = None
    page: int | None = None
    excerpt: str = ""
    caret: int | None = None
    proposal: str = ""
    replaces: int = 0

    def picture(self) -> tuple[str, ...]:
        """The line, a caret under the slip and the line as it should read, for a fixed-width font; may be empty."""
        lines = [f"está:    {self.excerpt}"] if self.excerpt else []
        if lines and self.caret:
            lines.append(" " * (len("está:    ") + self.caret - 1) + "^")
        return (*lines, *self._remedy())

    def _remedy(self) -> Iterator[str]:
        if not self.proposal:
            yield from ["apague esta linha"] if self.replaces else []
            return
        first, *more = self.proposal.split("\n")
        yield f"escreva: {first}"
        yield from (" " * len("escreva: ") + line for line in more)
        if self.replaces > 1 and self.line is not None:
            yield f"         (no lugar {_of_lines(self.line, self.line + self.replaces - 1)})"

    def __str__(self) -> str:
        """``processo.yaml:14:3: mensagem (Manual, 2.1)``, on one line and printable, whatever a file is called."""
        place = ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)
        page = f", página {self.page}" if self.page is not None else ""
        rule = f" ({self.rule})" if self.rule else ""
        return printable((f"{place}{page}: " if place else "") + self.message + rule)


def _of_lines(first: int, last: int) -> str:
    return f"das linhas {first} {'e' if last == first + 1 else 'a'} {last}"


def error(message: str, rule: str = "", **place: str | int | None) -> Finding:
    """A finding that keeps the case from being published."""
    return Finding(Severity.ERROR, message, rule, **place)  # type: ignore[arg-type]


def warning(message: str, rule: str = "", **place: str | int | None) -> Finding:
    """A finding that somebody should look at."""
    return Finding(Severity.WARNING, message, rule, **place)  # type: ignore[arg-type]


def reminder(message: str, rule: str = "", **place: str | int | None) -> Finding:
    """A finding that no machine can settle."""
    return Finding(Severity.REMINDER, message, rule, **place)  # type: ignore[arg-type]


def unrepeated(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings without repetitions, errors first, each severity in the order in which it was found."""
    order = list(Severity)
    return tuple(sorted(dict.fromkeys(findings), key=lambda finding: order.index(finding.severity)))
