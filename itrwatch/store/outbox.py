"""The outbox: what readers see, and the only place where itrwatch writes.

Every set is made in private on the outbox's own file system (`.itrwatch/`) and swapped in
complete; `publication` tells how, and what happens when it is cut short. The manifests are
the ledger: no database beside them can disagree with what lies there.

Rights: what is made carries the configured umask from its first moment, whatever the umask
of the process; a group is set where the file system has groups (F45).
"""

from __future__ import annotations

import contextlib
import errno
import grp
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from loguru import logger

from itrwatch import __version__
from itrwatch.core.codes import Code
from itrwatch.core.filenames import GUIDE, NOTE, PANEL, REPORT, SCHEMA_NAME, is_junk, printable
from itrwatch.core.findings import error
from itrwatch.core.manifest import (
    MANIFEST_NAME,
    Manifest,
    ManifestError,
    NewerManifestError,
    Sent,
    from_json,
    refreshed,
)
from itrwatch.core.sent import carried
from itrwatch.core.settings import Config
from itrwatch.errors import ConfigError, ItrwatchError, reason, told
from itrwatch.sidecar.schema import schema_text
from itrwatch.store.atomic import Rights, sync_folder
from itrwatch.store.history import KEEP_ALL, Retention, mark_sent, prune
from itrwatch.store.lock import AwayError, Lock
from itrwatch.store.mounts import unmounted
from itrwatch.store.notes import CHANGED, CHANGED_NOTE
from itrwatch.store.publication import DRAFT, HISTORY, Record, RefusedError, Staging, TakenAway, free_name, time_name
from itrwatch.store.reserve import FULL, RESERVE, Reserve

WORK = ".itrwatch"
PREPARED = "preparo"


@dataclass(frozen=True, slots=True)
class Space:
    """What the outbox has left: ``free`` bytes, room for so many ``files``; ``read_only``: mounted so."""

    free: int
    files: int = sys.maxsize
    read_only: bool = False


class NewerError(OSError):
    """A later itrwatch published this case: what it wrote is neither understood nor touched."""

    def __init__(self, path: Path, version: str) -> None:
        said = (
            f"foi escrito pelo itrwatch {printable(version)}, mais novo do que este ({__version__}): nada foi mexido; "
            f"instale de novo a versão mais nova"
        )
        super().__init__(errno.EPROTONOSUPPORT, said, str(path))


class StaleError(OSError):
    """A set that is out of date still stands in the outbox, for it cannot be taken away just now."""

    def __init__(self, fault: OSError) -> None:
        super().__init__(
            0,
            "os PDFs na saída não correspondem mais ao que está na entrada e ainda não puderam ser retirados: não os junte "
            f"ao processo ({told(fault)})",
        )


