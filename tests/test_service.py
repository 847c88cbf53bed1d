"""The shell around the job: what is done when, with a job of one line and times that are given."""

import contextlib
import errno
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from loguru import logger

from itrwatch import __version__
from itrwatch.cases import BACK_OFF, Cases, State
from itrwatch.core.findings import error
from itrwatch.core.manifest import FileEntry, Manifest
from itrwatch.core.outcome import Outcome, Pending, Published, Stopped, Unsettled
from itrwatch.core.settings import Config
from itrwatch.core.settling import Settling
from itrwatch.errors import BusyError, ItrwatchError
from itrwatch.inbox import Snapshot, fingerprint, take_snapshot
from itrwatch.ledger import Ledger
from itrwatch.notify import Notifier
from itrwatch.outbox import Outbox
from itrwatch.service import once, run

CASE = "13153720210201934"
SETTLE = 30.0
WHEN = datetime(2026, 11, 22, 20, 5, 12, tzinfo=UTC)
UNIT = Path(__file__).parents[1] / "systemd" / "itrwatch.service"
LIMIT = 15.0
LOST = "nada é apagado, e o trabalho continua sozinho quando a pasta voltar"


@pytest.fixture
def config() -> Iterator[Config]:
    """Inbox and outbox in memory where there is one: every publication is flushed to its disk."""
    shm = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=shm if os.access(shm, os.W_OK) else None) as folder:
        root = Path(folder)
        for name in ("entrada", "saida"):
            (root / name).mkdir()
        yield Config(root / "entrada", root / "saida", settle_seconds=SETTLE, watch="polling")


@pytest.fixture
def outbox(config: Config) -> Outbox:
    return Outbox(config.outbox)


@pytest.fixture
def said() -> Iterator[list[str]]:
    """The log: level and message."""
    lines: list[str] = []
    number = logger.add(lambda message: lines.append(str(message).rstrip()), format="{level}: {message}", level="INFO")
    yield lines
    logger.remove(number)


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


def job(outbox: Outbox, *, version: str = __version__) -> Callable[[Snapshot, threading.Event], Outcome]:
    """Publish the scan's first line as NOTI.pdf; a folder without a scan is pending."""

    def process(snapshot: Snapshot, _stop: threading.Event) -> Outcome:
        staged = outbox.stage(snapshot.name)
        data = b"".join((snapshot.folder / scan.name).read_bytes() for scan in snapshot.scans)
        files = (FileEntry("NOTI.pdf", len(data), "", 1, "NOTI", "NOTI", None),) if data else ()
        findings = () if data else (error("falta a notificação"),)
        seen = fingerprint(snapshot)
        label = seen.published if files else seen.pending
        manifest = Manifest(None, snapshot.name, label, version, files=files, findings=findings)
        if data:
            (staged / "NOTI.pdf").write_bytes(data)
        else:
            (staged / "PENDENTE.txt").write_text("falta a notificação")
        outbox.write_manifest(staged, manifest)
        outbox.publish(snapshot.name, staged, WHEN)
        return Published(manifest) if data else Pending(manifest)

    return process


def cases_of(config: Config, outbox: Outbox, *, retry: bool = False) -> Cases:
    return Cases(config.inbox, Ledger(outbox, retry=retry, wall_clock=lambda: WHEN), Settling(SETTLE, 300))


def work(cases: Cases, now: float, outcome: Callable[[Snapshot, threading.Event], Outcome]) -> list[str]:
    """Scan and do everything that is ready; the names done."""
    cases.scan(now)
    done = []
    while (snapshot := cases.next_ready(now)) is not None:
        cases.begin(snapshot.name)
        try:
            result: Outcome | BaseException = outcome(snapshot, threading.Event())
        except Exception as wrong:  # noqa: BLE001 - as the worker does
            result = wrong
        cases.finish(snapshot.name, result, now)
        done.append(snapshot.name)
    return done


def pdf(config: Config, name: str = CASE) -> bytes | None:
    path = config.outbox / name / "NOTI.pdf"
    return path.read_bytes() if path.exists() else None


# --- what is done when: cases and ledger, times given --------------------------------------------


