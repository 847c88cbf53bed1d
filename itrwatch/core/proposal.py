"""A proposal: which page is probably which section, how sure that is and what it rests on. `core.propose` makes it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from itrwatch.core.pages import PageRef
from itrwatch.core.ranges import compact
from itrwatch.core.sections import Section
from itrwatch.core.title_matching import in_order


class Confidence(StrEnum):
    """How sure a proposal is; low ones ask to be looked at."""

    HIGH = "alta"
    MEDIUM = "média"
    LOW = "baixa"


class Basis(StrEnum):
    """What a proposal rests on."""

    SEPARATOR = "folha separadora"
    NAME = "nome do arquivo"
    HEADING = "título da página"
    BOTH = "nome do arquivo e título da página"
    GUESS = "palpite, pela ordem"


@dataclass(frozen=True, slots=True)
class Heading:
    """A title that stands on a page: the ``section`` it means and the ``text`` as read."""

    section: Section
    text: str


@dataclass(frozen=True, slots=True)
class Proposed:
    """``pages`` of one scan that are probably one section; ``why`` is the end of a sentence in Portuguese."""

    section: Section
    file: str
    pages: tuple[int, ...]
    confidence: Confidence
    basis: Basis
    why: str
    whole: bool = False
    """Whether these are all pages of the scan."""
    backs: str = ""
    """The scan with the backs of these pages, last sheet first; ``back_pages`` are those of this section."""
    back_pages: tuple[int, ...] = ()

    @property
    def sides(self) -> tuple[PageRef, ...]:
        """All pages in the order of the sheets: front, back, front, back."""
        fronts = [PageRef(self.file, page) for page in self.pages]
        if not self.backs:
            return tuple(fronts)
        backs = [PageRef(self.backs, page) for page in reversed(self.back_pages)]
        return tuple(ref for pair in zip(fronts, backs, strict=True) for ref in pair)

    @property
    def back_ranges(self) -> str:
        """The pages of the backs as the sidecar writes them."""
        return compact(list(self.back_pages)).replace(" ", "")

    @property
    def ranges(self) -> str:
        """The pages as the sidecar writes them."""
        return compact(list(self.pages)).replace(" ", "")


@dataclass(frozen=True, slots=True)
class Proposal:
    """Every page of the scans once: ``sections`` in the manual's order, ``undecided`` runs (file, pages), ``sheets``.

    ``complete``: separator sheets say of every page what it is, and the notificação is among them.
    """

    scans: Mapping[str, int]
    sections: tuple[Proposed, ...]
    undecided: tuple[tuple[str, tuple[int, ...]], ...] = ()
    sheets: tuple[PageRef, ...] = ()
    complete: bool = False
    pairs: Mapping[str, str] = field(default_factory=dict)
    """The scan with the fronts → that with their backs, last sheet first."""
    complement: int | None = None
    """Which juntada this is a complement for; None: it is the case itself."""

    def in_order(self) -> Iterator[tuple[str, tuple[PageRef, ...]]]:
        """The scans as a person counts them, each with its pages; backs between their fronts, under the fronts' name."""
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
        """The sections of the manual that nothing was proposed for; a complement lacks none."""
        if self.complement:
            return ()
        found = {proposed.section for proposed in self.sections}
        return tuple(section for section in Section if section not in found)