class Outbox:
    """The outbox at ``root``; one process at a time holds its `lock`."""

    def __init__(
        self, root: Path, umask: int = 0o027, group: str | None = None, retention: Retention = KEEP_ALL
    ) -> None:
        """Touches nothing yet; `ConfigError` for a group that this machine does not know."""
        self.root = root
        self._retention = retention
        self._work = root / WORK
        self._rights = Rights(umask, _gid(group))
        self._lock: Lock | None = None
        self._held: dict[str, Path] = {}
        self._reserve = Reserve(self._work, self._rights)

    @classmethod
    def of(cls, config: Config) -> Outbox:
        """The outbox that the configuration tells of; errors as `__init__`."""
        return cls(config.outbox, config.umask, config.group, Retention(config.keep_sets, config.keep_days))

    def lock(self, *, first: bool = True, pause: Callable[[float], object] = time.sleep) -> Lock:
        """Take the outbox for this process until the lock returned is closed.

        A folder without our mark is marked only where ``first`` allows it and every mount that
        the system's tables promise is there: a bare mount point is nobody's outbox (F24).
        ``pause`` waits while the lease of another machine is observed, and may raise.
        Raises `BusyError` when another itrwatch has it, `ItrwatchError` when it cannot be used.
        """
        try:
            lock = self._taken(first=first, pause=pause)
            self._clean()
        except OSError as wrong:
            raise ItrwatchError(
                f"a pasta de saída não se deixa usar: “{self.root}” {reason(wrong)}",
                "Confira se a pasta existe, se o compartilhamento está montado e se o itrwatch pode gravar nela.",
            ) from wrong
        self._reserve = Reserve(self._work, self._rights)  # it may be another disk
        self._lock = lock
        return lock

    def _clean(self) -> None:
        """Delete the drafts of an itrwatch that was killed while it wrote one; nobody writes any yet."""
        for path in self._work.glob("*.tmp"):
            if not path.name.startswith("lease."):
                path.unlink(missing_ok=True)
        shutil.rmtree(self._work / PREPARED, ignore_errors=True)

    def _taken(self, *, first: bool, pause: Callable[[float], object]) -> Lock:
        if not (self._work / "lock").exists():
            self._mark(first=first)
        try:
            return Lock(self._work, self._rights, pause)
        except OSError as wrong:
            if wrong.errno not in FULL or not self._reserve.give_up():
                raise
            return Lock(self._work, self._rights, pause)

    def _mark(self, *, first: bool) -> None:
        self.root.stat()
        missing = unmounted(self.root)
        if missing:
            raise OSError(errno.ENODEV, f"o compartilhamento de “{missing}” não está montado")
        if not first and not self._work.is_dir():
            raise OSError(errno.ENODEV, "não é a pasta de antes: falta a marca do itrwatch (.itrwatch)")
        self._rights.make_folder(self._work)

    def unlock(self) -> None:
        """Give the outbox up, if it was taken."""
        if self._lock is not None:
            self._lock.close()

    @property
    def private(self) -> Path:
        """Our own folder in the outbox, for what must be on its file system."""
        return self._work

    @property
    def robbed(self) -> bool:
        """Whether another itrwatch holds what this process took."""
        return self._lock is not None and not self._lock.closed and bool(self._lock.lost)

    @property
    def locked(self) -> bool:
        """Whether this process took the outbox."""
        return self._lock is not None and not self._lock.closed

    def check(self) -> None:
        """`OSError` unless the outbox is there, and the one that was taken; for who never took it, that it is there."""
        self.root.stat()
        if self._lock is None or self._lock.closed:
            return
        if self._lock.lost:
            raise OSError(errno.EBUSY, self._lock.lost)
        if not self._lock.home:
            raise AwayError

    def space(self) -> Space:
        """What is free for us, and whether the file system is mounted read-only; `OSError`."""
        facts = os.statvfs(self.root)
        files = facts.f_favail if facts.f_files else sys.maxsize  # btrfs and shares count none
        return Space(facts.f_bavail * facts.f_frsize, files, bool(facts.f_flag & os.ST_RDONLY))

    def lay_in_reserve(self, free_bytes: int) -> None:
        """Keep room back for the day on which the disk is full, if that is not today."""
        if self.locked:
            self._reserve.lay_in(free_bytes)

    def stage(self, case_name: str) -> Path:  # noqa: ARG002 - the name counts only when it is published
        """A fresh private folder for a case's next set, on the outbox's file system; `OSError`."""
        self._enter()
        staging = self._desk(Path(tempfile.mkdtemp(prefix="", dir=self._work)))  # mode 0700: nobody looks in
        self._rights.make_folder(staging.new)
        return staging.new

    def prepared_folder(self) -> Path:
        """A private folder for pages that are coded before their case is done; emptied when the outbox is taken. `OSError`."""
        self._enter()
        folder = self._work / PREPARED / "spool"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return folder

    def discard(self, staged: Path) -> None:
        """Throw away a staged set unless it was published or is held; right after every job, however it ended."""
        if staged.parent in self._held.values():
            return
        with contextlib.suppress(FileNotFoundError, ValueError):
            self._desk(staged.parent).throw_away()

    def write_draft(self, folder: Path, text: bytes) -> None:
        """Write the draft of a sidecar into a staged set, and the schema that it names into the outbox; `OSError`."""
        self._rights.write(folder / DRAFT, text)
        self._put_schema()

    def put_draft(self, name: str, text: bytes) -> Path:
        """Put the draft of a sidecar into the folder of a case, in the place of an older one; `OSError`."""
        self._rights.make_folder(self.root / name)
        self._replace(self.root / name / DRAFT, text)
        self._put_schema()
        return self.root / name / DRAFT

    def _put_schema(self) -> None:
        target, schema = self.root / SCHEMA_NAME, schema_text().encode()
        with contextlib.suppress(FileNotFoundError, IsADirectoryError):
            if target.read_bytes() == schema:
                return
        self._replace(target, schema)

    def write_manifest(self, staged: Path, manifest: Manifest) -> None:
        """Write ``manifesto.json`` into a staged set, its last file; `OSError`."""
        self._rights.write(staged / MANIFEST_NAME, _utf8(manifest.to_json()))

    def write_note(self, staged: Path, text: str) -> None:
        """Write ``PENDENTE.txt`` into a staged set, as the Notepad of any Windows reads it; `OSError`."""
        self._rights.write(staged / NOTE, text.replace("\n", "\r\n").encode("utf-8-sig", "replace"))

    def publish(self, case_name: str, staged: Path, when: datetime) -> None:
        """Flush a staged set and put it in the place of the one before, which goes to ``anteriores``.

        ``when`` (local time) names the folder there. `OSError`: nothing changed for readers,
        and the staged set is gone, unless it is a `RefusedError`: then it is `held`.
        `ValueError`: the staged set has no manifest.
        """
        self.check()
        for staging in self._desks():  # an older set that was cut short comes first, never afterwards
            record = _record(staging)
            if record is not None and record.case == case_name:
                staging.put_in_place(record)
        self.drop_held(case_name, but=staged.parent)
        self._held.pop(case_name, None)
        try:
            self._desk(staged.parent).publish(case_name, time_name(when))
        except RefusedError:
            self._held[case_name] = staged.parent
            raise
        self._tidy(case_name, when)

    def _tidy(self, case_name: str, when: datetime) -> None:
        """Mark the set that was sent among those of before, and let old ones go; the publication does not depend on it."""
        history = self.root / case_name / HISTORY
        try:
            manifest = self.read_manifest(case_name)
            mark_sent(history, manifest.sent if manifest else None, _manifest)
            prune(history, self._retention, when)
        except OSError as wrong:
            logger.warning("{}: “{}” não pôde ser arrumada agora: {}", printable(case_name), HISTORY, wrong)

    def held(self, case_name: str) -> Manifest | None:
        """The manifest of a complete set whose place was refused, if this process holds one; `OSError`."""
        path = self._held.get(case_name)
        return None if path is None else _manifest(path / "new" / MANIFEST_NAME)

    def publish_held(self, case_name: str, when: datetime) -> None:
        """Try again to publish the set that is held; errors as `publish`."""
        self.publish(case_name, self._desk(self._held[case_name]).new, when)

    def drop_held(self, case_name: str, but: Path | None = None) -> None:
        """Throw away the set that is held: the inbox calls for another one."""
        path = self._held.get(case_name)
        if path is not None and path != but:
            del self._held[case_name]
            self.discard(self._desk(path).new)

    def withdraw(self, name: str, old: Manifest, when: datetime) -> None:
        """Replace a published set that is out of date by a note that says so (promise 3); `StaleError`.

        Without any room the set is put out of sight and nothing stands in its place until `recover` finds some.
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
        staged = self.stage(name)
        changed = (error(Code.FOLDER_CHANGED, text=CHANGED),)
        manifest = Manifest(processo=old.processo, folder=name, fingerprint="", version=__version__, findings=changed)
        try:
            self.write_note(staged, CHANGED_NOTE.format(name=printable(name)))
            self.write_manifest(staged, carried(manifest, old))
            self.publish(name, staged, when)
        finally:
            self.discard(staged)

    def recover(self) -> None:
        """Finish or undo every publication that was cut short; only while no set is being made.

        What cannot be mended now is logged and left for the next time. `OSError`: no outbox.
        """
        self.check()
        for staging in self._desks():
            if staging.path in self._held.values():
                continue
            try:
                staging.mend()
            except (OSError, ValueError) as wrong:
                logger.warning("publicação interrompida em “{}” ainda não se resolve: {}", staging.path, wrong)
        for taken in TakenAway.all_in(self._work):
            self._bring_back(taken)

    def _bring_back(self, taken: TakenAway) -> None:
        """Put a set that was taken away without room where sets of before are, with the note that was owed."""
        manifest = _manifest(taken.path / MANIFEST_NAME)
        if manifest is None:
            return
        try:
            if not (self.root / manifest.folder).is_dir():
                self._withdraw(manifest.folder, manifest, taken.when)
            taken.put_away(self.root / manifest.folder / HISTORY, self._rights)
        except OSError as wrong:  # no room yet
            logger.debug("“{}” ainda não tem lugar em “{}”: {}", taken.path, HISTORY, wrong)

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

    def read_manifest(self, name: str) -> Manifest | None:
        """The manifest of a case; None when missing or broken, which means work to do; `OSError`, also `NewerError`."""
        return _manifest(self.root / name / MANIFEST_NAME)

    def sizes(self, name: str) -> dict[str, int]:
        """Size (bytes) of every plain file at the top of a case folder; `OSError`."""
        with os.scandir(self.root / name) as entries:
            return {e.name: e.stat(follow_symlinks=False).st_size for e in entries if e.is_file(follow_symlinks=False)}

    def has_past(self, name: str) -> bool:
        """Whether there will be older sets beside the next one; `OSError`."""
        now = self.read_manifest(name)
        return (self.root / name / HISTORY).is_dir() or (now is not None and now.published)

    def refresh(self, name: str, fingerprint: str, sent: Sent | None) -> None:
        """Replace only the fingerprint in the manifest of a case, and what is known of the set that was sent, in one step; `OSError`."""
        path = self.root / name / MANIFEST_NAME
        self._replace(path, _utf8(refreshed(path.read_text("utf-8"), fingerprint, sent)))

    def read_report(self, name: str) -> bytes | None:
        """The report of a case, None when there is none; `OSError`."""
        with contextlib.suppress(FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return (self.root / name / REPORT).read_bytes()
        return None

    def write_report(self, name: str, html: bytes) -> None:
        """Replace the report of a published case in one step; `OSError`."""
        self._replace(self.root / name / REPORT, html)

    def has_panel(self) -> bool:
        """Whether ``index.html`` is there; somebody may have deleted it."""
        return (self.root / PANEL).is_file()

    def write_guide(self, html: bytes) -> None:
        """Put ``LEIA-ME.html`` in place unless it lies there as it is; `OSError`."""
        target = self.root / GUIDE
        with contextlib.suppress(FileNotFoundError, IsADirectoryError):
            if target.read_bytes() == html:
                return
        self._replace(target, html)

    def write_panel(self, html: bytes, name: str = PANEL) -> None:
        """Replace ``index.html``, or a page beside it, in one step; `OSError`."""
        self._replace(self.root / name, html)

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
        sync_folder(target.parent)

    def _enter(self) -> None:
        """Our private folder, made for who never took the outbox, never on another root than the one taken."""
        if self._lock is None:
            self._rights.make_folder(self._work)
        elif self._lock.closed:
            raise AwayError
        else:
            self.check()

    def _desks(self) -> Iterator[Staging]:
        if self._work.is_dir():
            yield from (self._desk(path) for path in sorted(self._work.iterdir()) if _is_desk(path))

    def _desk(self, path: Path) -> Staging:
        return Staging(path, self.root, self._rights)


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
    """A folder with the name of a file that the outbox needs, from another hand or an older version: nothing in it is lost."""
    free = free_name(folder.with_name(f"{folder.name} (pasta)"))
    folder.rename(free)
    logger.warning(
        "na saída, a pasta “{}” tinha o nome de um arquivo do itrwatch; agora é “{}”", folder.name, free.name
    )


def _is_desk(path: Path) -> bool:
    return path.name not in (RESERVE, PREPARED) and not TakenAway.named(path) and path.is_dir()


def _record(staging: Staging) -> Record | None:
    with contextlib.suppress(ValueError):
        return staging.record()
    return None


def _manifest(path: Path) -> Manifest | None:
    try:
        return from_json(path.read_text("utf-8"))
    except NewerManifestError as newer:
        raise NewerError(path, str(newer)) from newer
    except (FileNotFoundError, NotADirectoryError, UnicodeDecodeError, ManifestError):
        return None


def _utf8(json: str) -> bytes:
    # A byte that is no UTF-8 in a name (F27) becomes \udcXX, which in JSON is an escape that reads back.
    return json.encode("utf-8", "backslashreplace")


def _gid(group: str | None) -> int | None:
    try:
        return None if group is None else grp.getgrnam(group).gr_gid
    except KeyError:
        raise ConfigError(f"o grupo “{group}” não existe", "Crie o grupo ou corrija “group” na configuração.") from None