def test_a_case_comes_to_rest_and_is_done_once(config: Config, outbox: Outbox, said: list[str]) -> None:
    fill(config)
    cases, process = cases_of(config, outbox), job(outbox)
    assert work(cases, 0, process) == []
    assert cases.due() == SETTLE
    assert work(cases, 29, process) == []
    assert work(cases, 30, process) == [CASE]
    assert pdf(config) == b"%PDF-1"
    assert cases.counts == {State.PUBLISHED: 1}
    assert work(cases, 60, process) == []
    assert said == [
        f"INFO: {CASE}: nova ou mudada; aguardando que fique quieta",
        f"INFO: {CASE}: em repouso, na fila",
    ]


def test_a_growing_scan_is_waited_for(config: Config, outbox: Outbox) -> None:
    folder = fill(config)
    cases, process = cases_of(config, outbox), job(outbox)
    for now in range(0, 200, 20):
        with (folder / "scan.pdf").open("ab") as scan:
            scan.write(b"+")
        assert work(cases, now, process) == []
    assert work(cases, 210, process) == [CASE]
    assert pdf(config) == b"%PDF-1" + b"+" * 10


def test_restarted_it_does_nothing_again(config: Config, outbox: Outbox) -> None:
    fill(config)
    fill(config, "vazia 13153720210201934", {"scan.pdf": b""})
    first = cases_of(config, outbox)
    work(first, 0, job(outbox))
    assert len(work(first, 30, job(outbox))) == 2
    second = cases_of(config, Outbox(config.outbox))
    assert work(second, 0, job(outbox)) == []
    assert work(second, 30, job(outbox)) == []
    assert second.counts == {State.PUBLISHED: 1, State.PENDING: 1}


