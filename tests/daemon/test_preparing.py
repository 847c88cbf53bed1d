"""Pages of a folder that is not yet at rest: which scans are looked at, and that the bytes are the same."""

from dataclasses import replace
from threading import Event

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from itrwatch.core.manifest import Arriving, Published, Unsettled
from itrwatch.daemon.still_files import STILL_AGAIN_SECONDS, STILL_SECONDS, StillFiles
from itrwatch.imaging.encoding.codecs import encode_ink
from itrwatch.job.answer_cache import AnswerCache
from itrwatch.job.attempt import Attempt
from itrwatch.job.job import Services, process_folder
from itrwatch.job.prepare import prepare_folder
from itrwatch.job.write_parts import WritingError
from itrwatch.store.inbox import FileStat, Snapshot, take_snapshot
from itrwatch.store.outbox import Outbox
from itrwatch.workers.pool import Pool
from itrwatch.workers.tasks import spooled, unspooled
from tests.daemon.test_daemon import Daemon
from tests.office import CASE, blank_page, scan_bytes

SIDECAR = "secoes:\n  - notificacao: [a.pdf, b.pdf]\n"


def folder(tmp_path, sidecar=0, **sizes):
    scans = tuple(FileStat(f"{name}.pdf", size, size, size) for name, size in sizes.items())
    sidecars = (FileStat("processo.yaml", sidecar, sidecar, sidecar),) if sidecar else ()
    return Snapshot(tmp_path, CASE, sidecars, scans)


def still(preparing, now):
    snapshot = preparing.begin(now)
    return snapshot and [scan.name for scan in snapshot.scans]


def test_a_scan_is_looked_at_when_it_was_still_for_a_moment_and_once(tmp_path):
    preparing = StillFiles()
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
    preparing, looks = StillFiles(), 0
    for page in range(1, 31):
        now = 10.0 * page
        preparing.observe(folder(tmp_path, a=page), now)
        if preparing.begin(now + 9):
            looks += 1
            preparing.finish(folder(tmp_path, a=page), whole=True)
    assert looks == 1
    assert still(preparing, now + STILL_AGAIN_SECONDS) == ["a.pdf"]


def test_a_sidecar_that_is_saved_after_the_scans_were_prepared_is_prepared_too(tmp_path):
    preparing = StillFiles()
    preparing.observe(folder(tmp_path, a=1), 0)
    preparing.finish(preparing.begin(10), whole=True)
    preparing.observe(folder(tmp_path, a=1, sidecar=1), 20)
    assert still(preparing, 20 + STILL_SECONDS - 0.1) is None
    assert still(preparing, 20 + STILL_SECONDS) == ["a.pdf"]
    preparing.finish(folder(tmp_path, a=1, sidecar=1), whole=True)
    assert still(preparing, 30) is None


@pytest.fixture
def early(office):
    services = Services(office.config, Outbox(office.outbox), office.pool)
    return replace(services, answers=AnswerCache(services.outbox))


def prepared(early, folder):
    return prepare_folder(take_snapshot(folder), early.config, early.pool, early.answers, Event())


def spools(office):
    return list((office.outbox / ".itrwatch" / "preparo" / "spool").iterdir())


def made(office):
    """What the case gives, but for the times in it."""
    files = {path.name: path.read_bytes() for path in office.out().glob("*.pdf")}
    return files, office.manifest().pages, office.manifest().findings


def process(services, folder):
    return process_folder(services, take_snapshot(folder), Attempt(Event()))


@pytest.fixture
def asked(monkeypatch):
    """What the workers are asked, by name."""
    names = []
    mapped = Pool.map

    def counted(self, work, todo, stop, **more):
        names.extend(work.name for _ in todo)
        return mapped(self, work, todo, stop, **more)

    monkeypatch.setattr(Pool, "map", counted)
    return names


PALE = Image.new("L", (827, 1169), 255)
ImageDraw.Draw(PALE).text((200, 300), "verso que transparece", 226, ImageFont.load_default(40))
"""A page with only pale marks: analysed again beside its neighbours."""


