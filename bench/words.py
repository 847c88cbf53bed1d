"""Words read back: what Tesseract reads on the scan, it must read on the page that we publish.

A word counts when Tesseract is sure of it on the scan and finds it on the clean drawing too: what it
makes of a signature, of grain or of letters under a stamp is no word, and comes out otherwise every time.
"""

from __future__ import annotations

import shutil
import subprocess
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from bench.measure import environment
from bench.ours import Job, drawn
from bench.pages import DPI, MIX
from bench.sizes import OURS, Made
from bench.table import Part, Row, markdown, per_cent
from itrwatch.demo.drawing import PageKind
from itrwatch.imaging.raster import Pixels

SURE = 60
"""Confidence (of 100) from which a word on the scan counts; below are signatures and grain taken for letters."""
SPARSE = {PageKind.FORM, PageKind.PHOTO, PageKind.AR_CARD, PageKind.LONE_STAMP}
"""Kinds whose words stand here and there, not in columns."""
LEAST, LEAST_PAGE = 0.995, 0.98
SECONDS = 120

Words = Counter[str]


@dataclass(frozen=True, slots=True)
class Read:
    """The words of every page of the mix, as they stand on one rendering of it."""

    name: str
    sure: list[Words]
    every: list[Words]

    def found(self, reference: list[Words]) -> list[int]:
        """How many of the words of ``reference`` are here, page by page."""
        return [sum((own & theirs).values()) for own, theirs in zip(self.every, reference, strict=True)]


def measure(mix: Path, drawings: list[Image.Image], job: Job, made: list[Made], folder: Path) -> Part:
    """Read the scan, the drawing that was scanned, our pages and those of the peers in ``made``."""
    if not shutil.which("tesseract"):
        return Part("Words read back", [Row("words read back", "≥ 99.5 %", "Tesseract not installed")])
    entries = job.pages()
    ways: dict[str, Callable[[int], Pixels | Image.Image | None]] = {
        "scan": lambda page: drawn(mix, page, DPI),
        "drawing": lambda page: drawings[page],
        OURS: lambda page: job.shown(entries[page], drawings[page], DPI),
    }
    for other in made:
        if other.pdf:
            ways[other.name] = lambda page, pdf=other.pdf: drawn(pdf, page, DPI)  # type: ignore[misc]
    return _part({name: _read(name, render, folder) for name, render in ways.items()})


def _part(reads: dict[str, Read]) -> Part:
    ours = reads[OURS]
    scan = [sure & every for sure, every in zip(reads["scan"].sure, reads["drawing"].every, strict=True)]
    found = ours.found(scan)
    total = sum(map(_size, scan))
    raw = reads["scan"].sure
    every, all_found = sum(map(_size, raw)), sum(ours.found(raw))
    shares = [(n / _size(words), place) for place, (n, words) in enumerate(zip(found, scan, strict=True)) if words]
    least, place = min(shares, default=(1.0, 0))
    page = f"{per_cent(least, 1)} (page {place + 1}, {MIX[place]}, {found[place]} of {_size(scan[place])})"
    rows = [
        Row("words of the scan read back", "≥ 99.5 %", per_cent(sum(found), total, 2), sum(found) >= LEAST * total),
        Row("… the worst page", "≥ 98 %", page, least >= LEAST_PAGE),
        Row(
            "… with what was misread on the scan", "≥ 99.5 %", per_cent(all_found, every, 2), all_found >= LEAST * every
        ),
    ]
    summary = markdown(
        ("read on", "words of the scan", "worst page", "with what was misread on the scan", "words of the drawing"),
        (
            (
                name,
                *_against(read, scan),
                _against(read, reads["scan"].sure)[0],
                _against(read, reads["drawing"].sure)[0],
            )
            for name, read in reads.items()
        ),
    )
    pages = [
        (str(i + 1), MIX[i], str(_size(scan[i])), str(found[i]), " ".join(sorted((scan[i] - ours.every[i]).elements())))
        for i in range(len(MIX))
    ]
    return Part(
        "Words read back", rows, [summary, markdown(("page", "kind", "on the scan", "read back", "missed"), pages)]
    )


def _against(read: Read, reference: list[Words]) -> tuple[str, str]:
    found = read.found(reference)
    least = min((n / _size(words) for n, words in zip(found, reference, strict=True) if words), default=1.0)
    return per_cent(sum(found), sum(map(_size, reference)), 2), per_cent(least, 1)


def _size(words: Words) -> int:
    return sum(words.values())


def _read(name: str, render: Callable[[int], Pixels | Image.Image | None], folder: Path) -> Read:
    def one(page: int) -> tuple[Words, Words]:
        picture = render(page)
        if picture is None:
            return Counter(), Counter()
        path = folder / f"{page}.png"
        (picture if isinstance(picture, Image.Image) else Image.fromarray(picture)).save(
            path, dpi=(DPI, DPI), compress_level=1
        )
        return _tesseract(path, 11 if MIX[page] in SPARSE else 3)

    with ThreadPoolExecutor(2) as threads:
        pages = list(threads.map(one, range(len(MIX))))
    return Read(name, [sure for sure, _ in pages], [every for _, every in pages])


def _tesseract(path: Path, mode: int) -> tuple[Words, Words]:
    """The words of a picture: those that Tesseract is sure of, and all."""
    command = ["tesseract", str(path), "-", "-l", "por", "--psm", str(mode), "tsv"]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, env=environment(), timeout=SECONDS, check=True
        ).stdout
    except subprocess.TimeoutExpired:
        return Counter(), Counter()
    sure, every = Counter[str](), Counter[str]()
    for line in done.splitlines()[1:]:
        *_, confidence, text = line.split("\t")
        word = "".join(letter for letter in text.casefold() if letter.isalnum())
        every[word] += 1
        sure[word] += float(confidence) >= SURE and len(word) >= 2
    return +sure, every
