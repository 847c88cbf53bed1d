"""Keeps the state of every case folder of the inbox, and selects the next one to process.

    cases.scan(now); snapshot = cases.next_ready(now); cases.begin(snapshot.name); …; cases.finish(snapshot.name, outcome, now)

A scan compares the inbox with the manifests of the outbox (F12, F32); events only determine when to scan. Folders of the first
scan must be quiet for the same time as later ones (R10). A folder without scan and sidecar is not a case, and its folder in the
outbox is not changed.

No threads and no clock: ``now`` is in seconds of a monotonic clock. An error at one case does not stop the scan of the others
(promise 6). `case_queue` has the order, `case_states` the transitions after a job.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

from loguru import logger

from itrwatch.core.filenames import printable
from itrwatch.core.manifest import Outcome, Pending, Published, Unsettled
from itrwatch.core.status import CaseStatus
from itrwatch.daemon.case_queue import CaseQueue
from itrwatch.daemon.case_state import NEVER, SAID, State, Watched, unused, waits_for
from itrwatch.daemon.case_states import CaseStates
from itrwatch.daemon.early_check import EarlyChecks
from itrwatch.daemon.finished_folders import FinishedFolders
from itrwatch.daemon.ignored_entries import IgnoredEntries
from itrwatch.daemon.settling import Moving, Quiet, Settling
from itrwatch.daemon.still_files import StillFiles
from itrwatch.errors import reason, reason_with_path
from itrwatch.store.clock import local_time
from itrwatch.store.inbox import Snapshot, namesakes, take_snapshot
from itrwatch.store.ledger import Ledger, OutboxStatus
from itrwatch.store.reserve import FULL
from itrwatch.store.roots import INBOX, Roots

# A tuple compares by identity; a set would compute hashes.
_FINISHED = (State.PUBLISHED, State.PENDING, State.EMPTY)


@dataclass(slots=True)
class Cases:
    """Every case folder of ``inbox``.

    ``old_before_ns``: a folder whose files are all older than this (ns, file server's clock) needs no quiet time.
    ``heartbeat`` is called with the root that is about to be touched, for every folder, and may end a scan by raising.
    ``patience``: how long (s) a folder at rest is given if a scan in it looks incomplete. ``early``: the sidecars that are
    checked before their folder is at rest.
    """

    inbox: Path
    ledger: Ledger
    settling: Settling
    old_before_ns: int = 0
    heartbeat: Callable[[str], None] = lambda _role: None
    patience: float = 0.0
    wall_clock: Callable[[], datetime] = local_time
    early: EarlyChecks = field(default_factory=EarlyChecks)
    still: StillFiles | None = None
    """Which scans of folders that are not at rest may be prepared; None: none."""
    roots: Roots = field(init=False)
    working: set[str] = field(default_factory=set)
    """The cases whose jobs run now; a scan only observes them."""
    _states: CaseStates = field(init=False)
    _finished_folders: FinishedFolders = field(init=False)
    _queue: CaseQueue = field(init=False)
    _ignored: IgnoredEntries = field(default_factory=IgnoredEntries)
    _names: tuple[str, ...] = ()
    _namesakes: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.roots = Roots(self.inbox, self.ledger.outbox, self.heartbeat)
        self._states = CaseStates(self.wall_clock)
        self._finished_folders = FinishedFolders(self.inbox, self.heartbeat)
        self._queue = CaseQueue(self._cases)

    @property
    def _cases(self) -> dict[str, Watched]:
        return self._states.cases

    @property
    def lost(self) -> str:
        """The reason why nothing can be scanned (a root is unavailable, F24), or empty."""
        return self.roots.lost

    def scan(self, now: float, heard: frozenset[str] | None = None, *, light: bool = False) -> bool:
        """Observe every folder once; while a root is unavailable nothing changes (F24, F25).

        ``heard``: the folders with events since the last scan, if known. Then a finished folder without an event and with
        the same times is listed only at every `finished_folders.LIST_EVERY`-th such scan. ``light``: do nothing if roots and folders of the inbox
        have the same times as before, because nothing was heard and no case awaits anything.

        Returns False if `statuses` is certainly the same as before: all cases were finished and still are.
        """
        if light and not self.ledger.deferred and self.roots.same() and self._finished_folders.unchanged(self._names):
            return False
        listing = self.roots.refresh()
        if listing is None or not self._recover():
            return True
        changed = self.roots.returned or bool(self.roots.paused or self.roots.crowded)
        if self.roots.returned:
            self._start_over()
            heard = None
        self._ignored.note(listing.refused)
        self.ledger.retain(self.roots.published)
        self._retain(listing.cases)
        if listing.cases != self._names:
            changed = True
            self._names, self._namesakes = listing.cases, namesakes(listing.cases)
        self.early.clear()
        ready = []
        finished = {name: self._finished_as(name) for name in listing.cases}
        there = self.roots.published, self._namesakes
        for name in self._finished_folders.to_list(listing.cases, heard, finished, *there):
            before = finished[name]
            if self._observe(name, now) is not None:
                ready.append(name)
            changed = changed or before is None or before != self._finished_as(name)
        self._queue.fill(ready)
        return changed

    def _finished_as(self, name: str) -> tuple[State, str, float] | None:
        """What `statuses` says of a finished case; None of any other."""
        case = self._cases.get(name)
        return (case.state, case.unused, case.changed) if case is not None and case.state in _FINISHED else None

    def _recover(self) -> bool:
        if self.working or self.early.checking is not None:
            return True
        try:
            self.ledger.outbox.recover()
        except OSError as wrong:
            logger.warning("a saída sumiu durante a varredura: {}", reason(wrong))
            return False
        return True

    def _start_over(self) -> None:
        """After the outbox was unavailable: read its manifests again, and cancel the pauses of failed cases."""
        self.ledger.forget()
        self._states.try_again()

    def put_last(self, name: str) -> None:
        """Do this case after the others: a process died during its job (F46)."""
        self._queue.last.add(name)

    def next_ready(self, now: float, *, short: bool | None = None) -> Snapshot | None:
        """The next case to process, with the present state of its folder; None if there is none.

        ``short``: see `CaseQueue.in_order`. A case for which the disk has no room is skipped until the next scan.
        """
        for name in self._queue.in_order(short=short):
            if self.lost or self.roots.paused:
                break
            self._queue.ready.remove(name)
            snapshot = self._observe(name, now)
            if snapshot is not None and self.roots.room_for(snapshot.name, sum(file.size for file in snapshot.files)):
                return snapshot
        return None

    @property
    def short_waits(self) -> bool:
        """Whether a short case is ready."""
        return self._queue.short_waits

    def sink(self, name: str) -> None:
        """End the turn of a case that takes too long; it is processed after all others, whatever its size."""
        self.working.discard(name)
        self.ledger.reread(name)
        case = self._cases.get(name)
        if case is None:
            return
        case.heavy += 1
        logger.info("{}: demora mais do que as outras; continua depois delas", printable(name))
        self._states.enter(name, State.READY)
        self._queue.ready.append(name)

    def patient(self, name: str, now: float) -> bool:
        """Whether the job of this case awaits a scan that looks incomplete instead of refusing it; the case must be known."""
        return now < self._cases[name].patient_until

    def begin(self, name: str) -> None:
        """Note that the job of this case starts."""
        self.working.add(name)
        if name in self._cases:
            self._cases[name].moved = False
        self._states.enter(name, State.WORKING)

    def outdated(self, name: str) -> bool:
        """Whether the folder changed since the last job of this case began; the result of that job is not published."""
        case = self._cases.get(name)
        return case is not None and case.moved

    def finish(self, name: str, outcome: Outcome | BaseException, now: float, took: float = 0.0) -> None:
        """Note that the job of this case ended after ``took`` seconds, with an outcome or with an exception."""
        self.working.discard(name)
        if name in self._cases:
            self._queue.weigh(name, outcome, took)
        if isinstance(outcome, Published | Pending):
            self._queue.last.discard(name)
            self.ledger.record(name, outcome.manifest)
            state = State.PUBLISHED if isinstance(outcome, Published) else State.PENDING
            self._states.enter(name, state)
            return
        self.ledger.reread(name)  # a job that failed may have published before
        if isinstance(outcome, Unsettled) and self.outdated(name):  # its quiet time runs since that scan
            self._cases[name].due = now
            self._states.enter(name, State.MOVING)
            return
        if isinstance(outcome, Unsettled):
            self.settling.restart(name)
        if isinstance(outcome, OSError) and outcome.errno in FULL:
            self.roots.crowded[name] = f"falta espaço na saída para “{printable(name)}”: {reason_with_path(outcome)}"
        self._states.failed(name, outcome, now)

    def statuses(self, progress: Mapping[str, tuple[int, int]] = MappingProxyType({})) -> tuple[CaseStatus, ...]:
        """The state of every case, for the panel; ``progress``: (pages done, pages in all) of running jobs."""
        return tuple(
            CaseStatus(
                name,
                case.state,
                waits_for(case, self.settling.seconds, self.roots.paused or self.roots.crowded.get(name, "")),
                case.since,
                case.changed,
                *(progress.get(name, ()) if name in self.working else ()),
            )
            for name, case in sorted(self._cases.items())
            if case.state is not None
        )

    def begin_check(self) -> Snapshot | None:
        """A case whose sidecar is to be checked now; None if there is none, or one is being checked."""
        return self.early.begin(but=self.working)

    def begin_preparing(self, now: float) -> Snapshot | None:
        """A folder that is not at rest, with the scans that may be prepared.

        None while there is other work, a root is away or paused, or the disk has no room.
        """
        if self.still is None or self.lost or self.roots.paused or self._queue.ready or self.working:
            return None
        snapshot = self.still.begin(now)
        if snapshot is None or self.roots.ample(sum(scan.size for scan in snapshot.scans)):
            return snapshot
        self.still.finish(snapshot, whole=True)  # its job reports that there is no room
        return None

    def finish_check(self, outcome: Outcome | BaseException) -> None:
        """Note that the check ended; in any case the job follows when the folder is at rest."""
        name = self.early.finish(outcome)
        if name is not None:
            self.ledger.reread(name)

    @property
    def counts(self) -> Counter[State]:
        """The number of cases in each state."""
        return Counter(case.state for case in self._cases.values() if case.state is not None)

    @property
    def notices(self) -> tuple[str, ...]:
        """The entries of the inbox that are not cases, for the panel."""
        return self._ignored.notices

    def due(self) -> float:
        """The next time at which a folder may be at rest or is tried again; inf if there is none."""
        if self.lost:
            return float("inf")
        states = (State.MOVING, State.DELAYED)
        return min((case.due for case in self._cases.values() if case.state in states), default=float("inf"))

    def coming(self, patience: float) -> dict[str, str]:
        """The moving cases that may still become ready, each with what it waits for.

        Without those that still changed ``patience`` seconds after they were first seen.
        """
        moving = {name: self._cases[name] for name in self.named(State.MOVING)}
        return {
            name: waits_for(case, self.settling.seconds, "")
            for name, case in moving.items()
            if case.changed - case.seen <= patience
        }

    def named(self, *states: State) -> tuple[str, ...]:
        """The names of the cases in one of these states."""
        return tuple(name for name, case in self._cases.items() if case.state in states)

    def _observe(self, name: str, now: float) -> Snapshot | None:
        """Observe one folder; its snapshot if it is ready."""
        self.heartbeat(INBOX)
        case = self._cases.get(name)
        if case is None:
            case = self._cases[name] = Watched(seen=now)
        stamp = self._finished_folders.stamp(name, self.roots.published.get(name), self._namesakes.get(name))
        try:
            snapshot = take_snapshot(self.inbox / name)
            if name in self._namesakes:
                snapshot = replace(snapshot, namesakes=self._namesakes[name])
            state = self._judge(case, snapshot, now)
        except OSError as wrong:
            self._trouble(name, wrong, now)
            return None
        self._finished_folders.listed(name, None if name in self.ledger.deferred else stamp)
        if name not in self.working:
            self._states.enter(name, state)
        if self.still is not None:
            if (state is State.MOVING and not case.arriving) or (state is State.PENDING and self.still.knows(name)):
                self.still.observe(snapshot, now)
            elif state in (State.PUBLISHED, State.EMPTY):
                self.still.forget(name)
        return snapshot if state is State.READY else None

    def _judge(self, case: Watched, snapshot: Snapshot, now: float) -> State:
        state_digest = snapshot.state_digest
        if state_digest != case.state_digest:
            case.state_digest, case.failures, case.not_before, case.arriving = state_digest, 0, NEVER, ""
            case.moved, case.changed = True, now
            case.size = sum(file.size for file in snapshot.files)
            if case.state is not None:  # known before, so it changed
                self._queue.last.discard(snapshot.name)
        settled = self.settling.observe(snapshot.name, case.state_digest, now)
        check = self.early.observe(snapshot, now)
        if snapshot.name in self.working:
            return State.WORKING
        if snapshot.name == self.early.checking:
            return State.MOVING
        if not snapshot.files:
            _log_unused(case, snapshot)
            return State.EMPTY
        moving = isinstance(settled, Moving) and snapshot.newest_ns >= self.old_before_ns
        status = self.ledger.status_of(snapshot, moving=moving)
        if status is not OutboxStatus.TO_DO:
            return State.PUBLISHED if status is OutboxStatus.PUBLISHED else State.PENDING
        case.due = max(case.not_before, settled.until if isinstance(settled, Moving) else settled.since)
        if isinstance(settled, Quiet):
            case.patient_until = settled.since + self.settling.seconds + self.patience
        awaited = bool(case.arriving) and now < case.not_before
        # While the rest of a scan is awaited, a result for an older sidecar must not stay in the outbox for minutes.
        if moving or (awaited and snapshot.name in self.roots.published):
            case.due = min(case.due, self.early.wanted(snapshot, check))
        if moving or awaited:
            return State.MOVING
        return State.DELAYED if now < case.not_before else State.READY

    def _trouble(self, name: str, wrong: OSError, now: float) -> None:
        """Forget a folder that is gone; retry one that cannot be read now (F6, F33, F45)."""
        if isinstance(wrong, FileNotFoundError) and not (self.inbox / name).is_dir():
            self._drop(name)
        else:
            self._states.unreadable(name, wrong, now, working=name in self.working)

    def _retain(self, names: Collection[str]) -> None:
        if self._cases and not names:
            logger.warning(
                "a entrada ficou vazia, onde havia pastas (antes: {}); a saída fica como está", len(self._cases)
            )
        for name in self._cases.keys() - set(names):
            self._drop(name)
        self.settling.retain(names)
        self.early.retain(names)
        if self.still is not None:
            self.still.retain(names)

    def _drop(self, name: str) -> None:
        self.roots.crowded.pop(name, None)
        self._finished_folders.forget(name)
        if self._cases.pop(name).state not in (State.PUBLISHED, State.EMPTY):
            logger.info("{}: saiu da entrada", printable(name))


def _log_unused(case: Watched, snapshot: Snapshot) -> None:
    """Log the entries of a folder without scans and sidecar: its scans may be in a subfolder."""
    lying = unused(snapshot.refused)
    if lying and lying != case.unused:
        logger.info("{}: {}; {}", printable(snapshot.name), SAID[State.EMPTY], lying)
    case.unused = lying
