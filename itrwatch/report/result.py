"""What the reports are made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from itrwatch.core.manifest import Manifest
from itrwatch.core.pages import PageRef
from itrwatch.core.proposal import Proposal
from itrwatch.core.sidecar import Sidecar


@dataclass(frozen=True, slots=True)
class Result:
    """The record of a case; ``sidecar`` when it could be read, ``thumbnails`` as JPEG bytes.

    ``waiting``: the sentence for the fiscal while a case that is in order waits for its folder to be at rest.
    ``proposal`` and ``draft`` (bytes of a sidecar to copy) when there is no sidecar.
    """

    manifest: Manifest
    sidecar: Sidecar | None = None
    thumbnails: Mapping[PageRef, bytes] = field(default_factory=dict)
    proposal: Proposal | None = None
    draft: bytes = b""
    waiting: str = ""
