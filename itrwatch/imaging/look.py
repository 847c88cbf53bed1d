"""Everything that is asked of a page before it is coded, from one reduction of its pixels."""

from __future__ import annotations

from dataclasses import dataclass

from itrwatch.imaging.blank import Blank, BlankVerdict, judge_marks
from itrwatch.imaging.marks import find_marks
from itrwatch.imaging.paper import see_paper
from itrwatch.imaging.raster import Raster
from itrwatch.imaging.stamp import BlankStamp, is_blank_stamp
from itrwatch.imaging.turn import UNSURE, TurnAnswer, detect_turn


@dataclass(frozen=True, slots=True)
class Look:
    blank: BlankVerdict
    stamp: BlankStamp | None
    turn: TurnAnswer


def look(raster: Raster) -> Look:
    paper = see_paper(raster)
    marks = find_marks(paper)
    blank = judge_marks(marks, paper.brightness)
    if isinstance(blank, Blank):
        return Look(blank, None, UNSURE)
    stamp = is_blank_stamp(raster, paper, marks)
    return Look(blank, stamp, UNSURE if stamp else detect_turn(paper))
