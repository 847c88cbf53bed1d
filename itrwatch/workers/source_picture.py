"""Publishes the scan's own image if it is smaller than the coded page, or if no smaller coding passed the check.

    smaller(page, SourcePicture("jbig2", …), turn=0) -> ``page`` with the scan's image as its only layer, or unchanged

A page that only gets a number must not grow. JPEG 2000, JBIG2 and strongly compressed JPEG are smaller than a new coding of
their pixels, which cannot be more faithful.
"""

from __future__ import annotations

from dataclasses import replace

from itrwatch.core.encoded_page import Box, EncodedPage, Layer, SourcePicture
from itrwatch.core.pages import Encoding, Rung, Turn

_LARGER, _MORE_BYTES = 1.05, 2048
"""A coded page may exceed its source by this factor plus these bytes, in return for its cleaning. Chosen."""


def smaller(page: EncodedPage, source: SourcePicture, turn: Turn) -> EncodedPage:
    """The coded ``page`` (turned by ``turn``, not straightened), or its ``source`` with the same number and strip.

    For `Rung.SCAN`, when no smaller coding passed the check, always the source.
    """
    if page.rung is Rung.SCAN:
        return _of_source(page, source, turn)
    if page.bytes <= len(source.data) * _LARGER + _MORE_BYTES:
        return page
    why = f"the scan's own image has {len(source.data)} bytes, ours {page.bytes}"
    return replace(_of_source(page, source, turn), rung=Rung.LAYERS, why=why)


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
