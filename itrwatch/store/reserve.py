"""Room kept back in the outbox, for the day on which its disk is full: to take a stale set away must need none.

A full disk, or one without inodes, would otherwise leave the old PDFs of a case standing as current, for the note
that takes their place is a file, too. The reserve is some small files in the private folder; it is given up when
there is no room left, and laid in again when there is.
"""

from __future__ import annotations

import contextlib
import errno
import os
from pathlib import Path

from itrwatch.store.atomic import Rights

RESERVE = "reserva"
FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
"""What a disk without room or inodes answers, and one on which our quota is used up."""

_FILES = 24
"""A note takes five files and three folders for a moment; chosen, for a few cases that change at once."""
_FILE_BYTES = 8192
"""A note, its manifest and the record are below 4 KB each; chosen."""
_PLENTY_BYTES = 16 * _FILES * _FILE_BYTES
"""Laid in only where it is a small part of what is free: else the reserve itself would be what fills the disk."""


class Reserve:
    """The reserve in the private folder ``work``."""

    def __init__(self, work: Path, rights: Rights) -> None:
        """Touches nothing yet."""
        self._folder, self._rights, self._laid_in = work / RESERVE, rights, False

    def lay_in(self, free_bytes: int) -> None:
        """Make it whole where there is plenty of room; what fails is left for the next time."""
        if self._laid_in or free_bytes < _PLENTY_BYTES:
            return
        with contextlib.suppress(OSError):
            self._rights.make_folder(self._folder)
            for number in range(_FILES):
                path = self._folder / f"{number:02}"
                if not path.exists():
                    self._rights.write(path, os.urandom(_FILE_BYTES))  # zeros take no room on disks that compress
            self._laid_in = True

    def give_up(self) -> bool:
        """Free the room; whether there was any."""
        self._laid_in = False
        freed = False
        with contextlib.suppress(OSError):
            for path in list(self._folder.iterdir()):
                path.unlink()
                freed = True
        return freed
