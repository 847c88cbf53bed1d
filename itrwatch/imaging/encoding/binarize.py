"""Paper divided out, and the black ink found: what the bitonal layer is made of.

The threshold is not one number for the page: ink is what is darker than halfway between the
paper (white after normalising) and the darkest thing near by, within limits, so that pale
typewriting stays whole and bold print does not run together. What is paler yet is no ink: black would
break it or belie it.

Coloured paper: which colour is the mark's own, and which is the paper's.

To divide the paper out makes white what is bare, but black print blue where the paper is yellow: ink hides the paper,
it is no filter over it. And a scanner's JPEG spreads the colour of the paper over the letters, and takes it from
beside them. So on such paper a mark is coloured only by what no mixture of grey ink and of this paper explains.
Measured on seven papers (yellow, orange, pink, green, blue, kraft, aged) with eleven inks: of three near black, up to 10 938
cells of the map were taken for coloured, and their letters left thin and pale; none now.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from itrwatch.imaging.encoding.codecs import Ink
from itrwatch.imaging.raster import Pixels, Raster
from itrwatch.imaging.resample import averaged, components, coverage, median, quantile, two_thirds

MAP_DPI = 100.0
"""About the resolution of the small picture on which a page is judged: a stroke of 0.25 mm is one cell."""
PAPER_DPI = MAP_DPI / 3
"""Paper is estimated on a picture this small: letters are a pixel or two."""
STROKE_MM = 4.0
"""Dark things narrower than this are marks on paper, not paper."""
DARKEST_PAPER = 0.72
"""A spot darker than this share of the sheet's paper is a picture or a shadow, not paper."""
WHOLE = 0.01
"""How far a factor may be from a whole number, or from one and a half, to be taken for it: that is several times faster."""
MARK = 220
"""A pixel of which no channel is darker (of 255, paper white) is paper."""
SEEN = 232
"""A cell of the map with a mark on it is darker."""
SPECK_PX = 4.0
"""Diagonal in cells of the map: what is smaller gets no patch of its own."""
BESIDE = np.ones((5, 5), np.uint8)
"""As far as the edge of a stroke is a mixture of the stroke and the paper."""
PALE = 165
"""Where nothing is darker (of 255, paper white), all is left to the patches: half-black strokes would lose their hairlines."""
_HALFWAY = np.clip(128 + np.arange(256) * 0.5, 140, 208).astype(np.uint8)
"""The threshold of ink for each darkest grey near by. Measured on print of 8 to 13 points, in greys of 100 to 215: up to `PALE`,
at most 2.5 % of the strokes are lost, and 7 % above, where a patch of 200 dpi has them; with 190 and no `PALE` it was up to 26 %."""


Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class CleanPage:
    """A page with its paper made white, as far as somebody looks: ``small`` at about `MAP_DPI`, the rest by `window`.

    ``scanned``: the pixels as they came at ``dpi``, grey or RGB; ``paper``: theirs, of the shape of ``small``, None
    when it is white. ``darkest`` and ``lightest``: of the channels of ``small``. ``tinted``: the paper is coloured.
    """

    scanned: Pixels
    paper: Pixels | None
    small: Pixels
    darkest: Pixels
    lightest: Pixels
    dpi: float
    tinted: bool = False

    @property
    def colour(self) -> bool:
        """Whether there are three channels."""
        return self.scanned.ndim == 3

    def window(self, rows: slice, columns: slice) -> Pixels:
        """A part of the page at ``dpi`` with its paper made white, grey or RGB."""
        part = self.scanned[rows, columns]
        return part if self.paper is None else _whitened(part, self._beneath(self.paper, rows, columns))

    def colours(self, rows: slice, columns: slice, white: Pixels, coloured: int) -> tuple[Pixels, Pixels]:
        """The lightest channel of each pixel, and its chroma, as the marks' own.

        ``white``: the `window` there, RGB. ``coloured``: the chroma from which a pixel is so for certain; beside one, where blue ink
        and yellow paper make grey, nothing is the paper's.
        """
        darkest, lightest = extremes(white)
        plain = np.asarray(cv2.subtract(lightest, darkest), np.uint8)
        if not self.tinted or self.paper is None:
            return lightest, plain
        marks = darkest < MARK
        beneath = _spread(self._beneath(self.paper, rows, columns), white.shape)
        own = plain.copy()
        lightest[marks], own[marks] = own_colours(self.scanned[rows, columns][marks], beneath[marks])
        beside = cv2.dilate((marks & (own >= coloured)).view(np.uint8), BESIDE)
        return lightest, np.asarray(np.where(beside > 0, np.maximum(own, plain), own), np.uint8)

    def chroma(self, coloured: int) -> Pixels:
        """The chroma of ``small``; less than ``coloured`` where that may be the colour of the paper."""
        plain = np.asarray(cv2.subtract(self.lightest, self.darkest), np.uint8)
        if not self.tinted or self.paper is None:
            return plain
        doubtful = plain >= coloured
        beneath = self.paper[doubtful]
        _, own = own_colours((self.small[doubtful] * (beneath / np.float32(255))).astype(np.uint8), beneath)
        plain[doubtful] = np.where(own < coloured, coloured - 1, plain[doubtful])
        return plain

    def _beneath(self, paper: Pixels, rows: slice, columns: slice) -> Pixels:
        down, across = (paper.shape[side] / self.scanned.shape[side] for side in (0, 1))
        return paper[_cells(rows, down), _cells(columns, across)]