@pytest.mark.parametrize("before", [SIDECAR, ""], ids=["with the sidecar", "scans first"])
def test_the_bytes_are_the_same_and_only_the_writing_is_left(office, early, asked, before):
    """Twice the same sheet, a page that is analysed again, a blank one, a page that no section lists."""
    scans = {"a_pdf": scan_bytes("A", "B", PALE, blank_page()), "b_pdf": scan_bytes("C", "A")}
    folder = office.case(SIDECAR, **scans, c_pdf=scan_bytes("unclaimed"))
    process(replace(early, answers=None), folder)
    assert {"work_page", "work_again", "compare_sheets", "see_page", "digest_scan", "write_checked"} <= set(asked)
    wanted = made(office)
    (folder / "processo.yaml").unlink()
    if not before:
        prepared(early, folder)
    (folder / "processo.yaml").write_text(SIDECAR)
    assert isinstance(prepared(early, folder), Arriving)
    asked.clear()
    assert isinstance(process(early, folder), Published)
    assert asked == ["write_checked"]
    assert made(office) == wanted
    assert spools(office) == []


def test_a_coded_page_that_was_damaged_on_the_disk_is_never_published(office, early):
    folder = office.case("secoes:\n  - notificacao: a.pdf\n", a_pdf=scan_bytes("A"))
    prepared(early, folder)
    (spool,) = spools(office)
    sheet = unspooled(spool)
    layer = sheet.layers[0]
    spooled(
        replace(sheet, layers=(replace(layer, data=encode_ink(np.zeros((layer.height, layer.width), bool))),)), spool
    )
    with pytest.raises(WritingError, match="not those that were decoded"):
        process(early, folder)
    assert spools(office) == []
    assert isinstance(process(early, folder), Published)


def test_what_changes_meanwhile_is_thrown_away(office, early):
    folder = office.case(SIDECAR, a_pdf=scan_bytes("A"), b_pdf=scan_bytes("C"))
    prepared(early, folder)
    (folder / "b.pdf").write_bytes(scan_bytes("D"))
    (folder / "processo.yaml").write_text(SIDECAR + "contribuinte: Boa Vista\n")
    prepared(early, folder)
    assert len(spools(office)) == 2
    process(early, folder)
    now = made(office)
    process(replace(early, answers=None), folder)
    assert made(office) == now


def test_what_was_prepared_of_a_folder_that_left_the_inbox_is_thrown_away(office, early):
    """The papers are under tax secrecy: nothing of them stays behind."""
    gone = office.case(SIDECAR, a_pdf=scan_bytes("A"), b_pdf=scan_bytes("C"))
    prepared(early, gone)
    other = office.inbox / "13153.720211-2019-89"
    other.mkdir()
    (other / "scan.pdf").write_bytes(scan_bytes("D"))
    prepared(early, other)
    assert len(spools(office)) == 3
    gone.rename(office.inbox.parent / "elsewhere")
    prepared(early, other)
    assert len(spools(office)) == 1


def test_a_scan_that_changes_while_it_is_looked_at_gives_nothing(office, early):
    folder = office.case(SIDECAR, a_pdf=scan_bytes("A"), b_pdf=scan_bytes("C"))
    seen = take_snapshot(folder)
    (folder / "b.pdf").write_bytes(scan_bytes("D"))
    answer = prepare_folder(seen, early.config, early.pool, early.answers, Event())
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


def test_scans_that_wait_for_their_sidecar_are_prepared(tmp_path):
    """The draft is there first: scans were at rest before their pages could be done."""
    daemon = Daemon(tmp_path, settle=0.4)
    try:
        (daemon.case(sidecar="") / "noti.pdf").write_bytes(scan_bytes("A", "B"))
        daemon.until(lambda: "rascunho pronto" in daemon.log.read_text())
        daemon.until(lambda: "2 páginas preparadas" in daemon.log.read_text())
        assert daemon.stop() == 0
    finally:
        daemon.process.kill()
