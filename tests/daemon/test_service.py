"""The service: threads, signals, systemd, with a job of one line."""

import gc
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from itrwatch.core.manifest import Outcome, Stopped
from itrwatch.core.settings import Config
from itrwatch.core.status import StatusSnapshot, summary
from itrwatch.daemon.case_state import State
from itrwatch.daemon.cases import Cases
from itrwatch.daemon.loop import JobThread, Loop
from itrwatch.daemon.service import once, run
from itrwatch.daemon.systemd import Notifier
from itrwatch.errors import BusyError
from itrwatch.job.attempt import Attempt
from itrwatch.store.inbox import Snapshot
from itrwatch.store.outbox import Outbox
from tests.shell import CASE, LIMIT, Listener, cases_of, fill, job, pdf, quick, running, until


def test_service_publishes_new_cases_and_notifies_systemd(config: Config, outbox: Outbox, listener: Listener) -> None:
    fill(config, "1 antes")
    umask = os.umask(0o022)
    os.umask(umask)
    good = job(outbox)

    def process(snapshot: Snapshot, attempt: Attempt) -> Outcome:
        until(lambda: f"STATUS=em trabalho: “{snapshot.name}”" in " ".join(listener.heard))
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
    assert "STATUS=em trabalho: “1 antes”" in messages
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
        until(lambda: any("READY=1\nSTATUS=sem acesso à entrada: “" in message for message in listener.heard))
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
from itrwatch.core.manifest import Stopped
from itrwatch.daemon.service import run

def process(snapshot, attempt):
    print("started", flush=True)
    attempt.stop.wait()
    print("stopping", flush=True)
    while not Path({str(config.inbox)!r}, "agora").exists():
        threading.Event().wait(0.01)
    raise Stopped

run(Config(Path({str(config.inbox)!r}), Path({str(config.outbox)!r}), settle_seconds=0), process, threading.Event())
print("end", flush=True)
"""
    for (first, *more), code in (
        ([signal.SIGTERM], 0),
        ([signal.SIGINT], 0),
        ([signal.SIGTERM, signal.SIGTERM], -signal.SIGTERM),
    ):
        (config.inbox / "agora").unlink(missing_ok=True)
        with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as child:
            assert child.stdout is not None
            assert child.stdout.readline() == "started\n"
            child.send_signal(first)
            assert child.stdout.readline() == "stopping\n"  # two signals at once would be one to the kernel
            for number in more:
                child.send_signal(number)
            if not more:
                (config.inbox / "agora").touch()
            assert child.wait(LIMIT) == code
            assert child.stdout.read() == ("end\n" if code == 0 else "")
        (config.inbox / "agora").unlink(missing_ok=True)


def test_outbox_whose_share_comes_up_after_the_service(config: Config, outbox: Outbox, listener: Listener) -> None:
    """F49: the server of the shares boots slowly; the service is up, says so, and begins when it can."""
    fill(config)
    config.outbox.rmdir()
    with running(quick(config), job(outbox), Notifier(listener.address)):
        until(
            lambda: any("READY=1\nSTATUS=não é possível usar a pasta de saída" in message for message in listener.heard)
        )
        config.outbox.mkdir()
        until(lambda: pdf(config))
        with pytest.raises(BusyError):  # it took the lock when it could
            Outbox(config.outbox).lock()


def test_nothing_is_shown_before_the_first_scan(
    config: Config, outbox: Outbox, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With thousands of folders it takes seconds, in which every case would seem to have left the inbox."""
    fill(config)
    snapshots = list[StatusSnapshot]()
    scan = Cases.scan

    def late(cases: Cases, now: float, heard: frozenset[str] | None = None, *, light: bool = False) -> bool:
        until(lambda: " ".join(listener.heard).count("EXTEND_TIMEOUT") > 2)  # half a second in which a panel is drawn
        return scan(cases, now, heard, light=light)

    monkeypatch.setattr(Cases, "scan", late)
    with running(quick(config), job(outbox), Notifier(listener.address), show=snapshots.append):
        until(lambda: snapshots)
    assert [place.folder for place in snapshots[0].cases] == [CASE]
    assert not gc.get_freeze_count()  # … until it is replaced: see `PanelThread`


