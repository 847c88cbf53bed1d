"""The service: `run` serves until stopped, `once` processes everything that is ready and returns.

`run` has three threads of its own, besides those of jobs, of the lease, of the fork server and of watchdog. The main thread
handles signals and systemd's watchdog; it never accesses a share, so no share can block it. The engine's thread scans and
decides. A third thread draws the panel. Each job has its own thread and processes pages in worker processes, so that the
service continues to notice new folders and to withdraw stale sets.

python-daemon closes descriptors and loses threads when its context is entered (R17, R18). Everything with a thread or a
descriptor is therefore created inside `run` and `once`, not in a constructor.

On SIGTERM, `Signals` sets ``stop``, `_Front.answer` returns, the engine's ``halt`` stops the jobs (pages in progress are abandoned),
and `_leave` waits for them; the process ends without waiting for a job that hangs on a dead share.
"""

from __future__ import annotations

import contextlib
import gc
import math
import os
import threading
import time
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from loguru import logger

from itrwatch.core.filenames import printable
from itrwatch.core.manifest import Stopped
from itrwatch.core.settings import Config
from itrwatch.core.status import StatusSnapshot, summary
from itrwatch.daemon.attempts import Attempts, ProcessCase
from itrwatch.daemon.case_state import State
from itrwatch.daemon.engine import PATIENCE, Engine, Reload, make_cases, recall
from itrwatch.daemon.loop import TICK_SECONDS, JobThread, Loop, Watch, clock
from itrwatch.daemon.panel_thread import PanelThread, Show
from itrwatch.daemon.signals import Signals
from itrwatch.daemon.systemd import Notifier
from itrwatch.errors import ItrwatchError
from itrwatch.job.attempt import no_progress
from itrwatch.store.outbox import Outbox

OLD_SECONDS = 600  # chosen: beyond the clock difference of any file server (Kerberos allows 300)
HANG_SECONDS = 20.0  # a root that does not answer for this time is reported; chosen: a slow share takes seconds
# Our code between two calls to a share takes milliseconds: after this time it is in an endless loop. Chosen.
DEAD_SECONDS = 60.0
IDLE_SECONDS = 10.0  # interval at which the main thread looks at the engine, unless a signal or a new status comes, …
LIVELY_SECONDS = 10.0  # … when its status has not changed for this long: each look costs a wake-up; chosen
STOP_SECONDS = 15.0  # chosen: a page is abandoned within one second; systemd waits 30


def run(
    config: Config,
    process: ProcessCase,
    stop: threading.Event,
    *,
    outbox: Outbox | None = None,
    notifier: Notifier | None = None,
    show: Show | None = None,
    reload: Reload | None = None,
    recheck: ProcessCase | None = None,
    signals: Signals | None = None,
    quick: ProcessCase | None = None,
    prepare: ProcessCase | None = None,
) -> Config | None:
    """Serve until ``stop`` is set or SIGTERM/SIGINT comes; a second signal ends the process at once.

    ``process`` processes any case; ``quick`` processes short cases in a separate thread, so that a long case does not delay
    them. ``prepare`` processes pages of folders that are not yet at rest, while there is nothing else to do.
    ``signals``: given by a caller that serves repeatedly with new configurations; they have their own ``stop``.

    ``show`` is called with the `StatusSnapshot`, in a separate thread, after a change, at most every few seconds.
    SIGHUP calls ``reload``: a valid configuration is returned, and the caller runs again with it; an invalid one is
    logged, and the old one stays in use. Otherwise None is returned. SIGUSR1 scans everything now. ``recheck`` checks
    a newly saved sidecar before its folder is at rest.

    Raises `BusyError` if another itrwatch holds the outbox, before READY is sent to systemd. A missing root is
    awaited.
    """
    outbox = outbox or Outbox.of(config)
    notifier = notifier or Notifier.from_environment()
    halt = threading.Event()
    caught = signals or Signals(stop)
    engine = Engine(config, process, outbox, halt, reload, recheck, caught, quick, prepare)
    panel_thread = PanelThread(show, halt)
    with _umask(config.umask), contextlib.nullcontext() if signals else caught:
        engine.start()
        panel_thread.start()
        try:
            _Front(engine, notifier, panel_thread, caught).answer(stop)
        finally:
            if engine.renewed is None:
                notifier.send(STOPPING="1", STATUS="encerrando")
            halt.set()
            engine.wake.set()
            _leave(engine, notifier)
            panel_thread.join()
            gc.unfreeze()  # see `PanelThread`
    if engine.failure is not None:
        raise engine.failure
    return engine.renewed


