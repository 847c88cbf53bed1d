"""Whether a case folder has changed: digests over its names, times and contents.

    str(Label.of(snapshot, content)) -> "content:stat:places:others", stored in the manifest of a case

The cheap digests (names, times) are compared at every scan. If they differ, the folder is read; only if the contents
differ, the case is processed again. Nothing here writes (F35).

PDFs do not depend on ``andamento`` or on a receipt from e-CAC that lies beside the scans: a change of those leaves the PDFs as
they are. The panel reads the sidecar leniently, so that a mistake in ``andamento`` does not hide the rest.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from itrwatch.core.case_description import Sidecar
from itrwatch.core.findings import Finding, Severity
from itrwatch.core.receipts import Receipt, find_receipts
from itrwatch.scans.plain_file import file_digest, hashed, open_plain
from itrwatch.sidecar import yaml_tree
from itrwatch.sidecar.sidecar import read_sidecar
from itrwatch.sidecar.text_encoding import MAX_BYTES
from itrwatch.sidecar.without_andamento import without_andamento
from itrwatch.store.inbox import Snapshot

NOTHING_KNOWN: Mapping[str, bytes] = {}


def stat_digest(snapshot: Snapshot) -> str:
    """16 hex digits over name, size and mtime of sidecars and scans: cheap, but changes if a file is only touched."""
    digest = hashlib.sha256()
    for file in snapshot.files:
        digest.update(os.fsencode(file.name) + f"\0{file.size} {file.mtime_ns}\n".encode())
    return digest.hexdigest()[:16]


def place_digest(snapshot: Snapshot) -> str:
    """16 hex digits over the values that change if a file is replaced by another with equal size and time (R16)."""
    digest = hashlib.sha256()
    for file in snapshot.files:
        digest.update(os.fsencode(file.name) + f"\0{file.ctime_ns} {file.inode}\n".encode())
    return digest.hexdigest()[:16]


def others_digest(snapshot: Snapshot) -> str:
    """16 hex digits over the entries that only the report shows: other files, refused entries, namesakes."""
    digest = hashlib.sha256()
    for name in (
        *(file.name for file in snapshot.others),
        *(entry.name for entry in snapshot.refused),
        *snapshot.namesakes,
    ):
        digest.update(os.fsencode(name) + b"\0")
    return digest.hexdigest()[:16]


def content_digests(
    snapshot: Snapshot, heartbeat: Callable[[], None] = lambda: None, known: Mapping[str, bytes] = NOTHING_KNOWN
) -> tuple[str, str]:
    """Two digests (64 hex digits) over name and content of sidecars and scans: of the relevant inputs, and of everything.

    PDFs do not depend on ``andamento`` or on a receipt from e-CAC; the note of a pending case cites lines and depends on every
    byte. ``heartbeat`` is called after every MiB: it keeps a watchdog quiet on a slow share, and may raise to end the reading.
    ``known``: the `file_digest` of scans that need not be read.
    `OSError` if a file cannot be read or is not a plain file.
    """
    names = [scan.name for scan in snapshot.scans]
    pdfs, whole = hashlib.sha256(), hashlib.sha256()
    texts = {file.name: sidecar_bytes(snapshot.folder / file.name, heartbeat) for file in snapshot.sidecars}
    kept = [relevant_inputs(data, names, name) for name, data in texts.items()] or [relevant_inputs(None, names)]
    for (name, data), part in zip(texts.items(), kept, strict=False):
        pdfs.update(os.fsencode(name) + b"\0" + hashlib.sha256(part.text).digest())
        whole.update(os.fsencode(name) + b"\0" + hashlib.sha256(data).digest())
    for name in names:
        entry = os.fsencode(name) + b"\0" + (known.get(name) or file_digest(snapshot.folder / name, heartbeat))
        whole.update(entry)
        if name not in kept[0].receipts:
            pdfs.update(entry)
    return pdfs.hexdigest(), whole.hexdigest()


def sidecar_bytes(path: Path, heartbeat: Callable[[], None] = lambda: None) -> bytes:
    """The bytes of a sidecar; of a larger file than a sidecar may be, its SHA-256 instead (32 bytes). `OSError`."""
    with open_plain(path) as stream:
        if os.fstat(stream.fileno()).st_size > MAX_BYTES:
            return hashed(stream, heartbeat)
        heartbeat()
        return stream.read()


@dataclass(frozen=True, slots=True)
class Label:
    """The digests of a folder in a manifest: ``content:stat:places:others``.

    ``content`` and ``stat``: `content_digests`, `stat_digest`. ``places`` and ``others``: `place_digest`, `others_digest`;
    empty in the manifests of older versions, which means “unknown”, not “changed”.
    """

    content: str
    stat: str
    places: str = ""
    others: str = ""

    @classmethod
    def parse(cls, text: str) -> Label:
        """``"c:s:p:o"`` → the four parts; an older label has only the first two."""
        return cls(*text.split(":")[:4]) if ":" in text else cls(text, "")

    @classmethod
    def of(cls, snapshot: Snapshot, content: str = "") -> Label:
        """The label of a folder in its present state; ``content``: from `content_digests`, which reads the files."""
        return cls(content, stat_digest(snapshot), place_digest(snapshot), others_digest(snapshot))

    def __str__(self) -> str:
        return f"{self.content}:{self.stat}:{self.places}:{self.others}"


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """The label for a published set, and the label for a pending case."""

    published: str
    pending: str

    def of(self, *, published: bool) -> str:
        """The label for a set with PDFs, or for one without."""
        return self.published if published else self.pending


def fingerprint(snapshot: Snapshot, known: Mapping[str, bytes] = NOTHING_KNOWN) -> Fingerprint:
    """The fingerprint of the folder as it is now; ``known`` and `OSError` as in `content_digests`."""
    pdfs, whole = content_digests(snapshot, known=known)
    return Fingerprint(str(Label.of(snapshot, pdfs)), str(Label.of(snapshot, whole)))


@dataclass(frozen=True, slots=True)
class RelevantInputs:
    """The inputs on which PDFs depend: ``text`` of the sidecar (UTF-8) without ``andamento``, and all scans except ``receipts``."""

    text: bytes
    receipts: dict[str, Receipt]


def relevant_inputs(data: bytes | None, names: Iterable[str], file_name: str = "processo.yaml") -> RelevantInputs:
    """The relevant inputs, from the bytes of a sidecar (None: there is none) and the ``names`` of the scans beside it.

    Bytes that cannot be decoded are used entirely.
    """
    if data is None:
        return RelevantInputs(b"", find_receipts(names, None))
    text = yaml_tree.decode(data, file_name).text
    if text is None:
        return RelevantInputs(data, {})
    kept = without_andamento(text)
    sidecar = _read(kept, file_name)
    return RelevantInputs(kept.encode("utf-8", "surrogatepass"), find_receipts(names, sidecar) if sidecar else {})


def panel_sidecar(data: bytes, file_name: str) -> tuple[Sidecar | None, tuple[Finding, ...]]:
    """The readable part of the sidecar, and the errors of the file.

    If only ``andamento`` has errors, the sidecar is returned without it.
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
    return read_sidecar(node, file_name).readable if node else None
