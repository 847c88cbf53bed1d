"""One itrwatch for an outbox: this machine's processes, other machines, and locks that nobody holds any more."""

import json
import os
import subprocess
import sys
import threading
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from itrwatch.errors import BusyError, ItrwatchError
from itrwatch.store import lock as lock_module
from itrwatch.store.lock import Holder, Lock
from itrwatch.store.outbox import Outbox
from tests.shell import LIMIT, until

OTHER = Holder("servidor-antigo", "0f0f", "outro-boot", 4711, "99")


def sign(outbox: Outbox, holder: Holder) -> Path:
    outbox.private.mkdir(exist_ok=True)
    (outbox.private / "lease").write_text(json.dumps(asdict(holder)))
    return outbox.private / "lease"


def test_lock_names_its_holder(outbox: Outbox) -> None:
    with outbox.lock(), pytest.raises(BusyError, match=rf"outro itrwatch \(processo {os.getpid()}, em .+\) já cuida"):
        Outbox(outbox.root).lock()
    with outbox.lock():
        pass
    assert [entry.name for entry in outbox.private.iterdir()] == ["lock"]


def test_second_itrwatch_of_this_machine_refuses(outbox: Outbox) -> None:
    program = "import sys; from pathlib import Path; from itrwatch.store.outbox import Outbox; Outbox(Path(sys.argv[1])).lock()"
    with outbox.lock():
        second = subprocess.run(
            [sys.executable, "-c", program, outbox.root], capture_output=True, text=True, timeout=LIMIT, check=False
        )
    assert f"outro itrwatch (processo {os.getpid()}" in second.stderr


@pytest.mark.parametrize(
    "holder",
    [
        pytest.param(
            replace(Holder.this(), boot="antes da queda de energia"), id="power cut: the machine was started again"
        ),
        pytest.param(replace(Holder.this(), pid=2**22 + 1, started="1"), id="the process is gone"),
        pytest.param(replace(Holder.this(), pid=1, started="1"), id="its number was given to another process"),
    ],
)
def test_stale_lock_after_a_power_cut_does_not_block_the_start(outbox: Outbox, holder: Holder) -> None:
    sign(outbox, holder)
    with outbox.lock(pause=lambda _seconds: pytest.fail("there is nothing to wait for")):
        assert json.loads((outbox.private / "lease").read_text())["pid"] == os.getpid()


def test_the_draft_of_a_holder_that_was_killed_is_taken_away(outbox: Outbox) -> None:
    draft = outbox.root / ".itrwatch" / ".lease.12153.tmp"
    with outbox.lock():
        draft.write_text("{")
    with outbox.lock():
        assert not draft.exists()


def test_an_outbox_that_cannot_be_cleaned_is_given_up_and_can_be_taken_later(outbox: Outbox) -> None:
    """An error of the disk right after locking: the process must not keep the lock and then wait for itself."""
    with outbox.lock():
        pass
    in_the_way = outbox.private / "gravando.tmp"
    in_the_way.mkdir()
    with pytest.raises(ItrwatchError, match="não é possível usar a pasta de saída"):
        outbox.lock()
    in_the_way.rmdir()
    with outbox.lock():
        assert outbox.locked


def test_itrwatch_on_another_machine_keeps_the_outbox(outbox: Outbox) -> None:
    path, beats = sign(outbox, OTHER), iter(range(1, 1000))

    def renewed(_seconds: float) -> None:
        path.write_text(json.dumps(asdict(replace(OTHER, beat=next(beats)))))

    with pytest.raises(BusyError, match=r"outro itrwatch \(processo 4711, em servidor-antigo\) já cuida"):
        outbox.lock(pause=renewed)
    assert json.loads(path.read_text())["host"] == "servidor-antigo"


def test_lease_of_another_machine_that_lost_its_power_expires(outbox: Outbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lock_module, "EXPIRY_SECONDS", 0.2)
    sign(outbox, OTHER)
    with outbox.lock(pause=lambda _seconds: None) as lock:
        assert not lock.lost


def test_lease_that_the_other_machine_gives_up_is_free_at_once(outbox: Outbox) -> None:
    path = sign(outbox, OTHER)
    with outbox.lock(pause=lambda _seconds: path.unlink()):
        pass


def test_share_without_locks_is_held_by_the_lease_alone(outbox: Outbox, monkeypatch: pytest.MonkeyPatch) -> None:
    def unsupported(*_: object) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(lock_module.fcntl, "flock", unsupported)
    parent = Holder.this()
    alive = replace(parent, pid=os.getppid(), started=lock_module._start_of(os.getppid()))  # noqa: SLF001
    sign(outbox, alive)
    with pytest.raises(BusyError):
        outbox.lock()
    sign(outbox, replace(alive, started="0"))
    outbox.lock().close()


def test_lock_that_the_server_kept_for_a_dead_client(outbox: Outbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """NFS and SMB servers hold a lock for a while after their client lost its power; the lease shows it."""

    def denied(*_: object) -> None:
        raise OSError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(lock_module.fcntl, "flock", denied)
    sign(outbox, replace(Holder.this(), boot="antes"))
    with pytest.raises(BusyError):  # on a disk of this machine the kernel is right
        outbox.lock()
    monkeypatch.setattr(lock_module, "foreign", lambda _folder: "cifs")
    outbox.lock().close()


def test_who_lost_the_outbox_to_another_machine_stops_writing(outbox: Outbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lock_module, "RENEW_SECONDS", 0.02)
    with outbox.lock() as lock:
        first = (outbox.private / "lease").read_text()
        until(lambda: (outbox.private / "lease").read_text() != first)  # it is renewed
        until(lambda: lock.lost or sign(outbox, OTHER) is None)
        assert lock.lost == "outro itrwatch (servidor-antigo, processo 4711) assumiu a pasta de saída"
        with pytest.raises(OSError, match="assumiu"):
            outbox.stage("13153720210201934")
    assert json.loads((outbox.private / "lease").read_text())["host"] == "servidor-antigo"


def test_lock_does_not_wait_for_a_share_that_hangs_when_it_is_closed(
    outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lock_module, "RENEW_SECONDS", 0.01)
    hangs, entered = threading.Event(), threading.Event()

    def hanging(_self: Lock) -> None:
        entered.set()
        hangs.wait(LIMIT)

    lock = outbox.lock()
    monkeypatch.setattr(Lock, "_sign", hanging)
    assert entered.wait(LIMIT)
    lock.close()
    hangs.set()


def test_first_use_of_a_folder_below_a_share_that_is_not_mounted(
    outbox: Outbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bare mount point looks like a new outbox: what the machine's tables promise tells them apart."""
    fstab = tmp_path / "fstab"
    fstab.write_text(f"# discos\n//servidor/itr {outbox.root.parent!s}  cifs  _netdev 0 0\nUUID=1 none swap sw 0 0\n")
    monkeypatch.setattr("itrwatch.store.mounts.FSTAB", fstab)
    with pytest.raises(ItrwatchError, match=f"o compartilhamento de “{outbox.root.parent}” não está montado"):
        outbox.lock()
    assert list(outbox.root.iterdir()) == []
    fstab.write_text("/dev/vda / ext4 defaults 0 1\n")
    units = tmp_path / "units"
    units.mkdir()
    (units / "srv-itr.mount").write_text(f"[Mount]\nWhat=//servidor/itr\nWhere={outbox.root}\n")
    monkeypatch.setattr("itrwatch.store.mounts.UNITS", units)
    with pytest.raises(ItrwatchError, match=f"“{outbox.root}” não está montado"):
        outbox.lock()
    (units / "srv-itr.mount").unlink()
    outbox.lock().close()
