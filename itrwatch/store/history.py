"""The previous sets of a case, in ``anteriores``: the one that was sent is labelled, and old ones are deleted if configured.

    prune(history, Retention(sets=3), now) -> the oldest sets are gone, never the one that was sent

Nothing is deleted unless the configuration limits number or age. The set that was sent to the Receita is never deleted, and
neither is a folder that is not a set of ours.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from loguru import logger

from itrwatch.core.filenames import printable
from itrwatch.core.manifest import MANIFEST_NAME, Manifest, Sent
from itrwatch.core.sent import SENT_SUFFIX, is_sent
from itrwatch.store.publication import TIME_FORMAT

_TIME = re.compile(r"(\d{4}-\d\d-\d\d \d\dh\d\dm\d\ds)(?: \(\d+\))?")

ReadManifest = Callable[[Path], Manifest | None]


@dataclass(frozen=True, slots=True)
class Retention:
    """At most ``sets`` previous sets for each case, none older than ``days``; 0: no limit."""

    sets: int = 0
    days: int = 0


KEEP_ALL = Retention()


def label_sent(history: Path, sent: Sent | None, read: ReadManifest) -> None:
    """Append `SENT_SUFFIX` to the name of the set that was sent; `OSError`."""
    if sent is None or not history.is_dir():
        return
    for entry in sorted(history.iterdir()):
        if entry.name.endswith(SENT_SUFFIX) or not entry.is_dir():
            continue
        manifest = read(entry / MANIFEST_NAME)
        labelled = entry.with_name(entry.name + SENT_SUFFIX)
        if manifest is not None and is_sent(manifest, sent) and not labelled.exists():
            entry.rename(labelled)


def prune(history: Path, retention: Retention, now: datetime) -> None:
    """Delete the sets that are over the limits, the oldest first, never one that is labelled; `OSError`.

    ``now`` is local time.
    """
    if retention == KEEP_ALL or not history.is_dir():
        return
    ours = sorted((entry for entry in history.iterdir() if _TIME.fullmatch(entry.name)), reverse=True)
    for position, entry in enumerate(ours):
        found = _TIME.fullmatch(entry.name)
        assert found
        made = datetime.strptime(found[1], TIME_FORMAT).replace(tzinfo=now.tzinfo)
        too_old = retention.days and now - made > timedelta(days=retention.days)
        if too_old or (retention.sets and position >= retention.sets):
            logger.info("o conjunto anterior “{}” foi apagado, como manda a configuração", printable(str(entry)))
            shutil.rmtree(entry)
