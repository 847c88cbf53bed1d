"""Groups marks into words of one ink and classifies each: black print, tone or dust.

    find_groups(maps) -> InkGroups(labels, kinds, box, black, …)

Black requires proof. A word (also a line of a stamp, a signature, a frame) is classified as a whole. It is black print if
its strokes have black cores and are neutral, and no other mark touches it. Words of one line with similar ink follow the
palest of them.

`python -m bench verdicts` measures the thresholds together.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from itrwatch.imaging import thresholds as at
from itrwatch.imaging.analysis.contrast_maps import L_UNITS, Maps, Mask
from itrwatch.imaging.analysis.sheet_surface import Floats
from itrwatch.imaging.raster import Pixels
from itrwatch.imaging.resample import MOST_LABELS, components


class Ink(IntEnum):
    """What a pixel of a page belongs to."""

    PAPER = 0
    BLACK = 1
    """Proved black print."""
    TONE = 2
    """Any other mark."""
    DUST = 3
    """A speck of dirt."""


@dataclass(frozen=True, slots=True, eq=False)
class InkGroups:
    """The words and ruled lines of a page, one entry a label; label 0 is paper.

    ``labels``: of each pixel of the map; ``kinds``: the `Ink` of each label. ``box``: left, top, width, height in px of each label.
    ``black``: black print; ``plain``: so black and neutral that its neighbours on a line may be coded differently. ``near``: darkness
    of the darkest place within `thresholds.CORE_MM`, in levels.
    """

    labels: NDArray[Any]
    kinds: Pixels
    box: NDArray[np.int32]
    black: Mask
    plain: Mask
    near: Pixels

    def of(self, kind: Ink) -> Mask:
        """The pixels of that kind."""
        return np.asarray(self.kinds == kind)


def find_groups(maps: Maps) -> InkGroups:
    """Maps → the words and ruled lines of a page, classified."""
    mark = (maps.contrast > maps.least).view(np.uint8)
    near = np.asarray(cv2.dilate(maps.core, maps.window(2 * at.CORE_MM, 2 * at.CORE_MM)), np.uint8)
    labels, stats = _labelled(maps, mark)
    count = len(stats)
    # Compute the sums of each label from the marked pixels only, a small part of the page.
    places = np.flatnonzero(mark.view(np.bool_))
    owner = labels.ravel()[places]
    area = np.maximum(np.bincount(owner, minlength=count), 1)
    # Contrast above that of bare paper, summed over the mark.
    excess = np.bincount(owner, maps.contrast.ravel()[places], minlength=count) / L_UNITS - maps.level * area
    core = np.bincount(owner, near.ravel()[places], minlength=count) / L_UNITS / area
    tint = chroma_of(maps, mark).ravel()[places]
    chroma = np.bincount(owner, tint, minlength=count) / CHROMA_UNITS / area
    # Pixels that do not occur in black print: too pale even near the darkest place, or coloured.
    strange = (near.ravel()[places] < round(at.NOT_BLACK * L_UNITS)) | (tint > round(at.NEUTRAL * CHROMA_UNITS))
    stray = np.bincount(owner[strange], minlength=count)
    black = (stray * maps.mm2 <= at.STRAY_MM2) & (stray <= at.STRAY_SHARE * area) & (core >= at.BLACK)
    # The sum over n pixels of grain has the standard deviation grain × √n; a real mark exceeds it many times.
    noise = (excess < at.INTEGRATED * maps.grain * np.sqrt(area)) | (area < at.LEAST_PIXELS)
    noise[0] = True
    black &= ~noise
    dust = ~noise & ~black & _alone(maps, mark, stats, area)
    plain = black & (core >= at.PLAINLY_BLACK) & (chroma < at.PLAINLY_NEUTRAL)
    _follow_the_line(maps, stats[:, :4], core, black, plain, failed=~black & ~noise & ~dust)
    kind = np.select([noise, black, dust], [Ink.PAPER, Ink.BLACK, Ink.DUST], Ink.TONE).astype(np.uint8)
    return InkGroups(labels, np.take(kind, labels), stats[:, :4], black, plain, near)


def _labelled(maps: Maps, mark: Pixels) -> tuple[NDArray[Any], NDArray[np.int32]]:
    """Labels of the pixels of ``mark`` and OpenCV's statistics; ruled lines are separate from the words that touch them."""
    ruled = _ruled(maps, mark)
    words = cv2.subtract(mark, ruled)
    found = components(np.asarray(cv2.dilate(words, maps.window(at.WORD_ACROSS_MM, at.WORD_DOWN_MM)), np.uint8))
    # The dilation joins letters to words; only the pixels of the marks keep the label.
    labels = np.asarray(cv2.copyTo(found.labels, words))
    if not cv2.countNonZero(ruled):
        return labels, found.stats
    lines = components(ruled)
    if labels.dtype != lines.labels.dtype or found.number + lines.number > MOST_LABELS:
        labels, lines = labels.astype(np.int32), replace(lines, labels=lines.labels.astype(np.int32))
    places = ruled.view(np.bool_)
    # The labels of rules follow those of words; label 0 is paper in both.
    labels[places] = lines.labels[places] + (found.number - 1)
    return labels, np.concatenate([found.stats, lines.stats[1:]])


def _ruled(maps: Maps, mark: Pixels) -> Pixels:
    """Mask of straight lines parallel to the sheet, thinner than `thresholds.RULE_THICK_MM`."""
    # The opening keeps strokes at least as thick as the window; the rest is thin.
    thick = cv2.morphologyEx(mark, cv2.MORPH_OPEN, maps.window(at.RULE_THICK_MM, at.RULE_THICK_MM))
    thin = np.asarray(cv2.subtract(mark, thick), np.uint8)
    long = max(3, round(maps.px(at.RULE_MM)))
    return np.asarray(cv2.max(_runs(thin, (long, 1)), _runs(thin, (1, long))), np.uint8)


