"""What lies in the inbox: real files, links, pipes and names of every kind."""

import os
import socket
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest

from itrwatch.core.filenames import Ambiguous, Found, Match, Missing, is_junk, match_name, printable
from itrwatch.store import inbox
from itrwatch.store.fingerprint import Label, content_digests, fingerprint, stat_digest
from itrwatch.store.inbox import find_scan, list_cases, take_snapshot

NFD = unicodedata.normalize("NFD", "notificação.pdf")
NFC = unicodedata.normalize("NFC", "notificação.pdf")


def case(root: Path, files: dict[str, bytes] | None = None) -> Path:
    folder = root / "13153720210201934"
    folder.mkdir()
    (folder / "processo.yaml").write_bytes(b"secoes: []\n")
    (folder / "capa.pdf").write_bytes(b"%PDF-1")
    for name, data in (files or {}).items():
        (folder / name).write_bytes(data)
    return folder


@pytest.mark.parametrize(
    "name",
    [
        ".hidden.pdf", "~$doc.pdf", ".~lock.x.pdf#", "doc.pdf~", "scan.tmp", "SCAN.PDF.PART", "a.partial", "a.filepart",
        "a.crdownload", "a.download", ".processo.yaml.swp", "Thumbs.db", "THUMBS.DB", "ehthumbs.db", "desktop.ini",
        ".DS_Store", "._capa.pdf", "@eaDir", "#recycle", "$RECYCLE.BIN", "System Volume Information", ".nfs0001",
        ".smbdeleteAAA12.pdf", ".fuse_hidden01", ".syncthing.x.tmp", "~syncthing~x.tmp", "lost+found", ".@__thumb",
    ],
)  # fmt: skip
def test_what_programs_leave_behind_is_junk(name: str) -> None:
    assert is_junk(name)


@pytest.mark.parametrize(
    "name", ["capa.pdf", "processo.yaml", "tmp.pdf", "part 1.pdf", "#1.pdf", "a.b.pdf", "Peti\udce7.pdf"]
)
def test_what_only_looks_like_it_is_no_junk(name: str) -> None:
    assert not is_junk(name)


@pytest.mark.parametrize(
    ("names", "written", "match"),
    [
        (["capa.pdf"], "capa.pdf", Found("capa.pdf")),
        (["CAPA.PDF"], "  capa.pdf ", Found("CAPA.PDF")),
        ([NFD], NFC, Found(NFD)),
        ([NFC.upper()], NFD, Found(NFC.upper())),
        (["capa.pdf"], "capa", Found("capa.pdf")),
        (["capa.pdf.pdf"], "capa.pdf", Found("capa.pdf.pdf")),
        (["capa.pdf"], "capa.pdf.pdf", Found("capa.pdf")),
        (["capa.pdf.pdf"], "capa", Found("capa.pdf.pdf")),
        (["fls. 10.pdf"], "fls. 10", Found("fls. 10.pdf")),
        (["capa.pdf", "capa.pdf.pdf"], "capa.pdf", Found("capa.pdf")),
        (["capa.pdf", "capa.tif"], "capa", Ambiguous(("capa.pdf", "capa.tif"))),
        (["capa.pdf", "CAPA.pdf"], "capa.pdf", Ambiguous(("CAPA.pdf", "capa.pdf"))),
        (["capa.tif"], "capa.pdf", Missing(("capa.tif",))),
        (["impugnacao.pdf", "x.pdf"], "impugnaçao.pdf", Missing(("impugnacao.pdf",))),
        ([], "capa.pdf", Missing(())),
    ],
)
def test_a_name_means_the_one_file_it_can_mean(names: list[str], written: str, match: Match) -> None:
    assert match_name(names, written) == match


@pytest.mark.parametrize(
    ("name", "text"),
    [("ação.pdf", "ação.pdf"), ("Peti\udce7\udce3o.pdf", "Peti\\xe7\\xe3o.pdf"), ("a\nb\x1b.pdf", "a\\nb\\x1b.pdf")],
)
def test_shown_is_one_printable_line(name: str, text: str) -> None:
    assert printable(name) == text