def test_finished_folders_are_not_read_again(config: Config, outbox: Outbox, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = fill(config)
    cases = cases_of(config, outbox)
    work(cases, 0, job(outbox))
    work(cases, 30, job(outbox))
    opened: list[str] = []
    monkeypatch.setattr(Outbox, "read_manifest", lambda _self, name: opened.append(name))
    (folder / "scan.pdf").chmod(0o600)
    for now in range(60, 6000, 60):
        cases.scan(now)
    assert opened == []


def test_a_change_withdraws_the_old_set_at_once(config: Config, outbox: Outbox, said: list[str]) -> None:
    folder = fill(config)
    cases, process = cases_of(config, outbox), job(outbox)
    work(cases, 0, process)
    work(cases, 30, process)
    (folder / "scan.pdf").write_bytes(b"%PDF-2, still com")
    assert work(cases, 60, process) == []
    assert pdf(config) is None
    assert "mudou na entrada" in (config.outbox / CASE / "PENDENTE.txt").read_text("utf-8-sig")
    assert f"INFO: {CASE}: mudou na entrada; o conjunto publicado sai até o novo ficar pronto" in said
    (folder / "scan.pdf").write_bytes(b"%PDF-2, whole")
    assert work(cases, 70, process) == []
    assert work(cases, 100, process) == [CASE]
    assert pdf(config) == b"%PDF-2, whole"
    assert [entry.name for entry in (config.outbox / CASE / "anteriores").iterdir()] == ["2026-11-22 20h05m12s"]


def test_a_touched_folder_only_refreshes_the_ledger(config: Config, outbox: Outbox) -> None:
    folder = fill(config)
    cases, process = cases_of(config, outbox), job(outbox)
    work(cases, 0, process)
    work(cases, 30, process)
    touch_later(folder / "scan.pdf")
    assert work(cases, 60, process) == []
    assert work(cases, 90, process) == []
    assert pdf(config) == b"%PDF-1"
    manifest = outbox.read_manifest(CASE)
    assert manifest is not None
    assert manifest.fingerprint == fingerprint(take_snapshot(folder)).published
    assert work(cases_of(config, outbox), 0, process) == []


def test_a_folder_deleted_file_by_file_keeps_its_set(config: Config, outbox: Outbox) -> None:
    folder = fill(config, more={"a.pdf": b"a", "b.pdf": b"b"})
    cases, process = cases_of(config, outbox), job(outbox)
    work(cases, 0, process)
    work(cases, 30, process)
    work(cases, 40, process)
    for now, name in enumerate(["a.pdf", "b.pdf", "processo.yaml", "scan.pdf"], start=60):
        (folder / name).unlink()
        work(cases, now, process)
        assert pdf(config) == b"ab%PDF-1"
    work(cases, 200, process)
    folder.rmdir()
    work(cases, 300, process)
    assert pdf(config) == b"ab%PDF-1"


def test_a_page_taken_out_for_good_makes_a_new_set(config: Config, outbox: Outbox) -> None:
    folder = fill(config, more={"a.pdf": b"a"})
    cases, process = cases_of(config, outbox), job(outbox)
    work(cases, 0, process)
    work(cases, 30, process)
    (folder / "a.pdf").unlink()
    assert work(cases, 60, process) == []
    assert work(cases, 90, process) == [CASE]
    assert pdf(config) == b"%PDF-1"


def test_pending_is_done_again_when_changed_or_newer_or_asked(config: Config, outbox: Outbox) -> None:
    folder = fill(config, more={"scan.pdf": b""})
    cases = cases_of(config, outbox)
    work(cases, 0, job(outbox, version="0.0.9"))
    assert work(cases, 30, job(outbox, version="0.0.9")) == [CASE]
    assert work(cases, 60, job(outbox)) == [CASE]  # another version may know better
    assert work(cases, 90, job(outbox)) == []
    asked = cases_of(config, outbox, retry=True)
    work(asked, 0, job(outbox))
    assert work(asked, 30, job(outbox)) == [CASE]
    assert work(asked, 60, job(outbox)) == []
    touch_later(folder / "scan.pdf")
    assert work(cases, 120, job(outbox)) == []
    assert work(cases, 150, job(outbox)) == []  # touched only
    (folder / "scan.pdf").write_bytes(b"%PDF-9")
    assert work(cases, 200, job(outbox)) == []
    assert work(cases, 230, job(outbox)) == [CASE]


def test_published_is_not_done_again_for_a_version(config: Config, outbox: Outbox) -> None:
    fill(config)
    cases = cases_of(config, outbox)
    work(cases, 0, job(outbox, version="0.0.9"))
    work(cases, 30, job(outbox, version="0.0.9"))
    assert work(cases_of(config, outbox, retry=True), 60, job(outbox)) == []


def test_a_folder_deleted_in_the_outbox_is_made_again(config: Config, outbox: Outbox) -> None:
    fill(config)
    cases = cases_of(config, outbox)
    work(cases, 0, job(outbox))
    work(cases, 30, job(outbox))
    shutil.rmtree(config.outbox / CASE)
    assert work(cases, 60, job(outbox)) == [CASE]
    (config.outbox / CASE / "manifesto.json").write_text("{")
    assert work(cases_of(config, outbox), 60, job(outbox)) == []
    assert pdf(config) == b"%PDF-1"  # not known to be stale: stays until the new one is there


def test_an_empty_folder_is_not_a_case_yet(config: Config, outbox: Outbox) -> None:
    (config.inbox / CASE).mkdir()
    (config.inbox / CASE / "Thumbs.db").touch()
    cases = cases_of(config, outbox)
    work(cases, 0, job(outbox))
    assert work(cases, 60, job(outbox)) == []
    assert cases.counts == {State.EMPTY: 1}
    assert outbox.names() == frozenset()


def test_failures_back_off_and_others_go_on(config: Config, outbox: Outbox, said: list[str]) -> None:
    fill(config, "1 mau")
    fill(config, "2 bom")
    cases, good, tried = cases_of(config, outbox), job(outbox), list[float]()

    def process(snapshot: Snapshot, stop: threading.Event) -> Outcome:
        if snapshot.name == "1 mau":
            raise ZeroDivisionError
        return good(snapshot, stop)

    work(cases, 0, process)
    assert work(cases, 30, process) == ["1 mau", "2 bom"]
    for now in range(31, 1200):
        if work(cases, now, process):
            tried.append(now - 30)
    assert tried == [30, 90, 210, 510]
    assert BACK_OFF[:4] == (30, 60, 120, 300)
    assert pdf(config, "2 bom") == b"%PDF-1"
    assert any("ZeroDivisionError" in line and "1 mau: falha do itrwatch" in line for line in said)
    (config.inbox / "1 mau" / "scan.pdf").write_bytes(b"outra vez")
    work(cases, 1200, process)
    assert work(cases, 1230, good) == ["1 mau"]  # a change is worth a try at once


@pytest.mark.parametrize(
    ("result", "sentence"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "nova tentativa em 30 s"),
        (Unsettled("scan.pdf cresceu"), "mudou durante a leitura (scan.pdf cresceu); aguardando de novo"),
        (Stopped(), "interrompida; será refeita"),
    ],
)
def test_not_now_is_not_never(
    config: Config, outbox: Outbox, said: list[str], result: Unsettled | Exception, sentence: str
) -> None:
    def process(_snapshot: Snapshot, _stop: threading.Event) -> Outcome:
        if isinstance(result, Exception):
            raise result
        return result

    fill(config)
    cases = cases_of(config, outbox)
    work(cases, 0, process)
    assert work(cases, 30, process) == [CASE]
    assert sentence in said[-1]
    assert "Traceback" not in said[-1]
    assert work(cases, 59, job(outbox)) == []
    cases.scan(60)
    assert work(cases, 90, job(outbox)) == [CASE]


