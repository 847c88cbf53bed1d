"""Whether a page is one of our separator sheets.

A sheet is known by its code alone, of a size that a sheet has: a picture of one in a manual is smaller.
"""

from __future__ import annotations

from itrwatch.core.separators import Separator, parse_code
from itrwatch.imaging.codes import read_codes
from itrwatch.imaging.paper import Paper

LEAST_MM = 30.0
"""Half the size that is printed: two pages on a sheet, and a copier that reduces."""


def find_separator(paper: Paper) -> Separator | None:
    """What the sheet says; None for any other page, also one that shows codes of different sheets."""
    read = {parse_code(code.text) for code in read_codes(paper) if code.text and code.side >= LEAST_MM}
    ours = read - {None}
    return ours.pop() if len(ours) == 1 else None


def damaged_separator(paper: Paper) -> bool:
    """Whether there is a code as large as ours that cannot be read."""
    codes = read_codes(paper)
    return any(not code.text and code.side >= LEAST_MM for code in codes) and not any(code.text for code in codes)