def test_snapshot_sorts_everything_into_its_place(tmp_path: Path) -> None:
    folder = case(tmp_path, {"B.TIFF": b"II", "a.JPG": b"", "x.docx": b"", "Thumbs.db": b"", "Processo.YML": b""})
    (folder / "sub").mkdir()
    (folder / "@eaDir").mkdir()
    (folder / "link.pdf").symlink_to(folder / "capa.pdf")
    (folder / ".escondido").symlink_to("/")
    os.mkfifo(folder / "pipe.pdf")
    with socket.socket(socket.AF_UNIX) as unix:
        unix.bind(str(folder / "s.png"))
    seen = take_snapshot(folder)
    assert seen.name == folder.name
    assert [file.name for file in seen.sidecars] == ["Processo.YML", "processo.yaml"]
    assert [file.name for file in seen.scans] == ["B.TIFF", "a.JPG", "capa.pdf"]
    assert [file.name for file in seen.others] == ["x.docx"]
    assert [file.name for file in seen.junk] == ["Thumbs.db"]
    assert dict(seen.refused) == {
        "link.pdf": inbox.LINK, "pipe.pdf": inbox.SPECIAL, "s.png": inbox.SPECIAL,
    }  # fmt: skip
    status = (folder / "capa.pdf").stat()
    assert seen.scans[2] == inbox.FileStat(
        "capa.pdf", 6, status.st_mtime_ns, status.st_ctime_ns, status.st_dev, status.st_ino
    )
    assert seen.newest_ns >= status.st_ctime_ns


def test_names_that_are_not_utf8_survive(tmp_path: Path) -> None:
    folder = case(tmp_path)
    with open(os.fsencode(folder) + b"/Peti\xe7\xe3o.pdf", "wb") as file:
        file.write(b"%PDF")
    seen = take_snapshot(folder)
    assert [printable(scan.name) for scan in seen.scans] == ["Peti\\xe7\\xe3o.pdf", "capa.pdf"]
    assert (folder / seen.scans[0].name).read_bytes() == b"%PDF"
    assert len(fingerprint(seen).published) == 64 + 3 * (1 + 16)


def test_find_scan_knows_only_scans(tmp_path: Path) -> None:
    seen = take_snapshot(case(tmp_path))
    assert find_scan(seen, "Capa") == Found("capa.pdf")
    assert find_scan(seen, "processo.yaml") == Missing(())
    assert find_scan(seen, "../13153720210201934/capa.pdf") == Missing(("capa.pdf",))


def test_only_folders_are_cases_of_an_inbox(tmp_path: Path) -> None:
    for name in [
        "b",
        "a Fazenda Boa Vista",
        ".oculta",
        "#recycle",
        "Índex.html",
        "INDEX.html",
        "Processo.Schema.json",
        "Ação",
        "AÇÃO",
    ]:
        (tmp_path / name).mkdir()
    (tmp_path / "solta.pdf").write_bytes(b"")
    (tmp_path / "atalho").symlink_to("b")
    seen = list_cases(tmp_path)
    assert seen.cases == ("a Fazenda Boa Vista", "b", "Índex.html")
    assert dict(seen.refused) == {
        "solta.pdf": inbox.LOOSE, "atalho": inbox.LINK, "INDEX.html": inbox.RESERVED,
        "Processo.Schema.json": inbox.RESERVED, "Ação": inbox.TWIN, "AÇÃO": inbox.TWIN,
    }  # fmt: skip


