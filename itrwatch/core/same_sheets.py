"""Findings about sheets that were scanned twice, with both places.

same_sheet_findings([(PageRef("a.pdf", 1), PageRef("b.pdf", 4))], {"a.pdf": 1, "b.pdf": 9}) -> Finding(Code.SHEET_TWICE, …)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from itrwatch.core.codes import Code
from itrwatch.core.filenames import printable
from itrwatch.core.findings import Finding, warning
from itrwatch.core.pages import PageRef
from itrwatch.core.text_matching import cited, counted

Pair = tuple[PageRef, PageRef]


def same_sheet_findings(pairs: Sequence[Pair], scans: Mapping[str, int]) -> Iterator[Finding]:
    """A warning for each sheet scanned twice, or one if it concerns a whole scan; ``scans``: name → pages."""
    by_files: dict[tuple[str, str], list[Pair]] = {}
    for one, other in _first_ones(pairs):
        by_files.setdefault((one.file, other.file), []).append((one, other))
    for (first, second), own in by_files.items():
        if first != second and len(own) > 1 and _whole(own, scans):
            pages = counted(len(own), "página", "páginas")
            names = {"second": cited(second), "first": cited(first)}
            yield warning(Code.SCAN_TWICE, pages=pages, **names, file=printable(second))
        else:
            yield from (_twice(one, other) for one, other in own)


def _first_ones(pairs: Sequence[Pair]) -> Iterator[Pair]:
    """Each repetition once, paired with the first scan of the sheet: for three scans A, B, C the pairs A–B and A–C."""
    repeated: set[PageRef] = set()
    for one, other in pairs:
        if one not in repeated and other not in repeated:
            repeated.add(other)
            yield one, other


def _whole(pairs: Sequence[Pair], scans: Mapping[str, int]) -> bool:
    return all(len({pair[side].page for pair in pairs}) == scans[pairs[0][side].file] for side in (0, 1))


def _twice(one: PageRef, other: PageRef) -> Finding:
    where = f"a página {one.page}" + ("" if one.file == other.file else f" de {cited(one.file)}")
    return warning(Code.SHEET_TWICE, where=where, file=printable(other.file), page=other.page)
