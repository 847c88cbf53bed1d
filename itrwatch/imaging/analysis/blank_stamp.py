"""Recognises the “EM BRANCO” stamp, the only mark that a removed page may have.

    find_stamp(raster) -> BlankStamp("EM BRANCO", sure=0.97, alone=True) or None

The figures below measure all thresholds together.

Requirements: a single cluster of ink on the page. It is cut out at 200 dpi, its frame is removed, it is levelled from
any angle and read at 0 and 180 degrees. The whole text must equal a phrase; every letter must have a piece of ink
and every piece a letter; there must be no bridge between the words and no trace beside them.

Measured on drawn stamps, turned by any angle, with dust, scanner's edge and holes: 20 styles of whole and a little worn
stamps 55 of 60 found (the others crossed by a hole or dust, or broken letters), a quarter of the ink lost 5
of 9, 40 % lost 0 of 9; 60 other texts (EM BANCO, TEM BRANCO, EM BRANCO 7 …): 0 taken for it. A rubric
that stays within the height of the words and joins no more than two letters is not recognised by its shape (24 of 48
drawn ones, of 4 to 9 mm over the letters, would have been removed), but by its ink, which is darker or has another colour
(0 of 48 removed; 46 of the 48 bare stamps were). A pen of exactly the stamp's colour and strength would not be noticed.
The positions of letters are known from the ink, so of the models of `rapidocr` only the line reader is needed.

`of_one_ink`: all ink of a stamp has one colour and strength; a stamp with a pen stroke across it mostly has not. Measured on the
same 48 stamps.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np

from itrwatch.imaging.analysis.background import BackgroundModel, ReducedPage, reduce_page
from itrwatch.imaging.analysis.blank import FAINT_MM, FAINT_SHARE, Blank, judge_marks
from itrwatch.imaging.analysis.marks import CLEAR, INK, MarkKind, Marks, find_marks, largest, longest_faint
from itrwatch.imaging.analysis.models import ReadLine, plain, read_lines
from itrwatch.imaging.analysis.stamp_frame import Stamp, cut_out, without_frame
from itrwatch.imaging.analysis.stamp_lines import LevelledStamp, StampLine, enough_pieces, level
from itrwatch.imaging.raster import Raster

OTHER_COLOUR = 0.98
"""Cosine of the angle between the absorbed red, green and blue of two inks: 11 degrees. Chosen: one ink on grain stays within eight."""
FULL_INK, DARKER, GRAIN = 0.75, 1.25, 0.04
"""Ink darker than 1.25 times the well-inked parts of the stamp (their 0.75 quantile) plus grain belongs to a pen. Chosen."""
STROKE_MM = 2.5
"""Length from which a stroke of another ink is not dust on the stamp, mm. Chosen."""


def of_one_ink(reduced: ReducedPage, box_mm: tuple[float, float, float, float]) -> bool:
    """Whether the ink in ``box_mm`` (left, top, right, bottom) has one colour and strength; always True for grey scans."""
    if reduced.pixels.ndim == 2:
        return True
    left, top, right, bottom = (max(0, round(side / reduced.mm_per_px)) for side in box_mm)
    inked = reduced.contrast[top:bottom, left:right] > INK
    taken = 1 - reduced.pixels[top:bottom, left:right].astype(np.float32) / np.array(reduced.tone, np.float32)
    taken = np.maximum(taken, 0)
    if not inked.any():
        return True
    # Compare directions, not amounts: pale and dark places of one ink absorb the colours in the same proportion.
    taken /= np.maximum(np.linalg.norm(taken, axis=2, keepdims=True), 1e-6)
    # The median resists a rubric, which covers less than half of the stamp's ink.
    usual = np.median(taken[inked], axis=0)
    contrast = reduced.contrast[top:bottom, left:right]
    darker = contrast > DARKER * float(np.quantile(contrast[inked], FULL_INK)) + GRAIN
    other = inked & (darker | (taken @ (usual / max(float(np.linalg.norm(usual)), 1e-6)) < OTHER_COLOUR))
    # A kernel of 2 joins pixels that touch at a corner, which `largest` would count apart.
    joined = np.asarray(cv2.dilate(other.astype(np.uint8), np.ones((2, 2), np.uint8)), np.uint8)
    return largest(joined) * reduced.mm_per_px < STROKE_MM


PHRASES = {
    "EMBRANCO": (0.27,),
    "PAGINAEMBRANCO": (0.39, 0.575),
    "FOLHAEMBRANCO": (0.37, 0.555),
    "VERSOEMBRANCO": (0.37, 0.555),
}
"""The phrases that a stamp may have, exactly: “EM BANCO” and “TEM BRANCO” differ by one letter. With each, the positions along the
line at which its words are separated, as shares of its length. Chosen."""
ACCENTED = ("PAGINAEMBRANCO",)
CLUSTER_GAP_MM = (8.0, 20.0)
"""Least and greatest distance within which a mark belongs to the stamp, mm. Chosen."""
CLUSTER_GAP = 1.1
"""Distance, as a share of the stamp's largest mark, within which a mark belongs to the stamp; limited to `CLUSTER_GAP_MM`. Chosen."""
MARGIN_MM = 3.0
"""Margin around a stamp when it is cut out, mm. Chosen."""
HALO_MM = 1.0
"""Distance from the stamp's letters that is not searched for pencil, because of their blur and spatter, mm. Chosen."""
STAMP_MM = (10.0, 280.0)
"""Range of the diagonal of a stamp, mm. Chosen."""
MOST_MARKS = 60
"""Marks in a stamp at 100 dpi; a page of print has hundreds. Chosen."""
MOST_LINES = 3
"""Most lines of a stamp. Chosen."""
LETTERS_MORE, LETTERS_FEWER = 2, 0.15
"""Worn letters may break into this many additional pieces; this share of letters (one of EM BRANCO) may touch the
next, as in bold type. A rubric across the words joins more. Chosen."""
RESIDUE_MM = 1.5
"""Size from which a trace beside the letters is writing, mm; spatter and dust are smaller. Chosen."""
ASTRAY, WIDER, LEAST_GAPS = 0.09, 1.6, 5
"""Tolerance of the position of a word gap, in line lengths; its least width, in median letter gaps; and the number of gaps
below which there is no meaningful median. Chosen."""
PUNCTUATION = " ."
"""Characters allowed beside the letters of a phrase; with any other the text is not a phrase."""
ASIDE = 0.4
"""Largest distance between a piece of ink and the position of its letter from the reader, in letter heights. Chosen."""
TALLEST, TALLEST_MIXED = 1.12, 1.6
"""Largest height of a piece of ink, in letter heights; the second for accents and small letters. A rubric is taller. Chosen."""
LEAST_SURE = 0.90
"""Least confidence of any letter. Measured: 0.93 and more on undamaged stamps."""
SURELY_ELSE = 5
"""Number of letters, all sure, from which a reading that is not a phrase is final. A line upside down has unsure letters
(measured: of 60 stamps read upside down, the least sure letter had 0.62 at most)."""


