"""What itrwatch knows about every case folder, and which one is to be done next.

The truth is a scan: the inbox as it lies there against the manifests of the outbox (F12, F32).
Events only say when to scan. What is there at the first scan goes through the same quiet time
as what comes later (R10). A folder without any scan or sidecar is not a case yet, or not any
more, and is left alone, in the outbox too.

Nothing here has threads or reads a clock: ``now`` is in seconds of one clock that only runs
forward. Nothing that happens to one case stops the look at the others (promise 6).

What lies in the inbox and is no case: told once in the log, and on the panel as long as it lies there.
"""

from __future__ import annotations

import errno
import os
import zlib
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

from loguru import logger

from itrwatch.clock import local_time
from itrwatch.core.filenames import printable
from itrwatch.core.manifest import Arriving, Outcome, Pending, Published, Stopped, Unsettled
from itrwatch.core.status import CaseStatus
from itrwatch.daemon.case_state import NEVER, SAID, State, Watched, hindrance, unused, waits_for
from itrwatch.daemon.early_check import EarlyChecks
from itrwatch.daemon.preparing import Preparing
from itrwatch.daemon.settling import Moving, Quiet, Settling
from itrwatch.errors import reason, told
from itrwatch.store.inbox import Refused, Snapshot, namesakes, take_snapshot
from itrwatch.store.ledger import Ledger, OutboxStatus
from itrwatch.store.roots import INBOX, Roots

NOTICES = 3  # of one panel, which is about cases


@dataclass(slots=True)
class IgnoredEntries:
    """What was found at the last look."""

    _found: frozenset[Refused] = frozenset()

    def tell(self, refused: Collection[Refused]) -> None:
        """Note what lies there now; what is new goes to the log."""
        found = frozenset(refused)
        for entry in sorted(found - self._found):
            logger.warning("{}", _not_taken(entry))
        self._found = found

    @property
    def notices(self) -> tuple[str, ...]:
        """A few in full, the rest as a number."""
        told = [_not_taken(entry) for entry in sorted(self._found)]
        more = (f"entrada: mais {len(told) - NOTICES} assim, nomeados no registro",) if len(told) > NOTICES else ()
        return (*told[:NOTICES], *more)


def _not_taken(entry: Refused) -> str:
    return f"entrada: “{printable(entry.name)}” {entry.why}"


SHORT_BYTES = 8 << 20
"""Of scans: below this a case is taken for a short one, some ten to fifty pages; one that is not is found out. Chosen."""
HEAVY_SECONDS = 20.0  # a pending case is usually told of within one or two; chosen
LOOK_INTO = 10  # ten minutes: for what is changed in place while nobody hears of it
_FINISHED = (State.PUBLISHED, State.PENDING, State.EMPTY)
BACK_OFF = (30.0, 60.0, 120.0, 300.0, 900.0)  # seconds; the last one for ever (F5)


