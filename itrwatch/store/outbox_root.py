"""The root of the outbox: existence, lock, free space.

    outbox = OutboxRoot(Path("/srv/itr/saida"), umask=0o027, group="itr")
    with outbox.lock():      # BusyError while another itrwatch holds it
        outbox.check()       # OSError if the share is gone, or another itrwatch has taken it

The private files of itrwatch are in ``.itrwatch/`` below the root, on the same file system.

Rights: every file is created with the configured umask, whatever the umask of the process; the group is set if the
file system has groups (F45).
"""

from __future__ import annotations

import errno
import grp
import os
import shutil
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from itrwatch.errors import ConfigError, ItrwatchError, reason
from itrwatch.store.atomic import Rights
from itrwatch.store.lock import AwayError, Lock
from itrwatch.store.mounts import unmounted
from itrwatch.store.reserve import FULL, Reserve

WORK = ".itrwatch"
PREPARED = "preparo"


@dataclass(frozen=True, slots=True)
class FreeSpace:
    """Free space of the file system: ``free`` bytes, ``files``: inodes; ``read_only``: whether it is mounted read-only."""

    free: int
    files: int = sys.maxsize
    read_only: bool = False


class OutboxRoot:
    """The folder ``root``; only one process at a time holds its `lock`."""

    def __init__(self, root: Path, umask: int = 0o027, group: str | None = None) -> None:
        """Touches nothing yet; `ConfigError` for a group that this machine does not know."""
        self.root = root
        self._work = root / WORK
        self._rights = Rights(umask, _gid(group))
        self._lock: Lock | None = None
        self._reserve = Reserve(self._work, self._rights)

    def lock(self, *, first: bool = True, pause: Callable[[float], object] = time.sleep) -> Lock:
        """Lock the outbox for this process until the returned lock is closed.

        A folder without our private folder is accepted only if ``first`` is set and all configured mounts are mounted: a bare
        mount point is not an outbox (F24). ``pause`` waits (s) while the lease of another machine is watched, and may raise.
        Raises `BusyError` if another itrwatch holds it, `ItrwatchError` if it cannot be used.
        """
        try:
            lock = self._taken(first=first, pause=pause)
            try:
                self._clean()
            except OSError:
                lock.close()  # its thread would hold it, and the next attempt of this process would find it busy
                raise
        except OSError as wrong:
            raise ItrwatchError(
                f"não é possível usar a pasta de saída: “{self.root}” {reason(wrong)}",
                "Confira se a pasta existe, se o compartilhamento está montado e se o itrwatch pode escrever nela.",
            ) from wrong
        self._reserve = Reserve(self._work, self._rights)  # the outbox may be on another disk now
        self._lock = lock
        return lock

    def _clean(self) -> None:
        """Delete incomplete files of a killed process; directly after locking, all such files are left over."""
        for path in self._work.glob("*.tmp"):
            if not path.name.startswith(".lease."):
                path.unlink(missing_ok=True)
        shutil.rmtree(self._work / PREPARED, ignore_errors=True)

    def _taken(self, *, first: bool, pause: Callable[[float], object]) -> Lock:
        if not (self._work / "lock").exists():
            self._adopt(first=first)
        try:
            return Lock(self._work, self._rights, pause)
        except OSError as wrong:
            # The lease needs a file; on a full disk, release the reserve to make room.
            if wrong.errno not in FULL or not self._reserve.give_up():
                raise
            return Lock(self._work, self._rights, pause)

    def _adopt(self, *, first: bool) -> None:
        self.root.stat()
        missing = unmounted(self.root)
        if missing:
            raise OSError(errno.ENODEV, f"o compartilhamento de “{missing}” não está montado")
        if not first and not self._work.is_dir():
            raise OSError(errno.ENODEV, "não é a pasta de antes: falta a marca do itrwatch (.itrwatch)")
        self._rights.make_folder(self._work)

    def unlock(self) -> None:
        """Release the outbox, if it was locked."""
        if self._lock is not None:
            self._lock.close()

    @property
    def private(self) -> Path:
        """The private folder in the outbox, for files that must be on its file system."""
        return self._work

    @property
    def robbed(self) -> bool:
        """Whether another itrwatch holds the outbox that this process had locked."""
        return self._lock is not None and not self._lock.closed and bool(self._lock.lost)

    @property
    def locked(self) -> bool:
        """Whether this process has locked the outbox."""
        return self._lock is not None and not self._lock.closed

    def check(self) -> None:
        """Raise `OSError` if the outbox is missing or is not the one that was locked; without a lock it only must exist."""
        self.root.stat()
        if self._lock is None or self._lock.closed:
            return
        if self._lock.lost:
            raise OSError(errno.EBUSY, self._lock.lost)
        if not self._lock.home:
            raise AwayError

    def space(self) -> FreeSpace:
        """The free space for this process, and whether the file system is read-only; `OSError`."""
        facts = os.statvfs(self.root)
        files = facts.f_favail if facts.f_files else sys.maxsize  # btrfs and shares report no inodes
        return FreeSpace(facts.f_bavail * facts.f_frsize, files, bool(facts.f_flag & os.ST_RDONLY))

    def lay_in_reserve(self, free_bytes: int) -> None:
        """Reserve space for the case of a full disk, unless it is full already; see `Reserve`."""
        if self.locked:
            self._reserve.lay_in(free_bytes)

    def _enter(self) -> None:
        """Ensure the private folder: create it if the outbox is not locked, check it if this process has locked it. `OSError`."""
        if self._lock is None:
            self._rights.make_folder(self._work)
        elif self._lock.closed:
            raise AwayError
        else:
            self.check()


def _gid(group: str | None) -> int | None:
    try:
        return None if group is None else grp.getgrnam(group).gr_gid
    except KeyError:
        raise ConfigError(f"o grupo “{group}” não existe", "Crie o grupo ou corrija “group” na configuração.") from None
