"""Page work in processes: one page's codec may die or hang, and nobody else notices."""

import os
import signal
import time
from pathlib import Path
from threading import Event, Timer

import pytest

from itrwatch.core.manifest import KilledError, Stopped
from itrwatch.scans.plain_file import Identity, ReplacedError, contents
from itrwatch.workers import pool as pool_module
from itrwatch.workers.pool import Failed, NoResult, Pool


def answer(task):
    """Works like a page, but does what the task says."""
    match task:
        case "segfault":
            os.kill(os.getpid(), signal.SIGSEGV)
        case "killed":
            os.kill(os.getpid(), signal.SIGKILL)
        case "loop":
            while True:
                pass
        case ("once", path, number):
            if not Path(path).exists():
                Path(path).touch()
                os.kill(os.getpid(), number)
        case "hang":
            time.sleep(600)
        case "bug":
            raise RuntimeError("boom")
        case "memory":
            return len(bytearray(64 << 30))
    return (task, os.getpid())


@pytest.fixture
def pool():
    with Pool(2, page_seconds=60.0) as pool:
        yield pool


@pytest.fixture
def impatient():
    with Pool(2, page_seconds=8.0) as pool:
        yield pool


def test_answers_come_in_the_order_of_the_pages_from_two_processes(pool):
    answers = list(pool.map(answer, list(range(40)), Event()))
    assert [task for task, _ in answers] == list(range(40))
    assert 1 <= len({pid for _, pid in answers}) <= 2


def test_a_codec_that_crashes_costs_its_page_and_no_other(pool):
    first, crashed, last = pool.map(answer, ["a", "segfault", "b"], Event())
    assert (first[0], last[0]) == ("a", "b")
    assert (crashed.why, crashed.signal) == (NoResult.CRASHED, "SIGSEGV")
    assert "Fatal Python error: Segmentation fault" in crashed.trace
    assert "in answer" in crashed.trace


def test_killed_crashed_and_over_its_time_are_four_facts(pool, impatient):
    (killed,) = pool.map(answer, ["killed"], Event())
    assert killed == Failed(NoResult.KILLED, "SIGKILL")
    with Pool(1, cpu_seconds=0.5) as brief:
        (looped,) = brief.map(answer, ["loop"], Event())
    assert (looped.why, looped.signal) == (NoResult.CPU, "SIGXCPU")
    assert "in answer" in looped.trace
    (hung,) = impatient.map(answer, ["hang"], Event())
    assert hung.why is NoResult.CLOCK
    assert "in answer" in hung.trace


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV, signal.SIGABRT])
def test_a_page_whose_worker_died_is_tried_once_more_before_its_file_is_blamed(pool, tmp_path, number):
    task = ("once", str(tmp_path / "tried"), number)
    first, again, last = pool.map(answer, ["a", task, "b"], Event())
    assert (first[0], again[0], last[0]) == ("a", task, "b")


def test_a_page_that_is_killed_twice_is_a_matter_of_trying_later(pool):
    with pool.case({}, blame_killed=False), pytest.raises(KilledError):
        list(pool.map(answer, ["killed"], Event()))
    with pool.case({}):
        assert list(pool.map(answer, ["killed"], Event())) == [Failed(NoResult.KILLED, "SIGKILL")]


def test_after_the_first_page_over_its_time_the_rest_of_the_case_is_not_tried():
    tasks = ["a", "loop", "loop", "loop", *[str(n) for n in range(20)]]
    with Pool(2, cpu_seconds=0.5) as brief, brief.case({}):
        first, looped, *others = brief.map(answer, tasks, Event())
        assert first[0] == "a"
        assert {looped.why, others[0].why} == {NoResult.CPU, NoResult.SKIPPED}
        assert [failed.why for failed in others[1:]] == [NoResult.SKIPPED] * 21
        assert brief.cpu_seconds >= 0.5


