"""Tells two pages of one form apart by a figure: receipts of two years are the same picture but for one digit.

    other_figures(words_of_2018, words_of_2019) -> True: “2018” stands on one page where “2019” stands on the other

Only a certain word with digits against a certain word of as many digits at the same place is evidence. What only one page has is none:
on another scan of the sheet it may have been read with doubt.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from statistics import median

from itrwatch.core.encoded_page import Word

APART_PT = 4.3
"""Farthest that the middles of one word on two scans of a sheet lie apart, pt (1.5 mm). Physical: half a degree at the edge of the sheet is 0.9 mm,
and rows of 8 points are 3.5 mm apart."""

Point = tuple[float, float]


def other_figures(one: Sequence[Word], other: Sequence[Word]) -> bool:
    """Whether any figure of the first page is another one on the second."""
    moved = _shift(one, other)
    if moved is None:
        return False
    there = [(_middle(word), digits) for word in other if (digits := _digits(word))]
    for word in one:
        digits, (x, y) = _digits(word), _middle(word)
        near = {
            found
            for (across, down), found in there
            if len(found) == len(digits)
            and abs(across - moved[0] - x) <= APART_PT
            and abs(down - moved[1] - y) <= APART_PT
        }
        if near and digits not in near:
            return True
    return False


def _shift(one: Sequence[Word], other: Sequence[Word]) -> Point | None:
    """How far the second page lies from the first, by the words that stand once on both; None if there are none."""
    places = [{word.text: _middle(word) for word in words} for words in (one, other)]
    counts = [Counter(word.text for word in words) for words in (one, other)]
    both = [text for text in places[0] if counts[0][text] == counts[1][text] == 1]
    if not both:
        return None
    across, down = (median(places[1][text][side] - places[0][text][side] for text in both) for side in (0, 1))
    return across, down


def _middle(word: Word) -> Point:
    return (word.box.left + word.box.right) / 2, (word.box.top + word.box.bottom) / 2


def _digits(word: Word) -> str:
    return re.sub(r"\D", "", word.text)
