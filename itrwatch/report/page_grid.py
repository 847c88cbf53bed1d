"""The grid of all scanned pages with their results, in Portuguese."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from itrwatch.core.case_description import SectionEntry, Sidecar, Source
from itrwatch.core.ecac import folhas_phrase
from itrwatch.core.excerpts import yaml_text
from itrwatch.core.filenames import Found, match_name, printable
from itrwatch.core.findings import Finding
from itrwatch.core.manifest import PageEntry
from itrwatch.core.pages import PageRef, Reason, Spot
from itrwatch.core.ranges import compact
from itrwatch.core.sections import Section
from itrwatch.core.text_matching import counted
from itrwatch.report.result import Result

BECAUSE = {
    Reason.BLANK: "em branco",
    Reason.BLANK_STAMP: "só tem o carimbo “em branco”",
    Reason.ASKED: "retirada a pedido",
    Reason.SEPARATOR: "folha separadora",
}
"""Why a page was removed, for people."""
EMPTY = BECAUSE[Reason.BLANK]
"""Also used for a blank page that no section claims."""
_TURNED = {0: "", 90: "girada para a direita", 180: "virada de cabeça para cima", 270: "girada para a esquerda"}


@dataclass(frozen=True, slots=True)
class Tile:
    """One scanned page of the grid; texts are Portuguese.

    ``anchor``: the id of its picture; ``fate``: the result; ``flags``: points to check; ``evidence``: the measurements of a
    removed page; ``judged``: whether it was removed because it looks blank; ``cure``: for a removed page.
    """

    entry: PageEntry
    anchor: str
    picture: bytes
    fate: str
    turned: str
    flags: tuple[str, ...]
    evidence: str
    judged: bool
    cure: Cure | None
    empty: bool = False
    """Whether the page is blank and no section claims it."""
    spots: tuple[Spot, ...] = ()
    """What the findings about the page are about, framed on its picture."""

    @property
    def origin(self) -> str:
        """“scan 001.pdf, página 3”."""
        return f"{printable(self.entry.file)}, página {self.entry.page}"


@dataclass(frozen=True, slots=True)
class Cure:
    """How to restore a removed page: the ``line`` in short, the instruction, and the ``block`` to paste."""

    line: str
    sentence: str
    block: str


@dataclass(frozen=True, slots=True)
class TileGroup:
    """The tiles under one heading."""

    heading: str
    tiles: tuple[Tile, ...]


def tiles(result: Result) -> tuple[Tile, ...]:
    """A tile for each page of the manifest, in its order."""
    anchors = {PageRef(page.file, page.page): f"p{number}" for number, page in enumerate(result.manifest.pages, 1)}
    return tuple(_tile(page, anchors[PageRef(page.file, page.page)], result) for page in result.manifest.pages)


def groups(all_tiles: tuple[Tile, ...]) -> tuple[TileGroup, ...]:
    """By section, with what no section uses at the end."""
    used = dict.fromkeys(tile.entry.section for tile in all_tiles)
    return tuple(
        TileGroup(_heading(section, own), own)
        for section in used
        if (own := tuple(tile for tile in all_tiles if tile.entry.section is section))
    )


def loose(result: Result) -> tuple[TileGroup, ...]:
    """For a pending case: the pages analysed before it stopped, by scan."""
    seen = sorted(result.thumbnails)
    return tuple(
        TileGroup(
            printable(name), tuple(_seen(ref, number, result) for number, ref in enumerate(seen, 1) if ref.file == name)
        )
        for name in dict.fromkeys(ref.file for ref in seen)
    )


def accounting(result: Result) -> tuple[tuple[int, str], ...]:
    """The numbers of pages scanned, published, removed and not claimed, with their words; the first is the sum of the others."""
    tally = Counter(page.outcome for page in result.manifest.pages)
    return (
        (tally.total(), _word(tally.total(), "página digitalizada", "páginas digitalizadas")),
        (tally["published"], _word(tally["published"], "publicada", "publicadas")),
        (tally["removed"], _word(tally["removed"], "retirada", "retiradas")),
        (tally["unclaimed"], "fora de todas as seções"),
    )


def anchor_of(finding: Finding, all_tiles: tuple[Tile, ...]) -> str:
    """The anchor of the page that a finding is about, or empty."""
    about = (tile for tile in all_tiles if (printable(tile.entry.file), tile.entry.page) == _place(finding))
    return next((tile.anchor for tile in about), "")


def _tile(page: PageEntry, anchor: str, result: Result) -> Tile:
    ref = PageRef(page.file, page.page)
    return Tile(
        entry=page,
        anchor=anchor,
        picture=result.thumbnails.get(ref, b""),
        fate=_fate(page) + (f" ({EMPTY})" if ref in result.blank else ""),
        turned=_TURNED[page.turn],
        flags=tuple(_flags(page, result.manifest.findings)),
        evidence=result.evidence.get(ref, ""),
        judged=page.reason in (Reason.BLANK, Reason.BLANK_STAMP),
        cure=_cure(page, result) if page.outcome == "removed" else None,
        empty=ref in result.blank,
        spots=tuple(
            f.spot for f in result.manifest.findings if f.spot and _place(f) == (printable(page.file), page.page)
        ),
    )


def _seen(ref: PageRef, number: int, result: Result) -> Tile:
    page = PageEntry(ref.file, ref.page, None, "seen")
    flags = tuple(_flags(page, result.manifest.findings))
    return Tile(
        page, f"p{number}", result.thumbnails[ref], f"página {ref.page}", "", flags, "", judged=False, cure=None
    )


def _fate(page: PageEntry) -> str:
    if page.outcome == "unclaimed":
        return "fora de todas as seções"
    if page.reason is not None:
        because = BECAUSE[page.reason]
        return because if page.reason is Reason.ASKED else f"retirada: {because}"
    return "sem número" if page.folha is None else f"folha {page.folha}"


def _flags(page: PageEntry, findings: tuple[Finding, ...]) -> Iterator[str]:
    for finding in findings:
        if _place(finding) == (printable(page.file), page.page):
            yield finding.wording.what  # the folha is shown with the picture, the remedy above the pictures


def _place(finding: Finding) -> tuple[str, int | None]:
    return printable(finding.file or ""), finding.page


def _heading(section: Section | None, own: tuple[Tile, ...]) -> str:
    if section is None:
        return f"Sem seção ({counted(len(own), 'página', 'páginas')})"
    numbers = [tile.entry.folha for tile in own if tile.entry.folha is not None]
    return f"{section.heading} ({folhas_phrase(numbers[0], numbers[-1]) if numbers else 'sem número'})"


def _word(number: int, one: str, many: str) -> str:
    return one if number == 1 else many


def _cure(page: PageEntry, result: Result) -> Cure:
    """The correction: “manter” for a page removed by itrwatch; the line to change for one removed on request."""
    if page.reason is Reason.ASKED:
        return Cure("", f"Se esta página deve ficar, tire o {page.page} de “remover” no processo.yaml.", "")
    if page.reason is Reason.SEPARATOR:
        return Cure("", "Uma folha separadora nunca entra nos PDFs.", "")
    line = f"manter: [{page.page}]"
    entry = _item_of(page, result.sidecar)
    if entry is None:
        return Cure(line, f"Se esta página deve ficar, ponha “{line}” no item dela no processo.yaml.", "")
    item = f"o item “{entry.section}” que começa na linha {entry.place.line}"
    sentence = f"Se esta página deve ficar, troque no processo.yaml {item} por:"
    if together := _kept_together(page, entry, result):
        sentence = f"Se esta página deve ficar, troque no processo.yaml {item} pelo que está abaixo ({together}):"
    block = "\n".join(_rewritten(source, entry.section, page) for source in entry.sources)
    return Cure(line, sentence, textwrap.indent(block, _margin(entry)))


def _kept_together(page: PageEntry, entry: SectionEntry, result: Result) -> str:
    """The instruction to keep this page and the others removed from the same item; empty if there are none."""
    source = next(scan for each in entry.sources if (scan := scan_of(each, page)))
    judged = (other for other in result.manifest.pages if other.reason in (Reason.BLANK, Reason.BLANK_STAMP))
    own = sorted(
        {
            *source.keep,
            *(
                other.page
                for other in judged
                if (other.file, other.section) == (page.file, page.section) and claims(source, other)
            ),
        }
    )
    if len(own) == 1 + len(source.keep):
        return ""
    return f"para manter todas as que foram retiradas dele, escreva “manter: [{compact(own)}]”"


def _margin(entry: SectionEntry) -> str:
    """The indentation of the item's dash in the sidecar: all items of a list have the same column."""
    return " " * max(0, entry.place.column - len("- ") - 1)