def test_a_case_over_its_own_time_is_not_tried_on(monkeypatch):
    monkeypatch.setattr(pool_module, "CASE_CPU_SECONDS", 0.3)
    monkeypatch.setattr(pool_module, "CASE_CPU_SECONDS_A_TASK", 0.0)
    with Pool(1) as brief, brief.case({}):
        answers = list(brief.map(spend, [0.2] * 6, Event()))
    assert [failed.why for failed in answers[1:]] == [NoResult.BUDGET, *[NoResult.SKIPPED] * 4]
    assert answers[0] == 0.2


def test_a_case_over_its_time_by_the_clock_is_tried_later(pool, monkeypatch):
    monkeypatch.setattr(pool_module, "CASE_SECONDS", 0.0)
    with pool.case({}), pytest.raises(TimeoutError):
        list(pool.map(answer, ["hang"], Event()))


def spend(seconds):
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass
    return seconds


def read(path):
    return contents(path)


@pytest.mark.parametrize(
    "change",
    [
        lambda path: os.link(path, path.with_name("link")),
        lambda path: path.write_bytes(b"two"),
        lambda path: path.with_name("new").write_bytes(b"one") and path.with_name("new").rename(path),
        lambda path: os.utime(path, ns=(1, path.stat().st_mtime_ns)),
    ],
    ids=["hard link", "contents", "another file", "restored time"],
)
def test_a_worker_reads_only_the_file_that_was_seen(pool, tmp_path, change):
    path = tmp_path / "scan.pdf"
    path.write_bytes(b"one")
    status = path.stat()
    seen = Identity(status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)
    with pool.case({path: seen}):
        assert list(pool.map(read, [path], Event())) == [b"one"]
        change(path)
        with pytest.raises(ReplacedError):
            list(pool.map(read, [path], Event()))


def replaced_while_read(path):
    with path.open("rb") as file:
        read = contents(path)
        path.with_name("new").write_bytes(b"two")
        path.with_name("new").rename(path)
    return read + file.name.encode()


def test_a_file_that_is_replaced_while_it_is_read_is_noticed(pool, tmp_path):
    path = tmp_path / "scan.pdf"
    path.write_bytes(b"one")
    status = path.stat()
    seen = Identity(status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)
    with pytest.raises(ReplacedError), pool.case({path: seen}):
        list(pool.map(replaced_while_read, [path], Event()))


def test_a_page_that_hangs_is_ended_and_the_pool_heals(impatient):
    hung, other = impatient.map(answer, ["hang", "a"], Event())
    assert hung.why is NoResult.CLOCK
    assert other[0] == "a"
    assert [task for task, _ in impatient.map(answer, ["c", "d"], Event())] == ["c", "d"]


def test_a_bug_of_ours_leaves_its_traceback(pool):
    (failed,) = pool.map(answer, ["bug"], Event())
    assert "RuntimeError: boom" in failed.trace


def test_a_page_that_asks_for_more_memory_than_allowed_fails_alone(pool):
    greedy, other = pool.map(answer, ["memory", "a"], Event())
    assert greedy == Failed(NoResult.MEMORY)
    assert other[0] == "a"


def test_stopping_abandons_what_is_under_way(pool):
    stop = Event()
    Timer(0.5, stop.set).start()
    with pytest.raises(Stopped):
        list(pool.map(answer, ["hang", "hang"], stop))


def test_workers_end_when_the_service_is_killed(tmp_path):
    """SIGKILL leaves no orphan at work: the pipe closes and the worker goes."""
    pid_file = tmp_path / "pid"
    parent = os.fork()
    if parent == 0:
        with Pool(1) as pool:
            ((_, worker),) = pool.map(answer, ["a"], Event())
            pid_file.write_text(str(worker))
            pid_file.rename(tmp_path / "ready")
            time.sleep(600)
        os._exit(0)
    try:
        wait_for((tmp_path / "ready").exists)
    finally:
        os.kill(parent, signal.SIGKILL)
        os.waitpid(parent, 0)
    worker = int((tmp_path / "ready").read_text())
    wait_for(lambda: not alive(worker))


def alive(pid):
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def wait_for(condition, seconds=60.0):
    deadline = time.monotonic() + seconds
    pause = Event()
    while not condition():
        assert time.monotonic() < deadline, "gave up waiting"
        pause.wait(0.02)
