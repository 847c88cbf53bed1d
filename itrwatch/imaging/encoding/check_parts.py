"""Checks for broken strokes and filled letters: compares the topology of the stencil with that of the scan.

    StrokeParts(grey, 300).broken_by(ink) -> iterator of Damage(DamageKind.BROKEN, …)

The Euler number (connected parts minus holes) is computed in tiles of a word's size. A threshold moves an edge without
changing this number; a thin white gap through a letter, or a filled letter, changes it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from itrwatch.imaging.encoding.damage import Damage, DamageKind, pieces
from itrwatch.imaging.g4 import Ink
from itrwatch.imaging.raster import Pixels
from itrwatch.imaging.resample import averaged

PARTS_TILE = 64
"""Chosen: pixels of the stencil; a word of print at 300 dpi."""
PARTS_AT = (0.35, 0.5, 0.65)
"""Shares of a stroke's darkness from which a pixel of the scan belongs to it. Chosen: around the half at which stencils are cut."""
PARTS_TILES, PARTS_TILE_MOST, PARTS_MOST = 5, 2, 5
"""Tolerances: number of adjacent tiles, and allowed deviation from the range of the scan, for one tile and for their sum. Measured (drawn):
good stencils differ by at most 1 and 3, cut or filled letters by 4 and 9."""
STROKE_MM = 0.4
"""Chosen: distance within which the darkest place is the core of a stroke and the lightest its paper."""
K3 = np.ones((3, 3), np.uint8)
Counts = NDArray[np.int32]


class StrokeParts:
    """A scan, ``grey`` at ``dpi``, with which stencils are compared; data independent of the stencil are computed once."""

    def __init__(self, grey: Pixels, dpi: float) -> None:
        """Nothing is computed before `broken_by` is called: pages without stencil do not need it."""
        self._grey, self._dpi = grey, dpi
        self._over: dict[tuple[bool, float], NDArray[np.uint8]] = {}

    def broken_by(self, ink: Ink) -> Iterator[Damage]:
        """The places where ``ink``, of the scan's size, has broken strokes or filled letters."""
        if self._grey.shape != ink.shape:
            return
        near = _packed(cv2.dilate(ink.view(np.uint8), K3))
        now = parts_less_holes(_packed(ink))
        if not now.size:
            return  # a page smaller than a tile
        counts: list[Counts] = []
        calm, sharp = True, False
        for looks in (
            ((calm, PARTS_AT[0]), (calm, PARTS_AT[-1])),
            ((calm, PARTS_AT[1]), *((sharp, share) for share in PARTS_AT)),
        ):
            counts += [parts_less_holes(self._strokes(*look) & near) for look in looks]
            amiss = _beyond(now, counts) > PARTS_TILE_MOST
            amiss |= _beyond(_beside(now), [_beside(count) for count in counts]) > PARTS_MOST
            if not amiss.any():  # as on nearly every page; the comparisons with the unaveraged scan are skipped
                return
        yield from (damage for damage, _ in pieces(DamageKind.BROKEN, amiss, 0.0, self._dpi / PARTS_TILE))

    def _strokes(self, calm: bool, share: float) -> NDArray[np.uint8]:
        """Mask, packed, of the scan (``calm``: averaged three by three) where it is ``share`` of the way from paper to core."""
        if (calm, share) not in self._over:
            core, paper = self._core_and_paper
            level = cv2.addWeighted(core, share, paper, 1 - share, 0)
            threshold = cv2.resize(level, self._grey.shape[::-1], interpolation=cv2.INTER_NEAREST)
            darker = cv2.compare(self._calm if calm else self._grey, threshold, cv2.CMP_LT)
            self._over[calm, share] = _packed(darker)
        return self._over[calm, share]

    @cached_property
    def _calm(self) -> Pixels:
        return np.asarray(cv2.blur(self._grey, (3, 3)), np.uint8)

    @cached_property
    def _core_and_paper(self) -> tuple[Pixels, Pixels]:
        few = averaged(self._calm, 2)
        stroke = max(3, round(STROKE_MM / 25.4 * self._dpi) | 1)  # an odd number: the kernel has a middle
        # The minimum of the grey is a stroke's core, the maximum over twice the distance its paper.
        core = cv2.erode(few, np.ones((stroke, stroke), np.uint8))
        paper = cv2.dilate(few, np.ones((2 * stroke + 1, 2 * stroke + 1), np.uint8))
        return np.asarray(core, np.uint8), np.asarray(paper, np.uint8)


def _beyond(now: NDArray[Any], counts: Sequence[NDArray[Any]]) -> NDArray[Any]:
    """Distance of ``now`` from the range of ``counts``, the values of the scan."""
    # Positive above the largest and below the smallest count, negative between them.
    return np.asarray(np.maximum(now - np.maximum.reduce(counts), np.minimum.reduce(counts) - now))


def _beside(tiles: NDArray[Any]) -> NDArray[Any]:
    """Each tile with its neighbours along the line."""
    return np.asarray(
        cv2.boxFilter(tiles.astype(np.float32), -1, (PARTS_TILES, 1), normalize=False, borderType=cv2.BORDER_CONSTANT)
    )


def _packed(mask: NDArray[Any]) -> NDArray[np.uint8]:
    """Eight pixels of a row in a byte."""
    return np.packbits(mask, axis=1)


def parts_less_holes(row: NDArray[np.uint8]) -> Counts:
    """Euler number of each tile, for packed ink: pixels minus horizontal and vertical pairs, plus squares of four."""
    following = np.zeros_like(row)
    # The first bit of the next byte, so that pairs across a byte's border count.
    following[:, :-1] = row[:, 1:] >> 7
    beside = np.asarray(row & (row << np.uint8(1) | following), np.uint8)
    number = np.bitwise_count(row).view(np.int8) - np.bitwise_count(beside).view(np.int8)
    # Pairs and squares belong to the tile of their upper row.
    number[:-1] -= np.bitwise_count(row[1:] & row[:-1]).view(np.int8)
    number[:-1] += np.bitwise_count(beside[1:] & beside[:-1]).view(np.int8)
    return _of_tiles(number)


def _of_tiles(number: NDArray[np.int8]) -> Counts:
    """Sums over tiles; incomplete tiles at the end are omitted, except if only one row is missing."""
    rows, columns = (number.shape[0] + 1) // PARTS_TILE, number.shape[1] * 8 // PARTS_TILE
    across = PARTS_TILE // 8
    if number.shape[0] < rows * PARTS_TILE:
        number = np.pad(number, ((0, 1), (0, 0)))
    tiles = number[: rows * PARTS_TILE, : columns * across].reshape(rows, PARTS_TILE, columns * across)
    # Down first: whole rows are added at once.
    down = tiles.sum(axis=1, dtype=np.int16)
    return np.asarray(down.reshape(rows, columns, across).sum(axis=2), np.int32)
