"""What an examination says: one line for each thing looked at, with the remedy where it is not good."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Verdict(Enum):
    """How a thing stands; the values are what the administrator reads."""

    GOOD = "ok"
    ATTENTION = "atenção"
    BAD = "erro"


@dataclass(frozen=True, slots=True)
class CheckLine:
    """``topic``: what was looked at; ``remedy``: what to do, empty where all is good."""

    verdict: Verdict
    topic: str
    text: str
    remedy: str = ""


def good(topic: str, text: str) -> CheckLine:
    """All is as it should be."""
    return CheckLine(Verdict.GOOD, topic, text)


def attention(topic: str, text: str, remedy: str) -> CheckLine:
    """Works, but the administrator should know."""
    return CheckLine(Verdict.ATTENTION, topic, text, remedy)


def bad(topic: str, text: str, remedy: str) -> CheckLine:
    """The service does not work, or not as promised."""
    return CheckLine(Verdict.BAD, topic, text, remedy)
