"""Which file system a folder lies on, from ``/proc/self/mountinfo``; nothing on the mount is touched.

    foreign(Path("/mnt/entrada")) -> "cifs"; "" for a local disk

inotify hears only what this machine itself does: on NFS, SMB and FUSE it stays silent for what
others write (F9). So only file systems known to be local count as local.
"""

from __future__ import annotations

import contextlib
import os
import re
from dataclasses import dataclass
from pathlib import Path

MOUNTINFO = Path("/proc/self/mountinfo")
FSTAB = Path("/etc/fstab")
UNITS = Path("/etc/systemd/system")
LOCAL = frozenset(
    {
        "bcachefs",
        "btrfs",
        "exfat",
        "ext2",
        "ext3",
        "ext4",
        "f2fs",
        "jfs",
        "ntfs3",
        "overlay",
        "ramfs",
        "reiserfs",
        "tmpfs",
        "vfat",
        "xfs",
        "zfs",
    }
)


@dataclass(frozen=True, slots=True)
class Mount:
    """A mount point and its file system type, as the kernel names it."""

    point: str
    kind: str


def parse_mountinfo(text: str) -> tuple[Mount, ...]:
    """The mounts in the order they were made; lines that make no sense are left out."""
    mounts = []
    for line in text.splitlines():
        # A variable number of optional fields ends with “ - ” (proc_pid_mountinfo(5)).
        left, _, right = line.partition(" - ")
        fields = left.split(" ")
        if len(fields) > 4 and right:
            mounts.append(Mount(_unescaped(fields[4]), right.split(" ")[0]))
    return tuple(mounts)


def _unescaped(field: str) -> str:
    return re.sub(r"\\([0-7]{3})", lambda octal: chr(int(octal[1], 8)), field)


def mounts_of(folder: Path, mounts: tuple[Mount, ...]) -> tuple[Mount, ...]:
    """The mount that ``folder`` lies on, first, and those below it (F11)."""
    path = os.path.realpath(folder)
    above = [mount for mount in mounts if _holds(mount.point, path)]
    below = [mount for mount in mounts if mount.point != path and _holds(path, mount.point)]
    # Of two mounts on one point the later covers the earlier.
    return tuple(sorted(above, key=lambda mount: len(mount.point))[-1:] + below)


def _holds(folder: str, path: str) -> bool:
    return path == folder or path.startswith(folder.rstrip("/") + "/")


def mount_point(folder: Path) -> str:
    """Where the file system of ``folder`` is mounted: ``/srv/itr``; `OSError`."""
    return mounts_of(folder, parse_mountinfo(MOUNTINFO.read_text("utf-8", "surrogateescape")))[0].point


def foreign(folder: Path) -> str:
    """The type of the first file system at or below ``folder`` that inotify cannot hear, or ````."""
    try:
        mounts = mounts_of(folder, parse_mountinfo(MOUNTINFO.read_text("utf-8", "surrogateescape")))
    except OSError:
        return "desconhecido"
    return next((mount.kind for mount in mounts if mount.kind not in LOCAL), "")


def unmounted(folder: Path) -> str:
    """The mount point at or above ``folder`` that the system's tables promise and that is not mounted, or ````.

    The tables are fstab and systemd's mount units; what was mounted by hand is in none of them.
    """
    try:
        mounted = {mount.point for mount in parse_mountinfo(MOUNTINFO.read_text("utf-8", "surrogateescape"))}
    except OSError:
        return ""
    path = os.path.realpath(folder)
    return next((point for point in sorted(_promised()) if _holds(point, path) and point not in mounted), "")


def _promised() -> set[str]:
    points = set()
    with contextlib.suppress(OSError):
        lines = (line.split() for line in FSTAB.read_text("utf-8", "surrogateescape").splitlines())
        points = {_unescaped(fields[1]) for fields in lines if len(fields) > 2 and not fields[0].startswith("#")}
    with contextlib.suppress(OSError):
        for unit in UNITS.glob("*.mount"):
            where = re.search(r"^Where=(/\S*)", unit.read_text("utf-8", "replace"), re.MULTILINE)
            points |= {where[1]} if where else set()
    return {point.rstrip("/") or "/" for point in points if point.startswith("/")}