def test_the_panel_gets_roots_cases_and_pages(config: Config, outbox: Outbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("itrwatch.daemon.panel_thread.SHOW_SECONDS", 0.02)
    monkeypatch.setattr("itrwatch.daemon.engine.STATUS_SECONDS", 0.02)
    snapshots, go, good = list[StatusSnapshot](), threading.Event(), job(outbox)
    fill(config)

    def process(snapshot: Snapshot, attempt: Attempt) -> Outcome:
        attempt.progress(3, 40)
        assert go.wait(LIMIT)
        return good(snapshot, attempt)

    def show(status: StatusSnapshot) -> None:
        snapshots.append(status)
        if len(snapshots) == 1:
            raise ZeroDivisionError  # a panel that cannot be drawn stops nobody

    with running(quick(config), process, Notifier(), show=show):
        until(
            lambda: snapshots and [(p.state, p.done, p.total) for p in snapshots[-1].cases] == [("em trabalho", 3, 40)]
        )
        assert summary(snapshots[-1]) == f"em trabalho: “{CASE}” (página 3 de 40)"
        go.set()
        until(lambda: [case_status.state for case_status in snapshots[-1].cases] == ["publicadas"])
        count = len(snapshots)
    assert [(root.role, root.path, root.trouble) for root in snapshots[-1].roots] == [
        ("entrada", str(config.inbox), ""),
        ("saída", str(config.outbox), ""),
    ]
    assert snapshots[-1].roots[0].mode == "avisos do sistema (inotify)"
    assert len(snapshots) == count  # shown when it changed, not for ever


def test_loop_of_ours_that_is_dead_is_not_kept_alive(
    config: Config, outbox: Outbox, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Systemd restarts what hangs in our own code; what hangs in a share would hang again."""
    monkeypatch.setattr("itrwatch.daemon.service.DEAD_SECONDS", 0.3)
    monkeypatch.setattr("itrwatch.daemon.service.STOP_SECONDS", 0.1)
    dead = threading.Event()
    step = Loop.step

    def stuck(self: Loop) -> None:
        step(self)
        self.wait = lambda: dead.wait(LIMIT)  # type: ignore[method-assign]

    monkeypatch.setattr(Loop, "step", stuck)
    try:
        with running(quick(config), job(outbox), Notifier(listener.address, 0.01)):
            until(lambda: any("READY" in message for message in listener.heard))
            quiet = count = -1
            while quiet < 3:  # no ping in three looks in a row
                quiet, count = (
                    (quiet + 1, count)
                    if listener.heard.count("WATCHDOG=1") == count
                    else (0, listener.heard.count("WATCHDOG=1"))
                )
                threading.Event().wait(0.4)
            dead.set()
    finally:
        dead.set()


def test_failure_of_the_engine_ends_the_service(
    config: Config, outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_self: Loop) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(Loop, "step", broken)
    with pytest.raises(ZeroDivisionError):
        run(config, job(outbox), threading.Event())
    Outbox(config.outbox).lock().close()


def test_computer_that_was_suspended(
    config: Config, outbox: Outbox, said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The time in which nobody looked is no quiet time, and everything is looked at again."""
    now = 1000.0
    monkeypatch.setattr("itrwatch.daemon.loop.clock", lambda: now)
    folder, wake = fill(config), threading.Event()
    cases = cases_of(config, outbox)
    loop = Loop(cases, JobThread(job(outbox), threading.Event(), wake), wake, lambda: 60.0)
    loop.step()
    now += 8 * 3600
    (folder / "scan.pdf").write_bytes(b"%PDF-1, still coming")
    loop.step()
    assert loop.slept == 8 * 3600
    assert "WARNING: o computador ou o serviço ficou parado por 28800 s; tudo será conferido" in said
    assert cases.counts == {State.MOVING: 1}
    assert pdf(config) is None


def test_look_now_and_reload_in_a_real_process(config: Config, tmp_path: Path) -> None:
    """SIGHUP takes a good configuration and keeps the old one where the new one is bad; SIGUSR1 looks at once."""
    path, log = tmp_path / "config.yaml", tmp_path / "log"
    text = f"inbox: {config.inbox}\noutbox: {config.outbox}\nsettle_seconds: %s\nrescan_seconds: 600\nwatch: inotify\n"
    path.write_text(text % 0.1)
    with (
        log.open("wb") as stream,
        subprocess.Popen([sys.executable, "-m", "itrwatch", "run", "--config", str(path)], stderr=stream) as child,
    ):
        try:
            until(lambda: log.read_text().count("avisos do sistema") == 1)
            path.write_text(text % "depois")
            child.send_signal(signal.SIGHUP)
            until(lambda: "configuração não recarregada; a anterior continua valendo" in log.read_text())
            path.write_text(text.replace("inotify", "polling") % 0.2)
            child.send_signal(signal.SIGHUP)
            until(lambda: "configuração recarregada" in log.read_text())
            until(lambda: "por varredura (assim pede a configuração)" in log.read_text())
            assert "recomeçando com a configuração nova" in log.read_text()
            assert "encerrando" not in log.read_text()
            child.send_signal(signal.SIGUSR1)
            (config.inbox / CASE).mkdir()
            (config.inbox / CASE / "processo.yaml").write_text("secoes: []\n")
            until((config.outbox / CASE / "PENDENTE.txt").exists)
            child.send_signal(signal.SIGTERM)
            assert child.wait(LIMIT) == 0
        finally:
            child.kill()


def test_four_hundred_hangups_end_nothing(config: Config, tmp_path: Path) -> None:
    """Some of them come while it begins anew with another configuration, when a handler could be missing."""
    path, log = tmp_path / "config.yaml", tmp_path / "log"
    text = f"inbox: {config.inbox}\noutbox: {config.outbox}\nsettle_seconds: 0.1\nwatch: polling\nrescan_seconds: %d\n"
    path.write_text(text % 5)
    with (
        log.open("wb") as stream,
        subprocess.Popen([sys.executable, "-m", "itrwatch", "run", "--config", str(path)], stderr=stream) as child,
    ):
        try:
            until(lambda: "entrada «" in log.read_text())
            for number in range(400):
                path.write_text(text % (5 + number % 7))
                child.send_signal(signal.SIGHUP)
                assert child.poll() is None, log.read_text()
                threading.Event().wait(0.002)
            (config.inbox / CASE).mkdir()
            (config.inbox / CASE / "processo.yaml").write_text("secoes: []\n")
            until((config.outbox / CASE / "PENDENTE.txt").exists)
            assert "recomeçando com a configuração nova" in log.read_text()
            assert "Traceback" not in log.read_text()
            child.send_signal(signal.SIGTERM)
            assert child.wait(LIMIT) == 0
        finally:
            child.kill()
