"""Which scans were one stack of paper: the files that a scanner numbers by itself.

``scan 001.jpg``, ``scan 002.jpg`` … are one feed of the paper, a page in each or fifty; what a separator
sheet or a heading says in one goes on in the next. Files with names of their own stand alone, and so do
those between which a number is missing, for what is not there may have said that something else begins.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from itrwatch.core.words import fold

_NUMBER = re.compile(r"[0-9]+")
_YEARS = range(1990, 2100)


def in_order(names: Iterable[str]) -> tuple[str, ...]:
    """The names as a person counts: ``scan 2`` before ``scan 10``."""
    return tuple(sorted(names, key=_natural))


def stacks(names: Iterable[str]) -> tuple[tuple[str, ...], ...]:
    """The names in order, those that are numbered on without a gap together."""
    found: list[list[str]] = []
    expected: tuple[str, int, str] | None = None
    for name in in_order(names):
        series = _series(name)
        if series is not None and series == expected:
            found[-1].append(name)
        else:
            found.append([name])
        expected = series and (series[0], series[1] + 1, series[2])
    return tuple(tuple(stack) for stack in found)


def _natural(name: str) -> tuple[tuple[int, str, int], ...]:
    pieces = re.split(r"([0-9]+)", fold(name))
    keys = ((0, "", int(piece[:18])) if piece.isdigit() else (1, piece, 0) for piece in pieces if piece)
    return (*keys, (2, name, 0))


def _series(name: str) -> tuple[str, int, str] | None:
    """What is before, in and after the number that a scanner counts up; None when there is none, or it is a year."""
    stem, _, suffix = fold(name).rpartition(".")
    numbers = list(_NUMBER.finditer(stem))
    if not numbers or int(numbers[-1][0][-9:]) in _YEARS:
        return None
    last = numbers[-1]
    return stem[: last.start()], int(last[0][-9:]), f"{stem[last.end() :]}.{suffix}"
