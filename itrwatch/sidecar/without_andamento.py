"""The part of a sidecar's text on which the PDFs depend: all but ``andamento`` and comments.

    without_andamento(text) -> the lines of ``text`` that are neither of ``andamento`` nor comments

The text is divided by lines, without a YAML parser: a syntax error in ``andamento`` makes the whole file
invalid YAML, but must not withdraw the published PDFs. Doubtful lines are kept; at worst the PDFs are made
again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from itrwatch.core.text_matching import match
from itrwatch.sidecar.sidecar import KEYS

_KEY = re.compile(r"([\"']?)(\w+)\1\s*:(?=\s|$)")
_GOES_ON = ("-", "]", "}")
"""Characters that may begin a continuation line that is not indented more than its key."""


def without_andamento(text: str) -> str:
    """The text without the block ``andamento``, empty lines and unindented comment lines."""
    return "\n".join(line for line, within in _lines(text) if not within)


def andamento_of(text: str) -> tuple[str, ...]:
    """The lines of the block ``andamento``, to copy into another sidecar of the case."""
    return tuple(line for line, within in _lines(text) if within)


def _lines(text: str) -> Iterator[tuple[str, bool]]:
    """Each significant line, and whether it belongs to the block ``andamento``."""
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    first_level = _indent(next((line for line in lines if not line.startswith("---")), ""))
    within = False
    for line in lines:
        inner = line.strip()
        if _indent(line) <= first_level and not (within and inner.startswith(_GOES_ON)):
            key = _KEY.match(inner)
            within = key is not None and match(key[2], KEYS) == "andamento"
        yield line, within


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
