"""Sorts the lines of a page into reading order: columns of text one after the other, rows of a table from left to right.

    in_reading_order(lines, 11.8) -> [TextLine(…), …]

The page is split recursively (XY cut): at the widest empty vertical strip if there are columns of text on both sides, else at the
widest empty horizontal strip, else its lines are sorted row by row. All lengths in px of the page.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from itrwatch.reading.cutting import TextLine

GUTTER_MM, BREAK_MM = 4.0, 2.5
"""Least width of the strip between two columns, least height of the strip between two blocks, mm. Chosen."""
LEAST_LINES = 4
"""Least lines of a column of text. Chosen."""
FILLED = 0.6
"""Least median length of the lines of a column, as a share of its width: text fills its column, the cells of a table do not. Chosen."""


def in_reading_order(lines: Sequence[TextLine], px_per_mm: float) -> list[TextLine]:
    """``lines`` in reading order."""
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
    """The lines on both sides of the widest empty strip across ``axis`` (0: x, 1: y); [] if it is narrower than ``least``."""
    order = sorted(lines, key=lambda line: line.box[axis])
    best, place, end = least, 0, 0
    for at, line in enumerate(order):
        if at and line.box[axis] - end >= best:
            best, place = line.box[axis] - end, at
        # The furthest end so far, not that of the line before: a long line may cover several short ones.
        end = max(end, line.box[axis + 2])
    return [order[:place], order[place:]] if place else []


def _rows(lines: Sequence[TextLine]) -> list[TextLine]:
    """``lines`` row by row; a line whose middle is above the bottom of the first line of a row belongs to that row."""
    rows: list[list[TextLine]] = []
    for line in sorted(lines, key=lambda line: line.box[1] + line.box[3]):
        if rows and (line.box[1] + line.box[3]) / 2 < rows[-1][0].box[3]:
            rows[-1].append(line)
        else:
            rows.append([line])
    return [line for row in rows for line in sorted(row, key=lambda line: line.box[0])]
