"""Adds the accented letters of Portuguese to the typeface that is part of Pillow, so that no font must be shipped.

    typeface(40) -> Pillow font at 40 pixels per em, with á, ç, õ, º, –, …

Aileron as contained in Pillow has plain Latin letters only. Accented letters are composed from its outlines and from
polygons.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from io import BytesIO
from typing import Any

from fontTools.pens.transformPen import TransformPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont
from PIL import ImageFont

LETTERS = "áéíóúàâêôãõçüÁÉÍÓÚÀÂÊÔÃÕÇÜ"
_ACUTE, _GRAVE, _CIRCUMFLEX, _TILDE, _DIAERESIS, _CEDILLA = "\u0301\u0300\u0302\u0303\u0308\u0327"

Polygon = tuple[tuple[float, float], ...]

# Outlines in 1/1000 em around x = 0, clockwise; y = 0 is the bottom of the accent. All measures in this module are chosen.
_SHAPES: dict[str, tuple[Polygon, ...]] = {
    _ACUTE: (((-40, 0), (40, 160), (140, 160), (30, 0)),),
    _GRAVE: (((-30, 0), (-140, 160), (-40, 160), (40, 0)),),
    _CIRCUMFLEX: (((-150, 0), (-40, 150), (40, 150), (150, 0), (75, 0), (0, 95), (-75, 0)),),
    _TILDE: (
        (
            (-160, 20),
            (-120, 110),
            (-50, 130),
            (40, 70),
            (90, 70),
            (110, 130),
            (165, 130),
            (130, 25),
            (60, 0),
            (-40, 60),
            (-85, 65),
            (-105, 20),
        ),
    ),
    _DIAERESIS: (((-135, 10), (-135, 110), (-45, 110), (-45, 10)), ((45, 10), (45, 110), (135, 110), (135, 10))),
    _CEDILLA: (
        (
            (-25, 0),
            (35, 0),
            (25, -45),
            (85, -90),
            (70, -165),
            (-20, -205),
            (-95, -190),
            (-80, -150),
            (-15, -160),
            (20, -125),
            (-45, -85),
        ),
    ),
}
_BARS: dict[str, tuple[float, Polygon]] = {
    "–": (560, ((40, 230), (40, 300), (520, 300), (520, 230))),
    "—": (900, ((40, 230), (40, 300), (860, 300), (860, 230))),
    "·": (260, ((85, 220), (85, 315), (175, 315), (175, 220))),
}
_RAISED = {"º": "o", "ª": "a"}


@cache
def typeface(size_px: int) -> ImageFont.FreeTypeFont:
    """The typeface with accents as a Pillow font, ``size_px`` pixels per em."""
    return ImageFont.truetype(BytesIO(program()), size_px)


@cache
def program() -> bytes:
    """The typeface with accents as a TrueType program, bytes."""
    plain = ImageFont.load_default(20)
    assert isinstance(plain, ImageFont.FreeTypeFont)
    font = TTFont(BytesIO(plain.font_bytes))
    em = font["head"].unitsPerEm / 1000
    for letter in LETTERS:
        _accented(font, letter, em)
    for sign, (advance, bar) in _BARS.items():
        _add(font, sign, round(advance * em), [(bar, (em, 0, 0, em, 0, 0))])
    for sign, letter in _RAISED.items():
        _raised(font, sign, letter, em)
    # Without kerning and ligatures a text is as wide as its letters together, as `pdf.typeface` computes it.
    for table in ("GPOS", "GSUB", "GDEF", "FFTM"):
        if table in font:
            del font[table]
    out = BytesIO()
    font.save(out)
    return out.getvalue()


def _accented(font: TTFont, letter: str, em: float) -> None:
    # The canonical decomposition: ã → a, U+0303.
    base, mark = tuple(unicodedata.normalize("NFD", letter))
    name = "dotlessi" if base == "i" else font.getBestCmap()[ord(base)]
    if base == "i":
        _dotless(font, em)
    glyph = font["glyf"][name]
    middle = (glyph.xMin + glyph.xMax) / 2
    # Accents are 0.045 em above the top of the letter itself, higher on an A than on an a.
    foot = 0.0 if mark == _CEDILLA else glyph.yMax + 45 * em
    parts: list[tuple[Any, tuple[float, ...]]] = [(name, (1, 0, 0, 1, 0, 0))]
    parts += [(shape, (em, 0, 0, em, middle, foot)) for shape in _SHAPES[mark]]
    _add(font, letter, font["hmtx"][name][0], parts)


def _dotless(font: TTFont, em: float) -> None:
    """Add an “i” without its dot; its stem has the height of the “x”."""
    glyphs, cmap = font["glyf"], font.getBestCmap()
    stem, height = glyphs[cmap[ord("i")]], glyphs[cmap[ord("x")]].yMax
    shape = (
        (stem.xMin + 8 * em, 0),
        (stem.xMin + 8 * em, height),
        (stem.xMax - 8 * em, height),
        (stem.xMax - 8 * em, 0),
    )
    _add(font, "\u0131", font["hmtx"][cmap[ord("i")]][0], [(shape, (1, 0, 0, 1, 0, 0))], "dotlessi")


def _raised(font: TTFont, sign: str, letter: str, em: float) -> None:
    name = font.getBestCmap()[ord(letter)]
    glyph, advance = font["glyf"][name], font["hmtx"][name][0]
    rule = tuple(
        (x * 0.62, y)
        for x, y in ((glyph.xMin, 300 * em), (glyph.xMin, 345 * em), (glyph.xMax, 345 * em), (glyph.xMax, 300 * em))
    )
    _add(font, sign, round(advance * 0.66), [(name, (0.62, 0, 0, 0.62, 0, 390 * em)), (rule, (1, 0, 0, 1, 0, 0))])


def _add(font: TTFont, sign: str, advance: int, parts: list[tuple[Any, tuple[float, ...]]], name: str = "") -> None:
    """Add a glyph composed of other glyphs (by name) and polygons, each with its affine transformation."""
    name = name or f"uni{ord(sign):04X}"
    pen = TTGlyphPen(None)
    for part, matrix in parts:
        placed = TransformPen(pen, matrix)
        if isinstance(part, str):
            font.getGlyphSet()[part].draw(placed)
        else:
            placed.moveTo(part[0])
            for point in part[1:]:
                placed.lineTo(point)
            placed.closePath()
    if name not in font.getGlyphOrder():
        font.setGlyphOrder([*font.getGlyphOrder(), name])
    font["glyf"][name] = pen.glyph()
    # The left side bearing must equal the outline's xMin: readers shift the glyph by the difference.
    font["glyf"][name].recalcBounds(font["glyf"])
    font["hmtx"][name] = (advance, font["glyf"][name].xMin)
    for table in font["cmap"].tables:
        if table.isUnicode():
            table.cmap[ord(sign)] = name
