"""Whether a page is one of our separator sheets.

A sheet is known by its code alone, of a size that a sheet has: a picture of one in a manual is smaller.
Most pages have no place so full of ink as a code is, and none is looked for there: 0.2 ms instead of 3.
"""

from __future__ import annotations

import cv2

from itrwatch.core.separators import Separator, is_ours, parse_code
from itrwatch.imaging.averaging import coverage
from itrwatch.imaging.codes import read_codes
from itrwatch.imaging.marks import INK
from itrwatch.imaging.paper import Paper

LEAST_MM = 30.0
"""Half the size that is printed: two pages on a sheet, and a copier that reduces."""
WITHIN_MM = 20.0
"""A square that lies within the smallest code, however that is turned."""
LEAST_DARK = 0.40 * 255
"""Share of such a square, of 255, that a code fills: 0.56 and more on 72 sheets, copied, stained and turned; print
fills up to 0.35."""
COARSER = 4


def find_separator(paper: Paper) -> Separator | None:
    """What the sheet says; None for any other page, also one that shows codes of different sheets."""
    return see_separator(paper)[0]


def see_separator(paper: Paper) -> tuple[Separator | None, bool]:
    """What the sheet says, or whether the page may be a sheet all the same.

    It may when it has a code as large as ours that cannot be read, one of a later itrwatch, or two that disagree.
    """
    if not _may_have_code(paper):
        return None, False
    texts = {code.text for code in read_codes(paper) if code.side >= LEAST_MM}
    ours = {parse_code(text) for text in texts} - {None}
    if len(ours) == 1:
        return ours.pop(), False
    return None, bool(ours) or any(not text or is_ours(text) for text in texts)


def _may_have_code(paper: Paper) -> bool:
    """Whether some place is as full of ink as a code."""
    ink = coverage(paper.contrast > INK, COARSER)
    side = max(1, round(WITHIN_MM / paper.mm_per_px / COARSER))
    return bool(cv2.blur(ink, (side, side)).max() >= LEAST_DARK)
