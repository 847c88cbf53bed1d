"""A page ready for the PDF: coded layers and the place of its folha number.

Lengths are in points (1/72 inch); x runs right and y runs DOWN from the upper left corner
of the upright page. Only `pdf` converts y.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from itrwatch.core.pages import Encoding, Rung, Turn

Coding = Literal[
    "g4",
    "jpeg-grey",
    "jpeg-rgb",
    "flate-grey",
    "flate-rgb",
    "flate-1bit",
    "flate-indexed",
    "png-grey",
    "png-rgb",
    "form",
    "jbig2",
    "jpx-grey",
    "jpx-rgb",
]
"""How ``Layer.data`` is coded.

``g4``: a stencil mask; black runs are painted black, the rest is transparent. The code is deflated as well,
which makes it a tenth smaller and gives it a checksum.
``flate-1bit``: an opaque image, 0 is black. ``flate-indexed``: indices into ``palette``, `index_bits` each. ``png-…``: rows filtered
as in PNG, with the filter in front of each. ``form``: an unchanged born-digital page; the data is the PDF
of a `VectorPage`, painted at its size into ``box``; width and height are 0.
``jbig2`` and ``jpx-…``: only from a scan that has them (`SourcePicture`); plain segments, and 8 bits a sample.
"""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pt, ``right`` and ``bottom`` exclusive."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Layer:
    """One image of a page: ``data`` as stored in the PDF, ``width`` × ``height`` px, painted over ``box``.

    ``shared``: bytes of a form's data (typefaces, colour profiles) that a file may store once for many pages.
    ``turn``: degrees clockwise by which the image is rotated when painted; ``box`` is the rectangle after rotation.
    ``palette``: the colours of an indexed image, three bytes each: red, green, blue.
    """

    coding: Coding
    data: bytes
    width: int
    height: int
    box: Box
    shared: int = 0
    turn: Turn = 0
    palette: bytes = b""

    @property
    def index_bits(self) -> int:
        """Bits of each index: the least of 1, 2, 4 and 8 that can name all colours of the palette."""
        return next(bits for bits in (1, 2, 4, 8) if len(self.palette) <= 3 << bits)


@dataclass(frozen=True, slots=True)
class SourcePicture:
    """The single image of a scanned page as stored in the scan; it may be published unchanged.

    ``box``: its rectangle on the displayed page, pt; ``turn``: its rotation there, degrees clockwise.
    """

    coding: Coding
    data: bytes
    width: int
    height: int
    box: Box
    turn: Turn = 0


@dataclass(frozen=True, slots=True)
class VectorPage:
    """A page that is painted as it is, prepared for PDF/A: a PDF of one upright page with one form ``/P``.

    ``width`` and ``height`` of the visible part, pt; ``shared`` as in `Layer`; ``pages``: the number of pages of
    its document, which probably use the same typefaces. ``pictures``: whether it has only images, neither text nor lines; then
    ``spare`` is what a part leaves out of ``data``: the letters of standard fonts that are not shown.
    """

    data: bytes
    width: float
    height: float
    shared: int
    pages: int
    pictures: bool = False
    spare: int = 0

    @property
    def weight(self) -> int:
        """The bytes that it has in a part."""
        return len(self.data) - self.spare


@dataclass(frozen=True, slots=True)
class Word:
    """A word recognised with certainty on a page: its box, and the number of its line in reading order.

    Recognised text stays with the pages: no log, manifest or name contains it.
    """

    text: str
    box: Box
    line: int


@dataclass(frozen=True, slots=True)
class EncodedPage:
    """A page to write: size in pt, layers in painting order, box of the folha number.

    ``number``: the clear box (pt) in which the number is set, right-aligned; if the corner was full, it lies in
    the white ``strip`` (pt, included in ``height``) above the scan.
    ``words``: the text layer, in reading order; no word overlaps the number.
    ``rung``: the coding that passed the reconstruction check; ``why``: the reason in English with figures, for manifest and log.
    """

    width: float
    height: float
    layers: tuple[Layer, ...]
    encoding: Encoding
    number: Box
    strip: float = 0.0
    rung: Rung = Rung.LAYERS
    why: str = ""
    words: tuple[Word, ...] = ()

    @property
    def bytes(self) -> int:
        """Lower bound of the size of the coded layers in a file, bytes."""
        return sum(len(layer.data) - layer.shared for layer in self.layers)
