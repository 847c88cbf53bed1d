"""`itrwatch status`: the panel's words, one line and a document for monitors, and what the exit code says."""

import json
import os
import re
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from itrwatch.commands import status as command
from itrwatch.commands.cli import main
from itrwatch.core.codes import Code
from itrwatch.core.findings import warning
from itrwatch.core.status import CaseStatus, Root, StatusSnapshot
from itrwatch.daemon import service
from itrwatch.daemon.metrics_file import replace_metrics
from itrwatch.daemon.panel import Panel
from itrwatch.report.metrics import metrics
from itrwatch.report.panel_page import FILTERS
from itrwatch.report.status import UNKNOWN
from itrwatch.store.lock import EXPIRY_SECONDS, Holder
from itrwatch.store.outbox import Outbox
from tests.shell import CASE, WHEN, fill, job

ROOT = Path(__file__).parents[2]
WARNED, PENDING, NEW = "10265.226695-2023-03", "17613.722280-2012-47", "13153.720211-2019-34"


@pytest.fixture
def status(config, tmp_path, capsys):
    """`itrwatch status` with these options: exit code and what it prints."""
    path = tmp_path / "config.yaml"
    path.write_text(f"inbox: {config.inbox}\noutbox: {config.outbox}\nsettle_seconds: 0\n")

    def ask(*options):
        capsys.readouterr()
        code = main(["--config", str(path), "status", *options])
        return code, capsys.readouterr().out

    return ask


@pytest.fixture
def three(config, outbox):
    """One case that is ready, one with reservations, one pending; and one that nobody did yet."""
    for name in (CASE, WARNED):
        fill(config, name)
    (config.inbox / PENDING).mkdir()
    (config.inbox / PENDING / "processo.yaml").write_text("secoes: [notificacao: nada.pdf]\n")
    service.once(replace(config, settle_seconds=0), job(outbox))
    manifest = outbox.read_manifest(WARNED)
    staged = outbox.stage(WARNED)
    (staged / "NOTI.pdf").write_bytes(b"%PDF-1")
    outbox.write_manifest(staged, replace(manifest, findings=(warning(Code.TERMO_MISSING),)))
    outbox.publish(WARNED, staged, WHEN)
    fill(config, NEW)
    return outbox


@pytest.mark.usefixtures("three")
def test_every_case_has_the_word_that_the_panel_has(status):
    _, text = status()
    states = {name: next(line for line in text.splitlines() if name in line) for name in (CASE, WARNED, PENDING, NEW)}
    assert "a solicitar" in states[CASE]
    assert "a solicitar, com" in states[WARNED]  # “ressalvas” stands on the next line of the cell
    assert "pendente" in states[PENDING]
    assert "aguardando" in states[NEW]
    assert "serviço: parado" in text


def test_the_exit_code_is_that_of_a_monitor(config, three, status):
    assert status()[0] == 2
    lock = three.lock()
    try:
        assert status("--brief") == (1, _running("4 processos: 1 pendente, 1 a conferir"))
        (config.inbox / PENDING / "processo.yaml").unlink()
        (config.inbox / PENDING).rmdir()
        (three.root / PENDING / "manifesto.json").unlink()
        for path in (three.root / PENDING).iterdir():
            path.unlink()
        (three.root / PENDING).rmdir()
        assert status("--brief") == (0, _running("3 processos: 1 a conferir"))
        config.inbox.rename(config.inbox.with_name("longe"))
        code, text = status("--brief")
        assert (code, "entrada: sem acesso" in text, "2 processos" in text) == (1, True, True)
        assert "fora da entrada" not in status()[1]
    finally:
        lock.close()


def _running(words):
    return f"itrwatch: em execução (processo {os.getpid()}); {words}\n"


def test_without_the_outbox_nothing_is_claimed(three, status):
    three.root.rename(three.root.with_name("longe"))
    code, text = status()
    assert code == 1
    assert "não se sabe (sem acesso" in text
    assert "não se sabe se está em execução" in text
    assert "não existe" in text
    document = json.loads(status("--json")[1])
    assert document["service"]["running"] is None
    assert {case["state"] for case in document["cases"]} == {UNKNOWN}


