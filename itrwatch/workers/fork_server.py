"""Where page workers come from: a process that has loaded what they all need, and is forked for each of them.

To load OpenCV, the models and the readers of scans takes half a second and 130 MB; a fork takes some
milliseconds and shares what was loaded. So a case can have workers of its own, and one that is ended over
a bad page costs next to nothing. the fork server itself never sees a file, and has one thread: what is forked is whole.

Not `multiprocessing`: its fork server listens on a socket in the folder for temporary files, and its
“spawn” loads everything for each worker, the main module too.

They talk over a pair of sockets, in packets of one number. The parent sends a worker's end of a pipe, a file for the
worker's last words and 0, and is answered with the worker's process number; it sends that number to have the worker
ended, and is answered with how it ended, as `subprocess` tells it. Whoever finds the other gone is alone: the fork server
ends then, and the kernel ends its workers. A fork server that is stopped cannot find that out; so the kernel ends it, too,
with the thread that started it, which lives as long as the fork server or the process does.
"""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import socket
import struct
import subprocess
import sys
from importlib import import_module
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from threading import Event, Lock, Thread

from itrwatch.workers.limits import end_with_parent
from itrwatch.workers.worker import serve

START_SECONDS = 60.0
"""For the fork server to begin: half a second, but on a machine that is busy starting everything else."""
SURROUNDINGS = {
    "OPENBLAS_NUM_THREADS": "1",  # a thread that numpy and OpenCV start as they load would not be there after the fork
    "MALLOC_ARENA_MAX": "1",  # threads of libraries share the heap: each of its own kept 10 to 60 MB of freed pages
    "MALLOC_MMAP_THRESHOLD_": str(8 << 20),
    "MALLOC_TRIM_THRESHOLD_": str(64 << 20),
}
"""For the fork server and its workers. Left to itself, GNU's malloc soon takes pictures of 30 MB from the heap, which falls to
pieces: the peak of a worker grew with its pages, from 320 to 460 MB. So a colour page (26 MB at 300 dpi) is given back
at once, and a grey one, too; with 4 MB a page would cost 5 % more, in page faults, with 1 MB half as much again."""

_START = (
    "import sys; control, parent, *sys.path = sys.argv[1:]; from itrwatch.workers.fork_server import serve_forks; "
    "serve_forks(int(control), int(parent))"
)
_NUMBER = struct.Struct("i")


class ForkServerLostError(OSError):
    """the fork server does not answer (it was killed, or there is no room for it): to be tried again with a new one."""


class ForkServer:
    """The parent's side. It starts with the first worker; several threads may ask."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._workers: set[int] = set()

    def fork(self) -> tuple[int, Connection, int]:
        """The process number of a new worker, our end of its pipe, a file for its last words; `ForkServerLostError`."""
        ours, theirs = Pipe()
        trace = os.memfd_create("itrwatch")
        try:
            with self._lock, theirs:
                worker = self._ask(0, [theirs.fileno(), trace])
                self._workers.add(worker)
        except BaseException:
            ours.close()
            os.close(trace)
            raise
        return worker, ours, trace

    def end(self, worker: int) -> int:
        """End a worker, whatever it is doing; how it ended, if that was before: exit code, or minus its signal. `ForkServerLostError`."""
        with self._lock:
            if worker not in self._workers:
                raise ForkServerLostError("o processo desta página terminou junto com o que o criou")
            self._workers.remove(worker)
            return self._ask(worker, [])

    def close(self) -> None:
        """End it, and with it all its workers."""
        with self._lock:
            self._leave()

    def _ask(self, number: int, descriptors: list[int]) -> int:
        try:
            control = self._control or self._start()
            socket.send_fds(control, [_NUMBER.pack(number)], descriptors)
            answer: int = _NUMBER.unpack(control.recv(_NUMBER.size))[0]
        except (OSError, struct.error) as wrong:
            self._leave()
            raise ForkServerLostError(f"os processos das páginas não respondem ({wrong})") from wrong
        return answer

    def _start(self) -> socket.socket:
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._control.settimeout(START_SECONDS)
        with theirs:
            self._process = _begun(theirs.fileno())
        return self._control

    def _leave(self) -> None:
        if self._control is not None:
            self._control.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._control = self._process = None
        self._workers.clear()


def _begun(control: int) -> subprocess.Popen[bytes]:
    """The fork server's process, begun by a thread that waits for its end: the kernel ends a process with that thread."""
    begun: list[subprocess.Popen[bytes] | OSError] = []
    there = Event()

    def keep() -> None:
        try:
            # -P and our own sys.path: what lies in the current folder is no module of ours
            process = subprocess.Popen(
                [sys.executable, "-P", "-c", _START, str(control), str(os.getpid()), *sys.path],
                pass_fds=[control],
                env=os.environ | SURROUNDINGS,
                stdin=subprocess.DEVNULL,
            )
        except OSError as wrong:
            begun.append(wrong)
            there.set()
            return
        begun.append(process)
        there.set()
        process.wait()

    Thread(target=keep, name="processos", daemon=True).start()
    there.wait()
    (answer,) = begun
    if isinstance(answer, OSError):
        raise answer
    return answer


def serve_forks(control: int, parent_process: int) -> None:
    """In the fork server: load, then fork and end workers until the parent is gone."""
    end_with_parent(parent_process)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # as in the workers: the parent decides
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    with contextlib.suppress(ImportError):  # told with the first task that needs it
        import_module("itrwatch.workers.preload").warm()
    gc.freeze()  # what is here stays; a worker whose collector visited it would have a copy
    with socket.socket(fileno=control) as parent, contextlib.suppress(OSError):  # the parent is gone: so are we
        while True:
            message, descriptors, _, _ = socket.recv_fds(parent, _NUMBER.size, 2)
            if not message:
                return
            (worker,) = _NUMBER.unpack(message)
            if worker <= 0 and len(descriptors) != 2:
                return  # the descriptors were lost: never kill(0), which would end the whole process group
            parent.send(_NUMBER.pack(_end(worker) if worker > 0 else _fork(parent, *descriptors)))


def _fork(parent: socket.socket, pipe: int, trace: int) -> int:
    server = os.getpid()
    worker = os.fork()
    if worker:
        os.close(pipe)
        os.close(trace)
        return worker
    code = 1
    try:
        end_with_parent(server)
        parent.close()
        serve(Connection(pipe), trace)
        code = 0
    finally:
        os._exit(code)


def _end(worker: int) -> int:
    os.kill(worker, signal.SIGKILL)  # nothing, if it is dead already: its number is its own until it is waited for
    return os.waitstatus_to_exitcode(os.waitpid(worker, 0)[1])
