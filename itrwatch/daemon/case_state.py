"""The state of a case, the data about it, and their sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from itrwatch.core import status
from itrwatch.core.filenames import printable
from itrwatch.errors import reason_with_path
from itrwatch.store.inbox import Refused

NEVER = float("-inf")


class State(StrEnum):
    """The state of a case; the values are words of the status line: “publicadas: 2, pendentes: 1”."""

    EMPTY = "vazias"
    MOVING = "aguardando"
    READY = "na fila"
    DELAYED = "a tentar de novo"
    WORKING = status.WORKING
    PUBLISHED = "publicadas"
    PENDING = "pendentes"


SAID = {
    State.MOVING: "nova ou mudada; aguardando o fim da cópia",
    State.READY: "sem mudanças, na fila",
    State.EMPTY: "sem digitalizações e sem processo.yaml",
}
_WAITS_FOR = {
    State.EMPTY: "as digitalizações e o processo.yaml",
    State.READY: "a sua vez na fila",
    State.PENDING: "a correção na entrada, descrita em PENDENTE.txt",
}
_MOST_NAMED = 3  # names in one line of the panel; chosen


@dataclass(slots=True)
class Watched:
    """The data about one case; times in seconds of the clock given to `Cases`, ``since`` in local time."""

    state: State | None = None
    state_digest: bytes = b""
    seen: float = NEVER  # first observation
    changed: float = NEVER  # last observed change, or first observation
    moved: bool = False  # since its last job began
    failures: int = 0
    heavy: int = 0  # number of interruptions because it took too long
    size: int = 0  # bytes of its input files
    not_before: float = NEVER
    due: float = NEVER
    patient_until: float = NEVER
    arriving: str = ""
    unused: str = ""
    trouble: str = ""
    since: datetime | None = None


def hindrance(wrong: OSError) -> str:
    """The sentence about what a case waits for after an `OSError`, and who must act, if anybody."""
    return f"uma nova tentativa: {reason_with_path(wrong)}"


def unused(refused: Sequence[Refused]) -> str:
    """The reason why a folder with files has neither scan nor sidecar; empty if there is none."""
    return "; ".join(f"“{printable(name)}” {why}" for name, why in refused[:_MOST_NAMED])


def waits_for(case: Watched, settle_seconds: float, hindrance: str) -> str:
    """The sentence about what a case waits for, or empty; ``hindrance``: the reason that blocks all cases (a full disk), or empty."""
    match case.state:
        case State.MOVING:
            return case.arriving or f"que a pasta fique {settle_seconds:g} s sem mudanças"
        case State.DELAYED:
            return case.trouble
        case State.READY if hindrance:
            return hindrance
        case State.EMPTY if case.unused:
            return case.unused
        case None:
            return ""
    return _WAITS_FOR.get(case.state, "")
