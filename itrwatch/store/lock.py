"""One itrwatch at a time for an outbox: a lock for this machine, a lease for other machines (F34).

    with Lock(work, rights): …    # `BusyError` if another itrwatch holds the outbox

``flock`` is reliable on a local disk: the kernel releases it when the process dies. Over NFS and SMB it may be invisible to other
machines, unsupported, or kept by the server for a client that lost its power. So the holder also writes a lease, a small
file beside the lock with a counter that it raises every `RENEW_SECONDS`. A process that finds the lease of another machine
watches the counter for `EXPIRY_SECONDS`; clocks of different machines are not compared. A lease of this machine from before
its last boot, or of a process that has ended, is ignored.

The lock file also identifies the outbox: a root whose lock file is not the one we hold locked is a bare mount point or
another disk (F24).
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import json
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from io import FileIO
from pathlib import Path
from types import TracebackType
from typing import Self

from loguru import logger

from itrwatch.errors import BusyError
from itrwatch.store.atomic import Rights, replace_file
from itrwatch.store.mounts import foreign
from itrwatch.store.reserve import FULL

RENEW_SECONDS = 10.0  # interval of renewals of the lease; chosen
EXPIRY_SECONDS = 35.0  # chosen: three renewals may be late on a slow share; a start after a power cut waits this long
POLL_SECONDS = 0.5  # interval of reads of the lease of another machine; chosen
_LEASE_BYTES = 512  # physical: one sector; the constant size permits overwriting in place
_REFUSED = (errno.EAGAIN, errno.EACCES)


@dataclass(frozen=True, slots=True)
class Holder:
    """The holder of a lease: machine, boot id, process, start of the process, and the counter."""

    host: str
    machine: str
    boot: str
    pid: int
    started: str
    beat: int = 0

    @classmethod
    def this(cls) -> Holder:
        """The present process."""
        boot, machine = _text("/proc/sys/kernel/random/boot_id"), _text("/etc/machine-id")
        return cls(socket.gethostname(), machine, boot, os.getpid(), _start_of(os.getpid()))

    @property
    def gone(self) -> bool | None:
        """Whether the holder has certainly ended; None if it is on another machine, whose lease must be watched."""
        ours = Holder.this()
        if (self.host, self.machine) != (ours.host, ours.machine):
            return None
        # Process numbers are reused: the same number with another start time is another process.
        return self.boot != ours.boot or self.pid == ours.pid or _start_of(self.pid) != self.started

    def same_process(self, other: Holder) -> bool:
        """Whether both are the same process."""
        return replace(self, beat=0) == replace(other, beat=0)


class AwayError(OSError):
    """The path of the outbox leads to another folder: a bare mount point, another disk."""

    def __init__(self) -> None:
        super().__init__(errno.ENODEV, "não é a pasta de antes (o compartilhamento está montado?)")


class Lock:
    """The lock of an outbox, held by this process until `close`; a context manager."""

    def __init__(self, work: Path, rights: Rights, pause: Callable[[float], object] = time.sleep) -> None:
        """Acquire it; ``work``: the outbox's private folder; ``pause`` waits (s) and may raise to end the wait.

        `BusyError` if another itrwatch holds it, `OSError` if the folder cannot be used.
        """
        self._work, self._rights = work, rights
        self.lost = ""
        """Why the lock was lost without `close`, or empty."""
        flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
        self._signed = b""
        # Never replaced or deleted: a process with the old inode open would not see our lock.
        self._file = FileIO(os.open(work / "lock", flags, 0o666 & ~rights.umask), "r+")
        try:
            self._claim(pause)
            for temporary in work.glob(".lease.*.tmp"):  # left by a holder that was killed during a renewal
                temporary.unlink(missing_ok=True)
            self._me = Holder.this()
            self._sign()
        except BaseException:
            self._file.close()
            raise
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._renew, name="trava", daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, wrong: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    @property
    def home(self) -> bool:
        """Whether the outbox is still the one that was locked; `OSError` if it is inaccessible."""
        there, held = (self._work / "lock").stat(), os.fstat(self._file.fileno())
        return (there.st_dev, there.st_ino) == (held.st_dev, held.st_ino)

    @property
    def closed(self) -> bool:
        """Whether the lock was released."""
        return self._file.closed

    def close(self) -> None:
        """Release the lock; may be called again."""
        self._done.set()
        if self._file.closed:
            return
        self._thread.join(1)  # it may hang on a dead share
        with contextlib.suppress(OSError):
            if self.home and not self.lost:
                self._lease.unlink(missing_ok=True)
        self._file.close()

    @property
    def _lease(self) -> Path:
        return self._work / "lease"

    def _claim(self, pause: Callable[[float], object]) -> None:
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as wrong:
            remote = foreign(self._work)
            if wrong.errno in _REFUSED and not remote:
                raise _busy(_read(self._lease)) from wrong
            logger.warning("a trava da saída não foi obtida ({}, em {}); vale a reserva", wrong.strerror, remote)
        holder = _read(self._lease)
        if holder is None or holder.gone:
            return
        if holder.gone is False:
            raise _busy(holder)
        logger.info("a saída está reservada por {}; observando se a reserva ainda é renovada", holder.host)
        if any(later != holder for later in self._watched(pause)):
            raise _busy(holder)
        logger.warning("a reserva de {} (processo {}) não é mais renovada; foi descartada", holder.host, holder.pid)

    def _watched(self, pause: Callable[[float], object]) -> Iterator[Holder | None]:
        end = time.monotonic() + EXPIRY_SECONDS
        while time.monotonic() < end:
            pause(POLL_SECONDS)
            later = _read(self._lease)
            if later is None:  # released properly
                return
            yield later

    def _renew(self) -> None:
        while not self._done.wait(RENEW_SECONDS):
            try:
                holder = None if self._unchanged() else _read(self._lease)
                if holder is not None and not holder.same_process(self._me):
                    self.lost = f"outro itrwatch ({holder.host}, processo {holder.pid}) assumiu a pasta de saída"
                    return
                if self.home:
                    self._sign()
            except Exception as wrong:  # noqa: BLE001 - usually the share is away, which the next scan reports
                logger.debug("a reserva não pôde ser renovada: {!r}", wrong)

    def _unchanged(self) -> bool:
        """Whether the lease has the bytes that this process wrote: no need to decode it, every ten seconds."""
        with contextlib.suppress(FileNotFoundError):
            return self._lease.read_bytes() == self._signed
        return False

    def _sign(self) -> None:
        self._me = replace(self._me, beat=self._me.beat + 1)
        # Padded with blanks, which JSON allows, to a constant size.
        self._signed = json.dumps(asdict(self._me)).ljust(_LEASE_BYTES).encode()
        try:
            replace_file(self._lease, self._signed, 0o666 & ~self._rights.umask)
        except OSError as wrong:
            if wrong.errno not in FULL:
                raise
            self._overwrite()

    def _overwrite(self) -> None:
        """Write in place, which needs no free space: the lease must be renewed on a full disk as well."""
        descriptor = os.open(self._lease, os.O_WRONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        try:
            os.pwrite(descriptor, self._signed, 0)
        finally:
            os.close(descriptor)


def _read(lease: Path) -> Holder | None:
    try:
        return Holder(**json.loads(lease.read_bytes()))
    except (FileNotFoundError, ValueError, TypeError):
        return None


def _start_of(pid: int) -> str:
    """The start time of a process, in ticks since boot; it distinguishes successive processes with the same number.

    Empty if the process has ended, also for a zombie (in a container without an init nothing reaps it).
    """
    fields = _text(f"/proc/{pid}/stat").rpartition(")")[2].split()  # the name in parentheses may contain any character
    return fields[19] if len(fields) > 19 and fields[0] not in "ZX" else ""


def holder_of(work: Path) -> int | None:
    """The process of this machine that holds the outbox of ``work``, read without locking; None if there is none.

    Source: the lease, or if that names no running process of this machine, the kernel's list of locks. The list alone does not suffice: on overlayfs and btrfs
    it has another device number than `stat`. `OSError` if the folder is inaccessible.
    """
    status = (work / "lock").stat()
    holder = _read(work / "lease")
    if holder is not None and holder.gone is False:
        return holder.pid
    # The notation of /proc/locks: device in hexadecimal, inode in decimal; “->” marks a waiting process.
    mine = f"{os.major(status.st_dev):02x}:{os.minor(status.st_dev):02x}:{status.st_ino}"
    for line in Path("/proc/locks").read_text().splitlines():
        fields = line.split()
        if mine in fields and "->" not in fields:
            return int(fields[fields.index(mine) - 1])
    return None


def elsewhere(work: Path) -> str:
    """The other machine that holds the outbox, according to its lease, or empty. `OSError`.

    A lease that was not renewed recently is taken for that of a stopped machine. Clocks are compared, because this call
    cannot wait for the counter.
    """
    lease = work / "lease"
    holder = _read(lease)
    if holder is None or holder.gone is not None:
        return ""
    return holder.host if time.time() - lease.stat().st_mtime < 2 * EXPIRY_SECONDS else ""


def _text(path: str) -> str:
    try:
        return Path(path).read_text("ascii", "replace").strip()
    except OSError:
        return ""


def _busy(holder: Holder | None) -> BusyError:
    who = f" (processo {holder.pid}, em {holder.host})" if holder else ""
    return BusyError(
        f"outro itrwatch{who} já cuida desta pasta de saída",
        "espere que ele termine, ou pare-o com “systemctl stop itrwatch” ou “itrwatch stop” no computador dele.",
    )
