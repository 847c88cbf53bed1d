"""Keeps ``index.html`` of the outbox up to date, with few calls to the shares.

The status changes several times a minute, and an office has thousands of cases. A case is read again only if one of three `stat`
calls shows a change; without a new status of the case these calls are made at most once in `CHECK_SECONDS`. All methods may
block on a share and must be called from threads that may wait.
"""

from __future__ import annotations

import contextlib
import math
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from loguru import logger

from itrwatch.core.case_description import Sidecar
from itrwatch.core.case_summary import CaseSummary, case_summary
from itrwatch.core.filenames import NOTE, REPORT, SIDECAR_NAME, printable
from itrwatch.core.findings import Finding
from itrwatch.core.manifest import MANIFEST_NAME, Manifest
from itrwatch.core.receipts import Receipt, find_receipts
from itrwatch.core.settings import Config
from itrwatch.core.status import CaseStatus, Root, StatusSnapshot
from itrwatch.daemon.case_state import State, hindrance, unused
from itrwatch.errors import reason_with_path
from itrwatch.report.guide import guide_html
from itrwatch.report.office_calendar import calendar_for_case
from itrwatch.report.panel_page import PanelLine, Row, accepted_pages, panel_html
from itrwatch.store.clock import local
from itrwatch.store.fingerprint import panel_sidecar, sidecar_bytes
from itrwatch.store.inbox import list_cases, take_snapshot
from itrwatch.store.outbox import NewerError, Outbox

READ_SECONDS = 1.0
"""Time limit of one drawing for reading unknown cases; after a start there are thousands. Chosen."""
CHECK_SECONDS = 600.0
"""Interval of checks of a case of which the service reports no change. Chosen."""

_Stat = tuple[int, int] | None


@dataclass(slots=True)
class _Known:
    """The data read about one case, and when; a change of ``stats`` or ``case_status`` requires reading it again."""

    checked: datetime
    state: str
    touched: float
    """`CaseStatus.changed` at that time."""
    inside: bool
    """Whether the case was in the inbox; otherwise its sidecar was not read."""
    stats: tuple[_Stat, ...]
    manifest: Manifest | None
    sidecar: Sidecar | None
    sidecar_name: str
    faults: tuple[Finding, ...]
    receipts: dict[str, Receipt]
    opens: str
    changed: datetime | None
    newer: str = ""
    """Why the case is not touched (a later version published it), or empty."""
    summary: CaseSummary | None = None
    row: Row | None = None
    """The row that was drawn last …"""
    drawn: tuple[CaseStatus | None, date] | None = None
    """… for this state of the case and this day."""


