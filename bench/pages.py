"""The pages that are measured: drawn by program, put on paper and scanned as in an office."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from zlib import crc32

import cv2
import numpy as np
from PIL import Image

from bench.truth import TRUTH
from itrwatch.demo.drawing import PageKind, draw
from itrwatch.demo.layouts import STAMP_INKS, sign
from itrwatch.demo.marks import handwriting, rubber_stamp, strokes, written_number
from itrwatch.demo.paper import scan
from itrwatch.demo.scanner import write_pdf
from itrwatch.demo.sheet import BLACK, Colour, Sheet

DPI = 300
QUALITY = 82
GRAIN = 5.0
"""Of the mixed case: with it a page of text is 1.6 MB, as from the scanners that offices have."""

MIX = (
    *(
        PageKind.LETTER,
        PageKind.LETTER,
        PageKind.LETTER,
        PageKind.FORM,
        PageKind.FORM,
        PageKind.STAMPED,
        PageKind.SIGNED,
        PageKind.PHOTO,
        PageKind.AR_CARD,
    ),
    *(PageKind.LONE_SIGNATURE, PageKind.LONE_STAMP, PageKind.FAINT_PENCIL, PageKind.SHORT_LINE),
)
"""The mixed case of the table: 13 pages, none blank."""

CONTENT = tuple(kind for kind in PageKind if not TRUTH[kind].blank and not TRUTH[kind].blank_stamp)
PRINTED = tuple(kind for kind in PageKind if TRUTH[kind].has_print)
FRONTS = tuple(kind for kind in PRINTED if kind is not PageKind.AR_CARD)
"""What may stand on the other side of a sheet of A4."""

Drawing = Callable[[np.random.Generator, int], Image.Image]
PENCIL: Colour = (205, 205, 205)


def of_kind(kind: PageKind, seed: int) -> Image.Image:
    """A page of the demonstration, on white."""
    return draw(kind, seed, DPI)


def drawn(name: str, seed: int) -> Image.Image:
    """A page on white: a kind of the demonstration, or one of `OWN`."""
    if name not in OWN:
        return of_kind(PageKind(name), seed)
    return OWN[name](np.random.default_rng([seed, 41]), DPI)


def write_mix(path: Path) -> list[Image.Image]:
    """The mixed case as a scanner's PDF; returns the pages as they were drawn."""
    pages = [of_kind(kind, 100 + place) for place, kind in enumerate(MIX)]
    write_pdf(path, (scan(page, 100 + place, DPI, grain=GRAIN) for place, page in enumerate(pages)), DPI, QUALITY)
    return pages


def write_scans(path: Path, pages: Iterable[Image.Image]) -> None:
    """Drawn pages as a scanner's PDF."""
    write_pdf(path, (scan(page, seed, DPI) for seed, page in enumerate(pages)), DPI, QUALITY)


def write_long(path: Path, count: int) -> None:
    """``count`` pages of the kinds of the mixed case, each drawn and scanned for itself: none is a page scanned twice."""
    seeds = range(100, 100 + count)
    pages = (scan(of_kind(MIX[seed % len(MIX)], seed), seed, DPI, grain=GRAIN) for seed in seeds)
    write_pdf(path, pages, DPI, QUALITY)


def a_paper(name: str, seed: int) -> dict[str, object]:
    """How the sheet of a page may have been and how it was scanned, by chance: arguments of `scan`.

    ``back``, where its print shows through, is the sheet's front as it was printed (`the_front` is its scan).
    """
    rng = np.random.default_rng([seed, crc32(name.encode())])
    facts: dict[str, object] = {
        "tint": rng.uniform(0, 0.08),
        "grain": rng.uniform(1.5, 5.0),
        "shade": rng.uniform(0, 0.05),
        "dust": int(rng.integers(0, 50)),
        "holes": bool(rng.random() < 0.35),
        "scanner_edge": bool(rng.random() < 0.35),
        "crease": bool(rng.random() < 0.2),
    }
    if rng.random() < 0.35:
        facts |= {"back": of_kind(FRONTS[rng.integers(len(FRONTS))], seed), "show_through": rng.uniform(0.03, 0.10)}
    return facts


def the_front(seed: int, paper: dict[str, object]) -> Image.Image | None:
    """The scan of the other side of the sheet, where one shows through: the same paper, lying a little otherwise."""
    if "back" not in paper:
        return None
    rng = np.random.default_rng([seed, 43])
    back = np.asarray(paper["back"])
    rows, columns = back.shape[:2]
    lies = cv2.getRotationMatrix2D((columns / 2, rows / 2), rng.uniform(-0.5, 0.5), 1.0)
    lies[:, 2] += rng.uniform(-2, 2, 2) / 25.4 * DPI
    moved = cv2.warpAffine(back, lies, (columns, rows), flags=cv2.INTER_LINEAR, borderValue=(255, 255, 255))
    own = {name: fact for name, fact in paper.items() if name not in ("back", "show_through")}
    return scan(Image.fromarray(moved), seed + 10_000, DPI, **own)  # type: ignore[arg-type]