def _runs(mask: Pixels, size: tuple[int, int]) -> Pixels:
    """The pixels of ``mask`` in runs of at least ``size`` (across, down): a morphological opening by a line.

    The time of a running sum does not depend on the length of the line, unlike OpenCV's erosion, and most pages have no rule,
    so that the dilation is skipped. The border pixels are replicated.
    """
    sums = cv2.boxFilter(mask, cv2.CV_16U, size, normalize=False, borderType=cv2.BORDER_REPLICATE)
    within = np.asarray(sums == max(size), np.uint8)
    return np.asarray(cv2.dilate(within, np.ones(size[::-1], np.uint8)), np.uint8) if within.any() else within


CHROMA_UNITS = 8
"""Levels of the map of chroma in one unit."""


def chroma_of(maps: Maps, mark: Pixels) -> Pixels:
    """Mean chroma of the marks within a millimetre, which cancels colour fringes; in levels, at the map's size."""
    if maps.tint is None:
        return np.zeros(maps.shape, np.uint8)
    size = maps.window(at.CORE_MM, at.CORE_MM).shape[::-1]
    share = cv2.resize(mark, maps.tint[0].shape[::-1], interpolation=cv2.INTER_AREA)  # 0 or 1 of four: enough
    # Mean over the marks only: blurred colour divided by blurred coverage; 0.02 avoids a division by zero.
    covered = cv2.blur(share.astype(np.float32), size) + np.float32(0.02)
    a, b = (cv2.blur(channel, size) / covered for channel in maps.tint)
    levels = np.minimum(_own_chroma(maps, a, b) * np.float32(CHROMA_UNITS), 255).astype(np.uint8)
    height, width = maps.shape
    return np.asarray(cv2.resize(levels, (width, height), interpolation=cv2.INTER_NEAREST), np.uint8)


def _own_chroma(maps: Maps, a: Floats, b: Floats) -> Floats:
    """Chroma of marks, corrected for coloured paper: after division by the paper, black ink has the complement of its colour."""
    paper = cv2.cvtColor(cv2.resize(maps.ground, a.shape[::-1], interpolation=cv2.INTER_LINEAR), cv2.COLOR_RGB2LAB)
    paper_a, paper_b = (cv2.extractChannel(paper, channel).astype(np.float32) - np.float32(128) for channel in (1, 2))
    chroma = cv2.magnitude(paper_a, paper_b) + np.float32(0.1)
    # The component of a mark's colour opposite to that of the paper.
    against = -(a * paper_a + b * paper_b) / chroma
    explained = np.minimum(np.maximum(against, 0), at.COMPLEMENT * chroma) / chroma
    return np.asarray(cv2.magnitude(a + explained * paper_a, b + explained * paper_b), np.float32)


def _alone(maps: Maps, mark: Pixels, stats: NDArray[np.int32], area: NDArray[Any]) -> Mask:
    """Isolated specks."""
    grown = np.hypot(at.WORD_ACROSS_MM, at.WORD_DOWN_MM)
    small = np.hypot(stats[:, 2], stats[:, 3]) < maps.px(at.DUST_MM + grown)
    alone = np.zeros(len(stats), np.bool_)
    reach = round(maps.px(at.ALONE_MM))
    for index in np.flatnonzero(small):
        left, top, width, height = stats[index, :4]
        around = mark[max(0, top - reach) : top + height + reach, max(0, left - reach) : left + width + reach]
        alone[index] = cv2.countNonZero(around) <= area[index] + at.LEAST_PIXELS
    return alone


def _follow_the_line(
    maps: Maps, box: NDArray[np.int32], core: NDArray[np.float64], black: Mask, plain: Mask, *, failed: Mask
) -> None:
    """Remove from ``black`` the words that are not ``plain`` and are on a line with a non-black word of similar ink."""
    doubtful = black & ~plain
    if not failed.any() or not doubtful.any():
        return
    lines = lines_of_print(maps, box)
    for index in np.flatnonzero(doubtful):
        others = failed & (lines == lines[index])
        if np.any(np.abs(core[others] - core[index]) < at.ALIKE):
            black[index] = False


def lines_of_print(maps: Maps, box: NDArray[np.int32]) -> NDArray[np.int64]:
    """A number for each word, equal for words of one line; negative for words taller than print."""
    gap, coarse = maps.px(at.LINE_GAP_MM) / 2, 4
    canvas = np.zeros((maps.shape[0] // coarse + 1, maps.shape[1] // coarse + 1), np.uint8)
    low = np.flatnonzero(box[:, 3] <= maps.px(at.LINE_HIGH_MM))
    middle = box[:, :2] + box[:, 2:] // 2
    for index in low:
        left, width = box[index, 0], box[index, 2]
        # Draw only the middle half of each word's height, so that tightly set lines do not touch.
        row, half = middle[index, 1] / coarse, box[index, 3] / coarse / 4
        columns = slice(max(0, int((left - gap) / coarse)), int((left + width + gap) / coarse) + 1)
        canvas[int(row - half) : int(row + half) + 1, columns] = 1
    _, joined = cv2.connectedComponents(canvas)
    # A separate negative number for every word that is not on a line.
    lines = -np.arange(1, len(box) + 1)
    lines[low] = joined[middle[low, 1] // coarse, middle[low, 0] // coarse]
    return np.asarray(lines, np.int64)
