"""Findings about a case: errors, warnings, reminders, as codes with facts.

warning(Code.CAPA_IMPOSSIBLE, year=2024).message -> the Portuguese sentence
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from itrwatch.core.codes import Code
from itrwatch.core.filenames import printable
from itrwatch.core.pages import Spot
from itrwatch.core.sentences import Fact, Wording, word


class Severity(StrEnum):
    """The severity of a finding; the order of definition is the order of display."""

    ERROR = "error"
    """The case cannot be carried out as written; nothing is published."""
    WARNING = "warning"
    """The case is published, but should be checked."""
    REMINDER = "reminder"
    """A program cannot check this: a box for the fiscal to tick."""


@dataclass(frozen=True, slots=True)
class Finding:
    """``warning(Code.CAPA_IMPOSSIBLE, year=2024)``: a code, its facts, its place; `message` makes the text for display.

    ``file``: the name inside the case folder. ``line`` and ``column`` count from 1, in the sidecar only. ``page`` counts
    from 1 in the scan ``file``; ``folha``: the number of the published page. ``excerpt``: the line as written, with tabs
    and special blanks made visible and cut if very long; ``caret``: the position of the fault in it, from 1; ``proposal``: the
    corrected line or lines; each is empty where it would not help. ``replaces``: the number of lines, from ``line`` on, that the
    proposal replaces; an empty proposal that replaces a line deletes it. ``spot``: what the finding is about, on the page's picture. The manifest
    stores none of these last five.
    """

    severity: Severity
    code: Code
    facts: tuple[tuple[str, Fact], ...] = ()
    file: str | None = None
    line: int | None = None
    column: int | None = None
    page: int | None = None
    folha: int | None = None
    excerpt: str = ""
    caret: int | None = None
    proposal: str = ""
    replaces: int = 0
    spot: Spot | None = None

    @property
    def wording(self) -> Wording:
        """The sentence in its parts, without the place."""
        return self.wording_of("PÁGINA" if self.page is None else str(self.page))

    def wording_of(self, page: str) -> Wording:
        """The sentence with other words for the page, as for several pages."""
        return word(self.code, {"page": page, **dict(self.facts)})

    @property
    def message(self) -> str:
        """The sentence; for a published page, preceded by its folha, which the analyst knows."""
        return f"folha {self.folha}: {self.wording.message}" if self.folha is not None else self.wording.message

    @property
    def rule(self) -> str:
        """The citation of the paragraph or norm behind the finding, or empty."""
        return self.wording.rule

    def picture(self) -> tuple[str, ...]:
        """The line, a caret under the fault and the corrected line, for a fixed-width font; may be empty."""
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
        """``processo.yaml:14:3: mensagem (Manual, 2.1)``: one printable line, for any file name."""
        place = ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)
        page = f", página {self.page}" if self.page is not None else ""
        rule = f" ({self.rule})" if self.rule else ""
        return printable((f"{place}{page}: " if place else "") + self.message + rule)


def _of_lines(first: int, last: int) -> str:
    return f"das linhas {first} {'e' if last == first + 1 else 'a'} {last}"


_PLACE = ("file", "line", "column", "page", "folha", "spot")


def find(severity: Severity, code: Code, values: Mapping[str, Fact | Spot | None]) -> Finding:
    """A finding from ``values``: file, line, column, page and folha are its place; all others are facts."""
    place = {name: values[name] for name in _PLACE if name in values}
    facts = tuple((name, value) for name, value in values.items() if name not in _PLACE and value is not None)
    return Finding(severity, code, facts, **place)  # type: ignore[arg-type]


def error(code: Code, **values: Fact | Spot | None) -> Finding:
    """A finding that prevents publication: ``error(Code.SIDECAR_MISSING, text=…, file=…)``."""
    return find(Severity.ERROR, code, values)


def warning(code: Code, **values: Fact | Spot | None) -> Finding:
    """A finding that should be checked: ``warning(Code.CAPA_IMPOSSIBLE, year=2024)``."""
    return find(Severity.WARNING, code, values)


def reminder(code: Code, **values: Fact | Spot | None) -> Finding:
    """A point that only the fiscal can check: ``reminder(Code.GROUNDS)``."""
    return find(Severity.REMINDER, code, values)


def unrepeated(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings without duplicates, errors first; within a severity in the order found."""
    order = list(Severity)
    return tuple(sorted(dict.fromkeys(findings), key=lambda finding: order.index(finding.severity)))
