"""Divides a file that is over the size limit.

    divide([Weight(9), Weight(9)], fixed=1, limit=12) -> (range(0, 1), range(1, 2))

Dividing is forbidden below the limit (`manual.Norm.FILES`).
Above it: the fewest parts; among those, the fewest cuts inside a section; among those, the most
even sizes, so that no part is a single page without need.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Weight:
    """A page to distribute: its ``bytes`` in the file, and whether a section begins with it."""

    bytes: int
    begins_section: bool = False


class PageTooHeavyError(ValueError):
    """Page ``index`` (from 0) is over the limit by itself."""

    def __init__(self, index: int) -> None:
        super().__init__(f"page {index}")
        self.index = index


def divide(pages: Sequence[Weight], fixed: int, limit: int) -> tuple[range, ...]:
    """The parts as ranges of page indices; ``fixed`` bytes are added once for each part.

    Raises `PageTooHeavyError` if a page does not fit into a part of its own.
    """
    ends = _fewest_parts_from(pages, fixed, limit)
    parts: list[range] = []
    start = 0
    while start < len(pages):
        end = ends[start][1]
        parts.append(range(start, end))
        start = end
    return tuple(parts)


def _fewest_parts_from(pages: Sequence[Weight], fixed: int, limit: int) -> list[tuple[tuple[int, int, int], int]]:
    """For each page: the least cost of dividing from it to the end, and the end of its part.

    The cost is a tuple: parts, cuts inside a section, sum of squares of part sizes. Dynamic programming from
    the last page; time is quadratic at worst, less because a part ends at the limit.
    """
    count = len(pages)
    # The extra last entry: dividing no pages costs nothing.
    best: list[tuple[tuple[int, int, int], int]] = [((0, 0, 0), count)] * (count + 1)
    for start in range(count - 1, -1, -1):
        size = fixed
        options = []
        for end in range(start + 1, count + 1):
            size += pages[end - 1].bytes
            if size > limit:
                break
            parts, cuts, squares = best[end][0]
            inside = int(end < count and not pages[end].begins_section)
            # Tuples compare from the left: first fewer parts, then fewer cuts, then more even sizes.
            options.append(((parts + 1, cuts + inside, squares + size * size), end))
        if not options:
            raise PageTooHeavyError(start)
        best[start] = min(options)
    return best
