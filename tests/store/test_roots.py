"""Shares that are away, replaced, read-only or silent: degraded, reported, and resumed by itself."""

import json
import shutil
import subprocess
import sys
from itertools import count
from pathlib import Path

import pytest

from itrwatch.core.settings import Config
from itrwatch.daemon.case_state import State
from itrwatch.store import lock, mounts
from itrwatch.store.outbox import FreeSpace, Outbox
from tests.shell import CASE, LIMIT, cases_of, fill, job, pdf, until, work

LOST = "nada é apagado, e o trabalho continua automaticamente quando a pasta voltar"


def test_a_lost_inbox_is_not_an_empty_one(config: Config, outbox: Outbox, said: list[str]) -> None:
    fill(config)
    cases = cases_of(config, outbox)
    work(cases, 0, job(outbox))
    work(cases, 30, job(outbox))
    config.inbox.rename(config.inbox.with_name("desmontada"))
    for now in (60, 120):
        assert work(cases, now, job(outbox)) == []
    cases_lost = f"sem acesso à entrada: “{config.inbox}” não existe (o compartilhamento está montado?)"
    assert cases.lost == cases_lost
    assert cases.due() == float("inf")
    assert pdf(config) == b"%PDF-1"
    config.inbox.with_name("desmontada").rename(config.inbox)
    assert work(cases, 180, job(outbox)) == []
    assert [line for line in said if line.startswith("ERROR")] == [f"ERROR: {cases_lost}; {LOST}"]
    assert said[-1] == "INFO: a entrada e a saída estão de volta"


def test_a_bare_mount_point_deletes_nothing(config: Config, outbox: Outbox, said: list[str]) -> None:
    fill(config)
    cases = cases_of(config, outbox)
    work(cases, 0, job(outbox))
    work(cases, 30, job(outbox))
    (config.inbox / CASE).rename(config.inbox.with_name("desmontada"))
    cases.scan(60)
    assert said[-1] == "WARNING: a entrada ficou vazia, onde havia pastas (antes: 1); a saída fica como está"
    config.inbox.with_name("desmontada").rename(config.inbox / CASE)
    assert work(cases, 90, job(outbox)) == []
    assert cases.counts == {State.PUBLISHED: 1}


