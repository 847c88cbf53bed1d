"""Checks an almost completely dark page with a second decoder.

    judge_dark(Path("a.tif"), ScanKind.TIFF, 1, pixels) -> None, or `ScanError` where another decoder shows a light page

A decoder that misinterprets samples gives a negative or a black page without an error. Paper is light; therefore a page that
is dark almost everywhere is also decoded by another library (OpenCV for pictures, pdfium for a PDF). If that shows a light
page, the page is refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from itrwatch.scans.pdf.document import open_document
from itrwatch.scans.pdf.drawing import draw_small
from itrwatch.scans.plain_file import contents
from itrwatch.scans.values import ScanError, ScanKind

if TYPE_CHECKING:
    from pathlib import Path

    from itrwatch.imaging.raster import Pixels

_SIDE = 64
"""Side in px of the pictures that are compared. Chosen."""
_SAMPLES = 4
"""Each compared pixel is the mean of at least this number squared of sampled pixels. Chosen: all pixels of an A4 page take 20 ms, these 1.5 ms."""
_DARK, _DARK_SHARE = 80, 0.6
"""Grey level below which a spot is dark, and the share of dark spots from which a page is checked (chosen: a photograph with dark
surroundings is checked, which costs one decoding; a scan of black and white print has a tenth)."""
_DISAGREE = 60
"""Mean difference of two decoders, of 255: rounding makes 2, a negative of dark paper 100 and more. Chosen."""
_BELIEVE_NONE = (
    "A página sai quase toda escura num leitor de imagens e clara em outro: o arquivo é escrito de um modo que não se lê com segurança. "
    "Abra-o no programa em que ele aparece certo, imprima em PDF e ponha o PDF impresso no lugar dele."
)


def judge_dark(path: Path, kind: ScanKind, page: int, pixels: Pixels) -> None:
    """Raise `ScanError` if ``pixels`` are dark and another decoder gives a different page ``page`` of the file; nothing if that cannot read it."""
    ours = _small(pixels)
    if (ours < _DARK).mean() < _DARK_SHARE:
        return
    other = _of_pdf(path, page) if kind is ScanKind.PDF else _of_picture(path, page)
    if other is None:
        return
    theirs = _small(other)
    # The other decoder may ignore or apply the rotation in the header: compare all four.
    if min(float(np.abs(np.rot90(ours, turn) - theirs).mean()) for turn in range(4)) > _DISAGREE:
        raise ScanError(_BELIEVE_NONE)


def _small(pixels: Pixels) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    # Every `few`-th pixel, then means: aliasing does not affect the brightness of a spot.
    few = max(1, min(pixels.shape[:2]) // (_SAMPLES * _SIDE))
    pixels = np.ascontiguousarray(pixels[::few, ::few])
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY) if pixels.ndim == 3 else pixels
    return np.asarray(cv2.resize(grey, (_SIDE, _SIDE), interpolation=cv2.INTER_AREA), np.float32)


def _of_picture(path: Path, page: int) -> Pixels | None:
    """The page decoded by OpenCV; None if it cannot read it, or counts pages differently."""
    try:
        data = np.frombuffer(contents(path), np.uint8)
        read, pictures = cv2.imdecodemulti(data, cv2.IMREAD_COLOR)
    except cv2.error:
        return None
    if not read or len(pictures) < page:
        return None
    return np.asarray(cv2.cvtColor(pictures[page - 1], cv2.COLOR_BGR2RGB), np.uint8)


def _of_pdf(path: Path, page: int) -> Pixels | None:
    try:
        return draw_small(open_document(path), page, 4 * _SIDE)
    except ScanError:  # the page was read from a repaired copy in memory
        return None
