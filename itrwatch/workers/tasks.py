"""The values that pass between a case and the workers: tasks and answers.

The coded sheet goes to a spool file in the staging folder, so that memory does not grow with the
number of pages.
"""

from __future__ import annotations

import os
import pickle
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from itrwatch.core.encoded_page import EncodedPage
from itrwatch.core.findings import Finding
from itrwatch.core.folhas import Folha
from itrwatch.core.page_says import PageSays
from itrwatch.core.pages import BlankEvidence, Encoding, PageOverride, PageRef, PossibleShowThrough, Rung, Turn, Verdict
from itrwatch.core.proposal import Heading
from itrwatch.core.separators import Separator
from itrwatch.core.settings import ImageConfig, StampConfig
from itrwatch.pdf.part_info import Bookmark, DocumentInfo


@dataclass(frozen=True, slots=True)
class PageTask:
    """A page to process. ``highest``: the largest number that its stamp must fit; ``spool``: the file for the sheet, None to analyse only."""

    folder: Path
    ref: PageRef
    override: PageOverride
    stamp: StampConfig
    highest: int
    image: ImageConfig
    spool: Path | None


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A neighbour of a page, with its thumbnail if there is one."""

    ref: PageRef
    thumbnail: bytes = b""


@dataclass(frozen=True, slots=True)
class AgainTask:
    """A page that may be blank except for show-through; ``others``: the pages that may be its other side.

    ``marks``: the marks that the other side must account for.
    """

    page: PageTask
    others: tuple[Neighbour, ...]
    marks: PossibleShowThrough


@dataclass(frozen=True, slots=True)
class PageDone:
    """The result for a page; ``spool``: None for a removed page. ``thumbnail``: a small JPEG.

    ``separator``: the separator, if the page is one. ``layer_bytes``: size of the coded layers; ``overhead``: maximal size of the
    rest of the page in a PDF. ``evidence``: for a page that is or may be blank. ``check_back``: the marks without which the page
    would be blank; the other side may account for them (`work_again`). ``rung``: as in `EncodedPage`; ``why``: `page_reasons`.
    ``says``: the facts from its words. ``images``: digests of the sheet's images, which were decoded (`pdf.verifying`).
    """

    ref: PageRef
    verdict: Verdict
    turn: Turn = 0
    findings: tuple[Finding, ...] = ()
    encoding: Encoding | None = None
    spool: Path | None = None
    layer_bytes: int = 0
    overhead: int = 0
    thumbnail: bytes = b""
    separator: Separator | None = None
    evidence: BlankEvidence | None = None
    check_back: PossibleShowThrough | None = None
    rung: Rung | None = None
    why: str = ""
    says: PageSays | None = None
    images: frozenset[bytes] = frozenset()


@dataclass(frozen=True, slots=True)
class PageBroken:
    """A page that cannot be read completely; ``message`` is for the fiscal. ``incomplete``: the file may still be growing."""

    ref: PageRef
    message: str
    incomplete: bool = False


@dataclass(frozen=True, slots=True)
class PartTask:
    """A part to write at ``path``: its ``folhas``, the spool file of each, and the digests of their ``images``."""

    path: Path
    folhas: tuple[Folha, ...]
    spools: tuple[Path, ...]
    images: tuple[frozenset[bytes], ...]
    bookmarks: tuple[Bookmark, ...]
    info: DocumentInfo
    stamp: StampConfig


@dataclass(frozen=True, slots=True)
class PartMade:
    """A part that was written and verified: its size, and its SHA-256 in hexadecimal."""

    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class SurveyTask:
    """A page to survey; ``headings``: whether titles are read as well, which takes longer; ``body``: and the text, if it has no heading at all."""

    folder: Path
    ref: PageRef
    headings: bool
    body: bool = False


@dataclass(frozen=True, slots=True)
class SheetPair:
    """Two pages that may show the same sheet, each with the degrees clockwise that turn it upright."""

    folder: Path
    sides: tuple[tuple[PageRef, Turn], tuple[PageRef, Turn]]


@dataclass(frozen=True, slots=True)
class PageSeen:
    """The survey of a page. ``doubtful``: it has an unreadable code as large as a separator's; ``thumbnail``: JPEG."""

    ref: PageRef
    separator: Separator | None = None
    doubtful: bool = False
    heading: Heading | None = None
    thumbnail: bytes = b""
    blank: bool = False


def files_of_task(task: object) -> tuple[Path, ...] | None:
    """The files of the case on which the result of a task depends, () for all scans; None if the result must not be cached."""
    refs: Iterable[PageRef]
    match task:
        case Path():
            return (task,)
        case PageTask(spool=None):
            return None
        case PageTask(folder, ref) | SurveyTask(folder, ref):
            refs = (ref,)
        case AgainTask(page, others):
            folder, refs = page.folder, (page.ref, *(other.ref for other in others))
        case SheetPair(folder, sides):
            refs = (ref for ref, _ in sides)
        case _:
            return () if isinstance(task, tuple) else None  # the thumbnails of all pages
    return tuple(folder / ref.file for ref in refs)


def spooled(sheet: EncodedPage, path: Path) -> Path:
    """Write a sheet to a spool file, for the parent."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        pickle.dump(sheet, file)
    return path


def unspooled(path: Path) -> EncodedPage:
    """Read a sheet back from its spool file."""
    with path.open("rb") as file:
        sheet: EncodedPage = pickle.load(file)  # noqa: S301 our own, from our own private folder
    return sheet
