"""The state of the service at one moment as a value, for the panel, `status` and `doctor`.

The daemon fills it in; the code that displays it accesses no file.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from itrwatch.core.filenames import printable

WORKING = "em trabalho"
"""The state of a case in progress; a short case may be in progress beside a long one."""


@dataclass(frozen=True, slots=True)
class Root:
    """The inbox or the outbox. ``mode``: how it is watched, in Portuguese; ``trouble``: why it is degraded, or empty."""

    role: str
    path: str
    mode: str = ""
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class CaseStatus:
    """The status of one case folder.

    ``state``: a value of `itrwatch.daemon.case_state.State`; ``waits_for``: one Portuguese sentence, empty if it waits for
    nothing; ``since``: the time of entry into this state; ``changed`` grows when the folder changes; ``done`` of ``total``
    pages while it is processed.
    """

    folder: str
    state: str
    waits_for: str = ""
    since: datetime | None = None
    changed: float = 0.0
    done: int = 0
    total: int = 0


@dataclass(frozen=True, slots=True)
class StatusSnapshot:
    """Every case folder and root at the moment ``at`` (local time); ``notices``: messages for the administrator."""

    at: datetime
    roots: tuple[Root, ...] = ()
    cases: tuple[CaseStatus, ...] = ()
    notices: tuple[str, ...] = ()


def summary(status: StatusSnapshot) -> str:
    """One line for systemd's STATUS: trouble with the roots, notices, the cases in progress, the number of cases in each other state."""
    troubles = [root.trouble for root in status.roots if root.trouble]
    working = [
        _worked(case_status) for case_status in status.cases if case_status.total or case_status.state == WORKING
    ]
    counts = Counter(case_status.state for case_status in status.cases if case_status.state != WORKING)
    stands = [f"{state}: {counts[state]}" for state in counts]
    return "; ".join([*troubles, *status.notices, ", ".join([*working, *sorted(stands)]) or "nenhuma pasta"])


def _worked(case_status: CaseStatus) -> str:
    pages = f" (página {case_status.done} de {case_status.total})" if case_status.total else ""
    return f"{WORKING}: “{printable(case_status.folder)}”{pages}"
