"""The alarm clock: when it rings, when it must not, and where it is not used at all."""

import logging
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from watchdog.observers.api import BaseObserver
from watchdog.observers.inotify import InotifyWatchGroup

from itrwatch.core.settings import POLLING_SECONDS
from itrwatch.daemon.watcher import RETRY_SECONDS, Watcher
from itrwatch.store import mounts
from itrwatch.store.mounts import Mount, foreign, mounts_of, parse_mountinfo

MOUNTINFO = """\
22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
30 22 0:50 / /srv/itr rw shared:2 master:3 - cifs //servidor/itr rw,vers=3.0
31 30 0:51 / /srv/itr/com\\040espa\\303\\247o rw - ext4 /dev/vdb rw
32 22 0:52 / /mnt/dois rw - nfs4 servidor:/a rw
33 22 0:53 / /mnt/dois rw - xfs /dev/vdc rw
34 22 0:54 / /home/a/misto/rede rw - fuse.sshfs host: rw
lixo
35 22 0:55
"""
LIMIT = 10.0


@pytest.fixture
def wake() -> threading.Event:
    return threading.Event()


@pytest.fixture
def watchers() -> Iterator[list[Watcher]]:
    made: list[Watcher] = []
    yield made
    for watcher in made:
        watcher.stop()
        watcher.stop()


def test_the_kernels_list_of_mounts_is_read() -> None:
    parsed = parse_mountinfo(MOUNTINFO)
    assert len(parsed) == 6
    assert parsed[1] == Mount("/srv/itr", "cifs")
    assert parsed[2].point == "/srv/itr/com espa\xc3\xa7o"


@pytest.mark.parametrize(
    ("folder", "kinds"),
    [
        ("/var/itr", ["ext4"]),
        ("/srv/itr", ["cifs", "ext4"]),
        ("/srv/itr/entrada", ["cifs"]),
        ("/srv/itrx", ["ext4"]),
        ("/mnt/dois/entrada", ["xfs"]),
        ("/home/a", ["ext4", "fuse.sshfs"]),
    ],
)
def test_a_folder_lies_on_the_innermost_mounts_above_it(folder: str, kinds: list[str]) -> None:
    assert [mount.kind for mount in mounts_of(Path(folder), parse_mountinfo(MOUNTINFO))] == kinds


@pytest.mark.parametrize(
    ("folder", "kind"),
    [("/var/itr", ""), ("/srv/itr/entrada", "cifs"), ("/home/a/misto", "fuse.sshfs"), ("/mnt/dois", "")],
)
def test_a_mount_is_foreign_when_others_write_to_it_unseen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str, kind: str
) -> None:
    (tmp_path / "mountinfo").write_text(MOUNTINFO)
    monkeypatch.setattr(mounts, "MOUNTINFO", tmp_path / "mountinfo")
    assert foreign(Path(folder)) == kind


def test_without_mountinfo_nothing_is_local(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mounts, "MOUNTINFO", tmp_path / "x")
    assert foreign(Path("/")) == "desconhecido"


def test_the_real_mountinfo_is_understood(tmp_path: Path) -> None:
    assert parse_mountinfo(mounts.MOUNTINFO.read_text())
    assert foreign(tmp_path) != "desconhecido"


def test_rings_for_what_others_write(tmp_path: Path, wake: threading.Event, watchers: list[Watcher]) -> None:
    watchers.append(watcher := Watcher(tmp_path, wake, "inotify"))
    watcher.start(0)
    assert watcher.mode == "inotify"
    assert watcher.rescan_seconds(60) == 60
    assert wake.is_set()  # what came before the watching counts, too
    (tmp_path / "caso").mkdir()
    assert wait_again(wake)
    (tmp_path / "caso" / "processo.yaml.tmp").write_text("secoes:")
    assert wait_again(wake)
    (tmp_path / "caso" / "processo.yaml.tmp").rename(tmp_path / "caso" / "processo.yaml")
    assert wait_again(wake)
    (tmp_path / "caso" / "processo.yaml").unlink()
    assert wait_again(wake)


