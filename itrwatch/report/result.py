"""The data from which the reports are made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from itrwatch.core.case_description import Sidecar
from itrwatch.core.manifest import Manifest
from itrwatch.core.pages import PageRef, Turn
from itrwatch.core.plan import Plan
from itrwatch.core.proposal import Proposal
from itrwatch.core.receipts import Receipt


@dataclass(frozen=True, slots=True)
class ScanFile:
    """A scan of the case folder: ``bytes`` on disk, ``pages`` if it opens."""

    name: str
    bytes: int
    pages: int | None


@dataclass(frozen=True, slots=True)
class Result:
    """The manifest of a case, and data for people that the manifest does not have.

    ``sidecar``: None if unreadable. ``thumbnails``: JPEG bytes; ``evidence``: the Portuguese sentence on a removed page.
    ``before``: whether a published set goes to ``anteriores``, or one is there already. ``receipts``: documents from e-CAC, by
    file name. ``proposal`` and ``draft`` (bytes of a sidecar to copy): without a sidecar. ``plan``: from the readable part of the
    sidecar; ``suggested``: the proposal beside a faulty sidecar; ``turns``: rotations of the pictures. ``blank``: blank pages that no
    section claims. ``unwritable``: files that the draft cannot name. ``andamento``: the lines of ``andamento``. ``waiting``: the sentence for the fiscal while a valid case waits for its folder to be at rest.
    """

    manifest: Manifest
    sidecar: Sidecar | None = None
    thumbnails: Mapping[PageRef, bytes] = field(default_factory=dict)
    evidence: Mapping[PageRef, str] = field(default_factory=dict)
    scans: tuple[ScanFile, ...] = ()
    receipts: Mapping[str, Receipt] = field(default_factory=dict)
    before: bool = False
    proposal: Proposal | None = None
    draft: bytes = b""
    waiting: str = ""
    plan: Plan | None = None
    suggested: Proposal | None = None
    turns: Mapping[PageRef, Turn] = field(default_factory=dict)
    unwritable: frozenset[str] = frozenset()
    blank: frozenset[PageRef] = frozenset()
    andamento: tuple[str, ...] = ()
