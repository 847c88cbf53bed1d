"""The outbox: the published sets, and the only folder in which itrwatch writes.

    with outbox.staging(case) as staged:      # a private folder on the outbox's own file system
        (staged / "NOTI.pdf").write_bytes(…)
        outbox.write_manifest(staged, manifest)
        outbox.publish(case, staged, when)    # the whole set at once; an unpublished staging is deleted

`itrwatch.store.publication` has the steps of a publication and the recovery after an interruption; `outbox_root` has the
lock, `outbox_reader` the manifests, `outbox_files` the single files.
"""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from loguru import logger

from itrwatch import __version__
from itrwatch.core.codes import Code
from itrwatch.core.filenames import NOTE, printable
from itrwatch.core.findings import error
from itrwatch.core.manifest import MANIFEST_NAME, Manifest
from itrwatch.core.sent import carried
from itrwatch.core.settings import Config
from itrwatch.errors import reason_with_path
from itrwatch.store.history import KEEP_ALL, Retention, label_sent, prune
from itrwatch.store.notes import CHANGED, CHANGED_NOTE
from itrwatch.store.outbox_files import OutboxFiles, utf8
from itrwatch.store.outbox_reader import NewerError, manifest_at
from itrwatch.store.outbox_root import PREPARED, WORK, FreeSpace
from itrwatch.store.publication import DRAFT, HISTORY, Record, RefusedError, Staging, TakenAway, time_name
from itrwatch.store.reserve import FULL, RESERVE

__all__ = ["PREPARED", "WORK", "FreeSpace", "NewerError", "Outbox", "StaleError"]


class StaleError(OSError):
    """A stale set is still in the outbox, because it could not be withdrawn."""

    def __init__(self, fault: OSError) -> None:
        super().__init__(
            0,
            "os PDFs na saída não correspondem mais ao que está na entrada e ainda não puderam ser retirados: não os junte "
            f"ao processo ({reason_with_path(fault)})",
        )


