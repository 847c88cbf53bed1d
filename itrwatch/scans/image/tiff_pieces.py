"""Decompresses the strips and tiles of a TIFF page, each completely or not at all (TIFF 6.0, sections 7 to 15).

unpacked(strip, LZW, 310 * 32) -> 310 × 32 bytes of samples, or `PieceError`
"""

from __future__ import annotations

import io
import zlib
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from itrwatch.imaging.g4 import tiff_around
from itrwatch.scans.image import fax, jpeg
from itrwatch.scans.image.tiff_structure import Directory
from itrwatch.scans.values import MAX_DECODED_BYTES, ScanError

if TYPE_CHECKING:
    from numpy.typing import NDArray

RAW, RLE, G3, G4, LZW, OLD_JPEG, JPEG, DEFLATE, PACKBITS, RLE_WORDS = 1, 2, 3, 4, 5, 6, 7, 8, 32773, 32771
ADOBE_DEFLATE = 32946
FAX = frozenset({RLE, G3, G4, RLE_WORDS})
_BYTES = frozenset({RAW, LZW, DEFLATE, ADOBE_DEFLATE, PACKBITS})
_NAMES = {
    9: "JBIG",
    10: "JBIG",
    34661: "JBIG",
    34712: "JPEG 2000",
    34892: "JPEG",
    34925: "LZMA",
    50000: "Zstandard",
    50001: "WebP",
    32809: "ThunderScan",
    34676: "SGI LogLuv",
    34677: "SGI LogLuv",
}
_AT_A_TIME = 1 << 20  # bytes decoded at once; chosen
_MAX_ZEROS = 64
"""Most zeros at the end of a code; reserved space that was not written has more. Chosen."""


class PieceError(ValueError):
    """A strip or a tile does not decode completely."""


def judge_compression(directory: Directory) -> None:
    """Raise `ScanError` with the name of an unsupported compression."""
    code = directory.first(259, 1)
    if code not in _BYTES | FAX | {JPEG, OLD_JPEG}:
        raise ScanError(
            f"A página do TIFF usa a compressão {_NAMES.get(code, code)}, que o itrwatch não lê. "
            "Abra o arquivo no programa do scanner ou em outro que o mostre, salve ou imprima como PDF e ponha o PDF no lugar dele."
        )


def unpacked(data: bytes, compression: int, size: int) -> bytes:
    """``size`` bytes of samples out of ``data``; raises `PieceError` when there are fewer, or when the end is missing."""
    if compression == RAW:
        found = data
    elif compression in (DEFLATE, ADOBE_DEFLATE):
        found = _inflated(data, size)
    else:
        if _zero_tail(data) and not (compression == LZW and _lzw_ends(data)):
            raise PieceError("zeros where code should be")
        found = _by_libtiff(data, compression, size)
    if len(found) < size:
        raise PieceError(f"{len(found)} of {size} bytes")
    return found[:size]


def fax_lines(data: bytes, directory: Directory, width: int, rows: int) -> tuple[NDArray[np.bool_], int]:
    """The lines of a strip or tile, True where white; and the number of ``rows`` that are not coded, which are white."""
    if directory.first(266, 1) == 2:
        data = fax.reverse_bits(data)
    compression = directory.first(259, 1)
    two_dimensional = compression == G3 and directory.first(292, 0) & 1
    # PDF's K: negative for G4, 0 for G3 in one dimension, positive for G3 in two.
    k = -1 if compression == G4 else 1 if two_dimensional else 0
    return fax.read(data, fax.FaxCode(k, width, aligned=compression in (RLE, RLE_WORDS), rows=rows))


def jpeg_pixels(data: bytes, directory: Directory) -> NDArray[np.uint8]:
    """The samples of a JPEG strip or tile with the tables that all share, colours as RGB (TIFF technical note 2)."""
    tables = directory.jpeg_tables
    # The tables without their end mark plus the strip without its start mark make one JPEG.
    whole = tables[:-2] + data[2:] if tables else data
    return jpeg.decode_in_tiff(whole, ycbcr=directory.first(262, 6) == 6)


def _inflated(data: bytes, size: int) -> bytes:
    engine = zlib.decompressobj()
    try:
        found = engine.decompress(data, size)
        beyond = 0  # nothing but its end is wanted of it
        while not engine.eof and engine.unconsumed_tail and beyond <= MAX_DECODED_BYTES:
            beyond += len(engine.decompress(engine.unconsumed_tail, _AT_A_TIME))
    except zlib.error as wrong:
        raise PieceError(str(wrong)) from wrong
    if not engine.eof:
        raise PieceError("cut short")
    return found


def _by_libtiff(data: bytes, compression: int, size: int) -> bytes:
    """Decompress LZW and PackBits: bytes → bytes, without libtiff's interpretation of the samples."""
    with Image.open(io.BytesIO(tiff_around(data, size, 1, compression)), formats=("TIFF",)) as image:
        return image.tobytes()


def _zero_tail(data: bytes) -> bool:
    return len(data) - len(data.rstrip(b"\0")) > _MAX_ZEROS


def _lzw_ends(data: bytes) -> bool:
    """Whether the data end with the end code, 257 (TIFF 6.0, section 13)."""
    bits = f"{int.from_bytes(data.rstrip(bytes(1))[-3:], 'big'):024b}".rstrip("0")
    return bits.endswith("100000001")
