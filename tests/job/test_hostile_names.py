"""Names and places meant to mislead: nothing outside the case's folder is read, and no name breaks what reports it."""

import contextlib
import json
import os
import socket
from html.parser import HTMLParser

import pytest

from itrwatch.scans.plain_file import contents
from itrwatch.store.inbox import LINK, LINKED, take_snapshot
from itrwatch.workers.scan_task import inspect_scan
from tests.office import scan_bytes

NUMBER = "13153.720210-2019-34"
GOOD = "secoes:\n  - notificacao: noti.pdf\n"
SCAN = scan_bytes("N1")


def special(folder, kind, secret):
    """Something in the place of ``noti.pdf`` that is no plain file of its own."""
    place = folder / "noti.pdf"
    match kind:
        case "link":
            place.symlink_to(secret)
        case "relative link":
            place.symlink_to("../../secret.pdf")
        case "link to itself":
            place.symlink_to("noti.pdf")
        case "hard link":
            os.link(secret, place)
        case "pipe":
            os.mkfifo(place)
        case "socket":
            bound(folder)
        case "folder":
            place.mkdir()
        case "device":
            os.mknod(place, 0o600 | 0o020000, os.makedev(1, 3))


KINDS = ("link", "relative link", "link to itself", "hard link", "pipe", "socket", "folder", "device")


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_no_plain_file_of_the_folder_is_refused(office, tmp_path, kind):
    secret = tmp_path / "secret.pdf"
    secret.write_bytes(SCAN)
    folder = office.case(GOOD)
    if kind == "device" and os.geteuid() != 0:
        pytest.skip("only root makes devices")
    special(folder, kind, secret)
    assert not office.do().published
    assert "“noti.pdf”" in office.pending()


def bound(folder):
    """A socket called ``noti.pdf``; the whole path would be longer than that of a socket may be."""
    with contextlib.chdir(folder), socket.socket(socket.AF_UNIX) as one:
        one.bind("noti.pdf")


def test_what_takes_the_place_of_a_file_after_the_look_is_not_read_either(tmp_path):
    """Whoever writes in the inbox can swap between the listing and the reading, the folder as well as the file."""
    secret, folder = tmp_path / "secret", tmp_path / "case"
    for place in (secret, folder):
        place.mkdir()
        (place / "noti.pdf").write_bytes(SCAN)
    (folder / "noti.pdf").unlink()
    (folder / "noti.pdf").symlink_to(secret / "noti.pdf")
    assert "não pôde ser aberto" in inspect_scan(folder / "noti.pdf").fault
    (folder / "noti.pdf").unlink()
    os.mkfifo(folder / "noti.pdf")
    assert "não pôde ser aberto" in inspect_scan(folder / "noti.pdf").fault
    swapped = tmp_path / "swapped"
    swapped.symlink_to(secret)
    with pytest.raises(OSError, match=r"Not a directory|symbolic links"):
        take_snapshot(swapped)
    with pytest.raises(OSError, match=r"Not a directory|symbolic links"):
        contents(swapped / "noti.pdf")


def test_links_are_reported_by_their_kind(office, tmp_path):
    (tmp_path / "other.pdf").write_bytes(SCAN)
    folder = office.case(GOOD, noti_pdf=SCAN)
    os.link(tmp_path / "other.pdf", folder / "termo.pdf")
    (folder / "ar.pdf").symlink_to(tmp_path / "other.pdf")
    messages = [finding.message for finding in office.do().findings]
    assert f"“termo.pdf” {LINKED}" in messages
    assert f"“ar.pdf” {LINK}" in messages


@pytest.mark.parametrize("written", ["../segredo.pdf", "..\\segredo.pdf", "/etc/passwd", "C:\\x.pdf", "a/../noti.pdf"])
def test_a_sidecar_names_files_of_its_own_folder_only(office, written):
    (office.inbox / "segredo.pdf").write_bytes(SCAN)
    office.case(f"secoes:\n  - notificacao: '{written}'\n", noti_pdf=SCAN)
    assert not office.do().published
    assert "deve estar na própria pasta do processo" in office.pending()


NAMES = {
    "newline": "linha\nERROR: forjada.pdf",
    "controls": "a\x1b[31m\x07\rb.pdf",
    "turned": "fatura\u202efdp.exe.pdf",
    "markup": "<img src=x onerror=alert(1)>&\"'.pdf",
    "braces": "{0} {case} %s $(id) `id`.pdf",
    "long": "ç" * 125 + ".pdf",
    "invalid": b"Peti\xe7\xe3o \xff.pdf".decode("utf-8", "surrogateescape"),
    "blank": " .. .pdf",
}


class Tags(HTMLParser):
    """What a browser would do with the report: tags and whether one runs anything of ours not."""

    def __init__(self):
        super().__init__()
        self.handlers = []

    def handle_starttag(self, _, attributes):
        self.handlers += [name for name, _ in attributes if name.startswith("on")]


@pytest.mark.parametrize("kind", NAMES)
def test_no_name_of_a_file_breaks_log_report_or_manifest(office, kind):
    folder = office.case(GOOD, noti_pdf=SCAN)
    (folder / NAMES[kind]).write_bytes(SCAN)  # no section uses it: it is named in report and manifest
    (folder / f"x{NAMES[kind]}"[:120]).write_bytes(b"%PDF- broken")
    manifest = office.do()
    assert manifest.published
    assert len({page.file for page in manifest.pages}) == 2
    judge(office.out())


@pytest.mark.parametrize("kind", NAMES)
def test_no_name_of_a_folder_breaks_log_report_or_outbox(office, kind):
    name = f"{NUMBER} {NAMES[kind]}".replace("/", "")
    name = name if kind != "long" else f"{NUMBER} {'ç' * 117}"
    office.case(GOOD, name, noti_pdf=SCAN)
    office.do(name)
    assert [entry.name for entry in office.outbox.iterdir() if not entry.name.startswith(".")] == [name]
    judge(office.out(name))


def judge(folder):
    html = (folder / "relatorio.html").read_text("utf-8")
    tags = Tags()
    tags.feed(html)
    assert tags.handlers == []
    assert "\u202e" not in html
    json.loads((folder / "manifesto.json").read_bytes())
    log = (folder / "processo.log").read_text("utf-8")
    assert all(line[:2] == "20" for line in log.splitlines()), log
    assert not set(log) & set("\x1b\x07\u202e")
