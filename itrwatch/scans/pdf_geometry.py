"""Rectangles and matrices of PDF pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pikepdf import Matrix

Rect = tuple[float, float, float, float]
"""x0, y0, x1, y1 with x0 ≤ x1, y0 ≤ y1."""


def upright(matrix: Matrix) -> bool:
    """Whether ``matrix`` keeps rectangles upright: no slant beyond a pixel or two across a page."""
    a, b, c, d = matrix.a, matrix.b, matrix.c, matrix.d
    slack = 3e-4
    straight = abs(b) <= slack * abs(a) and abs(c) <= slack * abs(d)
    turned = abs(a) <= slack * abs(b) and abs(d) <= slack * abs(c)
    return (straight and a * d != 0) or (turned and b * c != 0)


def box(matrix: Matrix, x0: float, y0: float, x1: float, y1: float) -> Rect:
    """The rectangle around a rectangle after ``matrix``."""
    corners = [matrix.transform((x, y)) for x in (x0, x1) for y in (y0, y1)]
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    return min(xs), min(ys), max(xs), max(ys)


def intersect(one: Rect | None, other: Rect) -> Rect:
    """What two rectangles have in common, possibly nothing (x1 ≤ x0)."""
    if one is None:
        return other
    return max(one[0], other[0]), max(one[1], other[1]), min(one[2], other[2]), min(one[3], other[3])
