"""LZW streams (ISO 32000, 7.4.4), measured before they are decoded.

Of all simple filters this is the one that qpdf puts no limit on: 1.5 bytes can become 3 840. Only
lengths are followed here, no data: 0.4 s for a megabyte of code, which few scans have.
"""

from __future__ import annotations

_CLEAR, _END = 256, 257
_FIRST_FREE = 258
_TABLE = 4096
_MOST_PER_BYTE = 2560
"""The longest entry, 4 096 - 256 bytes, from a code of 12 bits."""


def decoded_size(data: bytes, early: int, enough: int) -> int:
    """How many bytes ``data`` decodes to, or any number above ``enough``; ``early``: /EarlyChange, 0 or 1.

    What cannot be a code ends the count: the decoder itself will tell.
    """
    if len(data) * _MOST_PER_BYTE <= enough:
        return 0
    lengths = [1] * 256 + [0, 0]
    size = held = bits = 0
    width, before = 9, 0
    for byte in data:
        bits, held = (bits << 8 | byte) & 0xFFFFFF, held + 8
        if held < width:
            continue
        held -= width
        code = bits >> held & ((1 << width) - 1)
        if code == _CLEAR:
            del lengths[_FIRST_FREE:]
            width, before = 9, 0
            continue
        if code == _END or code > len(lengths) or size > enough:
            break
        length = lengths[code] if code < len(lengths) else before + 1
        size += length
        if before and len(lengths) < _TABLE:
            lengths.append(before + 1)
        before = length
        width = max(9, min(12, (len(lengths) + early).bit_length()))
    return size
