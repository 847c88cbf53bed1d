"""A process interrupted before its n-th file operation, whatever the operation is, without a line in the code that is tested.

interrupted(lambda: outbox.publish(…), 7, by=kill) -> -9; 4 if there are fewer than seven operations
"""

import errno
import os
import signal
import sys
import traceback
from collections.abc import Callable

STEPS = {"open", "os.rename", "os.mkdir", "os.rmdir", "os.remove", "os.chmod", "os.scandir", "os.listdir"}
"""The audit events of the file operations that are counted, in whichever thread they occur."""


def interrupted(work: Callable[[], object], step: int, *, by: Callable[[], None]) -> int:
    """Do ``work`` in a fork and interrupt it before operation ``step``.

    The exit code: 0 it went on to the end, 4 it had fewer operations, 5 it ended with an `OSError`, 6 with another exception.
    """
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    count = 0

    def hook(event: str, _arguments: tuple[object, ...]) -> None:
        nonlocal count
        count += event in STEPS
        if event in STEPS and count == step:
            by()

    try:
        sys.addaudithook(hook)
        work()
    except OSError:
        os._exit(5)
    except BaseException:  # noqa: BLE001 - a forked copy of pytest must not go on
        traceback.print_exc()
        os._exit(6)
    os._exit(0 if count >= step else 4)


def kill() -> None:
    """As a power cut or the administrator's SIGKILL."""
    os.kill(os.getpid(), signal.SIGKILL)


def fail() -> None:
    """As a disk that does not answer."""
    raise OSError(errno.EIO, "injected")
