"""Whether a sidecar that was just saved may be checked before its folder has come to rest.

Scanners need the long quiet time, a saved text file does not. So when the scans have been at rest for that
time and only the sidecar moved, it is checked a moment after it was saved, and the fiscal reads at once what
is wrong. Nothing is published so: that waits for the folder, as ever. Each version is checked once.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable

from itrwatch.core.settling import Moving, Quiet, Settling

SAVED_SECONDS = 2.0
"""Editors that save by truncating and writing, or by writing and renaming, are done in a fraction of it (F38)."""


class Rechecking:
    """Watches the scans and the sidecar of any number of folders; times in seconds of one clock that only runs forward."""

    def __init__(self, settle_seconds: float, pause_seconds: float = float("inf")) -> None:
        """Scans are at rest after ``settle_seconds``, a sidecar after `SAVED_SECONDS` or that, if it is less."""
        self._scans = Settling(settle_seconds, pause_seconds)
        self._sidecar = Settling(min(settle_seconds, SAVED_SECONDS), pause_seconds)
        self._known: dict[str, Hashable] = {}

    def observe(self, name: str, scans: Hashable, sidecar: Hashable, now: float) -> Moving | Quiet:
        """Note what a folder's scans and its sidecar look like; `Quiet` when the sidecar may be checked now.

        ``Moving.until`` is the earliest moment for it, inf when this sidecar is known already.
        """
        seen = (self._scans.observe(name, scans, now), self._sidecar.observe(name, sidecar, now))
        if self._known.get(name) == (scans, sidecar):
            return Moving(float("inf"))
        waits = [rest.until for rest in seen if isinstance(rest, Moving)]
        return Moving(max(waits)) if waits else Quiet(max(rest.since for rest in seen if isinstance(rest, Quiet)))

    def know(self, name: str, scans: Hashable, sidecar: Hashable) -> None:
        """Note that a version was checked, or done altogether: no need to tell of it again."""
        self._known[name] = (scans, sidecar)

    def retain(self, names: Iterable[str]) -> None:
        """Forget every folder not among ``names``."""
        kept = set(names)
        self._scans.retain(kept)
        self._sidecar.retain(kept)
        self._known = {name: known for name, known in self._known.items() if name in kept}
