"""The main loop: takes finished jobs, scans when a scan is due, starts the next case.

A step does not wait for jobs. `Loop.wait` waits, at most a tick, because a signal only sets a flag. A step may block on the
shares; a thread that must not block reads the `Heartbeat`.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace

from loguru import logger

from itrwatch.core.manifest import Outcome, Stopped, Unsettled
from itrwatch.daemon.attempts import Attempts, ProcessCase
from itrwatch.daemon.cases import Cases
from itrwatch.job.attempt import Attempt, no_progress
from itrwatch.store.inbox import Snapshot

TICK_SECONDS = 0.5  # longest wait before flags and the watchdog are checked; chosen
IDLE_SECONDS = 15.0  # the same while nothing is processed or awaited: each check costs a wake-up; chosen
THOROUGH_EVERY = (
    10  # while nothing is heard and nothing awaited, only every Nth scan looks at the outbox and into folders; chosen
)
SCAN_SHARE = 4  # after a scan, this many times its duration without one (F23) …, chosen
SCAN_GAP_SECONDS = 0.2  # … and at least this, however often the scanner's program writes; chosen
AWAY_SECONDS = 5.0  # interval of retries of an unavailable root; a retry costs two calls; chosen
QUICK_SECONDS = 6.0  # a case in the short lane is interrupted after this if another one waits; chosen
PAUSE_SECONDS = (
    15.0  # a tick this much later than it was to come means that the machine slept or the process was stopped; chosen
)


def clock() -> float:
    """Seconds of a monotonic clock that also runs while the machine sleeps, so that a sleep can be detected."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


Progress = Callable[[int, int], None]
"""Called with the pages done and all pages."""
Watch = Callable[[str], Progress]
"""Called with the name of a case whose job begins; returns the function to call with its progress."""


class Heartbeat:
    """The root that a thread is accessing, and since when: ``("entrada", 12.5)``; "" for none."""

    def __init__(self) -> None:
        self.at: tuple[str, float] = ("", clock())

    def beat(self, place: str = "") -> None:
        """Note that ``place`` is about to be accessed; "" after the access."""
        self.at = (place, clock())


