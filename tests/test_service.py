"""The service: threads, signals, systemd, with a job of one line."""

import os
import signal
import subprocess
import sys
import threading
import time

import pytest

from itrwatch.attempts import Attempt
from itrwatch.core.outcome import Outcome, Stopped
from itrwatch.core.settings import Config
from itrwatch.errors import BusyError
from itrwatch.inbox import Snapshot
from itrwatch.notify import Notifier
from itrwatch.outbox import Outbox
from itrwatch.service import once, run
from tests.shell import LIMIT, Listener, fill, job, pdf, quick, running, until


def test_service_does_what_comes_and_tells_systemd(config: Config, outbox: Outbox, listener: Listener) -> None:
    fill(config, "1 antes")
    umask = os.umask(0o022)
    os.umask(umask)
    good = job(outbox)

    def process(snapshot: Snapshot, attempt: Attempt) -> Outcome:
        until(lambda: f"STATUS=em trabalho: «{snapshot.name}»" in " ".join(listener.heard))
        return good(snapshot, attempt)

    with running(quick(config), process, Notifier(listener.address, 0.05)):
        until(lambda: pdf(config, "1 antes"))
        fill(config, "2 depois")
        until(lambda: pdf(config, "2 depois"))
        (config.inbox / "2 depois" / "scan.pdf").write_bytes(b"%PDF-2")
        until(lambda: pdf(config, "2 depois") == b"%PDF-2")
    assert os.umask(umask) == umask
    messages = listener.close()
    assert "READY=1\nSTATUS=aguardando: 1" in messages
    assert not any(
        message.startswith("STATUS") for message in messages[: messages.index("READY=1\nSTATUS=aguardando: 1")]
    )
    assert "WATCHDOG=1" in messages
    assert "STATUS=em trabalho: «1 antes»" in messages
    assert any(message.startswith("STOPPING=1") for message in messages)
    Outbox(config.outbox).lock().close()


def test_a_long_job_does_not_stop_the_looking(config: Config, outbox: Outbox, listener: Listener) -> None:
    fill(config, "1 longo")
    published = fill(config, "0 pronto")
    go, started, good = threading.Event(), threading.Event(), job(outbox)

    def process(snapshot: Snapshot, attempt: Attempt) -> Outcome:
        if snapshot.name == "1 longo":
            started.set()
            assert go.wait(LIMIT)
        return good(snapshot, attempt)

    with running(quick(config), process, Notifier(listener.address, 0.05)):
        assert started.wait(LIMIT)
        assert pdf(config, "0 pronto") == b"%PDF-1"
        (published / "scan.pdf").write_bytes(b"%PDF-2")
        until(lambda: pdf(config, "0 pronto") is None)
        fill(config, "2 novo")
        until(lambda: any("na fila: 2" in message for message in listener.heard))
        beats = listener.heard.count("WATCHDOG=1")
        until(lambda: listener.heard.count("WATCHDOG=1") > beats + 2)
        go.set()
        until(lambda: pdf(config, "2 novo") and pdf(config, "0 pronto") == b"%PDF-2")


def test_stopping_ends_the_job_between_pages(config: Config, outbox: Outbox) -> None:
    fill(config)
    started = threading.Event()

    def process(snapshot: Snapshot, attempt: Attempt) -> Outcome:
        outbox.stage(snapshot.name)
        started.set()
        assert attempt.stop.wait(LIMIT)
        raise Stopped

    with running(quick(config), process, Notifier()):
        assert started.wait(LIMIT)
    assert outbox.names() == frozenset()


def test_a_missing_inbox_is_waited_for(config: Config, outbox: Outbox, listener: Listener) -> None:
    config.inbox.rmdir()
    with running(quick(config), job(outbox), Notifier(listener.address)):
        until(lambda: any("READY=1\nSTATUS=sem acesso à entrada: «" in message for message in listener.heard))
        config.inbox.mkdir()
        fill(config)
        until(lambda: pdf(config))


def test_only_one_service_for_an_outbox(config: Config, outbox: Outbox) -> None:
    with outbox.lock():
        for command in (lambda: run(config, job(outbox), threading.Event()), lambda: once(config, job(outbox))):
            with pytest.raises(BusyError):
                command()


def test_signals_in_a_real_process(config: Config) -> None:
    fill(config)
    program = f"""
import threading
from pathlib import Path
from itrwatch.core.settings import Config
from itrwatch.core.outcome import Stopped
from itrwatch.service import run

def process(snapshot, stop):
    print("started", flush=True)
    while not (stop.is_set() and Path({str(config.inbox)!r}, "agora").exists()):
        stop.wait(0.01)
    raise Stopped

run(Config(Path({str(config.inbox)!r}), Path({str(config.outbox)!r}), settle_seconds=0), process, threading.Event())
print("end", flush=True)
"""
    for signals, code in (
        ([signal.SIGTERM], 0),
        ([signal.SIGINT], 0),
        ([signal.SIGTERM, signal.SIGTERM], -signal.SIGTERM),
    ):
        with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as child:
            assert child.stdout is not None
            assert child.stdout.readline() == "started\n"
            for number in signals:
                child.send_signal(number)
                time.sleep(0.2 if len(signals) > 1 else 0)  # two signals at once are one to the kernel
            if len(signals) == 1:
                (config.inbox / "agora").touch()
            assert child.wait(LIMIT) == code
            assert child.stdout.read() == ("end\n" if code == 0 else "")
        (config.inbox / "agora").unlink(missing_ok=True)
