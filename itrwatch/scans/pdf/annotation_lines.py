"""Lines and colours of annotations → content-stream instructions.

path([(10, 10), (50, 10)]) -> "10 10 m 50 10 l"
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from pikepdf import Array, Dictionary, Name

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Point = tuple[float, float]
# The number of components gives the colour space: 1 grey, 3 RGB, 4 CMYK (ISO 32000-1, 12.5.2, table 164).
_OPERATORS = {1: "g", 3: "rg", 4: "k"}


def points(numbers: Iterable[Any]) -> list[Point]:
    """Alternating x and y coordinates → points; raises `ValueError` if one lacks its other half: some of them are damaged, and readers draw nothing."""
    flat = [float(one) for one in numbers]
    return list(zip(flat[0::2], flat[1::2], strict=True))


def path(line: Sequence[Point]) -> str:
    """The instructions for a path through the points of ``line``; "" if there are none."""
    if not line:
        return ""
    first, *rest = (f"{number(x)} {number(y)}" for x, y in line)
    return " ".join([f"{first} m", *(f"{one} l" for one in rest)])


def stroke(source: Any) -> str:
    """The instructions for colour, width and dash pattern of an annotation's lines (/C, /BS, /Border)."""
    style = source.get(Name.BS, Dictionary())
    dash = ""
    if style.get(Name.S) == Name.D:
        # Without /D, dashes and gaps are 3 units long (12.5.4, table 166).
        dash = f" [{' '.join(number(float(one)) for one in style.get(Name.D, (3,)))}] 0 d"
    return f"{colour(source.get(Name.C), 'RG') or '0 0 0 RG'} {number(width_of(source))} w{dash}"


def width_of(source: Any) -> float:
    """The width of an annotation's lines (/BS or /Border), in user-space units; 1 if not stated."""
    style, border = source.get(Name.BS), source.get(Name.Border)
    if isinstance(style, Dictionary) and Name.W in style:
        return float(style[Name.W])
    return float(border[2]) if isinstance(border, Array) and len(border) >= 3 else 1.0


def colour(value: Any, operator: str) -> str:
    """The instruction that sets the colour array ``value``, for filling ("rg") or stroking ("RG"); "" if there is no colour."""
    shares = [float(one) for one in value] if isinstance(value, Array) else []
    if len(shares) not in _OPERATORS:
        return ""
    name = _OPERATORS[len(shares)]
    return " ".join([*map(number, shares), name if operator == "rg" else name.upper()])


def number(value: float) -> str:
    """``value`` with at most four decimals, as content streams write it; raises `ValueError` if it is not finite."""
    if not math.isfinite(value):
        raise ValueError("no number")
    return f"{value:.4f}".rstrip("0").rstrip(".") or "0"
