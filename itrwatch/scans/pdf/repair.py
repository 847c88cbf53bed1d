"""A PDF whose table of contents is wrong, mended only when nothing can be missing.

    mended(data) -> the PDF with a right table of contents, or None where something may be missing

Programs that recover PDFs make the best of what is left, and say the right number of pages for a
file that has lost half of them (`document`). So the only damage that is mended is that of the
table itself, offsets and their place: moved by a mail program, lost in a transfer, never written
right. The objects must all be there, and that is proven on the file's own words before qpdf is
asked, those of objects that are packed in streams among them: every object ends, none stands twice, everything that one
refers to exists, no page hangs outside the tree, and the file comes to its end. Then it is written anew and read as strictly as
any other.
"""

from __future__ import annotations

import io
import re
import warnings

import pikepdf
from pikepdf import Array, Dictionary, Name, StreamDecodeLevel

from itrwatch.scans.pdf.streams import read

_STREAM = re.compile(rb"\bstream[ \t]*(?:\r\n|\n|\r)")
_BEGIN = re.compile(rb"(?<![0-9])([0-9]{1,10})[ \r\n\t]+([0-9]{1,5})[ \r\n\t]+obj\b")
_REFERENCE = re.compile(rb"(?<![0-9])([0-9]{1,10})[ \r\n\t]+([0-9]{1,5})[ \r\n\t]+R\b")
_ENCRYPTED = re.compile(rb"/Encrypt\b")
"""Where it is encrypted, nothing can be proven on the words."""
_LINEARIZED = re.compile(rb"/Linearized\b")
"""A file for the web has two tables, each of its own objects (ISO 32000, annex F)."""
_HEAD = 1024
_PACKED = re.compile(rb"/ObjStm\b")
_FROM_ONE = re.compile(rb"(?<![A-Za-z])xref(\s+)1(\s+[0-9]{1,10}\s+0{10} 65535 f)")
"""A table that counts its first entry, which is always free and always 0, as 1."""
_TABLE = re.compile(rb"\b(?:xref|trailer|startxref)\b")
_LEFT_OUT = b"\0"
"""Stands for a stream among the words of a file: a blank to PDF, which programs do not write."""
_START = re.compile(rb"startxref\s+[0-9]+")
_PAGE = re.compile(rb"/Type[ \r\n\t]*/Page(?![A-Za-z])")
_EXPECTED = (
    "file is damaged",
    "can't find startxref",
    "xref not found",
    "invalid xref entry",
    "expected n n obj",
    "Attempting to reconstruct cross-reference table",
    "expected endstream",
    "expected endobj",
    "stream dictionary lacks /Length key",
    "attempting to recover stream length",
    "stream keyword followed by carriage return only",
    "stream keyword followed by extraneous whitespace",
    "is not one plus the highest object number",
    "xref entry for the xref stream itself is missing",
    "dictionary has duplicated key",
    "extraneous whitespace seen before xref",
    "error reading xref",
    "loop detected following xref tables",
    "Cross-reference stream data has the wrong size",
    "setting missing or invalid /Type entry to /Catalog",
    "object has offset 0",
)
_EXPECTED_NUMBER = re.compile(r"recovered stream length: [1-9][0-9]*$")
"""The ends of the warnings about the table, and about lengths, which the word endstream states as well; any other is about something that is lost."""


def mended(data: bytes) -> bytes | None:
    """``data`` with a right table of contents; None unless every page is demonstrably there."""
    data = _FROM_ONE.sub(rb"xref\g<1>0\g<2>", data)
    if not _all_there(data):
        return None
    return _rewritten(data) or _rewritten(_START.sub(b"startxref\n0", data))


def _rewritten(data: bytes) -> bytes | None:
    """``data`` as qpdf reads it, written anew; None unless it is all there is. Without a place of the table it looks for the objects itself."""
    try:
        with (
            warnings.catch_warnings(),
            pikepdf.open(io.BytesIO(data), suppress_warnings=True, inherit_page_attributes=False) as pdf,
        ):
            judge_tree(pdf)
            warnings.simplefilter("ignore")  # about fields without a form, which are drawn all the same
            if not all(_expected(str(warning)) for warning in pdf.get_warnings()):
                return None
            if not _every_page(pdf, data) or not all(_expected(str(warning)) for warning in pdf.get_warnings()):
                return None
            buffer = io.BytesIO()
            pdf.save(buffer, stream_decode_level=StreamDecodeLevel.none, compress_streams=False, deterministic_id=True)
            return buffer.getvalue() if all(_expected(str(warning)) for warning in pdf.get_warnings()) else None
    except (pikepdf.PikepdfError, RuntimeError, ValueError, TypeError, LookupError, MemoryError):
        return None


def lost(data: bytes, pdf: pikepdf.Pdf) -> bool:
    """Whether something names an object that ``data`` has and that the table of ``pdf`` does not: readers take it for null, and say nothing."""
    words = _words(data)
    hidden = set(_begun(words)) - set(pdf.get_xref_table())
    if not hidden:
        return False
    packed = (_unpacked(item)[1] for item in pdf.objects if isinstance(item, pikepdf.Stream))
    return not hidden.isdisjoint(_referred(b" ".join([words, *packed])))


