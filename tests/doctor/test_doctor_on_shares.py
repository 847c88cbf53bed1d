"""`itrwatch doctor` on shares with rights of their own, little room, and what a killed examination left."""

import os
from types import SimpleNamespace

from itrwatch.core.settings import Config
from itrwatch.doctor import folders
from itrwatch.doctor.verdict import Verdict
from itrwatch.store.atomic import Rights


def outbox(tmp_path, topic, largest=0, **changes):
    root = tmp_path / "saida"
    root.mkdir(exist_ok=True)
    (line,) = [one for one in folders.outbox(Config(tmp_path, root, **changes), largest) if one.topic == topic]
    return line


def test_a_share_that_gives_everybody_the_right_to_read(tmp_path, monkeypatch):
    """CIFS without file_mode: whatever is asked for, the share says 0777."""
    monkeypatch.setattr(Rights, "write", lambda _self, path, data: path.write_bytes(data) and path.chmod(0o777))
    line = outbox(tmp_path, "sigilo")
    assert (line.verdict, "permissões 777: qualquer usuário da máquina pode ler" in line.text) == (
        Verdict.ATTENTION,
        True,
    )
    assert "file_mode=0640" in line.remedy


def test_a_group_that_the_share_does_not_give(tmp_path, monkeypatch):
    mine = os.getgid()
    monkeypatch.setattr(folders.grp, "getgrnam", lambda _name: SimpleNamespace(gr_gid=mine + 1))
    monkeypatch.setattr(Rights, "make_folder", lambda _self, path: path.mkdir())
    monkeypatch.setattr(Rights, "write", lambda _self, path, data: path.write_bytes(data) and path.chmod(0o640))
    line = outbox(tmp_path, "grupo", group="fiscais")
    assert (line.verdict, "não pôde ser dado" in line.text) == (Verdict.BAD, True)


def test_a_disk_that_is_nearly_full(tmp_path, monkeypatch):
    monkeypatch.setattr(folders.shutil, "disk_usage", lambda _root: SimpleNamespace(free=folders.ROOM_BYTES - 1))
    assert outbox(tmp_path, "espaço").verdict is Verdict.ATTENTION
    assert outbox(tmp_path, "espaço", folders.ROOM_BYTES).verdict is Verdict.BAD


def test_a_share_that_gives_back_other_bytes(tmp_path, monkeypatch):
    monkeypatch.setattr(Rights, "write", lambda _self, path, _data: path.write_bytes(b"zeros"))
    root = tmp_path / "saida"
    root.mkdir()
    about_outbox = [line for line in folders.outbox(Config(tmp_path, root), 0) if line.topic == "saída"]
    assert "um arquivo renomeado não tem o conteúdo que foi escrito" in about_outbox[0].text


def test_folders_of_an_examination_that_was_killed(tmp_path):
    (tmp_path / "saida" / ".itrwatch").mkdir(parents=True)
    (tmp_path / "saida" / ".itrwatch" / "lock").touch()
    (tmp_path / "saida" / f"{folders.PREFIX}abc").mkdir()
    line = outbox(tmp_path, "restos")
    assert (line.verdict, f"{folders.PREFIX}abc" in line.text) == (Verdict.ATTENTION, True)


def test_the_largest_case_is_measured_by_its_files(tmp_path):
    for name, size in (("13153.720210-2019-34", 500), ("13153.720211-2019-34", 900)):
        (tmp_path / name / "fotos").mkdir(parents=True)
        (tmp_path / name / "scan.pdf").write_bytes(b"x" * size)
        (tmp_path / name / "fotos" / "a.jpg").write_bytes(b"x" * 9000)  # no scan of the case
    lines, cases, largest = folders.inbox(tmp_path)
    assert (cases, largest) == (2, 900), lines
