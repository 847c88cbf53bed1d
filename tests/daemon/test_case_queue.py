"""Whose turn it is: who rests longest, short cases in their own thread, and who held up the others comes last."""

import pytest

from itrwatch.core.manifest import Manifest, Pending, Published
from itrwatch.daemon.case_queue import HEAVY_SECONDS, SHORT_BYTES, CaseQueue
from itrwatch.daemon.case_state import Watched

MANIFEST = Manifest(None, "a", "", "1")


@pytest.fixture
def queue():
    cases = {name: Watched() for name in ("old", "new", "large", "fatal")}
    for due, case in enumerate(cases.values()):
        case.due = float(due)
    cases["large"].size = SHORT_BYTES + 1
    made = CaseQueue(cases)
    made.last.add("fatal")
    made.fill(["new", "fatal", "large", "old"])
    return made


def test_the_longest_at_rest_comes_first_and_what_a_process_died_over_last(queue):
    assert queue.in_order(short=None) == ["old", "new", "large", "fatal"]


def test_the_thread_for_short_cases_gets_no_other(queue):
    assert queue.in_order(short=True) == ["old", "new"]
    assert queue.in_order(short=False) == ["large", "old", "new", "fatal"]
    queue.ready = ["large", "fatal"]
    assert not queue.short_waits


def test_a_long_job_without_pdfs_puts_its_case_behind_the_others_until_it_is_published(queue):
    queue.weigh("old", Pending(MANIFEST), HEAVY_SECONDS + 1)
    queue.fill(queue.ready)
    assert queue.in_order(short=None) == ["new", "large", "old", "fatal"]
    assert queue.in_order(short=True) == ["new"]
    queue.weigh("old", Published(MANIFEST), HEAVY_SECONDS + 1)
    queue.fill(queue.ready)
    assert queue.in_order(short=None)[0] == "old"
