"""The real daemon as a process: scans arrive slowly, sidecars change, SIGTERM comes."""

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from threading import Event

import pytest

from itrwatch.store.reserve import RESERVE
from tests.office import CASE, page, scan_bytes
from tests.scanner import in_pieces, page_by_page_tiff, renamed
from tests.waiting import until

GOOD = "secoes:\n  - notificacao: noti.pdf\n"
LIMIT = 60.0


class Daemon:
    """`itrwatch run` on two folders; ``stderr`` is kept in a file."""

    def __init__(self, root, settle=0.4):
        self.inbox, self.outbox, self.log = root / "entrada", root / "saida", root / "log.txt"
        for folder in (self.inbox, self.outbox):
            folder.mkdir(exist_ok=True)
        self.config = root / "config.yaml"
        self.config.write_text(
            f"inbox: {self.inbox}\noutbox: {self.outbox}\nsettle_seconds: {settle}\nrescan_seconds: 2\nlog:\n  level: DEBUG\n"
        )
        self.start()

    def start(self):
        with self.log.open("ab") as log:
            command = [sys.executable, "-m", "itrwatch", "run", "--config", str(self.config)]
            self.process = subprocess.Popen(command, stderr=log, stdout=log)

    def case(self, sidecar=GOOD, name=CASE):
        folder = self.inbox / name
        folder.mkdir(exist_ok=True)
        if sidecar:
            (folder / "processo.yaml").write_text(sidecar)
        return folder

    def manifest(self, name=CASE):
        with contextlib.suppress(FileNotFoundError, NotADirectoryError):
            return json.loads((self.outbox / name / "manifesto.json").read_text("utf-8"))
        return None

    def published(self, name=CASE):
        manifest = self.manifest(name)
        return bool(manifest and manifest["files"])

    def until(self, condition):
        pause = Event()
        deadline = time.monotonic() + LIMIT
        while not condition():
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < deadline, self.log.read_text()
            pause.wait(0.02)

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(20)


@pytest.fixture
def daemon(tmp_path):
    daemon = Daemon(tmp_path)
    yield daemon
    daemon.process.kill()
    daemon.process.wait()


def test_what_is_there_at_start_and_what_arrives_later_is_published_once(daemon):
    (daemon.case() / "noti.pdf").write_bytes(scan_bytes("N1"))
    daemon.until(daemon.published)
    later = "10265.226695-2023-03"
    (daemon.case(name=later) / "noti.pdf").write_bytes(scan_bytes("N2", "N3"))
    daemon.until(lambda: daemon.published(later))
    assert daemon.manifest(later)["files"][0]["pages"] == 2
    daemon.until(lambda: daemon.log.read_text().count(": publicado") == 2)
    assert daemon.stop() == 0


def test_a_scan_copied_in_slow_pieces_is_never_published_short(daemon):
    data = scan_bytes("N1", "N2", "N3")
    folder = daemon.case()
    seen = []
    for _ in in_pieces(data, folder / "noti.pdf", 25):
        seen.append(daemon.published())
        Event().wait(0.05)
    daemon.until(daemon.published)
    assert not any(seen)
    assert daemon.manifest()["files"][0]["pages"] == 3


def test_a_scanner_that_reopens_the_tiff_for_each_page(daemon):
    folder = daemon.case("secoes:\n  - notificacao: fax.tif 1-4\n")
    for _ in page_by_page_tiff(folder / "fax.tif", [page(text) for text in "ABCD"], 100):
        Event().wait(0.1)
    daemon.until(daemon.published)
    assert daemon.manifest()["files"][0]["pages"] == 4


def test_a_scanner_that_renames_when_it_is_done(daemon):
    folder = daemon.case()
    for _ in renamed(scan_bytes("N1"), folder / "noti.pdf"):
        pass
    daemon.until(daemon.published)
    assert [page["file"] for page in daemon.manifest()["pages"]] == ["noti.pdf"]


