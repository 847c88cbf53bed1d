"""Groups findings that say the same about several pages.

    grouped_findings(findings, Severity.WARNING) -> (“folhas 1 a 4 e 7: …”, …)

A scanner set to 150 dpi causes a warning for every page; grouped, they do not hide the one about a missing AR.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from itrwatch.core.filenames import printable
from itrwatch.core.findings import Finding, Severity
from itrwatch.core.termo import enumerated, folhas


@dataclass(frozen=True, slots=True)
class GroupedFinding:
    """``findings``: one finding, or several that differ only in file, page and folha."""

    findings: tuple[Finding, ...]

    @property
    def message(self) -> str:
        """The sentence of a single finding, or “folhas 1 a 4 e 7: …” for several."""
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
        """The text of a single finding, or “scan 001.pdf, páginas 1, 2 e 4: …” for several."""
        if len(self.findings) == 1:
            return str(self.findings[0])
        where = "; ".join(f"{name}, {_pages(findings)}" for name, findings in self.files)
        rule = self.findings[0].rule
        return printable(f"{where}: {self.message}" + (f" ({rule})" if rule else ""))


def grouped_findings(findings: Iterable[Finding], severity: Severity) -> tuple[GroupedFinding, ...]:
    """The groups of one severity, ordered by their first finding."""
    alike: dict[object, list[Finding]] = {}
    for finding in findings:
        if finding.severity is severity:
            key = (finding.code, finding.facts, finding.picture()) if finding.page is not None else finding
            alike.setdefault(key, []).append(finding)
    return tuple(GroupedFinding(tuple(same)) for same in alike.values())


def _pages(findings: tuple[Finding, ...]) -> str:
    numbers = [str(finding.page) for finding in findings]
    return f"página {numbers[0]}" if len(numbers) == 1 else f"páginas {enumerated(numbers)}"
