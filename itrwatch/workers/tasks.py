"""The values that pass between a case and the workers: tasks and answers.

The coded sheet goes to a spool file in the staging folder, so that a case of a thousand pages
takes no more memory than one of fifty.
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
from itrwatch.core.noticed import PageSays
from itrwatch.core.pages import BlankEvidence, Encoding, PageOverride, PageRef, Rung, Turn, Unexplained, Verdict
from itrwatch.core.proposal import Heading
from itrwatch.core.separators import Separator
from itrwatch.core.settings import ImageConfig, StampConfig
from itrwatch.pdf.part_info import Bookmark, DocumentInfo


@dataclass(frozen=True, slots=True)
class PageTask:
    """A page to do. ``highest``: the largest number its stamp must have room for; ``spool``: the file for the sheet, None to analyse only."""

    folder: Path
    ref: PageRef
    override: PageOverride
    stamp: StampConfig
    highest: int
    image: ImageConfig
    spool: Path | None


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A neighbour of a page, and its thumbnail where there is one."""

    ref: PageRef
    thumbnail: bytes = b""


@dataclass(frozen=True, slots=True)
class AgainTask:
    """A page that may be blank but for print of its other side; ``others``: the pages that may be that side.

    ``marks``: the marks that have to be explained by it.
    """

    page: PageTask
    others: tuple[Neighbour, ...]
    marks: Unexplained


@dataclass(frozen=True, slots=True)
class PageDone:
    """What was seen and made; ``spool`` is None for a page that stays out. ``thumbnail`` is a small JPEG.

    ``separator``: what the page says if it is a separator sheet.
    ``layer_bytes``: the coded layers; ``overhead``: at most what else the page takes in a PDF. ``evidence``: of a
    page that is or may be blank. ``check_back``: the sheet's other side may show that it is (`work_again`), if it
    accounts for these marks. ``rung``: as in `EncodedPage`; ``why``: `page_reasons`. ``says``: what its words give away. ``images``: the digests of the images
    of the sheet, which were decoded (`pdf.verifying`).
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
    check_back: Unexplained | None = None
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
    """A part to write at ``path``: its ``folhas``, where the sheet of each lies, and which ``images`` it has."""

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
    """A page to look at; ``headings``: whether titles are read too, which takes longer."""

    folder: Path
    ref: PageRef
    headings: bool


@dataclass(frozen=True, slots=True)
class SheetPair:
    """Two pages that may be one sheet, each with the degrees clockwise that stand it upright."""

    folder: Path
    sides: tuple[tuple[PageRef, Turn], tuple[PageRef, Turn]]


@dataclass(frozen=True, slots=True)
class PageSeen:
    """What is on a page. ``doubtful``: a code as large as a separator's cannot be read; ``thumbnail``: JPEG.

    ``blank``: nothing is on it; found out only if headings are not read.
    """

    ref: PageRef
    separator: Separator | None = None
    doubtful: bool = False
    heading: Heading | None = None
    thumbnail: bytes = b""
    blank: bool = False


def files_of_task(task: object) -> tuple[Path, ...] | None:
    """The files of a case that a task is answered from, () for all its scans; None if the answer is not from them alone."""
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
