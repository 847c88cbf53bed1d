"""Detects punch holes: dark discs on a scanner with a dark cover, crescents of shadow with a light one; always two or more.

    find_holes(seen, box, area, peak, mm_per_px=0.254) -> indices of the marks that are holes

Detected holes are removed, so a letter in the margin must never be detected: every candidate must have the shape (a disc
with a full middle and bare corners of its box, or a crescent on a circle of a hole's size) and a *twin* at the same
distance from the same side. A single disc may be a drawn dot.

`python -m bench verdicts` measures the limits together.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

HOLE_MM = (3.5, 9.0)
"""Range of the longer side of a hole's box, mm. Chosen."""
FROM_SIDE_MM = 22.0
"""Largest distance of a hole from the nearest side of the sheet, mm. Chosen."""
FILL = (0.62, 0.92)
"""Limits of the share of its box that a disc fills: an exact disc fills 0.79. Chosen."""
MIDDLE, CORNERS = 0.6, 1.2
"""Shares of a disc's radius: within the first it is full, beyond the second it is bare. Chosen."""
FULL, BARE = 0.95, 0.35
"""Least share of ink within `MIDDLE`, largest share beyond `CORNERS`. Chosen."""
RADIUS_MM = (1.9, 4.2)
"""Range of the radius of the circle of a crescent, mm. Chosen."""
OFF_MM, ON_CIRCLE = 0.7, 0.9
"""Distance from a circle, mm, within which this share of the pixels of a crescent lies. Chosen."""
PALE = 0.5
"""Peak contrast below which a crescent is a shadow. Chosen."""
APART_MM = 80.0
"""Distance of the two holes, mm. Physical: ISO 838. Required of crescents, which are less certain than discs."""
TWIN_MM = 2.5
"""Largest difference of size, and of the distance from the side, of two holes, mm. Chosen."""
MOST = 60
"""Most candidates examined. A sheet of continuous forms has 48 holes, and two suffice. Chosen."""


def find_holes(seen: Mask, box: Ints, area: Floats, peak: Floats, mm_per_px: float) -> Ints:
    """Indices of the marks that are holes: ``box`` (left, top, width, height in px), ``area`` (mm²), ``peak`` of each; ``seen``: their mask."""
    long = box[:, 2:].max(axis=1) * mm_per_px
    sides = _sides(box, seen.shape, mm_per_px)
    sized = (long >= HOLE_MM[0]) & (long <= HOLE_MM[1]) & (sides.min(axis=1) <= FROM_SIDE_MM)
    fill = area / np.maximum(box[:, 2] * box[:, 3] * mm_per_px**2, 1e-9)
    round_ = sized & (fill >= FILL[0]) & (fill <= FILL[1]) & (box[:, 2:].min(axis=1) * mm_per_px >= 0.8 * long)
    discs = [i for i in np.nonzero(round_)[0] if _is_disc(_cut(seen, box[i]))][:MOST]
    pale = sized & (peak < PALE) & ~round_
    crescents = [i for i in np.nonzero(pale)[0] if _is_crescent(_cut(seen, box[i]), mm_per_px)][:MOST]
    found = {
        *_twins(discs, box, sides, long, mm_per_px, None),
        *_twins(crescents, box, sides, long, mm_per_px, APART_MM),
    }
    return np.array(sorted(found), np.int64)


def _sides(box: Ints, shape: tuple[int, ...], mm_per_px: float) -> Floats:
    """Distances of the middle of each mark from the four sides, mm."""
    centre = (box[:, :2] + box[:, 2:] / 2) * mm_per_px
    sheet = np.array([shape[1], shape[0]]) * mm_per_px
    return np.concatenate([centre, sheet - centre], axis=1)


def _cut(seen: Mask, box: Ints) -> Mask:
    left, top, width, height = box
    return seen[top : top + height, left : left + width]


def _is_disc(cut: Mask) -> bool:
    # Distances from the middle as shares of the half side, so that an ellipse counts as a disc.
    rows, columns = (np.linspace(-1, 1, side) for side in cut.shape)
    radius = np.hypot(rows[:, None], columns[None])
    return bool(cut[radius < MIDDLE].mean() >= FULL and cut[radius > CORNERS].mean() <= BARE)


def _is_crescent(cut: Mask, mm_per_px: float) -> bool:
    """Whether the pixels lie on a circle of a hole's size, fitted by least squares (Kåsa 1976)."""
    y, x = (place * mm_per_px for place in np.nonzero(cut))
    # x² + y² = ax + by + c is linear in a, b, c: centre (a/2, b/2), radius √(c + (a² + b²)/4).
    known = np.stack([x, y, np.ones_like(x)], axis=1)
    (a, b, c), *_ = np.linalg.lstsq(known, x**2 + y**2, rcond=None)
    radius = np.sqrt(max(0.0, c + (a**2 + b**2) / 4))
    off = np.abs(np.hypot(x - a / 2, y - b / 2) - radius)
    return bool(RADIUS_MM[0] <= radius <= RADIUS_MM[1] and (off <= OFF_MM).mean() >= ON_CIRCLE)


def _twins(
    candidates: list[np.intp], box: Ints, sides: Floats, long: Floats, mm_per_px: float, spacing: float | None
) -> Iterator[int]:
    """The candidates with a twin: equal size, equal distance from the same side, and a multiple of ``spacing`` (mm) apart if given."""
    centre = (box[:, :2] + box[:, 2:] / 2) * mm_per_px
    for one, other in combinations(candidates, 2):
        apart = float(np.hypot(*(centre[one] - centre[other])))
        level = (np.abs(sides[one] - sides[other]) <= TWIN_MM) & (sides[one] <= FROM_SIDE_MM)
        alike = abs(long[one] - long[other]) <= TWIN_MM and apart >= 2 * HOLE_MM[1]
        spaced = spacing is None or abs(apart / spacing - round(apart / spacing)) * spacing <= 3
        if alike and spaced and level.any():
            yield int(one)
            yield int(other)
