"""The result of an examination: one line for each point examined, with a remedy if needed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Verdict(Enum):
    """The state of a point; the values are shown to the administrator."""

    GOOD = "ok"
    ATTENTION = "atenção"
    BAD = "erro"


@dataclass(frozen=True, slots=True)
class CheckLine:
    """``topic``: the point examined; ``remedy``: what to do, empty if all is good."""

    verdict: Verdict
    topic: str
    text: str
    remedy: str = ""


def good(topic: str, text: str) -> CheckLine:
    """No fault."""
    return CheckLine(Verdict.GOOD, topic, text)


def attention(topic: str, text: str, remedy: str) -> CheckLine:
    """Works, but the administrator should know."""
    return CheckLine(Verdict.ATTENTION, topic, text, remedy)


def bad(topic: str, text: str, remedy: str) -> CheckLine:
    """The service does not work, or not as promised."""
    return CheckLine(Verdict.BAD, topic, text, remedy)
