"""What fails is tried again, what cannot succeed is told, and nobody else waits for either."""

import errno
import shutil
from pathlib import Path

import pytest

from itrwatch.attempts import Attempt
from itrwatch.cases import BACK_OFF, State
from itrwatch.core.outcome import Outcome, Stopped, Unsettled
from itrwatch.core.settings import Config
from itrwatch.inbox import Snapshot, take_snapshot
from itrwatch.outbox import Outbox
from tests.shell import (
    CASE,
    cases_of,
    fill,
    job,
    pdf,
    work,
)


def test_failures_back_off_and_others_go_on(config: Config, outbox: Outbox, said: list[str]) -> None:
    fill(config, "1 mau")
    fill(config, "2 bom")
    cases, good, tried = cases_of(config, outbox), job(outbox), list[float]()

    def process(snapshot: Snapshot, attempt: Attempt) -> Outcome:
        if snapshot.name == "1 mau":
            raise ZeroDivisionError
        return good(snapshot, attempt)

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
    def process(_snapshot: Snapshot, _attempt: Attempt) -> Outcome:
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
    def process(snapshot: Snapshot, attempt: Attempt) -> Outcome:
        job(outbox)(snapshot, attempt)
        raise OSError(errno.EIO, "the panel could not be written")

    fill(config)
    cases = cases_of(config, outbox)
    work(cases, 0, process)
    assert work(cases, 30, process) == [CASE]
    assert work(cases, 90, process) == []
    assert cases.counts == {State.PUBLISHED: 1}


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
        assert sum("nova tentativa a cada varredura" in line for line in said) == 1
    work(cases, 60, job(outbox))
    assert work(cases, 90, job(outbox)) == [CASE]


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