def test_share_that_comes_back_empty_on_the_bare_mount_point(
    config: Config, outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The folder is there, on another disk and empty: that is no empty inbox (R4)."""
    fill(config)
    cases = cases_of(config, outbox)
    work(cases, 0, job(outbox))
    work(cases, 30, job(outbox))
    monkeypatch.setattr(cases.roots, "_device", 4711)  # as if it had been a mount of its own
    (config.inbox / CASE).rename(config.inbox.with_name("desmontada"))
    work(cases, 60, job(outbox))
    assert "ficou vazia e está em outro disco" in cases.lost
    assert cases.counts == {State.PUBLISHED: 1}  # nothing is forgotten
    config.inbox.with_name("desmontada").rename(config.inbox / CASE)
    work(cases, 90, job(outbox))
    assert cases.lost == ""


def mounted_on(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The kernel's list of mounts, as if ``path`` were the innermost one."""
    listed = path.parent / "mountinfo"
    listed.write_text(f"22 1 0:1 / / rw - ext4 /dev/vda rw\n30 22 0:2 / {path} rw - ext4 /dev/vdb rw\n")
    monkeypatch.setattr(mounts, "MOUNTINFO", listed)


def test_nothing_is_published_onto_a_bare_mount_point(
    config: Config, outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    mounted_on(config.outbox, monkeypatch)
    cases = cases_of(config, outbox)
    cases.roots.take()
    fill(config)
    work(cases, 0, job(outbox))
    config.outbox.rename(config.outbox.with_name("desmontada"))
    config.outbox.mkdir()
    mounted_on(config.outbox.with_name("desmontada"), monkeypatch)
    for now in (30, 60):
        assert work(cases, now, job(outbox)) == []
        assert "não é a pasta de antes" in cases.lost
    with pytest.raises(OSError, match="não é a pasta de antes"):
        Outbox.write_panel(outbox, b"")
    assert list(config.outbox.iterdir()) == []
    config.outbox.rmdir()
    config.outbox.with_name("desmontada").rename(config.outbox)
    mounted_on(config.outbox, monkeypatch)
    assert work(cases, 90, job(outbox)) == [CASE]
    assert pdf(config) == b"%PDF-1"
    outbox.unlock()


@pytest.mark.parametrize("robbed", [".itrwatch", "."], ids=["private folder", "outbox"])
def test_what_was_deleted_and_made_again_on_the_same_disk_is_taken_again(
    config: Config, outbox: Outbox, robbed: str
) -> None:
    fill(config)
    cases = cases_of(config, outbox)
    cases.roots.take()
    work(cases, 0, job(outbox))
    assert work(cases, 30, job(outbox)) == [CASE]
    shutil.rmtree(config.outbox / robbed)
    cases.scan(60)
    if robbed == ".":
        assert "não é possível usar a pasta de saída" in cases.lost
        config.outbox.mkdir()
    fill(config, more={"scan.pdf": b"%PDF-2"})
    work(cases, 90, job(outbox))
    assert work(cases, 120, job(outbox)) == [CASE]
    assert (pdf(config), cases.lost) == (b"%PDF-2", "")
    outbox.unlock()


def test_outbox_that_another_machine_took_is_taken_again_when_that_gives_it_up(
    config: Config, outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lock, "RENEW_SECONDS", 0.01)
    monkeypatch.setattr(lock, "EXPIRY_SECONDS", 0.05)
    monkeypatch.setattr(lock, "POLL_SECONDS", 0.01)
    fill(config)
    cases = cases_of(config, outbox)
    cases.roots.take()
    lease = config.outbox / ".itrwatch" / "lease"
    until(lease.exists)
    other, beats = json.loads(lease.read_text()) | {"host": "outra"}, count()

    def renewed(*_: object) -> None:
        lease.with_name("lease.tmp").write_text(json.dumps(other | {"beat": next(beats)}))
        lease.with_name("lease.tmp").rename(lease)

    renewed()
    until(lambda: outbox.robbed)
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr(cases.roots, "_wait", renewed)
        for now in (0, 30, 60):
            assert work(cases, now, job(outbox)) == []
            assert "outro itrwatch (processo" in cases.lost
    lease.unlink()
    work(cases, 90, job(outbox))
    assert work(cases, 120, job(outbox)) == [CASE]
    outbox.unlock()


def test_outbox_that_was_replaced_by_another_one_of_ours_is_read_again(
    config: Config, outbox: Outbox, said: list[str]
) -> None:
    """A backup restored on a new disk: what is there counts, not what is remembered."""
    other = Outbox(config.outbox.with_name("outra"))
    other.root.mkdir()
    other.lock().close()
    cases = cases_of(config, outbox)
    cases.roots.take()
    fill(config)
    work(cases, 0, job(outbox))
    work(cases, 30, job(outbox))
    config.outbox.rename(config.outbox.with_name("velha"))
    other.root.rename(config.outbox)
    assert work(cases, 60, job(outbox)) == [CASE]
    assert "WARNING: a pasta de saída foi montada de novo ou trocada; o que há nela será conferido" in said
    assert pdf(config) == b"%PDF-1"
    outbox.unlock()


def test_read_only_outbox_pauses_and_resumes(
    config: Config, outbox: Outbox, said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(config)
    cases = cases_of(config, outbox)
    with monkeypatch.context() as patch:
        patch.setattr(Outbox, "space", lambda _self: FreeSpace(1 << 30, read_only=True))
        work(cases, 0, job(outbox))
        assert work(cases, 30, job(outbox)) == []
        assert cases.roots.paused == "a saída só permite leitura; nada pode ser publicado"
        assert cases.statuses()[0].waits_for == cases.roots.paused
    assert work(cases, 60, job(outbox)) == [CASE]
    assert "INFO: já é possível escrever na saída de novo" in said


MOUNTS = r"""
import subprocess, sys, threading, time
from pathlib import Path
from itrwatch.daemon import loop, service
from itrwatch.core.settings import Config
from itrwatch.daemon.systemd import Notifier
from itrwatch.store.outbox import Outbox
from tests.shell import fill, job, pdf, until

loop.AWAY_SECONDS = 0.1
root = Path(sys.argv[1])
def sh(command):
    subprocess.run(command, shell=True, check=True, cwd=root)

sh("mkdir disco && mount -t tmpfs -o size=300k itr disco && mkdir -p disco/entrada disco/saida entrada saida")
sh("mount --bind disco/entrada entrada")
if sys.argv[2] in ("no room", "no inodes"):
    sh("mount -t tmpfs -o size=8m,nr_inodes=600 itr saida")
else:
    sh("mount --bind disco/saida saida")
config = Config(root / "entrada", root / "saida", settle_seconds=0.2, rescan_seconds=0.5, watch="inotify")
box, stop, snapshots = Outbox(config.outbox), threading.Event(), []
thread = threading.Thread(target=service.run, args=(config, job(box), stop), kwargs={"outbox": box, "show": snapshots.append})
import itrwatch.daemon.panel_thread; itrwatch.daemon.panel_thread.SHOW_SECONDS = 0.05
thread.start()
troubles = lambda: [place.trouble for place in snapshots[-1].roots]
try:
    fill(config, "1 antes")
    until(lambda: snapshots and pdf(config, "1 antes"))
    steps = sys.argv[2]
    if steps == "unmounted":
        for name in ("entrada", "saida"):
            sh(f"umount -l {name}")
            until(lambda: any(troubles()))
            if name == "entrada":
                until(lambda: "outro disco" in troubles()[0])
            else:
                until(lambda: "não é a pasta de antes" in troubles()[1])
                assert list(config.outbox.iterdir()) == []
            sh(f"mount --bind disco/{name} {name}")
            until(lambda: not any(troubles()))
            fill(config, f"2 depois {name}")
            until(lambda: pdf(config, f"2 depois {name}"))
        assert pdf(config, "1 antes")
    elif steps == "full":
        fill(config, "3 grande", {"scan.pdf": b"x" * 20_000})
        until(lambda: pdf(config, "3 grande"))
        fill(config, "4 cheio", {"scan.pdf": b"x" * 100_000})
        until(lambda: "falta espaço na saída: “4 cheio”" in troubles()[1])
        fill(config, "5 pequena")
        until(lambda: pdf(config, "5 pequena"))
        assert pdf(config, "4 cheio") is None
        sh("mount -o remount,size=2m disco")
        until(lambda: pdf(config, "4 cheio"))
        until(lambda: not any(troubles()))
    elif steps in ("no room", "no inodes"):
        outbox, names = config.outbox, [f"7 caso {number}" for number in range(24)]
        for name in names:
            fill(config, name)
        until(lambda: all(pdf(config, name) for name in names))
        until(lambda: len(list((outbox / ".itrwatch" / "reserva").iterdir())) == 24)
        if steps == "no inodes":
            for number in range(10_000):
                try:
                    (outbox / f".enche{number}").touch()
                except OSError:
                    break
        else:
            sh("dd if=/dev/zero of=saida/.enche bs=4k 2> /dev/null || true")
        for name in names:
            fill(config, name, {"scan.pdf": b"%PDF-2"})
        until(lambda: not any(pdf(config, name) for name in names))
        notes = [(outbox / name / "PENDENTE.txt").exists() for name in names]
        assert 0 < sum(notes) < 24, notes  # the reserve is enough for some; the others have no folder at all
        assert all(noted or not (outbox / name).exists() for name, noted in zip(names, notes))
        sh("rm -f saida/.enche*")
        until(lambda: all(pdf(config, name) == b"%PDF-2" for name in names))
        until(lambda: all(list((outbox / name / "anteriores").glob("*/NOTI.pdf")) for name in names))
        until(lambda: not list((outbox / ".itrwatch").glob("retirado*")))
    elif steps == "read-only":
        sh("mount --bind disco/saida saida && mount -o remount,ro,bind saida")
        fill(config, "6 protegida")
        until(lambda: troubles()[1] == "a saída só permite leitura; nada pode ser publicado")
        until(lambda: any(place.state == "na fila" for place in snapshots[-1].cases))
        assert pdf(config, "6 protegida") is None
        sh("umount -l saida")
        until(lambda: pdf(config, "6 protegida"))
finally:
    stop.set()
    thread.join()
print("bem")
"""


def can_mount() -> bool:
    """Namespaces are not permitted everywhere."""
    program = ["unshare", "-m", "sh", "-c", "mount -t tmpfs x /mnt"]
    try:
        return subprocess.run(program, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False


@pytest.mark.skipif(not can_mount(), reason="mount namespaces are not permitted here")
@pytest.mark.parametrize("steps", ["unmounted", "full", "no room", "no inodes", "read-only"])
def test_share_unmounted_full_and_read_only_for_real(tmp_path: Path, steps: str) -> None:
    done = subprocess.run(
        ["unshare", "-m", sys.executable, "-c", MOUNTS, tmp_path, steps],
        capture_output=True, text=True, timeout=4 * LIMIT, check=False,
    )  # fmt: skip
    assert done.stdout == "bem\n", done.stderr
