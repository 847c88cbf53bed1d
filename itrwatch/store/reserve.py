"""Disk space kept back in the outbox, so that a stale set can be withdrawn on a full disk.

Withdrawing writes a note in the place of the PDFs, which a full disk (or one without inodes) refuses; the old PDFs would
stay and look current. The reserve is a few small files in the private folder, deleted when the disk is full and written again
when there is room.
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
"""A note takes five files and three folders for a moment; chosen, for a few cases that change at once."""
_FILE_BYTES = 8192
"""A note, its manifest and the record are below 4 KB each; chosen."""
_PLENTY_BYTES = 16 * _FILES * _FILE_BYTES
"""Free bytes from which the reserve is written: it must stay a small part of them. Chosen."""


class Reserve:
    """The reserve in the private folder ``work``."""

    def __init__(self, work: Path, rights: Rights) -> None:
        """Touches nothing yet."""
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
                    self._rights.write(path, os.urandom(_FILE_BYTES))  # zeros take no room on disks that compress
            self._laid_in = True

    def give_up(self) -> bool:
        """Delete the reserve; whether that freed anything."""
        self._laid_in = False
        freed = False
        with contextlib.suppress(OSError):
            for path in list(self._folder.iterdir()):
                path.unlink()
                freed = True
        return freed
