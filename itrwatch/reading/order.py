"""The order in which the lines of a page are read: columns of text one after another, rows of a table from left to right.

The page is parted again and again: at an empty strip from top to bottom if there is running text on both sides of it, else at the
widest empty strip across, else its rows stand as they are. All lengths in px of the page.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from itrwatch.reading.cutting import TextLine

GUTTER_MM, BREAK_MM = 4.0, 2.5
"""Width of the strip between two columns, height of the one between two blocks. Chosen."""
LEAST_LINES = 4
"""Lines on each side of a gutter: fewer are no column of text. Chosen."""
FILLED = 0.6
"""Share of a column's width that its lines have in the middle: text fills its column, the cells of a table do not. Chosen."""


def in_reading_order(lines: Sequence[TextLine], px_per_mm: float) -> list[TextLine]:
    """The same lines in the order in which a person reads them."""
    if len(lines) >= 2 * LEAST_LINES and (parts := _columns(lines, GUTTER_MM * px_per_mm)):
        return [line for part in parts for line in in_reading_order(part, px_per_mm)]
    if parts := _parted(lines, 1, BREAK_MM * px_per_mm):
        return [line for part in parts for line in in_reading_order(part, px_per_mm)]
    return _rows(lines)


def _columns(lines: Sequence[TextLine], gutter: float) -> list[list[TextLine]]:
    parts = _parted(lines, 0, gutter)
    return parts if parts and all(_is_column(part) for part in parts) else []


def _is_column(lines: Sequence[TextLine]) -> bool:
    wide = max(line.box[2] for line in lines) - min(line.box[0] for line in lines)
    return len(lines) >= LEAST_LINES and median(line.box[2] - line.box[0] for line in lines) >= FILLED * wide


def _parted(lines: Sequence[TextLine], axis: int, least: float) -> list[list[TextLine]]:
    """The lines on both sides of the widest strip that none of them touches; none where it is narrower than ``least``."""
    order = sorted(lines, key=lambda line: line.box[axis])
    best, place, end = least, 0, 0
    for at, line in enumerate(order):
        if at and line.box[axis] - end >= best:
            best, place = line.box[axis] - end, at
        end = max(end, line.box[axis + 2])
    return [order[:place], order[place:]] if place else []


def _rows(lines: Sequence[TextLine]) -> list[TextLine]:
    """Row by row: lines of which the lower has its middle beside the upper are one row."""
    rows: list[list[TextLine]] = []
    for line in sorted(lines, key=lambda line: line.box[1] + line.box[3]):
        if rows and (line.box[1] + line.box[3]) / 2 < rows[-1][0].box[3]:
            rows[-1].append(line)
        else:
            rows.append([line])
    return [line for row in rows for line in sorted(row, key=lambda line: line.box[0])]
