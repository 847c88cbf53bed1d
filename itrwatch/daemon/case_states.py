"""Transitions between states: after the end of a job, and after an `OSError` from a folder.

No failure is final: the case is tried again after an increasing pause, and at once when its folder changes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from loguru import logger

from itrwatch.core.filenames import printable
from itrwatch.core.manifest import Arriving, Outcome, Stopped, Unsettled
from itrwatch.daemon.case_state import NEVER, SAID, State, Watched, hindrance
from itrwatch.errors import reason_with_path
from itrwatch.store.clock import local_time

BACK_OFF = (30.0, 60.0, 120.0, 300.0, 900.0)
"""Seconds until the next try, the last one repeated (F5). Chosen."""


@dataclass(slots=True)
class CaseStates:
    """The known cases by name, and their changes of state; ``now`` in seconds of the clock given to `Cases`."""

    wall_clock: Callable[[], datetime] = local_time
    cases: dict[str, Watched] = field(default_factory=dict)

    def enter(self, name: str, state: State) -> None:
        """Put a case into ``state`` and log a change; an unknown case, whose folder is gone, is ignored."""
        case = self.cases.get(name)
        if case is None or case.state is state:
            return
        if case.state is not None or state not in (State.PUBLISHED, State.PENDING):  # else it was so before we started
            case.since = self.wall_clock()
        case.state = state
        if state in SAID and not (state is State.EMPTY and case.unused):  # for an unused folder there is a line already
            logger.info("{}: {}", printable(name), SAID[state])

    def failed(self, name: str, outcome: Outcome | BaseException, now: float) -> None:
        """The transition after a job that published nothing."""
        match outcome:
            case Arriving(why):
                self.await_scan(name, why, now)
            case Unsettled(why):
                self.delay(name, now, f"o fim das mudanças na pasta; mudou durante a leitura ({why})")
                logger.info("{}: mudou durante a leitura ({}); aguardando de novo", printable(name), why)
            case Stopped():
                self.delay(name, now, "ser refeita; foi interrompida")
                logger.info("{}: interrompida; será refeita", printable(name))
            case OSError():
                why = reason_with_path(outcome)
                seconds = self.delay(name, now, hindrance(outcome))
                logger.warning("{}: {}; nova tentativa em {:.0f} s", printable(name), why, seconds)
            case BaseException():
                self.delay(
                    name,
                    now,
                    "uma nova tentativa, depois de uma falha do itrwatch (os detalhes estão no registro do serviço)",
                )
                logger.opt(exception=outcome).error(
                    "{}: falha do itrwatch; as outras pastas continuam", printable(name)
                )

    def await_scan(self, name: str, why: str, now: float) -> None:
        """The folder is at rest, but a scan looks incomplete: try again, for the last time when the patience ends."""
        case = self.cases.get(name)
        if case is None:
            return
        case.not_before = case.due = max(now, min(case.patient_until, now + BACK_OFF[0]))
        if case.arriving != why:
            logger.info("{}: {}; aguardando o resto", printable(name), why)
        case.arriving = why
        case.state, case.since = State.MOVING, self.wall_clock()

    def delay(self, name: str, now: float, waits_for: str) -> float:
        """Schedule another try; returns the pause in seconds."""
        case = self.cases.get(name)
        if case is None:  # its folder is gone
            return 0.0
        case.trouble = waits_for
        seconds = BACK_OFF[min(case.failures, len(BACK_OFF) - 1)]
        case.not_before = case.due = now + seconds
        case.failures += 1
        self.enter(name, State.DELAYED)
        return seconds

    def unreadable(self, name: str, wrong: OSError, now: float, *, working: bool) -> None:
        """The transition for an unreadable folder (busy, no permission): tried again at every scan (F6, F33, F45)."""
        case = self.cases[name]
        if case.state is not State.DELAYED:
            logger.warning("{}: {}; nova tentativa a cada varredura", printable(name), reason_with_path(wrong))
        case.trouble = hindrance(wrong)
        case.due = now + BACK_OFF[0]
        if not working:
            self.enter(name, State.DELAYED)

    def try_again(self) -> None:
        """Cancel all pauses: the outbox is back, and failed cases may succeed now."""
        for case in self.cases.values():
            case.not_before, case.failures = NEVER, 0
