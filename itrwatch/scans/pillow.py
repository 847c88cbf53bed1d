"""Pillow, kept on a short lead.

Pillow raises a dozen kinds of exceptions for damaged files and warns about others; warnings
must neither end a worker that runs under ``-W error`` nor pass in silence when they mean that
something is missing.
"""

from __future__ import annotations

import struct
import warnings
import zlib
from contextlib import contextmanager
from typing import TYPE_CHECKING

from PIL import Image, ImageFile

from itrwatch.scans.values import ScanError, damaged

if TYPE_CHECKING:
    from collections.abc import Iterator

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
            "A página não coube na memória do computador. Digitalize de novo com resolução menor: 300 dpi bastam.",
            page=page,
        ) from wrong
    except FAILURES as wrong:
        if isinstance(wrong, OSError) and wrong.errno:
            raise  # the disk or the share, not the file
        cut = isinstance(wrong, OSError) and "truncated" in str(wrong).lower()
        raise damaged(what, page=page, incomplete=cut) from wrong
    finally:
        Image.MAX_IMAGE_PIXELS = limit