def test_a_share_that_hangs_is_reported_and_does_not_hang_the_monitor(status, monkeypatch):
    monkeypatch.setattr(command, "ROOT_SECONDS", 0.2)
    release = threading.Event()

    def hang(_root):
        release.wait()
        raise OSError(5, "the server came back, too late")

    monkeypatch.setattr(command, "list_cases", hang)
    code, text = status("--brief")
    release.set()
    assert (code, "entrada: não responde" in text) == (2, True)


@pytest.mark.usefixtures("three")
def test_the_document_has_what_the_page_of_the_administrator_says(status):
    document = json.loads(status("--json")[1])
    page = (
        (ROOT / "docs" / "administracao.md").read_text("utf-8").partition("### O documento de")[2].partition("\n## ")[0]
    )
    rows = dict(re.findall(r"^\| (`.+?`) \| (.+) \|$", page, re.MULTILINE))
    keys = {key for row in rows for key in re.findall(r"`(\w+)`", row)}
    assert keys == set(document)
    described = {row.strip("`"): set(re.findall(r"`(\w+)`", text)) for row, text in rows.items()}
    assert described["cases"] == set(document["cases"][0]) | {"name", "bytes"}
    assert described["roots"] == set(document["roots"][0])
    assert described["service"] == set(document["service"])
    assert described["counts"] == set(FILTERS)
    assert document["exit"] == 2
    assert document["cases"][0]["folder"] == PENDING
    assert document["cases"][0]["files"] == []


def test_a_service_on_another_machine_runs_as_long_as_it_renews_its_lease(config, status):
    work = config.outbox / ".itrwatch"
    work.mkdir()
    (work / "lock").touch()
    lease = work / "lease"
    mine = Holder.this()
    other = {"host": "servidor2", "machine": "x", "boot": mine.boot, "pid": 7, "started": "1", "beat": 3}
    lease.write_text(json.dumps(other))
    assert status("--brief") == (0, "itrwatch: em execução (em servidor2); 0 processos\n")
    old = lease.stat().st_mtime - 3 * EXPIRY_SECONDS
    os.utime(lease, (old, old))
    assert status("--brief") == (2, "itrwatch: parado; 0 processos\n")


@pytest.mark.usefixtures("three")
def test_metrics_are_lines_that_node_exporter_takes_and_name_nobody(config):
    waiting = CaseStatus(NEW, "na fila", "a sua vez na fila", WHEN.replace(minute=0))
    roots = (Root("entrada", "/e"), Root("saída", "/s", trouble="o disco está cheio"))
    status = StatusSnapshot(WHEN, roots, (CaseStatus(CASE, "publicadas"), CaseStatus(WARNED, "publicadas"), waiting))
    text = metrics(status, Panel(Outbox(config.outbox), config).rows(status), "0.1.0")
    for line in text.splitlines():
        assert re.fullmatch(r'# (HELP|TYPE) itrwatch_\w+ .+|itrwatch_\w+(\{\w+="[^"\\]*"\})? \d+', line), line
    assert 'itrwatch_cases{state="publicadas"} 2' in text
    assert 'itrwatch_root_degraded{root="saída"} 1' in text
    assert 'itrwatch_panel{kind="conferir"} 1' in text
    assert "itrwatch_longest_wait_seconds 300" in text
    assert "13153" not in text


def test_the_collector_may_read_the_metrics_and_a_failure_is_told_once(tmp_path, said):
    """The collector is another user; where the file cannot be replaced, nothing half written is left beside it."""
    path, in_the_way = tmp_path / "itrwatch.prom", tmp_path / "pasta"
    in_the_way.mkdir()
    for number in (1, 2):
        replace_metrics(path, f'itrwatch_root_degraded{{root="saída"}} {number}\n')
        replace_metrics(in_the_way, "")
    assert (path.read_text("utf-8"), path.stat().st_mode & 0o777) == ('itrwatch_root_degraded{root="saída"} 2\n', 0o644)
    assert len([line for line in said if "metrics_file" in line]) == 1
    assert sorted(tmp_path.iterdir()) == [path, in_the_way]
