"""What a verdict rests on, as figures for the manifest."""

from __future__ import annotations

from itrwatch.core.pages import BlankEvidence
from itrwatch.imaging.blank import Blank, BlankVerdict, Doubt
from itrwatch.imaging.marks import Kind, Marks
from itrwatch.imaging.paper import Paper


def evidence_of(verdict: BlankVerdict, marks: Marks, paper: Paper, sure: float | None = None) -> BlankEvidence | None:
    """The evidence for a page that is or may be blank; ``sure``: of a stamp's reading. None for a page with content."""
    if sure is None:
        if not isinstance(verdict, Blank | Doubt):
            return None
        sure = verdict.confidence
    found = marks.of(Kind.CONTENT, Kind.PALE, Kind.DUST)
    sheet = paper.contrast.size * paper.mm_per_px**2
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
