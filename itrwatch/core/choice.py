"""A key that takes one of a few words; used for ``processo.yaml`` and ``config.yaml``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Choice:
    """``Choice({"auto": "escolhe pelo tipo de disco", …})``: each word with its meaning; empty if the word is clear by itself."""

    words: Mapping[str, str]
