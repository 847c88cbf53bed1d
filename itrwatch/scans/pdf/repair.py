"""Repairs a PDF with a wrong cross-reference table, only if provably nothing is missing.

    mended(data) -> the PDF with a correct cross-reference table, or None if something may be missing

Recovering readers report the right number of pages even for a file that has lost half of them (`document`).
Therefore only damage of the cross-reference table itself is repaired: offsets shifted by a mail program, lost in a
transfer, or never written correctly. All objects must exist. This is proven on the text of the file, including
the objects in object streams: every object ends, none is there twice, every referenced object exists, all pages are
in the page tree, and no stream is truncated. The file is then rewritten and read as strictly as any other.

*Words* in this module: the bytes of a file without the data of its streams.
"""

from __future__ import annotations

import io
import re
import warnings
from typing import Any, NamedTuple

import pikepdf
from pikepdf import Array, Dictionary, Name, StreamDecodeLevel

from itrwatch.scans.pdf.streams import read

_STREAM = re.compile(rb"\bstream[ \t]*(?:\r\n|\n|\r)")
_BEGIN = re.compile(rb"(?<![0-9])([0-9]{1,10})[ \r\n\t]+([0-9]{1,5})[ \r\n\t]+obj\b")
_REFERENCE = re.compile(rb"(?<![0-9])([0-9]{1,10})[ \r\n\t]+([0-9]{1,5})[ \r\n\t]+R\b")
_ENCRYPTED = re.compile(rb"/Encrypt\b")
_LINEARIZED = re.compile(rb"/Linearized\b")
"""A linearized file has two cross-reference tables for different objects (ISO 32000-1, annex F)."""
_HEAD = 1024
_PACKED = re.compile(rb"/ObjStm\b")
_FROM_ONE = re.compile(rb"(?<![A-Za-z])xref(\s+)1(\s+[0-9]{1,10}\s+0{10} 65535 f)")
"""A table that numbers its first entry, the free entry of object 0, as 1."""
_RUN_ON = re.compile(rb"(?<![0-9])([0-9]{1,10}[ \r\n\t]+[0-9]{1,5}[ \r\n\t]+obj[ \r\n\t]+[0-9]{1,10})endobj\b")
"""An object that is one number, with its last word right behind it; qpdf takes both for one word, other readers for two."""
_TABLE = re.compile(rb"\b(?:xref|trailer|startxref)\b")
_HALF_STREAM = re.compile(rb"\bstream[ \t]*(?:[\r\n]|\Z)|\bendstream\b")
"""The beginning or the end of a stream without the other; the word alone may be in a text."""
_LENGTH = re.compile(rb"/Length[ \r\n\t]+([0-9]{1,10})(?![0-9]|[ \r\n\t]+[0-9]+[ \r\n\t]+R\b)")
_ENDSTREAM = re.compile(rb"[ \r\n\t]*(endstream)\b")
_LEFT_OUT = b"\0"
"""Placeholder for a stream in the words of a file: white space in PDF that programs do not write."""
_START = re.compile(rb"startxref\s+[0-9]+")
_PAGE = re.compile(rb"/Type[ \r\n\t]*/Page(?![A-Za-z])")
_TAGS = re.compile(rb"/StructTreeRoot[ \r\n\t]+[0-9]{1,10}[ \r\n\t]+[0-9]{1,5}[ \r\n\t]+R\b")
"""The reference to the tree of tags, which says what is a heading or a table; nothing of it is drawn."""
_EXPECTED = (
    "file is damaged",
    "can't find PDF header",
    "/Type key should be /Pages but is not",
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
"""Warnings about the table, about stream lengths, which endstream also determines, about a header with half a version (`scans.file_types` has seen
%PDF-), and about nodes of the page tree without /Type (`judge_tree`); any other warning means a loss."""


def mended(data: bytes) -> bytes | None:
    """``data`` with a correct cross-reference table, not encrypted; None unless all pages are provably there.

    Raises `pikepdf.PasswordError` if only the password stands in the way.
    """
    data = _RUN_ON.sub(rb"\g<1> endobj", _FROM_ONE.sub(rb"xref\g<1>0\g<2>", data))
    if not _all_there(data):
        return None
    return _rewritten(data) or _rewritten(_START.sub(b"startxref\n0", data))


def _rewritten(data: bytes) -> bytes | None:
    """``data`` read by qpdf with recovery and rewritten; None unless it is complete. With startxref 0, qpdf searches the objects itself."""
    try:
        with (
            warnings.catch_warnings(),
            pikepdf.open(io.BytesIO(data), suppress_warnings=True, inherit_page_attributes=False) as pdf,
        ):
            judge_tree(pdf)
            warnings.simplefilter("ignore")  # about fields without a form, which are drawn anyway
            if not all(_expected(str(warning)) for warning in pdf.get_warnings()):
                return None
            if not _every_page(pdf, data) or not all(_expected(str(warning)) for warning in pdf.get_warnings()):
                return None
            buffer = io.BytesIO()
            pdf.save(buffer, stream_decode_level=StreamDecodeLevel.none, compress_streams=False, deterministic_id=True)
            return buffer.getvalue() if all(_expected(str(warning)) for warning in pdf.get_warnings()) else None
    except pikepdf.PasswordError:
        raise
    except (pikepdf.PikepdfError, RuntimeError, ValueError, TypeError, LookupError, AttributeError, MemoryError):
        return None


def lost(data: bytes, pdf: pikepdf.Pdf) -> bool:
    """Whether an object in ``data`` is referenced but missing in the table of ``pdf``; readers treat it as null without an error."""
    words = _words(data)
    hidden = set(_begun(words)) - set(pdf.get_xref_table())
    if not hidden:
        return False
    packed = (_unpacked(item)[1] for item in pdf.objects if isinstance(item, pikepdf.Stream))
    return not hidden.isdisjoint(_referred(b" ".join([words, *packed])))


class Corrected(NamedTuple):
    """What was wrong in a page tree: a page that names another ``parent``, a node that leads ``back`` to one it lies in."""

    parent: bool
    back: bool


def judge_tree(pdf: pikepdf.Pdf) -> Corrected:
    """Raise `TypeError` for a node of the page tree that is missing or no page, `ValueError` for one with pages in two places.

    A node that names another parent than the one that lists it gets that one: pdfium shows such a page white.

    What qpdf takes for a cycle, or crashes on, is removed where no page depends on it: branches without pages, which programs that
    delete pages leave, one in several places; and a node within itself. The declared number of pages is compared afterwards.
    """
    # Depth first. A pair with True is met when all kids of its node are done; `within` has the nodes between the root and here.
    waiting: list[tuple[Any, bool]] = [(pdf.Root.get(Name.Pages), False)]
    seen, within, corrected = set[tuple[int, int]](), set[tuple[int, int]](), list[Corrected]()
    while waiting:
        node, left = waiting.pop()
        if left:
            within.discard(node.objgen)
            continue
        if not isinstance(node, Dictionary):
            raise TypeError("a node of the tree of pages is not there")
        kids = node.get(Name.Kids)
        if not isinstance(kids, Array):
            _judge_leaf(node)
            continue
        if node.objgen in seen:
            raise ValueError("a part of the tree of pages is in two places")
        seen.add(node.objgen)
        within.add(node.objgen)
        corrected.append(_correct(node, kids, within))
        waiting += [(node, True), *((kid, False) for kid in kids)]
    return Corrected(any(one.parent for one in corrected), any(one.back for one in corrected))


def _correct(node: pikepdf.Object, kids: Array, within: set[tuple[int, int]]) -> Corrected:
    """Remove from ``kids`` of ``node`` those without pages and those it lies in (``within``), and make it the parent of the others."""
    parent, back = False, False
    # From the last, because a deletion moves those behind it.
    for number in reversed(range(len(kids))):
        kid = kids[number]
        if not isinstance(kid, Dictionary):
            continue
        if kid.is_indirect and kid.objgen in within:
            back = True
            del kids[number]
        elif _is_bare(kid):
            del kids[number]
        elif _is_of_another(kid, node):
            kid[Name.Parent], parent = node, True
    return Corrected(parent, back)


def _is_bare(node: pikepdf.Object) -> bool:
    kids = node.get(Name.Kids)
    return isinstance(kids, Array) and len(kids) == 0


def _is_of_another(kid: pikepdf.Object, node: pikepdf.Object) -> bool:
    parent = kid.get(Name.Parent)
    if parent is None or not node.is_indirect:
        return False
    # A damaged /Parent may be a number or a name, which pikepdf gives as a Python value.
    return not (isinstance(parent, Dictionary) and parent.is_indirect and parent.objgen == node.objgen)


def _judge_leaf(node: pikepdf.Object) -> None:
    """Raise `TypeError` for an object of another kind (/Catalog, /Font …), which viewers would show as an empty page."""
    kind = node.get(Name.Type, Name.Page)
    if kind not in (Name.Page, Name.Pages) and Name.Contents not in node:
        raise TypeError(f"{kind} in place of a page")


def of_one_piece(data: bytes) -> bool:
    """Whether the file is not encrypted and has a single revision; older revisions refer to objects that were deleted on purpose."""
    tables = 2 if _LINEARIZED.search(data[:_HEAD]) else 1
    return data.count(b"startxref") <= tables and not _ENCRYPTED.search(data)


def _expected(warning: str) -> bool:
    return any(words in warning for words in _EXPECTED) or _EXPECTED_NUMBER.search(warning) is not None


def _all_there(data: bytes) -> bool:
    """Whether all streams and objects in the text of the file are complete and unique, and all referenced objects exist.

    References to objects that may be in object streams are checked by `_every_page`. Encryption changes only strings and the data of
    streams, of which nothing is asked here; what was cut out of them is found when they are decoded.
    """
    words = _words(data)
    begun = _begun(words)
    referred = _referred(words)
    return (
        bool(begun)
        and not _HALF_STREAM.search(words)
        # Every object ends and is there once; otherwise a part was lost or there is an older revision.
        and len(begun) == len(set(begun))
        and all(_ends(body) for body in _bodies(words))
        and (referred <= set(begun) or _PACKED.search(words) is not None)
    )


def _bodies(words: bytes) -> list[bytes]:
    """The bytes from the beginning of each object to the beginning of the next one, or to the end."""
    begins = list(_BEGIN.finditer(words))
    stops = [begin.start() for begin in begins[1:]] + [len(words)]
    return [words[begin.end() : stop] for begin, stop in zip(begins, stops, strict=True)]


def _ends(body: bytes) -> bool:
    """Whether an object is complete: endobj once, or, if a program omitted it, a closed dictionary with its stream if it has a /Length."""
    if b"endobj" in body:
        return body.count(b"endobj") == 1
    # What follows the last object is the table, which is not part of it.
    body = _TABLE.split(body, maxsplit=1)[0]
    closed = all(body.count(a) == body.count(b) for a, b in ((b"<<", b">>"), (b"[", b"]"), (b"(", b")")))
    whole = body.strip().removesuffix(_LEFT_OUT).strip()
    return closed and whole.endswith(b">>") and (_LEFT_OUT in body or b"/Length" not in body)


def _begun(words: bytes) -> list[tuple[int, int]]:
    """Number and generation of every object that begins in ``words``."""
    return [(int(number), int(generation)) for number, generation in _BEGIN.findall(words)]


def _referred(words: bytes) -> set[tuple[int, int]]:
    """Number and generation of every object that ``words`` refers to."""
    return {(int(number), int(generation)) for number, generation in _REFERENCE.findall(words)}


def _words(data: bytes) -> bytes:
    """``data`` with each stream replaced by `_LEFT_OUT`; a stream without an end is kept, so that `_all_there` finds it."""
    parts, place = [], 0
    while begin := _STREAM.search(data, place):
        before = data[place : begin.start()]
        end = _end_by_length(data, begin.end(), before)
        end = data.find(b"endstream", begin.end()) if end is None else end
        if end < 0:
            break
        parts.append(before + _LEFT_OUT)
        place = end + len(b"endstream")
    return b" ".join([*parts, data[place:]])


def _end_by_length(data: bytes, begin: int, before: bytes) -> int | None:
    """Where the endstream of the stream at ``begin`` is, if the /Length in ``before`` leads to one; None otherwise.

    An attached PDF that is not compressed has streams and objects of its own, which are not those of this file.
    """
    lengths = _LENGTH.findall(before, max(0, before.rfind(b"obj")))
    after = begin + int(lengths[-1]) if lengths else len(data)
    found = _ENDSTREAM.match(data, after)
    return found.start(1) if found else None


def _every_page(pdf: pikepdf.Pdf, data: bytes) -> bool:
    """Whether qpdf sees every referenced object of the file, including those in object streams, and the same number of pages."""
    words = _words(data)
    seen = set(pdf.get_xref_table())
    packed = [_unpacked(item) for item in pdf.objects if isinstance(item, pikepdf.Stream)]
    has = set(_begun(words)) | {(number, 0) for numbers, _ in packed for number in numbers}
    referred = _needed(words, packed)
    pages = _PAGE.findall(b" ".join([words, *(text for _, text in packed)]))
    return (
        not (has - seen) & referred  # an object that is in no table and not referenced is never shown
        and referred <= has
        and 0 < len(pages) == len(pdf.pages)
        and pdf.Root.Pages.get(Name.Count) == len(pdf.pages)
    )


def _needed(words: bytes, packed: list[tuple[list[int], bytes]]) -> set[tuple[int, int]]:
    """The objects that ``words`` refer to, and the object streams of which any is needed; the tree of tags is not.

    Word puts that tree alone into object streams, which qpdf does not find without the table.
    """
    referred, waiting = _referred(_TAGS.sub(b" ", words)), packed
    while needed := [one for one in waiting if any((number, 0) in referred for number in one[0])]:
        referred |= _referred(b" ".join(text for _, text in needed))
        waiting = [one for one in waiting if one not in needed]
    return referred


def _unpacked(stream: pikepdf.Stream) -> tuple[list[int], bytes]:
    """Numbers and bytes of the objects in an object stream (ISO 32000-1, 7.5.7); none for other streams, which are only read to the end."""
    if stream.get(Name.Type) != Name.ObjStm:
        stream.read_raw_bytes()
        return [], b""
    data, first = read(stream).data, int(stream.First)
    # The header of the stream has N pairs of object number and offset; every second word is an object number.
    numbers = [int(word) for word in data[:first].split()[: 2 * int(stream.N) : 2]]
    if len(numbers) != int(stream.N):
        raise ValueError("objects are missing")
    return numbers, data[first:]
