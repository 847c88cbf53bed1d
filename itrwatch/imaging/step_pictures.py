"""Pictures of the steps from a scan to its published page, for `itrwatch page`.

    write_step_pictures(Path("p"), raster, contrast, encoded) -> “1 digitalizada.png” … “4 publicada.png” in p/

1 the scan as scanned · 2 contrast against the paper, white to black · 3 the classification of each mark: black print black,
tone red, dust blue · 4 the published page, rendered from the bytes of its layers at 150 dpi.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from itrwatch.core.encoded_page import EncodedPage
from itrwatch.imaging.analysis.ink_groups import Ink
from itrwatch.imaging.analysis.page_model import model_page
from itrwatch.imaging.encoding.rendering import decode_stencil, render
from itrwatch.imaging.raster import Pixels, Raster

INKS = {Ink.PAPER: (255, 255, 255), Ink.BLACK: (0, 0, 0), Ink.TONE: (220, 80, 40), Ink.DUST: (150, 200, 255)}
"""The display colour of each kind of ink. Chosen."""
SHOWN_DPI = 150.0
"""Chosen: print can be read, a picture has less than 3 megapixels."""


def write_step_pictures(folder: Path, scan: Raster, contrast: NDArray[np.generic], coded: EncodedPage) -> None:
    """``write_step_pictures(Path("p"), raster, paper.contrast, encoded)`` → four PNG in ``folder``; `OSError`.

    ``contrast``: 0 to 1. A bilevel scan has no picture of its inks.
    """
    folder.mkdir(parents=True, exist_ok=True)
    _save(folder / "1 digitalizada.png", scan.pixels)
    _save(folder / "2 contraste.png", _as_grey(contrast))
    if not scan.bilevel:
        _save(folder / "3 tintas.png", _inks(scan))
    px_per_pt = SHOWN_DPI / 72
    shape = (round(coded.height * px_per_pt), round(coded.width * px_per_pt))
    stencils = [decode_stencil(layer) for layer in coded.layers if layer.coding == "g4"]
    _save(folder / "4 publicada.png", render(coded.layers, stencils, shape, px_per_pt, colour=True))


def _inks(raster: Raster) -> Pixels:
    """The classification of each mark, in the colours of `INKS`."""
    kinds = model_page(raster).groups.kinds
    colours = np.array([INKS[Ink(value)] for value in range(len(INKS))], np.uint8)
    return np.asarray(colours[kinds])


def _as_grey(contrast: NDArray[np.generic]) -> Pixels:
    return np.asarray(255 - 255 * np.clip(np.asarray(contrast, np.float32), 0, 1), np.uint8)


def _save(path: Path, pixels: Pixels) -> None:
    Image.fromarray(pixels).save(path)