def _pale_print(rng: np.random.Generator, dpi: int) -> Image.Image:
    """A page from a printer without toner: a quarter of the contrast."""
    page = draw(PageKind.LETTER, int(rng.integers(1000)), dpi)
    return page.point([round(255 - 0.25 * (255 - level)) for level in range(256)] * 3)


def _tick(rng: np.random.Generator, dpi: int) -> Image.Image:
    """One tick of a pencil."""
    sheet = Sheet(rng, dpi)
    size = sheet.px(sheet.between(4, 8))
    tick = strokes([np.array([(0.0, 0.0), (0.3, 0.4), (1.0, -0.8)]) * size], 0.5 / 25.4 * dpi, rng)
    sheet.ink(tick, sheet.between(20, 180), sheet.between(20, 270), PENCIL)
    return sheet.image


def _initials(rng: np.random.Generator, dpi: int) -> Image.Image:
    """Initials in a lower corner."""
    sheet = Sheet(rng, dpi)
    sign(sheet, sheet.between(150, 175), sheet.between(250, 270), sheet.between(12, 18))
    return sheet.image


def _page_number(rng: np.random.Generator, dpi: int) -> Image.Image:
    """A printed page number and nothing else."""
    sheet = Sheet(rng, dpi)
    sheet.write(105, 285, f"- {rng.integers(10, 99)} -", 9, anchor="ms")
    return sheet.image


def _pencil_word(rng: np.random.Generator, dpi: int) -> Image.Image:
    """One word in pencil, a tenth darker than the paper."""
    sheet = Sheet(rng, dpi)
    word = handwriting(rng, sheet.px(18), sheet.px(2.6), 0.5 / 25.4 * dpi)
    sheet.ink(word, sheet.between(30, 150), sheet.between(30, 250), (229, 229, 229))
    return sheet.image


def _not_blank(text: str) -> Drawing:
    """A stamp that says something else than that the page is blank, though it may look alike."""
    return lambda rng, dpi: _stamped(rng, dpi, text).image


def _and_signed(rng: np.random.Generator, dpi: int) -> Image.Image:
    """EM BRANCO with a signature below it."""
    sheet = _stamped(rng, dpi, "EM BRANCO")
    sign(sheet, sheet.between(60, 110), sheet.between(220, 240), 45)
    return sheet.image


def _and_numbered(rng: np.random.Generator, dpi: int) -> Image.Image:
    """EM BRANCO with a sheet number by hand."""
    sheet = _stamped(rng, dpi, "EM BRANCO")
    sheet.ink(written_number(rng, str(rng.integers(10, 99)), sheet.px(7), 0.5 / 25.4 * dpi), 178, 12, BLACK)
    return sheet.image


def _stamped(rng: np.random.Generator, dpi: int, text: str) -> Sheet:
    """``text`` stamped near the middle: sizes, colours, angles, wear and frame by chance."""
    sheet = Sheet(rng, dpi)
    points = sheet.between(20, 56) if len(text) < 12 else sheet.between(18, 36)
    angle = sheet.between(-55, 55) if rng.random() < 0.5 else sheet.between(-8, 8)
    mask = rubber_stamp(
        rng, [(text, points / 72 * dpi)], framed=bool(rng.random() < 0.5), angle=angle, wear=sheet.between(0.1, 0.4)
    )
    x = (sheet.width - mask.shape[1] / dpi * 25.4) / 2 + sheet.between(-15, 15)
    y = (sheet.height - mask.shape[0] / dpi * 25.4) / 2 + sheet.between(-40, 30)
    ink = np.array(STAMP_INKS[rng.integers(len(STAMP_INKS))])
    fresh = sheet.between(0.55, 1)  # a tired ink pad
    sheet.ink(mask, x, y, tuple(int(level) for level in 255 - fresh * (255 - ink)))  # type: ignore[arg-type]
    return sheet


STAMPS = ("EM BRANCO", "PÁGINA EM BRANCO", "FOLHA EM BRANCO")
OTHER_STAMPS = (
    "EM BANCO",
    "TEM BRANCO",
    "JOSÉ BRANCO",
    "VOTO EM BRANCO",
    "RIO BRANCO",
    "EM BRANCO ATÉ FLS. 37",
    "CÓPIA",
)
HARD = {
    "tick": _tick,
    "initials": _initials,
    "page number": _page_number,
    "pencil word": _pencil_word,
    "EM BRANCO, signed": _and_signed,
    "EM BRANCO, numbered": _and_numbered,
}
OWN: dict[str, Drawing] = {
    "pale print": _pale_print,
    **HARD,
    **{text: _not_blank(text) for text in (*STAMPS, *OTHER_STAMPS)},
}
