"""A page ready for the PDF: coded layers and the place of its folha number.

Lengths are in points (1/72 inch); x runs right and y runs DOWN from the upper left corner
of the page as it is read. Only `pdf` turns y around.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from itrwatch.core.pages import Encoding, Rung, Turn

Coding = Literal[
    "g4", "jpeg-grey", "jpeg-rgb", "flate-grey", "flate-rgb", "flate-1bit", "form", "jbig2", "jpx-grey", "jpx-rgb"
]
"""How ``Layer.data`` is coded.

``g4`` is a stencil: the black runs of the code are painted black, the rest lets what lies below show. The code
is deflated once more, which makes it a tenth smaller and gives it a checksum.
``flate-1bit`` is an opaque image, 0 for black. ``form`` is a born-digital page as it was: the data is the
PDF of a `VectorPage`, its letters and lines are painted at their size into ``box``; width and height are 0.
``jbig2`` and ``jpx-…`` only come from a scan that had them (`SourcePicture`): plain segments, and 8 bits a sample.
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
    """One image of a page: ``data`` as it stands in the PDF, ``width`` × ``height`` px, painted over ``box``.

    ``shared``: how much of a form's data (typefaces, colour profiles; bytes) a file may hold once for many pages.
    ``turn``: degrees clockwise by which the image is turned while it is painted; ``box`` is where it lies then.
    """

    coding: Coding
    data: bytes
    width: int
    height: int
    box: Box
    shared: int = 0
    turn: Turn = 0


@dataclass(frozen=True, slots=True)
class SourcePicture:
    """The one image that a scanned page consists of, as the scan has it: it may be published unchanged.

    ``box``: where it lies on the page as displayed, pt; ``turn``: how it is turned there.
    """

    coding: Coding
    data: bytes
    width: int
    height: int
    box: Box
    turn: Turn = 0


@dataclass(frozen=True, slots=True)
class VectorPage:
    """A page of text and lines, made fit for PDF/A: a PDF of one page with one form ``/P``, upright.

    ``width`` and ``height`` of what is seen of it, pt; ``shared`` as in `Layer`; ``pages``: how many pages
    its document has, which are likely to be set in the same typefaces.
    """

    data: bytes
    width: float
    height: float
    shared: int
    pages: int


@dataclass(frozen=True, slots=True)
class Word:
    """A word that was read surely on a page: its box, and the number of its line in reading order.

    What was read stays with the pages: it is in no log, manifest or name.
    """

    text: str
    box: Box
    line: int


@dataclass(frozen=True, slots=True)
class EncodedPage:
    """A page to write: size in pt, layers in painting order, where the folha number goes.

    ``number``: the clear box (pt) in which the number is set, right-aligned; it lies in the
    white ``strip`` (pt, already part of ``height``) above the scan when the corner was full.
    ``words``: the text layer, in reading order; none lies where the number goes.
    ``rung``: how carefully it had to be coded, and ``why``, in English with figures, for manifest and log.
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
        """At least what the coded layers take in a file."""
        return sum(len(layer.data) - layer.shared for layer in self.layers)
