"""Atomic exchange of two folders and replacement of files; files written with their final rights and flushed to disk.

    exchange(Path("saida/a"), Path("saida/.itrwatch/x/new")) -> True; False if the file system does not support it
    replace_file(Path("/var/lib/itr/itrwatch.prom"), b"itrwatch_up 1", 0o644): a reader sees the old file or the new one

Linux exchanges two names atomically (renameat2 with RENAME_EXCHANGE) on ext4, xfs, btrfs and
tmpfs; NFS, CIFS, FAT and FUSE report that they cannot. The standard library has no wrapper, and one
ctypes call is simpler than a dependency.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2
_CANNOT = {errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOTSUP}
# Errors of chmod, chown or fsync on shares that do not support them (F45).
_NOT_OFFERED = {errno.EPERM, errno.EACCES, errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP, errno.EBADF}


def exchange(one: Path, other: Path) -> bool:
    """Exchange two names atomically; False if the file system does not support it, `OSError` on failure."""
    try:
        renameat2 = ctypes.CDLL(None, use_errno=True).renameat2
    except AttributeError:  # a C library without it (musl)
        return False
    # fsencode keeps the bytes of names that are not UTF-8 (F27).
    names = ctypes.c_char_p(os.fsencode(one)), ctypes.c_char_p(os.fsencode(other))
    if renameat2(_AT_FDCWD, names[0], _AT_FDCWD, names[1], _RENAME_EXCHANGE) == 0:
        return True
    number = ctypes.get_errno()
    if number in _CANNOT:
        return False
    raise OSError(number, os.strerror(number), os.fspath(other))


@dataclass(frozen=True, slots=True)
class Rights:
    """The rights of published files: ``umask`` (0o027) and a group number, None for the process's group."""

    umask: int
    gid: int | None = None

    def make_folder(self, folder: Path) -> None:
        """Make a folder unless it exists; `OSError` on failure."""
        try:
            # The umask of the process may remove more rights; `_share` sets the final ones.
            folder.mkdir(mode=0o777 & ~self.umask)
        except FileExistsError:
            return
        with _opened(folder) as descriptor:
            self._share(descriptor, 0o777)

    def write(self, path: Path, data: bytes) -> None:
        """Write and flush a file; it never has more rights than the umask permits."""
        # O_NOFOLLOW: a link planted in the outbox must not lead the write elsewhere.
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC
        with os.fdopen(os.open(path, flags, 0o666 & ~self.umask), "wb") as stream:
            self._share(stream.fileno(), 0o666)
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())

    def settle_tree(self, folder: Path) -> None:
        """Set the final rights of a tree and flush it, leaves first; `OSError` (ENOSPC, EIO …) from the disk."""
        # Leaves first: a folder is flushed after its contents.
        for place, _, files in os.walk(folder, topdown=False):
            for name in files:
                self._settle(Path(place, name), 0o666)
            self._settle(Path(place), 0o777)

    def _settle(self, path: Path, mode: int) -> None:
        with _opened(path) as descriptor:
            self._share(descriptor, mode)
            if mode == 0o666:
                os.fsync(descriptor)
            else:
                _sync_folder(descriptor)

    def _share(self, descriptor: int, mode: int) -> None:
        status, wanted = os.fstat(descriptor), mode & ~self.umask
        with _where_offered():
            if self.gid is not None and self.gid != status.st_gid:
                os.fchown(descriptor, -1, self.gid)
        if stat.S_IMODE(status.st_mode) & 0o777 == wanted:
            return
        with _where_offered():
            os.fchmod(descriptor, wanted)
            # Keep the set-group-ID bit of the folder; last, because systemd's RestrictSUIDSGID refuses to set it.
            os.fchmod(descriptor, wanted | status.st_mode & stat.S_ISGID)


def replace_file(target: Path, data: bytes, mode: int) -> None:
    """Write ``data`` beside ``target`` and rename it over the old file; on `OSError` the old file is unchanged.

    ``mode``: the final rights, whatever the umask. Not flushed, for files that are written anew or ignored after a power
    cut; what must survive one is written by `Rights.write` and renamed.
    """
    temporary = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC
    try:
        with os.fdopen(os.open(temporary, flags, mode), "wb") as stream:
            with _where_offered():
                os.fchmod(stream.fileno(), mode)
            stream.write(data)
        temporary.replace(target)
    except OSError:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise


def sync_folder(folder: Path) -> None:
    """Flush the names in a folder if the file system supports it; `OSError` from the disk."""
    with _opened(folder) as descriptor:
        _sync_folder(descriptor)


def _sync_folder(descriptor: int) -> None:
    with _where_offered():
        os.fsync(descriptor)


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[int]:
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def _where_offered() -> Iterator[None]:
    try:
        yield
    except OSError as refusal:
        if refusal.errno not in _NOT_OFFERED:
            raise
