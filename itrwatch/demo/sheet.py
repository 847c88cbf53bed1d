"""Draws on a sheet measured in millimetres: printed text, rules, and ink over them.

    sheet = Sheet(rng, 300)
    sheet.write(25, 30, "ANEXO 1", 12, bold=True)

Lengths are in millimetres from the upper left corner, font sizes in points, unless a name ends in ``_px``.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageDraw, ImageFont

from itrwatch.pdf.accents import typeface

A4 = (210.0, 297.0)
"""Width and height of A4, mm. Physical."""

Colour = tuple[int, int, int]
Mask = NDArray[np.uint8]

WHITE: Colour = (255, 255, 255)
BLACK: Colour = (24, 24, 26)
GREY: Colour = (120, 120, 124)


class Sheet:
    """A page being drawn, with its own random generator."""

    def __init__(
        self, rng: np.random.Generator, dpi: int, size: tuple[float, float] = A4, paper: Colour = WHITE
    ) -> None:
        self.rng = rng
        self.dpi = dpi
        self.width, self.height = size
        self.image = Image.new("RGB", (self.px(self.width), self.px(self.height)), paper)
        self.pen = ImageDraw.Draw(self.image)

    def px(self, length: float) -> int:
        """``length`` mm in pixels."""
        return round(length / 25.4 * self.dpi)

    def between(self, low: float, high: float) -> float:
        """A uniformly distributed random number between ``low`` and ``high``."""
        return float(self.rng.uniform(low, high))

    def font(self, points: float) -> ImageFont.FreeTypeFont:
        """The typeface at ``points`` pt."""
        return typeface(max(4, round(points / 72 * self.dpi)))

    def write(
        self,
        x: float,
        y: float,
        text: str,
        points: float = 11,
        *,
        colour: Colour = BLACK,
        bold: bool = False,
        anchor: str = "ls",
    ) -> None:
        """Print one line with its anchor (Pillow's letters) at ``x``, ``y`` mm."""
        stroke = max(1, round(points / 72 * self.dpi / 40)) if bold else 0
        place = (self.px(x), self.px(y))
        self.pen.text(place, text, fill=colour, font=self.font(points), anchor=anchor, stroke_width=stroke)

    def paragraph(
        self,
        x: float,
        y: float,
        width: float,
        text: str,
        points: float = 11,
        *,
        leading: float = 1.5,
        indent: float = 0,
    ) -> float:
        """Print justified lines from baseline ``y`` down; returns the baseline after the last line, mm."""
        font = self.font(points)
        space = font.getlength(" ")
        step = points * leading * 25.4 / 72
        line: list[tuple[str, float]] = []
        used, start = 0.0, indent
        for word in text.split():
            length = font.getlength(word)
            # A full line is justified; the last one is not.
            if line and used + space + length > self.px(width - start):
                self._line(x + start, y, width - start, line, points)
                y, line, used, start = y + step, [], 0.0, 0.0
            used += length + (space if line else 0)
            line.append((word, length))
        if line:
            self.write(x + start, y, " ".join(word for word, _ in line), points)
        return y + step

    def _line(self, x: float, y: float, width: float, words: list[tuple[str, float]], points: float) -> None:
        """Print a justified line, ``width`` mm long; ``words`` with their lengths in px."""
        font = self.font(points)
        gap = (self.px(width) - sum(length for _, length in words)) / max(1, len(words) - 1)
        at = float(self.px(x))
        for word, length in words:
            self.pen.text((round(at), self.px(y)), word, fill=BLACK, font=font, anchor="ls")
            at += length + gap

    def rule(self, x1: float, y1: float, x2: float, y2: float, thickness: float = 0.25, colour: Colour = BLACK) -> None:
        """Draw a straight line ``thickness`` mm thick."""
        points = (self.px(x1), self.px(y1), self.px(x2), self.px(y2))
        self.pen.line(points, fill=colour, width=max(1, self.px(thickness)))

    def frame(
        self,
        x1: float,
        y1: float,
        x2: float,
        y2: float,
        thickness: float = 0.25,
        *,
        colour: Colour = BLACK,
        fill: Colour | None = None,
    ) -> None:
        """Draw a rectangle with an outline ``thickness`` mm thick."""
        box = (self.px(x1), self.px(y1), self.px(x2), self.px(y2))
        self.pen.rectangle(box, outline=colour, fill=fill, width=max(1, self.px(thickness)))

    def ink(self, mask: Mask, x: float, y: float, colour: Colour) -> None:
        """Add transparent ink to the page: 255 in ``mask`` is full ``colour``; its upper left corner is at ``x``, ``y`` mm."""
        left, top = self.px(x), self.px(y)
        cover = Image.fromarray(mask)
        box = (left, top, left + cover.width, top + cover.height)
        # Multiply instead of paste: print is visible through ink, as on paper.
        layer = Image.composite(Image.new("RGB", cover.size, colour), Image.new("RGB", cover.size, WHITE), cover)
        self.image.paste(ImageChops.multiply(self.image.crop(box), layer), box[:2])