class Outbox(OutboxFiles):
    """The outbox at ``root``: publishes sets of files and withdraws stale ones."""

    def __init__(
        self, root: Path, umask: int = 0o027, group: str | None = None, retention: Retention = KEEP_ALL
    ) -> None:
        """No access to files yet; `ConfigError` for a group unknown to this machine."""
        super().__init__(root, umask, group)
        self._retention = retention
        self._held: dict[str, Path] = {}

    @classmethod
    def of(cls, config: Config) -> Outbox:
        """The outbox of the configuration; errors as `__init__`."""
        return cls(config.outbox, config.umask, config.group, Retention(config.keep_sets, config.keep_days))

    @contextlib.contextmanager
    def staging(self, case_name: str) -> Iterator[Path]:
        """A new private folder for the next set of a case; deleted at the end unless published or held. `OSError`."""
        staged = self.stage(case_name)
        try:
            yield staged
        finally:
            self.discard(staged)

    def stage(self, case_name: str) -> Path:  # noqa: ARG002 - only `publish` uses the name
        """`staging` without a context manager: the caller discards the folder; `OSError`."""
        self._enter()
        staging = self._staging(Path(tempfile.mkdtemp(prefix="", dir=self._work)))  # mode 0700
        self._rights.make_folder(staging.new)
        return staging.new

    def prepared_folder(self) -> Path:
        """A private folder for pages that are coded before their case is at rest; emptied when the outbox is locked. `OSError`."""
        self._enter()
        folder = self._work / PREPARED / "spool"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return folder

    def discard(self, staged: Path) -> None:
        """Delete a staged set, unless it was published or is held."""
        if staged.parent in self._held.values():
            return
        with contextlib.suppress(FileNotFoundError, ValueError):
            self._staging(staged.parent).throw_away()

    def write_draft(self, folder: Path, text: bytes) -> None:
        """Write the draft of a sidecar into a staged set, and the schema that it names into the outbox; `OSError`."""
        self._rights.write(folder / DRAFT, text)
        self.put_schema()

    def write_manifest(self, staged: Path, manifest: Manifest) -> None:
        """Write ``manifesto.json`` into a staged set, its last file; `OSError`."""
        self._rights.write(staged / MANIFEST_NAME, utf8(manifest.to_json()))

    def write_note(self, staged: Path, text: str) -> None:
        """Write ``PENDENTE.txt`` into a staged set, in a form that Notepad of any Windows can read; `OSError`."""
        self._rights.write(staged / NOTE, text.replace("\n", "\r\n").encode("utf-8-sig", "replace"))

    def publish(self, case_name: str, staged: Path, when: datetime) -> None:
        """Flush a staged set and exchange it for the published one, which is moved to ``anteriores``.

        ``when`` (local time): the name of the folder there. After an `OSError` nothing has changed for readers,
        and the staged set is deleted; after a `RefusedError` it is `held`.
        `ValueError`: the staged set has no manifest.
        """
        self.check()
        # Finish an interrupted earlier publication of this case first; otherwise `recover` would later publish the older set over this one.
        for staging in self._all_stagings():
            record = _record(staging)
            if record is not None and record.case == case_name:
                staging.put_in_place(record)
        self.drop_held(case_name, but=staged.parent)
        self._held.pop(case_name, None)
        try:
            self._staging(staged.parent).publish(case_name, time_name(when))
        except RefusedError:
            self._held[case_name] = staged.parent
            raise
        self._tidy(case_name, when)

    def _tidy(self, case_name: str, when: datetime) -> None:
        """Mark the previous set that was sent and delete old sets; a failure here does not undo the publication."""
        history = self.root / case_name / HISTORY
        try:
            manifest = self.read_manifest(case_name)
            label_sent(history, manifest.sent if manifest else None, manifest_at)
            prune(history, self._retention, when)
        except OSError as wrong:
            logger.warning("{}: “{}” não pôde ser arrumada agora: {}", printable(case_name), HISTORY, wrong)

    def held(self, case_name: str) -> Manifest | None:
        """The manifest of the complete set of this case that could not replace the old one, if this process holds one; `OSError`."""
        path = self._held.get(case_name)
        return None if path is None else manifest_at(path / "new" / MANIFEST_NAME)

    def publish_held(self, case_name: str, when: datetime) -> None:
        """Try again to publish the held set; errors as `publish`."""
        self.publish(case_name, self._staging(self._held[case_name]).new, when)

    def drop_held(self, case_name: str, but: Path | None = None) -> None:
        """Delete the held set: the folder changed, and another set is needed."""
        path = self._held.get(case_name)
        if path is not None and path != but:
            del self._held[case_name]
            self.discard(self._staging(path).new)

    def withdraw(self, name: str, old: Manifest, when: datetime) -> None:
        """Replace a stale published set by a note (promise 3); `StaleError`.

        On a full disk, which has no room for the note, the set is only renamed to a private folder; `recover` writes the note later.
        """
        try:
            self._withdraw(name, old, when)
        except OSError as wrong:
            if wrong.errno not in FULL:
                raise StaleError(wrong) from wrong
            self._withdraw_on_full_disk(name, old, when)

    def _withdraw_on_full_disk(self, name: str, old: Manifest, when: datetime) -> None:
        try:
            if self._reserve.give_up():
                self._withdraw(name, old, when)
                return
        except OSError as wrong:
            logger.debug("{}: nem a reserva basta: {}", printable(name), wrong)
        try:
            TakenAway.hide(self.root / name, self._work)
        except OSError as wrong:
            raise StaleError(wrong) from wrong

    def _withdraw(self, name: str, old: Manifest, when: datetime) -> None:
        changed = (error(Code.FOLDER_CHANGED, text=CHANGED),)
        manifest = Manifest(processo=old.processo, folder=name, fingerprint="", version=__version__, findings=changed)
        with self.staging(name) as staged:
            self.write_note(staged, CHANGED_NOTE.format(name=printable(name)))
            self.write_manifest(staged, carried(manifest, old))
            self.publish(name, staged, when)

    def recover(self) -> None:
        """Finish or undo every interrupted publication; call it only while no set is being written.

        A failure is logged and tried again by the next call. `OSError`: no outbox.
        """
        self.check()
        for staging in self._all_stagings():
            if staging.path in self._held.values():
                continue
            try:
                staging.mend()
            except (OSError, ValueError) as wrong:
                logger.warning("publicação interrompida em “{}” ainda não se resolve: {}", staging.path, wrong)
        for taken in TakenAway.all_in(self._work):
            self._bring_back(taken)

    def _bring_back(self, taken: TakenAway) -> None:
        """Move a set that was withdrawn on a full disk to ``anteriores``, and write the missing note."""
        manifest = manifest_at(taken.path / MANIFEST_NAME)
        if manifest is None:
            return
        try:
            if not (self.root / manifest.folder).is_dir():
                self._withdraw(manifest.folder, manifest, taken.when)
            taken.put_away(self.root / manifest.folder / HISTORY, self._rights)
        except OSError as wrong:  # no room yet
            logger.debug("“{}” ainda não tem lugar em “{}”: {}", taken.path, HISTORY, wrong)

    def _all_stagings(self) -> Iterator[Staging]:
        if self._work.is_dir():
            yield from (self._staging(path) for path in sorted(self._work.iterdir()) if _is_staging(path))

    def _staging(self, path: Path) -> Staging:
        return Staging(path, self.root, self._rights)


def _is_staging(path: Path) -> bool:
    return path.name not in (RESERVE, PREPARED) and not TakenAway.named(path) and path.is_dir()


def _record(staging: Staging) -> Record | None:
    with contextlib.suppress(ValueError):
        return staging.record()
    return None
