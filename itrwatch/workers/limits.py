"""What a page worker may take of the machine, and what no process of ours may leave behind.

A decoder that meets a hostile file can loop, ask for all memory, write without end, or be taken
over. The parent ends what takes too long by the clock (`workers`); everything else is the
kernel's to hold, set here before the worker sees its first file. There is no setting for any of
it: the limits are far above what the largest sheet that is accepted needs (see each), and an
office that met one would need another computer, not another number.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import signal
import time

CPU_SECONDS = 60.0
"""Of processor time for a page; the largest sheets (A0 at 300 dpi, colour) were measured at 11 to 19."""
READ_CPU_SECONDS = 15.0
"""For decoding a page: 0.1 s is usual, an A0 sheet in JPEG 2000 was measured at 7."""
MEMORY_BYTES = 4 << 30
"""Address space. An A0 sheet at 300 dpi in colour was measured at 1.9 GB, as JPEG 2000 at 2.7 GB."""
FILE_BYTES = 1 << 30
"""The largest file written: a part, over whose `max_file_bytes` this lies. A coded sheet of 2 MB is much."""
OPEN_FILES = 128
"""A worker has about ten: its pipe, the scan, the sheet, libraries while they load."""
NICENESS = 5
"""Behind whatever else the office's server does, before what is idle."""
OOM_SCORE = 500
"""When memory ends, the kernel takes the page's process (of 0 to 1000, the service itself stays at 0)."""

_confined = False
_PR_SET_PDEATHSIG = 1
_PR_SET_DUMPABLE = 4
_PR_SET_NO_NEW_PRIVS = 38


def keep_secret() -> None:
    """No core dump of this process, and no look into its memory by others of the same user.

    Both are needed: the limit is ignored where dumps go to a program (`core_pattern` with a
    pipe), and “not dumpable” is forgotten by exec.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _prctl(_PR_SET_DUMPABLE, 0)


def end_with_parent(parent: int) -> None:
    """Die when the process ``parent``, which forked this one, does: also in the middle of a page."""
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)  # it was faster


def confine() -> None:
    """Limit this process for good; what it starts inherits most of it."""
    global _confined  # noqa: PLW0603 it is the process that has changed
    _confined = True
    os.nice(NICENESS)
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w", encoding="ascii") as score:
        score.write(str(OOM_SCORE))  # before it belongs to root, which `keep_secret` makes it do
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)
    keep_secret()
    for limit, most in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_FSIZE, FILE_BYTES),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
    ):
        _, allowed = resource.getrlimit(limit)
        wanted = most if allowed == resource.RLIM_INFINITY else min(most, allowed)
        resource.setrlimit(limit, (wanted, wanted))


def allow_cpu(seconds: float) -> None:
    """End this process (SIGXCPU) when it has used ``seconds`` more of processor time; a later call counts anew.

    Processor time, not the clock: a slow share or a busy machine costs a good page nothing. Only a
    worker is ended so: whoever calls the work of a page without a pool has no limit to fear.
    """
    if not _confined:
        return
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(time.process_time() + seconds) + 1, hard))


def _prctl(option: int, value: int) -> None:
    ctypes.CDLL(None, use_errno=True).prctl(option, value, 0, 0, 0)