def test_it_is_known_in_which_folders_something_was_heard(
    tmp_path: Path, wake: threading.Event, watchers: list[Watcher]
) -> None:
    for name in ("a", "b"):
        (tmp_path / name / "20261129").mkdir(parents=True)
    watchers.append(watcher := Watcher(tmp_path, wake, "inotify"))
    assert watcher.heard() is None
    watcher.start(0)
    assert watcher.heard() is None  # what came before
    wait_again(wake)
    watcher.heard()
    (tmp_path / "a" / "20261129" / "scan.pdf").write_bytes(b"x")
    assert wait_again(wake)
    assert watcher.heard() == {"a"}
    (tmp_path / "b").rename(tmp_path / "c")
    assert wait_again(wake)
    assert watcher.heard() == {"b", "c"}
    logging.getLogger("watchdog.observers.inotify_c").warning("Inotify queue overflowed; filesystem events were lost")
    assert watcher.heard() is None
    assert watcher.heard() == frozenset()


def wait_again(wake: threading.Event) -> bool:
    """Whether it rings; the bells of the same action are waited for."""
    rang = wake.wait(LIMIT)
    while wake.is_set():
        wake.clear()
        wake.wait(0.15)
    return rang


def test_our_own_reading_does_not_ring(tmp_path: Path, wake: threading.Event, watchers: list[Watcher]) -> None:
    (tmp_path / "caso").mkdir()
    (tmp_path / "caso" / "capa.pdf").write_bytes(b"%PDF")
    watchers.append(watcher := Watcher(tmp_path, wake, "inotify"))
    watcher.start(0)
    wait_again(wake)
    for _ in range(20):
        list((tmp_path / "caso").iterdir())
        (tmp_path / "caso" / "capa.pdf").read_bytes()
    assert not wake.wait(0.3)
    (tmp_path / "caso" / "fim.pdf").touch()
    assert wake.wait(LIMIT)  # it would have rung


def test_polling_has_no_threads(tmp_path: Path, wake: threading.Event) -> None:
    before = threading.active_count()
    watcher = Watcher(tmp_path, wake, "polling")
    watcher.start(0)
    watcher.maintain(1000)
    assert (watcher.mode, threading.active_count()) == ("polling", before)
    assert watcher.rescan_seconds(60) == POLLING_SECONDS
    assert watcher.rescan_seconds(2) == 2


def test_a_network_share_is_polled(tmp_path: Path, wake: threading.Event, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "mountinfo").write_text("22 1 0:1 / / rw - nfs4 servidor:/ rw\n")
    monkeypatch.setattr(mounts, "MOUNTINFO", tmp_path / "mountinfo")
    watcher = Watcher(tmp_path, wake, "auto")
    watcher.start(0)
    assert watcher.mode == "polling"


def test_a_folder_that_is_not_there_is_polled_until_it_is(
    tmp_path: Path, wake: threading.Event, watchers: list[Watcher]
) -> None:
    root = tmp_path / "entrada"
    watchers.append(watcher := Watcher(root, wake, "inotify"))
    watcher.start(0)
    assert watcher.mode == "polling"
    root.mkdir()
    watcher.maintain(RETRY_SECONDS - 1)
    modes = [watcher.mode]
    watcher.maintain(RETRY_SECONDS)
    assert [*modes, watcher.mode] == ["polling", "inotify"]
    wait_again(wake)
    (root / "caso").mkdir()
    assert wake.wait(LIMIT)


