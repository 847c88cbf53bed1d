"""What itrwatch has to say about a case: faults, warnings, reminders, as codes with facts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from itrwatch.core.codes import Code
from itrwatch.core.filenames import printable
from itrwatch.core.sentences import Fact, Wording, word


class Severity(StrEnum):
    """How much a finding weighs; the order of definition is the order of display."""

    ERROR = "error"
    """The case cannot be carried out as written; nothing is published."""
    WARNING = "warning"
    """The case is published, but should be checked."""
    REMINDER = "reminder"
    """What no machine can see: a box for the fiscal to tick."""


@dataclass(frozen=True, slots=True)
class Finding:
    """``warning(Code.CAPA_IMPOSSIBLE, year=2024)``: a code, its facts, its place; `message` is made when it is shown.

    ``file`` is the name inside the case folder; ``line`` and ``column`` count from 1, in the sidecar only; ``page`` counts
    from 1 in the scan ``file``, ``folha`` is the number that it was published with. ``excerpt`` is the line as written (tabs and
    odd blanks made visible, a very long line cut), ``caret`` the place of the slip in it from 1, ``proposal`` the whole line as it
    should read, or the lines that it should become; each is empty where it would not help. ``replaces``: how many lines from
    ``line`` on the proposal stands for; a proposal that is empty and replaces a line asks to delete it. The manifest carries none
    of these.
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

    @property
    def wording(self) -> Wording:
        """The sentence in its parts, without the place."""
        return self.wording_of("PÁGINA" if self.page is None else str(self.page))

    def wording_of(self, page: str) -> Wording:
        """The same with another word for the page: one sentence for several pages."""
        return word(self.code, {"page": page, **dict(self.facts)})

    @property
    def message(self) -> str:
        """The sentence; of a published page with its folha in front, by which the analyst will know it."""
        return f"folha {self.folha}: {self.wording.message}" if self.folha is not None else self.wording.message

    @property
    def rule(self) -> str:
        """The paragraph or norm that it rests on, as it is cited, or empty."""
        return self.wording.rule

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


_PLACE = ("file", "line", "column", "page", "folha")


def find(severity: Severity, code: Code, values: dict[str, Fact | None]) -> Finding:
    """A finding of ``values``: file, line, column, page and folha are its place, everything else is a fact."""
    place = {name: values[name] for name in _PLACE if name in values}
    facts = tuple((name, value) for name, value in values.items() if name not in _PLACE and value is not None)
    return Finding(severity, code, facts, **place)  # type: ignore[arg-type]


def error(code: Code, **values: Fact | None) -> Finding:
    """What keeps the case from being published: ``error(Code.SIDECAR_MISSING, text=…, file=…)``."""
    return find(Severity.ERROR, code, values)


def warning(code: Code, **values: Fact | None) -> Finding:
    """A finding that should be checked: ``warning(Code.CAPA_IMPOSSIBLE, year=2024)``."""
    return find(Severity.WARNING, code, values)


def reminder(code: Code, **values: Fact | None) -> Finding:
    """What no machine can settle: ``reminder(Code.GROUNDS)``."""
    return find(Severity.REMINDER, code, values)


def unrepeated(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings without repetitions, errors first, each severity in the order in which it was found."""
    order = list(Severity)
    return tuple(sorted(dict.fromkeys(findings), key=lambda finding: order.index(finding.severity)))