def once(
    config: Config,
    process: ProcessCase,
    retry: bool = False,
    *,
    stop: threading.Event | None = None,
    outbox: Outbox | None = None,
    watch: Watch = lambda _name: no_progress,
) -> bool:
    """Do everything that is at rest, then return whether anything is left pending.

    A folder whose files are all older than ten minutes is done at once; any other is watched for ``settle_seconds`` as in
    the service, however long the machine takes for that. A folder that still changes a few quiet times after it was first
    seen is logged and left once no other case is being done. A case that failed is not tried twice. With ``retry``
    pending cases are done again. ``watch`` shows progress.
    `BusyError` as `run`, and `ItrwatchError` when inbox or outbox cannot be used.
    """
    stop = stop or threading.Event()
    outbox = outbox or Outbox.of(config)
    wake = threading.Event()

    def heartbeat(_place: str = "") -> None:
        if stop.is_set():
            raise Stopped

    with _umask(config.umask), Signals(stop, service=False), outbox.lock():
        attempts = Attempts(outbox)
        job = JobThread(process, stop, wake, attempts, watch)
        cases = make_cases(config, outbox, heartbeat, retry=retry)
        cases.old_before_ns = time.time_ns() - round(max(OLD_SECONDS, config.settle_seconds) * 1e9)
        cases.ledger.doubts = math.inf  # there is no next scan to defer reading to
        recall(attempts, cases)
        loop = Loop(cases, job, wake, lambda: min(1.0, max(0.05, config.settle_seconds / 10)))
        said: set[str] = set()
        try:
            while True:
                heartbeat()
                loop.step()
                coming = cases.coming((PATIENCE + 2) * config.settle_seconds)
                if _nothing_left(loop, coming):
                    break
                if not loop.busy:
                    _say_once(coming, said)
                loop.wait()
        except Stopped:
            logger.info("encerrando: o processo em andamento é interrompido; será feito na próxima vez")
        finally:
            loop.wait_for_job()
    for name in cases.named(State.MOVING):
        logger.warning("{}: ainda recebendo arquivos; fica para a próxima vez", printable(name))
    for why in filter(None, (cases.roots.paused, *cases.roots.crowded.values())):
        logger.error("{}", why)
    return stop.is_set() or any(cases.counts[state] for state in State if state not in (State.PUBLISHED, State.EMPTY))


class _Front:
    """The work of the main thread: observe the engine, answer systemd, pass on the status."""

    def __init__(self, engine: Engine, notifier: Notifier, panel_thread: PanelThread, signals: Signals) -> None:
        self._engine, self._notifier, self._panel_thread = engine, notifier, panel_thread
        self._signals = signals
        self._announced = False
        self._last_status = ""
        self._seen: tuple[StatusSnapshot, str] | None = None
        self._hung = ""
        self._changed = clock()

    def answer(self, stop: threading.Event) -> None:
        """Return when ``stop`` is set or the engine ends."""
        while self._engine.alive() and not stop.is_set():
            role, since = self._engine.heartbeat.at
            silent = clock() - since
            # Systemd must not kill the service because of a hanging share, but must because of an endless loop.
            if role or silent < DEAD_SECONDS:
                self._notifier.beat(clock())
            self._notice_silence(role if silent > HANG_SECONDS else "")
            if self._seen is None or self._seen != (self._engine.status, self._hung) or not self._announced:
                self._seen, self._changed = (self._engine.status, self._hung), clock()
                status = self._status_snapshot()
                self._announce(status)
                # Before the first scan the status has no cases, and the panel would show none in the inbox.
                if self._engine.ready.is_set() or self._hung:
                    self._panel_thread.put(status)
            self._signals.wait(IDLE_SECONDS if clock() - self._changed > LIVELY_SECONDS else TICK_SECONDS / 2)

    def _notice_silence(self, role: str) -> None:
        if role and not self._hung:
            logger.error(
                "a {} não responde; nada é apagado, e o trabalho continua automaticamente quando ela responder", role
            )
        if self._hung and not role:
            logger.info("a {} responde de novo", self._hung)
        self._hung = role

    def _status_snapshot(self) -> StatusSnapshot:
        """The engine's status, with the root that does not answer, if any."""
        status = self._engine.status
        if not self._hung:
            return status
        trouble = f"a {self._hung} não responde"
        return replace(
            status,
            roots=tuple(replace(root, trouble=trouble) if root.role == self._hung else root for root in status.roots),
        )

    def _announce(self, snapshot: StatusSnapshot) -> None:
        status = summary(snapshot)
        if not self._announced and (self._engine.ready.is_set() or self._hung):
            self._announced, self._last_status = True, status
            self._notifier.send(READY="1", STATUS=status)
        elif not self._announced:
            self._notifier.send(EXTEND_TIMEOUT_USEC=str(round(4 * HANG_SECONDS * 1e6)))
        elif status != self._last_status:
            self._last_status = status
            self._notifier.send(STATUS=status)


def _leave(engine: Engine, notifier: Notifier) -> None:
    """Wait for the engine and its jobs to end; a thread that hangs on a dead share ends with the process."""
    end = clock() + STOP_SECONDS
    while not engine.join(0.05) and clock() < end:
        notifier.beat(clock())
    if engine.alive():
        logger.warning("há trabalho que não termina (a pasta não responde?); encerrando assim mesmo")
        if threading.current_thread() is threading.main_thread():
            os._exit(0)  # a normal exit would wait for threads that may hang; the workers end with this process


def _nothing_left(loop: Loop, coming: Collection[str]) -> bool:
    """Whether no job runs and none will follow; `ItrwatchError` if a root cannot be used."""
    if loop.busy or loop.wake.is_set():  # every job is followed by a scan: a folder may have changed during it
        return False
    if loop.cases.lost:
        raise ItrwatchError(loop.cases.lost, "Confira se a pasta existe e se o compartilhamento está montado.")
    return not coming


def _say_once(coming: Mapping[str, str], said: set[str]) -> None:
    for name in coming.keys() - said:
        said.add(name)
        logger.info("{}: aguardando {}", printable(name), coming[name])


@contextlib.contextmanager
def _umask(umask: int) -> Iterator[None]:
    """Inside the context, the process has this umask."""
    before = os.umask(umask)
    try:
        yield
    finally:
        os.umask(before)
