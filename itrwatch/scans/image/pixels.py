"""Steps that every format of images needs: white behind transparency, turning, square pixels; and Pillow's errors.

    square(uint8 (1100, 1728), 204, 98, bilevel=True) -> (uint8 of square pixels, their dpi)

Pillow raises a dozen kinds of exceptions for damaged files and warns about others. `strict` turns all of them, and the warnings
that mean missing data, into `ScanError`.
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
"""What Pillow is known to raise for files that it cannot read."""


@contextmanager
def strict(what: str, *, page: int | None = None) -> Iterator[None]:
    """Turn whatever Pillow raises into a `ScanError` about ``what``; nothing truncated is loaded.

    Sizes are judged by the caller, before loading: Pillow's own limit only warns at first, and
    warns at sizes that are usual for plans. Its other warnings are about metadata (EXIF, ICC), which is not used.
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
            raise  # the disk or the share, not the file
        cut = isinstance(wrong, OSError) and "truncated" in str(wrong).lower()
        raise damaged(what, page=page, incomplete=cut) from wrong
    finally:
        Image.MAX_IMAGE_PIXELS = limit


_SAME = 0.01
"""Resolutions this close count as one: a page size rounded to whole points is no distortion. Chosen."""


def to_pixels(image: Image.Image) -> Pixels:
    """A loaded Pillow image as grey or RGB; transparency is laid over white, 16 bits lose the lower 8.

    Raises ValueError for modes that no scanner writes (floating point, LAB, 32 bits).
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
    """One channel instead of three equal ones."""
    if pixels.ndim == 2 or any(not np.array_equal(pixels[..., 0], pixels[..., other]) for other in (1, 2)):
        return pixels
    return np.ascontiguousarray(pixels[..., 0])


def black_and_white(pixels: Pixels) -> bool:
    """Whether there is nothing but 0 and 255 in one channel."""
    return pixels.ndim == 2 and not bool(np.any((pixels != 0) & (pixels != 255)))


def orient(pixels: Pixels, orientation: int) -> Pixels:
    """Bring an image upright by its EXIF or TIFF orientation (1 to 8; others count as 1)."""
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
    """Whether two resolutions differ by no more than rounding."""
    return abs(dpi_x - dpi_y) <= _SAME * max(dpi_x, dpi_y)


def squared_size(width: int, height: int, dpi_x: float, dpi_y: float) -> tuple[int, int]:
    """The size in px after `square`."""
    if same_dpi(dpi_x, dpi_y):
        return width, height
    dpi = max(dpi_x, dpi_y)
    return round(width * dpi / dpi_x), round(height * dpi / dpi_y)


def square(pixels: Pixels, dpi_x: float, dpi_y: float, *, bilevel: bool) -> tuple[Pixels, float]:
    """The same sheet with one resolution, the finer one.

    Bilevel pixels are repeated, not blended: a fax's lines stay exactly what was received.
    """
    if same_dpi(dpi_x, dpi_y):
        return pixels, (dpi_x + dpi_y) / 2
    size = squared_size(pixels.shape[1], pixels.shape[0], dpi_x, dpi_y)
    how = Image.Resampling.NEAREST if bilevel else Image.Resampling.BICUBIC
    return np.asarray(Image.fromarray(pixels).resize(size, how)), max(dpi_x, dpi_y)
