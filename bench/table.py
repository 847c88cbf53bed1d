"""What was measured, as lines of a table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Row:
    """A figure beside its goal; ``met`` is None where there is no goal, or nothing to compare with."""

    what: str
    goal: str
    figure: str
    met: bool | None = None


@dataclass(slots=True)
class Part:
    """Rows for the table, and lines or tables of detail to stand under a heading of their own."""

    title: str
    rows: list[Row] = field(default_factory=list)
    details: list[str] = field(default_factory=list)


def markdown(head: Iterable[str], lines: Iterable[Iterable[str]]) -> str:
    """A Markdown table."""
    titles = list(head)
    body = [titles, ["---"] * len(titles), *(list(line) for line in lines)]
    return "\n".join(f"| {' | '.join(line)} |" for line in body)


def goals(parts: Iterable[Part]) -> str:
    """All rows of all parts, as one table."""
    words = {True: "yes", False: "**no**", None: ""}
    rows = [row for part in parts for row in part.rows]
    return markdown(("", "goal", "figure", "met"), ((r.what, r.goal, r.figure, words[r.met]) for r in rows))


def per_cent(part: float, whole: float, digits: int = 1) -> str:
    """A share, never rounded up to all: “100 %” is all of it."""
    if not whole:
        return "none"
    shown = f"{100 * part / whole:.{digits}f}"
    return f"{shown} %" if part == whole or float(shown) < 100 else f"{100 - 10**-digits:.{digits}f} %"
