"""A share that answers no call any more: the real service, with the calls to one root held for as long as a file is there."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from itrwatch.core.settings import Config
from tests.shell import LIMIT, Listener, fill, pdf, until

PROGRAM = r"""
import os, sys, threading, time
from pathlib import Path
from itrwatch.daemon import service
from itrwatch.core.settings import Config
from itrwatch.daemon.systemd import Notifier
from itrwatch.store.outbox import Outbox
from tests.shell import job

inbox, outbox, hung, address = map(Path, sys.argv[1:])
service.HANG_SECONDS, service.STOP_SECONDS = 0.5, 1.0
real = os.scandir

def held(path="."):
    while hung.exists() and str(path).startswith(hung.read_text()):
        time.sleep(0.05)
    return real(path)

os.scandir = held
config = Config(inbox, outbox, settle_seconds=0.2, rescan_seconds=0.2, watch="polling")
box = Outbox(outbox)
drawn = lambda status: box.write_panel(" ".join(root.trouble for root in status.roots).encode())
service.run(config, job(box), threading.Event(), outbox=box, notifier=Notifier(str(address), 0.1), show=drawn)
"""


@pytest.fixture
def hung(config: Config) -> Path:
    return config.inbox.with_name("pendurada")


@pytest.fixture
def service(config: Config, hung: Path, listener: Listener) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-c", PROGRAM, config.inbox, config.outbox, hung, listener.address]
    with subprocess.Popen(command) as process:
        until(lambda: any(message.startswith("READY") for message in listener.heard))
        yield process
        process.kill()


@pytest.mark.parametrize("root", ["entrada", "saída"])
def test_hung_share_does_not_hang_the_service(
    config: Config, hung: Path, service: subprocess.Popen[bytes], listener: Listener, root: str
) -> None:
    """F25: the watchdog is fed, the state is reported, and work resumes by itself."""
    fill(config, "1 antes")
    until(lambda: pdf(config, "1 antes"))
    hung.with_suffix(".novo").write_text(str(config.inbox if root == "entrada" else config.outbox))
    hung.with_suffix(".novo").rename(hung)
    until(
        lambda: (
            f"a {root} não responde" in listener.heard[-1]
            or (
                listener.heard[-1] == "WATCHDOG=1"
                and any(f"a {root} não responde" in message for message in listener.heard)
            )
        )
    )
    fill(config, "2 depois")
    beats = listener.heard.count("WATCHDOG=1")
    until(lambda: listener.heard.count("WATCHDOG=1") > beats + 5)
    assert service.poll() is None
    hung.unlink()
    until(lambda: pdf(config, "2 depois"))
    until(lambda: "não responde" not in [message for message in listener.heard if "STATUS" in message][-1])


def test_hung_share_does_not_hold_up_the_end(
    config: Config, hung: Path, service: subprocess.Popen[bytes], listener: Listener
) -> None:
    hung.write_text(str(config.inbox))
    until(lambda: any("a entrada não responde" in message for message in listener.heard))
    until(lambda: "a entrada não responde" in (config.outbox / "index.html").read_text())  # the panel says it too
    service.send_signal(signal.SIGTERM)
    assert service.wait(LIMIT) == 0
    assert hung.exists()
    assert listener.heard[-1] in ("WATCHDOG=1", "STOPPING=1\nSTATUS=encerrando")


def test_a_share_that_hangs_from_the_start_is_named_in_the_panel(
    config: Config, hung: Path, listener: Listener
) -> None:
    hung.write_text(str(config.inbox))
    command = [sys.executable, "-c", PROGRAM, config.inbox, config.outbox, hung, listener.address]
    with subprocess.Popen(command) as process:
        page = config.outbox / "index.html"
        try:
            until(lambda: page.exists() and "a entrada não responde" in page.read_text())
        finally:
            process.kill()
