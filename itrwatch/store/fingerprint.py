"""Whether a case folder is what was read before: digests over its names, times and contents.

A manifest remembers both. The cheap one is asked at every look; only where it differs is the folder read again,
and only where the contents differ is the case done again. Read-only, as all that touches the inbox (F35).

A sidecar's bytes read for those who do not make PDFs: the ledger and the panel.

The ledger asks what the PDFs depend on, so that a note in ``andamento`` or a receipt put beside the scans
does not make them anew. The panel asks what there is to show, even while ``andamento`` cannot be read.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from itrwatch.core.case_description import Sidecar
from itrwatch.core.findings import Finding, Severity
from itrwatch.core.receipts import Receipt, find_receipts
from itrwatch.scans.plain_file import open_plain
from itrwatch.scans.values import MAX_FILE_BYTES
from itrwatch.sidecar import yaml_tree
from itrwatch.sidecar.sidecar import read_sidecar
from itrwatch.sidecar.text_encoding import MAX_BYTES
from itrwatch.sidecar.without_andamento import without_andamento
from itrwatch.store.inbox import Snapshot

READ_AT_A_TIME = 1 << 20  # bytes


def stat_digest(snapshot: Snapshot) -> str:
    """16 hex digits over name, size and mtime of sidecars and scans: cheap, and differs when touched."""
    digest = hashlib.sha256()
    for file in snapshot.files:
        digest.update(os.fsencode(file.name) + f"\0{file.size} {file.mtime_ns}\n".encode())
    return digest.hexdigest()[:16]


def place_digest(snapshot: Snapshot) -> str:
    """16 hex digits over what changes when another file takes a file's place with its size and its time (R16)."""
    digest = hashlib.sha256()
    for file in snapshot.files:
        digest.update(os.fsencode(file.name) + f"\0{file.ctime_ns} {file.inode}\n".encode())
    return digest.hexdigest()[:16]


def beside_digest(snapshot: Snapshot) -> str:
    """16 hex digits over what no PDF depends on and the report tells: other files, what is refused, namesakes."""
    digest = hashlib.sha256()
    for name in (
        *(file.name for file in snapshot.others),
        *(entry.name for entry in snapshot.refused),
        *snapshot.namesakes,
    ):
        digest.update(os.fsencode(name) + b"\0")
    return digest.hexdigest()[:16]


def content_digests(snapshot: Snapshot, heartbeat: Callable[[], None] = lambda: None) -> tuple[str, str]:
    """64 hex digits over name and content of sidecars and scans: as far as PDFs depend on them, and of the whole.

    PDFs do not depend on ``andamento``, nor on a receipt that e-CAC gave back. A note that says what is wrong
    depends on every letter: the lines it cites must be there. ``heartbeat`` is called for every MiB, so that a long
    read on a slow share can keep a watchdog quiet, or end by raising. `OSError` when a file cannot be read, or is
    no plain file any more.
    """
    names = [scan.name for scan in snapshot.scans]
    pdfs, whole = hashlib.sha256(), hashlib.sha256()
    texts = {file.name: sidecar_bytes(snapshot.folder / file.name, heartbeat) for file in snapshot.sidecars}
    kept = [relevant_inputs(data, names, name) for name, data in texts.items()] or [relevant_inputs(None, names)]
    for (name, data), part in zip(texts.items(), kept, strict=False):
        pdfs.update(os.fsencode(name) + b"\0" + hashlib.sha256(part.text).digest())
        whole.update(os.fsencode(name) + b"\0" + hashlib.sha256(data).digest())
    for name in names:
        entry = os.fsencode(name) + b"\0" + _file_digest(snapshot.folder / name, heartbeat)
        whole.update(entry)
        if name not in kept[0].receipts:
            pdfs.update(entry)
    return pdfs.hexdigest(), whole.hexdigest()


def sidecar_bytes(path: Path, heartbeat: Callable[[], None] = lambda: None) -> bytes:
    """The bytes of a sidecar; of one that is far too large to be read, enough to tell two apart. `OSError`."""
    with open_plain(path) as stream:
        if os.fstat(stream.fileno()).st_size > MAX_BYTES:
            return _hashed(stream, heartbeat)
        heartbeat()
        return stream.read()


