"""The file system of a folder, from ``/proc/self/mountinfo``, without access to the mount.

    foreign(Path("/mnt/entrada")) -> "cifs"; "" for a local disk

inotify reports only changes made by this machine: on NFS, SMB and FUSE it does not report changes made by
others (F9). Therefore only known local file systems count as local.
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
    """A mount point and the kernel's name of its file system type."""

    point: str
    kind: str


def parse_mountinfo(text: str) -> tuple[Mount, ...]:
    """The mounts in the order of mounting; malformed lines are skipped."""
    mounts = []
    for line in text.splitlines():
        # “ - ” ends a variable number of optional fields (proc_pid_mountinfo(5)).
        left, _, right = line.partition(" - ")
        fields = left.split(" ")
        if len(fields) > 4 and right:
            mounts.append(Mount(_unescaped(fields[4]), right.split(" ")[0]))
    return tuple(mounts)


def _unescaped(field: str) -> str:
    return re.sub(r"\\([0-7]{3})", lambda octal: chr(int(octal[1], 8)), field)


def mounts_of(folder: Path, mounts: tuple[Mount, ...]) -> tuple[Mount, ...]:
    """First the mount of ``folder``, then the mounts below it (F11)."""
    path = os.path.realpath(folder)
    above = [mount for mount in mounts if _holds(mount.point, path)]
    below = [mount for mount in mounts if mount.point != path and _holds(path, mount.point)]
    # Of two mounts on one point, the later one hides the earlier.
    return tuple(sorted(above, key=lambda mount: len(mount.point))[-1:] + below)


def _holds(folder: str, path: str) -> bool:
    return path == folder or path.startswith(folder.rstrip("/") + "/")


def mount_point(folder: Path) -> str:
    """The mount point of the file system of ``folder``: ``/srv/itr``; `OSError`."""
    return mounts_of(folder, parse_mountinfo(MOUNTINFO.read_text("utf-8", "surrogateescape")))[0].point


def foreign(folder: Path) -> str:
    """The type of the first non-local file system at or below ``folder``, where inotify does not suffice, or empty.

    “desconhecido” if the kernel's list of mounts cannot be read.
    """
    try:
        mounts = mounts_of(folder, parse_mountinfo(MOUNTINFO.read_text("utf-8", "surrogateescape")))
    except OSError:
        return "desconhecido"
    return next((mount.kind for mount in mounts if mount.kind not in LOCAL), "")


def unmounted(folder: Path) -> str:
    """The mount point at or above ``folder`` that is configured and not mounted, or empty.

    Configured in fstab or a systemd mount unit; mounts made by hand are in neither. Empty also if the kernel's list of
    mounts cannot be read.
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
