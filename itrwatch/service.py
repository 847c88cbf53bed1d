"""The loop around the job: ``run`` for the service, ``once`` for a person who waits.

The main thread scans, decides and answers (signals, systemd); one case at a time is done in
a thread of its own, whose pages run in processes. So the service still notices new folders,
withdraws stale sets and feeds the watchdog while a case of a thousand pages is made.

Nothing of this may exist before python-daemon's context is entered: it closes descriptors and
loses threads (R17, R18). Everything with a thread or a descriptor is therefore made inside
`run` and `once`, none of it in a constructor.
"""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from types import FrameType

from loguru import logger

from itrwatch import __version__
from itrwatch.cases import Cases, State
from itrwatch.core.filenames import shown
from itrwatch.core.outcome import Stopped
from itrwatch.core.rechecking import Rechecking
from itrwatch.core.settings import Config
from itrwatch.core.settling import Settling
from itrwatch.errors import ItrwatchError
from itrwatch.ledger import Ledger
from itrwatch.loop import Loop, Process, Worker, clock
from itrwatch.notify import Notifier
from itrwatch.outbox import Outbox
from itrwatch.watcher import Watcher

OLD_SECONDS = 600  # far beyond the clock difference that any file server runs with (Kerberos allows 300)
PATIENCE = 4  # settle times that `once` waits for folders that keep moving


def run(
    config: Config,
    process: Process,
    stop: threading.Event,
    *,
    outbox: Outbox | None = None,
    notifier: Notifier | None = None,
    recheck: Process | None = None,
) -> None:
    """Serve until ``stop`` is set or SIGTERM/SIGINT comes; a second signal ends the process at once.

    Raises `BusyError` when another itrwatch has the outbox and `ItrwatchError` when the outbox
    cannot be used; both before systemd is told READY. A missing inbox is waited for. ``recheck``
    tells of a sidecar that was just saved, before its folder is at rest.
    """
    outbox = outbox or Outbox(config.outbox, config.umask, config.group)
    notifier = notifier or Notifier.from_environment()
    wake = threading.Event()

    def pulse() -> None:
        notifier.beat(clock())
        if stop.is_set():
            raise Stopped

    with _process_state(config.umask, stop), outbox.lock():
        watcher = Watcher((config.inbox,), wake, config.watch)
        worker = Worker(process, stop, wake)
        cases = _cases(config, outbox, pulse)
        if recheck is not None:
            cases.rechecking = Rechecking(config.settle_seconds, _pause(config))
        checker = Worker(recheck, stop, wake) if recheck is not None else None
        loop = Loop(cases, worker, wake, lambda: watcher.rescan_seconds(config.rescan_seconds), checker)
        try:
            watcher.start(clock())
            loop.turn()
            logger.info("itrwatch {}: entrada «{}» por {}", __version__, config.inbox, watcher.mode)
            notifier.send(READY="1", STATUS=_status(cases))
            _serve(loop, watcher, notifier, pulse)
        except Stopped:
            logger.info("encerrando: o caso em andamento para na próxima página")
        finally:
            notifier.send(STOPPING="1", STATUS="encerrando")
            stop.set()  # also when something of ours broke: the job must not outlive the lock
            loop.wait_for_job(notifier)
            watcher.stop()


def once(
    config: Config,
    process: Process,
    retry: bool = False,
    *,
    stop: threading.Event | None = None,
    outbox: Outbox | None = None,
) -> bool:
    """Do everything that is at rest, then return whether anything is left pending.

    At rest for a person who waits: a folder whose files are all older than ten minutes is
    taken at once, for nobody is scanning into it, whatever the clock of the file server; any
    other is watched for ``settle_seconds`` like in the service. Folders that keep moving are
    waited for as long as others are being done, at least four settle times, then named and
    left alone. What failed is not tried twice. With ``retry`` pending cases are done again.
    Errors as `run`, and `ItrwatchError` when the inbox cannot be read.
    """
    stop = stop or threading.Event()
    outbox = outbox or Outbox(config.outbox, config.umask, config.group)
    wake = threading.Event()

    def pulse() -> None:
        if stop.is_set():
            raise Stopped

    with _process_state(config.umask, stop), outbox.lock():
        worker = Worker(process, stop, wake)
        cases = _cases(config, outbox, pulse, retry=retry)
        cases.old_before_ns = time.time_ns() - round(max(OLD_SECONDS, config.settle_seconds) * 1e9)
        loop = Loop(cases, worker, wake, lambda: min(1.0, max(0.05, config.settle_seconds / 10)))
        try:
            _exhaust(loop, pulse, patience=clock() + PATIENCE * config.settle_seconds)
        except Stopped:
            logger.info("encerrando: o caso em andamento para na próxima página")
        finally:
            loop.wait_for_job(Notifier())
    for name in cases.named(State.MOVING):
        logger.warning("{}: ainda em movimento; fica para a próxima vez", shown(name))
    return stop.is_set() or any(cases.counts[state] for state in State if state not in (State.PUBLISHED, State.EMPTY))


def _cases(config: Config, outbox: Outbox, pulse: Callable[[], None], *, retry: bool = False) -> Cases:
    settling = Settling(config.settle_seconds, _pause(config))
    return Cases(config.inbox, Ledger(outbox, retry=retry, pulse=pulse), settling, pulse=pulse)


def _pause(config: Config) -> float:
    """Seconds: longer than any two looks are apart while all is well (60 s of rescan, slow shares)."""
    return config.settle_seconds + 3 * config.rescan_seconds


def _serve(loop: Loop, watcher: Watcher, notifier: Notifier, pulse: Callable[[], None]) -> None:
    told = ""
    while True:
        pulse()
        watcher.tend(clock())
        loop.turn()
        status = _status(loop.cases)
        if status != told:
            notifier.send(STATUS=status)
            told = status
        loop.rest()


def _exhaust(loop: Loop, pulse: Callable[[], None], patience: float) -> None:
    while True:
        pulse()
        loop.turn()
        moving = loop.cases.counts[State.MOVING] and clock() < patience
        if not loop.worker.busy and (loop.cases.lost or not moving):
            break
        loop.rest()
    if loop.cases.lost:
        raise ItrwatchError(loop.cases.lost, "Confira se a pasta existe e se o compartilhamento está montado.")


def _status(cases: Cases) -> str:
    if cases.lost:
        return cases.lost
    counts = cases.counts
    del counts[State.EMPTY], counts[State.WORKING]
    parts = [f"em trabalho: «{shown(cases.working)}»"] if cases.working else []
    parts += [f"{state}: {counts[state]}" for state in State if counts[state]]
    return ", ".join(parts) or "nenhuma pasta"


@contextlib.contextmanager
def _process_state(umask: int, stop: threading.Event) -> Iterator[None]:
    """The umask for what the job writes, and SIGTERM and SIGINT as a flag, for the time of the work (F47).

    Handlers belong to the main thread; elsewhere, in tests, the caller sets ``stop`` itself.
    The handler may set ``stop`` because the main thread never waits on it: an event's lock is not
    reentrant, and a handler runs in the middle of whatever the main thread does.
    """

    def asked(number: int, _frame: FrameType | None) -> None:
        if stop.is_set():
            signal.signal(number, signal.SIG_DFL)
            signal.raise_signal(number)
        stop.set()

    ours = threading.current_thread() is threading.main_thread()
    before = {number: signal.signal(number, asked) for number in (signal.SIGTERM, signal.SIGINT) if ours}
    old_umask = os.umask(umask)
    try:
        yield
    finally:
        os.umask(old_umask)
        for number, handler in before.items():
            signal.signal(number, handler)
