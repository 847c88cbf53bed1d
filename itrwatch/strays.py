"""What lies in the inbox and is no case: told once in the log, and on the panel as long as it lies there."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from loguru import logger

from itrwatch.core.filenames import printable
from itrwatch.store.inbox import Refused

NOTICES = 3  # of one panel, which is about cases


@dataclass(slots=True)
class Strays:
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
    return f"entrada: «{printable(entry.name)}» {entry.why}"
