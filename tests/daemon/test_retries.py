"""What fails is tried again, what cannot succeed is reported, and nobody else waits for either."""

import errno
import itertools
import os
import resource
import shutil
import signal
import threading
from pathlib import Path

import pytest

from itrwatch.core.manifest import Outcome, Stopped, Unsettled
from itrwatch.core.settings import Config
from itrwatch.daemon.attempts import Attempts, ProcessCase
from itrwatch.daemon.case_state import State
from itrwatch.daemon.case_states import BACK_OFF
from itrwatch.daemon.engine import recall
from itrwatch.daemon.loop import JobThread
from itrwatch.job.attempt import Attempt
from itrwatch.store.inbox import Snapshot, take_snapshot
from itrwatch.store.outbox import FreeSpace, Outbox
from tests.shell import CASE, WHEN, cases_of, fill, job, pdf, touch_later, work
from tests.waiting import LIMIT


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
    assert (CASE in cases.roots.crowded) == isinstance(result, OSError)  # reported as a trouble of the outbox
    assert "Traceback" not in said[-1]
    assert work(cases, 59, job(outbox)) == []
    cases.scan(60)
    assert work(cases, 90, job(outbox)) == [CASE]
    assert not cases.roots.crowded


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
        patch.setattr("itrwatch.daemon.cases.take_snapshot", broken)
        work(cases, 0, job(outbox))
        assert work(cases, 30, job(outbox)) == ["2 bom"]
        assert sum("nova tentativa a cada varredura" in line for line in said) == 1
    work(cases, 60, job(outbox))
    assert work(cases, 90, job(outbox)) == [CASE]


def test_a_folder_that_vanishes_after_it_was_listed(
    config: Config, outbox: Outbox, said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def late(folder: Path) -> Snapshot:
        shutil.rmtree(folder)
        return take_snapshot(folder)

    fill(config)
    monkeypatch.setattr("itrwatch.daemon.cases.take_snapshot", late)
    cases = cases_of(config, outbox)
    assert work(cases, 0, job(outbox)) == []
    assert cases.counts == {}
    assert said == [f"INFO: {CASE}: saiu da entrada"]


def attempts_of(outbox: Outbox, process: ProcessCase, attempts: Attempts | None = None) -> ProcessCase:
    """The job as the service does it: in a thread, with what is known of earlier attempts."""
    attempts = attempts or Attempts(outbox, lambda: WHEN)

    def do(snapshot: Snapshot, attempt: Attempt) -> Outcome:
        ended = threading.Event()
        thread = JobThread(process, attempt.stop, ended, attempts)
        thread.start(snapshot, patient=attempt.patient)
        assert ended.wait(LIMIT)
        result = thread.take()
        if isinstance(result, BaseException):
            raise result
        assert result is not None
        return result

    return do


def breaking(_snapshot: Snapshot, _attempt: Attempt) -> Outcome:
    raise ZeroDivisionError


def test_poison_case_becomes_pending_after_three_breaks_with_a_note(config: Config, outbox: Outbox) -> None:
    """A fault of ours is reported as ours, and the others are done meanwhile (F46)."""
    folder = fill(config, "1 veneno")
    fill(config, "2 bom")
    cases, good = cases_of(config, outbox), job(outbox)
    process = attempts_of(outbox, lambda s, a: breaking(s, a) if s.name == "1 veneno" else good(s, a))
    tried = [now for now in range(1000) if "1 veneno" in work(cases, now, process)]
    assert tried == [30, 60, 120]
    assert pdf(config, "2 bom") == b"%PDF-1"
    assert cases.counts == {State.PUBLISHED: 1, State.PENDING: 1}
    note = (config.outbox / "1 veneno" / "PENDENTE.txt").read_bytes()
    assert note.startswith("\ufeffPENDENTE: 1 veneno".encode())
    assert "A falha é do programa" in note.decode("utf-8-sig")
    assert "itrwatch once --retry" in note.decode("utf-8-sig")
    assert work(cases_of(config, outbox), 2000, process) == []  # nor after a restart
    assert work(cases, 2000, process) == []
    touch_later(folder / "scan.pdf")
    assert work(cases, 2030, process) == []  # only touched
    (folder / "scan.pdf").write_bytes(b"%PDF-2")
    work(cases, 2100, process)
    assert work(cases, 2130, good) == ["1 veneno"]
    assert pdf(config, "1 veneno") == b"%PDF-2"


def test_poison_case_is_tried_again_when_the_administrator_asks(config: Config, outbox: Outbox) -> None:
    fill(config)
    cases = cases_of(config, outbox)
    process = attempts_of(outbox, breaking)
    for now in (0, 30, 60, 120):
        work(cases, now, process)
    assert cases.counts == {State.PENDING: 1}
    asked = cases_of(config, outbox, retry=True)
    work(asked, 200, job(outbox))
    assert work(asked, 230, attempts_of(outbox, job(outbox))) == [CASE]
    assert pdf(config) == b"%PDF-1"


def test_troubles_of_a_disk_are_never_counted_as_breaks(config: Config, outbox: Outbox) -> None:
    """F5: nothing is given up for ever because a share was away for a night."""
    fill(config)
    cases, tried = cases_of(config, outbox), list[int]()

    def process(_snapshot: Snapshot, _attempt: Attempt) -> Outcome:
        raise OSError(errno.EIO, "injected")

    wrapped = attempts_of(outbox, process)
    for now in range(0, 6000, 10):
        tried += [now] * len(work(cases, now, wrapped))
    assert [later - earlier for earlier, later in itertools.pairwise(tried)] == [30, 60, 120, 300] + [900] * 6
    assert cases.counts == {State.DELAYED: 1}
    assert "não responde como devia" in cases.statuses()[0].waits_for
    well = attempts_of(outbox, job(outbox))
    assert [CASE] in [work(cases, now, well) for now in range(6000, 7000, 10)]


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV])
def test_case_that_takes_the_whole_service_down_comes_last(
    config: Config, outbox: Outbox, said: list[str], number: signal.Signals
) -> None:
    """A mark in the outbox outlives the service; only a fall of ours, not a kill, counts against the case."""
    fill(config, "1 veneno")
    fill(config, "2 bom")

    def die() -> None:
        attempts = Attempts(outbox, lambda: WHEN)
        attempts.recall()
        attempts.listen()
        die_now = attempts_of(outbox, lambda _snapshot, _attempt: signal.raise_signal(number), attempts)  # type: ignore[arg-type,return-value]
        die_now(take_snapshot(config.inbox / "1 veneno"), Attempt(threading.Event()))

    outbox.private.mkdir()
    for _ in range(3):
        child = os.fork()
        if not child:
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            die()
            os._exit(1)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -number
    known = Attempts(outbox, lambda: WHEN)
    attempts = attempts_of(outbox, job(outbox), known)
    cases = cases_of(config, outbox)
    recall(known, cases)
    fell = number == signal.SIGSEGV
    assert any("o itrwatch caiu" in line and "Segmentation fault" in line for line in said) == fell
    assert work(cases, 0, attempts) == []
    assert work(cases, 30, attempts) == ["2 bom", "1 veneno"]
    assert pdf(config, "2 bom") == b"%PDF-1"
    assert pdf(config, "1 veneno") == (None if fell else b"%PDF-1")
    if fell:
        assert "A falha é do programa" in (config.outbox / "1 veneno" / "PENDENTE.txt").read_text("utf-8-sig")


