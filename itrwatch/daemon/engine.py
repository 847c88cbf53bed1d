"""The thread that touches the shares: takes the outbox, watches, scans, decides, starts the jobs.

A share may leave any call without an answer for minutes or for ever. So everything that touches
one happens here or in the job's own thread, and the main thread only looks: at the `status`, which
is replaced whole, and at the `heartbeat`, which says what this thread is doing and since when.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from functools import partial

from loguru import logger

from itrwatch import __version__
from itrwatch.clock import local_time
from itrwatch.core.manifest import Stopped
from itrwatch.core.settings import Config
from itrwatch.core.status import Root, StatusSnapshot
from itrwatch.daemon.attempts import Attempts, ProcessCase
from itrwatch.daemon.cases import Cases
from itrwatch.daemon.early_check import Rechecking
from itrwatch.daemon.loop import Heartbeat, JobThread, Loop, clock
from itrwatch.daemon.preparing import Preparing
from itrwatch.daemon.settling import Settling
from itrwatch.daemon.signals import Signals
from itrwatch.daemon.watcher import Watcher
from itrwatch.errors import BusyError, ItrwatchError, reason
from itrwatch.job.redraw import redraw_report
from itrwatch.store.ledger import Ledger
from itrwatch.store.outbox import Outbox
from itrwatch.store.roots import INBOX, OUTBOX

PATIENCE = 4  # quiet times for which a folder at rest is still waited for while something in it looks cut short
STATUS_SECONDS = 1.0  # how often pages that are done change the status

Reload = Callable[[], Config]
"""Reads the configuration again; `ItrwatchError` tells what is wrong with it."""


def make_cases(config: Config, outbox: Outbox, heartbeat: Callable[[str], None], *, retry: bool = False) -> Cases:
    """Every case of the inbox, with what the configuration says about quiet and patience."""
    settling = Settling(config.settle_seconds, pause_seconds(config))
    ledger = Ledger(outbox, retry=retry, heartbeat=heartbeat, redraw=partial(redraw_report, outbox, config))
    return Cases(config.inbox, ledger, settling, heartbeat=heartbeat, patience=PATIENCE * config.settle_seconds)


def pause_seconds(config: Config) -> float:
    """Longer than any two looks are apart while all is well (60 s of rescan, slow shares)."""
    return config.settle_seconds + 3 * config.rescan_seconds


def recall(attempts: Attempts, cases: Cases) -> None:
    """What the itrwatch before died over comes last now."""
    try:
        mark = attempts.recall()
    except OSError as wrong:
        logger.warning("não se sabe o que o itrwatch anterior fazia: {}", reason(wrong))
        return
    if mark is not None:
        cases.put_last(mark.case)


class Engine:
    """Serves ``config`` in a thread until ``halt`` is set; ``halt`` also stops the job between two pages."""

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

        ``recheck`` tells of a sidecar that was just saved; ``quick`` does short cases; ``prepare`` does pages of a
        folder that is not yet at rest.
        """
        self.config, self._outbox, self._halt, self._reload = config, outbox, halt, reload
        self._recheck, self._prepare = recheck, prepare
        self.heartbeat = Heartbeat()
        self.status = StatusSnapshot(local_time(), self._roots("", "", ""))
        self.ready = threading.Event()
        """Set when the outbox was taken or declared lost, and everything was looked at once."""
        self.failure: BaseException | None = None
        """What ended the thread, if nobody asked it to."""
        self.renewed: Config | None = None
        """The configuration that was read again and is good; the thread ends to make room for it."""
        signals = signals or Signals()
        self._reload_asked, self.wake = signals.reload, signals.look
        self._notices: dict[str, str] = {}
        self._process, self._quick = process, quick
        self._attempts = Attempts(outbox)
        self._quick_attempts = self._attempts.beside()
        self._thread = threading.Thread(target=self._live, name="vigia", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def alive(self) -> bool:
        """Whether the thread still runs."""
        return self._thread.is_alive()

    def join(self, seconds: float) -> bool:
        """Wait for the end; whether it came."""
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
            logger.info("{}: o processo em andamento para na próxima página", doing)
        except BaseException as wrong:  # noqa: BLE001 - the main thread raises it
            self.failure = wrong

    def _serve(self) -> None:
        cases = make_cases(self.config, self._outbox, self._heartbeat)
        watcher = Watcher(self.config.inbox, self.wake, self.config.watch)
        job = JobThread(self._process, self._halt, self.wake, self._attempts)
        checker = None
        if self._recheck is not None:
            cases.early.rechecking = Rechecking(self.config.settle_seconds, pause_seconds(self.config))
            checker = JobThread(self._recheck, self._halt, self.wake)
        quick = JobThread(self._quick, self._halt, self.wake, self._quick_attempts) if self._quick else None
        preparer = None
        if self._prepare is not None:
            cases.still, preparer = Preparing(), JobThread(self._prepare, self._halt, self.wake)
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
        with contextlib.ExitStack() as closing:  # in this order, from below; each whatever the one before raised
            closing.callback(self._outbox.unlock)
            closing.callback(self._attempts.close)
            closing.callback(watcher.stop)
            closing.callback(loop.wait_for_job)
            closing.callback(self.heartbeat.beat)
            closing.callback(self._halt.set)  # also when something of ours broke: the job must not outlive the lock
            self._take(cases)
            self._heartbeat(INBOX)
            watcher.start(clock())
            self._turns(loop, watcher)

    def _take(self, cases: Cases) -> None:
        """The outbox, if it is there: one that is away is waited for, one that another has is not."""
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
            self._attempts.listen()  # behind `recall`: what the itrwatch before said last is gone then
        except OSError as wrong:
            logger.warning("uma queda do itrwatch não poderia ser registrada: {}", reason(wrong))

    def _turns(self, loop: Loop, watcher: Watcher) -> None:
        told: object = None
        next_status, slept = float("-inf"), 0.0
        while True:
            self._heartbeat(INBOX)
            watcher.tend(clock())
            loop.turn()
            self.heartbeat.beat()
            if loop.slept != slept:
                slept = loop.slept
                watcher.restart()
            facts = (loop.changes, watcher.told, loop.cases.lost, self._told(loop))
            if facts != told or (loop.busy and clock() >= next_status):
                self.status, told, next_status = self._seen(loop, watcher), facts, clock() + STATUS_SECONDS
            if not self.ready.is_set():
                # Programs that wait until the service serves look for these words: they stay as they are.
                logger.info("itrwatch {}: entrada «{}» por {}", __version__, self.config.inbox, watcher.told)
                self.ready.set()
            self._renew()
            loop.rest()

    def _renew(self) -> None:
        if self._reload is None or not self._reload_asked.is_set():
            return
        self._reload_asked.clear()
        self._heartbeat(INBOX)  # reading it looks at the roots
        try:
            self.renewed = self._reload()
        except ItrwatchError as wrong:
            logger.error("configuração não recarregada; a anterior continua valendo: {}", wrong)
            self._notices["reload"] = (
                f"configuração não recarregada ({' '.join(wrong.message.split())}); vale a anterior"
            )
            return
        if self.renewed == self.config and not self.config.log.file:  # a file may have been put away: it is opened anew
            logger.info("configuração recarregada; nada mudou nela")
            self._notices.pop("reload", None)
            self.renewed = None
            return
        logger.info("configuração recarregada")
        raise Stopped

    def _seen(self, loop: Loop, watcher: Watcher) -> StatusSnapshot:
        roots = loop.cases.roots
        outbox = roots.trouble[OUTBOX] or roots.paused or next(iter(roots.crowded.values()), "")
        return StatusSnapshot(
            local_time(),
            self._roots(watcher.told, roots.trouble[INBOX], outbox),
            loop.cases.places(loop.progress),
            self._told(loop),
        )

    def _told(self, loop: Loop) -> tuple[str, ...]:
        """A scan that lies loose is nowhere else seen by the fiscal, who reads no log."""
        return (*self._notices.values(), *loop.cases.notices)

    def _roots(self, mode: str, inbox: str, outbox: str) -> tuple[Root, ...]:
        return (
            Root(INBOX, str(self.config.inbox), mode, inbox),
            Root(OUTBOX, str(self.config.outbox), "", outbox),
        )
