"""Page boxes of a PDF, and the position of an image relative to them (ISO 32000-1, 8.3 and 14.11.2).

    frame_of(page) -> Frame(rect=(0, 0, 595, 842), quarters=1, unit=1.0): A4, shown landscape

*Display space*: user-space units from the upper left corner of the page as a viewer shows it, y
downwards; CropBox within MediaBox, /Rotate applied.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pikepdf
from pikepdf import Array, Matrix, Name

from itrwatch.scans.pdf.streams import StreamError

if TYPE_CHECKING:
    from itrwatch.core.pages import Turn
    from itrwatch.imaging.raster import Pixels


_LETTER = (0.0, 0.0, 612.0, 792.0)
"""The box that viewers assume for a page without MediaBox."""
_ROUNDING_PT = 1.0
"""Edges within this distance are the same edge, in user-space units: producers round page sizes to whole points. Chosen."""
_MAX_TREE = 100
"""Most levels of the page tree that are searched upwards. Chosen."""
WHITE = 255


@dataclass(frozen=True, slots=True)
class Frame:
    """The visible part of a page: ``rect`` in user space, ``quarters`` turns clockwise, ``unit`` pt per user-space unit."""

    rect: Rect
    quarters: int
    unit: float

    @property
    def size(self) -> tuple[float, float]:
        """Width and height as displayed, in user-space units."""
        width, height = self.rect[2] - self.rect[0], self.rect[3] - self.rect[1]
        return (height, width) if self.quarters % 2 else (width, height)

    @property
    def inches(self) -> tuple[float, float]:
        """Width and height of the sheet as displayed."""
        return self.size[0] * self.unit / 72, self.size[1] * self.unit / 72

    @property
    def to_display(self) -> Matrix:
        """The matrix from user space to display space."""
        x0, y0, x1, y1 = self.rect
        return (
            # For 0, 90, 180 and 270 degrees: y is flipped and the corner of the box becomes the origin.
            Matrix(1, 0, 0, -1, -x0, y1),
            Matrix(0, 1, 1, 0, -y0, -x0),
            Matrix(-1, 0, 0, 1, x1, -y0),
            Matrix(0, -1, -1, 0, y1, x1),
        )[self.quarters]


def frame_of(page: pikepdf.Object) -> Frame:
    """The `Frame` of a page; raises `StreamError` if its boxes are invalid, or it is smaller than 0.01 or larger than 10 000 inches."""
    try:
        media = _rect(inherited(page, Name.MediaBox))
        if media is None or not (media[0] < media[2] and media[1] < media[3]):
            media = _LETTER  # as viewers do
        crop = intersect(_rect(inherited(page, Name.CropBox)) or media, media)
        quarters = int(inherited(page, Name.Rotate) or 0) // 90 % 4
        unit = float(page.get(Name.UserUnit, 1))
    except (TypeError, ValueError) as wrong:
        raise StreamError(f"page boxes: {wrong}") from wrong
    rect = crop if crop[0] < crop[2] and crop[1] < crop[3] else media
    frame = Frame(rect, quarters, unit)
    if not min(frame.inches) > 0.01 or not max(frame.inches) < 10_000:
        raise StreamError(f"page of {frame.inches} inches")
    return frame


def inherited(page: pikepdf.Object, key: Name) -> Any:
    """The value of ``key`` on the page or its nearest ancestor; None if there is none."""
    node: Any = page
    for _ in range(_MAX_TREE):
        if node is None or key in node:
            return node.get(key) if node is not None else None
        node = node.get(Name.Parent)
    return None


def turned(pixels: Pixels, matrix: Matrix) -> Pixels:
    """Image samples as ``matrix`` (unit square to display space) shows them: rotated by quarter turns and mirrored."""
    if abs(matrix.a) > abs(matrix.b):
        rows, columns = (-1 if matrix.d > 0 else 1), (-1 if matrix.a < 0 else 1)
    else:
        # A quarter turn is a transposition and one reversal.
        pixels = pixels.swapaxes(0, 1)
        rows, columns = (-1 if matrix.b < 0 else 1), (-1 if matrix.c > 0 else 1)
    return np.ascontiguousarray(pixels[::rows, ::columns])


def quarter_turn(matrix: Matrix) -> Turn | None:
    """The clockwise rotation of an image by ``matrix`` (unit square to display space), degrees; None if it is mirrored."""
    if abs(matrix.a) > abs(matrix.b):
        if (matrix.a > 0) != (matrix.d < 0):
            return None
        return 0 if matrix.a > 0 else 180
    if (matrix.b > 0) != (matrix.c > 0):
        return None
    return 90 if matrix.b > 0 else 270


@dataclass(frozen=True, slots=True)
class Window:
    """The visible part of an image: edges of the page and of the clip in px of the image (resampled to square pixels), origin 0, 0."""

    page: tuple[int, int, int, int]
    shown: tuple[int, int, int, int]

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the page, px."""
        return self.page[2] - self.page[0], self.page[3] - self.page[1]


