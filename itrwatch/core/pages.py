"""Values about pages, used from the plan to the manifest: references, overrides, verdicts, evidence."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Literal

from itrwatch.core.codes import Code

Turn = Literal[0, 90, 180, 270]
"""Degrees clockwise that bring a scanned page upright."""
Spot = tuple[float, float, float, float]
"""A place on a page: left, top, right, bottom as shares of its width and height."""


class Reason(StrEnum):
    """Why a scanned page is not published."""

    BLANK = "blank"
    BLANK_STAMP = "blank-stamp"
    ASKED = "asked"
    SEPARATOR = "separator"

    @property
    def is_blank(self) -> bool:
        """Whether the page has nothing to read: the manual's “em branco”, stamped so or not."""
        return self in (Reason.BLANK, Reason.BLANK_STAMP)


class Encoding(StrEnum):
    """How a published page is stored."""

    BITONAL = "bitonal"
    MIXED = "mixed"
    PICTURE = "picture"
    VECTOR = "vector"


class Rung(StrEnum):
    """The codings of a page, from the smallest to the most faithful; the first that passes the reconstruction check is used."""

    LAYERS = "layers"
    """The first segmentation: a stencil of black print, regions of tone, or one picture."""
    MORE_TONE = "more-tone"
    """Regions of tone also where the check found a difference."""
    PICTURE = "picture"
    FINE_PICTURE = "fine-picture"
    """One picture at the scan's resolution and high quality."""
    SCAN = "scan"
    """The scan's own image; if it has none (several images, or a coding that PDF/A lacks), its pixels as JPEG of quality 95."""


@dataclass(frozen=True, slots=True, order=True)
class PageRef:
    """A scanned page: the name of the scan inside the case folder, and the page counted from 1."""

    file: str
    page: int


@dataclass(frozen=True, slots=True)
class PageOverride:
    """The sidecar's orders for one page; they override detection."""

    turn: Turn | None = None
    keep: bool = False
    """Never removed as blank; ``why``: the reason if itrwatch, not the sidecar, orders it (English, for manifest and log)."""
    why: str = ""
    remove: bool = False


def kept_for(why: str, override: PageOverride) -> PageOverride:
    """``override`` with ``keep`` set; ``why`` is recorded unless the sidecar already asks for it."""
    return override if override.keep else replace(override, keep=True, why=why)


@dataclass(frozen=True, slots=True)
class BlankEvidence:
    """Measurements of a page that is, or may be, blank; without punch holes, scanner edge, creases and show-through.

    ``ink``: share of the page that is darker than the background. ``largest_mm``: diagonal of the largest mark;
    ``at_mm``: its left and upper edge, from the upper left corner of the scan as scanned. ``confidence``: that
    the page is blank (or has only the blank stamp), 0 to 1; from 0.5 on the page is removed.
    """

    ink: float
    largest_mm: float
    at_mm: tuple[float, float] | None
    confidence: float


@dataclass(frozen=True, slots=True)
class Kept:
    """The page is published; ``doubt``: the code of a warning about it, or None."""

    doubt: Code | None = None


@dataclass(frozen=True, slots=True)
class Removed:
    """The page is not published; ``evidence``: the measurements behind the decision in Portuguese, for the report, or empty."""

    reason: Reason
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class PossibleShowThrough:
    """Marks without which the page would be blank, and pale enough to be show-through from the other side.

    ``tall``: height divided by width of the page, as scanned. ``places``: left, top, right, bottom of each mark, as
    shares of width and height; empty if the marks are too faint to locate.
    """

    tall: float
    places: tuple[tuple[float, float, float, float], ...] = ()


Verdict = Kept | Removed
