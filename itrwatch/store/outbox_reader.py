"""Reads the outbox: case folders and their manifests.

    reader.read_manifest("13153720210201934") -> Manifest(…), or None if the case must be processed

The manifests are the only record: there is no database that could disagree with the folders.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from pathlib import Path

from itrwatch import __version__
from itrwatch.core.filenames import PANEL, REPORT, is_junk, printable
from itrwatch.core.manifest import MANIFEST_NAME, Manifest, ManifestError, NewerManifestError, from_json
from itrwatch.store.outbox_root import OutboxRoot
from itrwatch.store.publication import HISTORY


class NewerError(OSError):
    """A later version of itrwatch published this case: it is not touched."""

    def __init__(self, path: Path, version: str) -> None:
        said = (
            f"foi escrito pelo itrwatch {printable(version)}, mais novo do que este ({__version__}): nada foi mexido; "
            f"instale de novo a versão mais nova"
        )
        super().__init__(errno.EPROTONOSUPPORT, said, str(path))


class OutboxReader(OutboxRoot):
    """Reads case folders; it never writes and does not need the lock."""

    def names(self) -> frozenset[str]:
        """The names of all case folders; `OSError` if the outbox cannot be read."""
        with os.scandir(self.root) as entries:
            return frozenset(entry.name for entry in entries if _is_case(entry))

    def changed(self) -> dict[str, int]:
        """Case folder → time (ns) of the last entry added or removed; `OSError`."""
        with os.scandir(self.root) as entries:
            return {entry.name: entry.stat(follow_symlinks=False).st_mtime_ns for entry in entries if _is_case(entry)}

    def read_manifest(self, name: str, *, pages: bool = True) -> Manifest | None:
        """The manifest of a case; None if missing or broken: the case must be processed; `OSError`, also `NewerError`.

        ``pages`` False: without pages, in half the time, for callers that read thousands of manifests.
        """
        return manifest_at(
            f"{self.root}/{name}/{MANIFEST_NAME}", pages=pages
        )  # building a `Path` would take a tenth of the time

    def size(self, name: str, file: str) -> int | None:
        """Size (bytes) of a plain file at the top of a case folder, None if there is none; `OSError`."""
        try:
            status = os.lstat(f"{self.root}/{name}/{file}")
        except (FileNotFoundError, NotADirectoryError):
            return None
        return status.st_size if stat.S_ISREG(status.st_mode) else None

    def has_past(self, name: str) -> bool:
        """Whether the case has previous sets, or a set that will become one; `OSError`."""
        now = self.read_manifest(name)
        return (self.root / name / HISTORY).is_dir() or (now is not None and now.published)

    def read_report(self, name: str) -> bytes | None:
        """The report of a case, None if there is none; `OSError`."""
        with contextlib.suppress(FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return (self.root / name / REPORT).read_bytes()
        return None

    def has_panel(self) -> bool:
        """Whether ``index.html`` exists; somebody may have deleted it."""
        return (self.root / PANEL).is_file()


def _is_case(entry: os.DirEntry[str]) -> bool:
    return not is_junk(entry.name) and entry.is_dir(follow_symlinks=False)


def manifest_at(path: Path | str, *, pages: bool = True) -> Manifest | None:
    """The manifest in a file; None if it is missing or broken; `OSError`, also `NewerError`. ``pages`` as in `from_json`."""
    try:
        with open(path, "rb") as file:
            return from_json(file.read().decode("utf-8"), pages=pages)
    except NewerManifestError as newer:
        raise NewerError(Path(path), str(newer)) from newer
    except (FileNotFoundError, NotADirectoryError, UnicodeDecodeError, ManifestError):
        return None
