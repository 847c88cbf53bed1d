"""Show-through: print of the sheet's other side, found with a picture of that side and subtracted.

    shown_through(reduced, other, holes) -> BackgroundModel(likely, most, …) or None

The other side is mirrored and registered to the page, coarsely by correlation, then exactly: the two sides of a duplex
scan are up to some millimetres and a degree apart. Only mirrored print counts. Contrast that the other side does not explain
stays, and keeps the page: pencil beside the print of the back, between its lines, or darker than show-through can be.

The thumbnail of a neighbour shows whether it can be the other side at all, before anything is decoded again.

Show-through has print behind it. Therefore a page without ink near the mirrored place of one of the pale marks cannot
be the other side: this test excludes most neighbours of a page in pencil in a millisecond, instead of 60 ms for decoding
and registration of each.

`python -m bench verdicts` measures the limits together.
"""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from itrwatch.core.pages import PossibleShowThrough
from itrwatch.imaging.analysis.background import BACK, DARKEST_PAPER, BackgroundModel, Contrast, ReducedPage
from itrwatch.imaging.analysis.blank import CONTENT_MM, PALE_MM
from itrwatch.imaging.analysis.marks import EDGE_DEEP_MM, MarkKind, Marks

NEAR = 0.1
"""Largest distance of ink from a mark's mirrored place, as a share of the longer side: 3 cm on A4, because the sides of a
sheet differ by up to 1 cm and are cropped differently, and the thumbnail has been straightened. Chosen."""
SHAPE = 0.08
"""Largest relative difference between the shapes of the two sides; a thumbnail's size is rounded. Chosen."""
AROUND_PX = 9
"""Window of a thumbnail, px (1 cm), whose lightest value is its paper. Chosen."""
SEEN = 0.05
"""Contrast of ink on a thumbnail: a hairline of 0.15 mm has three times as much there, its grain and coding less. Chosen."""


def possible_show_through(marks: Marks, reduced: ReducedPage) -> PossibleShowThrough:
    """The marks that would keep the page and are pale enough to be show-through."""
    content = (marks.kind == MarkKind.CONTENT) & (marks.diagonal >= CONTENT_MM)
    pale = (marks.kind == MarkKind.PALE) & (marks.diagonal > PALE_MM)
    box = marks.where((content | pale) & (marks.peak < MOST_THROUGH)).box.astype(np.float64)
    height, width = reduced.contrast.shape
    shares = np.concatenate([box[:, :2], box[:, :2] + box[:, 2:]], axis=1) / (width, height, width, height)
    return PossibleShowThrough(
        height / width, tuple((left, top, right, bottom) for left, top, right, bottom in shares.tolist())
    )


def may_be_back(thumbnail: bytes, marks: PossibleShowThrough) -> bool:
    """Whether the page of a thumbnail has ink behind all marks, in one of its possible orientations."""
    picture = cv2.imdecode(np.frombuffer(thumbnail, np.uint8), cv2.IMREAD_COLOR) if thumbnail else None
    if picture is None:
        return True
    near = _near_ink(picture.min(axis=2))
    ways = (np.rot90(near[:, ::-1], quarters) for quarters in range(4))
    fitting = [way for way in ways if abs(way.shape[0] / way.shape[1] / marks.tall - 1) <= SHAPE]
    return any(all(_any_in(way, place) for place in marks.places) and way.any() for way in fitting)


def _near_ink(grey: NDArray[np.uint8]) -> NDArray[np.uint8]:
    # The dilation takes the lightest value nearby, which removes strokes and keeps the paper.
    paper = cv2.blur(cv2.dilate(grey, np.ones((AROUND_PX, AROUND_PX), np.uint8)), (AROUND_PX, AROUND_PX))
    # Ink is darker than the paper around it, or than any paper of this sheet.
    sheet = DARKEST_PAPER * float(np.percentile(grey, 90))  # inside a photograph there is no paper nearby
    ink = (grey < np.maximum((1 - SEEN) * paper, sheet)).astype(np.uint8)
    reach = 2 * round(NEAR * max(grey.shape)) + 1
    return np.asarray(cv2.dilate(ink, np.ones((reach, reach), np.uint8)))


def _any_in(near: NDArray[np.uint8], place: tuple[float, float, float, float]) -> bool:
    height, width = near.shape
    left, top, right, bottom = place
    rows, columns = slice(int(top * height), int(bottom * height) + 1), slice(int(left * width), int(right * width) + 1)
    return bool(near[rows, columns].any())


