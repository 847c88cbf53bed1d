"""Reads pages of TIFF files from strips and tiles, each proven complete.

    read_tiff(Path("a.tif"), 3) -> ScannedPage(Raster(…), remarks), or `ScanError`

Structure (`tiff_structure`), compression (`tiff_pieces`) and meaning of the samples (`tiff_samples`) are read separately; libtiff
only decodes LZW, PackBits and fax codes. By itself it accepts a wrong directory without an error: overlapping strips, black for
missing strips, negatives.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, TYPE_CHECKING

import numpy as np

from itrwatch.core.text_matching import counted
from itrwatch.scans.image.fax import FaxError, damaged_line, missing_lines, reverse_bits
from itrwatch.scans.image.images import finish
from itrwatch.scans.image.pixels import black_and_white, grey_if_equal, strict
from itrwatch.scans.image.tiff_old_jpeg import old_jpeg
from itrwatch.scans.image.tiff_pieces import FAX, JPEG, OLD_JPEG, fax_lines, jpeg_pixels, judge_compression, unpacked
from itrwatch.scans.image.tiff_samples import BLACK_IS_ZERO, YCBCR, layout_of, to_pixels, unpack
from itrwatch.scans.image.tiff_structure import WHAT, Directory, Skeleton, walk
from itrwatch.scans.plain_file import open_plain
from itrwatch.scans.values import ScanError, ScannedPage, damaged

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from itrwatch.imaging.raster import Pixels

_ORIENTATION, _X, _Y, _UNIT = 274, 282, 283, 296
_INCH, _CM = 2, 3


def inspect_tiff(path: Path) -> tuple[int, tuple[str, ...]]:
    """The number of pages of a TIFF, each checked for its declared size and the offsets of its strips, and remarks; raises `ScanError`."""
    with open_plain(path) as file:
        skeleton = walk(file)
    return len(skeleton.pages), _notes(skeleton)


def _notes(skeleton: Skeleton) -> tuple[str, ...]:
    remarks = []
    if skeleton.reduced:
        remarks.append(
            f"O TIFF traz {counted(skeleton.reduced, 'miniatura', 'miniaturas')} das páginas, que não {'conta' if skeleton.reduced == 1 else 'contam'} como folha."
        )
    if skeleton.masks:
        remarks.append(
            f"O TIFF traz {counted(skeleton.masks, 'máscara', 'máscaras')} de transparência, que não {'conta' if skeleton.masks == 1 else 'contam'} como folha."
        )
    return tuple(remarks)


def read_tiff(path: Path, page: int) -> ScannedPage:
    """Page ``page`` (from 1) of a TIFF, in its orientation and with square pixels; raises `ScanError`."""
    with open_plain(path) as file:
        pages = walk(file).pages
        if not 1 <= page <= len(pages):
            raise ScanError(
                f"O TIFF tem {counted(len(pages), 'página', 'páginas')}; a página {page} não existe.", page=page
            )
        directory = pages[page - 1]
        with strict(WHAT, page=page):
            judge_compression(directory)
            pixels, remarks = _pixels(file, directory)
            one_bit = directory.first(258, 1) == 1 and directory.first(277, 1) == 1
            scanned = finish(
                pixels, _dpi(directory), directory.first(_ORIENTATION, 1), bilevel=one_bit and black_and_white(pixels)
            )
            coded = 0 if directory.first(259, 1) in (JPEG, OLD_JPEG) else sum(size for _, size in directory.pieces)
            return ScannedPage(scanned.raster, (*scanned.remarks, *remarks), coded_bytes=coded)


def _dpi(directory: Directory) -> tuple[float, float] | None:
    unit = directory.first(_UNIT, _INCH)
    x, y = directory.tags.get(_X, (0.0,))[0], directory.tags.get(_Y, (0.0,))[0]
    if unit not in (_INCH, _CM) or not x or not y:
        return None
    scale = 2.54 if unit == _CM else 1
    return x * scale, y * scale


def _pixels(file: IO[bytes], directory: Directory) -> tuple[Pixels, tuple[str, ...]]:
    compression = directory.first(259, 1)
    if compression == OLD_JPEG:
        return old_jpeg(file, directory, [data for *_, data in _pieces(file, directory)]), ()
    if compression in FAX:
        return _fax(file, directory)
    if compression == JPEG:
        return _jpeg(file, directory), ()
    layout = layout_of(directory)
    width, height = directory.size
    samples = np.empty((height, width, layout.samples), np.uint16 if layout.bits > 8 else np.uint8)
    for plane, top, left, rows, columns, data in _pieces(file, directory):
        coded = reverse_bits(data) if directory.first(266, 1) == 2 else data
        raw = unpacked(coded, compression, layout.stride(columns) * rows)
        piece = unpack(raw, layout, columns, rows)[: height - top, : width - left]
        where = slice(plane, plane + 1) if layout.planar else slice(None)
        samples[top : top + piece.shape[0], left : left + piece.shape[1], where] = piece
    return to_pixels(samples, layout, directory), ()


def _pieces(file: IO[bytes], directory: Directory) -> Iterator[tuple[int, int, int, int, int, bytes]]:
    """Yields for each strip or tile: plane, row and column of its upper left corner, coded lines and columns, bytes."""
    width, height = directory.size
    if directory.tiled:
        columns, rows = directory.first(322, 0), directory.first(323, 0)
    else:
        columns, rows = width, directory.rows_per_strip
    places = [
        (plane, top, left)
        for plane in range(directory.planes)
        for top in range(0, height, rows)
        for left in range(0, width, columns)
    ]
    for (plane, top, left), (offset, size) in zip(places, directory.pieces, strict=False):
        file.seek(offset)
        yield plane, top, left, rows if directory.tiled else min(rows, height - top), columns, file.read(size)


def _fax(file: IO[bytes], directory: Directory) -> tuple[Pixels, tuple[str, ...]]:
    width, height = directory.size
    if directory.first(258, 1) != 1 or directory.first(277, 1) != 1 or directory.first(262, 0) > BLACK_IS_ZERO:
        raise damaged(WHAT)
    white: NDArray[np.bool_] = np.empty((height, width), np.bool_)
    missing = 0
    for _, top, left, rows, columns, data in _pieces(file, directory):
        try:
            lines, short = fax_lines(data, directory, columns, rows)
        except FaxError as wrong:
            raise damaged_line(top + wrong.line + 1, height) from wrong
        missing += short
        white[top : top + rows, left : left + columns] = lines[: height - top, : width - left]
    pixels = (white ^ (directory.first(262, 0) == BLACK_IS_ZERO)).view(np.uint8) * np.uint8(255)
    return pixels, missing_lines(missing, height)


def _jpeg(file: IO[bytes], directory: Directory) -> Pixels:
    width, height = directory.size
    samples = directory.first(277, 1)
    if directory.planes > 1:
        raise damaged(WHAT)
    pixels = np.empty((height, width, samples), np.uint8)
    for _, top, left, rows, columns, data in _pieces(file, directory):
        piece = np.atleast_3d(jpeg_pixels(data, directory))
        lines, across = min(rows, height - top), min(columns, width - left)
        if piece.shape[0] < lines or piece.shape[1] < across or piece.shape[2] != samples:
            raise damaged(WHAT)
        pixels[top : top + rows, left : left + columns] = piece[:lines, :across]
    if directory.first(262, YCBCR) == YCBCR and samples in (1, 3):  # already decoded to RGB
        return grey_if_equal(pixels) if samples == 3 else pixels[..., 0]
    return to_pixels(pixels, layout_of(directory), directory)
