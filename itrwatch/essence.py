"""A sidecar's bytes read for those who do not make PDFs: the ledger and the panel.

The ledger asks what the PDFs depend on, so that a note in ``andamento`` or a receipt put beside the scans
does not make them anew. The panel asks what there is to show, even while ``andamento`` cannot be read.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from itrwatch.core.case_description import Sidecar
from itrwatch.core.findings import Finding, Severity
from itrwatch.core.receipts import Proof, find_proofs
from itrwatch.sidecar import yaml_tree
from itrwatch.sidecar.sidecar import read_sidecar
from itrwatch.sidecar.without_andamento import without_andamento


@dataclass(frozen=True, slots=True)
class Essence:
    """What of a folder the PDFs depend on: ``text`` of the sidecar (UTF-8), and no file among ``proofs``."""

    text: bytes
    proofs: dict[str, Proof]


def essence(data: bytes | None, names: Iterable[str], file_name: str = "processo.yaml") -> Essence:
    """The essence of a sidecar (None: there is none) beside the scans ``names``; of what is no text, the bytes."""
    if data is None:
        return Essence(b"", find_proofs(names, None))
    text = yaml_tree.decode(data, file_name).text
    if text is None:
        return Essence(data, {})
    kept = without_andamento(text)
    sidecar = _read(kept, file_name)
    return Essence(kept.encode("utf-8", "surrogatepass"), find_proofs(names, sidecar) if sidecar else {})


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
