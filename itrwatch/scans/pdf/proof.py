"""Proves that all content of a page can be read, before pdfium draws it.

prove(document, reading, looks) -> None: every image and stream of the page was decoded; or `StreamError`
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pikepdf
from pikepdf import Array, Dictionary, Name

from itrwatch.scans.pdf import images
from itrwatch.scans.pdf.content import DrawnContent, read_content
from itrwatch.scans.pdf.streams import StreamError, read
from itrwatch.scans.values import MAX_PIXELS, SMALLER, ScanError

if TYPE_CHECKING:
    from itrwatch.scans.pdf.document import Document

_MAX_OBJECTS = 20_000
"""Most objects reachable from the content of a page. Chosen."""
_TIMES = 2
"""Most pixels of all images of a page, in multiples of `MAX_PIXELS`: each layer (text over background) has the size of the page. Chosen."""
# Keys that lead back to the page, to other pages and to the structure tree, or to metadata, which is not drawn.
_UPWARD = frozenset({"/Parent", "/P", "/Pg", "/StructParent", "/Metadata"})


def content_streams(document: Document, page: pikepdf.Object) -> list[pikepdf.Object]:
    """The content streams of a page, each proven readable; [] for a page that declares none.

    Raises `StreamError` if the page refers to content that does not exist. qpdf treats such a reference like a
    missing key, therefore the bytes of the page object are searched.
    """
    contents = page.get(Name.Contents)
    if contents is None:
        if _names_contents(document, page):
            raise StreamError("the page's content is missing")
        return []
    streams = list(contents) if isinstance(contents, Array) else [contents]
    for stream in streams:
        if not isinstance(stream, pikepdf.Stream) or read(stream).codec:
            raise StreamError("a part of the page's content is missing")
    return streams


def prove(document: Document, reading: DrawnContent, appearances: list[pikepdf.Object]) -> None:
    """Decode all images and read all streams of a page; correct JPEG images that pdfium would draw wrong.

    ``appearances``: appearance streams of visible annotations. Raises `StreamError`, `ScanError` and the decoders' errors.
    """
    for stream in appearances:
        read_content(stream, stream.get(Name.Resources, Dictionary()), reading)
    _judge_together(reading)
    seen: set[tuple[int, int]] = set()
    for root in (*(placed.image for placed in reading.images), *reading.others):
        document.stale |= _prove_object(root, seen)
    if document.stale:
        document.redraw()


def _judge_together(reading: DrawnContent) -> None:
    """Raise `ScanError` if the images of a page have too many pixels together: a hundred permitted images take minutes."""
    sizes = {placed.image.objgen: images.declared_size(placed.image, None) for placed in reading.images}
    total = sum(width * height for width, height in sizes.values())
    if total > _TIMES * MAX_PIXELS:
        raise ScanError(
            f"A página tem imagens demais ({len(sizes)}, juntas {total // 1_000_000} milhões de pixels). {SMALLER}"
        )


def _prove_object(root: Any, seen: set[tuple[int, int]]) -> bool:
    """Read all streams reachable from ``root``; True if an image was corrected."""
    waiting, mended = [root], False
    while waiting:
        value = waiting.pop()
        if not isinstance(value, pikepdf.Stream | Dictionary | Array):
            continue
        # Only references can form a cycle; an object in place has an end.
        if value.is_indirect:
            if value.objgen in seen:
                continue
            seen.add(value.objgen)
            if len(seen) > _MAX_OBJECTS:
                raise StreamError("objects without end")
        if isinstance(value, pikepdf.Stream):
            if value.get(Name.Subtype) == Name.Image:
                images.decode(value)
                mended |= images.mend(value)
            else:
                read(value)
        waiting.extend(value if isinstance(value, Array) else [v for key, v in value.items() if key not in _UPWARD])
    return mended


def _names_contents(document: Document, page: pikepdf.Object) -> bool:
    """Whether the bytes of the page object contain the key /Contents, regardless of its value."""
    entry = document.pdf.get_xref_table().get(page.objgen)
    if entry is None:
        return True  # a page object invented by qpdf
    if entry.offset is not None:
        body = document.raw(entry.offset, b"endobj")
    else:
        body = _from_object_stream(document.pdf, entry.obj_stream_number or 0, page.objgen[0])
    return re.search(rb"/Contents\b", body) is not None


def _from_object_stream(pdf: pikepdf.Pdf, number: int, wanted: int) -> bytes:
    """The bytes of object ``wanted`` in an object stream, located by the header of the stream; the index in the table may be wrong."""
    stream = pdf.get_object((number, 0))
    data, first, count = read(stream).data, int(stream[Name.First]), int(stream[Name.N])
    head = [int(word) for word in data[:first].split()[: 2 * count]]
    index, offsets = head[::2].index(wanted), [*head[1::2], len(data) - first]
    return data[first + offsets[index] : first + offsets[index + 1]]
