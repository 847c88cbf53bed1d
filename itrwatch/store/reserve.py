"""Reserved disk space in the outbox, so that a stale set can be withdrawn on a full disk.

A withdrawal writes a note in place of the PDFs, which fails on a full disk or without free inodes; the old PDFs would
stay and look current. The reserve consists of small files in the private folder; they are deleted if the disk is full and
written again when there is room.
"""

from __future__ import annotations

import contextlib
import errno
import os
from pathlib import Path

from itrwatch.store.atomic import Rights

RESERVE = "reserva"
FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
"""Errors of a disk without room or inodes, or with the quota used up."""

_FILES = 24
"""A note needs five files and three folders at one moment. Chosen: enough for a few cases that change at once."""
_FILE_BYTES = 8192
"""A note, its manifest and the record have less than 4 KB each. Chosen."""
_PLENTY_BYTES = 16 * _FILES * _FILE_BYTES
"""Free bytes from which the reserve is written, so that it is a small part of them. Chosen."""


class Reserve:
    """The reserve in the private folder ``work``."""

    def __init__(self, work: Path, rights: Rights) -> None:
        """No access to files yet."""
        self._folder, self._rights, self._laid_in = work / RESERVE, rights, False

    def lay_in(self, free_bytes: int) -> None:
        """Write the reserve if there is room; on an error the next call tries again."""
        if self._laid_in or free_bytes < _PLENTY_BYTES:
            return
        with contextlib.suppress(OSError):
            self._rights.make_folder(self._folder)
            for number in range(_FILES):
                path = self._folder / f"{number:02}"
                if not path.exists():
                    # Not zeros, which take no space on a compressing file system.
                    self._rights.write(path, os.urandom(_FILE_BYTES))
            self._laid_in = True

    def give_up(self) -> bool:
        """Delete the reserve; returns whether that freed anything."""
        self._laid_in = False
        freed = False
        with contextlib.suppress(OSError):
            for path in list(self._folder.iterdir()):
                path.unlink()
                freed = True
        return freed
