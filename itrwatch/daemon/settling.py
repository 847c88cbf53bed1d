"""Has a folder come to rest? Time is an argument, so nothing here sleeps or reads a clock.

A scanner closes and reopens the same file for every page, with seconds between (F2), and a
growing TIFF is valid at every stage (F4): neither an event nor the file itself says “ready”.
What says it is quiet time, counted from the last change that was *observed*, on a clock that
only runs forward (F1). The time stamps of a file server are compared for being different,
never for being older or newer than our clock (F20).

Time in which nobody looked is not quiet time. After a pause (a laptop that slept, a process
that was stopped) the count starts again, once: a machine that is always that slow must get
its folders done all the same.
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
    signature: Hashable
    since: float
    seen: float
    paused: bool


class Settling:
    """Watches any number of folders by name; all times in seconds of one clock that only runs forward."""

    def __init__(self, settle_seconds: float, pause_seconds: float = float("inf")) -> None:
        """Quiet means ``settle_seconds`` without change; unobserved for ``pause_seconds`` is a pause."""
        self.seconds = settle_seconds
        self._pause = pause_seconds
        self._watches: dict[str, _Watch] = {}

    def observe(self, name: str, signature: Hashable, now: float) -> Moving | Quiet:
        """Note what folder ``name`` looks like now (``signature``: equal means unchanged)."""
        before = self._watches.get(name)
        if before is None or before.signature != signature:
            watch = _Watch(signature, since=now, seen=now, paused=False)
        elif now - before.seen > self._pause and not before.paused:
            watch = _Watch(signature, since=now, seen=now, paused=True)
        else:
            watch = _Watch(signature, before.since, now, before.paused)
        self._watches[name] = watch
        if now - watch.since >= self.seconds:
            return Quiet(watch.since)
        return Moving(watch.since + self.seconds)

    def restart(self, name: str) -> None:
        """Count again from the next observation: the folder moved while it was read."""
        self._watches.pop(name, None)

    def retain(self, names: Iterable[str]) -> None:
        """Forget every folder not among ``names``: one that vanished and returns is a new one (F33)."""
        kept = set(names)
        self._watches = {name: watch for name, watch in self._watches.items() if name in kept}
