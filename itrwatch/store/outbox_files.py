"""Single files of the outbox, each replaced in one step: panel, guide, schema, draft, fingerprint in a manifest.

A file is written in the private folder on the same file system, flushed, and renamed over the old file: a reader sees the
old file or the new one, never a part, and no Windows program sees the file that is being written (`atomic.replace_file`
writes beside the target and does not flush). `itrwatch.store.outbox` publishes whole sets of files.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from loguru import logger

from itrwatch.core.filenames import GUIDE, PANEL, REPORT, SCHEMA_NAME
from itrwatch.core.manifest import MANIFEST_NAME, Sent, refreshed
from itrwatch.sidecar.schema import schema_text
from itrwatch.store.atomic import sync_folder
from itrwatch.store.outbox_reader import OutboxReader
from itrwatch.store.publication import DRAFT, free_name
from itrwatch.store.reserve import FULL


class OutboxFiles(OutboxReader):
    """Replaces single files; after an `OSError` from any method the old file is unchanged."""

    def put_draft(self, name: str, text: bytes) -> Path:
        """Write the draft of a sidecar into the folder of a case, over an older one; returns its path."""
        self._rights.make_folder(self.root / name)
        self._replace(self.root / name / DRAFT, text)
        self.put_schema()
        return self.root / name / DRAFT

    def put_schema(self) -> None:
        """Write the JSON Schema to which drafts refer, unless the file is up to date."""
        self._replace_unless_equal(self.root / SCHEMA_NAME, schema_text().encode())

    def refresh(self, name: str, fingerprint: str, sent: Sent | None) -> None:
        """Replace only the fingerprint and ``sent`` in the manifest of a case."""
        path = self.root / name / MANIFEST_NAME
        self._replace(path, utf8(refreshed(path.read_text("utf-8"), fingerprint, sent)))

    def write_report(self, name: str, html: bytes) -> None:
        """Replace the report of a published case."""
        self._replace(self.root / name / REPORT, html)

    def write_guide(self, html: bytes) -> None:
        """Write ``LEIA-ME.html``, unless the file is up to date."""
        self._replace_unless_equal(self.root / GUIDE, html)

    def write_panel(self, html: bytes, name: str = PANEL) -> None:
        """Write ``index.html``, or a page beside it."""
        self._replace(self.root / name, html)

    def _replace_unless_equal(self, target: Path, data: bytes) -> None:
        with contextlib.suppress(FileNotFoundError, IsADirectoryError):
            if target.read_bytes() == data:
                return
        self._replace(target, data)

    def _replace(self, target: Path, data: bytes) -> None:
        self._enter()
        try:
            self._put(target, data)
        except OSError as wrong:
            if wrong.errno not in FULL or not self._reserve.give_up():
                raise
            self._put(target, data)

    def _put(self, target: Path, data: bytes) -> None:
        with _temporary(self._work) as temporary:
            self._rights.write(temporary, data)
            if target.is_dir() and not target.is_symlink():
                _put_aside(target)
            temporary.replace(target)
        # Flush the new name as well: after a power cut the file is the old one or the new one.
        sync_folder(target.parent)


@contextlib.contextmanager
def _temporary(folder: Path) -> Iterator[Path]:
    descriptor, name = tempfile.mkstemp(prefix="", suffix=".tmp", dir=folder)
    os.close(descriptor)
    temporary = Path(name)
    try:
        yield temporary
    finally:
        temporary.unlink(missing_ok=True)


def _put_aside(folder: Path) -> None:
    """Rename a folder that has the name of a required file; its contents are kept."""
    free = free_name(folder.with_name(f"{folder.name} (pasta)"))
    folder.rename(free)
    logger.warning(
        "na saída, a pasta “{}” tinha o nome de um arquivo do itrwatch; agora é “{}”", folder.name, free.name
    )


def utf8(json: str) -> bytes:
    """``json`` as bytes. A byte of a file name that is not UTF-8 (F27), U+DCxx in Python, becomes a JSON escape, which restores it."""
    return json.encode("utf-8", "backslashreplace")
