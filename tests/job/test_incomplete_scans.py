"""Scans that are not all there yet, done with the real job: waiting, never a short case."""

from datetime import datetime
from threading import Event

import numpy as np
import pytest
from PIL import Image

from itrwatch.core.manifest import Arriving, Outcome, Pending, Published, Unsettled
from itrwatch.job.attempt import Attempt
from itrwatch.job.job import Services, process_folder
from itrwatch.store.inbox import take_snapshot
from itrwatch.store.outbox import Outbox
from tests.office import CASE, NOW, page, scan_bytes
from tests.scanner import page_by_page_tiff

WHOLE = "secoes:\n  - notificacao: noti.pdf\n"


def attempt(office, *, patient, progress=lambda _done, _total: None, now: datetime = NOW) -> Outcome:
    services = Services(office.config, Outbox(office.outbox), office.pool)
    return process_folder(
        services, take_snapshot(office.inbox / CASE), Attempt(Event(), progress, patient=patient, now=lambda: now)
    )


def nothing_shown(office):
    return not (office.outbox / CASE).exists() and not list(office.outbox.glob(".itrwatch/*"))


def test_growing_tiff_is_held_against_the_pages_of_the_sidecar(office):
    """A multi-page TIFF is valid at every stage (F4): only the sidecar knows that it is not whole."""
    folder = office.case("secoes:\n  - notificacao: fax.tif 1-2\n  - ciencia: fax.tif 3-4\n")
    states = page_by_page_tiff(folder / "fax.tif", [page(text) for text in "ABCD"], 100)
    next(states)
    next(states)
    outcome = attempt(office, patient=True)
    assert isinstance(outcome, Arriving)
    assert outcome.why in {
        "“fax.tif” tem 1 página, e o processo.yaml pede até a 4",
        "“fax.tif” tem 2 páginas, e o processo.yaml pede até a 4",
        "“fax.tif” parece incompleto",
    }
    assert nothing_shown(office)
    for _ in states:
        pass
    assert isinstance(attempt(office, patient=True), Published)
    assert office.manifest().files[0].pages == 4


def test_pages_that_never_come_are_reported_with_line_and_number(office):
    office.case("secoes:\n  - notificacao: noti.pdf 1-3\n", noti_pdf=scan_bytes("A", "B"))
    assert isinstance(attempt(office, patient=True), Arriving)
    assert isinstance(attempt(office, patient=False), Pending)
    assert "página 3 não existe" in office.pending()


@pytest.mark.parametrize("kind", ["pdf", "tiff", "uncompressed tiff", "jpeg"])
def test_preallocated_file_whose_contents_come_later(office, kind, tmp_path):
    """Full size at once, zeros where the copy has not been yet (Windows, vfs_prealloc)."""
    picture = page("A", 150)
    if kind == "pdf":
        name, data = "noti.pdf", scan_bytes("A", "B")
    else:
        name = "noti.tif" if "tiff" in kind else "noti.jpg"
        options = {} if kind != "tiff" else {"compression": "group4"}
        (picture.convert("1") if kind == "tiff" else picture).save(tmp_path / name, dpi=(150, 150), **options)
        data = (tmp_path / name).read_bytes()
    folder = office.case(f"secoes:\n  - notificacao: {name}\n")
    cut = max(len(data) - 9000, len(data) // 3)
    (folder / name).write_bytes(data[:cut] + bytes(len(data) - cut))
    assert isinstance(attempt(office, patient=True), Arriving)
    assert nothing_shown(office)
    with (folder / name).open("r+b") as file:
        file.seek(cut)
        file.write(data[cut:])
    assert isinstance(attempt(office, patient=True), Published)


def test_truncated_pdf_waits_then_is_pending_with_the_reason(office):
    data = scan_bytes("A", "B", "C")
    office.case(WHOLE, noti_pdf=data[: len(data) * 2 // 3])
    outcome = attempt(office, patient=True)
    assert isinstance(outcome, Arriving)
    assert "“noti.pdf” parece incompleto" in outcome.why
    assert nothing_shown(office)
    assert isinstance(attempt(office, patient=False), Pending)
    assert "noti.pdf" in office.pending()
    assert not list(office.out().glob("*.pdf"))


@pytest.mark.parametrize("what", ["grows", "is replaced", "gets a neighbour", "is deleted"])
def test_scan_that_moves_while_it_is_read(office, what):
    """What was read is compared with what is there when reading ends (F1)."""
    folder = office.case(WHOLE, noti_pdf=scan_bytes("A"))

    def move(_done, _total):
        if what == "grows":
            with (folder / "noti.pdf").open("ab") as file:
                file.write(b"%")
        elif what == "is replaced":
            (folder / "novo.tmp").write_bytes(scan_bytes("B"))
            (folder / "novo.tmp").rename(folder / "noti.pdf")
        elif what == "gets a neighbour":
            (folder / "mais.pdf").write_bytes(b"%PDF")
        else:
            (folder / "noti.pdf").unlink()

    assert isinstance(attempt(office, patient=True, progress=move), Unsettled)
    assert nothing_shown(office)


def test_scan_of_white_paper_is_not_taken_for_a_hole(office, tmp_path):
    """An uncompressed white page ends in 255s, a black scanner edge in zeros would be waited for, then taken as it is."""
    black = np.full((1169, 827), 255, np.uint8)
    black[-200:] = 0
    Image.fromarray(black).save(tmp_path / "noti.tif", dpi=(100, 100))
    office.case("secoes:\n  - notificacao: noti.tif\n  - ciencia: outra.pdf\n", outra_pdf=scan_bytes("A"))
    (office.inbox / CASE / "noti.tif").write_bytes((tmp_path / "noti.tif").read_bytes())
    attempt(office, patient=False)
    assert office.manifest().published