def test_a_folder_that_was_replaced_is_watched_again(
    tmp_path: Path, wake: threading.Event, watchers: list[Watcher]
) -> None:
    root = tmp_path / "entrada"
    root.mkdir()
    watchers.append(watcher := Watcher(root, wake, "inotify"))
    watcher.start(0)
    shutil.move(root, tmp_path / "velha")
    watcher.maintain(RETRY_SECONDS)  # gone: nothing to do yet
    root.mkdir()
    watcher.maintain(2 * RETRY_SECONDS)
    wait_again(wake)
    (root / "caso").mkdir()
    assert wake.wait(LIMIT)


def test_dead_threads_are_replaced(tmp_path: Path, wake: threading.Event, watchers: list[Watcher]) -> None:
    watchers.append(watcher := Watcher(tmp_path, wake, "inotify"))
    watcher.start(0)
    observer = watcher._observer  # noqa: SLF001 - what R5 does to it from outside
    assert observer is not None
    for emitter in observer.emitters:
        emitter.stop()
        emitter.join()
    assert observer.is_alive()
    watcher.maintain(RETRY_SECONDS)
    wait_again(wake)
    (tmp_path / "caso").mkdir()
    assert wake.wait(LIMIT)


def test_folder_moved_out_made_anew_and_removed_costs_a_rescan_and_never_the_service(
    tmp_path: Path, wake: threading.Event
) -> None:
    """watchdog then fails to stop, with a KeyError in the middle of its work, and keeps threads and watches."""
    root, threads = tmp_path / "entrada", set(threading.enumerate())
    files = len(os.listdir("/proc/self/fd"))  # noqa: PTH208
    (root / "A").mkdir(parents=True)
    watcher = Watcher(root, wake, "inotify")
    watcher.start(0)
    for _ in range(3):
        wait_again(wake)
        (root / "A").rename(tmp_path / "fora")
        (root / "A").mkdir()
        assert wait_again(wake)
        (root / "A").rmdir()
        shutil.rmtree(tmp_path / "fora")
        (root / "A").mkdir()
        watcher.restart()  # as after a pause of the machine
        watcher.maintain(RETRY_SECONDS)
        assert watcher.mode == "inotify"
    wait_again(wake)
    (root / "novo").mkdir()
    assert wake.wait(LIMIT)
    watcher.stop()
    assert not set(threading.enumerate()) - threads  # those of an earlier test may have ended meanwhile
    assert len(os.listdir("/proc/self/fd")) <= files  # noqa: PTH208