class JobStop(threading.Event):
    """Set when its own job is to stop, or all are (``halt``)."""

    def __init__(self, halt: threading.Event) -> None:
        super().__init__()
        self._halt = halt

    def is_set(self) -> bool:
        """Whether the job must stop; pages in progress are abandoned."""
        return super().is_set() or self._halt.is_set()

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until the job must stop, at most ``timeout`` seconds; returns whether it must."""
        end = None if timeout is None else clock() + timeout
        while not self.is_set() and (end is None or clock() < end):
            super().wait(TICK_SECONDS / 5)
        return self.is_set()


class JobThread:
    """Runs one job at a time in a thread and keeps its result."""

    def __init__(
        self,
        process: ProcessCase,
        stop: threading.Event,
        wake: threading.Event,
        attempts: Attempts | None = None,
        watch: Watch = lambda _name: no_progress,
    ) -> None:
        """``attempts``: earlier attempts, in the service; ``watch``: shows the progress, in `once`."""
        self._process, self._stop, self._wake = process, stop, wake
        self._attempts, self._watch = attempts, watch
        self._thread: threading.Thread | None = None
        self._result: Outcome | BaseException | None = None
        self.case = ""
        """The case of the running job, or of the last one."""
        self.progress = (0, 0)
        """Pages done and all pages of the running job."""
        self.interrupted = False
        """Whether the running job was asked to stop by `interrupt`."""
        self._began = 0.0
        self._job_stop = JobStop(stop)

    @property
    def busy(self) -> bool:
        """Whether a job runs or its result has not been taken."""
        return self._thread is not None

    def start(self, snapshot: Snapshot, *, patient: bool = False) -> None:
        """Start the job of one case; only while not busy. ``patient`` as in `Attempt`."""
        self.case, self.progress, self.interrupted = snapshot.name, (0, 0), False
        self._began, self._job_stop = clock(), JobStop(self._stop)
        attempt = Attempt(self._job_stop, self._counted(self._watch(snapshot.name)), patient)
        # A daemon thread: a job that hangs on a dead share must not prevent the end of the process.
        self._thread = threading.Thread(target=self._work, args=(snapshot, attempt), name="caso", daemon=True)
        self._thread.start()

    def seconds(self) -> float:
        """The duration of the running job so far, s."""
        return clock() - self._began

    def interrupt(self) -> None:
        """Ask the running job to stop; its case is processed again later."""
        self.interrupted = True
        self._job_stop.set()

    def take(self) -> Outcome | BaseException | None:
        """The result of a finished job, returned once; None while a job runs or if there is none."""
        if self._thread is None or self._result is None:
            return None
        self._thread.join()
        result, self._thread, self._result = self._result, None, None
        return result

    def _counted(self, shown: Progress) -> Progress:
        def progress(done: int, total: int) -> None:
            self.progress = (done, total)
            shown(done, total)

        return progress

    def _work(self, snapshot: Snapshot, attempt: Attempt) -> None:
        try:
            result: Outcome | BaseException | None = None
            if self._attempts:
                result = self._attempts.begin(snapshot)
                attempt = replace(attempt, last=self._attempts.is_last(snapshot))
            result = result or self._process(snapshot, attempt)
        except BaseException as wrong:  # noqa: BLE001 - one bad case never ends the service (promise 6); it is logged
            result = wrong
        try:
            self._result = self._attempts.end(snapshot, result) if self._attempts else result
        except BaseException as wrong:  # noqa: BLE001 - a note that could not be written is tried again
            self._result = wrong
        finally:
            self._wake.set()


class Loop:
    """The steps that `run` and `once` share; every time is in seconds of `clock`."""

    def __init__(
        self,
        cases: Cases,
        job: JobThread,
        wake: threading.Event,
        rescan: Callable[[], float],
        checker: JobThread | None = None,
        quick: JobThread | None = None,
        preparer: JobThread | None = None,
        heard: Callable[[], frozenset[str] | None] = lambda: None,
    ) -> None:
        """``checker`` checks sidecars that were just saved, in parallel to the job: a long case must not delay them.

        ``quick`` does short cases in parallel to a long one; a case that takes long there is interrupted for the next.
        ``heard`` returns the folders with events since its last call, None if unknown. ``preparer`` processes pages of
        folders that are not yet at rest, while there is no other work.
        """
        self.cases, self.job, self.wake, self._rescan = cases, job, wake, rescan
        self._checker, self._quick, self._preparer, self._heard = checker, quick, preparer, heard
        self._prepares: Snapshot | None = None
        self._not_before = self._not_after = float("-inf")
        self._due = float("inf")
        self._last_tick = clock()
        self._waits = 0.0
        """The longest that the last `wait` was going to take."""
        self.slept = 0.0
        """The duration (s) of the machine's last sleep; 0 if it has not slept."""
        self.changes = self.scans = 0
        """Increased whenever the state of a case may have changed, and at every scan."""

    def step(self) -> None:
        """Take finished jobs, scan if a scan is due, start the next case if none runs; raises `Stopped`."""
        now = clock()
        self._notice_sleep(now)
        self._take(now)
        if now >= self._not_before and (self.wake.is_set() or now >= min(self._not_after, self._due)):
            woken = self.wake.is_set()
            self.wake.clear()  # before the scan: events during it wake the loop again
            self.scans += 1
            heard = self._heard()
            light = not woken and heard == frozenset() and self._nothing_to_do and self.scans % THOROUGH_EVERY != 0
            if self.cases.scan(now, heard, light=light):
                self._changed()
            self._interrupt_outdated()
            end = clock()
            self._not_before = end + max(SCAN_GAP_SECONDS, min(SCAN_SHARE * (end - now), self._rescan()))
            away = self.cases.lost or self.cases.roots.paused
            self._not_after = end + (min(AWAY_SECONDS, self._rescan()) if away else self._rescan())
        self._begin(self.job, short=None if self._quick is None else False)
        if self._quick is not None:
            self._begin(self._quick, short=True)
            if self._quick.busy and self._quick.seconds() > QUICK_SECONDS and self.cases.short_waits:
                self._quick.interrupt()
        if self._checker and not self._checker.busy and (snapshot := self.cases.begin_check()) is not None:
            self._checker.start(snapshot)
        self._prepare()
        self._last_tick = clock()

    def _interrupt_outdated(self) -> None:
        """Interrupt jobs whose folder has changed: the case may be long, and the folder is prepared only after its job has ended."""
        for lane in self.lanes:
            if lane.busy and self.cases.outdated(lane.case):
                lane.interrupt()

    def _prepare(self) -> None:
        if self._preparer is None:
            return
        if self._preparer.busy:
            if self.busy:
                self._preparer.interrupt()
        elif (snapshot := self.cases.begin_preparing(clock())) is not None:
            self._prepares = snapshot
            self._preparer.start(snapshot)

    def _begin(self, lane: JobThread, *, short: bool | None) -> None:
        if not lane.busy and (snapshot := self.cases.next_ready(clock(), short=short)) is not None:
            self.cases.begin(snapshot.name)
            self._changed()
            lane.start(snapshot, patient=self.cases.patient(snapshot.name, clock()))

    @property
    def lanes(self) -> tuple[JobThread, ...]:
        """The threads that process cases: one for any case, and in the service one for short cases."""
        return (self.job, self._quick) if self._quick is not None else (self.job,)

    @property
    def _threads(self) -> tuple[JobThread | None, ...]:
        return (*self.lanes, self._checker, self._preparer)

    @property
    def busy(self) -> bool:
        """Whether any case is being processed."""
        return any(lane.busy for lane in self.lanes)

    @property
    def progress(self) -> dict[str, tuple[int, int]]:
        """Pages done and all pages, of every case whose job runs."""
        return {lane.case: lane.progress for lane in self.lanes if lane.busy}

    def wait_for_job(self) -> None:
        """Wait until no job runs, and take the results; jobs are not stopped here."""
        while any(thread and thread.busy for thread in self._threads):
            time.sleep(0.02)
            self._take(clock())

    def _changed(self) -> None:
        self.changes += 1
        self._due = self.cases.due()  # not at every tick: there may be ten thousand cases

    def _notice_sleep(self, now: float) -> None:
        """After the machine slept, scan everything; quiet time starts again (`Settling`)."""
        if now - self._last_tick > PAUSE_SECONDS + self._waits:
            self.slept = now - self._last_tick
            logger.warning("o computador ou o serviço ficou parado por {:.0f} s; tudo será conferido", self.slept)
            self.wake.set()

    def _take(self, now: float) -> None:
        for lane in self.lanes:
            outcome = lane.take()
            if outcome is None:
                continue
            if lane.interrupted and isinstance(outcome, Stopped) and self.cases.outdated(lane.case):
                self.cases.finish(lane.case, Unsettled("a pasta mudou enquanto era lida"), now, lane.seconds())
            elif lane.interrupted and isinstance(outcome, Stopped):
                self.cases.sink(lane.case)
            else:
                self.cases.finish(lane.case, outcome, now, lane.seconds())
            self._changed()
        if self._preparer is not None and self._prepares is not None:
            prepared = self._preparer.take()
            if prepared is not None and self.cases.still is not None:
                self.cases.still.finish(self._prepares, whole=not isinstance(prepared, Stopped))
                self._prepares = None
        checked = self._checker.take() if self._checker else None
        if checked is not None:
            self.cases.finish_check(checked)

    def wait(self) -> None:
        """Wait until something is due or an event wakes the loop, at most a tick; a thread that sets a flag also wakes it."""
        if self.wake.is_set():  # an event has occurred, but a scan is not due yet
            self._waits = TICK_SECONDS
            time.sleep(min(TICK_SECONDS, max(0.0, self._not_before - clock())))
            return
        due = max(self._not_before, min(self._not_after, self._due))
        self._waits = min(IDLE_SECONDS if self._nothing_to_do else TICK_SECONDS, max(0.0, due - clock()))
        self.wake.wait(self._waits)

    @property
    def _nothing_to_do(self) -> bool:
        """Whether no thread works and no case awaits a time."""
        return self._due == float("inf") and not any(thread and thread.busy for thread in self._threads)
