"""What the service knows at one moment, as a value: for the panel, `status` and `doctor`.

The shell fills it in; nobody who shows it asks the machine again.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from itrwatch.core.filenames import printable

WORKING = "em trabalho"
"""The state of the one case that is being worked on."""


@dataclass(frozen=True, slots=True)
class Root:
    """A watched or written folder. ``mode``: how it is watched, in Portuguese; ``trouble``: why it is degraded, or empty."""

    role: str
    path: str
    mode: str = ""
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where one case folder stands.

    ``state``: a value of `itrwatch.daemon.case_state.State`; ``waits_for``: one sentence in Portuguese, empty when it waits for
    nothing; ``since``: when it came to stand so; ``done`` of ``total`` pages while it is being worked on.
    """

    folder: str
    state: str
    waits_for: str = ""
    since: datetime | None = None
    done: int = 0
    total: int = 0


@dataclass(frozen=True, slots=True)
class Board:
    """Every case folder and root at the moment ``at`` (local time); ``notices``: what the administrator should know."""

    at: datetime
    roots: tuple[Root, ...] = ()
    places: tuple[Place, ...] = ()
    notices: tuple[str, ...] = ()


def summary(board: Board) -> str:
    """One line for systemd's STATUS: what is wrong with the roots, what is being done, how many cases stand where."""
    troubles = [root.trouble for root in board.roots if root.trouble]
    working = [_worked(place) for place in board.places if place.total or place.state == WORKING]
    counts = Counter(place.state for place in board.places if place.state != WORKING)
    stands = [f"{state}: {counts[state]}" for state in counts]
    return "; ".join([*troubles, *board.notices, ", ".join([*working, *sorted(stands)]) or "nenhuma pasta"])


def _worked(place: Place) -> str:
    pages = f" (página {place.done} de {place.total})" if place.total else ""
    return f"{WORKING}: «{printable(place.folder)}»{pages}"
