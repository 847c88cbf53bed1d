"""Coverage of the page workers, which end by SIGKILL and never get to save what they counted.

Python imports this by its name as it starts; `tests/conftest.py` puts its folder first for a run with ``--cov`` only.
The fork server is a program of its own, and the services that the tests start have theirs: this gets into all of them.
"""

import contextlib
import os
import sys
import time

FIRST_ANSWERS = 30


def measure_worker():
    """In the process that was forked: if it is a worker, its pipe saves what was counted before it answers."""
    if (fork_server := sys.modules.get("itrwatch.workers.fork_server")) is None:
        return
    import coverage  # noqa: PLC0415 loaded already, or there is nothing to save

    class Saving(fork_server.Connection):
        """Saves before each of the first answers, later once a second."""

        answers, saved = 0, 0.0

        def send(self, answer):
            self.answers += 1
            due = self.answers <= FIRST_ANSWERS or time.monotonic() - self.saved > 1
            if due and (measuring := coverage.Coverage.current()):
                self.saved = time.monotonic()
                with contextlib.suppress(Exception):  # a worker at its limits has no file left; it answers all the same
                    measuring.save()
            super().send(answer)

    fork_server.Connection = Saving


os.register_at_fork(after_in_child=measure_worker)
