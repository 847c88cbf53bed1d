"""Entries of the inbox that are not cases: logged once, and shown on the panel while they exist."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from loguru import logger

from itrwatch.core.filenames import printable
from itrwatch.store.inbox import Refused

NOTICES = 3
"""Number of entries that the panel names; the others are counted. Chosen."""


@dataclass(slots=True)
class IgnoredEntries:
    """The entries found by the last scan."""

    _found: frozenset[Refused] = frozenset()

    def note(self, refused: Collection[Refused]) -> None:
        """Replace them by the entries of this scan, and log the new ones."""
        found = frozenset(refused)
        for entry in sorted(found - self._found):
            logger.warning("{}", _sentence(entry))
        self._found = found

    @property
    def notices(self) -> tuple[str, ...]:
        """The sentences for the panel: the first `NOTICES`, then the number of the others."""
        lines = [_sentence(entry) for entry in sorted(self._found)]
        more = (f"entrada: mais {len(lines) - NOTICES} assim, nomeados no registro",) if len(lines) > NOTICES else ()
        return (*lines[:NOTICES], *more)


def _sentence(entry: Refused) -> str:
    return f"entrada: “{printable(entry.name)}” {entry.why}"
