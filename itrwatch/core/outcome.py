"""What became of one attempt at a case: published, pending, or not settled after all.

A closed sum with the reason inside; whoever takes an `Outcome` answers for all three.
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


Outcome = Published | Pending | Unsettled


class Stopped(Exception):  # noqa: N818 - nothing is wrong: somebody asked itrwatch to stop
    """Raised between two pages when the service is asked to stop (F47); nothing of the case was published."""
