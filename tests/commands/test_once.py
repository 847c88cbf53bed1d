"""`once`: for a person who waits."""

import itertools
import threading
import time
from pathlib import Path

import pytest

from itrwatch.core.manifest import Outcome, Stopped, Unsettled
from itrwatch.core.settings import Config
from itrwatch.daemon import loop, service
from itrwatch.daemon.service import once
from itrwatch.errors import ItrwatchError
from itrwatch.job.attempt import Attempt
from itrwatch.store.inbox import Snapshot
from itrwatch.store.outbox import Outbox
from tests.shell import CASE, SETTLE, fill, job, pdf, quick


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


def test_once_waits_for_a_folder_at_rest_however_slow_the_machine_is(
    config: Config, outbox: Outbox, monkeypatch: pytest.MonkeyPatch, said: list[str]
) -> None:
    fill(config)
    looks = itertools.count(1)
    for module in (loop, service):
        monkeypatch.setattr(module, "clock", lambda: 1000.0 * next(looks))  # minutes between any two of its steps
    assert once(quick(config), job(outbox)) is False
    assert pdf(config) == b"%PDF-1"
    assert f"INFO: {CASE}: aguardando que a pasta fique 0.3 s sem mudanças" in said


def test_once_does_a_folder_that_changed_while_it_was_read(config: Config, outbox: Outbox) -> None:
    folder = fill(config)
    publish, attempts = job(outbox), itertools.count()

    def process(snapshot: Snapshot, attempt: Attempt) -> Outcome:
        if next(attempts):
            return publish(snapshot, attempt)
        (folder / "scan.pdf").write_bytes(b"%PDF-2")
        return Unsettled("a pasta mudou enquanto era lida")

    assert once(quick(config), process) is False
    assert pdf(config) == b"%PDF-2"


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
    assert said[-1] == "WARNING: em movimento: ainda recebendo arquivos; fica para a próxima vez"


def test_once_reports_what_is_pending_and_retries_it(
    config: Config, outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    age(fill(config, more={"scan.pdf": b""}), monkeypatch)
    calls: list[str] = []

    def process(snapshot: Snapshot, attempt: Attempt) -> Outcome:
        calls.append(snapshot.name)
        return job(outbox)(snapshot, attempt)

    assert once(config, process) is True
    assert once(config, process) is True
    assert once(config, process, retry=True) is True
    assert calls == [CASE, CASE]


def test_once_goes_on_after_a_failure(config: Config, outbox: Outbox, monkeypatch: pytest.MonkeyPatch) -> None:
    age(fill(config, "1 mau"), monkeypatch)
    fill(config, "2 bom")

    def process(snapshot: Snapshot, attempt: Attempt) -> Outcome:
        if snapshot.name == "1 mau":
            raise MemoryError
        return job(outbox)(snapshot, attempt)

    assert once(config, process) is True
    assert pdf(config, "2 bom") == b"%PDF-1"


def test_once_without_anything_to_do(config: Config, outbox: Outbox) -> None:
    assert once(config, job(outbox)) is False
    config.inbox.rmdir()
    with pytest.raises(ItrwatchError, match=r"sem acesso à entrada: “.+” não existe"):
        once(config, job(outbox))


def test_once_stops_when_asked(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    age(fill(config), monkeypatch)
    stop = threading.Event()

    def process(_snapshot: Snapshot, _attempt: Attempt) -> Outcome:
        stop.set()
        raise Stopped

    assert once(config, process, stop=stop) is True
    assert pdf(config) is None
