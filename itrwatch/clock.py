"""The clock of the wall, in the office's time zone. Rules take the time as an argument; only the shell asks here."""

from __future__ import annotations

from datetime import datetime


def local_time() -> datetime:
    """Now, with the office's time zone."""
    return datetime.now().astimezone()


def local(seconds: float) -> datetime:
    """A file's time (seconds since 1970, as `os.stat` gives it) in the office's time zone."""
    return datetime.fromtimestamp(seconds).astimezone()