def _file_digest(path: Path, heartbeat: Callable[[], None]) -> bytes:
    with open_plain(path) as stream:
        if os.fstat(stream.fileno()).st_size > MAX_FILE_BYTES:
            return b"too large to be read"  # and so refused by its size, whatever is in it
        return _hashed(stream, heartbeat)


def _hashed(stream: BinaryIO, heartbeat: Callable[[], None]) -> bytes:
    digest = hashlib.sha256()
    while chunk := stream.read(READ_AT_A_TIME):
        digest.update(chunk)
        heartbeat()
    return digest.digest()


@dataclass(frozen=True, slots=True)
class Label:
    """What a manifest remembers of a folder, four digests: ``content:stat:places:beside``.

    ``content`` and ``stat``: `content_digests`, `stat_digest`. ``places`` and ``beside``: `place_digest`, `beside_digest`;
    empty in the manifests of versions that did not know them, which means “not known” and not “changed”.
    """

    content: str
    stat: str
    places: str = ""
    beside: str = ""

    @classmethod
    def parse(cls, text: str) -> Label:
        """``"c:s:p:b"`` → the four parts; of an older label the first two."""
        return cls(*text.split(":")[:4]) if ":" in text else cls(text, "")

    @classmethod
    def of(cls, snapshot: Snapshot, content: str = "") -> Label:
        """The label of a folder as it is, but for ``content``, which takes reading."""
        return cls(content, stat_digest(snapshot), place_digest(snapshot), beside_digest(snapshot))

    def __str__(self) -> str:
        return f"{self.content}:{self.stat}:{self.places}:{self.beside}"


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """The label of a published set, and that of a pending case."""

    published: str
    pending: str

    def of(self, *, published: bool) -> str:
        """The one of a set with PDFs, or of one without."""
        return self.published if published else self.pending


def fingerprint(snapshot: Snapshot, heartbeat: Callable[[], None] = lambda: None) -> Fingerprint:
    """Of the folder as it is now; `OSError` as `content_digests`."""
    pdfs, whole = content_digests(snapshot, heartbeat)
    return Fingerprint(str(Label.of(snapshot, pdfs)), str(Label.of(snapshot, whole)))


@dataclass(frozen=True, slots=True)
class RelevantInputs:
    """What of a folder the PDFs depend on: ``text`` of the sidecar (UTF-8), and no file among ``receipts``."""

    text: bytes
    receipts: dict[str, Receipt]


def relevant_inputs(data: bytes | None, names: Iterable[str], file_name: str = "processo.yaml") -> RelevantInputs:
    """The relevant inputs of a sidecar (None: there is none) beside the scans ``names``; of what is no text, the bytes."""
    if data is None:
        return RelevantInputs(b"", find_receipts(names, None))
    text = yaml_tree.decode(data, file_name).text
    if text is None:
        return RelevantInputs(data, {})
    kept = without_andamento(text)
    sidecar = _read(kept, file_name)
    return RelevantInputs(kept.encode("utf-8", "surrogatepass"), find_receipts(names, sidecar) if sidecar else {})


def panel_sidecar(data: bytes, file_name: str) -> tuple[Sidecar | None, tuple[Finding, ...]]:
    """The sidecar as far as it can be shown, and the errors of the file as it stands.

    When only ``andamento`` is at fault the rest is shown without it.
    """
    parsed = yaml_tree.read(data, file_name)
    read = read_sidecar(parsed.node, file_name) if parsed.node else None
    findings = (*parsed.findings, *(read.findings if read else ()))
    errors = tuple(finding for finding in findings if finding.severity is Severity.ERROR)
    if read and not errors:
        return read.sidecar, ()
    text = yaml_tree.decode(data, file_name).text
    return (_read(without_andamento(text), file_name) if text is not None else None), errors


def _read(text: str, file_name: str) -> Sidecar | None:
    node = yaml_tree.parse(text, file_name).node
    return read_sidecar(node, file_name).draft if node else None