def clean(raster: Raster, small: Pixels | None = None) -> CleanPage:
    """Divide the paper out; tint, shadow and uneven light become white.

    ``small``: the raster at about `MAP_DPI`, if somebody has made it already.
    """
    if small is None:
        small = shrink(raster.pixels, raster.dpi, MAP_DPI)
    paper = _spread(_paper(small, raster.dpi * small.shape[0] / raster.pixels.shape[0]), small.shape)
    white = _whitened(small, paper)
    tinted = paper.ndim == 3 and is_tinted(paper)
    return CleanPage(raster.pixels, paper, white, *extremes(white), raster.dpi, tinted)


def unchanged(raster: Raster) -> CleanPage:
    """A bilevel page, whose paper is white already."""
    small = shrink(raster.pixels, raster.dpi, MAP_DPI)
    return CleanPage(raster.pixels, None, small, small, small, raster.dpi)


def find_ink(page: CleanPage) -> Ink:
    """Ink at the page's own resolution: darker than halfway to the darkest ink near by, if that is dark.

    It is the threshold that is made as dark as the paper: that takes a ninth of what it takes to whiten the scan.
    """
    near = np.ones((_odd(3.0, MAP_DPI),) * 2, np.uint8)
    small = _grey(page.small)
    darkest = cv2.erode(small, near)
    threshold = cv2.LUT(cv2.blur(darkest, near.shape), _HALFWAY)
    if page.paper is not None:
        threshold = cv2.multiply(threshold, _grey(page.paper), scale=1 / 255)
    grey = _grey(page.scanned)
    ink = np.asarray(grey < _spread(np.asarray(threshold, np.uint8), grey.shape), np.bool_)
    marks = (darkest > PALE) & (small < SEEN)
    if not _any_mark(marks):
        return ink
    pale = cv2.erode(_darkest(grey, page), near) > PALE
    return _without_pale(ink, page, pale) if _any_mark(marks & pale) else ink


def _any_mark(mask: Mask) -> bool:
    """Whether anything but specks is there; by outlines, of which most pages have a few."""
    outlines, _ = cv2.findContours(mask.view(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    return any(math.hypot(*cv2.boundingRect(outline)[2:]) >= SPECK_PX for outline in outlines)


def _darkest(grey: Pixels, page: CleanPage) -> Pixels:
    """For each cell of the map, the darkest pixel of the scan, its paper made white: a black hairline is pale only on the map."""
    step = max(1, round(page.dpi / MAP_DPI))
    darkest = cv2.erode(grey, np.ones((step, step), np.uint8))[step // 2 :: step, step // 2 :: step]
    height, width = page.small.shape[:2]
    if darkest.shape != (height, width):
        darkest = cv2.resize(darkest, (width, height), interpolation=cv2.INTER_NEAREST)
    if page.paper is not None:
        darkest = cv2.divide(darkest, _grey(page.paper), scale=255)
    return np.asarray(darkest, np.uint8)


def _without_pale(ink: Ink, page: CleanPage, pale: Mask) -> Ink:
    """``ink``, changed in place, without the marks that lie mostly where all is ``pale``: a mark is ink or none, never half of it."""
    cells = on_map(ink, page) > 0
    if not (cells & pale).any():
        return ink
    found = components(cv2.dilate(cells.view(np.uint8), np.ones((3, 3), np.uint8)))
    all_cells = np.bincount(found.labels[cells], minlength=found.number)
    mostly = np.bincount(found.labels[cells & pale], minlength=found.number) * 2 > all_cells
    if mostly.any():
        ink &= ~enlarged(mostly[found.labels], ink.shape)  # with a cell around it: the map is not quite in step
    return ink


def on_map(ink: Ink, page: CleanPage) -> Pixels:
    """How much of each cell of the map is ink, 0 to 255."""
    whole = whole_factor(ink.shape, page.dpi / MAP_DPI)
    shown = coverage(ink, whole) if whole else shrink(ink.view(np.uint8) * np.uint8(255), page.dpi, MAP_DPI)
    if shown.shape != page.small.shape[:2]:  # the small picture was made before the page was turned or reduced
        shown = np.asarray(cv2.resize(shown, page.small.shape[1::-1], interpolation=cv2.INTER_AREA), np.uint8)
    return shown


def enlarged(mask: Mask, shape: tuple[int, ...]) -> Mask:
    """``mask`` at the rows and columns of ``shape``."""
    size = (shape[1], shape[0])
    return np.asarray(cv2.resize(mask.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST) > 0, np.bool_)


def shrink(pixels: Pixels, dpi: float, to_dpi: float) -> Pixels:
    """``pixels`` reduced from ``dpi`` to at most about ``to_dpi`` by averaging; never enlarged.

    For a whole factor, up to ``factor - 1`` pixels of the right and lower border are given up.
    """
    factor = max(1.0, dpi / to_dpi)
    height, width = pixels.shape[:2]
    if whole := whole_factor((height, width), factor):
        return averaged(pixels, whole)
    if abs(factor - 1.5) <= WHOLE and min(height, width) > 1:
        return two_thirds(pixels)
    size = (max(1, round(width / factor)), max(1, round(height / factor)))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)


def whole_factor(shape: tuple[int, ...], factor: float) -> int:
    """The whole number that ``factor`` is near enough to, to make a picture of ``shape`` smaller by; 0 if there is none."""
    whole = round(factor)
    return whole if whole > 1 and abs(factor - whole) <= WHOLE * whole and min(shape[:2]) >= whole else 0


def extremes(channels: Pixels) -> tuple[Pixels, Pixels]:
    """The darkest and the lightest channel of each cell; grey is both."""
    if channels.ndim == 2:
        return channels, channels
    first, second, third = cv2.split(channels)
    darkest, lightest = cv2.min(cv2.min(first, second), third), cv2.max(cv2.max(first, second), third)
    return np.asarray(darkest, np.uint8), np.asarray(lightest, np.uint8)


def _cells(side: slice, share: float) -> slice:
    """The cells of a small picture, ``share`` as long as the page, that ``side`` of the page touches."""
    return slice(int(side.start * share), max(int(side.start * share) + 1, math.ceil(side.stop * share)))


def _grey(pixels: Pixels) -> Pixels:
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), np.uint8) if pixels.ndim == 3 else pixels


