"""`itrwatch start`, `stop`, `restart` with real processes: what an office without systemd lives with."""

import contextlib
import os
import re
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from itrwatch.daemon import daemonize
from itrwatch.daemon.daemonize import PidFile
from tests.office import CASE, scan_bytes
from tests.waiting import LIMIT, until

GOOD = "secoes:\n  - notificacao: noti.pdf\n"


class Host:
    """A machine without systemd: folders, a configuration with relative paths, a place for the PID file."""

    def __init__(self, root):
        self.root, self.log, self.pid_file = root, root / "itrwatch.log", root / "run" / "itrwatch.pid"
        self.inbox, self.outbox = root / "entrada", root / "saida"
        for folder in (self.inbox, self.outbox):
            folder.mkdir()
        self.config = root / "config.yaml"
        self.configure()

    def configure(self, more=""):
        settings = "inbox: entrada\noutbox: saida\nsettle_seconds: 0.3\nlog:\n  file: itrwatch.log\n"
        self.config.write_text(settings + more)

    def call(self, command, **environment):
        arguments = [sys.executable, "-m", "itrwatch", command, "--config", "config.yaml"]
        if command in ("start", "stop", "restart"):
            arguments += ["--pid-file", str(self.pid_file)]
        clean = {key: value for key, value in os.environ.items() if key not in ("INVOCATION_ID", "NOTIFY_SOCKET")}
        return subprocess.run(
            arguments,
            cwd=self.root,
            env=clean | environment,
            capture_output=True,
            text=True,
            timeout=LIMIT,
            check=False,
        )

    @property
    def pid(self):
        return PidFile(self.pid_file).holder()

    def case(self, name=CASE):
        folder = self.inbox / name
        folder.mkdir()
        (folder / "noti.pdf").write_bytes(scan_bytes("N1"))
        (folder / "processo.yaml").write_text(GOOD)

    def published(self, name=CASE):
        return (self.outbox / name / "NOTI.pdf").exists()


@pytest.fixture
def host(tmp_path):
    host = Host(tmp_path)
    yield host
    if host.pid is not None:
        os.kill(host.pid, signal.SIGKILL)


def started(host):
    done = host.call("start")
    assert done.returncode == 0, done.stderr
    return host.pid


def status_of(pid, key):
    return next(line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith(key)).split()[
        1
    ]


def standard_stream(pid, number):
    flags = re.search(r"flags:\s*([0-7]+)", Path(f"/proc/{pid}/fdinfo/{number}").read_text())[1]
    closes = int(flags, 8) & os.O_CLOEXEC
    return str(Path(f"/proc/{pid}/fd/{number}").readlink()), "not for children" if closes else "handed to children"


def test_start_returns_when_it_serves_and_stop_when_it_is_gone(host):
    done = host.call("start")
    assert done.returncode == 0, done.stderr
    pid = host.pid
    assert f"itrwatch em execução (processo {pid})" in done.stdout
    assert host.pid_file.read_text() == f"{pid}\n"
    assert "entrada" in host.log.read_text()  # the log was opened after descriptors were closed (R17)
    host.case()
    until(host.published, host.log.read_text)
    done = host.call("stop")
    assert (done.returncode, done.stdout) == (0, f"itrwatch parado (processo {pid})\n")
    assert not Path(f"/proc/{pid}/exe").exists()  # gone, or waiting for init to collect it
    assert not host.pid_file.exists()
    assert host.call("stop").stdout == "o itrwatch não está em execução\n"


def test_the_daemon_is_detached_and_its_files_are_not_readable_by_others(host):
    pid = started(host)
    assert os.getsid(pid) not in (os.getsid(0), 0)
    assert status_of(pid, "Umask") == "0027"  # python-daemon's default is 0 (R19)
    assert Path(f"/proc/{pid}/cwd").readlink() == Path("/")
    assert [standard_stream(pid, number) for number in (0, 1, 2)] == [("/dev/null", "handed to children")] * 3
    host.case()
    until(host.published, host.log.read_text)
    made = [host.outbox / CASE, *(host.outbox / CASE).iterdir(), host.log]
    assert [path for path in made if stat.S_IMODE(path.stat().st_mode) & 0o007] == []


