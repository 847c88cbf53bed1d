"""State of inbox and outbox as a whole: available, unchanged, with room to write; or degraded, with the reason.

    roots.refresh() -> Listing(cases=(…), refused=(…)), or None while a root is away

An inaccessible root is not an empty one (F24, F25): while either is away, nothing is concluded, deleted or
published. The next `refresh` finds a root that has returned.
"""

from __future__ import annotations

import contextlib
import errno
import os
import time
from collections.abc import Callable
from pathlib import Path

from loguru import logger

from itrwatch.core.filenames import printable
from itrwatch.errors import ItrwatchError, reason
from itrwatch.store.inbox import Listing, list_cases
from itrwatch.store.lock import AwayError
from itrwatch.store.mounts import mount_point, unmounted
from itrwatch.store.outbox import Outbox

INBOX, OUTBOX = "entrada", "saída"
NEEDED_FILES = 64  # inodes; chosen: a case makes about ten files, and one for each page while it is processed
NEEDED = 3  # times the size of the scans; chosen: spool, PDFs and pictures of the report, each at most as large (F43)


class Roots:
    """The two roots at the last `refresh`; ``heartbeat`` is called with the root about to be accessed, and may raise."""

    def __init__(self, inbox: Path, outbox: Outbox, heartbeat: Callable[[str], None] = lambda _role: None) -> None:
        self.inbox, self.outbox = inbox, outbox
        self.published: dict[str, int] = {}
        """Case folder of the outbox → time (ns) of the last entry added or removed."""
        self.trouble = {INBOX: "", OUTBOX: ""}
        """Why a root is inaccessible, or empty."""
        self.paused = ""
        """Why nothing can be written although both roots are accessible, or empty."""
        self.crowded: dict[str, str] = {}
        """Cases that wait for disk space → the sentence about it."""
        self.returned = False
        """Whether the last look found a root again that was away: cached knowledge may be outdated."""
        self._heartbeat = heartbeat
        self._device: int | None = None
        self._stamped: tuple[tuple[int, ...], ...] | None = None
        self._wanted = self._had = self._used = self._mounted = False
        self._place: tuple[str, int] | None = None

    @property
    def lost(self) -> str:
        """Why nothing can be concluded now, one sentence, or empty."""
        return "; ".join(filter(None, self.trouble.values()))

    def same(self) -> bool:
        """Whether nothing is wrong and no entry was added to or removed from either root since the last `refresh`.

        The times of a folder change with its entries, not with the contents of a folder in it.
        """
        if self.lost or self.paused or self.crowded or self.outbox.robbed or not self.outbox.locked:
            return False
        try:
            return not unmounted(self.inbox) and self._stamp() == self._stamped and not self.outbox.space().read_only
        except OSError:
            return False

    def _stamp(self) -> tuple[tuple[int, ...], ...]:
        self._heartbeat(OUTBOX)
        self.outbox.check()
        there = self.outbox.root.stat()
        self._heartbeat(INBOX)
        return tuple(
            (root.st_dev, root.st_ino, root.st_mtime_ns, root.st_ctime_ns) for root in (there, self.inbox.stat())
        )

    def refresh(self) -> Listing | None:
        """The contents of the inbox; None while either root is away. Errors of a share are not raised."""
        before, self.returned = self.lost, False
        self._stamped = None
        with contextlib.suppress(OSError):
            self._stamped = self._stamp()  # before the listing: what comes in between counts as a change
        self.trouble[OUTBOX] = self._tried(OUTBOX, self.outbox.root, self._refresh_outbox)
        listing: list[Listing] = []
        self.trouble[INBOX] = self._tried(INBOX, self.inbox, lambda: listing.append(self._refresh_inbox()))
        if self.lost and self.lost != before:
            logger.error("{}; nada é apagado, e o trabalho continua automaticamente quando a pasta voltar", self.lost)
        if before and not self.lost:
            self.returned = True
            logger.info("a entrada e a saída estão de volta")
        return None if self.lost else listing[0]

    def room_for(self, name: str, size: int) -> bool:
        """Whether there is room for a case with ``size`` bytes of scans; `crowded` has the reason if not."""
        try:
            space = self.outbox.space()
        except OSError:
            return False
        if space.free >= NEEDED * size and space.files >= NEEDED_FILES:
            self.crowded.pop(name, None)
            return True
        if name not in self.crowded:
            logger.error("{}: falta espaço na saída; nova tentativa a cada varredura", printable(name))
        lacking = (
            f"“{printable(name)}” precisa de {_megabytes(NEEDED * size)}, há {_megabytes(space.free)} livres"
            if space.free < NEEDED * size
            else f"o disco só aceita mais {space.files} arquivos (inodes), por maior que seja o espaço livre"
        )
        self.crowded[name] = f"falta espaço na saída: {lacking}; libere espaço, e o trabalho continua automaticamente"
        return False

    def ample(self, size: int) -> bool:
        """Whether there is room for optional work as well, for scans of ``size`` bytes."""
        try:
            space = self.outbox.space()
        except OSError:
            return False
        return space.free >= 4 * NEEDED * size and space.files >= 100 * NEEDED_FILES

    def _tried(self, role: str, path: Path, refresh: Callable[[], object]) -> str:
        self._heartbeat(role)
        try:
            refresh()
        except ItrwatchError as wrong:
            return wrong.message
        except OSError as wrong:
            return f"sem acesso à {role}: “{printable(str(path))}” {reason(wrong)}"
        return ""

    def take(self) -> None:
        """Lock the outbox for this process, also after it was away; errors as `Outbox.lock`.

        A folder without our private folder is accepted at first use only. Two later situations count as first use: a share was mounted
        over a bare mount point without published sets (F49), or a folder on the same mount was deleted and created again.
        """
        self._wanted = True
        # Before locking, which creates our private folder in it.
        mounted, place = os.path.ismount(self.outbox.root), _place(self.outbox.root)
        arrived = mounted and not self._mounted and not self._used
        again = place is not None and place == self._place
        self.outbox.lock(first=not self._had or arrived or again, pause=self._wait)
        self._had, self._mounted, self._place = True, mounted, _place(self.outbox.root)

    def _refresh_outbox(self) -> None:
        if self.outbox.robbed:  # try again at every scan, until the other itrwatch ends
            self.outbox.unlock()
        if self._wanted and not self._at_home():
            again = self._had
            self.outbox.unlock()
            self.take()
            if again:
                logger.warning("a pasta de saída foi montada de novo ou trocada; o que há nela será conferido")
            self.returned = True
        self.published = self.outbox.changed()
        self._used |= bool(self.published)
        self._heartbeat(OUTBOX)
        space = self.outbox.space()
        self._pause("a saída só permite leitura; nada pode ser publicado" if space.read_only else "")
        self.outbox.lay_in_reserve(space.free if space.files >= 2 * NEEDED_FILES else 0)

    def _at_home(self) -> bool:
        try:
            self.outbox.check()
        except (AwayError, FileNotFoundError):
            return False
        return self.outbox.locked

    def _refresh_inbox(self) -> Listing:
        missing = unmounted(self.inbox)
        if missing:
            raise OSError(errno.ENODEV, f"não está montada (falta o compartilhamento de “{missing}”)")
        device = self.inbox.stat().st_dev
        listing = list_cases(self.inbox)
        if device != self._device and self._device is not None:
            if not listing.cases:
                raise OSError(errno.ENODEV, "ficou vazia e está em outro disco (o compartilhamento está montado?)")
            logger.warning("a pasta de entrada foi montada de novo ou trocada; tudo nela será conferido")
        # An empty inbox on another device does not become the known one: it may be a bare mount point.
        if listing.cases or self._device is None:
            self._device = device
        return listing

    def _pause(self, why: str) -> None:
        if why and not self.paused:
            logger.error("{}; o trabalho continua automaticamente quando for possível", why)
        if self.paused and not why:
            logger.info("já é possível escrever na saída de novo")
            self.returned = True
        self.paused = why

    def _wait(self, seconds: float) -> None:
        self._heartbeat(OUTBOX)
        time.sleep(seconds)


def _place(root: Path) -> tuple[str, int] | None:
    """The mount point and device of a folder; None while it is inaccessible."""
    try:
        return mount_point(root), root.stat().st_dev
    except OSError:
        return None


def _megabytes(size: int) -> str:
    return f"{size / (1 << 20):.1f} MB".replace(".", ",")
