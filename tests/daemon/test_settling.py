"""Quiet time, with the time given."""

import pytest

from itrwatch.daemon.settling import Moving, Quiet, Settling

SETTLE = 30.0


@pytest.mark.parametrize(
    ("looks", "last"),
    [
        pytest.param([("a", 0)], Moving(30.0), id="first look"),
        pytest.param([("a", 0), ("a", 29.9)], Moving(30.0), id="not yet"),
        pytest.param([("a", 0), ("a", 30)], Quiet(0.0), id="quiet"),
        pytest.param([("a", 0), ("b", 29), ("b", 58)], Moving(59.0), id="a change starts the count again"),
        pytest.param([("a", 0), ("b", 29), ("b", 59)], Quiet(29.0), id="quiet since the change"),
        pytest.param([("a", 0), ("b", 10), ("a", 20), ("a", 45)], Moving(50.0), id="back to what it was is a change"),
        pytest.param([("a", 0), ("a", 30), ("b", 40)], Moving(70.0), id="moves again"),
        pytest.param([("a", 0), ("a", 30), ("a", 4000), ("a", 4001)], Moving(4030.0), id="unseen time is not quiet"),
        pytest.param([("a", 200), ("a", 250)], Quiet(200.0), id="a clock that has run long"),
        pytest.param([("a", 0), ("a", 300)], Quiet(0.0), id="a look just in time is no pause"),
        pytest.param([("a", 0), ("a", 4000), ("a", 4001), ("a", 8000)], Quiet(4000.0), id="a pause counts once"),
        pytest.param([("a", 0), ("a", 4000), ("a", 8000)], Quiet(4000.0), id="always slow still comes to rest"),
    ],
)
def test_a_folder_is_quiet_when_it_was_seen_unchanged_long_enough(
    looks: list[tuple[str, float]], last: Moving | Quiet
) -> None:
    settling = Settling(SETTLE, pause_seconds=300)
    assert [settling.observe("caso", state_digest, now) for state_digest, now in looks][-1] == last


def test_no_settle_time_is_quiet_at_once() -> None:
    assert Settling(0).observe("caso", "a", 7) == Quiet(7)


def test_folders_do_not_disturb_each_other() -> None:
    settling = Settling(SETTLE)
    settling.observe("um", "a", 0)
    settling.observe("dois", "a", 20)
    assert settling.observe("um", "a", 30) == Quiet(0)
    assert settling.observe("dois", "a", 30) == Moving(50)


def test_one_that_vanished_and_returns_is_new() -> None:
    settling = Settling(SETTLE)
    settling.observe("caso", "a", 0)
    settling.retain([])
    assert settling.observe("caso", "a", 40) == Moving(70)


def test_restart_counts_again() -> None:
    settling = Settling(SETTLE)
    settling.observe("caso", "a", 0)
    settling.restart("caso")
    settling.restart("outro")
    assert settling.observe("caso", "a", 40) == Moving(70)
