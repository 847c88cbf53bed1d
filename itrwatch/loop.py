"""One turn after another: take what is done, scan when it is time, start the next case.

The only place with a thread and a clock together. A turn never waits for the job; `Loop.rest`
waits, and never longer than a tick, because a signal is only a flag that somebody must look at.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from itrwatch.cases import Cases
from itrwatch.core.outcome import Outcome
from itrwatch.inbox import Snapshot
from itrwatch.notify import Notifier

Process = Callable[[Snapshot, threading.Event], Outcome]
"""The job: publishes one case through the outbox; `Stopped` when asked to stop, `OSError` for try later."""

TICK_SECONDS = 0.5  # a signal is answered, and the watchdog fed, within this time
SCAN_SHARE = 4  # after a scan, this many times its duration without one (F23) …
SCAN_GAP_SECONDS = 0.2  # … and at least this, however often the scanner's program writes


def clock() -> float:
    """Seconds on a clock that only runs forward, and runs on while the machine sleeps: a pause shows."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


class Worker:
    """Runs one job at a time in a thread and keeps what came of it."""

    def __init__(self, process: Process, stop: threading.Event, wake: threading.Event) -> None:
        self._process, self._stop, self._wake = process, stop, wake
        self._thread: threading.Thread | None = None
        self._result: Outcome | BaseException | None = None

    @property
    def busy(self) -> bool:
        """Whether a job runs, or its result was not taken yet."""
        return self._thread is not None

    def start(self, snapshot: Snapshot) -> None:
        """Start the job of one case; only while not busy."""
        # A daemon thread: a job that hangs on a dead share must not keep the process from ending.
        self._thread = threading.Thread(target=self._work, args=(snapshot,), name="caso", daemon=True)
        self._thread.start()

    def take(self) -> Outcome | BaseException | None:
        """What became of the job that ended, once; None while it runs or if there is none."""
        if self._thread is None or self._result is None:
            return None
        self._thread.join()
        result, self._thread, self._result = self._result, None, None
        return result

    def _work(self, snapshot: Snapshot) -> None:
        try:
            self._result = self._process(snapshot, self._stop)
        except BaseException as wrong:  # noqa: BLE001 - one bad case never ends the service (promise 6); it is logged
            self._result = wrong
        finally:
            self._wake.set()


class Loop:
    """The turns that `run` and `once` share; every time is in seconds of `clock`."""

    def __init__(
        self,
        cases: Cases,
        worker: Worker,
        wake: threading.Event,
        rescan: Callable[[], float],
        checker: Worker | None = None,
    ) -> None:
        """``checker`` checks sidecars that were just saved, beside the job: a long case must not delay them."""
        self.cases, self.worker, self.wake, self._rescan = cases, worker, wake, rescan
        self._checker = checker
        self._not_before = self._not_after = float("-inf")

    def turn(self) -> None:
        """Take what is done, scan if it is time to, start the next case if none runs; `Stopped`."""
        now = clock()
        self._take(now)
        if now >= self._not_before and (self.wake.is_set() or now >= min(self._not_after, self.cases.due())):
            self.wake.clear()  # before the scan: what comes during it wakes us again
            self.cases.scan(now)
            end = clock()
            self._not_before = end + max(SCAN_GAP_SECONDS, min(SCAN_SHARE * (end - now), self._rescan()))
            self._not_after = end + self._rescan()
        if not self.worker.busy and (snapshot := self.cases.next_ready(clock())) is not None:
            self.cases.begin(snapshot.name)
            self.worker.start(snapshot)
        if self._checker and not self._checker.busy and (snapshot := self.cases.begin_check()) is not None:
            self._checker.start(snapshot)

    def wait_for_job(self, notifier: Notifier) -> None:
        """Let the job stop between two pages; how long that may take is systemd's to say."""
        while self.worker.busy or (self._checker and self._checker.busy):
            notifier.beat(clock())
            time.sleep(0.02)
            self._take(clock())

    def _take(self, now: float) -> None:
        outcome = self.worker.take()
        if outcome is not None and self.cases.working is not None:
            self.cases.finish(self.cases.working, outcome, now)
        checked = self._checker.take() if self._checker else None
        if checked is not None:
            self.cases.finish_check(checked)

    def rest(self) -> None:
        """Wait until something is due or wakes us, at most a tick."""
        if self.wake.is_set():  # set, but a scan is not due yet
            time.sleep(min(TICK_SECONDS, max(0.0, self._not_before - clock())))
            return
        due = max(self._not_before, min(self._not_after, self.cases.due()))
        self.wake.wait(min(TICK_SECONDS, max(0.0, due - clock())))
