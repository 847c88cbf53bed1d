"""From the bytes of a text file to clean text: encodings, line ends, and slips of the keyboard.

Notepad writes UTF-8 with and without BOM, "Unicode" (UTF-16) and ANSI (Windows-1252). The last
has no mark, so it is only taken when the bytes are not UTF-8, and never silently: accents may be
wrong. A file server reserves space before the bytes arrive, so NUL bytes mean "not all here yet".
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from itrwatch.core.findings import Finding, error, warning
from itrwatch.core.reading import Notes
from itrwatch.core.tree import START, Place
from itrwatch.core.words import shown

MAX_BYTES = 256 * 1024
"""A sidecar has a few hundred bytes; what is larger is some other file."""

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_FOREIGN = (
    (b"%PDF", "um PDF"),
    (b"{\\rtf", "um documento do WordPad (RTF)"),
    (b"PK\x03\x04", "um documento do Word ou um arquivo ZIP"),
    (b"\xd0\xcf\x11\xe0", "um documento antigo do Word ou do Excel"),
)
_UNREADABLE = "este arquivo não é um texto que se possa ler; escreva-o no Bloco de Notas e salve em UTF-8"
_ODD_BLANKS = "\xa0\u2000-\u200a\u202f\u205f\u3000"
_ODD_BLANK = re.compile(f"[{_ODD_BLANKS}]")
_LEAD = re.compile(rf"[-{_ODD_BLANKS} \t]*")
_BULLET = re.compile(r"[ \t]*(?:[\u2010-\u2015\u2022\u00b7]|\*(?=[ \t]))")
_INVISIBLE = re.compile("[^\t\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Decoded:
    """``text`` is None if the bytes are no text; ``ready`` is False if more of them may still come."""

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


def repair(text: str, notes: Notes) -> str | None:
    """``text`` with what looks like blanks and dashes turned into blanks and dashes, each slip noted.

    None (and an error noted) if the slip hides how the lines belong together. No character is
    added or taken away, so places stay true.
    """
    lines = text.split("\n")
    if invisible := _INVISIBLE.search(text):
        before = text[: invisible.start()]
        place = Place(before.count("\n") + 1, len(before) - before.rfind("\n"))
        notes.error(place, "há aqui um caractere invisível; apague-o e digite de novo este trecho")
        return None
    lines = [_bullet(_blanks(line, number, notes), number, notes) for number, line in enumerate(lines, 1)]
    tabs = [number for number, line in enumerate(lines, 1) if re.match(r" *\t[ \t]*[^ \t#]", line)]
    glued = [number for number, line in enumerate(lines, 1) if re.match(r"[ \t]*-(?=[^\s-])", line)]
    if tabs:
        notes.error(Place(tabs[0], 1), f"tabulação (tecla Tab) no começo {_of_lines(tabs)}; use espaços no lugar dela")
    if glued:
        line = lines[glued[0] - 1]
        place = Place(glued[0], line.index("-") + 1)
        proposal = shown(f"- {line.strip()[1:]}")
        notes.error(place, f"falta um espaço depois do traço {_of_lines(glued)}; escreva {proposal}")
    return None if tabs or glued else "\n".join(lines).replace("\t", " ")


def _foreign(data: bytes) -> str | None:
    """Why ``data`` is no text file of ours, judged by size and first bytes."""
    if len(data) > MAX_BYTES:
        return f"este arquivo é grande demais ({len(data) // 1024} KB); o limite é {MAX_BYTES // 1024} KB"
    kind = next((name for signature, name in _FOREIGN if data.startswith(signature)), None)
    return f"este arquivo é {kind}; escreva-o no Bloco de Notas e salve como texto em UTF-8" if kind else None


def _encoding(data: bytes) -> tuple[str, bytes]:
    """The encoding that the first bytes tell, and the bytes after its mark; else UTF-8."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return encoding, data[len(mark) :]
    even, odd = data[0::2].count(0), data[1::2].count(0)
    # Portuguese in UTF-16 is one NUL in every two bytes, always on the same side.
    if odd * 4 > len(data) and not even:
        return "utf-16-le", data
    if even * 4 > len(data) and not odd:
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
    return _checked(text, (warning(f"{said}; {advice}", file=file_name, line=line),), file_name)


def _checked(text: str, findings: tuple[Finding, ...], file_name: str) -> Decoded:
    return _incomplete(file_name) if "\0" in text else Decoded(_unix(text), findings)


def _unix(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _incomplete(file_name: str) -> Decoded:
    message = "o arquivo ainda não está completo: uma parte dele não chegou à pasta; se isto continuar, salve-o de novo"
    return Decoded(None, (error(message, file=file_name, line=START.line),), ready=False)


def _refused(message: str, file_name: str) -> Decoded:
    return Decoded(None, (error(message, file=file_name, line=START.line),))


def _blanks(line: str, number: int, notes: Notes) -> str:
    """``line`` with plain blanks before its text and after colons."""
    lead = _LEAD.match(line)
    start = lead.end() if lead else 0
    odd = _ODD_BLANK.search(line, 0, start)
    if odd:
        message = (
            "há um espaço especial (de página da internet ou do Word) antes do texto; apague-o e use a barra de espaço"
        )
        notes.error(Place(number, odd.start() + 1), message)
    return _ODD_BLANK.sub(" ", line[:start]) + re.sub(rf":[{_ODD_BLANKS}]", ": ", line[start:])


def _bullet(line: str, number: int, notes: Notes) -> str:
    bullet = _BULLET.match(line)
    if not bullet:
        return line
    start = bullet.end() - 1
    notes.error(Place(number, bullet.end()), f"o item começa com «{line[start]}»; use o traço comum do teclado (-)")
    return f"{line[:start]}-{line[start + 1 :]}"


def _of_lines(numbers: list[int]) -> str:
    """``da linha 2``, ``das linhas 2, 3 e 5``."""
    *first, last = map(str, numbers[:8])
    more = " (e outras)" if len(numbers) > 8 else ""
    return f"das linhas {', '.join(first)} e {last}{more}" if first else f"da linha {last}"
