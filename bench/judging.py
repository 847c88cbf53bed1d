"""The independent judge, `../shared/papers/judge.py`: what a program's page falsified of its scan, by kind and count.

It is nobody's encoder and shares nothing with ours; without it there is nothing to hold pages against.
"""

from __future__ import annotations

import importlib.util
import multiprocessing
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from types import ModuleType

from bench.ours import ROOT

JUDGE = ROOT.parent / "shared" / "papers" / "judge.py"
KINDS = ("LOST", "WEAKER", "DARKER", "FALSE_DARK", "TWO_INKS", "COLOUR", "HOLLOW", "BROKEN", "TURN", "SIZE")
"""What the judge tells apart, in the order of the table."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One page held against its scan: how many faults of each kind, and in words what the judge could not do."""

    page: int
    faults: Counter[str]
    trouble: str = ""


def available() -> bool:
    """Whether the judge lies beside the clone."""
    return JUDGE.is_file()


def judge(scan: Path, out: Path, pairs: Sequence[tuple[int, int]], jobs: int, crops: Path | None) -> list[Judged]:
    """Each pair of (page of ``scan``, page of ``out``), worked out by ``jobs`` processes."""
    one = partial(_judged, str(scan), str(out), str(crops) if crops else None)
    if jobs == 1:
        return [one(pair) for pair in pairs]
    with ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn")) as pool:
        return list(pool.map(one, pairs))


def _judged(scan: str, out: str, crops: str | None, pair: tuple[int, int]) -> Judged:
    try:
        (result,) = _module().judge(scan, out, [pair], crops, say=_silent)
    except Exception as fault:  # noqa: BLE001  the judge is not ours: a page it cannot judge is reported, not hidden
        return Judged(pair[0], Counter(), f"{type(fault).__name__}: {fault}")
    return Judged(pair[0], Counter(result["by_kind"]))


@cache
def _module() -> ModuleType:
    found = importlib.util.spec_from_file_location("papers_judge", JUDGE)
    assert found
    assert found.loader
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


def _silent(*_: object, **__: object) -> None:
    """The judge's words for the terminal are not wanted here."""
