"""The complement of a case: papers that came after the Receita accepted the juntada, published from their own folder.

    named_complement("13153.720210-2019-34 complemento 3") -> 3

The tutorial describes one juntada; a case may need more. No text settles how their files are named, so names and
types stay the same and the folha numbers continue.
"""

from __future__ import annotations

import re

from itrwatch.core.manifest import Manifest
from itrwatch.core.text_matching import fold

FIRST = 2
"""The number of the juntada of the first complement."""
UNKNOWN = "NÚMERO"
"""Placeholder for the first folha if the published set is not the one that was sent."""
_NAMED = re.compile(r"\bcomplement(?:o|ar|acao)s?\b\D{0,5}(\d{1,2}(?!\d))?")


def named_complement(folder: str) -> int | None:
    """``13153.720210-2019-34 complemento 3`` → 3; without a number, `FIRST`; None if the name has no such word."""
    found = _NAMED.search(fold(folder))
    if found is None:
        return None
    return max(FIRST, int(found[1] or FIRST))


def next_folder(manifest: Manifest) -> str:
    """The folder name for papers that come after this set: ``13153.720210-2019-34 complemento 2``."""
    return f"{(manifest.processo or '').replace('/', '-')} complemento {_next(manifest)}"


def next_lines(manifest: Manifest) -> str:
    """The first lines of the sidecar of that folder: ``complemento: 2``, ``primeira_folha: 77``.

    The second line is missing if this set has no numbers, and has `UNKNOWN` if this set is not the one that was sent.
    """
    last = max((page.folha for page in manifest.pages if page.folha), default=0)
    after = last + 1 if _as_sent(manifest) else UNKNOWN
    return f"complemento: {_next(manifest)}" + (f"\nprimeira_folha: {after}" if last else "")


def _as_sent(manifest: Manifest) -> bool:
    """Whether the folhas of this set are those that were sent, according to the juntadas in ``andamento``."""
    sent = manifest.sent
    made = [(file.name, file.sha256) for file in manifest.files]
    return sent is None or [(file.name, file.sha256) for file in sent.files] == made


def _next(manifest: Manifest) -> int:
    return manifest.complemento + 1 if manifest.complemento else FIRST
