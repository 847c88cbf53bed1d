"""The parameters of one attempt at a case, from the thread that starts a job to the job."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from threading import Event

from itrwatch.store.clock import local_time


def no_progress(_done: int, _total: int) -> None:
    """The `Attempt.progress` of callers without a progress display."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """``stop`` ends the attempt; ``progress`` is called with (pages done, pages in all).

    ``patient``: a scan that looks incomplete is awaited instead of refused. ``last``: a page whose worker is killed by the
    system becomes an error of the case; otherwise the case is tried again. ``now`` (local time): the name of the folder of the previous set.
    """

    stop: Event
    progress: Callable[[int, int], None] = no_progress
    patient: bool = False
    last: bool = True
    now: Callable[[], datetime] = local_time
