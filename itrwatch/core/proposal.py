"""A proposal: the probable section of each page, with confidence and basis. `core.propose` makes it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from itrwatch.core.pages import PageRef
from itrwatch.core.ranges import compact
from itrwatch.core.sections import Section
from itrwatch.core.title_matching import in_order


class Confidence(StrEnum):
    """The confidence of a proposal; the fiscal must check low ones."""

    HIGH = "alta"
    MEDIUM = "média"
    LOW = "baixa"


class Basis(StrEnum):
    """The evidence for a proposal."""

    SEPARATOR = "folha separadora"
    NAME = "nome do arquivo"
    HEADING = "título da página"
    BODY = "texto da página"
    BOTH = "nome do arquivo e título da página"
    GUESS = "palpite, pela ordem"


@dataclass(frozen=True, slots=True)
class Heading:
    """A title on a page: the ``section`` it denotes and the ``text`` as read; ``body``: the page has none, its text was recognised."""

    section: Section
    text: str = ""
    body: bool = False


@dataclass(frozen=True, slots=True)
class Proposed:
    """``pages`` of one scan that are probably one section; ``why``: the end of a Portuguese sentence."""

    section: Section
    file: str
    pages: tuple[int, ...]
    confidence: Confidence
    basis: Basis
    why: str
    whole: bool = False
    """Whether these are all pages of the scan."""
    backs: str = ""
    """The scan with the backs of these pages, last sheet first; ``back_pages``: those of this section."""
    back_pages: tuple[int, ...] = ()

    @property
    def sides(self) -> tuple[PageRef, ...]:
        """All pages in sheet order: front, back, front, back."""
        fronts = [PageRef(self.file, page) for page in self.pages]
        if not self.backs:
            return tuple(fronts)
        backs = [PageRef(self.backs, page) for page in reversed(self.back_pages)]
        return tuple(ref for pair in zip(fronts, backs, strict=True) for ref in pair)

    @property
    def back_ranges(self) -> str:
        """The pages of the backs in the notation of the sidecar."""
        return compact(list(self.back_pages)).replace(" ", "")

    @property
    def ranges(self) -> str:
        """The pages in the notation of the sidecar."""
        return compact(list(self.pages)).replace(" ", "")


@dataclass(frozen=True, slots=True)
class Proposal:
    """Every page of the scans once: ``sections`` in the manual's order, ``undecided`` runs (file, pages), ``sheets``.

    ``complete``: separator sheets determine the section of every page, and one is the notificação.
    """

    scans: Mapping[str, int]
    sections: tuple[Proposed, ...]
    undecided: tuple[tuple[str, tuple[int, ...]], ...] = ()
    sheets: tuple[PageRef, ...] = ()
    complete: bool = False
    pairs: Mapping[str, str] = field(default_factory=dict)
    """Scan with the fronts → scan with their backs, last sheet first."""
    complement: int | None = None
    """The number of the juntada for a complement; None for the case itself."""

    def in_order(self) -> Iterator[tuple[str, tuple[PageRef, ...]]]:
        """The scans in natural order, each with its pages; backs alternate with fronts, under the name of the fronts."""
        for name in in_order(self.scans):
            if name in self.pairs.values():
                continue
            fronts = [PageRef(name, page) for page in range(1, self.scans[name] + 1)]
            if back := self.pairs.get(name):
                backs = [PageRef(back, page) for page in range(self.scans[back], 0, -1)]
                yield name, tuple(ref for pair in zip(fronts, backs, strict=True) for ref in pair)
            else:
                yield name, tuple(fronts)

    @property
    def missing(self) -> tuple[Section, ...]:
        """The sections of the manual without a proposal; none for a complement."""
        if self.complement:
            return ()
        found = {proposed.section for proposed in self.sections}
        return tuple(section for section in Section if section not in found)
