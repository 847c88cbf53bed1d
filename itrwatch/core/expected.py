"""Expectations of the sidecar: how many folhas an item must have (``folhas: 5``), and how many pages a scan must have.

``folhas`` counts published pages. One too few is a lost page, or a page wrongly removed as blank; one too many is a
page of another document. Nothing is published until the count is right.

A scanner may pause for longer than the quiet time (open cover, jam, second stack). The quiet time cannot distinguish a
pause from the end; the pages that the sidecar names can. This delays a case and never blocks it: the daemon tries again
later, and then takes the folder as it is. `workers.scan_task` detects the other sign of an unfinished scan, a file
that ends in zeros.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from itrwatch.core.case_description import Sidecar
from itrwatch.core.codes import Code
from itrwatch.core.filenames import printable
from itrwatch.core.findings import Finding, error
from itrwatch.core.pages import Kept, PageRef, Reason, Removed, Verdict
from itrwatch.core.text_matching import cited, counted

_BECAUSE = {
    Reason.BLANK: "em branco",
    Reason.BLANK_STAMP: "só com o carimbo “em branco”",
    Reason.ASKED: "a pedido",
    Reason.SEPARATOR: "folha separadora",
}


@dataclass(frozen=True, slots=True)
class Expected:
    """``count`` folhas are expected of the pages ``refs``; ``file`` and ``line``: where the count is written."""

    count: int
    refs: tuple[PageRef, ...]
    file: str
    line: int
    column: int


def too_few_scanned(expected: Expected) -> str:
    """The sentence if the item has fewer scanned pages than expected folhas, before any removal; otherwise empty."""
    if len(expected.refs) >= expected.count:
        return ""
    there = counted(len(expected.refs), "página digitalizada", "páginas digitalizadas")
    return f"{_should(expected)}, e só há {there}; confira se a digitalização está completa, ou corrija “folhas”"


def short_scans(sidecar: Sidecar, pages: Mapping[str, int], find: Callable[[str], object]) -> Iterator[str]:
    """A sentence for each scan with fewer pages than the sidecar names (failures F2).

    ``pages``: real name → pages; ``find``: name in the sidecar → real name; any value that is not a string means
    that there is no such file.
    """
    wanted: dict[str, int] = {}
    sources = [source for entry in sidecar.sections for source in entry.sources]
    for source in (scan for each in sources for scan in each.scans):
        name = find(source.file)
        if isinstance(name, str) and name in pages:
            last = max((max(span.first, span.last or 0) for span in source.spans), default=0)
            wanted[name] = max(wanted.get(name, 0), last)
    for name, last in wanted.items():
        if last > pages[name]:
            yield f"“{printable(name)}” tem {counted(pages[name], 'página', 'páginas')}, e o processo.yaml pede até a {last}"


def wrong_counts(expectations: Sequence[Expected], verdicts: Mapping[PageRef, Verdict]) -> Iterator[Finding]:
    """An error for each item whose published pages differ from its count; ``verdicts`` covers all its pages."""
    for expected in expectations:
        kept = sum(isinstance(verdicts[ref], Kept) for ref in expected.refs)
        if kept != expected.count:
            message = (
                f"{_should(expected)}, e ficou com {kept}{_removed(expected, verdicts)}; {_advice(kept, expected)}"
            )
            yield error(
                Code.FOLHAS_EXPECTED, text=message, file=expected.file, line=expected.line, column=expected.column
            )


def _should(expected: Expected) -> str:
    return f"este item devia ter {counted(expected.count, 'folha', 'folhas')}"


def _removed(expected: Expected, verdicts: Mapping[PageRef, Verdict]) -> str:
    gone = [(ref, verdict) for ref in expected.refs if isinstance(verdict := verdicts[ref], Removed)]
    if not gone:
        return ""
    listed = ", ".join(f"página {ref.page} de {cited(ref.file)} ({_BECAUSE[verdict.reason]})" for ref, verdict in gone)
    were = "foi retirada" if len(gone) == 1 else "foram retiradas"
    return f", pois de {len(expected.refs)} páginas {counted(len(gone), were, were)}: {listed}"


def _advice(kept: int, expected: Expected) -> str:
    if kept < expected.count <= len(expected.refs):
        return f"se uma delas deve ficar, use “manter”; se a conta está certa assim, escreva “folhas: {kept}”"
    return f"confira as páginas do item, ou escreva “folhas: {kept}”"
