"""Files opened without following anything: what was a plain file when the folder was listed may be something else now.

Whoever can write in the inbox can put a link, a pipe or a folder in a file's place between the
look and the reading. A link is not followed, neither for the file nor for its folder; a pipe is
not waited for; a device is not read.
"""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from pathlib import Path


def open_plain(path: Path) -> BinaryIO:
    """The plain file at ``path`` for reading; `OSError` (ELOOP, ENOTDIR …) for anything else."""
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        descriptor = os.open(path.name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=folder)
    finally:
        os.close(folder)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(0, "não é um arquivo comum")
    return open(descriptor, "rb")


def contents(path: Path) -> bytes:
    """All of the plain file at ``path``; `OSError` as `open_plain`."""
    with open_plain(path) as file:
        return file.read()
