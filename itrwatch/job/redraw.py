"""Updates the report of a published case after a change of ``andamento`` or receipts; pages are not read again.

    redraw_report(outbox, config, snapshot, manifest) -> the report in the outbox is, byte for byte, that of the present sidecar

The pictures of the pages are stored only in the report; to make it again would take analysing every page again. What depends on
``andamento`` is between two comments in the templates, and only that is replaced.
"""

from __future__ import annotations

import re

from itrwatch.core.manifest import Manifest
from itrwatch.core.receipts import find_receipts
from itrwatch.core.settings import Config
from itrwatch.job.case_reports import report_of
from itrwatch.report.result import Result
from itrwatch.sidecar import yaml_tree
from itrwatch.sidecar.without_andamento import andamento_of
from itrwatch.store.clock import local_time
from itrwatch.store.fingerprint import panel_sidecar, sidecar_bytes
from itrwatch.store.inbox import Snapshot
from itrwatch.store.outbox import Outbox

_LIVE = re.compile(rb"<!-- andamento -->\n.*?<!-- /andamento -->", re.DOTALL)
"""No text of others can look like it: in every one of them ``<`` is escaped."""


def redraw_report(outbox: Outbox, config: Config, snapshot: Snapshot, manifest: Manifest) -> None:
    """Update the published report from the present sidecar; ``manifest``: of the published set. `OSError`.

    The report is unchanged if the sidecar has a fault (which the panel shows), or if another version wrote the report.
    """
    old = outbox.read_report(snapshot.name)
    if old is None or len(snapshot.sidecars) != 1:
        return
    name = snapshot.sidecars[0].name
    data = sidecar_bytes(snapshot.folder / name)
    sidecar, faults = panel_sidecar(data, name)
    text = yaml_tree.decode(data, name).text
    if faults or sidecar is None or text is None:
        return
    receipts = find_receipts([scan.name for scan in snapshot.scans], sidecar)
    result = Result(manifest, sidecar, receipts=receipts, andamento=andamento_of(text))
    today = local_time().date()  # only limits the range of the calendar
    new = redrawn(old, report_of(result, config, today))
    if new is not None and new != old:
        outbox.write_report(snapshot.name, new)


def redrawn(old: bytes, fresh: bytes) -> bytes | None:
    """``old`` with the live parts of ``fresh``, a report of the same set without pictures; None if they do not match.

    They do not match where another version of itrwatch wrote ``old`` from other templates.
    """
    parts = _LIVE.findall(fresh)
    if not parts or len(parts) != len(_LIVE.findall(old)):
        return None
    each = iter(parts)
    return _LIVE.sub(lambda _: next(each), old)
