"""What every reader of a tree needs: a place to put faults, and keys looked up by the words they mean."""

from __future__ import annotations

import re
from collections.abc import Iterable

from itrwatch.core.findings import Finding, Severity
from itrwatch.core.ranges import Pages, parse_pages
from itrwatch.core.tree import Mapping, Node, Place, Scalar, is_empty
from itrwatch.core.words import match, shown, suggestion

_GLUED = re.compile(r"(\w+):(\S.*)", re.DOTALL)


class Notes:
    """Collects what there is to say about one file, so that all of it is said at once."""

    def __init__(self, file_name: str) -> None:
        self._file_name = file_name
        self._findings: list[Finding] = []

    def error(self, place: Place, message: str, rule: str = "") -> None:
        """Notes what keeps the case from being published."""
        self._add(Severity.ERROR, place, message, rule)

    def warning(self, place: Place, message: str, rule: str = "") -> None:
        """Notes what somebody should look at."""
        self._add(Severity.WARNING, place, message, rule)

    def reminder(self, place: Place, message: str, rule: str = "") -> None:
        """Notes what was understood although it was not written as it should."""
        self._add(Severity.REMINDER, place, message, rule)

    def findings(self) -> tuple[Finding, ...]:
        """Everything noted, from the top of the file to the end."""
        return tuple(sorted(self._findings, key=lambda finding: (finding.line or 0, finding.column or 0)))

    def failed(self) -> bool:
        """Whether an error was noted."""
        return any(finding.severity is Severity.ERROR for finding in self._findings)

    def _add(self, severity: Severity, place: Place, message: str, rule: str) -> None:
        self._findings.append(
            Finding(severity, message, rule, file=self._file_name, line=place.line, column=place.column)
        )


def keyed(pairs: Iterable[tuple[Scalar, Node]], words: tuple[str, ...], notes: Notes) -> dict[str, tuple[Scalar, Node]]:
    """The pairs by the word that each key means; unknown and repeated keys are noted as errors."""
    found: dict[str, tuple[Scalar, Node]] = {}
    for key, value in pairs:
        word = match(key.text, words)
        if word is None:
            notes.error(key.place, unknown_key(key, words))
        elif word in found:
            notes.error(key.place, repeated_key(key.text, found[word][0].place.line, key.place.line))
        else:
            found[word] = key, value
    return found


def repeated_key(text: str, first_line: int, second_line: int) -> str:
    """The sentence about a key that stands twice in one block."""
    lines = f"na linha {first_line}" if first_line == second_line else f"nas linhas {first_line} e {second_line}"
    return f"{shown(text)} aparece duas vezes, {lines}; deixe só uma, ou comece cada item com um traço se for uma lista"


def unknown_key(key: Scalar, words: tuple[str, ...]) -> str:
    """The sentence about a key that is no known word, after the slips that look like one."""
    glued = _GLUED.fullmatch(key.text)
    if glued and match(glued[1], words):
        return f"falta um espaço depois dos dois-pontos; escreva {shown(f'{glued[1]}: {glued[2]}')}"
    if isinstance(parse_pages(key.text), Pages):
        return (
            f'{shown(key.text)} ficou separado por uma vírgula; ponha todas as páginas entre aspas, por exemplo "1-3,8"'
        )
    return f"palavra desconhecida {shown(key.text)}; {suggestion(key.text, words)}"


def text_of(entry: tuple[Scalar, Node] | None, notes: Notes) -> Scalar | None:
    """The single text of an optional key, on one line; None if it is missing, empty or (noted) a list."""
    if entry is None or is_empty(entry[1]):
        return None
    key, value = entry
    if not isinstance(value, Scalar):
        notes.error(value.place, f"{shown(key.text)} leva um valor só; escreva o texto depois dos dois-pontos")
        return None
    return Scalar(" ".join(value.text.split()), value.place, quoted=value.quoted)


def word_of(entry: tuple[Scalar, Node] | None, words: tuple[str, ...], notes: Notes) -> str | None:
    """The known word that an optional key holds; an unknown one is noted as an error."""
    value = text_of(entry, notes)
    if entry is None or value is None:
        return None
    word = match(value.text, words)
    if word is None:
        where = shown(entry[0].text)
        notes.error(value.place, f"valor desconhecido {shown(value.text)} em {where}; {suggestion(value.text, words)}")
    return word


def mapping_of(entry: tuple[Scalar, Node] | None, example: str, notes: Notes) -> Mapping | None:
    """The block of an optional key; another kind of value is noted as an error with ``example``."""
    if entry is None or is_empty(entry[1]):
        return None
    key, value = entry
    if isinstance(value, Mapping):
        return value
    notes.error(value.place, f"não entendi o valor de {shown(key.text)}; escreva, por exemplo, {example}")
    return None