def _whitened(pixels: Pixels, paper: Pixels) -> Pixels:
    return np.asarray(cv2.divide(pixels, _spread(paper, pixels.shape), scale=255), np.uint8)


def _spread(small: Pixels, shape: tuple[int, ...]) -> Pixels:
    """``small`` laid smoothly over the rows and columns of ``shape``."""
    return np.asarray(cv2.resize(small, (shape[1], shape[0]), interpolation=cv2.INTER_LINEAR), np.uint8)


def _paper(small: Pixels, dpi: float) -> Pixels:
    tiny = shrink(small, dpi, PAPER_DPI)
    sample = tiny[::2, ::2]
    sheet = np.array([quantile(channel, 0.9) for channel in np.moveaxis(np.atleast_3d(sample), 2, 0)])
    window = _odd(STROKE_MM, PAPER_DPI)
    paper = np.asarray(cv2.dilate(cv2.medianBlur(tiny, 3), np.ones((window, window), np.uint8)), np.uint8)
    light = cv2.inRange(paper, np.ceil(DARKEST_PAPER * sheet), np.full(sheet.shape, 255.0))
    paper[light == 0] = sheet if tiny.ndim == 3 else sheet[0]
    return np.maximum(np.asarray(cv2.blur(paper, (window, window)), np.uint8), 1)


def _odd(mm: float, dpi: float) -> int:
    return int(mm / 25.4 * dpi) // 2 * 2 + 1


TINTED = 24
"""Difference between the channels of the paper (of 255) from which it is coloured."""
SPREAD = 0.2
"""How much of the paper's colour a JPEG spreads over a stroke: beyond what its lightness lets through."""


def is_tinted(paper: Pixels) -> bool:
    """Whether a sheet is coloured; ``paper``: RGB, the paper wherever something stands on it."""
    sheet = [median(np.ascontiguousarray(paper[::8, ::8, channel])) for channel in range(3)]
    return bool(max(sheet) - min(sheet) > TINTED)


def own_colours(scanned: Pixels, paper: Pixels) -> tuple[Pixels, Pixels]:
    """The lightest channel of each pixel beside the lightest of its paper, and how far its colour is from the paper's.

    Both RGB, ``(n, 3)``, and both results 0 to 255. That the colour is the paper's: grey, mixed with what of it shines through or was spread.
    """
    level = np.float32(255) / paper.max(axis=-1, keepdims=True)
    pixel, sheet = scanned * level, paper * level
    lightness = pixel.mean(axis=-1, keepdims=True) / sheet.mean(axis=-1, keepdims=True)
    pixel_colour, sheet_colour = _colour(pixel), _colour(sheet)
    along = (pixel_colour * sheet_colour).sum(axis=-1, keepdims=True)
    share = along / np.maximum((sheet_colour * sheet_colour).sum(axis=-1, keepdims=True), 1)
    own = pixel_colour - np.clip(share, 0, np.minimum(1, lightness + SPREAD)) * sheet_colour
    chroma = own.max(axis=-1) - own.min(axis=-1)
    return _as_pixels(pixel.max(axis=-1)), _as_pixels(chroma)


def _colour(pixels: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(pixels - pixels.mean(axis=-1, keepdims=True), np.float32)


def _as_pixels(values: NDArray[np.float32]) -> Pixels:
    return np.asarray(np.clip(values, 0, 255), np.uint8)
