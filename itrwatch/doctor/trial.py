"""A trial publication: two successive sets in a separate outbox on the file system of the real one."""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from itrwatch import __version__
from itrwatch.core.manifest import FileEntry, Manifest
from itrwatch.core.settings import Config
from itrwatch.doctor.verdict import CheckLine, bad, good
from itrwatch.store.outbox import Outbox
from itrwatch.store.publication import HISTORY

_CASE = "exame do doctor"
_WHEN = datetime(2026, 1, 1, tzinfo=UTC)
_SETS = (b"%PDF-1.7 um", b"%PDF-1.7 dois")


def publication(place: Path, config: Config) -> CheckLine:
    """Publish into ``place``, a private folder that the caller deletes, and read it back; `OSError`."""
    root = place / "saida"
    root.mkdir()
    outbox = Outbox(root, config.umask, config.group)
    for data in _SETS:
        with outbox.staging(_CASE) as staged:
            (staged / "NOTI.pdf").write_bytes(data)
            entry = FileEntry("NOTI.pdf", len(data), sha256(data).hexdigest(), 1, "NOTI", "NOTI", None)
            outbox.write_manifest(staged, Manifest(None, _CASE, data.hex(), __version__, files=(entry,)))
            outbox.publish(_CASE, staged, _WHEN)
    if _is_whole(outbox, root / _CASE):
        return good("publicação", "um conjunto de prova foi publicado, substituído por outro e lido de volta")
    return bad(
        "publicação",
        "o conjunto que foi lido de volta não é o que foi publicado",
        f"a saída precisa de outro disco: findmnt -T {config.outbox} mostra o de agora",
    )


def _is_whole(outbox: Outbox, folder: Path) -> bool:
    """Whether the second set is published and the first is in ``anteriores``."""
    manifest = outbox.read_manifest(_CASE)
    past = [path.read_bytes() for path in (folder / HISTORY).glob("*/NOTI.pdf")]
    return (
        manifest is not None
        and manifest.fingerprint == _SETS[1].hex()
        and (folder / "NOTI.pdf").read_bytes() == _SETS[1]
        and past == [_SETS[0]]
    )
