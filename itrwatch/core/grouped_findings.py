"""Findings that say the same of several pages, grouped into one.

A scanner left at 150 dpi gives a warning for every page of a case; the one about a missing AR must not drown among two hundred.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from itrwatch.core.filenames import printable
from itrwatch.core.findings import Finding, Severity
from itrwatch.core.termo import enumerated, folhas


@dataclass(frozen=True, slots=True)
class GroupedFinding:
    """``findings`` are one, or alike but for their page and its folha."""

    findings: tuple[Finding, ...]

    @property
    def message(self) -> str:
        """The sentence of the one finding, or “folhas 1 a 4 e 7: …” of them all."""
        if len(self.findings) == 1:
            return self.findings[0].message
        said = self.findings[0].wording_of("PÁGINA").message
        numbers = [finding.folha for finding in self.findings if finding.folha is not None]
        return f"{folhas(numbers)}: {said}" if numbers else said

    @property
    def files(self) -> tuple[tuple[str, tuple[Finding, ...]], ...]:
        """The findings about each file, by the name to show."""
        names = dict.fromkeys(finding.file or "" for finding in self.findings)
        return tuple((printable(name), tuple(f for f in self.findings if (f.file or "") == name)) for name in names)

    def __str__(self) -> str:
        """As a finding says it; of several pages “scan 001.pdf, páginas 1, 2 e 4: …”."""
        if len(self.findings) == 1:
            return str(self.findings[0])
        where = "; ".join(f"{name}, {_pages(findings)}" for name, findings in self.files)
        rule = self.findings[0].rule
        return printable(f"{where}: {self.message}" + (f" ({rule})" if rule else ""))


def grouped_findings(findings: Iterable[Finding], severity: Severity) -> tuple[GroupedFinding, ...]:
    """The points of one severity, each where its first finding stands."""
    alike: dict[object, list[Finding]] = {}
    for finding in findings:
        if finding.severity is severity:
            key = (finding.code, finding.facts, finding.picture()) if finding.page is not None else finding
            alike.setdefault(key, []).append(finding)
    return tuple(GroupedFinding(tuple(same)) for same in alike.values())


def _pages(findings: tuple[Finding, ...]) -> str:
    numbers = [str(finding.page) for finding in findings]
    return f"página {numbers[0]}" if len(numbers) == 1 else f"páginas {enumerated(numbers)}"
