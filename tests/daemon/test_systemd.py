"""What systemd gets, and its unit."""

import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from itrwatch.daemon.systemd import Notifier
from tests.shell import Listener

UNIT = Path(__file__).parents[2] / "systemd" / "itrwatch.service"


def test_a_deaf_systemd_does_not_hold_up_the_work(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as deaf:
        deaf.bind(str(tmp_path / "notify"))
        notifier, start = Notifier(str(tmp_path / "notify"), 0), time.monotonic()
        while time.monotonic() < start + 0.3:
            notifier.beat(time.monotonic())
    assert time.monotonic() - start < 1


def test_notifier_speaks_only_when_spoken_to(listener: Listener) -> None:
    assert Notifier.from_environment({})._interval is None  # noqa: SLF001
    Notifier().send(READY="1")
    Notifier("/nowhere/at/all").send(READY="1")
    ours = {"NOTIFY_SOCKET": listener.address, "WATCHDOG_USEC": "30000000", "WATCHDOG_PID": str(os.getpid())}
    notifier = Notifier.from_environment(ours)
    for now in (0, 9, 10, 11, 25):
        notifier.beat(now)
    notifier.send(STATUS="caso “a\nREADY=1”")
    Notifier.from_environment(ours | {"WATCHDOG_PID": "1"}).beat(0)
    assert listener.close() == ["WATCHDOG=1"] * 3 + ["STATUS=caso “a READY=1”"]


def test_notifier_knows_abstract_sockets() -> None:
    listener = Listener(f"\0itrwatch-test-{os.getpid()}")
    Notifier(f"@itrwatch-test-{os.getpid()}").send(READY="1")
    assert listener.close() == ["READY=1"]


def unit_lines() -> dict[str, str]:
    lines = [line for line in UNIT.read_text("utf-8").splitlines() if "=" in line and not line.startswith("#")]
    return dict(line.split("=", 1) for line in lines)


def test_unit_agrees_with_the_code() -> None:
    unit = unit_lines()
    assert unit["Type"] == "notify"
    assert unit["ReadOnlyPaths"] == "/srv/itr/entrada"
    assert unit["ReadWritePaths"] == "/srv/itr/saida"
    assert unit["PrivateNetwork"] == "yes"
    assert "itrwatch run --config" in unit["ExecStart"]
    assert unit["RestartPreventExitStatus"] == "64 78"
    assert "HUP" in unit["ExecReload"]


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here")
def test_unit_with_systemd_analyze(tmp_path: Path) -> None:
    unit = tmp_path / "itrwatch.service"
    unit.write_text(UNIT.read_text("utf-8").replace("/opt/itrwatch/bin/itrwatch", sys.executable), "utf-8")
    verified = subprocess.run(["systemd-analyze", "verify", unit], capture_output=True, text=True, check=False)
    assert (verified.returncode, verified.stderr) == (0, "")
    rated = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--threshold=10", unit],
        capture_output=True,
        text=True,
        check=False,
    )
    assert rated.returncode == 0, rated.stdout