@dataclass(slots=True)
class Cases:
    """Every case folder of ``inbox``.

    ``old_before_ns``: a folder whose files are all older than this (ns, file server's clock)
    needs no quiet time. ``heartbeat`` is told which root is about to be touched, for every folder, and
    may end a scan by raising. ``patience``: how long (s) a folder at rest is waited for while
    something in it looks cut short. ``early``: the sidecars that are checked before their folder is at rest.
    """

    inbox: Path
    ledger: Ledger
    settling: Settling
    old_before_ns: int = 0
    heartbeat: Callable[[str], None] = lambda _role: None
    patience: float = 0.0
    wall_clock: Callable[[], datetime] = local_time
    early: EarlyChecks = field(default_factory=EarlyChecks)
    still: Preparing | None = None
    """Which scans of moving folders may be looked at already; None: none is, before its folder is at rest."""
    roots: Roots = field(init=False)
    working: set[str] = field(default_factory=set)
    """The cases whose jobs run now: they are only observed."""
    _cases: dict[str, Watched] = field(default_factory=dict)
    _ready: list[str] = field(default_factory=list)
    _ignored: IgnoredEntries = field(default_factory=IgnoredEntries)
    _last: set[str] = field(default_factory=set)
    _namesakes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _scans: int = 0

    def __post_init__(self) -> None:
        self.roots = Roots(self.inbox, self.ledger.outbox, self.heartbeat)

    @property
    def lost(self) -> str:
        """Why nothing can be seen (a root is away, F24), or empty."""
        return self.roots.lost

    def scan(self, now: float, heard: frozenset[str] | None = None) -> None:
        """Look at every folder once; a root that cannot be seen changes nothing (F24, F25).

        ``heard``: in which folders something happened since the last scan, where that is known. Then a finished folder in
        which nothing was heard and nothing came or went is looked into only every `LOOK_INTO`-th time.
        """
        listing = self.roots.look()
        if listing is None or not self._recover():
            return
        if self.roots.returned:
            self._start_over()
            heard = None
        self._ignored.tell(listing.refused)
        self.ledger.retain(self.roots.published)
        self._retain(listing.cases)
        self._namesakes = namesakes(listing.cases)
        self.early.clear()
        self._scans += 1
        ready = [name for name in listing.cases if not self._rests(name, heard) and self._look(name, now) is not None]
        self._ready = sorted(ready, key=self._turn)

    def _rests(self, name: str, heard: frozenset[str] | None) -> bool:
        """Whether a finished folder needs no look now: one `stat` instead of a listing, for there are thousands (F23)."""
        if heard is None or name in heard or (self._scans + zlib.crc32(os.fsencode(name))) % LOOK_INTO == 0:
            return False
        case = self._cases.get(name)
        return (
            case is not None and case.state in _FINISHED and case.stamp is not None and case.stamp == self._stamp(name)
        )

    def _stamp(self, name: str) -> tuple[object, ...] | None:
        """What changes when something comes into the folder or goes, or in its set; None when that cannot be seen."""
        try:
            status = os.lstat(f"{self.inbox}/{name}")
        except OSError:
            return None
        there = self.roots.published.get(name), self._namesakes.get(name)
        return status.st_mtime_ns, status.st_ctime_ns, status.st_ino, *there

    def _turn(self, name: str) -> tuple[bool, int, float]:
        """What decides whose turn it is: the longest at rest, but behind all others what took too long before."""
        case = self._cases[name]
        return name in self._last, case.heavy, case.due

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
        """What was known of the outbox may not be true, and what failed on it deserves a try at once."""
        self.ledger.forget()
        for case in self._cases.values():
            case.not_before, case.failures = NEVER, 0

    def put_last(self, name: str) -> None:
        """Do this case after the others: it was under way when an itrwatch died (F46)."""
        self._last.add(name)

    def next_ready(self, now: float, *, short: bool | None = None) -> Snapshot | None:
        """The next case to do, quiet longest first, as it is at this moment; None if there is none.

        ``short`` True: only one that should be done in seconds; False: long ones first, for the short ones have a way of
        their own. One for which there is no room is passed over: it is asked for again at the next scan.
        """
        for name in self._in_turn(short=short):
            if self.lost or self.roots.paused:
                break
            self._ready.remove(name)
            snapshot = self._look(name, now)
            if snapshot is not None and self.roots.room_for(snapshot.name, sum(file.size for file in snapshot.files)):
                return snapshot
        return None

    def _in_turn(self, *, short: bool | None) -> list[str]:
        if short is None:
            return list(self._ready)
        if short:
            return [name for name in self._ready if self._short(name)]
        return sorted(self._ready, key=lambda name: (self._turn(name)[:2], self._short(name)))

    def _short(self, name: str) -> bool:
        case = self._cases[name]
        return not case.heavy and case.size <= SHORT_BYTES and name not in self._last

    @property
    def short_waits(self) -> bool:
        """Whether a short case waits for its turn."""
        return any(self._short(name) for name in self._ready)

    def sink(self, name: str) -> None:
        """End the turn of a case that takes too long: its next one comes behind all others, however small the case looks."""
        self.working.discard(name)
        self.ledger.reread(name)
        case = self._cases.get(name)
        if case is None:
            return
        case.heavy += 1
        logger.info("{}: demora mais do que as outras; continua depois delas", printable(name))
        self._enter(name, State.READY)
        self._ready.append(name)

    def patient(self, name: str, now: float) -> bool:
        """Whether the job of this case shall wait for what looks cut short, instead of refusing it."""
        return now < self._cases[name].patient_until

    def begin(self, name: str) -> None:
        """The job of this case starts."""
        self.working.add(name)
        self._enter(name, State.WORKING)

    def finish(self, name: str, outcome: Outcome | BaseException, now: float, took: float = 0.0) -> None:
        """The job of this case ended so, after ``took`` seconds: with an outcome, or with what it raised."""
        self.working.discard(name)
        if name in self._cases:
            self._weigh(self._cases[name], outcome, took)
        if isinstance(outcome, Published | Pending):
            self._last.discard(name)
            self.ledger.record(name, outcome.manifest)
            state = State.PUBLISHED if isinstance(outcome, Published) else State.PENDING
            self._enter(name, state)
            return
        self.ledger.reread(name)  # a job that failed may have got as far as publishing
        match outcome:
            case Arriving(why):
                self._wait_for(name, why, now)
            case Unsettled(why):
                self._delay(name, now, f"o fim das mudanças na pasta; mudou durante a leitura ({why})")
                self.settling.restart(name)
                logger.info("{}: mudou durante a leitura ({}); aguardando de novo", printable(name), why)
            case Stopped():
                self._delay(name, now, "ser refeita; foi interrompida")
                logger.info("{}: interrompida; será refeita", printable(name))
            case OSError():
                why = told(outcome)
                if outcome.errno in (errno.ENOSPC, errno.EDQUOT):
                    self.roots.crowded[name] = f"falta espaço na saída para “{printable(name)}”: {why}"
                seconds = self._delay(name, now, hindrance(outcome))
                logger.warning("{}: {}; nova tentativa em {:.0f} s", printable(name), why, seconds)
            case _:
                self._delay(
                    name,
                    now,
                    "uma nova tentativa, depois de uma falha do itrwatch (os detalhes estão no registro do serviço)",
                )
                logger.opt(exception=outcome).error(
                    "{}: falha do itrwatch; as outras pastas continuam", printable(name)
                )

    @staticmethod
    def _weigh(case: Watched, outcome: Outcome | BaseException, took: float) -> None:
        """What took long and came to nothing comes behind the others the next time, also when its sidecar was touched."""
        if isinstance(outcome, Published):
            case.heavy = 0
        elif took > HEAVY_SECONDS:
            case.heavy += 1

    def places(self, progress: Mapping[str, tuple[int, int]] = MappingProxyType({})) -> tuple[CaseStatus, ...]:
        """Where every case stands; ``progress``: pages done of all, of the cases whose jobs run."""
        return tuple(
            CaseStatus(
                name,
                case.state,
                waits_for(case, self.settling.seconds, self.roots.paused or self.roots.crowded.get(name, "")),
                case.since,
                *(progress.get(name, ()) if name in self.working else ()),
            )
            for name, case in sorted(self._cases.items())
            if case.state is not None
        )

    def _wait_for(self, name: str, why: str, now: float) -> None:
        """Nothing failed; the folder is at rest but not whole. It is asked again, the last time when patience ends."""
        case = self._cases.get(name)
        if case is None:
            return
        case.not_before = case.due = max(now, min(case.patient_until, now + BACK_OFF[0]))
        if case.arriving != why:
            logger.info("{}: {}; aguardando o resto", printable(name), why)
        case.arriving = why
        case.state, case.since = State.MOVING, self.wall_clock()

    def begin_check(self) -> Snapshot | None:
        """A case whose sidecar is to be checked now; None if there is none, or one is being checked."""
        return self.early.begin(but=self.working)

    def begin_preparing(self, now: float) -> Snapshot | None:
        """A moving folder with the scans of it that may be looked at already; None while anything else is to be done."""
        if self.still is None or self.lost or self.roots.paused or self._ready or self.working:
            return None
        snapshot = self.still.begin(now)
        if snapshot is None or self.roots.ample(sum(scan.size for scan in snapshot.scans)):
            return snapshot
        self.still.finish(snapshot, whole=True)  # its job will say that there is no room
        return None

    def finish_check(self, outcome: Outcome | BaseException) -> None:
        """The check ended so; whatever it said, the case is done as a whole when it is at rest."""
        name = self.early.finish(outcome)
        if name is not None:
            self.ledger.reread(name)

    @property
    def counts(self) -> Counter[State]:
        """How many cases stand where."""
        return Counter(case.state for case in self._cases.values() if case.state is not None)

    @property
    def notices(self) -> tuple[str, ...]:
        """What lies in the inbox and is no case; a few in full, for the panel, the rest as a number."""
        return self._ignored.notices

    def due(self) -> float:
        """The next moment at which a folder may have come to rest or be tried again; inf if there is none."""
        if self.lost:
            return float("inf")
        states = (State.MOVING, State.DELAYED)
        return min((case.due for case in self._cases.values() if case.state in states), default=float("inf"))

    def named(self, *states: State) -> tuple[str, ...]:
        """The names of the cases that stand so."""
        return tuple(name for name, case in self._cases.items() if case.state in states)

    def _look(self, name: str, now: float) -> Snapshot | None:
        """Observe one folder; its snapshot if it is to be done now."""
        self.heartbeat(INBOX)
        case = self._cases.setdefault(name, Watched())
        stamp = self._stamp(name)
        try:
            snapshot = replace(take_snapshot(self.inbox / name), namesakes=self._namesakes.get(name, ()))
            state = self._judge(case, snapshot, now)
        except OSError as wrong:
            self._trouble(name, wrong, now)
            return None
        case.stamp = None if name in self.ledger.deferred else stamp
        if name not in self.working:
            self._enter(name, state)
        if self.still is not None:
            if state is State.MOVING and not case.arriving:
                self.still.observe(snapshot, now)
            else:
                self.still.forget(name)
        return snapshot if state is State.READY else None

    def _judge(self, case: Watched, snapshot: Snapshot, now: float) -> State:
        signature = snapshot.signature
        if signature != case.signature:
            case.signature, case.failures, case.not_before, case.arriving = signature, 0, NEVER, ""
            case.size = sum(file.size for file in snapshot.files)
            if case.state is not None:  # seen before: it changed
                self._last.discard(snapshot.name)
        rest = self.settling.observe(snapshot.name, case.signature, now)
        check = self.early.observe(snapshot, now)
        if snapshot.name in self.working:
            return State.WORKING
        if snapshot.name == self.early.checking:
            return State.MOVING
        if not snapshot.files:
            _tell_unused(case, snapshot)
            return State.EMPTY
        moving = isinstance(rest, Moving) and snapshot.newest_ns >= self.old_before_ns
        standing = self.ledger.standing(snapshot, moving=moving)
        if standing is not OutboxStatus.TO_DO:
            return State.PUBLISHED if standing is OutboxStatus.PUBLISHED else State.PENDING
        case.due = max(case.not_before, rest.until if isinstance(rest, Moving) else rest.since)
        if isinstance(rest, Quiet):
            case.patient_until = rest.since + self.settling.seconds + self.patience
        if moving:
            case.due = min(case.due, self.early.wanted(snapshot, check))
        if moving or (case.arriving and now < case.not_before):
            return State.MOVING
        return State.DELAYED if now < case.not_before else State.READY

    def _trouble(self, name: str, wrong: OSError, now: float) -> None:
        """Busy, no right to read, gone, disk full: not ready now, never failed for good (F6, F33, F45)."""
        case = self._cases[name]
        if isinstance(wrong, FileNotFoundError) and not (self.inbox / name).is_dir():
            self._drop(name)
            return
        why = told(wrong)
        if case.state is not State.DELAYED:
            logger.warning("{}: {}; nova tentativa a cada varredura", printable(name), why)
        case.trouble = hindrance(wrong)
        case.due = now + BACK_OFF[0]
        if name not in self.working:
            self._enter(name, State.DELAYED)

    def _enter(self, name: str, state: State) -> None:
        case = self._cases.get(name)
        if case is None or case.state is state:
            return
        if case.state is not None or state not in (State.PUBLISHED, State.PENDING):  # else it stood so before we came
            case.since = self.wall_clock()
        case.state = state
        if state in SAID and not (state is State.EMPTY and case.unused):  # told already
            logger.info("{}: {}", printable(name), SAID[state])

    def _delay(self, name: str, now: float, waits_for: str) -> float:
        case = self._cases.get(name)
        if case is None:  # the folder is gone meanwhile
            return 0.0
        case.trouble = waits_for
        seconds = BACK_OFF[min(case.failures, len(BACK_OFF) - 1)]
        case.not_before = case.due = now + seconds
        case.failures += 1
        self._enter(name, State.DELAYED)
        return seconds

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
        if self._cases.pop(name).state not in (State.PUBLISHED, State.EMPTY):
            logger.info("{}: saiu da entrada", printable(name))


def _tell_unused(case: Watched, snapshot: Snapshot) -> None:
    """What lies in a folder without scans and sidecar, if anything does: it may be that its scans wait in a subfolder."""
    lying = unused(snapshot.refused)
    if lying and lying != case.unused:
        logger.info("{}: {}; {}", printable(snapshot.name), SAID[State.EMPTY], lying)
    case.unused = lying
