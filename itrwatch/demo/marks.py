"""Draws marks on paper as masks of ink: handwriting, signatures, numbers, rubber stamps, postmarks.

    handwriting(rng, 400, 30, 5) -> uint8 (h, w): 0 is paper, 255 full ink

Sizes are in pixels, angles in degrees anticlockwise.
"""

from __future__ import annotations

from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from itrwatch.demo.sheet import Mask
from itrwatch.pdf.accents import typeface

Path = NDArray[np.float64]

_SUBPIXEL = 4
"""Fractional bits of the coordinates of strokes. Chosen."""

_DIGITS: dict[str, tuple[tuple[tuple[float, float], ...], ...]] = {
    "0": (((0.55, 0.02), (0.15, 0.3), (0.12, 0.75), (0.45, 1), (0.8, 0.7), (0.78, 0.25), (0.5, 0.0)),),
    "1": (((0.2, 0.28), (0.5, 0.02), (0.5, 0.5), (0.48, 1.0)),),
    "2": (((0.12, 0.25), (0.4, 0), (0.75, 0.2), (0.55, 0.6), (0.1, 0.98), (0.45, 0.93), (0.85, 0.98)),),
    "3": (((0.15, 0.1), (0.55, 0), (0.7, 0.25), (0.35, 0.47), (0.75, 0.65), (0.55, 0.98), (0.1, 0.9)),),
    "4": (((0.5, 0), (0.3, 0.35), (0.08, 0.65), (0.5, 0.64), (0.9, 0.6)), ((0.65, 0.35), (0.62, 0.7), (0.6, 1.0))),
    "5": (
        ((0.2, 0.02), (0.17, 0.25), (0.15, 0.45), (0.6, 0.42), (0.75, 0.7), (0.5, 1), (0.1, 0.9)),
        ((0.2, 0.02), (0.5, 0.04), (0.8, 0)),
    ),
    "6": (((0.7, 0.02), (0.3, 0.3), (0.12, 0.7), (0.4, 1), (0.75, 0.78), (0.5, 0.52), (0.17, 0.72)),),
    "7": (
        ((0.1, 0.05), (0.45, 0.06), (0.85, 0.02), (0.55, 0.5), (0.35, 1.0)),
        ((0.25, 0.52), (0.5, 0.5), (0.75, 0.48)),
    ),
    "8": (
        (
            (0.7, 0.12),
            (0.4, 0),
            (0.2, 0.22),
            (0.6, 0.52),
            (0.78, 0.8),
            (0.45, 1),
            (0.15, 0.8),
            (0.45, 0.5),
            (0.75, 0.2),
            (0.68, 0.1),
        ),
    ),
    "9": (((0.75, 0.2), (0.4, 0.02), (0.15, 0.28), (0.4, 0.5), (0.75, 0.25), (0.7, 0.6), (0.5, 1.0)),),
}

TRACKING = 0.14
"""Additional space between the letters of a stamp, em. Chosen."""


