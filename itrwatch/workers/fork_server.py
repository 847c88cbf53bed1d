"""The fork server: a process that loads the libraries once and is forked for each page worker.

    server = ForkServer(); number, pipe, trace = server.fork(); …; server.end(number)

Loading OpenCV, the models and the readers of scans takes half a second and 130 MB; a fork takes a few milliseconds and shares
them. Therefore every case can have its own workers, and ending one because of a bad page costs almost nothing. The fork server
opens no scan, and has a single thread, because a fork copies only the calling thread.

`multiprocessing` is not used: its fork server listens on a socket in the folder for temporary files, and its
“spawn” loads everything for each worker, the main module too.

Protocol, over a pair of sockets, one number a packet. To start a worker the parent sends 0 with two descriptors, the worker's
end of a pipe and a file for its trace, and gets the worker's process number. To end a worker the parent sends that number and
gets its exit status as in `subprocess`. When the parent is gone the fork server ends, and the kernel ends its workers. A fork
server stopped by a signal could not notice that; so the kernel also ends it together with the thread that started it
(PR_SET_PDEATHSIG), and that thread lives as long as the fork server or the process.
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
"""Time limit for the start of the fork server. Chosen: it takes half a second, and much longer while a machine boots."""
SURROUNDINGS = {
    "OPENBLAS_NUM_THREADS": "1",  # threads started by numpy and OpenCV would be missing after the fork
    "MALLOC_ARENA_MAX": "1",  # one heap for all threads: separate ones kept 10 to 60 MB of freed pages each (python -m bench memory)
    "MALLOC_MMAP_THRESHOLD_": str(32 << 20),
    "MALLOC_TRIM_THRESHOLD_": str(256 << 20),
}
"""Environment of the fork server and its workers. A page is dozens of arrays of 2 to 26 MB, made and freed at once: taken from the heap,
they need no new pages of memory each time. Measured (50 real scans): 73 CPU s instead of 87 with thresholds of 8 and 64 MB, and the same peak.
The thresholds have to be set: malloc's own, which adapt, fragmented the heap (460 MB instead of 320). Huge pages are no gain: they save a tenth
of a page's time and take more than that when a worker begins."""

_START = (
    "import sys; control, parent, *sys.path = sys.argv[1:]; from itrwatch.workers.fork_server import serve_forks; "
    "serve_forks(int(control), int(parent))"
)
_NUMBER = struct.Struct("i")


class ForkServerLostError(OSError):
    """The fork server does not answer (killed, or out of memory); the next try starts a new one."""


class ForkServer:
    """The parent's side; the process starts with the first worker. Safe for several threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._workers: set[int] = set()

    def fork(self) -> tuple[int, Connection, int]:
        """The process number of a new worker, our end of its pipe, and the file for its trace; `ForkServerLostError`."""
        ours, theirs = Pipe()
        # A file in memory: it outlives the worker, and nothing is left when the last descriptor closes.
        trace = os.memfd_create("itrwatch")
        try:
            # `theirs` is closed here whatever happens: with it open, the end of the worker would not close the pipe.
            with self._lock, theirs:
                worker = self._ask(0, [theirs.fileno(), trace])
                self._workers.add(worker)
        except BaseException:
            ours.close()
            os.close(trace)
            raise
        return worker, ours, trace

    def end(self, worker: int) -> int:
        """Kill a worker and return its exit code, or minus the signal that ended it before. `ForkServerLostError`."""
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
        # SEQPACKET keeps messages apart and carries descriptors.
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
    """Start the fork server from a thread that waits for its end: the kernel ends the process together with that thread."""
    begun: list[subprocess.Popen[bytes] | OSError] = []
    there = Event()

    def keep() -> None:
        try:
            # -P and our own sys.path, so that no module is imported from the current folder
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
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to the whole process group; the parent decides
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    with contextlib.suppress(ImportError):  # reported with the first task that needs it
        import_module("itrwatch.workers.preload").warm()
    gc.freeze()  # exempt these objects from garbage collection: visiting them would copy their memory pages in every worker
    with socket.socket(fileno=control) as parent, contextlib.suppress(OSError):  # the parent is gone
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
        # Not sys.exit: exit handlers and buffers belong to the fork server.
        os._exit(code)


def _end(worker: int) -> int:
    os.kill(worker, signal.SIGKILL)  # no effect if it has ended; its number is not reused before `waitpid`
    return os.waitstatus_to_exitcode(os.waitpid(worker, 0)[1])