def test_a_second_start_refuses_and_names_the_first(host):
    pid = started(host)
    done = host.call("start")
    assert done.returncode == 75
    assert f"já está em execução (processo {pid})" in done.stderr
    assert host.pid == pid


def test_restart_replaces_the_process_and_a_wrong_configuration_leaves_it_alone(host):
    first = started(host)
    done = host.call("restart")
    assert done.returncode == 0, done.stderr
    second = host.pid
    assert second not in (None, first)
    host.configure("settle_secs: 3\n")
    done = host.call("restart")
    assert done.returncode == 78
    assert "settle_seconds" in done.stderr
    assert host.pid == second


def test_power_cut_leaves_a_pid_file_that_blocks_nothing(host):
    pid = started(host)
    os.kill(pid, signal.SIGKILL)
    until(lambda: host.pid is None)
    assert host.pid_file.read_text() == f"{pid}\n"
    assert started(host) != pid


def test_the_process_number_of_a_stale_file_is_never_signalled(host):
    with subprocess.Popen(["cat"], stdin=subprocess.PIPE) as innocent:
        host.pid_file.parent.mkdir()
        host.pid_file.write_text(f"{innocent.pid}\n")
        assert host.call("stop").stdout == "o itrwatch não está em execução\n"
        assert innocent.poll() is None
        assert started(host) != innocent.pid
        host.call("stop")
        assert innocent.poll() is None
        innocent.kill()


def test_start_says_why_the_service_does_not_come_up(host):
    config = host.config.read_text()
    with serving_in_the_foreground(host):
        done = host.call("start")
        assert done.returncode == 75
        assert "já cuida desta pasta de saída" in done.stderr
    host.config.write_text(config.replace("itrwatch.log", "nada/aqui/../../config.yaml/x.log"))
    done = host.call("start")
    assert done.returncode == 75
    assert "não consegui salvar o registro" in done.stderr
    host.config.write_text(config)
    host.pid_file.parent.rmdir()
    host.pid_file.parent.write_text("a file where the folder should be")
    done = host.call("start")
    assert done.returncode == 75
    assert "--pid-file" in done.stderr
    host.pid_file.parent.unlink()


@contextlib.contextmanager
def serving_in_the_foreground(host):
    command = [sys.executable, "-m", "itrwatch", "run", "--config", str(host.config)]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as other:
        until(lambda: host.log.exists() and ": entrada «" in host.log.read_text())
        yield
        other.terminate()


@pytest.mark.parametrize("variable", ["INVOCATION_ID", "NOTIFY_SOCKET"])
@pytest.mark.parametrize("command", ["start", "restart"])
def test_under_systemd_it_refuses_to_detach(host, command, variable):
    done = host.call(command, **{variable: "x"})
    assert done.returncode == 64
    assert "systemctl start itrwatch" in done.stderr
    assert not host.pid_file.parent.exists()


def test_stop_gives_up_on_a_service_that_hangs(host):
    pid = started(host)
    os.kill(pid, signal.SIGSTOP)
    with pytest.raises(TimeoutError):
        daemonize.stop(PidFile(host.pid_file), 0.2)
    assert host.pid == pid  # asked, not killed
    os.kill(pid, signal.SIGCONT)
    until(lambda: host.pid is None)


def test_a_new_configuration_is_taken_without_a_restart(host):
    """SIGHUP finds the file again, although the daemon left the folder it was started in."""
    pid = started(host)
    host.configure("rescan_seconds: 7\n")
    os.kill(pid, signal.SIGHUP)
    until(lambda: host.log.read_text().count("itrwatch 0.") == 2, host.log.read_text)
    host.case()
    until(host.published, host.log.read_text)
    assert host.pid == pid