def judge_tree(pdf: pikepdf.Pdf) -> None:
    """Raise `TypeError` where the tree of pages has a node that is not there, `ValueError` where it goes in a circle: qpdf crashes over some that do."""
    waiting, seen = [pdf.Root.get(Name.Pages)], set()
    while waiting:
        node = waiting.pop()
        if not isinstance(node, Dictionary):
            raise TypeError("a node of the tree of pages is not there")
        kids = node.get(Name.Kids)
        if not isinstance(kids, Array):
            continue
        if node.objgen in seen:
            raise ValueError("the tree of pages goes in a circle")
        seen.add(node.objgen)
        waiting.extend(kids)


def of_one_piece(data: bytes) -> bool:
    """Whether nothing was added to a file after it was written: older revisions name objects that are gone for good."""
    tables = 2 if _LINEARIZED.search(data[:_HEAD]) else 1
    return data.count(b"startxref") <= tables and not _ENCRYPTED.search(data)


def _expected(warning: str) -> bool:
    return any(words in warning for words in _EXPECTED) or _EXPECTED_NUMBER.search(warning) is not None


def _all_there(data: bytes) -> bool:
    """Whether the words of the file promise nothing that it does not have."""
    words = _words(data)
    begun = _begun(words)
    referred = _referred(words)
    return (
        bool(begun)
        and b"stream" not in words
        and not _ENCRYPTED.search(words)
        # Every object ends, and none is there twice: else a part was lost or an older revision shows through.
        and len(begun) == len(set(begun))
        and all(_ends(body) for body in _bodies(words))
        and (referred <= set(begun) or _PACKED.search(words) is not None)
    )


def _bodies(words: bytes) -> list[bytes]:
    """What stands between the beginning of each object and that of the next, or the end."""
    begins = list(_BEGIN.finditer(words))
    stops = [begin.start() for begin in begins[1:]] + [len(words)]
    return [words[begin.end() : stop] for begin, stop in zip(begins, stops, strict=True)]


def _ends(body: bytes) -> bool:
    """Whether an object has its end: the word, once, or, where a program left it out, a dictionary that is closed and has the stream that it speaks of."""
    if b"endobj" in body:
        return body.count(b"endobj") == 1
    body = _TABLE.split(body, maxsplit=1)[0]
    closed = all(body.count(a) == body.count(b) for a, b in ((b"<<", b">>"), (b"[", b"]"), (b"(", b")")))
    whole = body.strip().removesuffix(_LEFT_OUT).strip()
    return closed and whole.endswith(b">>") and (_LEFT_OUT in body or b"/Length" not in body)


def _begun(words: bytes) -> list[tuple[int, int]]:
    """Number and generation of every object that ``words`` has."""
    return [(int(number), int(generation)) for number, generation in _BEGIN.findall(words)]


def _referred(words: bytes) -> set[tuple[int, int]]:
    """Number and generation of every object that ``words`` name."""
    return {(int(number), int(generation)) for number, generation in _REFERENCE.findall(words)}


def _words(data: bytes) -> bytes:
    """``data`` with `_LEFT_OUT` for each of its streams; a stream without an end is left, and gives itself away."""
    parts, place = [], 0
    while begin := _STREAM.search(data, place):
        end = data.find(b"endstream", begin.end())
        if end < 0:
            break
        parts.append(data[place : begin.start()] + _LEFT_OUT)
        place = end + len(b"endstream")
    return b" ".join([*parts, data[place:]])


def _every_page(pdf: pikepdf.Pdf, data: bytes) -> bool:
    """Whether qpdf sees each object that the words of the file have, also those packed in others, and as many pages as they do."""
    words = _words(data)
    seen = set(pdf.get_xref_table())
    packed = [_unpacked(item) for item in pdf.objects if isinstance(item, pikepdf.Stream)]
    held = {number for numbers, _ in packed for number in numbers}
    words = b" ".join([words, *(text for _, text in packed)])
    referred = _referred(words)
    has = set(_begun(words)) | {(number, 0) for number in held}
    return (
        not (has - seen) & referred  # an object that is in no table and that nothing names is shown by nothing
        and referred <= has
        and 0 < len(_PAGE.findall(words)) == len(pdf.pages)
        and pdf.Root.Pages.get(Name.Count) == len(pdf.pages)
    )


def _unpacked(stream: pikepdf.Stream) -> tuple[list[int], bytes]:
    """The numbers and the words of the objects in an object stream (ISO 32000, 7.5.7); of any other stream, none, but all of it is there."""
    if stream.get(Name.Type) != Name.ObjStm:
        stream.read_raw_bytes()
        return [], b""
    data, first = read(stream).data, int(stream.First)
    # The head of the stream has N pairs, object number and offset; every second word is a number.
    numbers = [int(word) for word in data[:first].split()[: 2 * int(stream.N) : 2]]
    if len(numbers) != int(stream.N):
        raise ValueError("objects are missing")
    return numbers, data[first:]
