"""Whether a neighbour may be the sheet's other side at all, told from its thumbnail, before anything is decoded again.

Print that shows through has print behind it. So a page that shows nothing near the mirrored place of one of the pale
marks is not what explains them: most neighbours of a page in pencil are told so in a millisecond, for 60 ms of decoding
and laying over each.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from itrwatch.core.pages import Unexplained
from itrwatch.imaging.blank import CONTENT_MM, PALE_MM
from itrwatch.imaging.marks import Kind, Marks
from itrwatch.imaging.paper import DARKEST_PAPER, Paper
from itrwatch.imaging.verso import MOST_THROUGH

NEAR = 0.1
"""How far ink may lie from a mark's mirrored place, as a share of the longer side: on A4 3 cm, for the sides of a
sheet lie up to 1 cm apart, are cut a little differently, and the thumbnail has been straightened."""
SHAPE = 0.08
"""How much the shapes of a sheet's two sides may differ; a thumbnail's is a little rounded."""
AROUND_PX = 9
"""The lightest within so much of a thumbnail (1 cm) is its paper."""
SEEN = 0.05
"""Contrast of ink on a thumbnail: a hairline of 0.15 mm has three times as much there, its grain and coding less."""


def unexplained(marks: Marks, paper: Paper) -> Unexplained:
    """The marks that each keep the page, and are pale enough to be the back's."""
    content = (marks.kind == Kind.CONTENT) & (marks.diagonal >= CONTENT_MM)
    pale = (marks.kind == Kind.PALE) & (marks.diagonal > PALE_MM)
    box = marks.where((content | pale) & (marks.peak < MOST_THROUGH)).box.astype(np.float64)
    height, width = paper.contrast.shape
    shares = np.concatenate([box[:, :2], box[:, :2] + box[:, 2:]], axis=1) / (width, height, width, height)
    return Unexplained(
        height / width, tuple((left, top, right, bottom) for left, top, right, bottom in shares.tolist())
    )


def may_be_back(thumbnail: bytes, marks: Unexplained) -> bool:
    """Whether the page of a thumbnail has ink behind all the marks in one of the ways that it may lie."""
    picture = cv2.imdecode(np.frombuffer(thumbnail, np.uint8), cv2.IMREAD_COLOR) if thumbnail else None
    if picture is None:
        return True
    near = _near_ink(picture.min(axis=2))
    ways = (np.rot90(near[:, ::-1], quarters) for quarters in range(4))
    fitting = [way for way in ways if abs(way.shape[0] / way.shape[1] / marks.tall - 1) <= SHAPE]
    return any(all(_any_in(way, place) for place in marks.places) and way.any() for way in fitting)


def _near_ink(grey: NDArray[np.uint8]) -> NDArray[np.uint8]:
    paper = cv2.blur(cv2.dilate(grey, np.ones((AROUND_PX, AROUND_PX), np.uint8)), (AROUND_PX, AROUND_PX))
    sheet = DARKEST_PAPER * float(np.percentile(grey, 90))  # within a photograph there is no paper to compare with
    ink = (grey < np.maximum((1 - SEEN) * paper, sheet)).astype(np.uint8)
    reach = 2 * round(NEAR * max(grey.shape)) + 1
    return np.asarray(cv2.dilate(ink, np.ones((reach, reach), np.uint8)))


def _any_in(near: NDArray[np.uint8], place: tuple[float, float, float, float]) -> bool:
    height, width = near.shape
    left, top, right, bottom = place
    rows, columns = slice(int(top * height), int(bottom * height) + 1), slice(int(left * width), int(right * width) + 1)
    return bool(near[rows, columns].any())
