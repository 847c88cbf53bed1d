"""Opens files without following links, and only if they are the files that were listed before.

    with open_plain(Path("entrada/13153.720210-2019-34/scan.pdf")) as file: …    # `OSError` for a link, a pipe, a device

Anybody who can write in the inbox can replace a file by a link, a pipe, another file or another folder between
listing and reading. Links are not followed, neither for the file nor for its folder; a pipe does not block; a device
is not read. Within `expecting`, every opened file is compared with its identity from the listing, before it is read and
again at the end, so that a set never contains pages of two folders.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO

from itrwatch.scans.values import MAX_FILE_BYTES


@dataclass(frozen=True, slots=True)
class Identity:
    """The identity and state of a file: size in bytes, times in ns, number of hard links.

    ``device`` and ``inode`` are 0 if the mount changes them between calls (failures F22); then they are not compared.
    """

    device: int
    inode: int
    size: int
    mtime_ns: int
    ctime_ns: int
    links: int = 1

    def matches(self, status: os.stat_result) -> bool:
        """Whether ``status`` belongs to this file, unchanged."""
        same_file = not self.inode or (self.device, self.inode) == (status.st_dev, status.st_ino)
        state = (status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_nlink)
        return same_file and state == (self.size, self.mtime_ns, self.ctime_ns, self.links)


Expected = Mapping[Path, Identity]
"""The files that may be read, by path."""


class ReplacedError(Exception):
    """A file is not the one that was listed.

    It is not an `OSError`, which would mean a file that cannot be read at present.
    """


class _Expecting(threading.local):
    def __init__(self) -> None:
        self.files: Expected | None = None
        self.opened: set[Path] = set()


_expecting = _Expecting()


@contextlib.contextmanager
def expecting(files: Expected | None) -> Iterator[None]:
    """Inside the context, this thread opens ``files`` only with their listed identity; `ReplacedError` on opening, or at the end.

    ``files`` None: no check. A path that is not in ``files`` is opened without a check.
    """
    before = _expecting.files, _expecting.opened
    _expecting.files, _expecting.opened = files, set()
    try:
        yield
        for path in _expecting.opened:
            _compare(path, _status(path))
    finally:
        _expecting.files, _expecting.opened = before


def open_plain(path: Path) -> BinaryIO:
    """The plain file at ``path`` for reading; `OSError` (ELOOP, ENOTDIR …) for anything else, `ReplacedError`."""
    # O_NOFOLLOW applies only to the last component of a path, so open the folder first, then the file in it.
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        # O_NONBLOCK: otherwise opening a pipe waits for its writer; it has no effect on a plain file.
        descriptor = os.open(path.name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=folder)
    finally:
        os.close(folder)
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise OSError(0, "não é um arquivo comum")
        _compare(path, status)
    except BaseException:
        os.close(descriptor)
        raise
    return open(descriptor, "rb")


def contents(path: Path) -> bytes:
    """All of the plain file at ``path``; errors as `open_plain`."""
    with open_plain(path) as file:
        return file.read()


PATIENCE_NS = 600 * 10**9
"""A file unchanged for this time is no longer being copied, ns. Chosen: a share that hangs recovers within minutes."""


def at_rest(file: IO[bytes]) -> bool:
    """Whether the open ``file`` has not changed for `PATIENCE_NS`."""
    return time.time_ns() - os.fstat(file.fileno()).st_mtime_ns > PATIENCE_NS


READ_AT_A_TIME = 1 << 20  # bytes; chosen


def file_digest(path: Path, heartbeat: Callable[[], None] = lambda: None) -> bytes:
    """SHA-256 of the scan at ``path``, some fixed bytes if it is too large; ``heartbeat`` as in `hashed`. Errors as `open_plain`."""
    with open_plain(path) as stream:
        if os.fstat(stream.fileno()).st_size > MAX_FILE_BYTES:
            return b"too large to be read"  # such a file is refused by its size, whatever its content
        return hashed(stream, heartbeat)


def hashed(stream: BinaryIO, heartbeat: Callable[[], None] = lambda: None) -> bytes:
    """SHA-256 of the rest of ``stream``; ``heartbeat`` is called after every MiB and may raise to end the reading."""
    digest = hashlib.sha256()
    while chunk := stream.read(READ_AT_A_TIME):
        digest.update(chunk)
        heartbeat()
    return digest.digest()


def _status(path: Path) -> os.stat_result | None:
    try:
        return path.stat(follow_symlinks=False)
    except OSError:
        return None


def _compare(path: Path, status: os.stat_result | None) -> None:
    expected = _expecting.files.get(path) if _expecting.files is not None else None
    if expected is None:
        return
    if status is None or not expected.matches(status):
        raise ReplacedError(path.name)
    _expecting.opened.add(path)