def window(image: Rect, size: tuple[int, int], frame: Frame, clip: Rect | None) -> Window | None:
    """The `Window` of an image of ``size`` px with the rectangle ``image`` (display space); None if nothing is visible."""
    sheet = (0.0, 0.0, *frame.size)
    page = _in_pixels(sheet, image, size)
    visible = _in_pixels(clip, image, size) if clip is not None else page
    shown = tuple(map(round, intersect(intersect(visible, page), (0, 0, *size))))
    if shown[0] >= shown[2] or shown[1] >= shown[3]:
        return None
    return Window(page, (shown[0], shown[1], shown[2], shown[3]))


def framed(pixels: Pixels, view: Window) -> Pixels:
    """The pixels of the page: the visible part of the image on white; the same array if it fills the page exactly."""
    height, width = pixels.shape[:2]
    if view.page == view.shown == (0, 0, width, height):
        return pixels
    left, top, _, _ = view.page
    x0, y0, x1, y1 = view.shown
    page = np.full((view.size[1], view.size[0], *pixels.shape[2:]), WHITE, np.uint8)
    page[y0 - top : y1 - top, x0 - left : x1 - left] = pixels[y0:y1, x0:x1]
    return page


def _in_pixels(edges: Rect, image: Rect, size: tuple[int, int]) -> tuple[int, int, int, int]:
    found = []
    for side in range(4):
        axis = side % 2  # 0: left and right, 1: top and bottom
        scale = size[axis] / (image[axis + 2] - image[axis])
        own = size[axis] if side >= 2 else 0
        same = abs(edges[side] - image[side]) <= _ROUNDING_PT
        found.append(own if same else round((edges[side] - image[axis]) * scale))
    return found[0], found[1], found[2], found[3]


def _rect(value: Any) -> Rect | None:
    if not isinstance(value, Array) or len(value) != 4:
        return None
    x0, y0, x1, y1 = (float(number) for number in value)
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


Rect = tuple[float, float, float, float]
"""x0, y0, x1, y1 with x0 ≤ x1, y0 ≤ y1."""


def upright(matrix: Matrix) -> bool:
    """Whether ``matrix`` keeps rectangles axis-aligned, within a pixel or two across a page."""
    a, b, c, d = matrix.a, matrix.b, matrix.c, matrix.d
    slack = 3e-4  # one pixel in 3 300, the height of A4 at 300 dpi
    straight = abs(b) <= slack * abs(a) and abs(c) <= slack * abs(d)
    turned = abs(a) <= slack * abs(b) and abs(d) <= slack * abs(c)
    return (straight and a * d != 0) or (turned and b * c != 0)


def box(matrix: Matrix, x0: float, y0: float, x1: float, y1: float) -> Rect:
    """The bounding rectangle of a rectangle transformed by ``matrix``."""
    corners = [matrix.transform((x, y)) for x in (x0, x1) for y in (y0, y1)]
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    return min(xs), min(ys), max(xs), max(ys)


def intersect(one: Rect | None, other: Rect) -> Rect:
    """The intersection of two rectangles; empty if x1 ≤ x0 or y1 ≤ y0. ``one`` None: no limit."""
    if one is None:
        return other
    return max(one[0], other[0]), max(one[1], other[1]), min(one[2], other[2]), min(one[3], other[3])