COARSE_DPI, FINE_DPI = 25.0, 50.0
"""Resolutions of the coarse and the exact registration. Chosen."""
SHIFT_MM = 10.0
"""Largest shift between the two sides in a duplex scan, mm. Chosen."""
MOST_THROUGH = 0.25
"""Largest contrast of show-through: 3 to 15 % for office paper, 20 % for thin paper. Chosen."""
ALIKE, TRULY = 0.30, 0.30
"""Least correlation of the details with the other side, after coarse and after exact registration. Chosen."""
NOT_AS_IT_STANDS = 0.08
"""Least lead of the mirrored over the unmirrored other side in correlation: ruled paper fits both ways. Chosen."""
SPREAD_PX = (0.6, 1.0, 1.6, 2.4)
"""Candidates for the blur by the paper, sigma in px at 100 dpi. Chosen."""
MORE = 1.35
"""Factor of the variation of show-through within a sheet, because paper is uneven. Chosen."""


LEAST_MM = 60.0
"""Least length of a side, mm; smaller scraps are not compared. Chosen."""
SETTLED = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 60, 1e-4)
"""The registration ends after 60 iterations, or if the correlation changes by less than 0.0001. Chosen."""
BESIDE_PX = 2
"""Margin around ink of the page that is excluded from comparisons, px. Chosen."""
Mask = NDArray[np.bool_]


def shown_through(reduced: ReducedPage, other: ReducedPage, holes: Marks) -> BackgroundModel | None:
    """The show-through of ``other`` on ``reduced``; None if it is not the other side.

    ``holes``: punch holes of the page, which are excluded.
    """
    if min(reduced.contrast.shape) * reduced.mm_per_px < LEAST_MM:
        return None
    page = _inner(reduced.contrast, reduced.mm_per_px)
    for left, top, width, height in holes.box:
        # As dark as ink, so that `free` excludes the holes.
        page[top : top + height, left : left + width] = 1
    # Pixels too dark for show-through, and their neighbours, are excluded from every comparison.
    free = cv2.dilate((page > MOST_THROUGH).astype(np.uint8), np.ones((2 * BESIDE_PX + 1,) * 2, np.uint8)) == 0
    page = np.where(free, page, np.float32(0))
    density = _density(other, reduced.dpi)
    way = _best_way(page, density, reduced.mm_per_px)
    if way is None:
        return None
    quarters, shift = way
    mirrored = _as_lies(density[:, ::-1], quarters, page.shape, reduced.mm_per_px)
    laid = _laid(page, free, mirrored, shift, reduced.mm_per_px)
    return None if laid is None else _as_seen(page, free, laid)


def _best_way(page: Contrast, density: Contrast, mm_per_px: float) -> tuple[int, tuple[float, float]] | None:
    """The best fit of the mirrored other side: quarter turns, and the shift (x, y in px); None if it does not fit."""
    factor = mm_per_px / 25.4 * COARSE_DPI
    small, other = _resized(page, factor), _resized(density, factor)
    details = _detail(small, 3.0)
    best, found, straight = 0.0, None, 0.0
    # Also try the unmirrored side: ruled paper fits both ways, which proves nothing.
    for mirrored, one in ((True, other[:, ::-1]), (False, other)):
        for quarters in _quarters(one, small):
            like, shift = _likeness(details, _as_lies(one, quarters, small.shape, mm_per_px / factor))
            if not mirrored:
                straight = max(straight, like)
            elif like > best:
                best, found = like, (quarters, (shift[0] / factor, shift[1] / factor))
    return None if best < ALIKE or best < straight + NOT_AS_IT_STANDS else found


def _quarters(other: Contrast, page: Contrast) -> Iterator[int]:
    """The quarter turns with which ``other`` has the page's shape."""
    for quarters in range(4):
        height, width = other.shape[:: -1 if quarters % 2 else 1]
        if abs(height / width * page.shape[1] / page.shape[0] - 1) <= 0.05:
            yield quarters


def _density(reduced: ReducedPage, dpi: float) -> Contrast:
    """The share of light absorbed at each place, over all colours: little for a yellow field, much for a photograph.

    ``dpi``: of the result.
    """
    factor = dpi / reduced.dpi
    if reduced.pixels.ndim == 2:
        return _resized(reduced.contrast, factor)
    grey = cv2.cvtColor(reduced.pixels, cv2.COLOR_RGB2GRAY).astype(np.float32)
    white = float(np.dot(reduced.tone, (0.299, 0.587, 0.114)))
    return _resized(np.clip(1 - grey / np.float32(white), 0, reduced.contrast), factor)


