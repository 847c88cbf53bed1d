"""What of a sidecar's text the PDFs depend on: everything but ``andamento`` and the comments.

    without_andamento(text) -> the lines of ``text`` that are neither of ``andamento`` nor comments

By lines, not by meaning: a slip of the pen within ``andamento`` makes the whole file unreadable as YAML,
and must not take the published PDFs back all the same. Where this is unsure, a line is kept: the worst
that comes of it is that the PDFs are made once more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from itrwatch.core.text_matching import match
from itrwatch.sidecar.sidecar import KEYS

_KEY = re.compile(r"([\"']?)(\w+)\1\s*:(?=\s|$)")
_GOES_ON = ("-", "]", "}")
"""What may begin a line of a value without being further in than its key."""


def without_andamento(text: str) -> str:
    """The text without the block ``andamento``, empty lines and lines that are comments of the first level."""
    return "\n".join(line for line, within in _lines(text) if not within)


def andamento_of(text: str) -> tuple[str, ...]:
    """The lines of the block ``andamento``, to be written into another sidecar of the case."""
    return tuple(line for line, within in _lines(text) if within)


def _lines(text: str) -> Iterator[tuple[str, bool]]:
    """Every line that says something, and whether it is one of the block ``andamento``."""
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
