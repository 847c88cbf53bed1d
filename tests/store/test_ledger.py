"""What the outbox holds against what the inbox calls for."""

import os
import shutil

import pytest

from itrwatch.core.settings import Config
from itrwatch.daemon import cases as cases_module
from itrwatch.daemon import finished_folders
from itrwatch.daemon.case_state import State
from itrwatch.store import ledger
from itrwatch.store import roots as roots_module
from itrwatch.store.fingerprint import fingerprint
from itrwatch.store.inbox import take_snapshot
from itrwatch.store.outbox import Outbox
from tests.shell import CASE, cases_of, fill, job, pdf, touch_later, work


def test_finished_folders_are_not_read_again(config: Config, outbox: Outbox, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(config)
    cases = cases_of(config, outbox)
    work(cases, 0, job(outbox))
    work(cases, 30, job(outbox))
    opened: list[str] = []
    monkeypatch.setattr(Outbox, "read_manifest", lambda _self, name: opened.append(name))
    for now in range(60, 6000, 60):
        cases.scan(now)
    assert opened == []


def test_a_scan_replaced_by_one_of_the_same_size_and_time_is_noticed(config: Config, outbox: Outbox) -> None:
    """Synchronisers keep the date of elsewhere, and all pages of a fax scanner have the same size."""
    folder = fill(config)
    os.utime(folder / "scan.pdf", (315532800, 315532800))
    cases, process = cases_of(config, outbox), job(outbox)
    work(cases, 0, process)
    work(cases, 30, process)

    def replaced(data: bytes) -> None:
        (config.inbox.parent / "novo").write_bytes(data)
        os.utime(config.inbox.parent / "novo", (315532800, 315532800))
        (config.inbox.parent / "novo").rename(folder / "scan.pdf")

    replaced(b"%PDF-2")
    work(cases, 60, process)
    assert pdf(config) is None
    assert work(cases, 90, process) == [CASE]
    assert pdf(config) == b"%PDF-2"
    replaced(b"%PDF-3")
    again = cases_of(config, Outbox(config.outbox))  # while no itrwatch ran
    work(again, 0, process)
    assert work(again, 30, process) == [CASE]
    assert pdf(config) == b"%PDF-3"


def test_files_that_only_look_replaced_are_read_once_and_a_few_at_a_scan(
    config: Config, outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a restored backup that is every folder: the others are not kept waiting by it."""
    names = [f"1315372021020193{number}" for number in range(4)]
    folders = [fill(config, name, {"scan.pdf": b"x" * 1000}) for name in names]
    cases, process = cases_of(config, outbox), job(outbox)
    work(cases, 0, process)
    assert work(cases, 30, process) == names
    cases.ledger.doubts = 2100
    read: list[str] = []
    compared = ledger.content_digests
    monkeypatch.setattr(
        ledger, "content_digests", lambda seen, *beats: read.append(seen.name) or compared(seen, *beats)
    )
    for folder in folders:
        (folder / "scan.pdf").chmod(0o600)
    counts = []
    for now in (60, 120, 180, 240):
        assert work(cases, now, process) == []
        counts.append(len(read))
    assert counts == [2, 4, 4, 4]
    assert sorted(read) == names


def test_a_finished_folder_in_which_nothing_was_heard_costs_one_look_at_its_times(
    config: Config, outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [f"131537202102019{number:02}" for number in range(20)]
    folders = {name: fill(config, name) for name in names}
    cases, process = cases_of(config, outbox), job(outbox)
    work(cases, 0, process)
    assert work(cases, 30, process) == names
    cases.scan(60)
    looked: list[str] = []
    look = cases_module.take_snapshot
    monkeypatch.setattr(cases_module, "take_snapshot", lambda folder: looked.append(folder.name) or look(folder))

    def seen(now: float, *heard: str) -> set[str]:
        looked.clear()
        cases.scan(now, frozenset(heard))
        return set(looked)

    scans = [seen(60 * number) for number in range(2, 2 + finished_folders.LIST_EVERY)]
    assert sum(map(len, scans)) == len(names)  # each once in so many scans
    assert set().union(*scans) == set(names)
    (folders[names[3]] / "mais.pdf").write_bytes(b"%PDF")
    (config.outbox / names[5] / "NOTI.pdf").unlink()
    assert {names[3], names[5], names[7]} <= seen(9000, names[7])
    assert seen(9100) >= {names[3], names[5]}  # they are not finished any more
    looked.clear()
    cases.scan(9200)
    assert set(looked) == set(names)


def test_a_light_scan_looks_into_no_folder_until_something_has_another_time(
    config: Config, outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = fill(config)
    cases, process = cases_of(config, outbox), job(outbox)
    work(cases, 0, process)
    assert work(cases, 30, process) == [CASE]
    cases.scan(60)
    listed: list[int] = []
    whole = roots_module.list_cases
    monkeypatch.setattr(roots_module, "list_cases", lambda inbox: listed.append(1) or whole(inbox))
    with outbox.lock():
        cases.scan(80, frozenset())
        listed.clear()
        assert not cases.scan(90, frozenset(), light=True)
        assert not listed
        (folder / "mais.pdf").write_bytes(b"%PDF")  # the event is lost
        cases.scan(100, frozenset(), light=True)
        assert listed
        assert cases.named(State.MOVING)
    cases.scan(120, frozenset(), light=True)  # without the lock something is wrong: everything is looked at
    assert listed
    fill(config, "13153720210201935")
    listed.clear()
    assert cases.scan(150, frozenset(), light=True)
    assert listed
    shutil.rmtree(config.outbox / CASE)
    cases.scan(180, frozenset())
    assert cases.named(State.READY, State.MOVING)


def test_what_comes_beside_a_published_set_is_reported_and_the_set_stays(config: Config, outbox: Outbox) -> None:
    folder = fill(config)
    cases, process = cases_of(config, outbox), job(outbox)
    work(cases, 0, process)
    work(cases, 30, process)
    for number, name in enumerate(("SCAN0003", "processo (1).yaml")):
        (folder / name).write_bytes(b"x")
        work(cases, 100 * number + 60, process)
        assert pdf(config) == b"%PDF-1"
        assert work(cases, 100 * number + 90, process) == [CASE]
        assert work(cases, 100 * number + 120, process) == []
    twin = fill(config, f"{CASE} outra")
    assert work(cases, 300, process) == [CASE]
    assert work(cases, 330, process) == [twin.name]
    assert work(cases, 360, process) == []


def test_the_label_of_an_older_version_is_no_change(config: Config, outbox: Outbox) -> None:
    fill(config)
    cases, process = cases_of(config, outbox), job(outbox)
    work(cases, 0, process)
    work(cases, 30, process)
    manifest = outbox.read_manifest(CASE)
    assert manifest is not None
    outbox.refresh(CASE, ":".join(manifest.fingerprint.split(":")[:2]), None)
    again = cases_of(config, Outbox(config.outbox))
    work(again, 0, process)
    assert work(again, 30, process) == []


def test_a_change_withdraws_the_old_set_at_once(config: Config, outbox: Outbox, said: list[str]) -> None:
    folder = fill(config)
    cases, process = cases_of(config, outbox), job(outbox)
    work(cases, 0, process)
    work(cases, 30, process)
    (folder / "scan.pdf").write_bytes(b"%PDF-2, still com")
    assert work(cases, 60, process) == []
    assert pdf(config) is None
    assert "mudou na entrada" in (config.outbox / CASE / "PENDENTE.txt").read_text("utf-8-sig")
    assert f"INFO: {CASE}: mudou na entrada; o conjunto publicado sai até o novo ficar pronto" in said
    (folder / "scan.pdf").write_bytes(b"%PDF-2, whole")
    assert work(cases, 70, process) == []
    assert work(cases, 100, process) == [CASE]
    assert pdf(config) == b"%PDF-2, whole"
    assert [entry.name for entry in (config.outbox / CASE / "anteriores").iterdir()] == ["2026-11-22 20h05m12s"]


def test_a_touched_folder_only_refreshes_the_ledger(config: Config, outbox: Outbox) -> None:
    folder = fill(config)
    cases, process = cases_of(config, outbox), job(outbox)
    work(cases, 0, process)
    work(cases, 30, process)
    touch_later(folder / "scan.pdf")
    assert work(cases, 60, process) == []
    assert work(cases, 90, process) == []
    assert pdf(config) == b"%PDF-1"
    manifest = outbox.read_manifest(CASE)
    assert manifest is not None
    assert manifest.fingerprint == fingerprint(take_snapshot(folder)).published
    assert work(cases_of(config, outbox), 0, process) == []


def test_a_folder_deleted_file_by_file_keeps_its_set(config: Config, outbox: Outbox) -> None:
    folder = fill(config, more={"a.pdf": b"a", "b.pdf": b"b"})
    cases, process = cases_of(config, outbox), job(outbox)
    work(cases, 0, process)
    work(cases, 30, process)
    work(cases, 40, process)
    for now, name in enumerate(["a.pdf", "b.pdf", "processo.yaml", "scan.pdf"], start=60):
        (folder / name).unlink()
        work(cases, now, process)
        assert pdf(config) == b"ab%PDF-1"
    work(cases, 200, process)
    folder.rmdir()
    work(cases, 300, process)
    assert pdf(config) == b"ab%PDF-1"


def test_a_page_taken_out_for_good_makes_a_new_set(config: Config, outbox: Outbox) -> None:
    folder = fill(config, more={"a.pdf": b"a"})
    cases, process = cases_of(config, outbox), job(outbox)
    work(cases, 0, process)
    work(cases, 30, process)
    (folder / "a.pdf").unlink()
    assert work(cases, 60, process) == []
    assert work(cases, 90, process) == [CASE]
    assert pdf(config) == b"%PDF-1"


def test_pending_is_done_again_when_changed_or_newer_or_asked(config: Config, outbox: Outbox) -> None:
    folder = fill(config, more={"scan.pdf": b""})
    cases = cases_of(config, outbox)
    work(cases, 0, job(outbox, version="0.0.9"))
    assert work(cases, 30, job(outbox, version="0.0.9")) == [CASE]
    assert work(cases, 60, job(outbox)) == [CASE]  # another version may know better
    assert work(cases, 90, job(outbox)) == []
    asked = cases_of(config, outbox, retry=True)
    work(asked, 0, job(outbox))
    assert work(asked, 30, job(outbox)) == [CASE]
    assert work(asked, 60, job(outbox)) == []
    touch_later(folder / "scan.pdf")
    assert work(cases, 120, job(outbox)) == []
    assert work(cases, 150, job(outbox)) == []  # touched only
    (folder / "scan.pdf").write_bytes(b"%PDF-9")
    assert work(cases, 200, job(outbox)) == []
    assert work(cases, 230, job(outbox)) == [CASE]


def test_published_is_not_done_again_for_a_version(config: Config, outbox: Outbox) -> None:
    fill(config)
    cases = cases_of(config, outbox)
    work(cases, 0, job(outbox, version="0.0.9"))
    work(cases, 30, job(outbox, version="0.0.9"))
    assert work(cases_of(config, outbox, retry=True), 60, job(outbox)) == []


def test_a_folder_deleted_in_the_outbox_is_made_again(config: Config, outbox: Outbox) -> None:
    fill(config)
    cases = cases_of(config, outbox)
    work(cases, 0, job(outbox))
    work(cases, 30, job(outbox))
    shutil.rmtree(config.outbox / CASE)
    assert work(cases, 60, job(outbox)) == [CASE]
    (config.outbox / CASE / "manifesto.json").write_text("{")
    assert work(cases_of(config, outbox), 60, job(outbox)) == []
    assert pdf(config) == b"%PDF-1"  # not known to be stale: stays until the new one is there


def test_the_inbox_may_be_read_only_and_is_never_written(config: Config, outbox: Outbox) -> None:
    folder = fill(config)
    before = {path: path.stat() for path in (config.inbox, folder, *folder.iterdir())}
    cases = cases_of(config, outbox)
    work(cases, 0, job(outbox))
    work(cases, 30, job(outbox))
    after = {path: path.stat() for path in (config.inbox, folder, *folder.iterdir())}
    assert {p: (s.st_mtime_ns, s.st_ctime_ns) for p, s in before.items()} == {
        p: (s.st_mtime_ns, s.st_ctime_ns) for p, s in after.items()
    }


@pytest.mark.parametrize("deed", ["deletes", "cuts", "empties the folder of"])
def test_a_damaged_pdf_in_the_outbox_is_made_again(config: Config, outbox: Outbox, said: list[str], deed: str) -> None:
    fill(config)
    cases, process = cases_of(config, outbox), job(outbox)
    work(cases, 0, process)
    work(cases, 30, process)
    published = config.outbox / CASE / "NOTI.pdf"
    if deed == "cuts":
        published.write_bytes(b"%")
    else:
        published.unlink()
    if deed == "empties the folder of":
        shutil.rmtree(config.outbox / CASE)
        (config.outbox / CASE).mkdir()
    done = [work(cases, now, process) for now in range(60, 720, 60)]  # ten minutes at most, within which it is seen
    assert done.count([CASE]) == 1
    assert pdf(config) == b"%PDF-1"
    if deed != "empties the folder of":
        assert f"WARNING: {CASE}: alguém apagou ou alterou na saída NOTI.pdf; o conjunto será refeito" in said


def test_a_foreign_file_beside_the_published_set_is_left_alone(config: Config, outbox: Outbox) -> None:
    fill(config)
    cases, process = cases_of(config, outbox), job(outbox)
    work(cases, 0, process)
    work(cases, 30, process)
    (config.outbox / CASE / "anotações do fiscal.docx").write_bytes(b"PK")
    (config.outbox / "pasta alheia").mkdir()
    (config.outbox / "pasta alheia" / "foto.jpg").write_bytes(b"JFIF")
    assert [work(cases, now, process) for now in range(60, 720, 60)] == [[]] * 11
    assert (config.outbox / CASE / "anotações do fiscal.docx").exists()
    assert (config.outbox / "pasta alheia" / "foto.jpg").exists()
