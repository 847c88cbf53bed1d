"""Power cuts: a killed process leaves its writes to the kernel, a power cut takes all that was never flushed.

No test can cut the power. So the order of the flushes is written down as the publication makes them, together with the
renames, and held against what a disk may lose: the content of a file that was not flushed, and a name in a folder that was not.
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from itrwatch.store import publication
from itrwatch.store.atomic import exchange
from tests.store.test_outbox import CASE, TIME, WHEN, Outbox, complete, publish, stage


@dataclass
class Disk:
    """What happened, in order: (“flush”, inode), or (“rename” or “delete”, path of what is renamed or deleted)."""

    events: list[tuple[str, int | str]] = field(default_factory=list)
    on: bool = True

    def first(self, what: str, ending: str) -> int:
        """Where the first event of this kind stands whose path ends so."""
        return next(n for n, (kind, path) in enumerate(self.events) if kind == what and str(path).endswith(ending))

    def last(self, what: str, ending: str) -> int:
        """Where the last one stands."""
        return max(n for n, (kind, path) in enumerate(self.events) if kind == what and str(path).endswith(ending))

    def flushed(self, inode: int, after: int, before: int) -> bool:
        """Whether this file or folder was flushed between two events."""
        return ("flush", inode) in self.events[after + 1 : before]


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[Disk]:
    """Writes down every flush, rename and removal of this process."""
    disk, flush = Disk(), os.fsync

    def recorded_flush(descriptor: int) -> None:
        flush(descriptor)
        disk.events.append(("flush", os.fstat(descriptor).st_ino))

    def recorded_exchange(one: Path, other: Path) -> bool:
        disk.events.append(("rename", str(one)))
        return exchange(one, other)

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        if disk.on and event in {"os.rename", "os.remove", "shutil.rmtree"}:
            disk.events.append(("rename" if event == "os.rename" else "delete", os.fspath(arguments[0])))  # type: ignore[arg-type,call-overload]

    monkeypatch.setattr(os, "fsync", recorded_flush)
    monkeypatch.setattr(publication, "exchange", recorded_exchange)
    sys.addaudithook(hook)  # cannot be taken away again: it is silenced by a flag
    yield disk
    disk.on = False


@pytest.fixture
def outbox(tmp_path: Path) -> Outbox:
    (tmp_path / "saida").mkdir()
    return Outbox(tmp_path / "saida")


def inodes(folder: Path) -> dict[str, int]:
    return {str(path.relative_to(folder.parent)): path.stat().st_ino for path in (folder, *folder.rglob("*"))}


def test_power_cut_before_the_promise_the_set_is_on_the_disk_with_every_name(outbox: Outbox, disk: Disk) -> None:
    publish(outbox, "um")
    disk.events.clear()
    staged = stage(outbox, "dois")
    written, there = len(disk.events), inodes(staged)
    outbox.publish(CASE, staged, WHEN)
    promise = disk.first("rename", "record.tmp")
    assert len(there) >= 5
    assert [name for name, inode in there.items() if not disk.flushed(inode, written - 1, promise)] == []


def test_power_cut_after_the_promise_the_record_is_on_the_disk_before_readers_see_the_set(
    outbox: Outbox, disk: Disk
) -> None:
    staged = stage(outbox, "um")
    staging = staged.parent.stat().st_ino
    outbox.publish(CASE, staged, WHEN)
    promise, seen = disk.first("rename", "record.tmp"), disk.first("rename", "/new")
    assert promise < seen
    assert disk.flushed(staging, promise, seen), "the record may be lost, the exchange not"
    record = disk.events[promise - 1]
    assert record[0] == "flush", "the record's content may be lost"


@pytest.mark.parametrize("way", ["exchange", "two renames"])
def test_power_cut_after_the_swap_nothing_old_is_put_away_before_the_new_is_on_the_disk(
    outbox: Outbox, disk: Disk, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    publish(outbox, "um")
    if way == "two renames":
        monkeypatch.setattr(publication, "exchange", lambda _one, _other: False)
    disk.events.clear()
    staged = stage(outbox, "dois")
    staging = staged.parent
    number = staging.stat().st_ino
    outbox.publish(CASE, staged, WHEN)
    swapped = disk.first("rename", "/new")
    archived = disk.last("rename", "/new" if way == "exchange" else "/old")
    gone = disk.last("delete", staging.name)
    assert swapped < archived < gone
    assert disk.flushed(outbox.root.stat().st_ino, swapped, archived)
    assert disk.flushed(number, swapped, archived)
    assert disk.flushed((outbox.root / CASE / "anteriores").stat().st_ino, archived, gone)
    assert disk.flushed((outbox.root / CASE).stat().st_ino, archived, gone)


def test_power_cut_while_the_panel_is_replaced_its_content_is_on_the_disk_first(outbox: Outbox, disk: Disk) -> None:
    outbox.write_panel(b"antes")
    disk.events.clear()
    outbox.write_panel(b"depois")
    panel = outbox.root / "index.html"
    renamed = disk.first("rename", ".tmp")
    assert disk.flushed(panel.stat().st_ino, -1, renamed)
    assert disk.flushed(outbox.root.stat().st_ino, renamed, len(disk.events))


def test_power_cut_and_a_share_that_cannot_flush_folders_publishes_all_the_same(
    outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    flush = os.fsync

    def no_folders(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(22, "Invalid argument")  # what CIFS and some FUSE file systems answer
        flush(descriptor)

    monkeypatch.setattr(os, "fsync", no_folders)
    publish(outbox, "um")
    publish(outbox, "dois")
    assert complete(outbox.root / CASE, "dois", 2)
    assert (outbox.root / CASE / "anteriores" / TIME / "NOTI.pdf").read_text() == "um"
