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
import fcntl
import grp
import os
import socket
import tempfile
from collections.abc import Iterator
from datetime import datetime
from io import FileIO
from pathlib import Path

from loguru import logger

from itrwatch import __version__
from itrwatch.core.filenames import is_junk, shown
from itrwatch.core.findings import error
from itrwatch.core.manifest import MANIFEST_NAME, Manifest, ManifestError, from_json
from itrwatch.core.schema import SCHEMA_NAME, schema_text
from itrwatch.errors import BusyError, ConfigError, ItrwatchError
from itrwatch.publication import DRAFT, HISTORY, Desk, Record
from itrwatch.swap import Rights, sync_folder

WORK = ".itrwatch"
NOTE = "PENDENTE.txt"
PANEL = "index.html"
CHANGED = "a pasta mudou na entrada depois de publicada; o conjunto novo está sendo preparado"
CHANGED_NOTE = """\
A pasta «{name}» mudou na entrada depois que os PDFs foram publicados.

O conjunto novo está sendo preparado. Ele aparece aqui sozinho, assim que a pasta
ficar um tempo sem mudanças na entrada. Não é preciso fazer nada.

Não junte ao processo os PDFs de antes, guardados em «anteriores»: eles não
correspondem mais ao que está na entrada.
"""


class Outbox:
    """The outbox at ``root``; one process at a time holds its `lock`."""

    def __init__(self, root: Path, umask: int = 0o027, group: str | None = None) -> None:
        """Touches nothing yet; `ConfigError` for a group that this machine does not know."""
        self.root = root
        self._work = root / WORK
        self._rights = Rights(umask, _gid(group))

    def lock(self) -> FileIO:
        """Take the outbox for this process until the file returned is closed.

        Raises `BusyError` when another itrwatch has it, `ItrwatchError` when the outbox
        cannot be written. On a share without locks only a warning is left (F34).
        """
        try:
            self._rights.make_folder(self._work)
            flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
            lock = FileIO(os.open(self._work / "lock", flags, 0o666 & ~self._rights.umask), "r+")
        except OSError as wrong:
            raise ItrwatchError(
                f"a pasta de saída não se deixa usar: {wrong}",
                "Confira se a pasta existe, se o compartilhamento está montado e se o itrwatch pode gravar nela.",
            ) from wrong
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as wrong:
            if wrong.errno in (errno.EAGAIN, errno.EACCES):
                holder = (lock.read(200) or b"").decode("utf-8", "replace").strip()
                lock.close()
                raise _busy(holder) from wrong
            logger.warning("a pasta de saída não oferece travas ({}); cuide que só um itrwatch a use", wrong.strerror)
        lock.truncate(0)
        lock.write(f"{os.getpid()} {socket.gethostname()}\n".encode())
        return lock

    def stage(self, case_name: str) -> Path:  # noqa: ARG002 - the name counts only when it is published
        """A fresh private folder for a case's next set, on the outbox's file system; `OSError`."""
        self._rights.make_folder(self._work)
        desk = self._desk(Path(tempfile.mkdtemp(prefix="", dir=self._work)))  # mode 0700: nobody looks in
        self._rights.make_folder(desk.new)
        return desk.new

    def discard(self, staged: Path) -> None:
        """Throw away a staged set unless it was published; right after every job, however it ended."""
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
        with contextlib.suppress(FileNotFoundError):
            if target.read_bytes() == schema:
                return
        self._replace(target, schema)

    def write_manifest(self, staged: Path, manifest: Manifest) -> None:
        """Write ``manifesto.json`` into a staged set, its last file; `OSError`."""
        self._rights.write(staged / MANIFEST_NAME, _encoded(manifest))

    def publish(self, case_name: str, staged: Path, when: datetime) -> None:
        """Flush a staged set and put it in the place of the one before, which goes to ``anteriores``.

        ``when`` (local time) names the folder there. `OSError`: nothing changed for readers,
        and the staged set is gone. `ValueError`: the staged set has no manifest.
        """
        for desk in self._desks():  # an older set that was cut short comes first, never afterwards
            record = _record(desk)
            if record is not None and record.case == case_name:
                desk.put_in_place(record)
        self._desk(staged.parent).publish(case_name, when.strftime("%Y-%m-%d %Hh%Mm%Ss"))

    def withdraw(self, name: str, old: Manifest, when: datetime) -> None:
        """Replace a published set that is out of date by a note that says so (promise 3); `OSError`."""
        staged = self.stage(name)
        text = CHANGED_NOTE.format(name=shown(name)).replace("\n", "\r\n")
        self._rights.write(staged / NOTE, text.encode("utf-8-sig"))  # the Notepad of any Windows reads this
        self.write_manifest(
            staged,
            Manifest(
                processo=old.processo, folder=name, fingerprint="", version=__version__, findings=(error(CHANGED),)
            ),
        )
        self.publish(name, staged, when)

    def recover(self) -> None:
        """Finish or undo every publication that was cut short; only while no set is being made.

        What cannot be mended now is logged and left for the next time. `OSError`: no outbox.
        """
        self.root.stat()
        for desk in self._desks():
            try:
                desk.mend()
            except (OSError, ValueError) as wrong:
                logger.warning("publicação interrompida em «{}» ainda não se resolve: {}", desk.path, wrong)

    def names(self) -> frozenset[str]:
        """The names of all case folders; `OSError` when the outbox cannot be read."""
        with os.scandir(self.root) as entries:
            return frozenset(e.name for e in entries if not is_junk(e.name) and e.is_dir(follow_symlinks=False))

    def manifests(self) -> dict[str, Manifest]:
        """The manifest of every case folder that has one; `OSError` when one cannot be read now."""
        found = {name: self.read_manifest(name) for name in sorted(self.names())}
        return {name: manifest for name, manifest in found.items() if manifest is not None}

    def read_manifest(self, name: str) -> Manifest | None:
        """The manifest of a case; None when missing or broken, which means work to do; `OSError`."""
        try:
            return from_json((self.root / name / MANIFEST_NAME).read_text("utf-8"))
        except (FileNotFoundError, NotADirectoryError, UnicodeDecodeError, ManifestError):
            return None

    def has_past(self, name: str) -> bool:
        """Whether there will be older sets beside the next one; `OSError`."""
        now = self.read_manifest(name)
        return (self.root / name / HISTORY).is_dir() or (now is not None and now.published)

    def refresh(self, name: str, manifest: Manifest) -> None:
        """Replace only the manifest of a case, in one step; `OSError`."""
        self._replace(self.root / name / MANIFEST_NAME, _encoded(manifest))

    def write_panel(self, html: bytes) -> None:
        """Replace ``index.html`` in one step; `OSError`."""
        self._replace(self.root / PANEL, html)

    def _replace(self, target: Path, data: bytes) -> None:
        self._rights.make_folder(self._work)
        with _draft(self._work) as draft:
            self._rights.write(draft, data)
            draft.replace(target)
        sync_folder(target.parent)

    def _desks(self) -> Iterator[Desk]:
        if self._work.is_dir():
            yield from (self._desk(path) for path in sorted(self._work.iterdir()) if path.is_dir())

    def _desk(self, path: Path) -> Desk:
        return Desk(path, self.root, self._rights)


