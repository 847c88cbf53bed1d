"""«Texto para o termo»: a draft of the Termo de Encaminhamento, ready to paste (Manual, 2)."""

from __future__ import annotations

from itrwatch.core.manifest import Manifest
from itrwatch.core.sidecar import Sidecar


def termo_text(manifest: Manifest, sidecar: Sidecar | None) -> str:
    """The paragraphs of the draft, parted by a blank line; empty for a case that was not published.

    The manifest must be the one just made: legibility is known by the page of its findings.
    """
    raise NotImplementedError