def test_the_thread_that_waits_for_events_ends_also_when_the_watches_cannot_be_released(
    tmp_path: Path, wake: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise KeyError(b"/entrada/A")

    threads = set(threading.enumerate())
    monkeypatch.setattr(InotifyWatchGroup, "_remove_callbacks", fails)
    watcher = Watcher(tmp_path, wake, "inotify")
    watcher.start(0)
    assert set(threading.enumerate()) - threads
    watcher.stop()
    assert not set(threading.enumerate()) - threads


@pytest.mark.parametrize("step", ["schedule", "start", "stop"])
def test_whatever_watchdog_raises_the_inbox_is_scanned(
    tmp_path: Path, wake: threading.Event, watchers: list[Watcher], step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = threading.active_count()
    with monkeypatch.context() as broken:

        def fails(*_: object, **__: object) -> None:
            raise KeyError(b"/entrada/A")

        broken.setattr(BaseObserver, step, fails)
        watchers.append(watcher := Watcher(tmp_path, wake, "inotify"))
        watcher.start(0)
        watcher.maintain(RETRY_SECONDS - 1)
        assert watcher.mode == ("inotify" if step == "stop" else "polling")
        watcher.stop()
    assert threading.active_count() == before
    watcher.start(2 * RETRY_SECONDS)
    assert watcher.mode == "inotify"


def test_full_queue_of_the_kernel_is_reported_and_everything_scanned(
    tmp_path: Path, wake: threading.Event, watchers: list[Watcher], said: list[str]
) -> None:
    watchers.append(watcher := Watcher(tmp_path, wake, "inotify"))
    watcher.start(0)
    wait_again(wake)
    logging.getLogger("watchdog.observers.inotify_c").warning("Inotify queue overflowed; filesystem events were lost")
    assert wake.is_set()
    watcher.maintain(1)
    assert said[-1] == "WARNING: o sistema perdeu avisos de mudanças na entrada (fila cheia); tudo será varrido"


def program(arguments: list[str], text: str, *more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*arguments, sys.executable, "-c", text, *more],
        capture_output=True, text=True, timeout=6 * LIMIT, check=False,
    )  # fmt: skip


OVERFLOW = r"""
import os, signal, subprocess, sys, threading, time
from pathlib import Path
from loguru import logger
from itrwatch.daemon.watcher import Watcher
root, child = Path(sys.argv[1]), os.getpid()
logger.remove(); logger.add(sys.stdout, format="{message}")
wake = threading.Event()
watcher = Watcher(root, wake, "inotify")
watcher.start(0)
wake.clear()
writer = "import os,sys; os.kill(int(sys.argv[2]), 19); [open(f'{sys.argv[1]}/{n}', 'w').close() for n in range(9000)]; os.kill(int(sys.argv[2]), 18)"
subprocess.run([sys.executable, "-c", writer, str(root), str(os.getpid())], check=True)
end = time.monotonic() + 30
while time.monotonic() < end and not watcher._lost.is_set():
    time.sleep(0.01)
watcher.maintain(1)
watcher.stop()
print("acordado" if wake.is_set() else "surdo")
"""


def test_process_that_was_stopped_while_thousands_of_files_came(tmp_path: Path) -> None:
    """R1, with the real kernel: a queue that nobody empties overflows, and nothing is lost but time."""
    done = program([], OVERFLOW, str(tmp_path))
    assert done.stdout.splitlines()[-2:] == [
        "o sistema perdeu avisos de mudanças na entrada (fila cheia); tudo será varrido",
        "acordado",
    ], done.stderr


LIMITED = r"""
import sys, threading
from pathlib import Path
from itrwatch.daemon.watcher import Watcher
Path("/proc/sys/user/" + sys.argv[2]).write_text(sys.argv[3])
wake = threading.Event()
watcher = Watcher(Path(sys.argv[1]), wake, "inotify")
watcher.start(0)
print(watcher.mode, watcher.described, threading.active_count(), sep="\n")
"""


def can_limit() -> bool:
    """User namespaces are not permitted everywhere."""
    try:
        return subprocess.run(["unshare", "-Ur", "true"], check=False).returncode == 0
    except FileNotFoundError:
        return False


@pytest.mark.skipif(not can_limit(), reason="user namespaces are not permitted here")
@pytest.mark.parametrize(("limit", "value"), [("max_inotify_watches", "5"), ("max_inotify_instances", "0")])
def test_limits_of_inotify_are_reported_and_the_inbox_is_polled(tmp_path: Path, limit: str, value: str) -> None:
    """R3: watchdog starts “well” and hears four folders of ten."""
    for number in range(10):
        (tmp_path / str(number)).mkdir()
    done = program(["unshare", "-Ur"], LIMITED, str(tmp_path), limit, value)
    assert done.stdout.splitlines() == [
        "polling",
        "varredura (o limite de observações do inotify não basta; aumente fs.inotify.max_user_watches e max_user_instances)",
        "1",
    ], done.stderr


def test_inbox_that_is_missing_for_years_costs_no_descriptors(tmp_path: Path, wake: threading.Event) -> None:
    """Every minute another try; watchdog opens three descriptors and a thread for each."""
    watcher = Watcher(tmp_path / "entrada", wake, "inotify")
    watcher.start(0)
    before = len(os.listdir("/proc/self/fd")), threading.active_count()  # noqa: PTH208
    for minute in range(1, 20):
        watcher.maintain(minute * RETRY_SECONDS)
    assert (len(os.listdir("/proc/self/fd")), threading.active_count()) == before  # noqa: PTH208
