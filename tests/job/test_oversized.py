"""What the system cannot hold is answered all the same, with memory flat: thousands of files, gigabytes, endless sidecars."""

from threading import Event

import pikepdf
import pytest
from pikepdf import Dictionary

from itrwatch.job.intake import read_case
from itrwatch.store.fingerprint import fingerprint
from itrwatch.store.inbox import take_snapshot
from itrwatch.workers.scan_task import inspect_scan
from tests.memory import Growth
from tests.office import scan_bytes

GOOD = "secoes:\n  - notificacao: noti.pdf\n"
FILES = 5_000
PAGES = 3_000
MOST_MB = 400


def test_a_folder_of_five_thousand_files_is_answered(office):
    folder = office.case(GOOD, noti_pdf=scan_bytes("N1"))
    (folder / "a0000.tif").write_bytes(b"II*\0 broken")
    for number in range(1, FILES):
        (folder / f"a{number:04}{('.tif', '.txt', '.avif')[number % 3]}").write_bytes(b"\0\0\0\x18ftypavif")
    memory = Growth()
    snapshot = take_snapshot(folder)
    case = read_case(snapshot, office.pool, Event())
    assert case.plan is not None
    assert not case.faulty
    assert len(case.findings) > FILES * 0.9
    assert memory.most_mb() < MOST_MB


@pytest.mark.parametrize("size", [2 << 30, 200 << 30])
def test_a_file_of_gigabytes_is_answered_without_being_read(office, size):
    folder = office.case(GOOD, noti_pdf=scan_bytes("N1"))
    with (folder / "noti.pdf").open("r+b") as file:
        file.truncate(size)  # sparse
    memory = Growth()
    assert fingerprint(take_snapshot(folder))
    assert not office.do().published
    assert f"O arquivo é grande demais ({size >> 20} MB)" in office.pending()
    assert memory.most_mb() < MOST_MB


def test_a_sidecar_of_ten_megabytes_is_answered(office):
    office.case(GOOD + "# \n" * (10 << 18), noti_pdf=scan_bytes("N1"))
    memory = Growth()
    assert not office.do().published
    assert "processo.yaml" in office.pending()
    assert memory.most_mb() < MOST_MB


def test_three_thousand_pages_are_counted_and_judged_with_little_memory(tmp_path, pool):
    (tmp_path / "one.pdf").write_bytes(scan_bytes("N1"))
    with pikepdf.open(tmp_path / "one.pdf") as source, pikepdf.new() as pdf:
        picture = pdf.copy_foreign(next(iter(source.pages[0].obj.Resources.XObject.values())))
        for _ in range(PAGES):
            page = pdf.add_blank_page(page_size=(595, 842)).obj
            page.Resources = Dictionary(XObject=Dictionary(I=picture))
            page.Contents = pdf.make_stream(b"q 595 0 0 842 0 0 cm /I Do Q")
        pdf.save(tmp_path / "many.pdf")
    found, most = next(pool.map(measured, [tmp_path / "many.pdf"], Event()))
    assert found.pages == PAGES
    assert most < MOST_MB


def measured(path):
    """In a worker: what a scan is, and how much memory (MB) finding out took."""
    memory = Growth()
    return inspect_scan(path), memory.most_mb()
