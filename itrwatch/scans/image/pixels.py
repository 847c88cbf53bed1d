"""Steps shared by all image formats: transparency over white, orientation, square pixels, and Pillow's errors.

    square(uint8 (1100, 1728), 204, 98, bilevel=True) -> (uint8 of square pixels, their dpi)

Pillow raises a dozen kinds of exceptions for damaged files. `strict` converts all of them to `ScanError`.
"""

from __future__ import annotations

import struct
import warnings
import zlib
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageFile

from itrwatch.scans.values import SMALLER, ScanError, damaged

if TYPE_CHECKING:
    from collections.abc import Iterator

    from itrwatch.imaging.raster import Pixels


FAILURES = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
    Image.DecompressionBombError,
)
"""The exceptions that Pillow raises for unreadable files."""


@contextmanager
def strict(what: str, *, page: int | None = None) -> Iterator[None]:
    """Convert exceptions of Pillow to `ScanError` about ``what``; truncated files are not loaded.

    The caller checks sizes before loading: Pillow's own limit only warns at first, at sizes that are usual for
    plans. Its other warnings, about unused metadata (EXIF, ICC), are ignored. `OSError` with an errno is passed on.
    """
    limit, Image.MAX_IMAGE_PIXELS = Image.MAX_IMAGE_PIXELS, None
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except ScanError:
        raise
    except MemoryError as wrong:
        raise ScanError(
            f"A página não coube na memória do computador. {SMALLER}",
            page=page,
        ) from wrong
    except FAILURES as wrong:
        if isinstance(wrong, OSError) and wrong.errno:
            raise  # an error of the disk or the share, not of the file
        cut = isinstance(wrong, OSError) and "truncated" in str(wrong).lower()
        raise damaged(what, page=page, incomplete=cut) from wrong
    finally:
        Image.MAX_IMAGE_PIXELS = limit


_SAME = 0.01
"""Relative difference up to which two resolutions are equal: page sizes are rounded to whole points. Chosen."""


def to_pixels(image: Image.Image) -> Pixels:
    """A loaded Pillow image → uint8 ``(h, w)`` grey or ``(h, w, 3)`` RGB.

    Transparency is composed over white; samples of 16 bits lose the lower 8. Raises `ValueError` for modes that no
    scanner writes (floating point, LAB, 32 bits).
    """
    if image.mode.startswith("I;16"):
        return (np.asarray(image) >> 8).astype(np.uint8)
    if image.mode in ("LA", "La", "RGBA", "RGBa", "PA") or "transparency" in image.info:
        solid = image.convert("RGBA")
        paper = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(paper, solid).convert("L" if image.mode in ("1", "L", "LA", "La") else "RGB")
    if image.mode == "1":
        image = image.convert("L")
    if image.mode in ("P", "CMYK", "YCbCr"):
        image = image.convert("RGB")
    if image.mode not in ("L", "RGB"):
        raise ValueError(f"mode {image.mode}")
    return grey_if_equal(np.asarray(image)) if image.palette else np.asarray(image)


def grey_if_equal(pixels: Pixels) -> Pixels:
    """``pixels`` with one channel if its three channels are equal."""
    if pixels.ndim == 2 or any(not np.array_equal(pixels[..., 0], pixels[..., other]) for other in (1, 2)):
        return pixels
    return np.ascontiguousarray(pixels[..., 0])


def black_and_white(pixels: Pixels) -> bool:
    """Whether ``pixels`` has one channel with only the values 0 and 255."""
    return pixels.ndim == 2 and not bool(np.any((pixels != 0) & (pixels != 255)))


def orient(pixels: Pixels, orientation: int) -> Pixels:
    """Apply an EXIF or TIFF orientation (1 to 8; other values count as 1)."""
    if not 2 <= orientation <= 8:
        return pixels
    if orientation >= 5:
        pixels = pixels.swapaxes(0, 1)
    if orientation in (2, 3, 6, 7):
        pixels = pixels[:, ::-1]
    if orientation in (3, 4, 7, 8):
        pixels = pixels[::-1]
    return np.ascontiguousarray(pixels)


def same_dpi(dpi_x: float, dpi_y: float) -> bool:
    """Whether two resolutions are equal within `_SAME`."""
    return abs(dpi_x - dpi_y) <= _SAME * max(dpi_x, dpi_y)


def squared_size(width: int, height: int, dpi_x: float, dpi_y: float) -> tuple[int, int]:
    """Width and height in px after `square`."""
    if same_dpi(dpi_x, dpi_y):
        return width, height
    dpi = max(dpi_x, dpi_y)
    return round(width * dpi / dpi_x), round(height * dpi / dpi_y)


def square(pixels: Pixels, dpi_x: float, dpi_y: float, *, bilevel: bool) -> tuple[Pixels, float]:
    """Resample to square pixels at the higher of the two resolutions; returns pixels and dpi.

    Bilevel pixels are repeated, not interpolated, so that the lines of a fax stay exactly as received.
    """
    if same_dpi(dpi_x, dpi_y):
        return pixels, (dpi_x + dpi_y) / 2
    size = squared_size(pixels.shape[1], pixels.shape[0], dpi_x, dpi_y)
    how = Image.Resampling.NEAREST if bilevel else Image.Resampling.BICUBIC
    return np.asarray(Image.fromarray(pixels).resize(size, how)), max(dpi_x, dpi_y)