@dataclass(frozen=True, slots=True)
class BlankStamp:
    """A stamp that marks the page as blank; ``text`` as read; ``sure``: confidence (0 to 1) of its least sure letter.

    ``alone``: whether there is no faint pencil stroke either.
    """

    text: str
    sure: float = 1.0
    alone: bool = True

    @property
    def sentence(self) -> str:
        """The sentence for the report, in Portuguese."""
        return f"só o carimbo “{self.text}”"


def find_stamp(
    raster: Raster,
    reduced: ReducedPage | None = None,
    marks: Marks | None = None,
    background: BackgroundModel | None = None,
) -> BlankStamp | None:
    """The stamp, if it is the only ink of the page; raises `RecogniserMissing`.

    ``marks``: of the page without its ``background``.
    """
    reduced = reduced or reduce_page(raster)
    marks = find_marks(reduced) if marks is None else marks
    box = lone_cluster(marks, reduced)
    if box is None:
        return None
    cut = cut_out(raster, box, background.most if background else None, reduced.mm_per_px)
    found = _phrase(without_frame(cut)) if enough_pieces(cut, FEWEST) else None
    if found is None or not of_one_ink(reduced, box):
        return None
    return replace(found, alone=_nothing_faint(reduced, marks, box, background))


def _nothing_faint(
    reduced: ReducedPage, marks: Marks, box: tuple[float, float, float, float], background: BackgroundModel | None
) -> bool:
    """Whether there is no faint pencil stroke beside the stamp or between its letters."""
    left, top, right, bottom = (max(0, round(side / reduced.mm_per_px)) for side in box)
    contrast = reduced.contrast if background is None else reduced.contrast - background.likely
    beside = contrast.copy()
    part = contrast[top:bottom, left:right]
    # Only the ink and its halo are cleared, so pencil between the letters is still seen.
    reach = 2 * round(HALO_MM / reduced.mm_per_px) + 1
    inked = cv2.dilate((part > CLEAR).astype(np.uint8), np.ones((reach, reach), np.uint8))
    beside[top:bottom, left:right] = np.where(inked, np.float32(0), part)
    return longest_faint(beside, reduced.mm_per_px, marks, background.most if background else None) < FAINT_MM


