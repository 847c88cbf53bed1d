"""Connected areas of a mask, in a third of the time.

OpenCV's statistics visit every cell of the background with 32-bit labels: 6 ms for an A4 at 100 dpi,
empty or not. With 16-bit labels it is 2 ms; there is room for them when the mask has few enough
runs, for no component has less than one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

MOST_LABELS = 65_000


@dataclass(frozen=True, slots=True, eq=False)
class Components:
    """``number`` of labels with 0 for the background, ``labels`` of each cell, ``stats`` a row per label as OpenCV's."""

    number: int
    labels: NDArray[Any]
    stats: NDArray[np.int32]


def components(mask: NDArray[Any]) -> Components:
    """The 8-connected areas of what is not zero in ``mask``, of uint8 or bool."""
    cells = mask.view(np.uint8)
    depth = cv2.CV_16U if _runs(cells) < MOST_LABELS else cv2.CV_32S
    number, labels, stats, _ = cv2.connectedComponentsWithStats(cells, connectivity=8, ltype=depth)
    return Components(number, np.asarray(labels), np.asarray(stats, np.int32))


def _runs(cells: NDArray[np.uint8]) -> int:
    """At least as many as there are areas: cells that are set while the one to the left is not."""
    started = cv2.countNonZero(cv2.compare(cells[:, 1:], cells[:, :-1], cv2.CMP_GT))
    return started + cv2.countNonZero(np.ascontiguousarray(cells[:, :1]))
