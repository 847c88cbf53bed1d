"""Signals as flags, however thick they come."""

import subprocess
import sys

STORM = """
import os, signal, subprocess, sys, threading
from itrwatch.daemon.signals import Signals

sender = "import os, sys; [os.kill(int(sys.argv[1]), int(sys.argv[2])) for _ in range(20000)]"
with Signals() as signals:
    senders = [
        subprocess.Popen([sys.executable, "-c", sender, str(os.getpid()), str(int(number))])
        for number in (signal.SIGHUP, signal.SIGUSR1)
    ]
    seen = 0
    while any(one.poll() is None for one in senders):
        if signals.reload.is_set() and signals.look.is_set():
            seen += 1
    os.kill(os.getpid(), signal.SIGHUP)
    assert signals.reload.is_set() and signals.look.is_set() and seen
    assert not signals.stop.is_set()
print("bem")
"""


def test_a_signal_in_the_middle_of_a_handler_does_not_wait_for_itself():
    done = subprocess.run([sys.executable, "-c", STORM], capture_output=True, text=True, timeout=120, check=False)
    assert done.stdout == "bem\n", done.stderr
