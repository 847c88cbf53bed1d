"""Pages of a folder that is not yet at rest: which scans are looked at, and that the bytes are the same."""

from dataclasses import replace
from threading import Event

import pytest

from itrwatch.core.manifest import Arriving, Published, Unsettled
from itrwatch.daemon.preparing import STILL_AGAIN_SECONDS, STILL_SECONDS, Preparing
from itrwatch.job.attempt import Attempt
from itrwatch.job.job import Services, process_folder
from itrwatch.job.prepared import PreparedPages, prepare_folder
from itrwatch.store.inbox import FileStat, Snapshot, take_snapshot
from itrwatch.store.outbox import Outbox
from itrwatch.workers.pool import Pool
from tests.daemon.test_daemon import Daemon
from tests.office import CASE, scan_bytes

SIDECAR = "secoes:\n  - notificacao: [a.pdf, b.pdf]\n"


def folder(tmp_path, **sizes):
    scans = tuple(FileStat(f"{name}.pdf", size, size, size) for name, size in sizes.items())
    return Snapshot(tmp_path, CASE, scans=scans)


def still(preparing, now):
    snapshot = preparing.begin(now)
    return snapshot and [scan.name for scan in snapshot.scans]


def test_a_scan_is_looked_at_when_it_was_still_for_a_moment_and_once(tmp_path):
    preparing = Preparing()
    preparing.observe(folder(tmp_path, a=1), 0)
    assert still(preparing, STILL_SECONDS - 0.1) is None
    preparing.observe(folder(tmp_path, a=1, b=1), STILL_SECONDS)
    assert still(preparing, STILL_SECONDS) == ["a.pdf"]
    preparing.finish(folder(tmp_path, a=1), whole=True)
    assert still(preparing, STILL_SECONDS + 1) is None
    assert still(preparing, 2 * STILL_SECONDS) == ["a.pdf", "b.pdf"]
    preparing.finish(folder(tmp_path, a=1, b=1), whole=False)  # somebody else's turn came
    assert still(preparing, 2 * STILL_SECONDS) == ["a.pdf", "b.pdf"]


def test_a_scanner_that_rewrites_its_file_for_every_page_costs_one_wasted_attempt(tmp_path):
    preparing, looks = Preparing(), 0
    for page in range(1, 31):
        now = 10.0 * page
        preparing.observe(folder(tmp_path, a=page), now)
        if preparing.begin(now + 9):
            looks += 1
            preparing.finish(folder(tmp_path, a=page), whole=True)
    assert looks == 1
    assert still(preparing, now + STILL_AGAIN_SECONDS) == ["a.pdf"]


@pytest.fixture
def early(office):
    services = Services(office.config, Outbox(office.outbox), office.pool)
    return replace(services, prepared=PreparedPages(services.outbox))


def prepared(early, folder):
    return prepare_folder(take_snapshot(folder), early.config, early.pool, early.prepared, Event())


def test_the_bytes_are_the_same_and_no_page_is_done_twice(office, early, monkeypatch):
    folder = office.case(SIDECAR, a_pdf=scan_bytes("A", "B"), b_pdf=scan_bytes("C"))
    process_folder(replace(early, prepared=None), take_snapshot(folder), Attempt(Event()))
    wanted = (office.out() / "NOTI.pdf").read_bytes()
    assert isinstance(prepared(early, folder), Arriving)
    tasks = []
    mapped = Pool.map

    def counted(self, work, todo, stop, **more):
        tasks.extend(todo if work.name == "work_page" else [])
        return mapped(self, work, todo, stop, **more)

    monkeypatch.setattr(Pool, "map", counted)
    assert isinstance(process_folder(early, take_snapshot(folder), Attempt(Event())), Published)
    assert (office.out() / "NOTI.pdf").read_bytes() == wanted
    assert tasks == []
    assert not list((office.outbox / ".itrwatch" / "preparo" / "spool").iterdir())


def test_what_changes_meanwhile_is_thrown_away(office, early):
    folder = office.case(SIDECAR, a_pdf=scan_bytes("A"), b_pdf=scan_bytes("C"))
    prepared(early, folder)
    (folder / "b.pdf").write_bytes(scan_bytes("D"))
    (folder / "processo.yaml").write_text(SIDECAR + "contribuinte: Boa Vista\n")
    prepared(early, folder)
    assert len(list((office.outbox / ".itrwatch" / "preparo" / "spool").iterdir())) == 2
    process_folder(early, take_snapshot(folder), Attempt(Event()))
    made = (office.out() / "NOTI.pdf").read_bytes()
    process_folder(replace(early, prepared=None), take_snapshot(folder), Attempt(Event()))
    assert (office.out() / "NOTI.pdf").read_bytes() == made


def test_a_scan_that_changes_while_it_is_looked_at_gives_nothing(office, early):
    folder = office.case(SIDECAR, a_pdf=scan_bytes("A"), b_pdf=scan_bytes("C"))
    seen = take_snapshot(folder)
    (folder / "b.pdf").write_bytes(scan_bytes("D"))
    answer = prepare_folder(seen, early.config, early.pool, early.prepared, Event())
    assert isinstance(answer, Unsettled)


def test_the_service_does_pages_while_the_folder_is_quiet(tmp_path):
    daemon = Daemon(tmp_path, settle=30)
    try:
        (daemon.case() / "noti.pdf").write_bytes(scan_bytes("A", "B"))
        daemon.until(lambda: "2 páginas preparadas" in daemon.log.read_text())
        assert not (daemon.outbox / CASE).exists()
        assert len(list((daemon.outbox / ".itrwatch" / "preparo" / "spool").iterdir())) == 2
        assert daemon.stop() == 0
    finally:
        daemon.process.kill()
