"""What became of one attempt at a case: published, pending, not settled, or still arriving.

A closed sum with the reason inside; whoever takes an `Outcome` answers for all four.
"""

from __future__ import annotations

from dataclasses import dataclass

from itrwatch.core.manifest import Manifest


@dataclass(frozen=True, slots=True)
class Published:
    """The set stands in the outbox."""

    manifest: Manifest


@dataclass(frozen=True, slots=True)
class Pending:
    """No PDF stands in the outbox; the manifest's errors say what the fiscal has to do."""

    manifest: Manifest


@dataclass(frozen=True, slots=True)
class Unsettled:
    """The folder moved while it was read; nothing was published, ``why`` says in Portuguese what moved."""

    why: str


@dataclass(frozen=True, slots=True)
class Arriving:
    """The folder is at rest, but something in it looks cut short; ``why`` says in Portuguese what is awaited.

    Only an attempt that was told to be patient ends so; the last one makes the note instead.
    """

    why: str


Outcome = Published | Pending | Unsettled | Arriving


class Stopped(Exception):  # noqa: N818 - nothing is wrong: somebody asked itrwatch to stop
    """Raised between two pages when the service is asked to stop (F47); nothing of the case was published."""
