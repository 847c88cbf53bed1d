"""Publishes the scan's own image if it is smaller than the coded page, or if no smaller coding passed the check.

    smaller(page, SourcePicture("jbig2", …), turn=0) -> ``page`` with the scan's image as its only layer, or unchanged

A page that only gets a number must not grow. JPEG 2000, JBIG2 and strongly compressed JPEG are smaller than a new coding of
their pixels, which cannot be more faithful. Pixels that were coded without loss and are few colours or plain areas (a palette, a
screen, a drawing by a program) are often smaller without loss again than as JPEG.

How the rule is read: the bytes that the published file has for a page are at most those that the scan's file has for it (images,
instructions, typefaces), a twentieth more, and 2 KB; what every file has once (colour profile, typeface of the numbers, metadata:
5 to 6 KB) is counted with no page. It holds for every page of one image, and of several images, masks included, and nothing else. It cannot
hold for a page whose instructions PDF/A forbids or that has notes without an appearance, because it must be drawn: text in a typeface that is
neither embedded nor a standard one; measured (field): a JPEG of 150 dpi with a note in ink, 266 → 341 KB, since no smaller coding of it passes
the check (note_ink). Nor for a page in a standard font that is not embedded: its
letters are in the file now, 3 KB for those of a page, once for all pages of a part (`pdf.standard_subsets`).
"""

from __future__ import annotations

from dataclasses import replace

from itrwatch.core.encoded_page import Box, EncodedPage, Layer, SourcePicture
from itrwatch.core.pages import Encoding, Rung, Turn
from itrwatch.imaging.encoding.lossless import lossless_layer
from itrwatch.imaging.raster import Raster
from itrwatch.pdf.verifying import passes

_LARGER, _MORE_BYTES = 1.05, 512
"""A coded page may exceed its source by this factor plus these bytes, in return for its cleaning. Chosen: with its entries in the file,
a page may then grow by a twentieth and 2 KB."""


def smaller(page: EncodedPage, source: SourcePicture, turn: Turn) -> EncodedPage:
    """The coded ``page`` (turned by ``turn``, not straightened), or its ``source`` with the same number and strip.

    For `Rung.SCAN`, when no smaller coding passed the check, always the source. An image that does not pass `verify_part` is never it.
    """
    if page.rung is not Rung.SCAN and not grown(page, len(source.data)):
        return page
    own = _of_source(page, source, turn)
    if not all(map(passes, own.layers)):
        return page
    if page.rung is Rung.SCAN:
        return own
    return replace(own, rung=Rung.LAYERS, why=f"the scan's own image has {len(source.data)} bytes, ours {page.bytes}")


def without_loss(page: EncodedPage, upright: Raster, coded_bytes: int) -> EncodedPage:
    """The coded ``page``, or the pixels of ``upright`` without loss if the page has grown beyond the ``coded_bytes`` of the scan."""
    # Deflating an A4 page takes up to a second: only for a page that has grown, and G4 is smaller already.
    as_it_is = any(layer.coding == "form" for layer in page.layers)
    if as_it_is or page.encoding is Encoding.BITONAL or not grown(page, coded_bytes):
        return page
    box = Box(0, page.strip, page.width, page.height)
    layer = lossless_layer(upright.pixels, box)
    if len(layer.data) >= page.bytes:
        return page
    why = f"without loss {len(layer.data)} bytes, coded {page.bytes}"
    return replace(page, layers=(layer,), encoding=Encoding.PICTURE, rung=Rung.LAYERS, why=why)


def grown(page: EncodedPage, source_bytes: int) -> bool:
    """Whether the coded ``page`` is larger than the ``source_bytes`` that the scan has for it, and a page may grow to."""
    return page.bytes > source_bytes * _LARGER + _MORE_BYTES


def _of_source(page: EncodedPage, source: SourcePicture, turn: Turn) -> EncodedPage:
    wide, high = page.width, page.height - page.strip
    box = _turned(source.box, turn, wide, high)
    lowered = Box(box.left, box.top + page.strip, box.right, box.bottom + page.strip)
    whole = _TURNS[(source.turn + turn) % 360]
    layer = Layer(source.coding, source.data, source.width, source.height, lowered, turn=whole)
    encoding = Encoding.BITONAL if source.coding == "jbig2" else Encoding.PICTURE
    return replace(page, layers=(layer,), encoding=encoding)


_TURNS: dict[int, Turn] = {0: 0, 90: 90, 180: 180, 270: 270}


def _turned(box: Box, turn: Turn, wide: float, high: float) -> Box:
    """``box`` after rotation of its page, which then measures ``wide`` × ``high``."""
    if turn == 90:
        return Box(wide - box.bottom, box.left, wide - box.top, box.right)
    if turn == 180:
        return Box(wide - box.right, high - box.bottom, wide - box.left, high - box.top)
    if turn == 270:
        return Box(box.top, high - box.right, box.bottom, high - box.left)
    return box
