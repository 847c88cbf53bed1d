"""Several scans named at once: ``scan*.jpg``, ``scan1.jpg a scan3.jpg``.

A page feeder writes one file a page. They come in the order in which a person counts (``scan 2`` before
``scan 10``), and a number that is missing in between is a page that may be lost: it is refused, never passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from itrwatch.core.filenames import SCAN_SUFFIXES, Found, match_name, name_key, printable
from itrwatch.core.title_matching import in_order, series

_SUFFIX = "(?:" + "|".join(map(re.escape, SCAN_SUFFIXES)) + ")"
_RANGE = re.compile(rf"(.+?{_SUFFIX})\s*(?:\s(?:a|ao|ate|até)\s|\.\.+|…|-|–|—)\s*(.+{_SUFFIX})", re.IGNORECASE)
_MOST_SHOWN = 6  # chosen


@dataclass(frozen=True, slots=True)
class SeriesFault:
    """Why several names were not understood, in Portuguese; ``there``: those that are in the folder all the same."""

    message: str
    there: tuple[str, ...] = ()


def several(written: str, names: Iterable[str]) -> tuple[str, ...] | SeriesFault | None:
    """``j*.jpg`` → the names that it means, in natural order; None for what names one file."""
    known = tuple(names)
    if "*" in written or "?" in written:
        return _matching(written, known)
    found = _RANGE.fullmatch(written.strip())
    ends = [match_name(known, found[part]) for part in (1, 2)] if found else []
    if not found or not all(isinstance(end, Found) for end in ends):
        return None
    first, last = (end.name for end in ends if isinstance(end, Found))
    return _between(first, last, known)


def listed(names: Sequence[str]) -> str:
    """“[j1.jpg, j2.jpg, j3.jpg]”, or the first and last of many with how many they are."""
    shown = list(map(printable, names))
    if len(shown) <= _MOST_SHOWN:
        return f"[{', '.join(shown)}]"
    return f"[{shown[0]}, {shown[1]}, … {shown[-1]}], {len(shown)} arquivos"


def _matching(written: str, names: Sequence[str]) -> tuple[str, ...] | SeriesFault:
    signs = {"*": ".*", "?": "."}
    pattern = re.compile("".join(signs.get(sign) or re.escape(sign) for sign in name_key(written.strip())))
    found = in_order(name for name in names if pattern.fullmatch(name_key(name)))
    if found:
        return found
    return SeriesFault(
        f"nenhum arquivo da pasta combina com “{printable(written)}”; confira o nome, ou escreva a lista"
    )


def _between(first: str, last: str, names: Sequence[str]) -> tuple[str, ...] | SeriesFault:
    start, end = series(first), series(last)
    if start is None or end is None or (start[0], start[2]) != (end[0], end[2]):
        return SeriesFault(
            f"não sei que arquivos ficam entre “{printable(first)}” e “{printable(last)}”; escreva a lista, entre colchetes"
        )
    by_number = {own[1]: name for name in names if (own := series(name)) and (own[0], own[2]) == (start[0], start[2])}
    step = 1 if start[1] <= end[1] else -1
    numbers = range(start[1], end[1] + step, step)
    there = tuple(by_number[number] for number in numbers if number in by_number)
    if missing := [number for number in numbers if number not in by_number]:
        which = (
            f"falta o de número {missing[0]}"
            if len(missing) == 1
            else f"faltam {len(missing)}, a começar do {missing[0]}"
        )
        advice = "copie-o para a pasta" if len(missing) == 1 else "copie-os para a pasta"
        return SeriesFault(
            f"dos arquivos de “{printable(first)}” a “{printable(last)}” {which}; {advice} ou, se não existe, escreva a lista",
            there,
        )
    return there
