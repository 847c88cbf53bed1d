"""Whether a page is one of our separator sheets.

A sheet is known by its code alone, of a size that a sheet has: a picture of one in a manual is smaller.
"""

from __future__ import annotations

from itrwatch.core.separators import Separator, is_ours, parse_code
from itrwatch.imaging.codes import read_codes
from itrwatch.imaging.paper import Paper

LEAST_MM = 30.0
"""Half the size that is printed: two pages on a sheet, and a copier that reduces."""


def find_separator(paper: Paper) -> Separator | None:
    """What the sheet says; None for any other page, also one that shows codes of different sheets."""
    return see_separator(paper)[0]


def see_separator(paper: Paper) -> tuple[Separator | None, bool]:
    """What the sheet says, or whether the page may be a sheet all the same.

    It may when it has a code as large as ours that cannot be read, one of a later itrwatch, or two that disagree.
    """
    texts = {code.text for code in read_codes(paper) if code.side >= LEAST_MM}
    ours = {parse_code(text) for text in texts} - {None}
    if len(ours) == 1:
        return ours.pop(), False
    return None, bool(ours) or any(not text or is_ours(text) for text in texts)
