"""The analysis of a page before it is coded: blank or not, turn, stamp, legibility; from one reduced page.

    analyse(read_page(Path("scan.pdf"), 3).raster) -> PageAnalysis(blank=Content(…), turn=…, …)

Measured on A4 pages of 300 dpi in RGB on one core, decoding not counted: blank 40 ms, creased 60 ms, a form
or a page of text 20 ms, a signature, a stamp or one line of print alone 100 to 150 ms. With the sheet's other side
(`analyse_with_back`, two more pages to decode): 70 to 150 ms for each.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from itrwatch.core.pages import BlankEvidence, PossibleShowThrough
from itrwatch.imaging.analysis.background import BackgroundModel, ReducedPage, reduce_page, together
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
from itrwatch.imaging.analysis.show_through import MOST_THROUGH, possible_show_through, shown_through
from itrwatch.imaging.raster import Raster


@dataclass(frozen=True, slots=True, eq=False)
class PageAnalysis:
    """The result for a page, with the ``reduced`` page for later steps.

    A blank page is not turned or searched for a stamp. ``evidence``: for a page that is or may be blank.
    ``check_back``: the marks that the other side might account for, so that the page is blank (`analyse_with_back`).
    ``trouble``: the Portuguese sentence if a recogniser failed; such a page is not turned or removed as stamped.
    """

    blank: BlankVerdict
    stamp: BlankStamp | None
    turn: TurnAnswer
    reduced: ReducedPage
    evidence: BlankEvidence | None = None
    check_back: PossibleShowThrough | None = None
    trouble: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class _Judged:
    """A page without its ``background`` (creases, show-through): the remaining marks and the verdict on them."""

    raster: Raster
    reduced: ReducedPage
    background: BackgroundModel | None
    marks: Marks
    blank: BlankVerdict

    def stamp(self) -> BlankStamp | None:
        return find_stamp(self.raster, self.reduced, self.marks, self.background)

    def shown(self, found: BlankStamp | None = None, turn: TurnAnswer = UNSURE, trouble: str = "") -> PageAnalysis:
        stamp = found if found and found.alone else None
        evidence = evidence_of(self.blank, self.marks, self.reduced, stamp.sure if stamp else None)
        may = not stamp and (found is not None or _check_back(self.blank, self.marks, self.reduced))
        back = possible_show_through(self.marks, self.reduced) if may else None
        return PageAnalysis(self.blank, stamp, turn, self.reduced, evidence, back, trouble)


def analyse(raster: Raster) -> PageAnalysis:
    """Analyse a page as it was scanned."""
    reduced = reduce_page(raster)
    seen = _judged(raster, reduced, None)
    if not isinstance(seen.blank, Blank) and not seen.marks.full and (creases := find_creases(reduced)):
        seen = _judged(raster, reduced, creases)
    if isinstance(seen.blank, Blank):
        return seen.shown()
    try:
        stamp = seen.stamp()
        return seen.shown(stamp, UNSURE if stamp and stamp.alone else _turn(seen))
    except RecogniserMissing as missing:
        return seen.shown(trouble=f"a página não foi reconhecida nem girada: {missing}")


def analyse_with_back(raster: Raster, others: Iterable[Raster]) -> PageAnalysis | None:
    """Analyse a page together with the possible pictures of its other side; None if it is still not blank."""
    reduced = reduce_page(raster)
    creases = find_creases(reduced)
    flat = creases.taken_from(reduced) if creases else reduced
    holes = find_marks(reduced).of(MarkKind.HOLE)
    for other in others:
        back = shown_through(flat, reduce_page(other), holes)
        if back is None:
            continue  # `analyse` has judged the page without its creases
        seen = _judged(raster, reduced, together([creases, back]))
        if isinstance(seen.blank, Blank):
            return seen.shown()
        try:
            stamp = seen.stamp()
        except RecogniserMissing:
            return None  # `analyse` reported that already
        if stamp and stamp.alone:
            return seen.shown(stamp)
    return None


def _judged(raster: Raster, reduced: ReducedPage, background: BackgroundModel | None) -> _Judged:
    marks = find_marks(background.taken_from(reduced) if background else reduced)
    return _Judged(raster, reduced, background, marks, judge_blank(reduced, marks, background))


def _turn(seen: _Judged) -> TurnAnswer:
    answer = detect_turn(seen.reduced)
    if answer.sure and (not answer.turn or reads_upright(seen.reduced, answer.turn)):
        return answer
    return turn_by_reading(seen.raster, seen.marks)


def _check_back(blank: BlankVerdict, marks: Marks, reduced: ReducedPage) -> bool:
    """Whether the page would be blank, or have a lone stamp, without the marks pale enough to be show-through."""
    if isinstance(blank, Blank) or marks.full:
        return False
    if isinstance(blank, Doubt) and blank.why is DoubtCause.FAINT:
        return True
    rest = marks.where(marks.peak >= MOST_THROUGH)
    if len(rest) == len(marks):
        return False
    if isinstance(judge_marks(rest, reduced.brightness), Blank):
        return True
    # A stamp without other marks was read already; the other side can only account for pale marks.
    return lone_cluster(marks, reduced) is None and lone_cluster(rest, reduced) is not None
