"""JPEG pixels, proven complete.

libjpeg fills what is missing with grey and only *warns*; Pillow does not pass the warning on,
so a JPEG with a hole, or cut and closed with an end mark, loads as if whole. simplejpeg counts
libjpeg's warnings as errors, and so does qpdf, which pikepdf brings. Measured on an A4 at
300 dpi: the same pixels from all three, 20 ms, 53 ms and 62 ms; of cut, holed, noisy and
zero-tailed files none passes the first two. qpdf decodes what simplejpeg refuses (CMYK, and
damage, to be sure of it).
One warning is harmless and common in cheap devices, stray bytes before the end mark; so a
refused JPEG gets a second chance without its last few bytes. Missing lines do not come back by
that, so nothing incomplete gets through.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np
import pikepdf
import simplejpeg
from PIL import Image

from itrwatch.scans.values import judge_size

if TYPE_CHECKING:
    from itrwatch.imaging.raster import Pixels

_END = b"\xff\xd9"
_STRAY = 16
"""Stray bytes before the end mark that are forgiven."""
_MOST_SCANS = 50
"""Encoders write ten or so; each passes over the whole picture, and a file can repeat one a thousand times."""
_START_OF_SCAN = b"\xff\xda"
_FAST = {1: "GRAY", 3: "RGB"}
"""What simplejpeg calls the colours it decodes, by number of channels."""


class JpegError(ValueError):
    """The JPEG does not decode completely."""


def decode(data: bytes, size: tuple[int, int], channels: int) -> Pixels:
    """The samples of ``data``: ``(h, w)`` or ``(h, w, channels)`` uint8, as they are coded.

    ``size``: width and height in px, as the header says; four channels are CMYK, not inverted.
    Raises `JpegError` when anything is missing or corrupt.
    """
    width, height = size
    judge_size(width, height, channels)
    _judge_scans(data)
    if channels in _FAST:
        try:
            return _fast(data, size, channels)
        except ValueError:
            pass  # also when it is not whole: what is said of it is decided below
    raw = _decompress(data)
    shape = (height, width) if channels == 1 else (height, width, channels)
    if len(raw) != width * height * channels:
        raise JpegError(f"{len(raw)} bytes for {shape}")
    return np.frombuffer(raw, np.uint8).reshape(shape)


def verify(data: bytes) -> None:
    """Raise `JpegError` unless ``data`` decodes completely, `ScanError` when it is too large to try."""
    try:
        with Image.open(io.BytesIO(data), formats=("JPEG",)) as header:
            judge_size(*header.size, len(header.getbands()))
    except (OSError, SyntaxError) as wrong:
        raise JpegError(str(wrong)) from wrong
    _judge_scans(data)
    _decompress(data)


def _judge_scans(data: bytes) -> None:
    coded = np.frombuffer(data, np.uint8)
    starts = np.count_nonzero((coded[:-1] == _START_OF_SCAN[0]) & (coded[1:] == _START_OF_SCAN[1]))
    if starts > _MOST_SCANS:  # in coded data there is no such pair
        raise JpegError("scans without end")


def cmyk_to_rgb(pixels: Pixels, *, inverted: bool) -> Pixels:
    """CMYK samples (0 no ink, 255 full; the other way when ``inverted``) as RGB."""
    ink = 255 - pixels if inverted else pixels
    return np.asarray(Image.frombytes("CMYK", (pixels.shape[1], pixels.shape[0]), ink.tobytes()).convert("RGB"))


def ends(data: bytes) -> bool:
    """Whether there is an end mark at all; without it the file was cut."""
    return _END in data[-4096:] or data.rfind(_END) > len(data) // 2


def _fast(data: bytes, size: tuple[int, int], channels: int) -> Pixels:
    pixels: Pixels = simplejpeg.decode_jpeg(data, colorspace=_FAST[channels], strict=True)
    if pixels.shape[1::-1] != size:
        raise JpegError(f"{pixels.shape} for {size}")
    return pixels[:, :, 0] if channels == 1 else pixels


def _decompress(data: bytes) -> bytes:
    try:
        return _qpdf(data)
    except JpegError:
        end = data.rfind(_END)
        for stray in range(1, _STRAY + 1) if end > _STRAY else ():
            try:
                return _qpdf(data[: end - stray] + _END)
            except JpegError:
                continue
        raise


def _qpdf(data: bytes) -> bytes:
    try:
        with pikepdf.new() as pdf:
            stream = pikepdf.Stream(pdf, data, Filter=pikepdf.Name.DCTDecode)
            return stream.read_bytes(pikepdf.StreamDecodeLevel.all)
    except (pikepdf.PikepdfError, RuntimeError, ValueError, MemoryError) as wrong:
        raise JpegError(str(wrong)) from wrong
