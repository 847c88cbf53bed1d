"""Decides whether a page is blank: only if every criterion agrees; a doubtful page is kept, with a reason.

    judge_blank(reduce_page(raster)) -> Blank(…), Doubt(why, code, …) or Content(…)

The table measures all thresholds together (`python -m bench verdicts`).

Measured on drawn pages of 300 dpi, 24 of each kind, turned four ways:

=====================================================  =====  =====  =======
page                                                   blank  doubt  content
=====================================================  =====  =====  =======
tint, grain, edge, holes, 25 grains of dust; together    168      0        0
40 grains of dust, up to 0.5 mm                           13     11        0
back shows through, 10 % and blurred wide                 24      0        0
back shows through, 10 to 15 %, legible                    1     67        4
pencil of 6 to 23 % contrast                               0    138        6
one digit of 6 pt                                          0     15        9
tick, “fl. 2” in 6 pt, sheet number black and grey         0      0       96
=====================================================  =====  =====  =======

Real pages of the corpus that must be kept: 11 of 11. A single picture does not distinguish faded print from show-through:
both are doubtful until the other side is compared (`show_through`). Creases are removed before (`creases`). With both,
blank sheets with 3 to 10 % of show-through: 56 of 56 blank; pencil of 9 % on them: 0 of 36 lost, of 6 %: up to 4 of 36.
120 pages with content on such sheets: 0 lost.

`Evidence` has the measurements of a verdict, for the manifest.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum

from itrwatch.core.codes import Code
from itrwatch.core.pages import BlankEvidence
from itrwatch.imaging.analysis.background import BACK, BackgroundModel, ReducedPage
from itrwatch.imaging.analysis.faint_rows import PERHAPS_ROWS, ROWS, row_rhythm
from itrwatch.imaging.analysis.marks import MarkKind, Marks, find_marks, longest_faint
from itrwatch.imaging.analysis.stains import only_stains

CONTENT_MM = 2.0
"""Size of the largest mark from which a page has content. Measured: the largest dust has 1.1 mm, the smallest content 3.5 mm."""
DOUBT_MM = 1.5
"""A mark of a size between this and `CONTENT_MM`, mm, may be a thick hair or a tiny digit. Chosen."""
CONTENT_SUM_MM = 40.0
"""Sum of the sizes of all marks, mm, above which a page has content. Chosen."""
MOST_SPECKS = 12
"""Most specks of a blank page. Chosen."""
MOST_DUST = 60
"""Most grains of dust of a blank page. Chosen."""
MOST_PALE = 5
"""Most pale marks of a blank page. Chosen."""
PALE_MM = 3.0
"""Size of the largest pale mark of a blank page, mm. Chosen."""
CROWD, CROWD_MM = 4, 4.0
"""This many specks within this distance (mm) of one of them are written dots. Measured: 60 random grains of dust are as close once in
three thousand pages."""
FAINT_MM = 3.0
"""Length from which a stroke hardly darker than the paper is not grain, mm. Measured: drawn digits of 2 mm and 7 to 15 % have
mostly 3 and more; of 39 empty pieces of real pages that nothing else keeps, 35 stay below."""
FAINT_REST_MM = 2.5
"""The same after subtraction of a `BackgroundModel`, which may break a stroke. Measured: remains of show-through are up to
1.5 mm long."""
FAINT_SHARE = 0.03
"""If a smaller share of the marks is as dark as ink, they are pencil, faded print or show-through. Chosen."""
STAINS = "página em branco: só manchas claras do papel, sem traço de escrita"
DARKEST_SHEET = 0.5
"""Share of white; darker paper may have light ink, which is not detected. Chosen."""


class DoubtCause(StrEnum):
    """The cause of a doubt."""

    FAINT = "faint"
    SPECKS = "specks"
    DARK_SHEET = "dark-sheet"


@dataclass(frozen=True, slots=True)
class Evidence:
    """Measurements of the marks other than scanner edge and holes.

    Diagonals of the largest mark and of all together, in mm; numbers of small, dust and pale marks; the largest pale mark;
    the share of their area as dark as ink; ``row``: whether specks form a row or a cluster; ``faint_mm``: the longest stroke
    too pale to be a mark; ``rhythm``: of rows without visible single strokes (`faint_rows`).
    """

    largest_mm: float = 0.0
    sum_mm: float = 0.0
    specks: int = 0
    dust: int = 0
    pale: int = 0
    palest_mm: float = 0.0
    ink_share: float = 0.0
    row: bool = False
    faint_mm: float = 0.0
    rhythm: float = 0.0

    @property
    def blankness(self) -> float:
        """0 to 1: the distance from the thresholds that keep a page; at least 0.5 if all are met."""
        shares = (
            self.largest_mm / DOUBT_MM,
            self.sum_mm / CONTENT_SUM_MM,
            self.specks / MOST_SPECKS,
            self.dust / MOST_DUST,
            self.pale / MOST_PALE,
            self.palest_mm / PALE_MM,
            self.faint_mm / FAINT_MM,
            self.rhythm / ROWS,
        )
        most = max(*shares, 1.01 if self.row else 0.0)
        return 1 - most / 2 if most <= 1 else 1 / (2 * most)


@dataclass(frozen=True, slots=True)
class Blank:
    """The page is blank; ``sentence``: the reason in Portuguese."""

    sentence: str
    evidence: Evidence = field(default_factory=Evidence)

    @property
    def confidence(self) -> float:
        """Confidence that the page is blank: 0.5 to 1."""
        return max(0.5, self.evidence.blankness)


@dataclass(frozen=True, slots=True)
class Doubt:
    """The page may be blank: it is kept, with the warning ``code``."""

    why: DoubtCause
    code: Code
    evidence: Evidence

    @property
    def confidence(self) -> float:
        """Confidence that the page is blank: below 0.5."""
        return min(0.49, self.evidence.blankness)


@dataclass(frozen=True, slots=True)
class Content:
    """The page has content."""

    evidence: Evidence = field(default_factory=Evidence)


BlankVerdict = Blank | Doubt | Content


def judge_blank(
    reduced: ReducedPage, marks: Marks | None = None, background: BackgroundModel | None = None
) -> BlankVerdict:
    """The verdict on a page: blank, doubt or content.

    ``background``: contrast that is not a mark. ``marks``: of the remaining contrast, if already found.
    """
    if marks is None:
        marks = find_marks(background.taken_from(reduced) if background else reduced)
    verdict = judge_marks(marks, reduced.brightness)
    contrast = reduced.contrast if background is None else reduced.contrast - background.likely
    # Remains of show-through have the rhythm of its lines and look like strokes.
    back = background is not None and BACK in background.what
    soft = (
        isinstance(verdict, Doubt)
        and verdict.why is DoubtCause.FAINT
        and reduced.brightness >= DARKEST_SHEET
        and not back
    )
    stains = soft and only_stains(contrast, reduced.mm_per_px, marks)
    if not isinstance(verdict, Blank) and not stains:
        return verdict
    faint = longest_faint(contrast, reduced.mm_per_px, marks, background.most if background else None)
    rhythm = 0.0 if back else row_rhythm(contrast, reduced.mm_per_px)
    evidence = replace(verdict.evidence, faint_mm=faint, rhythm=rhythm)
    if (faint >= (FAINT_MM if background is None else FAINT_REST_MM) and not stains) or rhythm >= ROWS:
        return _doubt(DoubtCause.FAINT, evidence)
    return Blank(STAINS if stains else blank_sentence(evidence, background), evidence)


def judge_marks(marks: Marks, brightness: float) -> BlankVerdict:
    """`judge_blank` from known marks; ``brightness`` of the sheet, 0 to 1."""
    evidence = weigh(marks)
    if marks.full:
        return Content(evidence)
    if evidence.largest_mm >= CONTENT_MM or evidence.sum_mm > CONTENT_SUM_MM:
        return Content(evidence) if evidence.ink_share >= FAINT_SHARE else _doubt(DoubtCause.FAINT, evidence)
    if brightness < DARKEST_SHEET:
        return _doubt(DoubtCause.DARK_SHEET, evidence)
    if evidence.pale > MOST_PALE or evidence.palest_mm > PALE_MM:
        return _doubt(DoubtCause.FAINT, evidence)
    if evidence.largest_mm >= DOUBT_MM or evidence.specks > MOST_SPECKS or evidence.dust > MOST_DUST or evidence.row:
        return _doubt(DoubtCause.SPECKS, evidence)
    return Blank(blank_sentence(evidence), evidence)


def weigh(marks: Marks) -> Evidence:
    """Marks → measurements, without artefacts of scanner and punch."""
    content, pale = marks.of(MarkKind.CONTENT), marks.of(MarkKind.PALE)
    specks = marks.of(MarkKind.CONTENT, MarkKind.DUST)
    return Evidence(
        largest_mm=float(content.diagonal.max(initial=0.0)),
        sum_mm=float(content.diagonal.sum()),
        specks=len(content),
        dust=len(marks.of(MarkKind.DUST)),
        pale=len(pale),
        palest_mm=float(pale.diagonal.max(initial=0.0)),
        ink_share=float(content.ink.sum() / max(content.area.sum(), 1e-9)),
        row=len(specks) <= MOST_SPECKS + MOST_DUST and specks.crowded(CROWD, CROWD_MM),
    )


_DOUBTS = {
    DoubtCause.FAINT: Code.PAGE_FAINT,
    DoubtCause.SPECKS: Code.PAGE_SPECKS,
    DoubtCause.DARK_SHEET: Code.PAGE_DARK_SHEET,
}


def _doubt(why: DoubtCause, evidence: Evidence) -> Doubt:
    return Doubt(why, _DOUBTS[why], evidence)


def blank_sentence(evidence: Evidence, background: BackgroundModel | None = None) -> str:
    """Why the page is removed, for the report: `Evidence()` → “página em branco: nenhuma marca no papel”."""
    others = [what for what in (background.what if background else ()) if what != BACK]
    if (background and BACK in background.what) or evidence.rhythm >= PERHAPS_ROWS:
        beside = f"há {' e '.join(others)} e " if others else ""
        return f"página em branco: {beside}o verso transparece; nada foi escrito deste lado"
    if others:
        return f"página em branco: só {' e '.join(others)}"
    if not evidence.specks and not evidence.dust:
        return "página em branco: nenhuma marca no papel"
    if not evidence.specks:
        return "página em branco: só poeira do papel ou do scanner"
    largest = f"{evidence.largest_mm:.1f}".replace(".", ",")
    size = f" (a maior mancha tem {largest} mm)" if largest != "0,0" else ""
    return f"página em branco: só sujeira do papel ou do scanner{size}"


def evidence_of(
    verdict: BlankVerdict, marks: Marks, reduced: ReducedPage, sure: float | None = None
) -> BlankEvidence | None:
    """The evidence for a page that is or may be blank; ``sure``: confidence of a stamp's reading. None for a page with content."""
    if sure is None:
        if not isinstance(verdict, Blank | Doubt):
            return None
        sure = verdict.confidence
    found = marks.of(MarkKind.CONTENT, MarkKind.PALE, MarkKind.DUST)
    sheet = reduced.contrast.size * reduced.mm_per_px**2
    if not len(found):
        return BlankEvidence(0.0, 0.0, None, round(sure, 2))
    largest = int(found.diagonal.argmax())
    left, top = (round(float(side) * found.mm_per_px, 1) for side in found.box[largest, :2])
    return BlankEvidence(
        round(float(found.area.sum()) / sheet, 6),
        round(float(found.diagonal[largest]), 1),
        (left, top),
        round(sure, 2),
    )