def lone_cluster(marks: Marks, reduced: ReducedPage) -> tuple[float, float, float, float] | None:
    """The box (left, top, right, bottom in mm, with a margin) of the only ink of the page, if it may be a stamp.

    None for ink as pale as pencil, which may be handwriting.
    """
    content = marks.of(MarkKind.CONTENT)
    if marks.full or not len(content) or reduced.brightness < INK:
        return None
    mm = marks.box * reduced.mm_per_px
    edges = np.concatenate([mm[:, :2], mm[:, :2] + mm[:, 2:]], axis=1)
    # Start at the largest mark: a frame or a letter, never a speck.
    start = int(np.where(marks.kind == MarkKind.CONTENT, marks.diagonal, 0).argmax())
    near = (marks.kind == MarkKind.CONTENT) | (marks.kind == MarkKind.PALE)
    inside = _grow(edges, near, start)
    # The page outside the cluster must be blank by itself.
    rest = judge_marks(marks.where(~inside), reduced.brightness)
    left, top = edges[inside, :2].min(axis=0)
    right, bottom = edges[inside, 2:].max(axis=0)
    diagonal = float(np.hypot(right - left, bottom - top))
    sized = STAMP_MM[0] <= diagonal <= STAMP_MM[1] and np.count_nonzero(inside) <= MOST_MARKS
    inked = marks.ink[inside].sum() >= FAINT_SHARE * marks.area[inside].sum()
    if not sized or not inked or not isinstance(rest, Blank):
        return None
    return left - MARGIN_MM, top - MARGIN_MM, right + MARGIN_MM, bottom + MARGIN_MM


def _grow(edges: np.ndarray, near: np.ndarray, start: int) -> np.ndarray:
    inside = np.zeros(len(edges), bool)
    inside[start] = True
    # The gaps between letters increase with the size of the stamp.
    gap = float(np.clip(CLUSTER_GAP * np.hypot(*(edges[start, 2:] - edges[start, :2])), *CLUSTER_GAP_MM))
    while True:
        low, high = edges[inside, :2].min(axis=0) - gap, edges[inside, 2:].max(axis=0) + gap
        # Add the marks that overlap the cluster's box widened by the gap; repeat until none is added.
        grown = inside | (near & (edges[:, :2] <= high).all(axis=1) & (edges[:, 2:] >= low).all(axis=1))
        if (grown == inside).all():
            return inside
        inside = grown


def _phrase(stamp: Stamp) -> BlankStamp | None:
    """The stamp, at any angle, if its ink is exactly the letters of a phrase.

    OCR is slow: the search ends at the first angle at which the text is read with certainty.
    """
    for levelled in level(stamp):
        if not _may_be_phrase(levelled):
            continue
        for way in (way for way in (levelled, levelled.upside_down()) if _spaced_like_phrase(way)):
            readings = read_lines([line.picture for line in way.lines])
            text = " ".join(reading.text for reading in readings)
            # One doubtful letter makes the whole text doubtful: EM BANCO is not EM BRANCO.
            least = min(reading.least for reading in readings)
            if (phrase := letters_of(text)) in PHRASES and _fits(phrase, way, readings):
                return BlankStamp(text, least)
            if least >= LEAST_SURE and sum(len(reading.sure) for reading in readings) >= SURELY_ELSE:
                return None
    return None


