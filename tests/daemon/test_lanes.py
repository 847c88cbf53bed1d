"""Short cases beside long ones: whose turn it is, and who makes way."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from itrwatch.core.manifest import Outcome, Pending, Published, Stopped
from itrwatch.core.settings import Config
from itrwatch.daemon import case_queue
from itrwatch.daemon import loop as loop_module
from itrwatch.daemon.attempts import ProcessCase
from itrwatch.daemon.loop import JobThread, Loop
from itrwatch.job.attempt import Attempt
from itrwatch.store.inbox import Snapshot, take_snapshot
from itrwatch.store.outbox import Outbox
from tests.daemon.test_daemon import Daemon
from tests.office import scan_bytes
from tests.shell import cases_of, fill, job, until

LONG, SHORT = b"%PDF-1" + bytes(2000), b"%PDF-1"
BOMB = Path(__file__).parents[3] / "shared" / "field" / "cpu_bomb" / "shading_6_pages.pdf"


@pytest.fixture(autouse=True)
def _sizes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(case_queue, "SHORT_BYTES", 1000)
    monkeypatch.setattr(loop_module, "QUICK_SECONDS", 0.05)


class Lanes:
    """A loop with two threads; a case whose name begins with “presa” works until it is asked to stop."""

    def __init__(self, config: Config, outbox: Outbox) -> None:
        self.begun: list[str] = []
        self.done: list[str] = []
        self.halt, wake = threading.Event(), threading.Event()
        self.cases = cases_of(config, outbox)
        self.cases.settling.seconds = 0
        publish = job(outbox)

        def process(snapshot: Snapshot, attempt: Attempt) -> Outcome:
            self.begun.append(snapshot.name)
            while snapshot.name.startswith("presa"):
                if attempt.stop.is_set():
                    raise Stopped
                threading.Event().wait(0.005)
            self.done.append(snapshot.name)
            return publish(snapshot, attempt)

        lanes = [JobThread(process, self.halt, wake) for _ in range(2)]
        self.loop = Loop(self.cases, lanes[0], wake, lambda: 0.01, None, lanes[1])

    def step(self) -> bool:
        self.loop.step()
        return True


@pytest.fixture
def lanes(config: Config, outbox: Outbox) -> Iterator[Lanes]:
    made = Lanes(config, outbox)
    yield made
    made.halt.set()
    made.loop.wait_for_job()


def test_a_long_case_in_front_does_not_hold_up_the_short_ones(config: Config, lanes: Lanes) -> None:
    fill(config, "presa, longa", {"scan.pdf": LONG})
    names = [f"{number:03}" for number in range(20)]
    for name in names:
        fill(config, name, {"scan.pdf": SHORT})
    until(lambda: lanes.step() and len(lanes.done) == 20)
    assert lanes.loop.job.case == "presa, longa"
    assert lanes.loop.job.busy
    assert sorted(lanes.done) == names


def test_what_only_looks_short_makes_way_and_comes_last(config: Config, lanes: Lanes) -> None:
    fill(config, "presa 1", {"scan.pdf": SHORT})
    fill(config, "presa 2", {"scan.pdf": SHORT})
    until(lambda: lanes.step() and len(lanes.cases.working) == 2)
    fill(config, "boa", {"scan.pdf": SHORT})
    until(lambda: lanes.step() and lanes.done == ["boa"])
    fill(config, "outra", {"scan.pdf": SHORT})
    until(lambda: lanes.step() and lanes.done == ["boa", "outra"])


def test_a_long_case_in_the_short_lane_goes_on_while_no_other_waits(config: Config, lanes: Lanes) -> None:
    fill(config, "presa 1", {"scan.pdf": SHORT})
    fill(config, "presa 2", {"scan.pdf": SHORT})
    until(lambda: lanes.step() and len(lanes.cases.working) == 2)
    until(lambda: lanes.step() and all(lane.seconds() > 0.1 for lane in lanes.loop.lanes))
    assert lanes.loop.busy
    assert not any(lane.interrupted for lane in lanes.loop.lanes)


def test_a_job_whose_folder_changes_makes_way_at_once_and_is_not_called_heavy(
    config: Config, lanes: Lanes, said: list[str]
) -> None:
    folder = fill(config, "presa", {"scan.pdf": LONG})
    until(lambda: lanes.step() and lanes.begun == ["presa"])
    (folder / "scan.pdf").write_bytes(LONG + b"+")
    until(lambda: lanes.step() and lanes.begun == ["presa"] * 2)
    assert not any("demora mais" in line for line in said)


def test_a_case_that_took_long_and_came_to_nothing_sinks(config: Config, outbox: Outbox) -> None:
    cases = cases_of(config, outbox)
    for name in ("1 pesada", "2 boa"):
        fill(config, name, {"scan.pdf": SHORT})
    cases.scan(0)
    cases.scan(30)

    def first() -> str:
        snapshot = cases.next_ready(30)
        assert snapshot is not None
        return snapshot.name

    assert first() == "1 pesada"
    cases.begin("1 pesada")
    manifest = outcome_of(job(outbox), config, "1 pesada")
    cases.finish("1 pesada", Pending(manifest), 60, took=100)
    (config.inbox / "1 pesada" / "processo.yaml").write_text("secoes: []\n")  # it was touched: heavy it stays
    cases.scan(60)
    cases.scan(90)
    assert first() == "2 boa"


def outcome_of(process: ProcessCase, config: Config, name: str):
    outcome = process(take_snapshot(config.inbox / name), Attempt(threading.Event()))
    assert isinstance(outcome, Published)
    return outcome.manifest


@pytest.mark.skipif(not BOMB.exists(), reason="the shared files are not here")
def test_pages_that_compute_without_end_do_not_delay_a_good_case(tmp_path: Path) -> None:
    daemon = Daemon(tmp_path)
    try:
        bomb = daemon.case(name="13153720210201934 bomba")
        (bomb / "noti.pdf").write_bytes(BOMB.read_bytes())
        daemon.until(lambda: "bomba: início" in daemon.log.read_text())
        (daemon.case(name="13153720210201934 boa") / "noti.pdf").write_bytes(scan_bytes("A"))
        daemon.until((daemon.outbox / "13153720210201934 boa" / "NOTI.pdf").exists)
        assert "bomba: pendente" not in daemon.log.read_text()
        assert daemon.stop() == 0
    finally:
        daemon.process.kill()
