"""Workers are forked from a process that has everything loaded: clean, quick, and gone with who asked for them."""

import os
import signal
import sys
from pathlib import Path
from threading import Event, Thread

import pytest

from itrwatch.workers.fork_server import ForkServerLostError
from itrwatch.workers.pool import Pool
from tests.workers.test_pool import alive, wait_for


def who(_task):
    """In a worker: its number, its parent's, how many threads that has, and whether it loaded OpenCV itself."""
    parent = os.getppid()
    return os.getpid(), parent, len(list(Path(f"/proc/{parent}/task").iterdir())), "cv2" in sys.modules


def hang(path):
    Path(path).write_text(f"{os.getpid()} {os.getppid()}")
    Path(path).rename(f"{path}.there")
    Event().wait()


@pytest.fixture
def pool():
    with Pool(1) as pool:
        yield pool


def ask(pool):
    (answer,) = pool.map(who, [None], Event())
    return answer


def test_a_worker_is_forked_by_a_process_of_one_thread_that_loaded_what_it_needs(pool):
    worker, fork_server, threads, loaded = ask(pool)
    assert fork_server != os.getpid()
    assert (threads, loaded) == (1, True)
    assert ask(pool)[0] == worker


def test_after_a_case_the_workers_go_and_the_next_one_has_new_ones(pool):
    worker, fork_server, *_ = ask(pool)
    pool.dismiss()
    assert not alive(worker)
    other, same, *_ = ask(pool)
    assert (other != worker, same) == (True, fork_server)


def test_two_pools_of_one_fork_server_do_not_end_each_other(pool):
    worker, fork_server, *_ = ask(pool)
    with pool.sibling(1) as sibling:
        other, same, *_ = ask(sibling)
        assert same == fork_server
    assert not alive(other)
    assert ask(pool)[0] == worker


def test_without_its_fork_server_a_page_is_not_blamed_and_the_next_try_has_a_new_one(pool, tmp_path):
    """When memory ends the kernel may take the fork_server too: that is a matter of trying again."""
    place = tmp_path / "worker"
    answers = pool.map(hang, [place], Event())
    with pytest.raises(ForkServerLostError) as lost:
        next(killing(answers, place))
    assert isinstance(lost.value, OSError)
    worker, fork_server = map(int, Path(f"{place}.there").read_text().split())
    wait_for(lambda: not alive(worker))
    assert ask(pool)[1] != fork_server


def killing(answers, place):
    """The answers, the fork_server being killed as soon as the worker is under way."""

    def kill():
        wait_for(Path(f"{place}.there").exists)
        os.kill(int(Path(f"{place}.there").read_text().split()[1]), signal.SIGKILL)

    Thread(target=kill).start()
    return answers


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_stopped_fork_server_ends_with_the_service(tmp_path):
    """It cannot see that its parent is gone; the kernel does."""
    place = tmp_path / "numbers"
    parent = os.fork()
    if parent == 0:
        with Pool(1) as pool:
            worker, server, *_ = ask(pool)
            (tmp_path / "draft").write_text(f"{worker} {server}")
            (tmp_path / "draft").rename(place)
            Event().wait()
        os._exit(0)
    try:
        wait_for(place.exists)
        worker, server = map(int, place.read_text().split())
        os.kill(server, signal.SIGSTOP)
    finally:
        os.kill(parent, signal.SIGKILL)
        os.waitpid(parent, 0)
    wait_for(lambda: not alive(server))
    wait_for(lambda: not alive(worker))
