"""Which scans were one stack of paper: the files that a scanner numbers by itself.

``scan 001.jpg``, ``scan 002.jpg`` … are one feed of the paper, a page in each or fifty; what a separator
sheet or a heading says in one goes on in the next. Files with names of their own stand alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from itrwatch.core.words import fold

_NUMBER = re.compile(r"[0-9]+")


def in_order(names: Iterable[str]) -> tuple[str, ...]:
    """The names as a person counts: ``scan 2`` before ``scan 10``."""
    return tuple(sorted(names, key=_natural))


def stacks(names: Iterable[str]) -> tuple[tuple[str, ...], ...]:
    """The names in order, those that differ only in their last number together."""
    found: list[list[str]] = []
    last: tuple[str, str] | None = None
    for name in in_order(names):
        series = _series(name)
        if series is not None and series == last:
            found[-1].append(name)
        else:
            found.append([name])
        last = series
    return tuple(tuple(stack) for stack in found)


def _natural(name: str) -> tuple[tuple[int, str, int], ...]:
    pieces = re.split(r"([0-9]+)", fold(name))
    keys = ((0, "", int(piece[:18])) if piece.isdigit() else (1, piece, 0) for piece in pieces if piece)
    return (*keys, (2, name, 0))


def _series(name: str) -> tuple[str, str] | None:
    """What is before and after the number that a scanner counts up; None when there is no such number."""
    stem, _, suffix = fold(name).rpartition(".")
    numbers = list(_NUMBER.finditer(stem))
    if not numbers:
        return None
    last = numbers[-1]
    return stem[: last.start()], f"{stem[last.end() :]}.{suffix}"
