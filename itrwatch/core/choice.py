"""A key that takes one of a few words: the same for ``processo.yaml`` and ``config.yaml``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Choice:
    """``Choice({"auto": "escolhe pelo tipo de disco", …})``: each word with what it means; empty where the word says it."""

    words: Mapping[str, str]
