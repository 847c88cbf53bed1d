"""Page work in processes: one page's codec may die or hang, and nobody else notices."""

import os
import signal
import time
from threading import Event, Timer

import pytest

from itrwatch.core.manifest import Stopped
from itrwatch.workers.pool import Failed, Pool


def answer(task):
    """Works like a page, but does what the task says."""
    match task:
        case "segfault":
            os.kill(os.getpid(), signal.SIGSEGV)
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
    with Pool(2, page_seconds=5.0) as pool:
        yield pool


def test_answers_come_in_the_order_of_the_pages_from_two_processes(pool):
    answers = list(pool.map(answer, list(range(40)), Event()))
    assert [task for task, _ in answers] == list(range(40))
    assert 1 <= len({pid for _, pid in answers}) <= 2


def test_a_codec_that_crashes_costs_its_page_and_no_other(pool):
    first, crashed, last = pool.map(answer, ["a", "segfault", "b"], Event())
    assert (first[0], last[0]) == ("a", "b")
    assert crashed == Failed(died=True)


def test_a_page_that_hangs_is_ended_and_the_pool_heals(impatient):
    hung, other = impatient.map(answer, ["hang", "a"], Event())
    assert hung == Failed(late=True)
    assert other[0] == "a"
    assert [task for task, _ in impatient.map(answer, ["c", "d"], Event())] == ["c", "d"]


def test_a_bug_of_ours_leaves_its_traceback(pool):
    (failed,) = pool.map(answer, ["bug"], Event())
    assert "RuntimeError: boom" in failed.trace


def test_a_page_that_asks_for_more_memory_than_allowed_fails_alone(pool):
    greedy, other = pool.map(answer, ["memory", "a"], Event())
    assert greedy == Failed(full=True)
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


def wait_for(condition, seconds=15.0):
    deadline = time.monotonic() + seconds
    pause = Event()
    while not condition():
        assert time.monotonic() < deadline, "gave up waiting"
        pause.wait(0.02)