@contextlib.contextmanager
def _draft(folder: Path) -> Iterator[Path]:
    descriptor, name = tempfile.mkstemp(prefix="", suffix=".tmp", dir=folder)
    os.close(descriptor)
    draft = Path(name)
    try:
        yield draft
    finally:
        draft.unlink(missing_ok=True)


def _record(desk: Desk) -> Record | None:
    with contextlib.suppress(ValueError):
        return desk.record()
    return None


def _encoded(manifest: Manifest) -> bytes:
    # A byte that is no UTF-8 in a name (F27) becomes \udcXX, which in JSON is an escape that reads back.
    return manifest.to_json().encode("utf-8", "backslashreplace")


def _gid(group: str | None) -> int | None:
    try:
        return None if group is None else grp.getgrnam(group).gr_gid
    except KeyError:
        raise ConfigError(f"o grupo «{group}» não existe", "Crie o grupo ou corrija «group» na configuração.") from None


def _busy(holder: str) -> BusyError:
    pid, _, host = holder.partition(" ")
    who = f" (processo {pid}, em {host})" if pid.isdigit() and host else ""
    return BusyError(
        f"outro itrwatch{who} já cuida desta pasta de saída",
        "Espere que ele termine, ou pare-o com «systemctl stop itrwatch» ou «itrwatch stop».",
    )