class Panel:
    """Writes ``index.html`` from the status of the service and the files in inbox and outbox."""

    def __init__(self, outbox: Outbox, config: Config, seconds: float = math.inf) -> None:
        """No access to files yet. ``seconds``: time limit of one drawing for reading unknown cases."""
        self._outbox, self._config, self._seconds = outbox, config, seconds
        self.unread = 0
        """Number of cases that the last drawing had no time to read; above 0, draw again soon."""
        self._longer = 1
        """Factor of the time limit of the next drawing; it doubles, because every drawing takes longer than the one before."""
        self._known: dict[str, _Known] = {}
        self._shown: tuple[object, ...] = ()
        self._years: dict[str, list[PanelLine]] = {}

    def show(self, status: StatusSnapshot) -> Sequence[Row]:
        """Update the panel and return its rows; on an `OSError` nothing changes, and there are no rows."""
        try:
            rows = self.rows(status)
            if self.unread:
                status = replace(status, notices=(*status.notices, _reading(len(rows), self.unread)))
            shows = (status.roots, status.notices, status.at.date(), rows)
            if shows != self._shown or not self._outbox.has_panel():
                self._write_years(status, rows)
                self._outbox.write_panel(panel_html(self._named(status), rows))
                self._outbox.write_guide(guide_html(self._config))
                self._shown = shows
        except OSError as wrong:
            logger.warning("o painel não pôde ser atualizado agora: {}", wrong)
            return ()
        return rows

    def _named(self, status: StatusSnapshot) -> StatusSnapshot:
        """The status with the Windows name of the inbox, followed by the path on the server."""
        share = self._config.share_name
        if not share:
            return status
        inbox = str(self._config.inbox)
        roots = (replace(root, path=f"{share} ({inbox})") if root.path == inbox else root for root in status.roots)
        return replace(status, roots=tuple(roots))

    def rows(self, status: StatusSnapshot) -> list[Row]:
        """One row for every case of ``status`` and of the outbox, sorted by name; `OSError`."""
        places = {case_status.folder: case_status for case_status in status.cases}
        names = self._outbox.names() | places.keys()
        end, self.unread = time.monotonic() + self._seconds * self._longer, 0
        rows = []
        for name in sorted(names, key=lambda name: (name in places and places[name].state == State.PUBLISHED, name)):
            if name not in self._known and time.monotonic() > end:
                self.unread += 1
            else:
                rows.append(self._row(name, places.get(name), status.at))
        self._longer = 2 * self._longer if self.unread else 1
        self._known = {name: known for name, known in self._known.items() if name in names}
        return sorted(rows, key=lambda row: row.folder)

    def _write_years(self, status: StatusSnapshot, rows: list[Row]) -> None:
        """Write the pages of accepted cases of past years, each only when a line of it changed."""
        for name, (lines, draw) in accepted_pages(status, rows).items():
            changed = self._years.get(name) != lines
            # Until all cases are read, the page would change at every drawing.
            if changed and not (self.unread and name in self._years):
                self._outbox.write_panel(draw(), name)
                self._years[name] = lines

    def show_without_service(self, at: datetime) -> None:
        """`show` without a service: the state of each case is read from inbox and outbox."""
        try:
            status = self.without_service(at)
        except OSError as wrong:
            logger.warning("o painel não pôde ser atualizado agora: {}", wrong)
            return
        for known in self._known.values():  # without a service, check every case
            known.checked = at - timedelta(seconds=CHECK_SECONDS)
        self.show(status)

    def without_service(self, at: datetime) -> StatusSnapshot:
        """The status read from inbox and outbox, without a service; `OSError`."""
        places = tuple(map(self._status_of, list_cases(self._config.inbox).cases))
        roots = Root("entrada", str(self._config.inbox)), Root("saída", str(self._outbox.root))
        return StatusSnapshot(at, roots, places)

    def _status_of(self, name: str) -> CaseStatus:
        try:
            snapshot = take_snapshot(self._config.inbox / name)
        except FileNotFoundError:  # removed meanwhile
            return CaseStatus(name, "")
        except OSError as wrong:
            return CaseStatus(name, State.DELAYED, hindrance(wrong))
        if not snapshot.files:
            return CaseStatus(name, State.EMPTY, unused(snapshot.refused))
        return CaseStatus(name, "")

    def _row(self, name: str, case_status: CaseStatus | None, at: datetime) -> Row:
        known = self._row_of(name, case_status, at)
        if known.row is None or known.drawn != (case_status, at.date()):
            known.row, known.drawn = self._new_row(name, known, case_status, at.date()), (case_status, at.date())
        return known.row

    def _new_row(self, name: str, known: _Known, case_status: CaseStatus | None, today: date) -> Row:
        if known.newer:
            case_status = CaseStatus(name, State.DELAYED, known.newer)
        if known.manifest and (known.summary is None or known.drawn is None or known.drawn[1] != today):
            calendar = calendar_for_case(known.sidecar, self._config.holidays, today)
            known.summary = case_summary(known.manifest, known.sidecar, calendar, today, known.sidecar_name)
        contribuinte = known.sidecar.contribuinte if known.sidecar else None
        return Row(
            folder=name,
            case_status=case_status,
            manifest=known.manifest,
            summary=known.summary,
            contribuinte=contribuinte.text if contribuinte else "",
            faults=(*known.faults, *(known.summary.faults if known.summary else ())),
            changed=known.changed,
            opens=known.opens,
            receipts=known.receipts,
        )

    def _row_of(self, name: str, case_status: CaseStatus | None, at: datetime) -> _Known:
        """The row of a case, read again if it may have changed."""
        known = self._known.get(name)
        state, touched = (case_status.state, case_status.changed) if case_status else ("", 0.0)
        fresh = known and (known.state, known.touched) == (state, touched)
        if known and fresh and at - known.checked < timedelta(seconds=CHECK_SECONDS):
            return known
        try:
            stats = self._stats(name, known.sidecar_name if known else SIDECAR_NAME)
            inside = case_status is not None
            if known is None or (stats, inside) != (known.stats, known.inside):
                known = self._read(name, at, state, inside=inside)
        except OSError as wrong:
            logger.debug("{}: {}; o painel mostra o que sabia", printable(name), wrong)
            if known is None:  # no permission: the status of the case reports it
                known = self._read(name, at, state, inside=False)
        known.checked, known.state, known.touched = at, state, touched
        self._known[name] = known
        return known

    def _read(self, name: str, at: datetime, state: str, *, inside: bool) -> _Known:
        sidecar_name, scans, data = SIDECAR_NAME, [], None
        if inside:
            with contextlib.suppress(FileNotFoundError):  # removed meanwhile: the next status reports it
                snapshot = take_snapshot(self._config.inbox / name)
                scans = [scan.name for scan in snapshot.scans]
                if len(snapshot.sidecars) == 1:
                    sidecar_name = snapshot.sidecars[0].name
                    data = sidecar_bytes(snapshot.folder / sidecar_name)
        sidecar, faults = panel_sidecar(data, sidecar_name) if data is not None else (None, ())
        manifest, newer = None, ""
        try:
            manifest = self._outbox.read_manifest(name, pages=False)
        except NewerError as later:
            newer = reason_with_path(later)
        opens, changed = self._file_to_open(name, manifest)
        return _Known(
            checked=at,
            state=state,
            touched=0.0,
            inside=inside,
            stats=self._stats(name, sidecar_name),
            manifest=manifest,
            sidecar=sidecar,
            sidecar_name=sidecar_name,
            faults=faults if manifest and manifest.published else (),  # a pending case has its own findings
            receipts=find_receipts(scans, sidecar),
            opens=opens,
            changed=changed,
            newer=newer,
        )

    def _file_to_open(self, name: str, manifest: Manifest | None) -> tuple[str, datetime | None]:
        """The file to open, and the time of the set: taken from a PDF, because manifest and report may be rewritten later."""
        folder = self._outbox.root / name
        for name_of_file in (REPORT, NOTE):
            with contextlib.suppress(FileNotFoundError, NotADirectoryError):
                written = (folder / name_of_file).stat().st_mtime
                if manifest and manifest.published:
                    with contextlib.suppress(FileNotFoundError):
                        written = (folder / manifest.files[0].name).stat().st_mtime
                return name_of_file, local(written)
        return "", None

    def _stats(self, name: str, sidecar_name: str) -> tuple[_Stat, ...]:
        outside, inside = f"{self._outbox.root}/{name}", f"{self._config.inbox}/{name}"
        return tuple(map(_stat, (f"{outside}/{MANIFEST_NAME}", inside, f"{inside}/{sidecar_name}")))


def _reading(read: int, unread: int) -> str:
    return f"o painel ainda está lendo a saída e mostra {read} de {read + unread} processos; ele se completa automaticamente"


def _stat(path: str) -> _Stat:
    try:
        status = os.lstat(path)
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return None
    return status.st_mtime_ns, status.st_size
