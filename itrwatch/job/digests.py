"""Digests of a case's scans, computed by the workers: in parallel, and before the folder is at rest.

scan_digests(snapshot, workers, stop) -> {"scan.pdf": b"…32 bytes…"}
"""

from __future__ import annotations

from pathlib import Path
from threading import Event

from itrwatch.store.inbox import Snapshot
from itrwatch.workers.pool import InWorker, Workers

DIGEST_SCAN: InWorker[Path, bytes] = InWorker("itrwatch.workers.scan_task", "digest_scan")


def scan_digests(snapshot: Snapshot, workers: Workers, stop: Event) -> dict[str, bytes]:
    """File name → digest, for each readable scan; the next reader reports the others. `Stopped`."""
    paths = [snapshot.folder / scan.name for scan in snapshot.scans]
    answers = zip(snapshot.scans, workers.map(DIGEST_SCAN, paths, stop), strict=True)
    return {scan.name: answer for scan, answer in answers if isinstance(answer, bytes)}
