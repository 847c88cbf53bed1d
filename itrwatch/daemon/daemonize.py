"""Runs in the background on hosts without systemd: python-daemon detaches, a locked PID file identifies the service.

The PID file is our own: with python-daemon's helper the service does not start again after a power cut (R20). It
is locked with a POSIX record lock while the service lives, for three reasons. A lock ends with its process, so
a file left by a power cut blocks nothing. The kernel names the process that holds the lock, so the number in
the file (for people and scripts) is not used, and no other process is ever signalled. The serving process takes
the lock after detaching, because child processes do not inherit record locks.

By default python-daemon closes descriptors, loses threads and sets the umask to 0 (R17–R19): therefore the log, the
lock, the watcher and the pool are created inside its context, and the umask is passed on. It does not pass the
three standard streams to child processes.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import select
import signal
import struct
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from daemon import DaemonContext

from itrwatch.daemon.systemd import Notifier
from itrwatch.errors import BusyError, Exit, ItrwatchError, UsageError

START_SECONDS = 120  # chosen, as TimeoutStartSec in the unit: ten thousand folders on a slow share are listed first
_FLOCK = struct.Struct("hhqqi4x")  # struct flock on 64-bit Linux: type, whence, start, length, pid


@dataclass(slots=True)
class PidFile:
    """The file at ``path``, a context manager: locked while it lasts, removed at its end."""

    path: Path
    _descriptor: int = field(default=-1, init=False)

    def __enter__(self) -> Self:
        """Lock the file; `BusyError` if another process holds it, `ItrwatchError` if it cannot be created."""
        try:
            self.path.parent.mkdir(mode=0o755, exist_ok=True)
            self._descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o644)
        except OSError as wrong:
            raise ItrwatchError(
                f"não consegui criar {self.path}: {wrong.strerror}",
                f"crie a pasta e dê-a ao usuário do itrwatch (install -d -o itrwatch {self.path.parent}), "
                "ou aponte outro arquivo com --pid-file",
            ) from wrong
        try:
            fcntl.lockf(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as wrong:
            os.close(self._descriptor)
            raise already(self.holder()) from wrong
        os.ftruncate(self._descriptor, 0)
        os.write(self._descriptor, f"{os.getpid()}\n".encode())
        return self

    def __exit__(self, *_: object) -> None:
        self.path.unlink(missing_ok=True)  # while still locked, so that a successor's file is not removed
        os.close(self._descriptor)

    def holder(self) -> int | None:
        """The process that holds the lock, from the kernel; None if it is free; `ItrwatchError` if the file cannot be opened."""
        try:
            descriptor = os.open(self.path, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as wrong:
            raise ItrwatchError(
                f"sem acesso a {self.path}: {wrong.strerror}", "use o mesmo usuário que iniciou o itrwatch"
            ) from wrong
        try:
            asked = _FLOCK.pack(fcntl.F_WRLCK, os.SEEK_SET, 0, 0, 0)
            kind, *_, pid = _FLOCK.unpack(fcntl.fcntl(descriptor, fcntl.F_GETLK, asked))
        finally:
            os.close(descriptor)
        return None if kind == fcntl.F_UNLCK else pid


def already(pid: int | None) -> BusyError:
    """The error if the service runs already."""
    return BusyError(f"o itrwatch já está em execução (processo {pid})", "pare-o antes com “itrwatch stop”")


def refuse_under_systemd(environment: Mapping[str, str] = os.environ) -> None:
    """`UsageError` in a process that systemd started: systemd would lose track of a service that detaches."""
    if environment.get("INVOCATION_ID") or environment.get("NOTIFY_SOCKET"):
        raise UsageError(
            "aqui quem cuida do serviço é o systemd; “start” e “restart” são para máquinas sem ele",
            "use “systemctl start itrwatch”, ou “itrwatch run” na linha ExecStart da unidade",
        )


def start(pid_file: PidFile, umask: int, serve: Callable[[Notifier], None]) -> int:
    """Run ``serve`` in a separate process and return its number after it reported READY.

    ``serve`` is called inside python-daemon's context with the notifier to report to. An exception
    before READY is raised here as an `ItrwatchError` with the same exit code.
    """
    if (pid := pid_file.holder()) is not None:
        raise already(pid)
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _become(pid_file, umask, serve, _Report(writing))
    os.close(writing)
    os.waitpid(child, 0)  # the child ends as soon as python-daemon has detached
    with contextlib.closing(os.fdopen(reading, "rb")) as report:
        if not select.select([report], [], [], START_SECONDS)[0]:
            with contextlib.suppress(ItrwatchError):
                stop(pid_file, 0)
            raise ItrwatchError(f"o itrwatch não ficou pronto em {START_SECONDS} s e foi encerrado", "veja o registro")
        word, _, rest = report.read().decode("utf-8", "replace").partition("\n")
    if word == "READY":
        return int(rest)
    message, _, remedy = rest.partition("\0")
    failed = ItrwatchError(message or "o itrwatch terminou sem dizer por quê", remedy or "veja o registro")
    failed.exit_code = Exit(int(word)) if word.isdigit() else Exit.TEMPORARY
    raise failed


def stop(pid_file: PidFile, seconds: float) -> int | None:
    """Ask the service to end and wait at most ``seconds``; returns its number, or None if none runs.

    `TimeoutError` if it still runs then; it continues to shut down. A kernel handle refers to the
    process, so the signal cannot reach another process that reuses its number.
    """
    pid = pid_file.holder()
    if pid is None:
        return None
    with _handle(pid) as handle:
        if handle is None or pid_file.holder() != pid:
            return None
        try:
            signal.pidfd_send_signal(handle, signal.SIGTERM)
        except PermissionError as wrong:
            raise ItrwatchError(
                f"o processo {pid} é de outro usuário", "use o mesmo usuário que iniciou o itrwatch"
            ) from wrong
        waiting = select.poll()
        waiting.register(handle, select.POLLIN)
        if not waiting.poll(seconds * 1000):
            raise TimeoutError
    return pid


@contextlib.contextmanager
def _handle(pid: int) -> Iterator[int | None]:
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        yield None
        return
    try:
        yield handle
    finally:
        os.close(handle)


class _Report(Notifier):
    """Reports to the waiting parent, once: READY with the process number, or the error."""

    def __init__(self, pipe: int) -> None:
        super().__init__()
        self.pipe = pipe

    def send(self, **fields: str) -> None:
        if fields.get("READY"):
            self.send_words(f"READY\n{os.getpid()}")

    def send_words(self, words: str) -> None:
        if self.pipe >= 0:
            with contextlib.suppress(BrokenPipeError):  # the process that started us has ended; serve all the same
                os.write(self.pipe, words.encode("utf-8", "replace"))
            os.close(self.pipe)
            self.pipe = -1


def _become(pid_file: PidFile, umask: int, serve: Callable[[Notifier], None], report: _Report) -> None:
    """In the child: detach, serve, end; never returns."""
    code = 0
    try:
        # python-daemon's default map raises at any instruction. Until the service installs its handler,
        # SIGTERM simply ends the process, which leaves nothing incomplete.
        quiet = {signal.SIGTSTP: None, signal.SIGTTIN: None, signal.SIGTTOU: None}
        with DaemonContext(
            umask=umask, detach_process=True, pidfile=pid_file, files_preserve=[report.pipe], signal_map=quiet
        ):
            # python-daemon opens them not inheritable; in a child, other files would get their numbers.
            for stream in (0, 1, 2):
                os.set_inheritable(stream, True)
            serve(report)
    except ItrwatchError as fault:
        report.send_words(f"{int(fault.exit_code)}\n{fault.message}\0{fault.remedy}")
        code = fault.exit_code
    except BaseException as wrong:  # noqa: BLE001 the waiting parent must get every error
        report.send_words(f"\nfalha do itrwatch ao iniciar: {wrong!r}")
        code = Exit.TEMPORARY
    finally:
        os._exit(code)
