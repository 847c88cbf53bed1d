"""The results of opening a scan: data of the file, a page of pixels, or an error."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from itrwatch.core.encoded_page import SourcePicture
    from itrwatch.imaging.raster import Raster

MAX_PIXELS = 250_000_000
"""Largest page, in px: an A1 plan at 600 dpi does not fit, an A0 plan at 300 dpi does. Chosen."""
MAX_DECODED_BYTES = 1 << 30
"""Largest page before reduction to 8 bits, in bytes. Chosen."""
MAX_OTHER_BYTES = 64 << 20
"""Largest stream in a scan other than pictures (instructions, typefaces, tables), bytes after decompression. Chosen."""
MAX_FILE_BYTES = 1 << 30
"""Largest scan, in bytes: more than ten thousand pages of a scanner. Chosen."""
MAX_PAGES = 10_000
"""Most pages of a file. Chosen: more than a scanner feeds in a week, so such a page tree is fabricated."""

REDO = "Digitalize de novo e copie o arquivo inteiro."
ELSEWHERE = (
    "Se o arquivo aparece inteiro em outro programa, abra-o nele, imprima em PDF e ponha o PDF impresso no lugar dele."
)
"""A remedy without scanner or paper."""
AGAIN = f"{REDO} {ELSEWHERE}"
SMALLER = (
    "Digitalize de novo com resolução menor: 300 dpi bastam. Ou abra o arquivo em outro programa, imprima em PDF e ponha o PDF "
    "impresso no lugar dele."
)


class ScanKind(StrEnum):
    """The supported formats, recognised by their first bytes, never by name."""

    PDF = "PDF"
    TIFF = "TIFF"
    JPEG = "JPEG"
    PNG = "PNG"
    HEIC = "HEIC"
    WEBP = "WebP"


@dataclass(frozen=True, slots=True)
class ScanInfo:
    """A scan that can be opened: ``pages`` ≥ 1; ``remarks`` are sentences about the file as a whole."""

    kind: ScanKind
    pages: int
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class ScannedPage:
    """One page as displayed, completely decoded.

    ``remarks``: Portuguese sentences for findings. ``drawn``: the page is not one plain image and was drawn by pdfium, so its
    pixels are not the scanner's. ``never_blank``: it has annotations or filled fields of a PDF, or its decoder had doubts.
    ``photograph``: taken by a camera, so it may be dark around, distorted and unevenly lit.
    ``source``: the single image of the page, if it may be published unchanged. ``coded_bytes``: the size of that image in the file if its
    coding is lossless, and of all images of a drawn page; 0 for other pages.
    """

    raster: Raster
    remarks: tuple[str, ...] = ()
    drawn: bool = False
    never_blank: bool = False
    photograph: bool = False
    source: SourcePicture | None = None
    coded_bytes: int = 0


class ScanError(Exception):
    """The scan or the page cannot be read completely; the message has the remedy, in Portuguese.

    ``page`` counts from 1, None for the whole file. ``incomplete``: the file looks unfinished, so that waiting may
    help. ``damage``: data are corrupt; False for intact data that cannot be used.
    """

    def __init__(
        self, message_pt: str, *, page: int | None = None, incomplete: bool = False, damage: bool = False
    ) -> None:
        super().__init__(message_pt)
        self.message_pt = message_pt
        self.page = page
        self.incomplete = incomplete
        self.damage = damage


def damaged(what: str, *, page: int | None = None, incomplete: bool = False) -> ScanError:
    """The error for ``what`` (masculine: “O PDF”, “O arquivo TIFF”) that does not decode."""
    return ScanError(
        f"{what} está danificado ou incompleto e não pode ser lido inteiro. {AGAIN}",
        page=page,
        incomplete=incomplete,
        damage=True,
    )


def cut_short(what: str) -> ScanError:
    """The error for ``what`` that ends too early: still being copied, or truncated."""
    return ScanError(
        f"{what} termina antes do fim: a cópia ainda não acabou ou foi interrompida. "
        f"Espere a cópia acabar; se o aviso continuar: {AGAIN[0].lower()}{AGAIN[1:]}",
        incomplete=True,
        damage=True,
    )


def space_behind(what: str) -> ScanError:
    """The error for ``what`` that is whole and followed by zeros: it may still be written, and is read after `plain_file.PATIENCE_NS`."""
    return ScanError(
        f"{what} está inteiro, mas depois do fim vem espaço vazio: a cópia ainda não acabou, ou sobrou espaço reservado. "
        "Se a cópia já acabou, abra-o, imprima em PDF e ponha o PDF impresso no lugar dele; ou espere: "
        "parado há dez minutos, ele é lido assim mesmo.",
        incomplete=True,
    )


def judge_size(width: int, height: int, bytes_per_pixel: float = 3, *, page: int | None = None) -> None:
    """Raise `ScanError` if a declared size (px) is zero or exceeds the memory limit."""
    if width < 1 or height < 1:
        raise ScanError(f"A imagem declara um tamanho impossível ({width} × {height} pixels). {AGAIN}", page=page)
    if width * height > MAX_PIXELS or width * height * bytes_per_pixel > MAX_DECODED_BYTES:
        raise ScanError(
            f"A imagem é grande demais ({width} × {height} pixels). {SMALLER}",
            page=page,
        )


_SUSPECT_BYTES = 256 << 20  # decoded bytes above which the ratio to the coded ones is checked; chosen
_SUSPECT_TIMES = 400
"""Chosen: zlib makes at most 1 032 bytes of one; a white page of 300 dpi in colour has 330, scans have 2 to 60."""


def judge_coded(width: int, height: int, decoded: int, coded: int, *, page: int | None = None) -> None:
    """Raise `ScanError` if the ratio of decoded to coded bytes is higher than that of any scanner."""
    if decoded > _SUSPECT_BYTES and decoded > _SUSPECT_TIMES * coded:
        raise ScanError(
            f"A imagem declara {width} × {height} pixels, mas só traz {coded >> 10} KB: não veio de um scanner. "
            f"Digitalize de novo com 300 dpi. {ELSEWHERE}",
            page=page,
        )


@dataclass(frozen=True, slots=True)
class Inspected:
    """The inspection of a scan: its ``pages`` and remarks; or 0 pages and its ``fault``.

    ``cut``: whether the file looks incomplete.
    """

    pages: int = 0
    remarks: tuple[str, ...] = ()
    fault: str = ""
    cut: bool = False