def test_a_scan_that_lies_loose_in_the_inbox_is_reported_on_the_panel_until_it_is_put_away(daemon):
    panel, loose = daemon.outbox / "index.html", daemon.inbox / "solta.pdf"
    loose.write_bytes(b"%PDF-")
    until(lambda: panel.exists() and "“solta.pdf” está solto na entrada" in panel.read_text("utf-8"))
    loose.unlink()
    until(lambda: "solta.pdf" not in panel.read_text("utf-8"))


def test_a_corrected_sidecar_is_done_again_and_the_old_set_kept(daemon):
    folder = daemon.case("secoes:\n  - notificacao: errado.pdf\n")
    (folder / "noti.pdf").write_bytes(scan_bytes("N1", "N2"))
    daemon.until((daemon.outbox / CASE / "PENDENTE.txt").exists)
    (folder / "processo.yaml").write_text("secoes:\n  - notificacao: noti.pdf 1\n")
    daemon.until(daemon.published)
    assert not (daemon.outbox / CASE / "PENDENTE.txt").exists()
    (folder / "processo.yaml").write_text(GOOD)
    daemon.until(lambda: daemon.published() and daemon.manifest()["files"][0]["pages"] == 2)
    daemon.until(lambda: list((daemon.outbox / CASE / "anteriores").glob("*/NOTI.pdf")))


def _text_of(path):
    """Empty while it is looked for in the set that is being taken away: a path is followed folder by folder."""
    try:
        return path.read_text("utf-8")
    except FileNotFoundError:
        return ""


def test_the_report_shows_the_step_that_andamento_notes_and_the_pdfs_stay(daemon):
    (daemon.case() / "noti.pdf").write_bytes(scan_bytes("N1"))
    daemon.until(daemon.published)
    pdf, report = daemon.outbox / CASE / "NOTI.pdf", daemon.outbox / CASE / "relatorio.html"
    made, text = pdf.stat(), report.read_text("utf-8")
    assert "<strong>A solicitar.</strong>" in text
    daemon.case(GOOD + "andamento:\n  - disponibilizado: 21/09/2026\n")
    daemon.until(lambda: "<strong>Para juntar.</strong>" in _text_of(report))
    assert "<strong>A solicitar.</strong>" not in report.read_text("utf-8")
    assert (pdf.stat().st_ino, pdf.stat().st_mtime_ns) == (made.st_ino, made.st_mtime_ns)


def test_one_bad_case_delays_nobody_else(daemon):
    bad = daemon.case(name="10265.226695-2023-03")
    (bad / "noti.pdf").write_bytes(b"%PDF-1.7 not really")
    (daemon.case() / "noti.pdf").write_bytes(scan_bytes("N1"))
    daemon.until(daemon.published)
    note = daemon.outbox / "10265.226695-2023-03" / "PENDENTE.txt"
    daemon.until(note.exists)
    assert "noti.pdf" in note.read_text("utf-8-sig")
    assert daemon.manifest()["files"][0]["pages"] == 1


def test_sigterm_in_the_middle_of_a_case_ends_cleanly_and_the_restart_finishes(daemon):
    scan = scan_bytes(*[f"N{n}" for n in range(60)])
    (daemon.case() / "noti.pdf").write_bytes(scan)
    daemon.until(lambda: "noti.pdf página 1:" in daemon.log.read_text())
    assert daemon.stop() == 0
    assert not daemon.published()
    assert not list(daemon.outbox.glob("*/*.pdf"))
    daemon.start()
    daemon.until(daemon.published)
    assert daemon.manifest()["files"][0]["pages"] == 60


def half_made(daemon):
    """The folders of sets that were being made; the space kept in reserve for notes is none."""
    return [p for p in (daemon.outbox / ".itrwatch").iterdir() if p.is_dir() and p.name != RESERVE]