def smooth(points: Path, steps: int = 12) -> Path:
    """A Catmull-Rom spline through all ``points`` ``(n, 2)``, with ``steps`` pieces between two points."""
    # Each piece depends on one point before and one after it; the ends are extended by reflection.
    padded = np.vstack([2 * points[0] - points[1], points, 2 * points[-1] - points[-2]])
    t = np.linspace(0, 1, steps, endpoint=False)[:, None]
    pieces = []
    for i in range(1, len(padded) - 2):
        a, b, c, d = padded[i - 1 : i + 3]
        bend = (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3
        pieces.append(0.5 * (2 * b + (c - a) * t + bend))
    return np.vstack([*pieces, points[-1:]])


def strokes(curves: list[Path], width: float, rng: np.random.Generator) -> Mask:
    """Draw ``curves`` with a pen about ``width`` pixels wide and with varying pressure; the mask is cropped to the ink."""
    margin = int(width) + 3
    low = np.floor(np.min([curve.min(axis=0) for curve in curves], axis=0)) - margin
    high = np.ceil(np.max([curve.max(axis=0) for curve in curves], axis=0)) + margin
    columns, rows = (high - low).astype(int)
    mask = np.zeros((rows, columns), np.uint8)
    for curve in curves:
        # OpenCV takes fixed-point coordinates; without the fractional bits small writing has visible steps.
        moved = np.rint((curve - low) * (1 << _SUBPIXEL)).astype(int)
        # A random pressure at every eighth point, linearly interpolated.
        pressure = np.interp(
            np.arange(len(curve)),
            np.arange(0, len(curve) + 8, 8),
            rng.uniform(0.65, 1.3, len(curve) // 8 + 2)[: len(np.arange(0, len(curve) + 8, 8))],
        )
        for (start, end), press in zip(pairwise(moved), pressure, strict=False):
            cv2.line(mask, start.tolist(), end.tolist(), 255, max(1, round(width * press)), cv2.LINE_AA, _SUBPIXEL)
    return mask


def scrawl(rng: np.random.Generator, length: float, height: float) -> list[Path]:
    """Curves of illegible cursive words, ``length`` pixels long, with small letters ``height`` pixels high."""
    curves = []
    x = 0.0
    while x < length:
        letters = int(rng.integers(3, 9))
        points = []
        for _ in range(letters):
            # One letter in four has an ascender, one in seven a descender.
            tall = rng.random() < 0.25
            up = -height * rng.uniform(1.7, 2.4) if tall else -height * rng.uniform(0.75, 1.1)
            step = height * rng.uniform(0.35, 0.6)
            points += [
                (x, rng.uniform(-0.1, 0.1) * height),
                (x + step * 0.8, up),
                (x + step * 0.45, up * rng.uniform(0.2, 0.5)),
            ]
            if rng.random() < 0.15:
                points.append((x + step * 0.3, height * rng.uniform(0.5, 0.9)))
            x += step
        points.append((x + height * 0.3, -height * 0.2))
        curves.append(smooth(np.array(points), 8))
        x += height * rng.uniform(0.7, 1.2)
    return curves


def handwriting(rng: np.random.Generator, length: float, height: float, width: float) -> Mask:
    """A line of handwriting, drawn with a pen ``width`` pixels wide."""
    return strokes(scrawl(rng, length, height), width, rng)


def signature(rng: np.random.Generator, length: float, width: float) -> Mask:
    """A signature about ``length`` pixels long: a big capital, a fast scrawl and a flourish."""
    height = length * 0.09
    loop = rng.normal(0, 0.25, (7, 2)) + [
        (0, 0),
        (0.6, -2.6),
        (1.6, -3.2),
        (0.9, 0.6),
        (-0.6, 0.9),
        (0.8, -1.2),
        (2.0, -0.3),
    ]
    body = [curve * (1.0, rng.uniform(0.7, 1.0)) + (height * 2.2, 0) for curve in scrawl(rng, length * 0.6, height)]
    end = body[-1][-1]
    flourish = np.array(
        [
            end,
            end + (height, -2 * height),
            end + (height * 1.8, height * 0.6),
            (height, height * 1.3),
            end + (height * 2.5, height * 0.3),
        ]
    )
    return strokes(
        [smooth(loop * height, 14), *body, smooth(flourish + rng.normal(0, 0.2, (5, 2)) * height, 16)], width, rng
    )


def written_number(rng: np.random.Generator, number: str, height: float, width: float) -> Mask:
    """Digits written by hand, ``height`` pixels high."""
    slant = rng.uniform(-0.05, 0.25)
    curves = []
    for place, digit in enumerate(number):
        wobble = rng.uniform(-0.08, 0.08)
        for stroke in _DIGITS[digit]:
            points = np.array(stroke) + rng.normal(0, 0.025, (len(stroke), 2))
            # The width of a digit is 0.62 of its height, the advance 0.72.
            points[:, 0] = points[:, 0] * 0.62 - slant * points[:, 1] + place * 0.72
            curves.append(smooth((points + (0, wobble)) * height))
    return strokes(curves, width, rng)


def worn(mask: Mask, rng: np.random.Generator, wear: float = 0.35) -> Mask:
    """Remove rubber-stamp ink in patches and specks; ``wear``: the average share of lost ink."""
    rows, columns = mask.shape
    # Noise with cells of 40 px makes patches, with cells of 2 px specks.
    coarse = rng.random((rows // 40 + 2, columns // 40 + 2), dtype=np.float32)
    fine = rng.random((rows // 2 + 1, columns // 2 + 1), dtype=np.float32)
    patches = cv2.resize(coarse, (columns, rows), interpolation=cv2.INTER_CUBIC)
    specks = cv2.resize(fine, (columns, rows), interpolation=cv2.INTER_LINEAR)
    keep = np.clip(1 - wear * (1.1 * patches + 0.9 * specks), 0.0, 1.0)
    return np.asarray(mask * keep, np.uint8)


def turned(mask: Mask, angle: float) -> Mask:
    """``mask`` rotated anticlockwise by ``angle`` degrees, on a canvas large enough for all of it."""
    return np.asarray(Image.fromarray(mask).rotate(angle, Image.Resampling.BICUBIC, expand=True))


def _spaced_length(text: str, size: float) -> float:
    return float(sum(typeface(round(size)).getlength(letter) + TRACKING * size for letter in text))


def _write_spaced(pen: ImageDraw.ImageDraw, text: str, size: float, middle: float, y: float) -> None:
    """Draw bold letters with `TRACKING`, without which the ink of a stamp would join them."""
    x = middle - _spaced_length(text, size) / 2
    font, stroke = typeface(round(size)), max(0, round(size / 28))
    for letter in text:
        x += TRACKING * size / 2
        pen.text((x, y), letter, fill=255, font=font, anchor="lm", stroke_width=stroke)
        x += font.getlength(letter) + TRACKING * size / 2


def rubber_stamp(
    rng: np.random.Generator,
    lines: list[tuple[str, float]],
    *,
    framed: bool = True,
    angle: float = 0.0,
    wear: float = 0.35,
) -> Mask:
    """A rubber stamp of centred lines, each with its font size in pixels."""
    widths = [_spaced_length(text, size) for text, size in lines]
    pad = round(lines[0][1] * 0.6)
    size = (round(max(widths)) + 2 * pad, round(sum(size * 1.25 for _, size in lines)) + 2 * pad)
    image = Image.new("L", size, 0)
    pen = ImageDraw.Draw(image)
    if framed:
        pen.rounded_rectangle((1, 1, size[0] - 2, size[1] - 2), pad * 0.5, outline=255, width=max(2, pad // 7))
    y = float(pad)
    for text, height in lines:
        _write_spaced(pen, text, height, size[0] / 2, y + height * 0.62)
        y += height * 1.25
    return turned(worn(np.asarray(image), rng, wear), angle)


def postmark(rng: np.random.Generator, diameter: int, place: str, day: str) -> Mask:
    """A round date stamp of the post office."""
    image = Image.new("L", (diameter, diameter), 0)
    pen = ImageDraw.Draw(image)
    line = max(2, diameter // 60)
    pen.ellipse((1, 1, diameter - 2, diameter - 2), outline=255, width=line)
    inset = diameter * 0.22
    pen.ellipse((inset, inset, diameter - inset, diameter - inset), outline=255, width=line)
    letters = typeface(round(diameter * 0.105))
    for i, letter in enumerate(place):
        # 17 degrees per letter, the middle of the name at the top.
        angle = (i - (len(place) - 1) / 2) * 17
        tile = Image.new("L", (diameter, diameter), 0)
        ImageDraw.Draw(tile).text(
            (diameter / 2, diameter * 0.115), letter, fill=255, font=letters, anchor="mm", stroke_width=1
        )
        image.paste(255, mask=tile.rotate(-angle, Image.Resampling.BICUBIC))
    pen.text(
        (diameter / 2, diameter / 2), day, fill=255, font=typeface(round(diameter * 0.115)), anchor="mm", stroke_width=1
    )
    return turned(worn(np.asarray(image), rng, 0.45), float(rng.uniform(-25, 25)))