def test_a_missing_inbox_is_an_error_not_an_empty_one(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        list_cases(tmp_path / "x")
    with pytest.raises(FileNotFoundError):
        take_snapshot(tmp_path / "x")


def test_digests_distinguish_touched_from_changed(tmp_path: Path) -> None:
    folder = case(tmp_path)
    before = take_snapshot(folder)
    content = content_digests(before)[0]
    os.utime(folder / "capa.pdf", ns=(1, 1))
    touched = take_snapshot(folder)
    assert stat_digest(touched) != stat_digest(before)
    assert content_digests(touched)[0] == content
    status = (folder / "capa.pdf").stat()
    (folder / "capa.pdf").write_bytes(b"%PDF-2")
    os.utime(folder / "capa.pdf", ns=(status.st_atime_ns, status.st_mtime_ns))  # a writer that restores mtime (R16)
    changed = take_snapshot(folder)
    assert stat_digest(changed) == stat_digest(touched)
    assert changed.state_digest != touched.state_digest
    assert content_digests(changed)[0] != content


def test_digests_do_not_depend_on_what_is_not_used(tmp_path: Path) -> None:
    folder = case(tmp_path)
    before = take_snapshot(folder)
    print_before = fingerprint(before)
    (folder / "Thumbs.db").write_bytes(b"x")
    (folder / "leia-me.docx").write_bytes(b"x")
    (folder / "sub").mkdir()
    (folder / "sub" / "Thumbs.db").write_bytes(b"x")
    after = take_snapshot(folder)
    read, read_before = Label.parse(fingerprint(after).published), Label.parse(print_before.published)
    assert replace(read, others="") == replace(read_before, others="")
    assert read.others != read_before.others  # the report names the document
    assert after.state_digest != before.state_digest


def test_scans_of_the_scanners_folder_of_the_day_are_read(tmp_path: Path) -> None:
    folder = case(tmp_path)
    (folder / "20261129" / "mais").mkdir(parents=True)
    for name in ("SCAN0002.PDF", "Thumbs.db", "leia.txt", "processo.yaml"):
        (folder / "20261129" / name).write_bytes(b"x")
    (folder / "20261129" / "link.pdf").symlink_to(folder / "capa.pdf")
    seen = take_snapshot(folder)
    assert [scan.name for scan in seen.scans] == ["20261129/SCAN0002.PDF", "capa.pdf"]
    assert [file.name for file in seen.others] == ["20261129/leia.txt"]
    assert dict(seen.refused) == {
        "20261129/mais": inbox.DEEP, "20261129/processo.yaml": inbox.MISPLACED, "20261129/link.pdf": inbox.LINK,
    }  # fmt: skip
    for written in ("20261129/scan0002.pdf", "20261129\\SCAN0002.PDF", "SCAN0002.PDF"):
        assert inbox.find_scan(seen, written) == Found("20261129/SCAN0002.PDF")
    before = content_digests(seen)
    (folder / "20261129" / "SCAN0002.PDF").write_bytes(b"y")
    assert content_digests(take_snapshot(folder)) != before


@pytest.mark.parametrize("name", ["processo (1).yaml", "processo - Cópia.yml", "processo.sync-conflict-20261129.yaml"])
def test_a_copy_of_the_sidecar_is_reported_and_not_read(tmp_path: Path, name: str) -> None:
    folder = case(tmp_path)
    (folder / name).write_text("secoes: []")
    seen = take_snapshot(folder)
    assert [file.name for file in seen.sidecars] == ["processo.yaml"]
    assert seen.refused == (inbox.Refused(name, inbox.COPY),)
    (folder / "processo.yaml").unlink()
    assert take_snapshot(folder).refused == ()  # alone it may be the sidecar itself, and the note says how to name it


def test_folders_with_one_process_number_know_each_other() -> None:
    one, other = "13153720210201934", "13153.720210-2019-34 segunda parte"
    assert inbox.namesakes([one, "13153700002201919", other, "sem número"]) == {one: (other,), other: (one,)}


def test_a_renamed_scan_is_a_change(tmp_path: Path) -> None:
    folder = case(tmp_path)
    before = content_digests(take_snapshot(folder))[0]
    (folder / "capa.pdf").rename(folder / "outra.pdf")
    assert content_digests(take_snapshot(folder))[0] != before


def test_content_is_read_without_following_or_waiting(tmp_path: Path) -> None:
    folder = case(tmp_path)
    seen = take_snapshot(folder)
    (folder / "capa.pdf").unlink()
    with pytest.raises(FileNotFoundError):
        content_digests(seen)
    (folder / "capa.pdf").symlink_to("processo.yaml")
    with pytest.raises(OSError, match="symbolic links"):
        content_digests(seen)
    (folder / "capa.pdf").unlink()
    os.mkfifo(folder / "capa.pdf")
    with pytest.raises(OSError, match=inbox.SPECIAL):
        content_digests(seen)


def test_heartbeat_is_called_for_every_mebibyte_and_can_end_the_reading(tmp_path: Path) -> None:
    folder = case(tmp_path, {"grande.tif": bytes(3 << 20)})
    beats: list[None] = []
    content_digests(take_snapshot(folder), lambda: beats.append(None))
    assert len(beats) == 5

    def stop() -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        content_digests(take_snapshot(folder), stop)
