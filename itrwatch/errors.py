"""Exit codes and the errors of the administrator, each with its remedy.

The fiscal's faults (sidecar, scans) are values, `core.findings`; these are exceptions that
end a command.
"""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """Exit codes of every command; 64, 75 and 78 are those of sysexits.h."""

    OK = 0
    PENDING = 1
    USAGE = 64
    TEMPORARY = 75
    CONFIG = 78


class ItrwatchError(Exception):
    """Ends a command: ``message`` says what is wrong, ``remedy`` what to do, both in Portuguese."""

    exit_code = Exit.TEMPORARY

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message}\n  {self.remedy}" if self.remedy else self.message


class ConfigError(ItrwatchError):
    """The configuration cannot be used."""

    exit_code = Exit.CONFIG


class UsageError(ItrwatchError):
    """The command line cannot be understood."""

    exit_code = Exit.USAGE


class BusyError(ItrwatchError):
    """Another itrwatch works on this outbox."""
