"""What the reports are made from."""

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
    """The record of a case, and what the manifest does not carry but people want to see.

    ``sidecar`` when it could be read. ``thumbnails``: JPEG bytes; ``evidence``: the Portuguese sentence on what was
    seen of a removed page. ``before``: whether a published set goes to ``anteriores``, or one went there earlier.
    ``receipts``: what e-CAC gave back, by file name. ``proposal`` and ``draft`` (bytes of a sidecar to copy) when there
    is no sidecar. ``plan``: what the sidecar says, as far as it could be read; ``suggested``: the proposal beside a
    sidecar that is at fault; ``turns``: how the pictures are turned. ``blank``: pages that no section claims, with nothing on them. ``waiting``: the sentence for the fiscal while a case that is in order waits for its folder to rest.
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
    rest: tuple[str, ...] = ()