@pytest.mark.parametrize("number", [errno.EBUSY, errno.EACCES])
def test_pdf_that_a_windows_user_holds_open_is_replaced_later_without_doing_the_case_again(
    config: Config, outbox: Outbox, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    folder, done, good = fill(config), list[str](), job(outbox)

    def process(snapshot: Snapshot, attempt: Attempt) -> Outcome:
        done.append(snapshot.name)
        return good(snapshot, attempt)

    cases, attempts = cases_of(config, outbox), attempts_of(outbox, process)

    def refused(_one: Path, _other: Path) -> bool:
        raise OSError(number, "injected")

    work(cases, 0, attempts)
    work(cases, 30, attempts)
    (config.outbox / CASE / "minha nota.txt").write_text("do fiscal")
    (config.outbox / CASE / "manifesto.json").unlink()  # so that it is made again without being withdrawn
    outbox.recover()
    cases.ledger.forget()
    with monkeypatch.context() as patch:
        patch.setattr("itrwatch.store.publication.exchange", refused)
        assert work(cases, 60, attempts) == [CASE]
        assert (
            cases.statuses()[0].waits_for
            == (
                "uma nova tentativa: "
                + (
                    "está em uso por outro programa"
                    if number == errno.EBUSY
                    else "sem permissão para o itrwatch; dê a ele o direito de ler e, na saída, o de escrever"
                )
            )
            or "em uso" in cases.statuses()[0].waits_for
        )
        assert (config.outbox / CASE / "minha nota.txt").exists()
        assert work(cases, 100, attempts) == [CASE]
        assert done == [CASE, CASE]
    assert work(cases, 300, attempts) == [CASE]
    assert done == [CASE, CASE]  # published from what was kept
    assert outbox.read_manifest(CASE) is not None
    assert not [entry for entry in outbox.private.iterdir() if entry.is_dir()]
    assert (folder / "scan.pdf").exists()


def test_held_set_is_thrown_away_when_the_folder_changed_meanwhile(
    config: Config, outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = fill(config)
    cases, attempts = cases_of(config, outbox), attempts_of(outbox, job(outbox))

    def refused(_self: Path, _target: Path) -> Path:
        raise OSError(errno.EACCES, "injected")

    with monkeypatch.context() as patch:
        patch.setattr("itrwatch.store.publication.Staging._swap", refused)
        work(cases, 0, attempts)
        assert work(cases, 30, attempts) == [CASE]
        assert outbox.held(CASE) is not None
    (folder / "scan.pdf").write_bytes(b"%PDF-2")
    work(cases, 40, attempts)
    assert work(cases, 100, attempts) == [CASE]
    assert pdf(config) == b"%PDF-2"
    assert outbox.held(CASE) is None
    assert not [entry for entry in outbox.private.iterdir() if entry.is_dir()]


def test_case_for_which_there_is_no_room_waits_and_smaller_ones_are_done(
    config: Config, outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F43: space is looked at before, not found missing in the middle."""
    fill(config, "1 grande", {"scan.pdf": b"x" * 100_000})
    fill(config, "2 pequena")
    cases, free = cases_of(config, outbox), 200_000
    monkeypatch.setattr(Outbox, "space", lambda _self: FreeSpace(free))
    work(cases, 0, job(outbox))
    assert work(cases, 30, job(outbox)) == ["2 pequena"]
    assert cases.statuses()[0].waits_for == (
        "falta espaço na saída: “1 grande” precisa de 0,3 MB, há 0,2 MB livres; libere espaço, e o trabalho continua automaticamente"
    )
    free = 400_000
    assert work(cases, 60, job(outbox)) == ["1 grande"]
    assert not cases.roots.crowded
