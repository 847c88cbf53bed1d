"""A PDF whose table of contents is wrong, mended only when nothing can be missing.

Programs that recover PDFs make the best of what is left, and say the right number of pages for a
file that has lost half of them (`pdf_document`). So the only damage that is mended is that of the
table itself, offsets and their place: moved by a mail program, lost in a transfer, never written
right. The objects must all be there, and that is proven on the file's own words before qpdf is
asked: every object ends, none stands twice, everything that one refers to exists, no page hangs
outside the tree, and the file comes to its end. Then it is written anew and read as strictly as
any other.
"""

from __future__ import annotations

import io
import re

import pikepdf
from pikepdf import Name, StreamDecodeLevel

_STREAM = re.compile(rb"\bstream\r?\n")
_BEGIN = re.compile(rb"(?<![0-9])([0-9]{1,10})[ \r\n\t]+([0-9]{1,5})[ \r\n\t]+obj\b")
_REFERENCE = re.compile(rb"(?<![0-9])([0-9]{1,10})[ \r\n\t]+([0-9]{1,5})[ \r\n\t]+R\b")
_SIZE = re.compile(rb"/Size[ \r\n\t]+([0-9]{1,10})")
_NOT_OURS = re.compile(rb"/(?:ObjStm|XRef|Encrypt)\b")
"""Where objects or the table itself are packed, or encrypted, nothing can be proven on the words."""
_PAGE = re.compile(rb"/Type[ \r\n\t]*/Page(?![A-Za-z])")
_EXPECTED = (
    "file is damaged",
    "can't find startxref",
    "xref not found",
    "invalid xref entry",
    "expected n n obj",
    "Attempting to reconstruct cross-reference table",
)
"""The ends of the warnings about the table; any other is about something that is lost."""


def mended(data: bytes) -> bytes | None:
    """``data`` with a right table of contents; None unless every page is demonstrably there."""
    if not _all_there(data):
        return None
    try:
        with pikepdf.open(io.BytesIO(data), suppress_warnings=True) as pdf:
            if any(not any(words in str(warning) for words in _EXPECTED) for warning in pdf.get_warnings()):
                return None
            if not _every_page(pdf, data) or pdf.get_warnings():
                return None
            buffer = io.BytesIO()
            pdf.save(buffer, stream_decode_level=StreamDecodeLevel.none, compress_streams=False, deterministic_id=True)
            return None if pdf.get_warnings() else buffer.getvalue()
    except (pikepdf.PikepdfError, RuntimeError, ValueError, TypeError, LookupError, MemoryError):
        return None


def _all_there(data: bytes) -> bool:
    """Whether the words of the file promise nothing that it does not have."""
    words = _words(data)
    begun = _begun(words)
    size = _SIZE.search(words, max(0, words.rfind(b"trailer"))) if b"trailer" in words else None
    return (
        bool(begun)
        and size is not None
        and b"stream" not in words
        and not _NOT_OURS.search(words)
        and len(words.split(b"endobj")) - 1 == len(begun) == len(set(begun))
        and max(number for number, _ in begun) < int(size[1])
        and {(int(number), int(generation)) for number, generation in _REFERENCE.findall(words)} <= set(begun)
    )


def _begun(words: bytes) -> list[tuple[int, int]]:
    """Number and generation of every object that ``words`` has."""
    return [(int(number), int(generation)) for number, generation in _BEGIN.findall(words)]


def _words(data: bytes) -> bytes:
    """``data`` without what is in its streams; a stream without an end is left, and gives itself away."""
    parts, place = [], 0
    while begin := _STREAM.search(data, place):
        end = data.find(b"endstream", begin.end())
        if end < 0:
            break
        parts.append(data[place : begin.start()])
        place = end + len(b"endstream")
    return b" ".join([*parts, data[place:]])


def _every_page(pdf: pikepdf.Pdf, data: bytes) -> bool:
    """Whether qpdf sees each object that the words of the file have, and as many pages as they do."""
    words = _words(data)
    seen = set(pdf.get_xref_table())
    for item in pdf.objects:
        if isinstance(item, pikepdf.Stream):
            item.read_raw_bytes()
    return (
        set(_begun(words)) <= seen
        and 0 < len(_PAGE.findall(words)) == len(pdf.pages)
        and pdf.Root.Pages.get(Name.Count) == len(pdf.pages)
    )
