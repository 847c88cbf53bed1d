"""What itrwatch knows about every case folder, and which one is to be done next.

The truth is a scan: the inbox as it lies there against the manifests of the outbox (F12, F32).
Events only say when to scan. What is there at the first scan goes through the same quiet time
as what comes later (R10). A folder without any scan or sidecar is not a case yet, or not any
more, and is left alone, in the outbox too.

Nothing here has threads or reads a clock: ``now`` is in seconds of one clock that only runs
forward. Nothing that happens to one case stops the look at the others (promise 6).
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from loguru import logger

from itrwatch.core.filenames import shown
from itrwatch.core.outcome import Outcome, Pending, Published, Stopped, Unsettled
from itrwatch.core.rechecking import Rechecking
from itrwatch.core.settling import Moving, Quiet, Settling
from itrwatch.inbox import Refused, Snapshot, list_cases, take_snapshot
from itrwatch.ledger import Ledger, Standing

BACK_OFF = (30.0, 60.0, 120.0, 300.0, 900.0)  # seconds; the last one for ever (F5)
NEVER = float("-inf")


class State(StrEnum):
    """Where a case stands; the values stand before a number in the status line."""

    EMPTY = "vazias"
    MOVING = "aguardando"
    READY = "na fila"
    DELAYED = "a tentar de novo"
    WORKING = "em trabalho"
    PUBLISHED = "publicadas"
    PENDING = "pendentes"


_SAID = {
    State.MOVING: "nova ou mudada; aguardando que fique quieta",
    State.READY: "em repouso, na fila",
    State.EMPTY: "sem digitalizações e sem processo.yaml; aguardando",
}


@dataclass(slots=True)
class _Case:
    state: State | None = None
    signature: tuple[tuple[str, int, int, int], ...] = ()
    failures: int = 0
    not_before: float = NEVER
    due: float = NEVER


@dataclass(slots=True)
class Cases:
    """Every case folder of ``inbox``.

    ``old_before_ns``: a folder whose files are all older than this (ns, file server's clock)
    needs no quiet time. ``pulse`` is called for every folder and may end a scan by raising.
    ``rechecking``: when a sidecar is checked before its folder is at rest; None: never.
    """

    inbox: Path
    ledger: Ledger
    settling: Settling
    old_before_ns: int = 0
    pulse: Callable[[], None] = lambda: None
    rechecking: Rechecking | None = None
    lost: str = ""
    """Why nothing can be seen (a root is missing, F24), or empty."""
    working: str | None = None
    """The case whose job runs now: it is only observed."""
    checking: str | None = None
    """The case whose sidecar is checked now, before it is at rest: it is only observed, too."""
    _cases: dict[str, _Case] = field(default_factory=dict)
    _ready: deque[str] = field(default_factory=deque)
    _to_check: dict[str, Snapshot] = field(default_factory=dict)
    _told: frozenset[Refused] = frozenset()

    def scan(self, now: float) -> None:
        """Look at every folder once; a root that cannot be read changes nothing (F24, F25)."""
        try:
            if self.working is None and self.checking is None:
                self.ledger.outbox.recover()
            published = self.ledger.outbox.names()
            listing = list_cases(self.inbox)
        except OSError as wrong:
            place = shown(str(wrong.filename or self.inbox))
            self._lose(f"sem acesso a «{place}» ({wrong.strerror or wrong})")
            return
        self._find_again()
        self._tell(frozenset(listing.refused))
        self.ledger.retain(published)
        self._retain(listing.cases)
        self._to_check.clear()
        ready = [name for name in listing.cases if self._look(name, now) is not None]
        self._ready = deque(sorted(ready, key=lambda name: self._cases[name].due))

    def next_ready(self, now: float) -> Snapshot | None:
        """The next case to do, quiet longest first, as it is at this moment; None if there is none."""
        while self._ready and not self.lost:
            snapshot = self._look(self._ready.popleft(), now)
            if snapshot is not None:
                return snapshot
        return None

    def begin(self, name: str) -> None:
        """The job of this case starts."""
        self.working = name
        self._enter(name, State.WORKING)

    def finish(self, name: str, outcome: Outcome | BaseException, now: float) -> None:
        """The job of this case ended so: with an outcome, or with what it raised."""
        self.working = None
        if isinstance(outcome, Published | Pending):
            self.ledger.record(name, outcome.manifest)
            state = State.PUBLISHED if isinstance(outcome, Published) else State.PENDING
            self._enter(name, state)
            return
        self.ledger.reread(name)  # a job that failed may have got as far as publishing
        seconds = self._delay(name, now)
        match outcome:
            case Unsettled(why):
                self.settling.restart(name)
                logger.info("{}: mudou durante a leitura ({}); aguardando de novo", shown(name), why)
            case Stopped():
                logger.info("{}: interrompida; será refeita", shown(name))
            case OSError():
                logger.warning("{}: {}; nova tentativa em {:.0f} s", shown(name), outcome, seconds)
            case _:
                logger.opt(exception=outcome).error("{}: falha do itrwatch; as outras pastas continuam", shown(name))

    def begin_check(self) -> Snapshot | None:
        """A case whose sidecar is to be checked now; None if there is none, or one is being checked."""
        if self.checking is not None or self.rechecking is None:
            return None
        name = next((name for name in self._to_check if name != self.working), None)
        if name is None:
            return None
        snapshot, self.checking = self._to_check.pop(name), name
        self.rechecking.know(name, snapshot.scans, snapshot.sidecars)
        return snapshot

    def finish_check(self, outcome: Outcome | BaseException) -> None:
        """The check ended so; whatever it said, the case is done as a whole when it is at rest."""
        name, self.checking = self.checking, None
        if name is None:
            return
        self.ledger.reread(name)
        if isinstance(outcome, Exception) and not isinstance(outcome, Stopped):
            logger.warning("{}: o processo.yaml ainda não pôde ser conferido: {}", shown(name), outcome)

    @property
    def counts(self) -> Counter[State]:
        """How many cases stand where."""
        return Counter(case.state for case in self._cases.values() if case.state is not None)

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
        self.pulse()
        case = self._cases.setdefault(name, _Case())
        try:
            snapshot = take_snapshot(self.inbox / name)
            state = self._judge(case, snapshot, now)
        except OSError as wrong:
            self._trouble(name, wrong, now)
            return None
        if name != self.working:
            self._enter(name, state)
        return snapshot if state is State.READY else None

    def _judge(self, case: _Case, snapshot: Snapshot, now: float) -> State:
        if snapshot.signature != case.signature:
            case.signature, case.failures, case.not_before = snapshot.signature, 0, NEVER
        rest = self.settling.observe(snapshot.name, snapshot.signature, now)
        check = self._recheck(snapshot, now)
        if snapshot.name == self.working:
            return State.WORKING
        if snapshot.name == self.checking:
            return State.MOVING
        if not snapshot.files:
            return State.EMPTY
        moving = isinstance(rest, Moving) and snapshot.newest_ns >= self.old_before_ns
        standing = self.ledger.standing(snapshot, moving=moving)
        if standing is not Standing.TO_DO:
            return State.PUBLISHED if standing is Standing.PUBLISHED else State.PENDING
        case.due = max(case.not_before, rest.until if isinstance(rest, Moving) else rest.since)
        if moving:
            if isinstance(check, Quiet):
                self._to_check[snapshot.name] = snapshot
            else:
                case.due = min(case.due, check.until)
            return State.MOVING
        return State.DELAYED if now < case.not_before else State.READY

    def _recheck(self, snapshot: Snapshot, now: float) -> Moving | Quiet:
        """Whether its sidecar may be checked now, or when."""
        if self.rechecking is None or not snapshot.sidecars:
            return Moving(float("inf"))
        return self.rechecking.observe(snapshot.name, snapshot.scans, snapshot.sidecars, now)

    def _trouble(self, name: str, wrong: OSError, now: float) -> None:
        """Busy, no right to read, gone, disk full: not ready now, never failed for good (F6, F33, F45)."""
        case = self._cases[name]
        if isinstance(wrong, FileNotFoundError) and not (self.inbox / name).is_dir():
            self._drop(name)
            return
        if case.state is not State.DELAYED:
            logger.warning("{}: {}; nova tentativa a cada varredura", shown(name), wrong)
        case.due = now + BACK_OFF[0]
        if name != self.working:
            self._enter(name, State.DELAYED)

    def _enter(self, name: str, state: State) -> None:
        case = self._cases.get(name)
        if case is None or case.state is state:
            return
        case.state = state
        if state in _SAID:
            logger.info("{}: {}", shown(name), _SAID[state])

    def _delay(self, name: str, now: float) -> float:
        case = self._cases.get(name)
        if case is None:  # the folder is gone meanwhile
            return 0.0
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
        if self.rechecking is not None:
            self.rechecking.retain(names)

    def _drop(self, name: str) -> None:
        if self._cases.pop(name).state not in (State.PUBLISHED, State.EMPTY):
            logger.info("{}: saiu da entrada", shown(name))

    def _tell(self, refused: frozenset[Refused]) -> None:
        for entry in sorted(refused - self._told):
            logger.warning("entrada: «{}» {}", shown(entry.name), entry.why)
        self._told = refused

    def _lose(self, why: str) -> None:
        if not self.lost:
            logger.error("{}; nada é apagado, e o trabalho continua sozinho quando a pasta voltar", why)
        self.lost = why

    def _find_again(self) -> None:
        if self.lost:
            logger.info("a entrada e a saída estão de volta")
        self.lost = ""
