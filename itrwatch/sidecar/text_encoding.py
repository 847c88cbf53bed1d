"""Bytes of a text file → text: encodings and line ends.

    decode(data, "processo.yaml") -> Decoded(text, findings, …)

Notepad writes UTF-8 with and without BOM, "Unicode" (UTF-16) and ANSI (Windows-1252). ANSI has no
mark, so it is assumed only if the bytes are not UTF-8, and with a warning: accents may be wrong. A
file server may reserve space before the bytes arrive, so NUL bytes mean that the file is incomplete.
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass

from itrwatch.core.codes import Code
from itrwatch.core.findings import Finding, error, warning
from itrwatch.core.tree import START

MAX_BYTES = 16 * 1024
"""A larger file is not a sidecar, which has a few hundred bytes.

About 800 lines of sections fit. Measured: no text of this size takes more than 100 ms to check
(python -m fuzz)."""

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_FOREIGN = (
    (b"%PDF", "um PDF"),
    (b"{\\rtf", "um documento do WordPad (RTF)"),
    (b"PK\x03\x04", "um documento do Word ou um arquivo ZIP"),
    (b"\xd0\xcf\x11\xe0", "um documento antigo do Word ou do Excel"),
)
_UNREADABLE = "este arquivo não é um texto que se possa ler; escreva-o no Bloco de Notas e salve em UTF-8"


@dataclass(frozen=True, slots=True)
class Decoded:
    """``text`` is None if the bytes are not text; ``ready`` is False if the file may be incomplete."""

    text: str | None
    findings: tuple[Finding, ...] = ()
    ready: bool = True


def decode(data: bytes, file_name: str) -> Decoded:
    """The text in ``data``, with Unix line ends and without BOM."""
    if fault := _foreign(data):
        return _refused(fault, file_name)
    encoding, body = _encoding(data)
    if encoding != "utf-8" and len(body) % 2:
        return _incomplete(file_name)
    try:
        return _checked(body.decode(encoding), (), file_name)
    except UnicodeDecodeError as bad:
        return _decode_ansi(body, bad.start, file_name) if encoding == "utf-8" else _refused(_UNREADABLE, file_name)


def too_large(size: int) -> str:
    """The sentence about a file of ``size`` bytes, more than `MAX_BYTES`."""
    return f"este arquivo é grande demais ({size // 1024} KB); o limite é {MAX_BYTES // 1024} KB"


def _foreign(data: bytes) -> str | None:
    """Why ``data`` cannot be a sidecar, by size and first bytes; None if it can."""
    if len(data) > MAX_BYTES:
        return too_large(len(data))
    kind = next((name for magic, name in _FOREIGN if data.startswith(magic)), None)
    return f"este arquivo é {kind}; escreva-o no Bloco de Notas e salve como texto em UTF-8" if kind else None


def _encoding(data: bytes) -> tuple[str, bytes]:
    """The encoding by the byte order mark, and the bytes after it; UTF-8 without one."""
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return encoding, data[len(bom) :]
    even, other = data[0::2].count(0), data[1::2].count(0)
    # In UTF-16, Portuguese text has a NUL in nearly every pair of bytes, always in the same position.
    if other * 4 > len(data) and not even:
        return "utf-16-le", data
    if even * 4 > len(data) and not other:
        return "utf-16-be", data
    return "utf-8", data


def _decode_ansi(body: bytes, start: int, file_name: str) -> Decoded:
    """``body`` as Windows-1252, with a warning; ``start`` is its first byte that is not UTF-8."""
    try:
        text = body.decode("cp1252")
    except UnicodeDecodeError:
        return _refused(_UNREADABLE, file_name)
    line = _unix(text[:start]).count("\n") + 1
    said = (
        f"o arquivo não está em UTF-8 e foi lido como ANSI (Windows-1252); confira os acentos a partir da linha {line}"
    )
    advice = "para não haver dúvida, salve-o no Bloco de Notas com a codificação UTF-8"
    return _checked(
        text, (warning(Code.SIDECAR_ENCODING, text=f"{said}; {advice}", file=file_name, line=line),), file_name
    )


def _checked(text: str, findings: tuple[Finding, ...], file_name: str) -> Decoded:
    return _incomplete(file_name) if "\0" in text else Decoded(_unix(text), findings)


def _unix(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _incomplete(file_name: str) -> Decoded:
    message = "o arquivo ainda não está completo: uma parte dele não chegou à pasta; se isto continuar, salve-o de novo"
    return Decoded(None, (error(Code.SIDECAR_UNREADABLE, text=message, file=file_name, line=START.line),), ready=False)


def _refused(message: str, file_name: str) -> Decoded:
    return Decoded(None, (error(Code.SIDECAR_UNREADABLE, text=message, file=file_name, line=START.line),))
