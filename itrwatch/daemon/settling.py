"""Whether a folder is at rest. Time is an argument: nothing here sleeps or reads a clock.

    settling.observe("13153720210201934", snapshot.state_digest, now) -> Moving(until=now + 30) or Quiet(since=…)

A scanner closes and reopens its file for every page, with seconds between (F2), and a growing TIFF is valid at every stage (F4):
neither an event nor the file itself shows that it is complete. A folder is at rest after a quiet time without an *observed*
change, on a monotonic clock (F1). Time stamps of a file server are only compared for equality, not with our clock (F20).

Time without observations is not quiet time. After a pause (a laptop that slept, a process that was stopped) the count starts
again, but only once until the folder changes: a machine that is always that slow must finish its folders too.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Moving:
    """Not at rest; ``until`` is the earliest moment (s) at which it can be."""

    until: float


@dataclass(frozen=True, slots=True)
class Quiet:
    """At rest; nothing has changed since the moment ``since`` (s)."""

    since: float


@dataclass(frozen=True, slots=True)
class _Watch:
    state_digest: Hashable
    since: float
    seen: float
    paused: bool


class Settling:
    """Watches any number of folders by name; all times in seconds of one clock that only runs forward."""

    def __init__(self, settle_seconds: float, pause_seconds: float = float("inf")) -> None:
        """``settle_seconds`` without change mean quiet; ``pause_seconds`` without observation count as a pause."""
        self.seconds = settle_seconds
        self._pause = pause_seconds
        self._watches: dict[str, _Watch] = {}

    def observe(self, name: str, state_digest: Hashable, now: float) -> Moving | Quiet:
        """Note the present ``state_digest`` of folder ``name``; equal ones mean that it is unchanged."""
        before = self._watches.get(name)
        if before is None or before.state_digest != state_digest:
            watch = _Watch(state_digest, since=now, seen=now, paused=False)
        elif now - before.seen > self._pause and not before.paused:
            watch = _Watch(state_digest, since=now, seen=now, paused=True)
        else:
            watch = _Watch(state_digest, before.since, now, before.paused)
        self._watches[name] = watch
        if now - watch.since >= self.seconds:
            return Quiet(watch.since)
        return Moving(watch.since + self.seconds)

    def restart(self, name: str) -> None:
        """Restart the count at the next observation: the folder changed while it was read."""
        self._watches.pop(name, None)

    def retain(self, names: Iterable[str]) -> None:
        """Forget every folder not among ``names``: one that vanishes and returns counts as new (F33)."""
        for name in self._watches.keys() - set(names):
            del self._watches[name]
