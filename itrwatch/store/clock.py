"""Wall-clock time in the office's time zone. Rules take the time as an argument; only callers with I/O use this module."""

from __future__ import annotations

from datetime import datetime


def local_time() -> datetime:
    """The current time with the office's time zone."""
    return datetime.now().astimezone()


def local(seconds: float) -> datetime:
    """A file's time (seconds since 1970, from `os.stat`) in the office's time zone."""
    return datetime.fromtimestamp(seconds).astimezone()
