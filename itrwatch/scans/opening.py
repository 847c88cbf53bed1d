"""Opens scans: the kind of a file, its number of pages, and each page as pixels.

    inspect(Path("scan.pdf")) -> ScanInfo(ScanKind.PDF, pages=12)
    read_page(Path("scan.pdf"), 3).raster -> Raster((3508, 2480, 3) uint8, dpi=300.0)

Called inside worker processes. A page that cannot be read completely is an error, never a blank page.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from itrwatch.scans.file_types import HEAD_BYTES, other_format, recognise
from itrwatch.scans.image import images, photos, tiff
from itrwatch.scans.pdf.document import Document, about_document, open_document, open_mended
from itrwatch.scans.pdf.pages import judge_page, read_pdf_page
from itrwatch.scans.plain_file import open_plain
from itrwatch.scans.remarks import collected
from itrwatch.scans.second_opinion import judge_dark
from itrwatch.scans.values import MAX_FILE_BYTES, ScanError, ScanInfo, ScanKind, ScannedPage

if TYPE_CHECKING:
    from pathlib import Path


Read = TypeVar("Read")
_LEAST_PX = 32
"""Least length of the shorter side. Chosen: three lines of the smallest legible letters; icons have fewer."""
_LEAST_MM = 1.1
"""A side of a PDF/A page is at least 3 pt (ISO 19005-3, 6.1.13)."""


def inspect(path: Path) -> ScanInfo:
    """Count the pages of a scan and check its declared sizes, before any pixel is decoded.

    Raises `ScanError`; ``incomplete`` if the file may still be written.
    """
    try:
        kind, remarks = _recognise(path)
        return ScanInfo(kind, *_COUNTERS[kind](path, remarks))
    except OSError as wrong:
        raise _unreadable(wrong) from wrong


def inspect_other(path: Path) -> str | None:
    """The sentence about a file whose name is not that of a scan; None if it cannot hold a page."""
    try:
        with open_plain(path) as file:
            return other_format(file.read(HEAD_BYTES))
    except OSError:
        return None


def read_page(path: Path, page: int) -> ScannedPage:
    """Page ``page`` (from 1) of a scan, as displayed, completely decoded; raises `ScanError`."""
    try:
        kind, _ = _recognise(path)
        with collected() as remarks:  # of pictures; the reader of PDF pages takes its own
            scanned = _READERS[kind](path, page)
        # What a decoder doubts may be missing from the pixels, so the page must not count as blank.
        scanned = replace(
            scanned, remarks=(*scanned.remarks, *remarks), never_blank=scanned.never_blank or bool(remarks)
        )
        _judge_smallest(scanned)
        if not scanned.drawn:  # pages drawn by pdfium have no second decoder
            judge_dark(path, kind, page, scanned.raster.pixels)
    except OSError as wrong:
        raise _unreadable(wrong, page) from wrong
    except ScanError as wrong:
        wrong.page = page
        raise
    return scanned


def _judge_smallest(scanned: ScannedPage) -> None:
    """Raise `ScanError` for a page too small to be legible or to be a PDF/A page."""
    raster = scanned.raster
    height, width = raster.pixels.shape[:2]
    if min(height, width) < _LEAST_PX or min(raster.width_mm, raster.height_mm) < _LEAST_MM:
        mm = f"{raster.width_mm:.0f} × {raster.height_mm:.0f} mm"
        raise ScanError(
            f"A página mede {mm} e tem só {width} × {height} pixels: é pequena demais para ser um papel do processo. "
            "Confira se é este o arquivo; se for, digitalize a folha de novo com 300 dpi."
        )


def _recognise(path: Path) -> tuple[ScanKind, tuple[str, ...]]:
    with open_plain(path) as file:
        size = os.fstat(file.fileno()).st_size
        head = file.read(HEAD_BYTES)
    if size > MAX_FILE_BYTES:
        raise ScanError(
            f"O arquivo é grande demais ({size >> 20} MB). Digitalize em 300 dpi; ou abra-o, imprima em PDF algumas páginas de cada vez e ponha os PDFs impressos no lugar dele."
        )
    return recognise(path, head)


def _inspect_pdf(path: Path, remarks: tuple[str, ...]) -> tuple[int, tuple[str, ...]]:
    return _with_document(path, lambda document: _judged(document, remarks))


def _judged(document: Document, remarks: tuple[str, ...]) -> tuple[int, tuple[str, ...]]:
    for number in range(1, document.pages + 1):
        judge_page(document, number)
    return document.pages, (*remarks, *about_document(document))


def _inspect_tiff(path: Path, remarks: tuple[str, ...]) -> tuple[int, tuple[str, ...]]:
    pages, found = tiff.inspect_tiff(path)
    return pages, (*remarks, *found)


def _inspect_jpeg(path: Path, remarks: tuple[str, ...]) -> tuple[int, tuple[str, ...]]:
    images.inspect_jpeg(path)
    return 1, remarks


def _inspect_png(path: Path, remarks: tuple[str, ...]) -> tuple[int, tuple[str, ...]]:
    images.inspect_png(path)
    return 1, remarks


def _inspect_heic(path: Path, remarks: tuple[str, ...]) -> tuple[int, tuple[str, ...]]:
    return photos.inspect_heic(path), remarks


def _inspect_webp(path: Path, remarks: tuple[str, ...]) -> tuple[int, tuple[str, ...]]:
    photos.inspect_webp(path)
    return 1, remarks


_COUNTERS = {
    ScanKind.PDF: _inspect_pdf,
    ScanKind.TIFF: _inspect_tiff,
    ScanKind.JPEG: _inspect_jpeg,
    ScanKind.PNG: _inspect_png,
    ScanKind.HEIC: _inspect_heic,
    ScanKind.WEBP: _inspect_webp,
}


def _read_webp(path: Path, page: int) -> ScannedPage:
    images.only_page(page)
    return photos.read_webp(path)


def _read_pdf(path: Path, page: int) -> ScannedPage:
    return _with_document(path, lambda document: read_pdf_page(document, page))


def _with_document(path: Path, read: Callable[[Document], Read]) -> Read:
    """``read(document)``; if an object is damaged, once more with the repaired PDF, if it can be repaired."""
    document = open_document(path)
    try:
        return read(document)
    except ScanError as wrong:
        again = open_mended(path) if wrong.damage and not document.mended else None
        if again is None:
            raise
        return read(again)


def _read_jpeg(path: Path, page: int) -> ScannedPage:
    images.only_page(page)
    return images.read_jpeg(path)


def _read_png(path: Path, page: int) -> ScannedPage:
    images.only_page(page)
    return images.read_png(path)


_READERS = {
    ScanKind.PDF: _read_pdf,
    ScanKind.TIFF: tiff.read_tiff,
    ScanKind.JPEG: _read_jpeg,
    ScanKind.PNG: _read_png,
    ScanKind.HEIC: photos.read_heic,
    ScanKind.WEBP: _read_webp,
}


def _unreadable(wrong: OSError, page: int | None = None) -> ScanError:
    """The error for a file that the system refuses to read: scanners lock their file while they write (EBUSY, EACCES)."""
    return ScanError(
        f"O arquivo não pôde ser aberto ({wrong.strerror or wrong}). Feche o programa que o está usando; "
        "se o aviso continuar, copie o arquivo de novo.",
        page=page,
        incomplete=True,
    )
