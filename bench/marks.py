"""Marks: every stamp, signature, pencil stroke and pale print is still there, in its colour and as strong.

The page as it was drawn is compared with the page as it is published, mark by mark.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from bench import ours, pages
from bench.table import Part, Row, markdown
from itrwatch.demo.drawing import PageKind

MAP_DPI = 100
SEEN = 0.06
"""Contrast from which a pixel of the drawing belongs to a mark."""
NOISE = 0.03
"""Contrast on the published page that is nothing."""
JOIN, NEAR = 7, 5
"""Marks closer than this, in pixels of the map, are one; this much around a mark belongs to it."""
MOST_NAMED = 20
VISIBLE, STRONG, DARK = 0.5, 0.8, 1.5
"""Share of a mark's strength that must be left, to be visible at all and to be as on paper; pale marks must not grow."""
PALE = 0.4
COLOURED = 0.15
SAME_HUE, COLOUR_KEPT = 0.95, 0.7

WITH_MARKS = {
    "stamp over print": PageKind.STAMPED,
    "lone stamp": PageKind.LONE_STAMP,
    "signature": PageKind.SIGNED,
    "lone signature": PageKind.LONE_SIGNATURE,
    "pencil": PageKind.FAINT_PENCIL,
    "sheet number by hand": PageKind.SHEET_NUMBER,
    "handwriting and postmark": PageKind.AR_CARD,
    "photograph": PageKind.PHOTO,
    "pale print": "pale print",
    "tick in pencil": "tick",
    "word in pencil": "pencil word",
    "initials": "initials",
    "one short line": PageKind.SHORT_LINE,
    "letterhead in colour": PageKind.NOTIFICATION,
}

Field = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Mark:
    """What is left of a mark: shares of its strength and colour; ``hue``: cosine of old and new; None without colour.

    ``place``: its page and upper left corner.
    """

    place: str
    strength: float
    pale: bool
    colour: float | None
    hue: float | None


@dataclass(frozen=True, slots=True)
class Judged:
    """All marks of the pages of one kind, and pages that were removed."""

    what: str
    marks: list[Mark]
    removed: int

    def bad(self) -> dict[str, int]:
        """How many marks fail in which way."""
        return {way: sum(fails(mark) for mark in self.marks) for way, fails in FAILS.items()} | {
            "removed": self.removed
        }


FAILS: dict[str, Callable[[Mark], bool]] = {
    "lost": lambda mark: mark.strength < VISIBLE,
    "weaker": lambda mark: VISIBLE <= mark.strength < STRONG,
    "pale made dark": lambda mark: mark.pale and mark.strength > DARK,
    "colour lost": lambda mark: mark.colour is not None and (mark.colour < COLOUR_KEPT or (mark.hue or 0) < SAME_HUE),
}


def measure(folder: Path, seeds: int) -> Part:
    """Scan ``seeds`` pages of each kind, have them done, and look for the marks."""
    names = [(what, str(kind), seed) for what, kind in WITH_MARKS.items() for seed in range(seeds)]
    drawings = [pages.drawn(kind, 500 + seed) for _, kind, seed in names]
    scan = folder / "marks.pdf"
    pages.write_scans(scan, drawings)
    job = ours.do(folder / "marks", scan, workers=2)
    judged = {what: Judged(what, [], 0) for what in WITH_MARKS}
    removed = dict.fromkeys(WITH_MARKS, 0)
    for (what, _, _), drawing, entry in zip(names, drawings, job.pages(), strict=True):
        now = job.shown(entry, drawing, MAP_DPI)
        if now is None:
            removed[what] += 1
        else:
            marks = compare(drawing, now)
            judged[what].marks.extend(replace(mark, place=f"page {entry.page} at {mark.place}") for mark in marks)
    return _part([Judged(what, j.marks, removed[what]) for what, j in judged.items()], seeds)


