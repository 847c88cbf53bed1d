"""Reads old-style JPEG of TIFF (TIFF 6.0, section 22; technical note 2 abolished it in 1995), if it decodes completely.

    old_jpeg(file, directory, strips) -> uint8 (h, w) or (h, w, 3), or `ScanError` with the way out

Programs stored the same picture in many ways. Read are: one JPEG, at the offset of JPEGInterchangeFormat or as the only strip; and
the header of a JPEG at that offset with the code in strips (Wang and Kodak Imaging). Tables without a header are refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import IO, TYPE_CHECKING

import numpy as np

from itrwatch.scans.image import jpeg
from itrwatch.scans.values import ScanError

if TYPE_CHECKING:
    from itrwatch.imaging.raster import Pixels
    from itrwatch.scans.image.tiff_structure import Directory

_OFFSET, _LENGTH = 513, 514
"""JPEGInterchangeFormat and JPEGInterchangeFormatLength."""
_SCAN, _END = b"\xff\xda", b"\xff\xd9"
_NOT_WHOLE = (
    "A página usa a compressão JPEG antiga do TIFF, e a imagem não está inteira num lugar só: não se lê com segurança. "
    "Abra o arquivo num visualizador de imagens e salve-o como PDF, ou como TIFF sem JPEG antigo, e troque o arquivo."
)


def old_jpeg(file: IO[bytes], directory: Directory, strips: list[bytes]) -> Pixels:
    """The samples of a picture, colours as RGB; raises `ScanError` unless all of it decodes."""
    ycbcr = directory.first(277, 3) == 3
    for pictures in _arrangements(file, directory, strips):
        with suppress(jpeg.JpegError, ValueError):  # ValueError: strips of different widths
            parts = [jpeg.decode_in_tiff(data, ycbcr=ycbcr, height=rows) for data, rows in pictures]
            pixels = np.concatenate(parts)
            if pixels.shape[1::-1] == directory.size:
                return pixels
    raise ScanError(_NOT_WHOLE)


_Pictures = list[tuple[bytes, int | None]]
"""JPEG files from top to bottom, and the height of each if its header has another."""


def _arrangements(file: IO[bytes], directory: Directory, strips: list[bytes]) -> Iterator[_Pictures]:
    start, size = directory.first(_OFFSET, 0), directory.first(_LENGTH, 0)
    file.seek(start)
    stream = file.read() if start else b""
    yield [(stream if len(strips) <= 1 else stream[:size], None)]  # the declared length of a single JPEG is often wrong
    if len(strips) == 1:
        yield [(strips[0], None)]
    elif strips and strips[0].startswith(_SCAN):
        yield list(_of_strips(stream[:size], strips, directory))


def _of_strips(header: bytes, strips: list[bytes], directory: Directory) -> Iterator[tuple[bytes, int]]:
    """A JPEG for each strip; only the first strip has the header of the scan."""
    scan = strips[0][: len(_SCAN) + int.from_bytes(strips[0][2:4], "big")]
    height, rows = directory.size[1], directory.rows_per_strip
    for number, strip in enumerate(strips):
        yield header + scan + strip.removeprefix(scan) + _END, min(rows, height - number * rows)
