"""The analysis of a page before it is coded: blank or not, turn, stamp, legibility; from one reduced picture of it.

    analyse(read_page(Path("scan.pdf"), 3).raster) -> PageAnalysis(blank=Content(…), turn=…, …)

Measured on A4 pages of 300 dpi in RGB on one core, decoding not counted: blank 40 ms, creased 60 ms, a form
or a page of text 20 ms, a signature, a stamp or one line of print alone 100 to 150 ms. With the sheet's other side
(`analyse_beside`, two more pages to decode): 70 to 150 ms for each.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from itrwatch.core.pages import BlankEvidence, Unexplained
from itrwatch.imaging.analysis.background import BackgroundModel, Paper, see_paper, together
from itrwatch.imaging.analysis.blank import (
    Blank,
    BlankVerdict,
    Doubt,
    DoubtCause,
    evidence_of,
    judge_blank,
    judge_marks,
)
from itrwatch.imaging.analysis.blank_stamp import BlankStamp, find_stamp, lone_cluster
from itrwatch.imaging.analysis.creases import find_creases
from itrwatch.imaging.analysis.marks import MarkKind, Marks, find_marks
from itrwatch.imaging.analysis.models import RecogniserMissing
from itrwatch.imaging.analysis.orientation import UNSURE, TurnAnswer, detect_turn, turn_by_reading
from itrwatch.imaging.analysis.orientation_check import reads_upright
from itrwatch.imaging.analysis.show_through import MOST_THROUGH, shown_through, unexplained
from itrwatch.imaging.raster import Raster


@dataclass(frozen=True, slots=True, eq=False)
class PageAnalysis:
    """The result for a page, with ``paper``, its reduced picture, for later steps.

    A blank page is not turned or searched for a stamp. ``evidence``: for a page that is or may be blank.
    ``check_back``: the marks that the other side might account for, so that the page is blank (`analyse_beside`).
    ``trouble``: the Portuguese sentence if a recogniser failed; such a page is not turned or removed as stamped.
    """

    blank: BlankVerdict
    stamp: BlankStamp | None
    turn: TurnAnswer
    paper: Paper
    evidence: BlankEvidence | None = None
    check_back: Unexplained | None = None
    trouble: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class _Sight:
    """A page without its ``background`` (creases, show-through): the remaining marks and the verdict on them."""

    raster: Raster
    paper: Paper
    background: BackgroundModel | None
    marks: Marks
    blank: BlankVerdict

    def stamp(self) -> BlankStamp | None:
        return find_stamp(self.raster, self.paper, self.marks, self.background)

    def shown(self, found: BlankStamp | None = None, turn: TurnAnswer = UNSURE, trouble: str = "") -> PageAnalysis:
        stamp = found if found and found.alone else None
        evidence = evidence_of(self.blank, self.marks, self.paper, stamp.sure if stamp else None)
        may = not stamp and (found is not None or _check_back(self.blank, self.marks, self.paper))
        back = unexplained(self.marks, self.paper) if may else None
        return PageAnalysis(self.blank, stamp, turn, self.paper, evidence, back, trouble)


def analyse(raster: Raster) -> PageAnalysis:
    """Analyse a page as it was scanned."""
    paper = see_paper(raster)
    seen = _sight(raster, paper, None)
    if not isinstance(seen.blank, Blank) and not seen.marks.full and (creases := find_creases(paper)):
        seen = _sight(raster, paper, creases)
    if isinstance(seen.blank, Blank):
        return seen.shown()
    try:
        stamp = seen.stamp()
        return seen.shown(stamp, UNSURE if stamp and stamp.alone else _turn(seen))
    except RecogniserMissing as missing:
        return seen.shown(trouble=f"a página não foi reconhecida nem girada: {missing}")


def analyse_beside(raster: Raster, others: Iterable[Raster]) -> PageAnalysis | None:
    """Analyse a page together with the possible pictures of its other side; None if it is still not blank."""
    paper = see_paper(raster)
    creases = find_creases(paper)
    flat = creases.taken_from(paper) if creases else paper
    holes = find_marks(paper).of(MarkKind.HOLE)
    for other in others:
        back = shown_through(flat, see_paper(other), holes)
        if back is None:
            continue  # `analyse` has judged the page without its creases
        seen = _sight(raster, paper, together([creases, back]))
        if isinstance(seen.blank, Blank):
            return seen.shown()
        try:
            stamp = seen.stamp()
        except RecogniserMissing:
            return None  # `analyse` reported that already
        if stamp and stamp.alone:
            return seen.shown(stamp)
    return None


def _sight(raster: Raster, paper: Paper, background: BackgroundModel | None) -> _Sight:
    marks = find_marks(background.taken_from(paper) if background else paper)
    return _Sight(raster, paper, background, marks, judge_blank(paper, marks, background))


def _turn(seen: _Sight) -> TurnAnswer:
    answer = detect_turn(seen.paper)
    if answer.sure and (not answer.turn or reads_upright(seen.paper, answer.turn)):
        return answer
    return turn_by_reading(seen.raster, seen.marks)


def _check_back(blank: BlankVerdict, marks: Marks, paper: Paper) -> bool:
    """Whether the page would be blank, or have a lone stamp, without the marks pale enough to be show-through."""
    if isinstance(blank, Blank) or marks.full:
        return False
    if isinstance(blank, Doubt) and blank.why is DoubtCause.FAINT:
        return True
    rest = marks.where(marks.peak >= MOST_THROUGH)
    if len(rest) == len(marks):
        return False
    if isinstance(judge_marks(rest, paper.brightness), Blank):
        return True
    # A stamp without other marks was read already; the other side can only account for pale marks.
    return lone_cluster(marks, paper) is None and lone_cluster(rest, paper) is not None
