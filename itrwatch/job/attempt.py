"""How one attempt at a case is to be made: the value that goes from whoever starts a job to the job."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from threading import Event

from itrwatch.clock import local_time


def no_progress(_done: int, _total: int) -> None:
    """For those who do not watch."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """Until ``stop`` is set; ``progress`` is called with (pages done, of all).

    ``patient``: what looks cut short is waited for instead of refused. ``last``: a page whose workers the system kills
    is told to the fiscal; else there will be another try. ``now`` (local time) names the folder of the set before.
    """

    stop: Event
    progress: Callable[[int, int], None] = no_progress
    patient: bool = False
    last: bool = True
    now: Callable[[], datetime] = local_time
