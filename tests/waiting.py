"""Waiting for a condition, with a limit that a busy machine does not reach; no test sleeps a fixed time."""

import time
from threading import Event

LIMIT = 60.0


def until(condition, said=lambda: "", limit=LIMIT):
    """Wait until ``condition()`` is true and return what it gave; ``said()`` is shown when the limit is reached."""
    pause, deadline = Event(), time.monotonic() + limit
    while not (result := condition()):
        assert time.monotonic() < deadline, said()
        pause.wait(0.02)
    return result
