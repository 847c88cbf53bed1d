"""Limits of a page worker, set in the kernel before it opens its first file.

    confine(); allow_cpu(60)    # in a worker, before its first file

A hostile file can make a decoder loop, allocate all memory, write without end, or execute its code. The parent ends a
worker that exceeds its wall time (`pool`); all other limits are set here. They are not configurable: each is far above the
need of the largest accepted sheet.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import signal
import time

CPU_SECONDS = 60.0
"""Processor time for a page. Chosen: three times what the largest sheets take (A0 at 300 dpi, colour: 11 to 19)."""
READ_CPU_SECONDS = 15.0
"""Processor time for decoding a page. Chosen: 0.1 is usual, twice what an A0 sheet in JPEG 2000 takes (7)."""
MEMORY_BYTES = 4 << 30
"""Address space. Chosen: an A0 sheet at 300 dpi in colour takes 1.9 GB, as JPEG 2000 2.7 GB."""
FILE_BYTES = 1 << 30
"""The largest file written. Chosen: above any `max_file_bytes`; a coded sheet rarely has 2 MB."""
OPEN_FILES = 128
"""Open files. Chosen: a worker has about ten (pipe, scan, sheet, libraries)."""
NICENESS = 5
"""Nice value. Chosen: below the other services of the office's server."""
OOM_SCORE = 500
"""Out of memory, the kernel kills the worker before the service (0 to 1000; the service has 0). Chosen."""

_confined = False
_PR_SET_PDEATHSIG = 1
_PR_SET_DUMPABLE = 4
_PR_SET_NO_NEW_PRIVS = 38


def keep_secret() -> None:
    """Disable core dumps of this process, and reading of its memory by other processes of the same user.

    Both are needed: the limit is ignored where dumps go to a program (`core_pattern` with a
    pipe), and “not dumpable” is forgotten by exec.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _prctl(_PR_SET_DUMPABLE, 0)


def end_with_parent(parent: int) -> None:
    """Make the kernel end this process when its parent process ``parent`` ends, even during a page."""
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)  # the parent ended before the call


def confine() -> None:
    """Limit this process permanently; child processes inherit most limits."""
    global _confined  # noqa: PLW0603 it is the process that has changed
    _confined = True
    os.nice(NICENESS)
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w", encoding="ascii") as score:
        score.write(str(OOM_SCORE))  # before `keep_secret`, after which the file belongs to root
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)
    keep_secret()
    for limit, most in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_FSIZE, FILE_BYTES),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
    ):
        _, allowed = resource.getrlimit(limit)
        # A limit may be lowered but not raised: an administrator's lower one stays.
        wanted = most if allowed == resource.RLIM_INFINITY else min(most, allowed)
        resource.setrlimit(limit, (wanted, wanted))


def allow_cpu(seconds: float) -> None:
    """End this process (SIGXCPU) after another ``seconds`` of processor time; a later call starts a new count.

    Processor time, not wall time, so that a slow share or a busy machine does not count against a page. No effect outside
    a worker.
    """
    if not _confined:
        return
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    # The kernel counts from the start of the process and in whole seconds; the hard limit stays, so that a later call
    # can raise it again.
    resource.setrlimit(resource.RLIMIT_CPU, (int(time.process_time() + seconds) + 1, hard))


def _prctl(option: int, value: int) -> None:
    ctypes.CDLL(None, use_errno=True).prctl(option, value, 0, 0, 0)
