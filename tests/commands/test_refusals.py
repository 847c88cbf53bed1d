"""Commands given where they cannot do what they are for, and how the parts behind them say so."""

import argparse
import io
import subprocess
import sys
from pathlib import Path

import pytest

from itrwatch.commands.background import pid_file
from itrwatch.commands.cli import main
from itrwatch.commands.common import progress
from itrwatch.workers.fork_server import ForkServer, ForkServerLostError


def test_a_draft_of_a_folder_without_scans(tmp_path, capsys):
    assert main(["new", str(tmp_path)]) != 0
    assert "não tem digitalizações" in capsys.readouterr().err


def test_a_demo_in_a_folder_with_somebodys_papers(tmp_path, capsys):
    (tmp_path / "tese.txt").touch()
    assert main(["demo", str(tmp_path)]) != 0
    assert "tem outras coisas" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["tese.txt"]


def test_two_configurations_are_two_services():
    def place(config, given=None):
        return pid_file(argparse.Namespace(config=Path(config), pid_file=given)).path

    assert place("/etc/itrwatch/config.yaml") == place("/etc/itrwatch/../itrwatch/config.yaml")
    assert place("/etc/itrwatch/config.yaml") != place("/etc/itrwatch/outra.yaml") != place("/srv/outra.yaml")
    assert place("/etc/itrwatch/config.yaml", "/run/x.pid") == Path("/run/x.pid")


def test_who_waits_at_a_terminal_sees_how_far_it_is(monkeypatch):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    with progress() as bar_of:
        bar_of("13153.720210-2019-34")(3, 7)
    assert "13153.720210-2019-34" in terminal.getvalue()


def test_a_worker_whose_parent_was_gone_before_it_began_ends():
    program = "from itrwatch.workers.limits import end_with_parent; end_with_parent(1); print('alive')"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")


def test_a_worker_that_went_with_its_fork_server_is_reported_as_lost():
    with pytest.raises(ForkServerLostError, match="junto com o que o criou"):
        ForkServer().end(1)
