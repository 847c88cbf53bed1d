"""The shell around the job, for tests: folders in memory, a job of one line, times that are given."""

from __future__ import annotations

import contextlib
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from itrwatch import __version__
from itrwatch.core.codes import Code
from itrwatch.core.findings import error
from itrwatch.core.manifest import FileEntry, Manifest, Outcome, Pending, Published
from itrwatch.core.settings import Config
from itrwatch.daemon.attempts import ProcessCase
from itrwatch.daemon.cases import Cases
from itrwatch.daemon.panel_thread import Show
from itrwatch.daemon.service import run
from itrwatch.daemon.settling import Settling
from itrwatch.daemon.systemd import Notifier
from itrwatch.job.attempt import Attempt
from itrwatch.store.fingerprint import fingerprint
from itrwatch.store.inbox import Snapshot
from itrwatch.store.ledger import Ledger
from itrwatch.store.outbox import Outbox

CASE = "13153720210201934"
SETTLE = 30.0
WHEN = datetime(2026, 11, 22, 20, 5, 12, tzinfo=UTC)
LIMIT = 60.0  # longer than the first pause after a failure (30 s): on a busy machine a job may meet a disk that is full for a moment


def fill(config: Config, name: str = CASE, more: dict[str, bytes] | None = None) -> Path:
    folder = config.inbox / name
    folder.mkdir(exist_ok=True)
    (folder / "processo.yaml").write_text("secoes: [notificacao: scan.pdf]\n")
    for file, data in ({"scan.pdf": b"%PDF-1"} | (more or {})).items():
        (folder / file).write_bytes(data)
    return folder


def touch_later(path: Path) -> None:
    """Another mtime, whatever the clock's step."""
    status = path.stat()
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns + 1_000_000_000))


def job(outbox: Outbox, *, version: str = __version__) -> ProcessCase:
    """Publish the scan's first line as NOTI.pdf; a folder without a scan is pending."""

    def process(snapshot: Snapshot, _attempt: Attempt) -> Outcome:
        staged = outbox.stage(snapshot.name)
        data = b"".join((snapshot.folder / scan.name).read_bytes() for scan in snapshot.scans)
        files = (FileEntry("NOTI.pdf", len(data), "", 1, "NOTI", "NOTI", None),) if data else ()
        findings = () if data else (error(Code.OTHER, text="falta a notificação"),)
        label = fingerprint(snapshot).of(published=bool(files))
        manifest = Manifest(None, snapshot.name, label, version, files=files, findings=findings)
        if data:
            (staged / "NOTI.pdf").write_bytes(data)
        else:
            (staged / "PENDENTE.txt").write_text("falta a notificação")
        outbox.write_manifest(staged, manifest)
        outbox.publish(snapshot.name, staged, WHEN)
        return Published(manifest) if data else Pending(manifest)

    return process


def cases_of(config: Config, outbox: Outbox, *, retry: bool = False, patience: float = 0.0) -> Cases:
    ledger = Ledger(outbox, retry=retry, wall_clock=lambda: WHEN)
    return Cases(config.inbox, ledger, Settling(SETTLE, 300), patience=patience, wall_clock=lambda: WHEN)


def work(cases: Cases, now: float, outcome: ProcessCase) -> list[str]:
    """Scan and do everything that is ready; the names done."""
    cases.scan(now)
    done = []
    while (snapshot := cases.next_ready(now)) is not None:
        cases.begin(snapshot.name)
        try:
            patient = cases.patient(snapshot.name, now)
            result: Outcome | BaseException = outcome(snapshot, Attempt(threading.Event(), patient=patient))
        except Exception as wrong:  # noqa: BLE001 - as the worker does
            result = wrong
        cases.finish(snapshot.name, result, now)
        done.append(snapshot.name)
    return done


def pdf(config: Config, name: str = CASE) -> bytes | None:
    path = config.outbox / name / "NOTI.pdf"
    return path.read_bytes() if path.exists() else None


def quick(config: Config) -> Config:
    return Config(config.inbox, config.outbox, settle_seconds=0.3, rescan_seconds=0.1, watch="inotify")


@contextlib.contextmanager
def running(config: Config, process: ProcessCase, notifier: Notifier, show: Show | None = None) -> Iterator[None]:
    stop, wrong = threading.Event(), list[BaseException]()

    def serve() -> None:
        try:
            run(config, process, stop, notifier=notifier, show=show)
        except BaseException as failure:  # noqa: BLE001 - shown by the test
            wrong.append(failure)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(LIMIT)
        assert not thread.is_alive()
        assert wrong == []


def until(condition: Callable[[], object]) -> None:
    end = time.monotonic() + LIMIT
    while not condition():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.01)


class Listener:
    """Systemd's end of the socket; ``heard`` are the messages so far."""

    def __init__(self, address: str) -> None:
        self.address, self.heard = address, list[str]()
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(address)
        self._thread = threading.Thread(target=self._listen)
        self._thread.start()

    def _listen(self) -> None:
        while message := self._socket.recv(4096):
            self.heard.append(message.decode())

    def close(self) -> list[str]:
        """All that was heard; an empty datagram is the end."""
        if self._thread.is_alive():
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as end:
                end.sendto(b"", self._socket.getsockname())
            self._thread.join()
            self._socket.close()
        return self.heard
