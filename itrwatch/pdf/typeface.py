"""Measures and subsets the typeface of the folha number: Aileron, part of Pillow (“No Rights Reserved”).

    stamp_box("Fls. {n}", 11, 999) -> (37.94, 8.25): width and height in pt

The PDF gets a simple TrueType font with WinAnsi codes and only the letters of the format and the digits: 2 KB once per
file, text that can be searched and copied and looks the same everywhere. Numbers drawn as pixels could not be searched
and would have to be coded on every page.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from string import digits

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from PIL import ImageFont

CODEC = "cp1252"
"""Python's name of WinAnsiEncoding; both are equal for all characters of the typeface."""


@dataclass(frozen=True, slots=True)
class Glyph:
    """The measures of a character in 1/1000 of the font size; ``bottom`` is negative below the baseline."""

    advance: float
    bottom: float
    top: float


@dataclass(frozen=True, slots=True)
class Typeface:
    """A typeface: PostScript ``name``, TrueType ``program``, ``glyphs`` by character.

    ``ascent``, ``descent``, ``cap_height`` and ``box`` (left, bottom, right, top) in 1/1000 of the font size.
    """

    name: str
    program: bytes
    glyphs: dict[str, Glyph]
    ascent: int
    descent: int
    cap_height: int
    box: tuple[int, int, int, int]

    def width(self, text: str, size: float) -> float:
        """The width in pt of ``text`` at font size ``size`` (pt); raises `KeyError` for a missing character."""
        return sum(self.glyphs[character].advance for character in text) * size / 1000

    def height(self, text: str, size: float) -> float:
        """The distance from the baseline, or lower ink, to the highest ink of ``text``, pt."""
        bottom, top = self.reach(text, size)
        return top - bottom

    def reach(self, text: str, size: float) -> tuple[float, float]:
        """The lowest and the highest ink of ``text``, pt above the baseline; the lowest is at most 0."""
        glyphs = [self.glyphs[character] for character in text]
        bottom = min((glyph.bottom for glyph in glyphs), default=0.0)
        top = max((glyph.top for glyph in glyphs), default=0.0)
        return min(bottom, 0.0) * size / 1000, top * size / 1000

    def missing(self, text: str) -> str:
        """The characters of ``text`` that the typeface lacks, each once, in order."""
        return "".join(dict.fromkeys(character for character in text if character not in self.glyphs))

    def require(self, form: str) -> None:
        """Raise `ValueError` if the typeface lacks letters of the stamp format ``form``."""
        if missing := self.missing(letters(form)):
            raise ValueError(f"the typeface lacks {missing!r} of the stamp format {form!r}")

    def subset(self, characters: str) -> bytes:
        """A TrueType program with only the glyphs of ``characters``; equal bytes for equal characters.

        Tables that PDF readers do not use are removed (ISO 32000-1, 9.9); the date of the font is kept.
        """
        options = Options()
        options.set(layout_features=[], glyph_names=False, notdef_outline=True, recalc_timestamp=False)
        # FFTM has the creation date of the font; the others are for typesetting.
        options.drop_tables += ["FFTM", "GDEF", "GPOS", "GSUB", "OS/2", "gasp", "name", "post"]
        subsetter = Subsetter(options)
        subsetter.populate(text=characters)
        out = BytesIO()
        with TTFont(BytesIO(self.program), recalcTimestamp=False) as font:
            subsetter.subset(font)
            font.save(out)
        return out.getvalue()


@cache
def typeface() -> Typeface:
    """Aileron Regular from Pillow; read once per process.

    Raises `TypeError` if Pillow was built without FreeType and has no TrueType font; its wheels have one.
    """
    regular = ImageFont.load_default(10)
    if not isinstance(regular, ImageFont.FreeTypeFont):
        raise TypeError("Pillow without FreeType has no typeface for the folha number")
    return read_typeface(regular.font_bytes)


def read_typeface(program: bytes) -> Typeface:
    """The typeface of a TrueType ``program``, with only the characters of WinAnsi."""
    with TTFont(BytesIO(program)) as font:
        return _read(font, program)


def _read(font: TTFont, program: bytes) -> Typeface:
    scale = 1000 / font["head"].unitsPerEm
    outlines, advances = font["glyf"], font["hmtx"]
    glyphs = {}
    for code, glyph in font.getBestCmap().items():
        if _in_winansi(chr(code)):
            outline = outlines[glyph]
            # A space has no contours, and no extent then.
            low, high = (outline.yMin, outline.yMax) if outline.numberOfContours else (0, 0)
            glyphs[chr(code)] = Glyph(advances[glyph][0] * scale, low * scale, high * scale)
    head, hhea = font["head"], font["hhea"]
    return Typeface(
        name=font["name"].getDebugName(6),
        program=program,
        glyphs=glyphs,
        ascent=round(hhea.ascent * scale),
        descent=round(hhea.descent * scale),
        cap_height=round(font["OS/2"].sCapHeight * scale),
        box=(round(head.xMin * scale), round(head.yMin * scale), round(head.xMax * scale), round(head.yMax * scale)),
    )


def _in_winansi(character: str) -> bool:
    try:
        return len(character.encode(CODEC)) == 1
    except UnicodeEncodeError:
        return False


def letters(form: str) -> str:
    """The characters that stamps of the format ``form`` ("Fls. {n}") can have, sorted."""
    return "".join(sorted(set(form.format(n=0)) | set(digits)))


def stamp_box(form: str, size: float, highest: int) -> tuple[float, float]:
    """Width and height in pt of the box for the stamps of all folhas from 1 to ``highest``.

    ``form``: the format as in the configuration; ``size``: the font size in pt. The height is that of the ink, the same
    for all folhas, so that equal boxes have equal baselines. Rounded up to 1/100 pt. Raises `ValueError` for letters
    that the typeface lacks.
    """
    face = typeface()
    face.require(form)
    # Use the widest digit for all digits, so that 111 and 888 have the same box.
    widest = max(digits, key=lambda digit: face.glyphs[digit].advance)
    text = "".join(widest if character in digits else character for character in form.format(n=highest))
    return _rounded_up(face.width(text, size)), _rounded_up(face.height(letters(form), size))


def _rounded_up(length: float) -> float:
    # Round first: 12.340000000001 from a sum of floats must not become 12.35.
    return math.ceil(round(length * 100, 6)) / 100