def test_sigkill_in_the_middle_of_a_case_leaves_nothing_that_a_restart_does_not_mend(daemon):
    scan = scan_bytes(*[f"N{n}" for n in range(40)])
    (daemon.case() / "noti.pdf").write_bytes(scan)
    daemon.until(lambda: "noti.pdf página 1:" in daemon.log.read_text())
    daemon.process.kill()
    daemon.process.wait()
    assert not daemon.published()
    daemon.start()
    daemon.until(daemon.published)
    daemon.until(lambda: not half_made(daemon))


def test_a_second_itrwatch_on_the_same_outbox_refuses(daemon):
    (daemon.case() / "noti.pdf").write_bytes(scan_bytes("N1"))
    daemon.until(daemon.published)
    command = [sys.executable, "-m", "itrwatch", "once", "--config", str(daemon.config)]
    second = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT, check=False)
    assert second.returncode == 75
    assert f"outro itrwatch (processo {daemon.process.pid}" in second.stderr


def test_no_network_socket_is_opened_and_the_inbox_is_only_read(daemon):
    (daemon.case() / "noti.pdf").write_bytes(scan_bytes("N1"))
    daemon.until(daemon.published)
    inodes = set()
    for pid in [daemon.process.pid, *children(daemon.process.pid)]:
        for descriptor in os.scandir(f"/proc/{pid}/fd"):
            with contextlib.suppress(FileNotFoundError):
                inodes.add(str(Path(descriptor.path).readlink()))
    for table in ("tcp", "tcp6", "udp", "udp6"):
        with open(f"/proc/net/{table}") as lines:
            ours = [line for line in lines if any(f"socket:[{field}]" in inodes for field in line.split())]
        assert ours == []
    assert sorted(p.name for p in (daemon.inbox / CASE).iterdir()) == ["noti.pdf", "processo.yaml"]


def children(pid):
    """The processes that it started, and those that they started."""
    with open(f"/proc/{pid}/task/{pid}/children") as file:
        own = [int(child) for child in file.read().split()]
    return [*own, *(grandchild for child in own for grandchild in children(child))]


def test_a_scanner_that_pauses_longer_than_the_quiet_time(daemon):
    """The sidecar counts on four pages: two of them, however long they lie there, are never a case."""
    folder = daemon.case("secoes:\n  - notificacao: fax.tif 1-2\n  - ciencia: fax.tif 3-4\n")
    seen = []
    for _ in page_by_page_tiff(folder / "fax.tif", [page(text) for text in "ABCD"], 100):
        if not seen:
            daemon.until(lambda: "aguardando o resto" in daemon.log.read_text())
        seen.append(daemon.published())
    assert not any(seen)
    daemon.until(daemon.published)
    assert daemon.manifest()["files"][0]["pages"] == 4


def test_sigkill_at_random_moments_ends_in_the_bytes_of_an_undisturbed_run(daemon, tmp_path):
    """The whole thing, page workers included: killed again and again, until it is let finish."""
    scan = scan_bytes(*[f"N{n}" for n in range(6)])
    (daemon.case() / "noti.pdf").write_bytes(scan)
    chance = random.Random(20261122)
    for _ in range(6):
        daemon.until(lambda: daemon.published() or "início, 1" in daemon.log.read_text())
        Event().wait(chance.uniform(0, 1.5))
        daemon.process.kill()
        daemon.process.wait()
        daemon.log.write_text("")
        daemon.start()
    # The set may be older than this process, which must be up before it is asked to end.
    daemon.until(lambda: daemon.published() and "entrada «" in daemon.log.read_text())
    assert daemon.stop() == 0
    (tmp_path / "outro").mkdir()
    other = Daemon(tmp_path / "outro")
    (other.case() / "noti.pdf").write_bytes(scan)
    try:
        other.until(other.published)
        assert other.stop() == 0
    finally:
        other.process.kill()
        other.process.wait()
    for name in ("NOTI.pdf", "relatorio.html"):
        assert (daemon.outbox / CASE / name).read_bytes() == (other.outbox / CASE / name).read_bytes()
    assert daemon.manifest()["files"] == other.manifest()["files"]
    assert not half_made(daemon)
