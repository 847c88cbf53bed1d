"""The «EM BRANCO» stamp: the only thing that may stand on a page that is removed."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

import numpy as np

from itrwatch.imaging.blank import Blank, judge_marks
from itrwatch.imaging.lettering import Lettering, Line, cut_out, level, without_frame
from itrwatch.imaging.marks import INK, Kind, Marks, find_marks
from itrwatch.imaging.paper import Paper, see_paper
from itrwatch.imaging.raster import Raster
from itrwatch.imaging.reader import Reading, read_lines

PHRASES = ("EMBRANCO", "PAGINAEMBRANCO", "FOLHAEMBRANCO", "VERSOEMBRANCO")
"""What a stamp may say, and nothing else: «EM BANCO» and «TEM BRANCO» are one letter away."""
CLUSTER_GAP_MM = (8.0, 20.0)
CLUSTER_GAP = 1.1
"""What is nearer to the stamp than this share of its largest mark belongs to it, within `CLUSTER_GAP_MM`."""
MARGIN_MM = 3.0
STAMP_MM = (10.0, 280.0)
"""Diagonal of a stamp."""
MOST_MARKS = 60
"""Marks in a stamp at 100 dpi; a page of print has hundreds."""
MOST_LINES = 3
LETTERS_MISSING, LETTERS_MORE = 2, 2
"""Letters run together or come apart by this much; a rubric over the words makes more of a difference."""
RESIDUE_MM = 1.5
"""A trace beside the letters from this size on is somebody's; spatter and dust are smaller."""
PUNCTUATION = ".,-–—_'’`´:;|·• "
"""What a reader makes of the remains of a frame, and what a stamp may end with."""
ASIDE = 0.3
"""How far beside a piece of ink, in letter heights, the reader may place its letter."""
WIDEST, TALLEST = 2.6, 1.6
"""Of a piece of ink, in letter heights: two letters run together, a letter with its accent."""


@dataclass(frozen=True, slots=True)
class BlankStamp:
    """A stamp that says that the page is blank; ``text`` as read, ``sentence`` in Portuguese."""

    text: str

    @property
    def sentence(self) -> str:
        """What the report says of the page."""
        return f"só o carimbo «{self.text}»"


def is_blank_stamp(raster: Raster, paper: Paper | None = None, marks: Marks | None = None) -> BlankStamp | None:
    """The stamp, when it is all that there is on the page; raises `RecogniserMissing`."""
    paper = paper or see_paper(raster)
    marks = find_marks(paper) if marks is None else marks
    box = lone_cluster(marks, paper)
    if box is None:
        return None
    for lettering in level(without_frame(cut_out(raster, box))):
        if text := _phrase(lettering):
            return BlankStamp(text)
    return None


def lone_cluster(marks: Marks, paper: Paper) -> tuple[float, float, float, float] | None:
    """The box (left, top, right, bottom in mm, with a margin) of the only ink of the page, if it may be a stamp."""
    content = marks.of(Kind.CONTENT)
    if marks.full or not len(content) or paper.brightness < INK:
        return None
    mm = marks.box * paper.mm_per_px
    edges = np.concatenate([mm[:, :2], mm[:, :2] + mm[:, 2:]], axis=1)
    start = int(np.where(marks.kind == Kind.CONTENT, marks.diagonal, 0).argmax())
    near = (marks.kind == Kind.CONTENT) | (marks.kind == Kind.PALE)
    inside = _grow(edges, near, start)
    rest = judge_marks(marks.where(~inside), paper.brightness)
    left, top = edges[inside, :2].min(axis=0)
    right, bottom = edges[inside, 2:].max(axis=0)
    diagonal = float(np.hypot(right - left, bottom - top))
    sized = STAMP_MM[0] <= diagonal <= STAMP_MM[1] and np.count_nonzero(inside) <= MOST_MARKS
    if not sized or not isinstance(rest, Blank):
        return None
    return left - MARGIN_MM, top - MARGIN_MM, right + MARGIN_MM, bottom + MARGIN_MM


def _grow(edges: np.ndarray, near: np.ndarray, start: int) -> np.ndarray:
    inside = np.zeros(len(edges), bool)
    inside[start] = True
    gap = float(np.clip(CLUSTER_GAP * np.hypot(*(edges[start, 2:] - edges[start, :2])), *CLUSTER_GAP_MM))
    while True:
        low, high = edges[inside, :2].min(axis=0) - gap, edges[inside, 2:].max(axis=0) + gap
        grown = inside | (near & (edges[:, :2] <= high).all(axis=1) & (edges[:, 2:] >= low).all(axis=1))
        if (grown == inside).all():
            return inside
        inside = grown


def _phrase(lettering: Lettering) -> str:
    """The text of the lettering, upright or upside down, if it is a phrase and nothing but its letters."""
    if lettering.residue_mm >= RESIDUE_MM or len(lettering.lines) > MOST_LINES:
        return ""
    for way in (lettering, lettering.upside_down()):
        readings = read_lines([line.picture for line in way.lines])
        text = " ".join(reading.text for reading in readings)
        if (phrase := fold(text)) in PHRASES and _fits(phrase, way, readings):
            return text
    return ""


def fold(text: str) -> str:
    """Capitals without accents, blanks and `PUNCTUATION`, the figure 0 as the letter O; all else stays."""
    plain = unicodedata.normalize("NFKD", text).upper().replace("0", "O")
    return "".join(letter for letter in plain if letter not in PUNCTUATION and not unicodedata.combining(letter))


def _fits(phrase: str, lettering: Lettering, readings: list[Reading]) -> bool:
    """Whether the ink is the letters and no more: the reader alone passes over a rubric or an initial."""
    letters = np.concatenate([line.letters for line in lettering.lines])
    widest, tallest = (letters[:, 1] - letters[:, 0]).max(), letters[:, 2].max()
    counted = len(phrase) - LETTERS_MISSING <= len(letters) <= len(phrase) + LETTERS_MORE
    sized = widest <= WIDEST * lettering.height and tallest <= TALLEST * lettering.height
    pairs = zip(lettering.lines, readings, strict=True)
    return bool(counted and sized and all(_all_read(line, reading, lettering.height) for line, reading in pairs))


def _all_read(line: Line, reading: Reading, height: int) -> bool:
    """Whether the reader saw a letter at every piece of ink."""
    places = np.array(reading.places)[None] * line.picture.shape[1]
    left, right = line.letters[:, :1] - ASIDE * height, line.letters[:, 1:2] + ASIDE * height
    return bool(((places >= left) & (places <= right)).any(axis=1).all())
