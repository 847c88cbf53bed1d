"""`itrwatch setup`: what it asks and what it writes; what it does to a machine is in tests/project/test_installation.py."""

import argparse
import io
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from itrwatch.commands.cli import main, make_parser
from itrwatch.config.reading import parse_config
from itrwatch.core.excerpts import yaml_text
from itrwatch.errors import UsageError
from itrwatch.setup import machine, questions
from itrwatch.setup.edited_config import edited
from itrwatch.setup.office import Office, drop_in, shares, values
from itrwatch.setup.questions import ask_all

FIRST = (Path(__file__).parents[2] / "systemd" / "config.yaml").read_text("utf-8")
FILE = Path("/etc/itrwatch/config.yaml")


def read(text):
    return parse_config(text.encode(), FILE).config


@pytest.mark.parametrize(
    "text",
    [
        FIRST,
        "inbox: /a\noutbox: /b\n",
        "outbox: /b\nholidays:\n  municipal:\n    - 01/01\n    - 02/02\n# o resto\ninbox: /a\nworkers: 2\n",
        "inbox: /a  # a nossa\nlog:\n  level: DEBUG\nholidays:\n\n  uf: SP\noutbox: /b",
    ],
)
def test_answers_are_put_into_a_configuration_and_the_rest_stays(text):
    wanted = values(Path("/srv/ITR: 2026/entrada"), Path("/outra/saída"), "GO", ("26/08", "24/10"))
    before, after = read(text), read(edited(text, wanted))
    assert (after.inbox, after.outbox) == (Path("/srv/ITR: 2026/entrada"), Path("/outra/saída"))
    assert (after.holidays.uf, after.holidays.municipal) == ("GO", ("26/08", "24/10"))
    assert (after.workers, after.log) == (before.workers, before.log)
    for line in text.splitlines():
        if "#" in line:
            assert line[line.index("#") :] in edited(text, wanted)


def test_a_value_is_quoted_where_yaml_would_read_another():
    for path in ("/a b", "/a: b", "/a #b", '/a"b', "/a'b", "/á", "/-"):
        assert read(f"inbox: {yaml_text(path)}\noutbox: /b\n").inbox == Path(path)


def test_a_form_that_cannot_be_changed_is_reported_and_nothing_is_written(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("itrwatch.setup.office.CONFIGURATIONS", tmp_path)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    (tmp_path / "config.yaml").write_text(text := "inbox: /a\noutbox: /b\nholidays: {uf: SP, municipal: []}\n")
    assert main(["setup", "--yes", "--uf", "GO"]) in (64, 75)
    assert "holidays" in capsys.readouterr().err
    assert (tmp_path / "config.yaml").read_text() == text


def options(*words):
    return make_parser().parse_args(["setup", *words])


def test_what_is_asked_is_asked_again_until_it_will_do(monkeypatch, capsys):
    typed = iter(["/dados/entrada", "dados/saida", "/dados/saida", "XX", "go", "Campo Verde", "31/02", "26/08, 24/10"])
    asked = []
    monkeypatch.setattr("builtins.input", lambda question: asked.append(question) or next(typed))
    monkeypatch.setattr(questions.sys, "stdin", argparse.Namespace(isatty=lambda: True))
    answers = ask_all(options(), FILE, FIRST, read(FIRST))
    said = capsys.readouterr().out
    assert (answers.inbox, answers.outbox) == (Path("/dados/entrada"), Path("/dados/saida"))
    assert (answers.uf, answers.municipality, answers.days) == ("GO", "Campo Verde", ("26/08", "24/10"))
    assert "[/srv/itr/entrada]" in asked[0]
    assert "não é um caminho completo" in said
    assert "deve ser a sigla do estado" in said
    assert "“31/02” não é uma data" in said


def test_without_a_terminal_nothing_is_asked_and_what_was_not_said_stays(monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO())
    answers = ask_all(options("--uf", "sp"), FILE, FIRST, read(FIRST))
    assert (str(answers.inbox), answers.uf, answers.days) == ("/srv/itr/entrada", "SP", ())
    with pytest.raises(UsageError, match="sigla do estado"):
        ask_all(options("--uf", "XX"), FILE, FIRST, read(FIRST))


def test_only_root_may_and_names_of_offices_are_plain(monkeypatch, capsys):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert main(["setup"]) == 64
    assert "sudo itrwatch setup" in capsys.readouterr().err
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert main(["setup", "--instance", "../x"]) == 64
    assert "não serve como nome" in capsys.readouterr().err


def test_offices_share_nothing_but_the_program():
    first, north = Office(""), Office("norte")
    for fact in ("config", "unit", "inbox", "outbox", "readers"):
        assert getattr(first, fact) != getattr(north, fact)
    assert "[norte-entrada]" in shares(north, north.inbox, north.outbox, "")
    assert "valid users = @fiscais-norte" in shares(north, north.inbox, north.outbox, "")


def test_systemd_understands_the_drop_in_of_any_folders(tmp_path):
    if not shutil.which("systemd-analyze"):
        pytest.skip("systemd is not installed")
    folders = tmp_path / "ITR 100%" / "entrada", tmp_path / "ITR 100%" / "saída"
    unit = tmp_path / "x.service"
    unit.write_text("[Service]\nExecStart=/bin/true\n")
    (tmp_path / "x.service.d").mkdir()
    (tmp_path / "x.service.d" / "pastas.conf").write_text(drop_in(*folders))
    done = subprocess.run(["systemd-analyze", "verify", "--man=no", unit], capture_output=True, text=True, check=False)
    assert "pastas.conf" not in done.stderr, done.stderr
    assert done.returncode == 0, done.stderr


def test_shares_are_added_once_and_checked(tmp_path, monkeypatch):
    if not shutil.which("testparm"):
        pytest.skip("Samba is not installed")
    monkeypatch.setattr(machine, "SAMBA", tmp_path)
    monkeypatch.setattr(machine, "SYSTEMD_RUNS", tmp_path / "no")
    (tmp_path / "smb.conf").write_bytes(b"# prefeitura do munic\xedpio\n[global]\n   workgroup = X\n")  # Latin-1
    monkeypatch.setattr(machine, "run", lambda *command, remedy: _parsed(command, tmp_path, remedy))
    text = shares(Office(""), tmp_path / "entrada", tmp_path / "saida", "Campo Verde")
    for _ in range(2):
        machine.add_shares(Office(""), text)
    written = (tmp_path / "smb.conf").read_bytes()
    assert (written.count(b"include = "), b"munic\xedpio" in written) == (1, True)
    listed = _parsed(("testparm", "-s"), tmp_path, "")
    assert "[entrada]" in listed
    assert "ITR de Campo Verde: digitaliza" in listed


def _parsed(command, folder, remedy):
    done = subprocess.run([*command, folder / "smb.conf"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr + remedy
    return done.stdout