def _item_of(page: PageEntry, sidecar: Sidecar | None) -> SectionEntry | None:
    claiming = (
        entry
        for entry in (sidecar.sections if sidecar else ())
        if entry.section is page.section and any(scan_of(source, page) for source in entry.sources)
    )
    return next(claiming, None)


def claims(source: Source, page: PageEntry) -> bool:
    """Whether the source asks for this page of this scan."""
    inside = not source.spans or any(page.page in span for span in source.spans)
    return inside and match_name([page.file], source.file) == Found(page.file)


def scan_of(source: Source, page: PageEntry) -> Source | None:
    """The part of a source, fronts or backs, that asks for this page."""
    return next((scan for scan in source.scans if claims(scan, page)), None)


def _rewritten(source: Source, section: Section, page: PageEntry) -> str:
    """The source with all its orders; the page is added to “manter” if the source claims it."""
    # With fronts and backs in one scan, the orders for backs are under the keys without “_versos”.
    one_scan = source.backs is not None and source.backs.file == source.file
    kept = [page.page] if claims(source, page) or (one_scan and source.backs and claims(source.backs, page)) else []
    orders = _orders(source, kept, "")
    pages = ",".join(map(str, source.spans))
    if not orders and source.backs is None:
        return f"- {section}: {yaml_text(f'{source.file} {pages}'.strip())}"
    lines = [f"- tipo: {section}", f"  arquivo: {yaml_text(source.file)}"]
    lines += [f"  paginas: {pages}"] if pages else []
    if backs := source.backs:
        lines.append(f"  versos: {yaml_text(' '.join([backs.file, ','.join(map(str, backs.spans))]).strip())}")
        lines += ["  ordem_versos: direta"] if source.direct else []
        orders += [] if one_scan else _orders(backs, [page.page] if claims(backs, page) else [], "_versos")
    return "\n".join([*lines, *orders])


def _orders(source: Source, kept: list[int], suffix: str) -> list[str]:
    keep = {*source.keep, *kept}
    lines = (
        [f"  girar{suffix}: {{{', '.join(f'{page}: {turn}' for page, turn in source.turns)}}}"] if source.turns else []
    )
    lines += [f"  manter{suffix}: [{', '.join(map(str, sorted(keep)))}]"] if keep else []
    return lines + ([f"  remover{suffix}: [{', '.join(map(str, source.remove))}]"] if source.remove else [])
