"""A real Samba server: a scanner and a fiscal's computer on the network, the real daemon on the server's disk."""

import contextlib
import subprocess
import sys
from threading import Event

import pytest

from itrwatch.core.manifest import from_json
from tests.office import scan_bytes
from tests.samba import serving
from tests.waiting import until

CASE = "13153.720210-2019-34 Fazenda São João"
GOOD = "secoes:\n  - notificacao: NOTIFICAÇÃO.PDF\n"


class Share:
    """An office whose two folders are shared as the installation guide says, and its daemon."""

    def __init__(self, root, server):
        self.inbox, self.outbox, self.log, self.server = root / "entrada", root / "saida", root / "log", server
        self.scratch = root / "computer"
        self.scratch.mkdir()

    def put(self, name, data):
        """Copy a file into the case folder over the network, whole."""
        local = self.scratch / "file"
        local.write_bytes(data)
        self.server.client("entrada", f'cd "{CASE}"; put "{local}" "{name}"')

    def out(self, name):
        return self.outbox / CASE / name

    def published(self):
        return self.out("NOTI.pdf").exists()

    def pages(self):
        files = from_json(self.out("manifesto.json").read_text("utf-8")).files
        return files[0].pages if files else 0  # between two looks the set may have been withdrawn

    def until(self, condition):
        return until(condition, self.log.read_text)


@contextlib.contextmanager
def daemon(share, root):
    config = root / "config.yaml"
    config.write_text(
        f"inbox: {share.inbox}\noutbox: {share.outbox}\nsettle_seconds: 0.5\nrescan_seconds: 2\nworkers: 1\nlog:\n  level: DEBUG\n"
    )
    with share.log.open("wb") as log:
        command = [sys.executable, "-m", "itrwatch", "run", "--config", str(config)]
        with subprocess.Popen(command, stdout=log, stderr=log) as process:
            try:
                yield
            finally:
                process.kill()


@pytest.fixture
def share(tmp_path):
    for folder in ("entrada", "saida"):
        (tmp_path / folder).mkdir()
    with serving(tmp_path / "samba", tmp_path / "entrada", tmp_path / "saida") as server:
        share = Share(tmp_path, server)
        server.client("entrada", f'mkdir "{CASE}"')
        with daemon(share, tmp_path):
            yield share


def test_a_scanner_that_writes_to_the_share_under_another_name_and_renames(share):
    share.put("processo.yaml", GOOD.encode())
    share.put("scan.tmp", scan_bytes("N1", "N2"))
    assert not share.published()
    share.server.client("entrada", f'cd "{CASE}"; rename scan.tmp "Notificação.pdf"')
    share.until(share.published)
    assert share.pages() == 2
    assert "NOTI.pdf" in share.server.client("saida", f'cd "{CASE}"; ls')
    assert ".itrwatch" not in share.server.client("saida", "ls")


def test_a_scan_that_grows_over_smb_is_never_published_short(share):
    share.put("processo.yaml", GOOD.encode())
    data, pieces, seen = scan_bytes("N1", "N2", "N3"), 25, []
    with share.server.writing("entrada", rf"{CASE}\Notificação.pdf") as file:
        for piece in range(pieces):
            start, end = (len(data) * number // pieces for number in (piece, piece + 1))
            file.write(data[start:end], start)
            seen.append(share.published())
            Event().wait(0.05)
    share.until(share.published)
    assert not any(seen)
    assert share.pages() == 3


def test_a_fiscal_who_holds_the_pdf_open_while_it_is_replaced(share):
    """Share modes bind the clients of a server among each other, not the server's own programs.

    So the new set comes at once; who has the old PDF open goes on reading the old one to its end, never a
    mixture, and opens the new one the next time.
    """
    share.put("processo.yaml", GOOD.encode())
    share.put("Notificação.pdf", scan_bytes("N1"))
    share.until(share.published)
    old = share.out("NOTI.pdf").read_bytes()
    with share.server.reading("saida", rf"{CASE}\NOTI.pdf") as held:
        first = held.read(0, len(old) // 2)
        share.put("Notificação.pdf", scan_bytes("N1", "N2"))
        share.until(lambda: share.published() and share.pages() == 2)
        assert first + held.read(len(first), len(old) - len(first)) == old
        assert held.end_of_file == len(old)
    copy = share.scratch / "copy.pdf"
    share.server.client("saida", f'get "{CASE}\\NOTI.pdf" "{copy}"')
    assert copy.read_bytes() == share.out("NOTI.pdf").read_bytes() != old
    (kept,) = (share.outbox / CASE / "anteriores").glob("*/NOTI.pdf")
    assert kept.read_bytes() == old
