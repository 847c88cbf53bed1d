"""Documents that e-CAC issues: the receipt of a juntada and the Termo de Análise, recognised by file name.

    receipt_of("recibo 2026.pdf") -> Receipt.RECIBO

They arrive after the PDFs were made, in the same folder, and belong to no section. A file that a section
uses is never treated as one: the receipt of the impugnação may have the same name.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from enum import StrEnum

from itrwatch.core.case_description import Sidecar
from itrwatch.core.filenames import Ambiguous, Found, match_name
from itrwatch.core.finding_collector import FindingCollector
from itrwatch.core.manual import Screen
from itrwatch.core.named_scans import NoSuchFile, scans_of
from itrwatch.core.text_matching import fold


class Receipt(StrEnum):
    """The kind of document; the value is the text shown."""

    RECIBO = "recibo da solicitação de juntada"
    TERMO_ANALISE = Screen.TERMO_ANALISE


_NAMES = {
    Receipt.RECIBO: re.compile(r"(recibo|protocolo(?!.*correspond).*(envio|juntada)).*\.pdf"),
    Receipt.TERMO_ANALISE: re.compile(r"termo.*analise.*\.pdf"),
}


def receipt_of(name: str) -> Receipt | None:
    """The kind of ``recibo*.pdf``, ``Protocolo de Envio ….pdf``, ``Protocolo … juntada ….pdf`` and ``termo*analise*.pdf``; else None.

    Case and accents do not matter.
    """
    folded = fold(name).rpartition("/")[2]  # of one in a subfolder the file's own name
    return next((receipt for receipt, pattern in _NAMES.items() if pattern.fullmatch(folded)), None)


def find_receipts(names: Iterable[str], sidecar: Sidecar | None) -> dict[str, Receipt]:
    """The receipts among the scans of a case (``names``), by name; ``sidecar``: files that it uses are excluded."""
    real = tuple(names)
    claimed = _claimed(real, sidecar) if sidecar else frozenset()
    found = {name: receipt_of(name) for name in sorted(real) if name not in claimed}
    return {name: receipt for name, receipt in found.items() if receipt}


def _claimed(names: Collection[str], sidecar: Sidecar) -> frozenset[str]:
    """The scans that a section uses, or may use if two files match a name."""

    def find(written: str) -> str | NoSuchFile:
        found = match_name(names, written)
        return found.name if isinstance(found, Found) else NoSuchFile("")

    claimed: set[str] = set()
    for scan in (scan for entry in sidecar.sections for source in entry.sources for scan in source.scans):
        _, files = scans_of(scan, find, tuple(names), FindingCollector(""))
        if isinstance(files, NoSuchFile):
            found = match_name(names, scan.file)
            files = found.names if isinstance(found, Ambiguous) else ()
        claimed.update(files)
    return frozenset(claimed)