def _may_be_phrase(levelled: LevelledStamp) -> bool:
    """A fast test before OCR: a signature has too few pieces, print too many."""
    return (
        len(levelled.lines) <= MOST_LINES
        and min(levelled.but_above_mm, levelled.but_below_mm) < RESIDUE_MM
        and any(_as_many_pieces(phrase, levelled) for phrase in PHRASES)
    )


def _as_many_pieces(phrase: str, levelled: LevelledStamp) -> bool:
    """Whether there may be a piece of ink for every letter, and a letter for every piece."""
    pieces = sum(len(line.letters) for line in levelled.lines)
    return _fewest(phrase) <= max(pieces, levelled.parted) and pieces <= len(phrase) + LETTERS_MORE


def _spaced_like_phrase(levelled: LevelledStamp) -> bool:
    """Whether the wide gaps of a line are at the word gaps of a phrase; most other texts, and a phrase upside down, are rejected without OCR.

    Words on separate lines, and joined letters, are always read.
    """
    if len(levelled.lines) > 1:
        return True
    # Sorted from left to right; the running maximum of the right edges handles overlapping letters (italics, worn frames).
    left, right = levelled.lines[0].letters[np.argsort(levelled.lines[0].letters[:, 0]), :2].T
    ends = np.maximum.accumulate(right)
    gaps = left[1:] - ends[:-1]
    # Middle of each gap as a share of the line's length, comparable with `PHRASES`.
    middles = ((left[1:] + ends[:-1]) / 2 - left[0]) / max(1, ends[-1] - left[0])
    # Letters that touch have no gap and must not lower the usual one.
    parted = gaps > 0
    if np.count_nonzero(parted) < LEAST_GAPS:
        return True
    wide = middles[gaps >= WIDER * np.median(gaps[parted])]
    return any(
        _as_many_pieces(phrase, levelled) and all((np.abs(wide - place) <= ASTRAY).any() for place in places)
        for phrase, places in PHRASES.items()
    )


def _fewest(phrase: str) -> int:
    return len(phrase) - int(LETTERS_FEWER * len(phrase))


FEWEST = _fewest(min(PHRASES, key=len))


def letters_of(text: str) -> str:
    """The text in capitals without accents, blanks and `PUNCTUATION`, with the digit 0 as the letter O."""
    return "".join(letter for letter in plain(text).replace("0", "O") if letter not in PUNCTUATION)


def _fits(phrase: str, levelled: LevelledStamp, readings: list[ReadLine]) -> bool:
    """Whether the ink is exactly the letters; OCR alone ignores a rubric or an initial."""
    accented = phrase in ACCENTED
    # Small letters have ascenders, and capitals with a tilde are as tall.
    mixed = accented or not all(reading.text.isupper() for reading in readings)
    residue = levelled.but_above_mm if accented else levelled.residue_mm
    tallest = max(int(line.letters[:, 2].max()) for line in levelled.lines) / levelled.height
    words = sum(_groups(line) for line in levelled.lines)
    pairs = zip(levelled.lines, readings, strict=True)
    return (
        residue < RESIDUE_MM
        and tallest <= (TALLEST_MIXED if mixed else TALLEST)
        and len(PHRASES[phrase]) < words
        and _as_many_pieces(phrase, levelled)
        and all(reading.least >= LEAST_SURE and _all_read(line, reading, levelled.height) for line, reading in pairs)
    )


def _groups(line: StampLine) -> int:
    """Upper bound of the number of words: runs of ink separated by white. A line through the words joins them."""
    left, right = line.letters[np.argsort(line.letters[:, 0]), :2].T
    return 1 + int(np.count_nonzero(left[1:] > np.maximum.accumulate(right)[:-1]))


def _all_read(line: StampLine, reading: ReadLine, height: int) -> bool:
    """Whether the reader found a letter at every piece of ink."""
    places = np.array(reading.places)[None] * line.picture.shape[1]
    left, right = line.letters[:, :1] - ASIDE * height, line.letters[:, 1:2] + ASIDE * height
    return bool(((places >= left) & (places <= right)).any(axis=1).all())
