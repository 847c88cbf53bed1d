"""The values that pages are told apart by, from the plan to the manifest."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Literal

from itrwatch.core.codes import Code

Turn = Literal[0, 90, 180, 270]
"""Degrees clockwise that bring a scanned page upright."""


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
    """How carefully a page had to be coded until the reconstruction check found nothing false, from the smallest to the truest."""

    LAYERS = "layers"
    """As first taken apart: a stencil of black print, regions of tone, or one picture."""
    MORE_TONE = "more-tone"
    """The places where the check found something were left to regions."""
    PICTURE = "picture"
    FINE_PICTURE = "fine-picture"
    """One picture at the scan's resolution and high quality."""
    SCAN = "scan"
    """The scan's own image; of a scan without one (several images, or of a coding that PDF/A does not have) its pixels as JPEG of quality 95."""


@dataclass(frozen=True, slots=True, order=True)
class PageRef:
    """A scanned page: name of the scan inside the case folder, page counted from 1."""

    file: str
    page: int


@dataclass(frozen=True, slots=True)
class PageOverride:
    """What the sidecar asks for one page; it overrides what is detected."""

    turn: Turn | None = None
    keep: bool = False
    """Never removed as blank; ``why``, where not the sidecar asks for it but we do (English, for manifest and log)."""
    why: str = ""
    remove: bool = False


def kept_for(why: str, override: PageOverride) -> PageOverride:
    """``override``, and the page is kept; ``why``, unless the sidecar asked for it."""
    return override if override.keep else replace(override, keep=True, why=why)


@dataclass(frozen=True, slots=True)
class BlankEvidence:
    """What was measured on a page that is, or may be, blank; holes, scanner's edge, creases and the back's print are not in it.

    ``ink``: share of the page that is darker than paper. ``largest_mm``: diagonal of the largest mark, and
    ``at_mm`` its left and upper side from the upper left corner of the scan, as it lies. ``confidence``: that the
    page is blank (or carries nothing but the stamp), 0 to 1; from 0.5 on it is removed.
    """

    ink: float
    largest_mm: float
    at_mm: tuple[float, float] | None
    confidence: float


@dataclass(frozen=True, slots=True)
class Kept:
    """The page goes out; ``doubt``: what to flag it with, if anything."""

    doubt: Code | None = None


@dataclass(frozen=True, slots=True)
class Removed:
    """The page stays out; ``evidence`` says in Portuguese what was seen."""

    reason: Reason
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Unexplained:
    """The marks without which a page would be blank: pale enough to be print of the sheet's other side.

    ``tall``: the page's height for its width, as it was scanned. ``places``: left, top, right, bottom of each mark, as
    shares of width and height; none where they are too faint to have a place.
    """

    tall: float
    places: tuple[tuple[float, float, float, float], ...] = ()


Verdict = Kept | Removed
