"""When a sidecar that was just saved may be checked: the scans at rest, the file itself written to the end."""

from itrwatch.daemon.early_check import Rechecking
from itrwatch.daemon.settling import Moving, Quiet

NEVER = Moving(float("inf"))


def test_a_saved_sidecar_is_checked_when_the_scans_have_long_been_at_rest():
    rechecking = Rechecking(30)
    assert rechecking.observe("caso", "scans", "yaml 1", 0) == Moving(30)
    assert rechecking.observe("caso", "scans", "yaml 2", 40) == Moving(42)
    assert rechecking.observe("caso", "scans", "yaml 3", 41) == Moving(43)
    assert rechecking.observe("caso", "scans", "yaml 3", 43.5) == Quiet(41)


def test_a_folder_that_was_not_listed_for_long_is_at_rest_as_before():
    rechecking = Rechecking(30)
    rechecking.observe("caso", "scans", "yaml", 0)
    assert rechecking.observe("caso", "scans", "yaml 2", 1200) == Moving(1202)


def test_folders_do_not_disturb_each_other():
    rechecking = Rechecking(30)
    for name in ("um", "dois"):
        rechecking.observe(name, f"scans de {name}", f"yaml de {name}", 0)
    assert rechecking.observe("um", "scans de um", "yaml de um", 40) == Quiet(0)


def test_it_waits_for_a_scanner_that_is_at_work():
    rechecking = Rechecking(30)
    rechecking.observe("caso", "scans", "yaml", 0)
    assert rechecking.observe("caso", "scans and one more", "yaml", 40) == Moving(70)


def test_each_version_is_checked_once():
    rechecking = Rechecking(0)
    assert rechecking.observe("caso", "scans", "yaml", 0) == Quiet(0)
    rechecking.know("caso", "scans", "yaml")
    assert rechecking.observe("caso", "scans", "yaml", 100) == NEVER
    assert rechecking.observe("caso", "scans", "yaml 2", 101) == Quiet(101)


def test_a_folder_that_went_and_came_back_is_a_new_one():
    rechecking = Rechecking(30)
    rechecking.observe("caso", "scans", "yaml", 0)
    rechecking.know("caso", "scans", "yaml")
    rechecking.retain([])
    assert rechecking.observe("caso", "scans", "yaml", 40) == Moving(70)
