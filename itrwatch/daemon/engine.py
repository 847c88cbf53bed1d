"""The engine thread: locks the outbox, watches, scans, decides, starts the jobs.

Any call to a share may block for minutes or forever. Therefore only this thread, the threads of jobs, the one that draws the
panel and the one that renews the lease access shares. The main thread only reads `status`, which is replaced as a whole, and
`heartbeat`: the root being accessed, and since when.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from functools import partial

from loguru import logger

from itrwatch import __version__
from itrwatch.core.manifest import Stopped
from itrwatch.core.settings import Config
from itrwatch.core.status import CaseStatus, Root, StatusSnapshot
from itrwatch.daemon.attempts import Attempts, ProcessCase
from itrwatch.daemon.cases import Cases
from itrwatch.daemon.early_check import Rechecking
from itrwatch.daemon.loop import Heartbeat, JobThread, Loop, clock
from itrwatch.daemon.settling import Settling
from itrwatch.daemon.signals import Signals
from itrwatch.daemon.still_files import StillFiles
from itrwatch.daemon.watcher import Watcher
from itrwatch.errors import BusyError, ItrwatchError, reason
from itrwatch.job.redraw import redraw_report
from itrwatch.store.clock import local_time
from itrwatch.store.ledger import Ledger
from itrwatch.store.outbox import Outbox
from itrwatch.store.roots import INBOX, OUTBOX

PATIENCE = 4  # quiet times to wait for a folder at rest with an incomplete scan; chosen
STATUS_SECONDS = 1.0  # interval of progress updates in the status; chosen
IDLE_STATUS_SECONDS = 600.0  # the same while nothing changes: the panel counts days; chosen

Reload = Callable[[], Config]
"""Reads the configuration again; raises `ItrwatchError` if it is invalid."""


def make_cases(config: Config, outbox: Outbox, heartbeat: Callable[[str], None], *, retry: bool = False) -> Cases:
    """The cases of the inbox, with quiet time and patience from the configuration."""
    settling = Settling(config.settle_seconds, pause_seconds(config))
    ledger = Ledger(outbox, retry=retry, heartbeat=heartbeat, redraw=partial(redraw_report, outbox, config))
    return Cases(config.inbox, ledger, settling, heartbeat=heartbeat, patience=PATIENCE * config.settle_seconds)


def pause_seconds(config: Config) -> float:
    """Time between two scans (s) above which the machine must have slept: longer than any regular interval."""
    return config.settle_seconds + 3 * config.rescan_seconds


def recall(attempts: Attempts, cases: Cases) -> None:
    """Move the case during which the previous process died to the end."""
    try:
        entry = attempts.recall()
    except OSError as wrong:
        logger.warning("não se sabe o que o itrwatch anterior fazia: {}", reason(wrong))
        return
    if entry is not None:
        cases.put_last(entry.case)


class Engine:
    """Serves ``config`` in a thread until ``halt`` is set; ``halt`` also stops the jobs."""

    def __init__(
        self,
        config: Config,
        process: ProcessCase,
        outbox: Outbox,
        halt: threading.Event,
        reload: Reload | None = None,
        recheck: ProcessCase | None = None,
        signals: Signals | None = None,
        quick: ProcessCase | None = None,
        prepare: ProcessCase | None = None,
    ) -> None:
        """Nothing runs before `start`.

        ``recheck`` checks a newly saved sidecar; ``quick`` processes short cases; ``prepare`` processes pages of a
        folder that is not yet at rest.
        """
        self.config, self._outbox, self._halt, self._reload = config, outbox, halt, reload
        self._recheck, self._prepare = recheck, prepare
        self.heartbeat = Heartbeat()
        self.status = StatusSnapshot(local_time(), self._roots("", "", ""))
        self.ready = threading.Event()
        """Set after the first scan; the outbox is then locked or known to be away."""
        self.failure: BaseException | None = None
        """The exception that ended the thread, if one did."""
        self.renewed: Config | None = None
        """A new, valid configuration; the thread ends so that the service can start again with it."""
        self._signals = signals or Signals()
        self._reload_asked, self.wake = self._signals.reload, self._signals.scan_now
        self._notices: dict[str, str] = {}
        self._statuses: tuple[CaseStatus, ...] = ()
        self._statuses_at = -1  # `Loop.changes` at that time
        self._process, self._quick = process, quick
        self._attempts = Attempts(outbox)
        self._quick_attempts = self._attempts.sibling()
        self._thread = threading.Thread(target=self._live, name="vigia", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def alive(self) -> bool:
        """Whether the thread still runs."""
        return self._thread.is_alive()

    def join(self, seconds: float) -> bool:
        """Wait for the end of the thread; returns whether it has ended."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def _heartbeat(self, place: str) -> None:
        self.heartbeat.beat(place)
        if self._halt.is_set():
            raise Stopped

    def _live(self) -> None:
        try:
            self._serve()
        except Stopped:
            doing = "encerrando" if self.renewed is None else "recomeçando com a configuração nova"
            logger.info("{}: o processo em andamento é interrompido; será refeito", doing)
        except BaseException as wrong:  # noqa: BLE001 - the main thread raises it
            self.failure = wrong

    def _serve(self) -> None:
        cases = make_cases(self.config, self._outbox, self._heartbeat)
        watcher = Watcher(self.config.inbox, self.wake, self.config.watch)
        job = JobThread(self._process, self._halt, self.wake, self._attempts)
        checker = None
        if self._recheck is not None:
            cases.early.rechecking = Rechecking(self.config.settle_seconds)
            checker = JobThread(self._recheck, self._halt, self.wake)
        quick = JobThread(self._quick, self._halt, self.wake, self._quick_attempts) if self._quick else None
        preparer = None
        if self._prepare is not None:
            cases.still, preparer = StillFiles(), JobThread(self._prepare, self._halt, self.wake)
        loop = Loop(
            cases,
            job,
            self.wake,
            lambda: watcher.rescan_seconds(self.config.rescan_seconds),
            checker=checker,
            quick=quick,
            preparer=preparer,
            heard=watcher.heard,
        )
        # The stack unwinds from the last to the first, each entry also after an exception in another.
        with contextlib.ExitStack() as closing:
            closing.callback(self._outbox.unlock)
            closing.callback(self._attempts.close)
            closing.callback(watcher.stop)
            closing.callback(loop.wait_for_job)
            closing.callback(self.heartbeat.beat)
            closing.callback(self._halt.set)  # also after an exception: no job may run without the lock
            self._take(cases)
            self._heartbeat(INBOX)
            watcher.start(clock())
            self._steps(loop, watcher)

    def _take(self, cases: Cases) -> None:
        """Lock the outbox, or wait for it while it is away; `BusyError` when another itrwatch has it."""
        self._heartbeat(OUTBOX)
        try:
            cases.roots.take()
        except BusyError:
            raise
        except (ItrwatchError, OSError) as wrong:
            logger.warning("{}", wrong)
            return
        for attempts in (self._attempts, self._quick_attempts):
            recall(attempts, cases)
        try:
            self._attempts.listen()  # after `recall`, which reads the trace of the previous process
        except OSError as wrong:
            logger.warning("uma queda do itrwatch não poderia ser registrada: {}", reason(wrong))

    def _steps(self, loop: Loop, watcher: Watcher) -> None:
        described: object = None
        next_status, slept = float("-inf"), 0.0
        while True:
            self._heartbeat(INBOX)
            watcher.maintain(clock())
            loop.step()
            self.heartbeat.beat()
            if loop.slept != slept:
                slept = loop.slept
                watcher.restart()
            facts = (loop.changes, watcher.described, loop.cases.lost, self._ignored(loop))
            if facts != described or clock() >= next_status:
                self.status, described = self._seen(loop, watcher), facts
                next_status = clock() + (STATUS_SECONDS if loop.busy else IDLE_STATUS_SECONDS)
                self._signals.end_wait()
            if not self.ready.is_set():
                # Other programs wait for these words in the log, « included: do not change them.
                logger.info("itrwatch {}: entrada «{}» por {}", __version__, self.config.inbox, watcher.described)
                self.ready.set()
            self._renew()
            loop.wait()

    def _renew(self) -> None:
        if self._reload is None or not self._reload_asked.is_set():
            return
        self._reload_asked.clear()
        self._heartbeat(INBOX)  # reading it touches the roots
        try:
            self.renewed = self._reload()
        except ItrwatchError as wrong:
            logger.error("configuração não recarregada; a anterior continua valendo: {}", wrong)
            self._notices["reload"] = (
                f"configuração não recarregada ({' '.join(wrong.message.split())}); vale a anterior"
            )
            return
        if self.renewed == self.config and not self.config.log.file:  # logrotate may have moved the log file: reopen it
            logger.info("configuração recarregada; nada mudou nela")
            self._notices.pop("reload", None)
            self.renewed = None
            return
        logger.info("configuração recarregada")
        raise Stopped

    def _seen(self, loop: Loop, watcher: Watcher) -> StatusSnapshot:
        roots = loop.cases.roots
        outbox = roots.trouble[OUTBOX] or roots.paused or next(iter(roots.crowded.values()), "")
        # Ten thousand finished cases: the same object as long as nothing changes.
        if loop.busy or loop.changes != self._statuses_at:
            self._statuses, self._statuses_at = loop.cases.statuses(loop.progress), loop.changes
        return StatusSnapshot(
            local_time(),
            self._roots(watcher.described, roots.trouble[INBOX], outbox),
            self._statuses,
            self._ignored(loop),
        )

    def _ignored(self, loop: Loop) -> tuple[str, ...]:
        """Ignored entries of the inbox, for the panel: the fiscal does not read the log."""
        return (*self._notices.values(), *loop.cases.notices)

    def _roots(self, mode: str, inbox: str, outbox: str) -> tuple[Root, ...]:
        return (
            Root(INBOX, str(self.config.inbox), mode, inbox),
            Root(OUTBOX, str(self.config.outbox), "", outbox),
        )
