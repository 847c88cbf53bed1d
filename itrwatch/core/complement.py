"""The complement of a case: papers that came after the Receita accepted the juntada, published alone, in a folder of their own.

The tutorial knows one juntada. Others may follow, as many as the case needs; how their files are to be named no text settles, so
that names and types stay the same and the folhas go on.
"""

from __future__ import annotations

import re

from itrwatch.core.manifest import Manifest
from itrwatch.core.text_matching import fold

FIRST = 2
"""The juntada that the first complement is."""
UNKNOWN = "NÚMERO"
"""Stands for the first folha where the set that was sent is not the one that is published now."""
_NAMED = re.compile(r"\bcomplement(?:o|ar|acao)s?\b\D{0,5}(\d{1,2}(?!\d))?")


def named_complement(folder: str) -> int | None:
    """``13153.720210-2019-34 complemento 3`` → 3; without a number `FIRST`; None where the name does not say so."""
    found = _NAMED.search(fold(folder))
    if found is None:
        return None
    return max(FIRST, int(found[1] or FIRST))


def next_folder(manifest: Manifest) -> str:
    """The name of the folder for what comes after this set: ``13153.720210-2019-34 complemento 2``."""
    return f"{(manifest.processo or '').replace('/', '-')} complemento {_next(manifest)}"


def next_lines(manifest: Manifest) -> str:
    """The first lines of its sidecar; without ``primeira_folha`` if this set has no numbers."""
    last = max((page.folha for page in manifest.pages if page.folha), default=0)
    after = last + 1 if _as_sent(manifest) else UNKNOWN
    return f"complemento: {_next(manifest)}" + (f"\nprimeira_folha: {after}" if last else "")


def _as_sent(manifest: Manifest) -> bool:
    """Whether the folhas of this set are those that were sent, as far as a juntada was noted."""
    sent = manifest.sent
    made = [(file.name, file.sha256) for file in manifest.files]
    return sent is None or [(file.name, file.sha256) for file in sent.files] == made


def _next(manifest: Manifest) -> int:
    return manifest.complemento + 1 if manifest.complemento else FIRST