def test_a_case_that_is_published_before_the_job_fails_is_not_done_again(config: Config, outbox: Outbox) -> None:
    def process(snapshot: Snapshot, stop: threading.Event) -> Outcome:
        job(outbox)(snapshot, stop)
        raise OSError(errno.EIO, "the panel could not be written")

    fill(config)
    cases = cases_of(config, outbox)
    work(cases, 0, process)
    assert work(cases, 30, process) == [CASE]
    assert work(cases, 90, process) == []
    assert cases.counts == {State.PUBLISHED: 1}


def test_a_lost_inbox_is_not_an_empty_one(config: Config, outbox: Outbox, said: list[str]) -> None:
    fill(config)
    cases = cases_of(config, outbox)
    work(cases, 0, job(outbox))
    work(cases, 30, job(outbox))
    config.inbox.rename(config.inbox.with_name("desmontada"))
    for now in (60, 120):
        assert work(cases, now, job(outbox)) == []
    cases_lost = f"sem acesso a «{config.inbox}» (No such file or directory)"
    assert cases.lost == cases_lost
    assert cases.due() == float("inf")
    assert pdf(config) == b"%PDF-1"
    config.inbox.with_name("desmontada").rename(config.inbox)
    assert work(cases, 180, job(outbox)) == []
    assert [line for line in said if line.startswith("ERROR")] == [f"ERROR: {cases_lost}; {LOST}"]
    assert said[-1] == "INFO: a entrada e a saída estão de volta"


def test_a_bare_mount_point_deletes_nothing(config: Config, outbox: Outbox, said: list[str]) -> None:
    fill(config)
    cases = cases_of(config, outbox)
    work(cases, 0, job(outbox))
    work(cases, 30, job(outbox))
    (config.inbox / CASE).rename(config.inbox.with_name("desmontada"))
    cases.scan(60)
    assert said[-1] == "WARNING: a entrada ficou vazia, onde havia pastas (antes: 1); a saída fica como está"
    config.inbox.with_name("desmontada").rename(config.inbox / CASE)
    assert work(cases, 90, job(outbox)) == []
    assert cases.counts == {State.PUBLISHED: 1}


def test_the_inbox_may_be_read_only_and_is_never_written(config: Config, outbox: Outbox) -> None:
    folder = fill(config)
    before = {path: path.stat() for path in (config.inbox, folder, *folder.iterdir())}
    cases = cases_of(config, outbox)
    work(cases, 0, job(outbox))
    work(cases, 30, job(outbox))
    after = {path: path.stat() for path in (config.inbox, folder, *folder.iterdir())}
    assert {p: (s.st_mtime_ns, s.st_ctime_ns) for p, s in before.items()} == {
        p: (s.st_mtime_ns, s.st_ctime_ns) for p, s in after.items()
    }


def test_what_cannot_be_a_case_is_told_once(config: Config, outbox: Outbox, said: list[str]) -> None:
    (config.inbox / "solta.pdf").touch()
    cases = cases_of(config, outbox)
    cases.scan(0)
    cases.scan(60)
    assert said == ["WARNING: entrada: «solta.pdf» está solto na entrada; ponha-o na pasta de um processo"]


