"""The result of the reconstruction check: kinds and places of differences between coded page and scan."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from itrwatch.imaging.resample import components


class DamageKind(StrEnum):
    """The kind of a difference."""

    LOST = "lost"
    WEAKER = "weaker"
    DARKER = "darker"
    FALSE_DARK = "false dark"
    TWO_INKS = "two inks"
    COLOUR = "colour"
    HOLLOW = "hollow"
    BROKEN = "broken"
    CODE = "code"
    DIGITS = "digits"


@dataclass(frozen=True, slots=True)
class Damage:
    """A place where the coded page differs: a box in mm from the upper left corner, and the damaged area."""

    kind: DamageKind
    left: float
    top: float
    width: float
    height: float
    mm2: float


def pieces(
    kind: DamageKind, mask: NDArray[np.bool_], least_mm2: float, dpi: float
) -> Iterator[tuple[Damage, tuple[slice, slice]]]:
    """The connected pieces of ``mask`` with at least the area ``least_mm2``, each with its rows and columns."""
    if not mask.any():
        return
    mm = 25.4 / dpi
    for left, top, width, height, cells in components(mask).stats[1:].tolist():
        if cells * mm**2 >= least_mm2:
            place = slice(top, top + height), slice(left, left + width)
            yield Damage(kind, left * mm, top * mm, width * mm, height * mm, cells * mm**2), place
