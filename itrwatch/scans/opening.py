"""Scans opened: what a file is, how many pages it has, and each page as pixels.

Called inside worker processes. One rule above all: what cannot be read completely is an error,
never a blank page.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from itrwatch.scans.file_types import HEAD_BYTES, other_format, recognise
from itrwatch.scans.image import images, tiff
from itrwatch.scans.pdf.document import notes, open_document
from itrwatch.scans.pdf.pages import judge_page, read_pdf_page
from itrwatch.scans.plain_file import open_plain
from itrwatch.scans.values import MAX_FILE_BYTES, ScanError, ScanInfo, ScanKind, ScannedPage

if TYPE_CHECKING:
    from pathlib import Path


def inspect(path: Path) -> ScanInfo:
    """Count the pages of a scan and judge what it declares, before any pixel is decoded.

    Raises `ScanError`; ``incomplete`` when the file may still be on its way.
    """
    try:
        kind, remarks = _recognise(path)
        return ScanInfo(kind, *_COUNTERS[kind](path, remarks))
    except OSError as wrong:
        raise _unreadable(wrong) from wrong


def inspect_other(path: Path) -> str | None:
    """What to tell about a file in the folder that has no scan's name; None when no paper can be in it."""
    try:
        with open_plain(path) as file:
            return other_format(file.read(HEAD_BYTES))
    except OSError:
        return None


def read_page(path: Path, page: int) -> ScannedPage:
    """Page ``page`` (from 1) of a scan, as displayed, completely decoded; raises `ScanError`."""
    try:
        kind, _ = _recognise(path)
        if kind is ScanKind.PDF:
            return read_pdf_page(open_document(path), page)
        if kind is ScanKind.TIFF:
            return tiff.read_tiff(path, page)
        images.only_page(page)
        return images.read_jpeg(path) if kind is ScanKind.JPEG else images.read_png(path)
    except OSError as wrong:
        raise _unreadable(wrong, page) from wrong
    except ScanError as wrong:
        wrong.page = page
        raise


def _recognise(path: Path) -> tuple[ScanKind, tuple[str, ...]]:
    with open_plain(path) as file:
        size = os.fstat(file.fileno()).st_size
        head = file.read(HEAD_BYTES)
    if size > MAX_FILE_BYTES:
        raise ScanError(
            f"O arquivo é grande demais ({size >> 20} MB). Digitalize em 300 dpi ou divida-o em arquivos menores."
        )
    return recognise(path, head)


def _inspect_pdf(path: Path, remarks: tuple[str, ...]) -> tuple[int, tuple[str, ...]]:
    document = open_document(path)
    for number in range(1, document.pages + 1):
        judge_page(document, number)
    return document.pages, (*remarks, *notes(document))


def _inspect_tiff(path: Path, remarks: tuple[str, ...]) -> tuple[int, tuple[str, ...]]:
    return tiff.inspect_tiff(path), remarks


def _inspect_jpeg(path: Path, remarks: tuple[str, ...]) -> tuple[int, tuple[str, ...]]:
    images.inspect_jpeg(path)
    return 1, remarks


def _inspect_png(path: Path, remarks: tuple[str, ...]) -> tuple[int, tuple[str, ...]]:
    images.inspect_png(path)
    return 1, remarks


_COUNTERS = {
    ScanKind.PDF: _inspect_pdf,
    ScanKind.TIFF: _inspect_tiff,
    ScanKind.JPEG: _inspect_jpeg,
    ScanKind.PNG: _inspect_png,
}


def _unreadable(wrong: OSError, page: int | None = None) -> ScanError:
    """A file that the system does not give: scanners hold theirs while they write (EBUSY, EACCES)."""
    return ScanError(
        f"O arquivo não pôde ser aberto ({wrong.strerror or wrong}). Feche o programa que o está usando; "
        "se o aviso continuar, copie o arquivo de novo.",
        page=page,
        incomplete=True,
    )