GOALS = {
    "removed": "pages with marks removed as blank",
    "lost": "marks lost",
    "weaker": "marks weaker than on paper",
    "pale made dark": "pale marks made dark",
    "colour lost": "marks that lost their colour",
}


def _part(judged: list[Judged], seeds: int) -> Part:
    bad = {j.what: j.bad() for j in judged}
    total = sum(len(j.marks) for j in judged)
    rows = []
    for way, goal in GOALS.items():
        count = sum(found[way] for found in bad.values())
        where = ", ".join(what for what, found in bad.items() if found[way])
        rows.append(Row(goal, "0", f"{count} of {total}" + (f" ({where})" if where else ""), count == 0))
    lines = []
    for j in judged:
        strengths = [mark.strength for mark in j.marks] or [0.0]
        colours = [mark.colour for mark in j.marks if mark.colour is not None]
        kept = f"{min(colours):.2f} · {np.median(colours):.2f}" if colours else ""
        strong = f"{min(strengths):.2f} · {np.median(strengths):.2f} · {max(strengths):.2f}"
        lines.append((j.what, str(len(j.marks)), strong, kept, *(str(n) for n in bad[j.what].values())))
    head = (
        "marks",
        "number",
        "strength kept (least · median · most)",
        "colour kept (least · median)",
        *bad[judged[0].what],
    )
    failing = [
        f"- {way}: {j.what}, {mark.place}, strength {mark.strength:.2f}, colour {mark.colour}, hue {mark.hue}"
        for way, fails in FAILS.items()
        for j in judged
        for mark in j.marks
        if fails(mark)
    ]
    return Part(f"Marks ({seeds} pages of each kind)", rows, [markdown(head, lines), "\n".join(failing[:MOST_NAMED])])


def compare(drawing: Image.Image, now: NDArray[np.uint8]) -> list[Mark]:
    """Every mark of the drawing, looked for on the published page at `MAP_DPI`."""
    size = (now.shape[1], now.shape[0])
    before = _contrast(np.asarray(cv2.resize(np.asarray(drawing), size, interpolation=cv2.INTER_AREA)))
    after = _contrast(now)
    after[after.max(axis=2) < NOISE] = 0
    full = cv2.erode(np.asarray(drawing), np.ones((3, 3), np.uint8))
    peak = _contrast(np.asarray(cv2.resize(full, size, interpolation=cv2.INTER_AREA))).max(axis=2)
    seen = (before.max(axis=2) > SEEN).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(cv2.dilate(seen, np.ones((JOIN, JOIN), np.uint8)))
    around = np.asarray(cv2.dilate(labels.astype(np.float32), np.ones((NEAR, NEAR), np.uint8)), np.int32)
    corners = stats[:, :2] / MAP_DPI * 25.4
    return [
        _mark(f"{corners[label, 0]:.0f}, {corners[label, 1]:.0f} mm", before[at], after[at], peak[at])
        for label in range(1, count)
        if (at := around == label).any()
    ]


def _mark(place: str, before: Field, after: Field, peak: Field) -> Mark:
    was, now = before.sum(axis=0), after.sum(axis=0)
    strength = float(after.max(axis=1).sum() / max(before.max(axis=1).sum(), 1e-6))
    pale = float(peak.max()) < PALE
    chroma, left = was - was.min(), now - now.min()
    if chroma.max() < COLOURED * was.max():
        return Mark(place, strength, pale, None, None)
    lengths = float(np.linalg.norm(chroma)), float(np.linalg.norm(left))
    hue = float(chroma @ left) / max(lengths[0] * lengths[1], 1e-6)
    return Mark(place, strength, pale, lengths[1] / lengths[0], hue)


def _contrast(picture: NDArray[np.uint8]) -> Field:
    """How much darker than its paper each pixel is, by channel, 0 to 1."""
    paper = [np.bincount(picture[:, :, channel].ravel(), minlength=256).argmax() for channel in range(3)]
    return np.asarray(np.clip(1 - picture / np.maximum(paper, 1).astype(np.float32), 0, 1), np.float32)