def _resized(contrast: Contrast, factor: float) -> Contrast:
    return np.asarray(cv2.resize(contrast, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA), np.float32)


def _as_lies(other: Contrast, quarters: int, shape: tuple[int, ...], mm_per_px: float) -> Contrast:
    """The other side after rotation, in the page's size, without its border."""
    return _inner(_cut(np.ascontiguousarray(np.rot90(other, quarters)), shape), mm_per_px)


def _cut(contrast: Contrast, shape: tuple[int, ...]) -> Contrast:
    """The contrast cropped or padded at right and bottom to ``shape``."""
    down, across = max(0, shape[0] - contrast.shape[0]), max(0, shape[1] - contrast.shape[1])
    return np.pad(contrast, ((0, down), (0, across)))[: shape[0], : shape[1]]


def _inner(contrast: Contrast, mm_per_px: float) -> Contrast:
    """The page without its border, where the shadow of the scanner's edge is."""
    border = round(EDGE_DEEP_MM / mm_per_px)
    inner = np.zeros_like(contrast)
    inner[border:-border, border:-border] = contrast[border:-border, border:-border]
    return inner


def _likeness(page: Contrast, other: Contrast) -> tuple[float, tuple[int, int]]:
    """The best correlation of the page's details with ``other`` within `SHIFT_MM`, and the shift (x, y) that gives it.

    Both at `COARSE_DPI`.
    """
    reach = round(SHIFT_MM / 25.4 * COARSE_DPI)
    # The template is smaller than the page by the largest shift on every side, so every position is within SHIFT_MM.
    part = _detail(other, 3.0)[reach:-reach, reach:-reach]
    likeness = cv2.matchTemplate(page, part, cv2.TM_CCOEFF_NORMED)
    _, most, _, at = cv2.minMaxLoc(likeness)
    return float(most), (at[0] - reach, at[1] - reach)


def _detail(contrast: np.ndarray, sigma: float) -> Contrast:
    return np.asarray(contrast - cv2.GaussianBlur(contrast, (0, 0), sigma), np.float32)


def _laid(page: Contrast, free: Mask, other: Contrast, shift: tuple[float, float], mm_per_px: float) -> Contrast | None:
    """``other`` registered to its show-through on the page by a small affine transform; None if it does not fit."""
    step = FINE_DPI * mm_per_px / 25.4
    one, two = (_small(side, step) for side in (other, page))
    seen = cv2.resize(free.astype(np.uint8), two.shape[::-1], interpolation=cv2.INTER_NEAREST)
    # ECC refines from the coarse shift: an affine transform, for two scans differ in angle and scale.
    first = np.array([[1, 0, shift[0] * step], [0, 1, shift[1] * step]], np.float32)
    try:
        like, found = cv2.findTransformECC(one, two, first, cv2.MOTION_AFFINE, SETTLED, seen)
    except cv2.error:
        return None
    if like < TRULY:
        return None
    warp = np.asarray(found, np.float32)
    # Convert the shift, in pixels of the small pictures, to full size.
    warp[:, 2] /= step
    laid = cv2.warpAffine(other, warp, (page.shape[1], page.shape[0]), flags=cv2.INTER_LINEAR)
    return np.asarray(laid, np.float32)


def _small(contrast: Contrast, factor: float) -> Contrast:
    return _detail(cv2.GaussianBlur(_resized(contrast, factor), (0, 0), 1.0), 6.0)


def _as_seen(page: Contrast, free: Mask, laid: Contrast) -> BackgroundModel:
    """The expected show-through of the registered other side, blurred and attenuated for the best fit, and its upper bound."""
    page_detail = _detail(page, 8.0) * free
    fits = []
    for spread in SPREAD_PX:
        blurred = np.asarray(cv2.GaussianBlur(laid, (0, 0), spread), np.float32)
        detail = _detail(blurred, 8.0) * free
        # Least squares: the factor with which the blurred other side fits the page best.
        share = float((page_detail * detail).sum() / max(float((detail**2).sum()), 1e-9))
        fits.append((float(((page_detail - share * detail) ** 2).sum()), share, blurred))
    _, share, blurred = min(fits, key=lambda fit: fit[0])
    # The upper bound `most` is one pixel wider and darker by MORE; contrast above it is not show-through.
    widest = cv2.dilate(blurred, np.ones((3, 3), np.uint8))
    likely, most = (np.minimum(seen, MOST_THROUGH) for seen in (share * blurred, MORE * share * widest))
    return BackgroundModel(np.asarray(likely, np.float32), np.asarray(most, np.float32), (BACK,))
