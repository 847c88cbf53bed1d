"""Recognises the type of a file by its first bytes; for other files, the sentence for the fiscal.

    recognise(Path("scan.jpg"), b"%PDF-1.4 …") -> (ScanKind.PDF, ("o nome termina em .jpg, …",))

The name is not trusted, because scanners and people rename files. A scan with the wrong extension is read,
with a remark; any other file is refused with the name of its format and a remedy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from itrwatch.scans.values import ELSEWHERE, ScanError, ScanKind

if TYPE_CHECKING:
    from pathlib import Path

HEAD_BYTES = 1024
"""Bytes of the beginning that `recognise` needs; a PDF's header may be anywhere in them."""

_EXTENSIONS = {
    ".pdf": ScanKind.PDF,
    ".tif": ScanKind.TIFF,
    ".tiff": ScanKind.TIFF,
    ".jpg": ScanKind.JPEG,
    ".jpeg": ScanKind.JPEG,
    ".png": ScanKind.PNG,
    ".heic": ScanKind.HEIC,
    ".heif": ScanKind.HEIC,
    ".webp": ScanKind.WEBP,
}
_SCANS = (
    (b"II*\0", ScanKind.TIFF),
    (b"MM\0*", ScanKind.TIFF),
    (b"II+\0", ScanKind.TIFF),
    (b"MM\0+", ScanKind.TIFF),
    (b"\xff\xd8\xff", ScanKind.JPEG),
    (b"\x89PNG\r\n\x1a\n", ScanKind.PNG),
)
_HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
_AVIF_BRANDS = frozenset({b"avif", b"avis"})
_AS_PDF = "Abra-o, salve ou imprima como PDF e ponha o PDF no lugar dele."
_UNPACK = "Extraia os arquivos e ponha-os na pasta, fora do pacote."
_OTHERS = (
    (0, b"GIF8", "uma imagem GIF", _AS_PDF),
    (0, b"BM", "uma imagem BMP", _AS_PDF),
    (4, b"ftypavif", "uma imagem AVIF", _AS_PDF),
    (4, b"jP  ", "uma imagem JPEG 2000", _AS_PDF),
    (0, b"\xff\x4f\xff\x51", "uma imagem JPEG 2000", _AS_PDF),
    (0, b"\xd0\xcf\x11\xe0", "um documento antigo do Office (DOC ou XLS)", _AS_PDF),
    (0, b"{\\rtf", "um texto RTF", _AS_PDF),
    (0, b"%!PS", "um arquivo PostScript", _AS_PDF),
    (0, b"Rar!", "um pacote RAR", _UNPACK),
    (0, b"7z\xbc\xaf", "um pacote 7z", _UNPACK),
    (0, b"\x1f\x8b", "um pacote GZ", _UNPACK),
    (0, b"AT&TFORM", "um documento DjVu", _AS_PDF),
    (0, b"II\xbc", "uma imagem JPEG XR", _AS_PDF),
    (4, b"ftypqt", "um vídeo", "Vídeos não vão para o processo; digitalize os papéis."),
    (4, b"ftypmp4", "um vídeo", "Vídeos não vão para o processo; digitalize os papéis."),
    (4, b"ftypisom", "um vídeo", "Vídeos não vão para o processo; digitalize os papéis."),
)


def other_format(head: bytes) -> str | None:
    """The sentence about a file whose name is not that of a scan; None if it cannot hold a page."""
    kind = _scan_kind(head)
    if kind is not None:
        ending = next(ending for ending, known in _EXTENSIONS.items() if known is kind)
        return f"O arquivo é {kind}, mas o nome não diz; renomeie-o para que termine em “{ending}”."
    what, remedy = _other_format(head)
    return f"O arquivo é {what}, que o itrwatch não lê. {remedy}" if what else None


def recognise(path: Path, head: bytes) -> tuple[ScanKind, tuple[str, ...]]:
    """The kind of scan with the beginning ``head``, and a remark if the extension is of another kind.

    Raises `ScanError`; incomplete for an empty file or one that begins with zeros (space reserved
    by a copy in progress).
    """
    if not head:
        raise ScanError(
            "O arquivo está vazio (0 bytes). Copie-o de novo; se continuar vazio, digitalize de novo.", incomplete=True
        )
    if not head.strip(b"\0"):
        raise ScanError(
            "O arquivo só tem zeros no começo: a cópia ainda não acabou ou falhou. "
            "Espere a cópia acabar ou copie o arquivo inteiro de novo.",
            incomplete=True,
        )
    kind = _scan_kind(head)
    claimed = _EXTENSIONS.get(path.suffix.lower())
    if kind is None:
        raise ScanError(_refusal(claimed, head))
    if claimed is not None and kind is not claimed:
        return kind, (f"O nome diz {claimed}, mas o arquivo é {kind}; foi lido como {kind}.",)
    return kind, ()


def _scan_kind(head: bytes) -> ScanKind | None:
    for start, kind in _SCANS:
        if head.startswith(start):
            return kind
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return ScanKind.WEBP
    if head[4:8] == b"ftyp":
        brands = _brands(head)
        return ScanKind.HEIC if brands & _HEIC_BRANDS and not brands & _AVIF_BRANDS else None
    return ScanKind.PDF if b"%PDF-" in head[:HEAD_BYTES] else None


def _brands(head: bytes) -> set[bytes]:
    """The compatible brands of an ISO base media file (ISO 14496-12, 4.3)."""
    size = min(int.from_bytes(head[:4], "big"), len(head))
    return {head[8:12], *(head[place : place + 4] for place in range(16, size - 3, 4))}


def _refusal(claimed: ScanKind | None, head: bytes) -> str:
    what, remedy = _other_format(head)
    if what is None:
        begin = f"O nome diz {claimed}, mas o conteúdo não é" if claimed else "O arquivo não é"
        return f"{begin} PDF, TIFF, JPEG, PNG, HEIC nem WebP. Copie o arquivo original outra vez, ou digitalize de novo. {ELSEWHERE}"
    if claimed:
        return f"O nome diz {claimed}, mas o arquivo é {what}, que o itrwatch não lê. {remedy}"
    return f"O arquivo é {what}, que o itrwatch não lê. {remedy}"


def _other_format(head: bytes) -> tuple[str | None, str]:
    if head.startswith(b"PK\x03\x04"):
        # Office and OpenDocument files are ZIP files, recognised by their first entries.
        office = any(mark in head for mark in (b"[Content_Types]", b"word/", b"mimetypeapplication/vnd.oasis"))
        return ("um documento do Word ou parecido (DOCX)", _AS_PDF) if office else ("um pacote ZIP", _UNPACK)
    start = head[:64].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if start.startswith((b"<!doctype", b"<html", b"<?xml")):
        return "uma página da internet (HTML ou XML)", _AS_PDF
    for offset, mark, what, remedy in _OTHERS:
        if head.startswith(mark, offset):
            return what, remedy
    return None, ""
