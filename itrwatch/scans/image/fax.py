"""CCITT fax codes (G3, G4): the proof that all lines are there.

Fax decoders never give up: libtiff, pdfium and others paint the lines that a cut strip lacks
white, or garbage, and report success. But the code is canonical: encoding the decoded lines
again takes as many bits as the original did. If the original is shorter than what its lines
need, lines were made up. G3 is simpler: it marks the end of every line, and the marks are
counted. Measured on an A4 at 300 dpi: 15 ms.
"""

from __future__ import annotations

import io
import struct
from typing import TYPE_CHECKING, Literal

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from numpy.typing import NDArray

Scheme = Literal["g4", "g3", "rle"]
"""T.6; T.4 in one or two dimensions; T.4 codes on byte boundaries without marks (TIFF «2»)."""

_TIFF_CODES = {"g4": "group4", "g3": "tiff_ccitt", "rle": "tiff_ccitt"}
_END_OF_BLOCK = "000000000001" * 2
_REVERSED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


def reverse_bits(data: bytes) -> bytes:
    """``data`` with the bits of each byte turned around (TIFF FillOrder 2)."""
    return data.translate(_REVERSED)


def complete(data: bytes, scheme: Scheme, white: NDArray[np.bool_]) -> bool:
    """Whether ``data`` can hold all the lines of ``white`` (True where the code says white)."""
    rows = white.shape[0]
    if scheme == "g3" and (marks := _line_marks(data)):
        return bool(marks >= rows - 1)
    needed = _encoded_size(white, scheme) * 8 - 7  # the last byte may be padding but for one bit
    if scheme == "g4":
        needed -= len(_END_OF_BLOCK)
    if scheme == "g3":
        needed -= rows * 7  # neither marks nor byte boundaries, which cost up to 7 bits a line
    return bool(_held_bits(data) >= needed)


def as_tiff(data: bytes, width: int, height: int, k: int) -> bytes:
    """A TIFF around PDF fax data, 0 = black, for Pillow to decode; ``k`` as in the PDF's /K."""
    tags = [
        (256, 4, width),
        (257, 4, height),
        (258, 3, 1),
        (259, 3, 4 if k < 0 else 3),
        (262, 3, 0),
        (273, 4, 0),
        (277, 3, 1),
        (278, 4, height),
        (279, 4, len(data)),
        (292, 4, int(k > 0)),
    ]
    start = 8 + 2 + 12 * len(tags) + 4
    entries = b"".join(struct.pack("<HHII", tag, form, 1, start if tag == 273 else value) for tag, form, value in tags)
    return b"II*\0" + struct.pack("<IH", 8, len(tags)) + entries + bytes(4) + data


def _held_bits(data: bytes) -> int:
    """How many bits of ``data`` can be lines: without the end of block, or the zeros that no code ends with."""
    whole = data.rstrip(b"\0") + b"\0"
    start = max(0, len(whole) - 8)
    end = "".join(f"{byte:08b}" for byte in whole[start:]).rfind(_END_OF_BLOCK)
    return len(whole) * 8 if end < 0 else start * 8 + end


def _line_marks(data: bytes) -> int:
    """How many ends of line (eleven zeros or more, then a one) ``data`` holds."""
    ones = np.flatnonzero(np.unpackbits(np.frombuffer(data, np.uint8)))
    return int(np.count_nonzero(np.diff(ones, prepend=-1) >= 12))


def _encoded_size(white: NDArray[np.bool_], scheme: Scheme) -> int:
    buffer = io.BytesIO()
    image = Image.fromarray(~white)  # Pillow writes BlackIsZero: what it calls black is coded as white
    image.save(buffer, "TIFF", compression=_TIFF_CODES[scheme], tiffinfo={278: white.shape[0]})
    buffer.seek(0)
    with Image.open(buffer) as written:
        return int(sum(written.tag_v2[279]))  # type: ignore[attr-defined]
