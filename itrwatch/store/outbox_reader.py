"""What lies in the outbox: case folders and their manifests.

    reader.read_manifest("13153720210201934") -> Manifest(…), or None when that case has to be done

The manifests are the ledger: there is no database beside them that could disagree with the folders.
"""

from __future__ import annotations

import contextlib
import errno
import os
from pathlib import Path

from itrwatch import __version__
from itrwatch.core.filenames import PANEL, REPORT, is_junk, printable
from itrwatch.core.manifest import MANIFEST_NAME, Manifest, ManifestError, NewerManifestError, from_json
from itrwatch.store.outbox_root import OutboxRoot
from itrwatch.store.publication import HISTORY


class NewerError(OSError):
    """A later version of itrwatch published this case: it is left alone."""

    def __init__(self, path: Path, version: str) -> None:
        said = (
            f"foi escrito pelo itrwatch {printable(version)}, mais novo do que este ({__version__}): nada foi mexido; "
            f"instale de novo a versão mais nova"
        )
        super().__init__(errno.EPROTONOSUPPORT, said, str(path))


class OutboxReader(OutboxRoot):
    """Reads case folders; nothing here writes, and nothing needs the lock."""

    def names(self) -> frozenset[str]:
        """The names of all case folders; `OSError` when the outbox cannot be read."""
        return frozenset(self.changed())

    def changed(self) -> dict[str, int]:
        """Every case folder with the time (ns) at which something was last put in or taken out; `OSError`."""
        with os.scandir(self.root) as entries:
            return {
                entry.name: entry.stat(follow_symlinks=False).st_mtime_ns
                for entry in entries
                if not is_junk(entry.name) and entry.is_dir(follow_symlinks=False)
            }

    def manifests(self) -> dict[str, Manifest | NewerError]:
        """The manifest of every case folder that has one, or why it is left alone; `OSError` when one cannot be read now."""
        found = {name: self._manifest_or_newer(name) for name in sorted(self.names())}
        return {name: manifest for name, manifest in found.items() if manifest is not None}

    def _manifest_or_newer(self, name: str) -> Manifest | NewerError | None:
        try:
            return self.read_manifest(name)
        except NewerError as newer:
            return newer

    def read_manifest(self, name: str, *, pages: bool = True) -> Manifest | None:
        """The manifest of a case; None when missing or broken, which means work to do; `OSError`, also `NewerError`.

        Without ``pages`` it has none: half of the time, for who reads thousands of manifests and needs no pages.
        """
        return manifest_at(self.root / name / MANIFEST_NAME, pages=pages)

    def sizes(self, name: str) -> dict[str, int]:
        """Size (bytes) of every plain file at the top of a case folder; `OSError`."""
        with os.scandir(self.root / name) as entries:
            return {e.name: e.stat(follow_symlinks=False).st_size for e in entries if e.is_file(follow_symlinks=False)}

    def has_past(self, name: str) -> bool:
        """Whether there will be older sets beside the next one; `OSError`."""
        now = self.read_manifest(name)
        return (self.root / name / HISTORY).is_dir() or (now is not None and now.published)

    def read_report(self, name: str) -> bytes | None:
        """The report of a case, None when there is none; `OSError`."""
        with contextlib.suppress(FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return (self.root / name / REPORT).read_bytes()
        return None

    def has_panel(self) -> bool:
        """Whether ``index.html`` is there; somebody may have deleted it."""
        return (self.root / PANEL).is_file()


def manifest_at(path: Path, *, pages: bool = True) -> Manifest | None:
    """The manifest in a file; None when it is missing or broken; `OSError`, also `NewerError`. ``pages`` as in `from_json`."""
    try:
        return from_json(path.read_text("utf-8"), pages=pages)
    except NewerManifestError as newer:
        raise NewerError(path, str(newer)) from newer
    except (FileNotFoundError, NotADirectoryError, UnicodeDecodeError, ManifestError):
        return None
