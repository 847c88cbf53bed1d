"""The state of the service at one moment, as a value: for the panel, `status` and `doctor`.

The shell fills it in; the code that shows it touches no file.
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
class CaseStatus:
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
class StatusSnapshot:
    """Every case folder and root at the moment ``at`` (local time); ``notices``: what the administrator should know."""

    at: datetime
    roots: tuple[Root, ...] = ()
    places: tuple[CaseStatus, ...] = ()
    notices: tuple[str, ...] = ()


def summary(status: StatusSnapshot) -> str:
    """One line for systemd's STATUS: what is wrong with the roots, what is being done, how many cases stand where."""
    troubles = [root.trouble for root in status.roots if root.trouble]
    working = [
        _worked(case_status) for case_status in status.places if case_status.total or case_status.state == WORKING
    ]
    counts = Counter(case_status.state for case_status in status.places if case_status.state != WORKING)
    stands = [f"{state}: {counts[state]}" for state in counts]
    return "; ".join([*troubles, *status.notices, ", ".join([*working, *sorted(stands)]) or "nenhuma pasta"])


def _worked(case_status: CaseStatus) -> str:
    pages = f" (página {case_status.done} de {case_status.total})" if case_status.total else ""
    return f"{WORKING}: “{printable(case_status.folder)}”{pages}"