def test_a_folder_that_vanishes_between_listing_and_look(
    config: Config, outbox: Outbox, said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def late(folder: Path) -> Snapshot:
        shutil.rmtree(folder)
        return take_snapshot(folder)

    fill(config)
    monkeypatch.setattr("itrwatch.cases.take_snapshot", late)
    cases = cases_of(config, outbox)
    assert work(cases, 0, job(outbox)) == []
    assert cases.counts == {}
    assert said == [f"INFO: {CASE}: saiu da entrada"]


@pytest.mark.parametrize("number", [errno.EACCES, errno.EBUSY, errno.ESTALE, errno.EIO])
def test_a_folder_that_cannot_be_looked_at_waits(
    config: Config, outbox: Outbox, said: list[str], monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def broken(folder: Path) -> Snapshot:
        if folder.name == CASE:
            raise OSError(number, "injected", str(folder))
        return take_snapshot(folder)

    fill(config)
    fill(config, "2 bom")
    cases = cases_of(config, outbox)
    with monkeypatch.context() as patch:
        patch.setattr("itrwatch.cases.take_snapshot", broken)
        work(cases, 0, job(outbox))
        assert work(cases, 30, job(outbox)) == ["2 bom"]
        assert sum("injected" in line for line in said) == 1
    work(cases, 60, job(outbox))
    assert work(cases, 90, job(outbox)) == [CASE]


def test_a_case_at_work_is_only_observed(config: Config, outbox: Outbox) -> None:
    folder = fill(config)
    cases, process = cases_of(config, outbox), job(outbox)
    cases.scan(0)
    cases.scan(30)
    snapshot = cases.next_ready(30)
    assert snapshot is not None
    cases.begin(CASE)
    staged = outbox.stage(CASE)
    (folder / "scan.pdf").write_bytes(b"%PDF-2")
    cases.scan(60)
    assert cases.next_ready(60) is None
    assert staged.exists()
    shutil.rmtree(folder)
    cases.scan(61)
    cases.finish(CASE, Unsettled("sumiu"), 62)
    assert cases.counts == {}
    assert work(cases, 63, process) == []
    assert not staged.exists()  # what the job left behind


# --- the loop: threads, signals, systemd ---------------------------------------------------------


def quick(config: Config) -> Config:
    return Config(config.inbox, config.outbox, settle_seconds=0.3, rescan_seconds=0.1, watch="inotify")


@contextlib.contextmanager
def running(
    config: Config, process: Callable[[Snapshot, threading.Event], Outcome], notifier: Notifier
) -> Iterator[None]:
    stop, wrong = threading.Event(), list[BaseException]()

    def serve() -> None:
        try:
            run(config, process, stop, notifier=notifier)
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


@pytest.fixture
def listener(tmp_path: Path) -> Iterator[Listener]:
    made = Listener(str(tmp_path / "notify"))
    yield made
    made.close()


def test_service_does_what_comes_and_tells_systemd(config: Config, outbox: Outbox, listener: Listener) -> None:
    fill(config, "1 antes")
    umask = os.umask(0o022)
    os.umask(umask)
    with running(quick(config), job(outbox), Notifier(listener.address, 0.05)):
        until(lambda: pdf(config, "1 antes"))
        fill(config, "2 depois")
        until(lambda: pdf(config, "2 depois"))
        (config.inbox / "2 depois" / "scan.pdf").write_bytes(b"%PDF-2")
        until(lambda: pdf(config, "2 depois") == b"%PDF-2")
    assert os.umask(umask) == umask
    messages = listener.close()
    assert "READY=1\nSTATUS=aguardando: 1" in messages
    assert messages.index("READY=1\nSTATUS=aguardando: 1") <= 1  # at most one sign of life before
    assert "WATCHDOG=1" in messages
    assert "STATUS=em trabalho: «1 antes»" in messages
    assert messages[-1] != messages[0]
    assert any(message.startswith("STOPPING=1") for message in messages)
    Outbox(config.outbox).lock().close()


def test_a_long_job_does_not_stop_the_looking(config: Config, outbox: Outbox, listener: Listener) -> None:
    fill(config, "1 longo")
    published = fill(config, "0 pronto")
    go, started, good = threading.Event(), threading.Event(), job(outbox)

    def process(snapshot: Snapshot, stop: threading.Event) -> Outcome:
        if snapshot.name == "1 longo":
            started.set()
            assert go.wait(LIMIT)
        return good(snapshot, stop)

    with running(quick(config), process, Notifier(listener.address, 0.05)):
        assert started.wait(LIMIT)
        assert pdf(config, "0 pronto") == b"%PDF-1"
        (published / "scan.pdf").write_bytes(b"%PDF-2")
        until(lambda: pdf(config, "0 pronto") is None)
        fill(config, "2 novo")
        until(lambda: any("na fila: 2" in message for message in listener.heard))
        beats = listener.heard.count("WATCHDOG=1")
        until(lambda: listener.heard.count("WATCHDOG=1") > beats + 2)
        go.set()
        until(lambda: pdf(config, "2 novo") and pdf(config, "0 pronto") == b"%PDF-2")


def test_stopping_ends_the_job_between_pages(config: Config, outbox: Outbox) -> None:
    fill(config)
    started = threading.Event()

    def process(snapshot: Snapshot, stop: threading.Event) -> Outcome:
        outbox.stage(snapshot.name)
        started.set()
        assert stop.wait(LIMIT)
        raise Stopped

    with running(quick(config), process, Notifier()):
        assert started.wait(LIMIT)
    assert outbox.names() == frozenset()


def test_a_missing_inbox_is_waited_for(config: Config, outbox: Outbox, listener: Listener) -> None:
    config.inbox.rmdir()
    with running(quick(config), job(outbox), Notifier(listener.address)):
        until(lambda: any("READY=1\nSTATUS=sem acesso a «" in message for message in listener.heard))
        config.inbox.mkdir()
        fill(config)
        until(lambda: pdf(config))


def test_only_one_service_for_an_outbox(config: Config, outbox: Outbox) -> None:
    with outbox.lock():
        for command in (lambda: run(config, job(outbox), threading.Event()), lambda: once(config, job(outbox))):
            with pytest.raises(BusyError):
                command()


def test_a_deaf_systemd_does_not_hold_up_the_work(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as deaf:
        deaf.bind(str(tmp_path / "notify"))
        notifier, start = Notifier(str(tmp_path / "notify"), 0), time.monotonic()
        while time.monotonic() < start + 0.3:
            notifier.beat(time.monotonic())
    assert time.monotonic() - start < 1


def test_signals_in_a_real_process(config: Config) -> None:
    fill(config)
    program = f"""
import threading
from pathlib import Path
from itrwatch.core.settings import Config
from itrwatch.core.outcome import Stopped
from itrwatch.service import run

def process(snapshot, stop):
    print("started", flush=True)
    while not (stop.is_set() and Path({str(config.inbox)!r}, "agora").exists()):
        stop.wait(0.01)
    raise Stopped

run(Config(Path({str(config.inbox)!r}), Path({str(config.outbox)!r}), settle_seconds=0), process, threading.Event())
print("end", flush=True)
"""
    for signals, code in (
        ([signal.SIGTERM], 0),
        ([signal.SIGINT], 0),
        ([signal.SIGTERM, signal.SIGTERM], -signal.SIGTERM),
    ):
        with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as child:
            assert child.stdout is not None
            assert child.stdout.readline() == "started\n"
            for number in signals:
                child.send_signal(number)
                time.sleep(0.2 if len(signals) > 1 else 0)  # two signals at once are one to the kernel
            if len(signals) == 1:
                (config.inbox / "agora").touch()
            assert child.wait(LIMIT) == code
            assert child.stdout.read() == ("end\n" if code == 0 else "")
        (config.inbox / "agora").unlink(missing_ok=True)


# --- once ----------------------------------------------------------------------------------------


def age(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let an hour pass: ctime cannot be set."""
    now = time.time_ns()
    assert folder.is_dir()
    monkeypatch.setattr(time, "time_ns", lambda: now + 3600 * 10**9)


def test_once_takes_old_folders_at_once(config: Config, outbox: Outbox, monkeypatch: pytest.MonkeyPatch) -> None:
    age(fill(config), monkeypatch)
    start = time.monotonic()
    assert once(config, job(outbox)) is False
    assert time.monotonic() - start < SETTLE / 3
    assert pdf(config) == b"%PDF-1"


def test_once_watches_young_folders(config: Config, outbox: Outbox) -> None:
    fill(config)
    start = time.monotonic()
    assert once(quick(config), job(outbox)) is False
    assert time.monotonic() - start >= 0.3
    assert pdf(config) == b"%PDF-1"


def test_once_leaves_alone_what_keeps_moving(config: Config, outbox: Outbox, said: list[str]) -> None:
    folder = fill(config, "em movimento")
    fill(config)
    done = threading.Event()

    def scanner() -> None:
        while not done.wait(0.02):
            with (folder / "scan.pdf").open("ab") as scan:
                scan.write(b"+")

    thread = threading.Thread(target=scanner)
    thread.start()
    try:
        assert once(quick(config), job(outbox)) is True
    finally:
        done.set()
        thread.join()
    assert pdf(config) == b"%PDF-1"
    assert pdf(config, "em movimento") is None
    assert said[-1] == "WARNING: em movimento: ainda em movimento; fica para a próxima vez"


def test_once_tells_what_is_pending_and_retries_it(
    config: Config, outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    age(fill(config, more={"scan.pdf": b""}), monkeypatch)
    calls: list[str] = []

    def process(snapshot: Snapshot, stop: threading.Event) -> Outcome:
        calls.append(snapshot.name)
        return job(outbox)(snapshot, stop)

    assert once(config, process) is True
    assert once(config, process) is True
    assert once(config, process, retry=True) is True
    assert calls == [CASE, CASE]


def test_once_goes_on_after_a_failure(config: Config, outbox: Outbox, monkeypatch: pytest.MonkeyPatch) -> None:
    age(fill(config, "1 mau"), monkeypatch)
    fill(config, "2 bom")

    def process(snapshot: Snapshot, stop: threading.Event) -> Outcome:
        if snapshot.name == "1 mau":
            raise MemoryError
        return job(outbox)(snapshot, stop)

    assert once(config, process) is True
    assert pdf(config, "2 bom") == b"%PDF-1"


def test_once_without_anything_to_do(config: Config, outbox: Outbox) -> None:
    assert once(config, job(outbox)) is False
    config.inbox.rmdir()
    with pytest.raises(ItrwatchError, match="No such file"):
        once(config, job(outbox))


def test_once_stops_when_asked(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    age(fill(config), monkeypatch)
    stop = threading.Event()

    def process(_snapshot: Snapshot, _stop: threading.Event) -> Outcome:
        stop.set()
        raise Stopped

    assert once(config, process, stop=stop) is True
    assert pdf(config) is None


# --- systemd -------------------------------------------------------------------------------------


def test_notifier_speaks_only_when_spoken_to(listener: Listener) -> None:
    assert Notifier.from_environment({})._interval is None  # noqa: SLF001
    Notifier().send(READY="1")
    Notifier("/nowhere/at/all").send(READY="1")
    ours = {"NOTIFY_SOCKET": listener.address, "WATCHDOG_USEC": "30000000", "WATCHDOG_PID": str(os.getpid())}
    notifier = Notifier.from_environment(ours)
    for now in (0, 9, 10, 11, 25):
        notifier.beat(now)
    notifier.send(STATUS="caso «a\nREADY=1»")
    Notifier.from_environment(ours | {"WATCHDOG_PID": "1"}).beat(0)
    assert listener.close() == ["WATCHDOG=1"] * 3 + ["STATUS=caso «a READY=1»"]


def test_notifier_knows_abstract_sockets() -> None:
    listener = Listener(f"\0itrwatch-test-{os.getpid()}")
    Notifier(f"@itrwatch-test-{os.getpid()}").send(READY="1")
    assert listener.close() == ["READY=1"]


def unit_lines() -> dict[str, str]:
    lines = [line for line in UNIT.read_text("utf-8").splitlines() if "=" in line and not line.startswith("#")]
    return dict(line.split("=", 1) for line in lines)


def test_unit_agrees_with_the_code() -> None:
    unit = unit_lines()
    assert unit["Type"] == "notify"
    assert unit["ReadOnlyPaths"] == "/srv/itr/entrada"
    assert unit["ReadWritePaths"] == "/srv/itr/saida"
    assert unit["PrivateNetwork"] == "yes"
    assert "itrwatch run --config" in unit["ExecStart"]
    assert unit["RestartPreventExitStatus"] == "64 78"
    assert "ExecReload" not in unit  # SIGHUP would end it


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here")
def test_unit_with_systemd_analyze(tmp_path: Path) -> None:
    unit = tmp_path / "itrwatch.service"
    unit.write_text(UNIT.read_text("utf-8").replace("/opt/itrwatch/bin/itrwatch", sys.executable), "utf-8")
    verified = subprocess.run(["systemd-analyze", "verify", unit], capture_output=True, text=True, check=False)
    assert (verified.returncode, verified.stderr) == (0, "")
    rated = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--threshold=10", unit],
        capture_output=True,
        text=True,
        check=False,
    )
    assert rated.returncode == 0, rated.stdout
