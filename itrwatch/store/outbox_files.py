"""Single files of the outbox, each replaced in one step: panel, guide, schema, draft, fingerprint in a manifest.

Written under a private name on the same file system, flushed, renamed over the old file: a reader sees the old file or the
new one, never half of it. A whole set of files is published by `itrwatch.store.outbox`.
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
    """Replaces single files; every method raises `OSError` and then leaves the old file as it was."""

    def put_draft(self, name: str, text: bytes) -> Path:
        """Write the draft of a sidecar into the folder of a case, over an older one; the path of it."""
        self._rights.make_folder(self.root / name)
        self._replace(self.root / name / DRAFT, text)
        self.put_schema()
        return self.root / name / DRAFT

    def put_schema(self) -> None:
        """Write the JSON Schema that every draft names, unless it is there as it should be."""
        self._replace_unless_equal(self.root / SCHEMA_NAME, schema_text().encode())

    def refresh(self, name: str, fingerprint: str, sent: Sent | None) -> None:
        """Replace only the fingerprint in the manifest of a case, and what is known of the set that was sent."""
        path = self.root / name / MANIFEST_NAME
        self._replace(path, utf8(refreshed(path.read_text("utf-8"), fingerprint, sent)))

    def write_report(self, name: str, html: bytes) -> None:
        """Replace the report of a published case."""
        self._replace(self.root / name / REPORT, html)

    def write_guide(self, html: bytes) -> None:
        """Write ``LEIA-ME.html``, unless it is there as it should be."""
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
        with _draft(self._work) as draft:
            self._rights.write(draft, data)
            if target.is_dir() and not target.is_symlink():
                _put_aside(target)
            draft.replace(target)
        # The new name is flushed as well: after a power cut the file is the old one or the new one.
        sync_folder(target.parent)


@contextlib.contextmanager
def _draft(folder: Path) -> Iterator[Path]:
    descriptor, name = tempfile.mkstemp(prefix="", suffix=".tmp", dir=folder)
    os.close(descriptor)
    draft = Path(name)
    try:
        yield draft
    finally:
        draft.unlink(missing_ok=True)


def _put_aside(folder: Path) -> None:
    """Rename a folder that has the name of a file we need, made by somebody or by an older version; its contents are kept."""
    free = free_name(folder.with_name(f"{folder.name} (pasta)"))
    folder.rename(free)
    logger.warning(
        "na saída, a pasta “{}” tinha o nome de um arquivo do itrwatch; agora é “{}”", folder.name, free.name
    )


def utf8(json: str) -> bytes:
    """``json`` as a file. A byte of a file name that is no UTF-8 (F27), U+DCxx in Python, becomes an escape that reads back."""
    return json.encode("utf-8", "backslashreplace")
